-- An agreement stands as it was made; it is signed only when both sides signed the same bytes.
CREATE OR REPLACE FUNCTION agreement_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF to_jsonb(new) - 'state' - 'signed_at' IS DISTINCT FROM to_jsonb(old) - 'state' - 'signed_at'
  THEN
    RAISE EXCEPTION 'an agreement does not change once it is made'
      USING ERRCODE = 'check_violation';
  END IF;
  IF new.state = 'signed' AND (
    SELECT count(*) FROM contracts_signature s
     WHERE s.authority_id = new.authority_id AND s.agreement_id = new.id AND s.sha256 = new.sha256
  ) < 2 THEN
    RAISE EXCEPTION 'both sides sign before an agreement is signed'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS agreement_stands ON contracts_agreement;
CREATE TRIGGER agreement_stands BEFORE UPDATE ON contracts_agreement
  FOR EACH ROW EXECUTE FUNCTION agreement_stands();

-- A signature is of the agreement's own side, person and bytes.
CREATE OR REPLACE FUNCTION signature_fits() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM contracts_agreement a
     WHERE a.authority_id = new.authority_id AND a.id = new.agreement_id
       AND a.provider_id = new.provider_id AND a.sha256 = new.sha256 AND a.state <> 'signed'
  ) THEN
    RAISE EXCEPTION 'the signature does not fit the agreement' USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS signature_fits ON contracts_signature;
CREATE TRIGGER signature_fits BEFORE INSERT ON contracts_signature
  FOR EACH ROW EXECUTE FUNCTION signature_fits();
