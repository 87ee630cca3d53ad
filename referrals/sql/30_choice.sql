-- A parent's choice and the closing of its window wait for each other. The parent may not change
-- the offer, so that the lock is taken here.
CREATE OR REPLACE FUNCTION lock_choice_offer(oid uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$
BEGIN
  PERFORM 1 FROM referrals_choiceoffer
    WHERE id = oid AND id = nullif(current_setting('app.choice_id', true), '')::uuid
      AND authority_id = nullif(current_setting('app.authority_id', true), '')::bigint
    FOR UPDATE;
END $f$;
REVOKE EXECUTE ON FUNCTION lock_choice_offer(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_choice_offer(uuid) TO dps_parent;
