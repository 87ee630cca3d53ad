-- Sealed bids: in time, append-only, read by nobody but their provider until two people open them.
CREATE OR REPLACE FUNCTION sealed_bid_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE asked referrals_referral; last_revision int;
BEGIN
  -- The opener takes the same row for update: either waits for the other.
  SELECT * INTO asked FROM referrals_referral
    WHERE id = new.referral_id AND authority_id = new.authority_id FOR SHARE;
  new.recorded_at := dps_now();
  IF asked.state IS DISTINCT FROM 'open' OR asked.opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'bidding is not open' USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_bid_referral_open';
  END IF;
  IF new.received_at >= asked.bids_close_at
     OR new.recorded_at >= asked.bids_close_at + interval '60 seconds' THEN
    RAISE EXCEPTION 'the deadline has passed' USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_bid_in_time';
  END IF;
  IF new.received_at > new.recorded_at + interval '1 second'
     OR new.received_at < new.recorded_at - interval '60 seconds' THEN
    RAISE EXCEPTION 'the time of receipt is not credible' USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_bid_receipt_credible';
  END IF;
  PERFORM 1 FROM providers_establishment WHERE id = new.establishment_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM qualification_suspension s
      WHERE s.establishment_id = new.establishment_id AND s.lifted_at IS NULL) THEN
    RAISE EXCEPTION 'the establishment is suspended' USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_bid_not_suspended';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM referrals_invitation i WHERE i.id = new.invitation_id
      AND i.authority_id = new.authority_id AND i.referral_id = new.referral_id
      AND i.establishment_id = new.establishment_id AND i.provider_id = new.provider_id) THEN
    RAISE EXCEPTION 'this is not the invitation of that establishment' USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_bid_own_invitation';
  END IF;
  SELECT coalesce(max(revision), 0) INTO last_revision FROM referrals_sealedbid
    WHERE authority_id = new.authority_id AND invitation_id = new.invitation_id;
  IF new.revision <> last_revision + 1 THEN
    RAISE EXCEPTION 'somebody submitted at the same time' USING ERRCODE = 'unique_violation', CONSTRAINT = 'sealed_revision_once';
  END IF;
  RETURN new;
END $f$;

CREATE OR REPLACE FUNCTION sealed_bid_refuse() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION 'a sealed bid is never changed';
END $f$;

DROP TRIGGER IF EXISTS sealed_bid_in_time ON referrals_sealedbid;
CREATE TRIGGER sealed_bid_in_time BEFORE INSERT ON referrals_sealedbid
  FOR EACH ROW EXECUTE FUNCTION sealed_bid_check();
DROP TRIGGER IF EXISTS sealed_bid_append_only ON referrals_sealedbid;
CREATE TRIGGER sealed_bid_append_only BEFORE UPDATE OR DELETE ON referrals_sealedbid
  FOR EACH ROW EXECUTE FUNCTION sealed_bid_refuse();
DROP TRIGGER IF EXISTS sealed_bid_no_truncate ON referrals_sealedbid;
CREATE TRIGGER sealed_bid_no_truncate BEFORE TRUNCATE ON referrals_sealedbid
  FOR EACH STATEMENT EXECUTE FUNCTION sealed_bid_refuse();

-- A deadline, once passed, stays; the opening is never taken back nor dated back.
CREATE OR REPLACE FUNCTION referral_keep_time() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF old.issued_at IS NOT NULL AND new.bids_close_at IS DISTINCT FROM old.bids_close_at
     AND (new.bids_close_at < old.bids_close_at OR old.bids_close_at <= dps_now()) THEN
    RAISE EXCEPTION 'a deadline moves only later, and only before it has passed';
  END IF;
  IF old.opened_at IS NOT NULL AND new.opened_at IS DISTINCT FROM old.opened_at THEN
    RAISE EXCEPTION 'an opening is never taken back';
  END IF;
  IF new.opened_at IS NOT NULL AND old.opened_at IS NULL
     AND (new.bids_close_at + interval '60 seconds' > dps_now()
          OR new.opened_at > dps_now() + interval '1 second') THEN
    RAISE EXCEPTION 'bids are not opened before the deadline';
  END IF;
  RETURN new;
END $f$;
DROP TRIGGER IF EXISTS referral_keeps_time ON referrals_referral;
CREATE TRIGGER referral_keeps_time BEFORE UPDATE ON referrals_referral
  FOR EACH ROW EXECUTE FUNCTION referral_keep_time();

-- The one way to the contents: after the deadline, two approvals, once. Returns how many were opened.
CREATE OR REPLACE FUNCTION open_sealed_bids(aid bigint, rid uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE asked referrals_referral; approvers int; opened int;
BEGIN
  IF current_setting('role') <> 'dps_authority'
     OR nullif(current_setting('app.authority_id', true), '')::bigint IS DISTINCT FROM aid THEN
    RAISE EXCEPTION 'only the authority itself opens its bids' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO STRICT asked FROM referrals_referral
    WHERE id = rid AND authority_id = aid FOR UPDATE;
  IF asked.state <> 'open' OR asked.opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'the bids are open already' USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_once';
  END IF;
  IF dps_now() < asked.bids_close_at + interval '60 seconds' THEN
    RAISE EXCEPTION 'bidding is still open' USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_after_deadline';
  END IF;
  SELECT count(DISTINCT person_id) INTO approvers FROM referrals_openingapproval
    WHERE authority_id = aid AND referral_id = rid
      AND approved_at > dps_now() - interval '30 minutes';
  IF approvers < 2 THEN
    RAISE EXCEPTION 'two people open the bids' USING ERRCODE = 'check_violation', CONSTRAINT = 'opening_by_two';
  END IF;
  WITH last AS (
    SELECT DISTINCT ON (invitation_id) * FROM referrals_sealedbid
     WHERE authority_id = aid AND referral_id = rid ORDER BY invitation_id, revision DESC
  ), standing AS (
    -- The order of the labels says nothing: it follows the salted digest.
    SELECT *, row_number() OVER (ORDER BY digest) AS place FROM last WHERE NOT is_withdrawal
  )
  INSERT INTO referrals_bid (id, authority_id, referral_id, invitation_id, establishment_id,
      provider_id, sealed_bid_id, label, content, received_at, set_aside_reason,
      missing_features, scores)
  SELECT gen_random_uuid(), aid, rid, invitation_id, establishment_id, provider_id, id,
      'Bid ' || CASE WHEN place <= 26 THEN chr(64 + place::int) ELSE place::text END,
      content::jsonb, received_at, '', '{}', '{}'::jsonb FROM standing;
  GET DIAGNOSTICS opened = ROW_COUNT;
  INSERT INTO referrals_gradingpaper (id, authority_id, referral_id, bid_id, label, statement)
  SELECT gen_random_uuid(), aid, rid, id, label, coalesce(content->>'statement', '')
    FROM referrals_bid WHERE authority_id = aid AND referral_id = rid;
  UPDATE referrals_referral SET state = 'grading', opened_at = dps_now()
    WHERE id = rid AND authority_id = aid;
  RETURN opened;
END $f$;
REVOKE EXECUTE ON FUNCTION open_sealed_bids(bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_sealed_bids(bigint, uuid) TO dps_authority;

-- A parent's link is found by its hash alone; nothing but its offer is returned.
CREATE OR REPLACE FUNCTION find_parent_link(hash text)
RETURNS TABLE (authority_id bigint, offer_id uuid, expires_at timestamptz, is_revoked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT l.authority_id, l.offer_id, l.expires_at, l.revoked_at IS NOT NULL
    FROM referrals_parentlink l WHERE l.token_hash = hash
$f$;
REVOKE EXECUTE ON FUNCTION find_parent_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_parent_link(text) TO dps_public;
