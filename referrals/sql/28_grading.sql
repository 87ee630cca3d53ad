-- Whether the grades of a referral may be seen by all who graded it.
CREATE OR REPLACE FUNCTION grades_are_in(aid bigint, rid uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM referrals_referral
    WHERE id = rid AND authority_id = aid AND grades_in_at IS NOT NULL)
$f$;
REVOKE EXECUTE ON FUNCTION grades_are_in(bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grades_are_in(bigint, uuid) TO dps_authority;
