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

-- How many grades of a joining's statements a person has still to hand in; not which grades.
CREATE OR REPLACE FUNCTION grades_missing(jid uuid, pid uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
  SELECT count(DISTINCT t.answer_id)
  FROM qualification_sentanswer t
  JOIN qualification_application p ON p.id = t.application_id AND p.state = 'evaluation'
    AND p.joining_id = jid
  JOIN qualification_answer a ON a.id = t.answer_id
  JOIN qualification_question q ON q.id = a.question_id AND q.kind = 'statement'
    AND q.graded_by = 'evaluators'
  WHERE NOT EXISTS (SELECT 1 FROM qualification_agreedgrade g WHERE g.answer_id = t.answer_id)
    AND NOT EXISTS (SELECT 1 FROM qualification_grade g WHERE g.answer_id = t.answer_id
      AND g.graded_by_id = pid AND g.handed_in_at IS NOT NULL)
$f$;
REVOKE EXECUTE ON FUNCTION grades_missing(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grades_missing(uuid, uuid) TO dps_central, dps_system;
