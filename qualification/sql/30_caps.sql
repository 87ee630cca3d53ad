-- Core costs are the provider's and the central team's. A council learns who is above a cap: of a
-- sum that it tries out whether, of its own cap in force also by how much, because both sides see
-- why (Q7, docs/adr). Pence a year, as qualification.core_costs adds them up.
CREATE OR REPLACE FUNCTION listed_core_costs(cid uuid)
RETURNS TABLE (establishment_id uuid, year_pence bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  -- Each residential schedule that is filled with the common lines, in its own weeks; the dearest.
  SELECT w.establishment_id, max(w.year_pence) FROM (
    SELECT q.establishment_id, coalesce(s.stay, '') AS stay,
        sum(l.amount_pence * CASE l.basis WHEN 'year' THEN 1 WHEN 'month' THEN 12
            ELSE CASE s.stay WHEN 'terms' THEN 38 WHEN 'all_year' THEN 52
              ELSE CASE WHEN c.is_residential THEN 52 ELSE 38 END END END)::bigint AS year_pence
    FROM qualification_qualification q
    JOIN dps_category c ON c.id = q.category_id
    LEFT JOIN LATERAL (
      SELECT DISTINCT h.stay FROM qualification_corecostline f
      JOIN qualification_costhead h ON h.id = f.head_id
      WHERE f.application_id = q.application_id AND h.stay <> '') s ON true
    JOIN qualification_corecostline l ON l.application_id = q.application_id
    JOIN qualification_costhead h ON h.id = l.head_id
      AND (h.stay = '' OR h.stay = s.stay)
    WHERE q.category_id = cid AND q.ended_at IS NULL
    GROUP BY q.establishment_id, s.stay) w
  GROUP BY w.establishment_id
$f$;
REVOKE EXECUTE ON FUNCTION listed_core_costs(uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION core_costs_above(cid uuid, most bigint)
RETURNS TABLE (establishment_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT t.establishment_id FROM listed_core_costs(cid) t WHERE t.year_pence > most
$f$;
REVOKE EXECUTE ON FUNCTION core_costs_above(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_costs_above(uuid, bigint) TO dps_authority;

CREATE OR REPLACE FUNCTION above_own_cap(cid uuid, day date)
RETURNS TABLE (establishment_id uuid, year_pence bigint, cap_pence bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT t.establishment_id, t.year_pence, own.year_pence
  FROM (SELECT p.year_pence FROM qualification_cap p
         WHERE p.category_id = cid AND p.from_date <= day
           AND (p.until_date IS NULL OR p.until_date > day)
           AND p.authority_id = nullif(current_setting('app.authority_id', true), '')::bigint
         ORDER BY p.from_date DESC LIMIT 1) own
  JOIN listed_core_costs(cid) t ON t.year_pence > own.year_pence
$f$;
REVOKE EXECUTE ON FUNCTION above_own_cap(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION above_own_cap(uuid, date) TO dps_authority, dps_system;
