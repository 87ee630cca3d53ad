-- What is published stands: nobody changes a rule set, its parts or its questions after that.
-- Only the day on which its successor takes over is filled in.
CREATE OR REPLACE FUNCTION rule_set_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF new.published_at IS NOT NULL THEN
      RAISE EXCEPTION 'a rule set is published after it was written'
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
  END IF;
  IF old.published_at IS NULL THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END;
  END IF;
  IF TG_OP = 'DELETE' OR to_jsonb(new) - 'until_date' IS DISTINCT FROM to_jsonb(old) - 'until_date'
  THEN
    RAISE EXCEPTION 'a published rule set does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS rule_set_stands ON qualification_ruleset;
CREATE TRIGGER rule_set_stands BEFORE INSERT OR UPDATE OR DELETE ON qualification_ruleset
  FOR EACH ROW EXECUTE FUNCTION rule_set_stands();

CREATE OR REPLACE FUNCTION refuse_if_published(wanted uuid) RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
  -- The lock waits for whoever is publishing at this moment.
  PERFORM 1 FROM qualification_ruleset r WHERE r.id = wanted FOR SHARE;
  IF EXISTS (SELECT 1 FROM qualification_ruleset r
              WHERE r.id = wanted AND r.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a published rule set does not change' USING ERRCODE = 'check_violation';
  END IF;
END $f$;

CREATE OR REPLACE FUNCTION rule_part_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM refuse_if_published(old.rule_set_id); END IF;
  IF TG_OP = 'DELETE' THEN RETURN old; END IF;
  PERFORM refuse_if_published(new.rule_set_id);
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS criterion_stands ON qualification_criterion;
CREATE TRIGGER criterion_stands BEFORE INSERT OR UPDATE OR DELETE ON qualification_criterion
  FOR EACH ROW EXECUTE FUNCTION rule_part_stands();
DROP TRIGGER IF EXISTS cost_head_stands ON qualification_costhead;
CREATE TRIGGER cost_head_stands BEFORE INSERT OR UPDATE OR DELETE ON qualification_costhead
  FOR EACH ROW EXECUTE FUNCTION rule_part_stands();

CREATE OR REPLACE FUNCTION evidence_rule_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM refuse_if_published(c.rule_set_id) FROM qualification_criterion c
      WHERE c.id = old.criterion_id;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN old; END IF;
  PERFORM refuse_if_published(c.rule_set_id) FROM qualification_criterion c
    WHERE c.id = new.criterion_id;
  RETURN new;
END $f$;

DROP TRIGGER IF EXISTS evidence_rule_stands ON qualification_evidencerule;
CREATE TRIGGER evidence_rule_stands BEFORE INSERT OR UPDATE OR DELETE ON qualification_evidencerule
  FOR EACH ROW EXECUTE FUNCTION evidence_rule_stands();

CREATE OR REPLACE FUNCTION question_stands() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF EXISTS (SELECT 1 FROM qualification_criterion c
               JOIN qualification_ruleset r ON r.id = c.rule_set_id
              WHERE c.question_id = old.id AND r.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a published question does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END;
END $f$;

DROP TRIGGER IF EXISTS question_stands ON qualification_question;
CREATE TRIGGER question_stands BEFORE UPDATE OR DELETE ON qualification_question
  FOR EACH ROW EXECUTE FUNCTION question_stands();
