-- The audit trail is append-only, and each authority's events are linked by hash at commit.
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END $f$;

CREATE OR REPLACE FUNCTION audit_hash(previous bytea, seq bigint, body text) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $f$
  SELECT sha256(previous || convert_to(seq::text || ':' || body, 'UTF8'))
$f$;

CREATE OR REPLACE FUNCTION audit_link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE head dps_audithead; next_hash bytea;
BEGIN
  INSERT INTO dps_audithead (authority_id, seq, hash) VALUES (new.authority_id, 0, '\x00')
    ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT head FROM dps_audithead WHERE authority_id = new.authority_id FOR UPDATE;
  next_hash := audit_hash(head.hash, head.seq + 1, new.body);
  INSERT INTO dps_auditlink (id, authority_id, seq, event_id, hash)
    VALUES (gen_random_uuid(), new.authority_id, head.seq + 1, new.id, next_hash);
  UPDATE dps_audithead SET seq = head.seq + 1, hash = next_hash
    WHERE authority_id = new.authority_id;
  RETURN NULL;
END $f$;

DROP TRIGGER IF EXISTS audit_event_append_only ON dps_auditevent;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON dps_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
DROP TRIGGER IF EXISTS audit_event_no_truncate ON dps_auditevent;
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON dps_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
DROP TRIGGER IF EXISTS audit_event_link ON dps_auditevent;
CREATE CONSTRAINT TRIGGER audit_event_link AFTER INSERT ON dps_auditevent
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_event();
REVOKE EXECUTE ON FUNCTION audit_link_event() FROM PUBLIC;
