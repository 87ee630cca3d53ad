"""What is published stands: the database keeps it from every role, with the code set aside."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.tenancy.identity import acting_as
from qualification.models import Question, RuleSet
from qualification.queries.rule_versions import rules_of
from qualification.services import rule_questions, rule_sets
from qualification.services.rule_questions import QuestionWords
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
SOON = NOON.date() + timedelta(days=30)
STATEMENT = QuestionWords("statement", 2, "Learning from mistakes", "What?", word_limit=250)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def draft(oak, manager):
    with acting_as(manager):
        made = rule_sets.draft_rule_set(category_id=oak.region.category.id, actor=manager, now=NOON)
        rule_questions.add_question(rule_set_id=made.pk, words=STATEMENT, actor=manager, now=NOON)
    return made


def published_first(oak):
    with acting_as(BOSS):
        return RuleSet.objects.get(category=oak.region.category, number=1)


SETS = (
    "UPDATE qualification_ruleset SET change = 'other' WHERE published_at IS NOT NULL",
    "UPDATE qualification_ruleset SET published_at = NULL WHERE published_at IS NOT NULL",
    "UPDATE qualification_ruleset SET from_date = '2020-01-01' WHERE published_at IS NOT NULL",
)
CRITERIA = (
    "UPDATE qualification_criterion SET weight = 1 WHERE rule_set_id = {first}",
    "UPDATE qualification_criterion SET rule_set_id = {first} WHERE question_id = {late}",
    (
        "INSERT INTO qualification_criterion (id, rule_set_id, question_id, weight, position)"
        " VALUES (gen_random_uuid(), {first}, {late}, 0, 99)"
    ),
    "DELETE FROM qualification_criterion WHERE rule_set_id = {first}",
)
EVIDENCE = (
    "UPDATE qualification_evidencerule SET least_sum_pence = 1",
    (
        "INSERT INTO qualification_evidencerule (id, criterion_id, kind, is_optional)"
        " SELECT gen_random_uuid(), id, 'references', false FROM qualification_criterion"
        " WHERE rule_set_id = {first}"
    ),
    "DELETE FROM qualification_evidencerule",
)
LINES = (
    "UPDATE qualification_costhead SET title = 'other' WHERE rule_set_id = {first}",
    (
        "INSERT INTO qualification_costhead"
        " (id, rule_set_id, code, title, guidance, schedule, is_optional, position)"
        " VALUES (gen_random_uuid(), {first}, 'x', 'x', '', '', false, 1)"
    ),
    "DELETE FROM qualification_costhead WHERE rule_set_id = {first}",
)
QUESTIONS = (
    "UPDATE qualification_question SET text = 'other' WHERE code = 'workforce'",
    "DELETE FROM qualification_question WHERE code = 'workforce'",
)


@pytest.fixture
def kept(oak, draft, manager):
    """Each of these is refused to those who write rules, and has no grant for anybody else."""
    with acting_as(manager):
        before = rules_of(published_first(oak).pk)
        late = Question.objects.get(code="learning_from_mistakes")
    keys = {"first": f"'{published_first(oak).pk}'::uuid", "late": f"'{late.pk}'::uuid"}
    commissioner = make_person(Role.COMMISSIONER, authority=oak.region.east)

    def check(statements):
        for statement in statements:
            for actor in (BOSS, manager):
                refused(actor, statement.format(**keys), "does not change")
            for actor in (oak.head, commissioner, public()):
                refused(actor, statement.format(**keys), "permission denied")
        with acting_as(BOSS):
            assert rules_of(published_first(oak).pk) == before

    return check


def refused(actor, statement, words):
    with pytest.raises(DatabaseError, match=words), acting_as(actor), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.off_switch("published-rules-stand")
def test_a_published_version_stands(kept):
    kept(SETS)


@pytest.mark.off_switch("published-criteria-stand")
def test_what_a_published_version_asks_stands(kept):
    kept(CRITERIA)


@pytest.mark.off_switch("published-evidence-stands")
def test_the_evidence_that_a_published_version_wants_stands(kept):
    kept(EVIDENCE)


@pytest.mark.off_switch("published-cost-lines-stand")
def test_a_published_cost_schedule_stands(kept):
    kept(LINES)


@pytest.mark.off_switch("published-questions-stand")
def test_a_published_question_stands(kept):
    kept(QUESTIONS)


def test_a_published_version_is_not_deleted(oak, draft):
    delete = "DELETE FROM qualification_ruleset WHERE published_at IS NOT NULL"
    refused(BOSS, delete, "does not change")


def test_nothing_is_published_in_the_moment_it_is_made(oak):
    with pytest.raises(DatabaseError, match="published after it was written"), acting_as(BOSS):
        RuleSet.objects.create(
            category=oak.region.category,
            number=9,
            from_date=SOON,
            made_at=NOON,
            published_at=NOON,
        )
