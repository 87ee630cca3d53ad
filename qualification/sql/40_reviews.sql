-- What was proposed stands, a reply stands, a decision stands: each part of a review is written once.
CREATE OR REPLACE FUNCTION score_review_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  reply text[] := ARRAY['reply', 'replied_by_id', 'replied_at'];
  decision text[] := ARRAY['outcome', 'decision', 'decided_grades', 'decided_score',
                           'decided_by_id', 'decided_at'];
  was jsonb := to_jsonb(old);
  becomes jsonb := to_jsonb(new);
BEGIN
  IF old.decided_at IS NOT NULL OR was - reply - decision IS DISTINCT FROM
     becomes - reply - decision THEN
    RAISE EXCEPTION 'a review does not change after it was written'
      USING ERRCODE = 'check_violation';
  END IF;
  IF old.replied_at IS NOT NULL AND was - decision IS DISTINCT FROM becomes - decision THEN
    RAISE EXCEPTION 'a reply does not change after it was sent' USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS score_review_stands ON qualification_scorereview;
CREATE TRIGGER score_review_stands BEFORE UPDATE ON qualification_scorereview
  FOR EACH ROW EXECUTE FUNCTION score_review_stands();
