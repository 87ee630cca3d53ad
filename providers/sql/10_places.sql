-- A provider changes two figures of its own establishments and nothing else of the directory, which
-- it may not write. The central team and the system may say them for any.
CREATE OR REPLACE FUNCTION say_places(asked uuid, places_now int, vacancies_now int, said timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $f$
BEGIN
  UPDATE providers_establishment
    SET places = places_now, vacancies = vacancies_now, places_said_at = said
    WHERE id = asked AND (
      current_setting('role') IN ('dps_central', 'dps_system')
      OR current_setting('role') = 'dps_provider'
        AND provider_id = nullif(current_setting('app.provider_id', true), '')::uuid);
  RETURN FOUND;
END $f$;
REVOKE EXECUTE ON FUNCTION say_places(uuid, int, int, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION say_places(uuid, int, int, timestamptz)
  TO dps_provider, dps_central, dps_system;
