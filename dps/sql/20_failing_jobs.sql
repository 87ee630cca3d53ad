-- Who looks after the service sees which jobs keep failing, in every chain: of what kind, how many and
-- since when. Neither their keys nor their ids, which name what they are about; nothing under seal.
CREATE OR REPLACE FUNCTION failing_jobs()
RETURNS TABLE (authority text, job text, how_many bigint, since timestamptz, given_up bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT council.name, owed.job, count(*), min(owed.due_at), count(owed.dead_at)
    FROM dps_owedjob owed JOIN dps_authority council ON council.id = owed.authority_id
   WHERE owed.done_at IS NULL AND owed.attempts >= 4 AND owed.sealed_referral_id IS NULL
   GROUP BY council.name, owed.job ORDER BY min(owed.due_at), council.name, owed.job
$f$;
REVOKE EXECUTE ON FUNCTION failing_jobs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION failing_jobs() TO dps_central;
