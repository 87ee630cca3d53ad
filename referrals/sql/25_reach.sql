-- R5: an establishment that qualifies while a referral is open is invited by the system, which has no
-- policy on a child's identity. It gets the encrypted grid point of an open referral, and nothing else.
CREATE OR REPLACE FUNCTION home_of_open_referral(aid bigint, rid uuid)
RETURNS TABLE (identity_id uuid, key_id uuid, point bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT c.id, c.key_id, c.point FROM referrals_childidentity c
    JOIN referrals_referral r ON r.id = c.referral_id AND r.authority_id = c.authority_id
   WHERE c.authority_id = aid AND c.referral_id = rid AND r.state = 'open'
     AND aid = nullif(current_setting('app.authority_id', true), '')::bigint
$f$;
REVOKE EXECUTE ON FUNCTION home_of_open_referral(bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION home_of_open_referral(bigint, uuid) TO dps_system;
