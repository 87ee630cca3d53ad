-- Whether the grades of a statement may be seen side by side: everybody who was asked to grade it,
-- and was not released, has handed in; or the grade that counts has been agreed.
CREATE OR REPLACE FUNCTION statement_grades_are_in(aid uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT EXISTS (SELECT 1 FROM qualification_agreedgrade g WHERE g.answer_id = aid)
    OR coalesce((SELECT count(*) >= 2 AND bool_and(g.id IS NOT NULL)
      FROM qualification_answer a
      JOIN qualification_evaluator v ON v.joining_id = a.joining_id AND v.released_at IS NULL
      LEFT JOIN qualification_grade g ON g.answer_id = a.id AND g.graded_by_id = v.person_id
        AND g.handed_in_at IS NOT NULL
      WHERE a.id = aid), false)
$f$;
REVOKE EXECUTE ON FUNCTION statement_grades_are_in(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statement_grades_are_in(uuid) TO dps_authority, dps_central, dps_system;
