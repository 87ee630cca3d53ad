"""Versions of a category's rules: drafted, changed, published, frozen, and told of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Message
from dps.outbox import relay
from dps.refusals import NotPermitted
from dps.regimes import ForbiddenByRegime
from dps.tenancy.identity import acting_as
from qualification.models import Criterion, Question, RuleSet
from qualification.queries.rule_versions import rules_of
from qualification.queries.rules import rule_set_on
from qualification.rule_changes import NotReadyToPublish, differences
from qualification.services import rule_questions, rule_sets
from qualification.services.rule_questions import CostLineWords, QuestionWords, WantedEvidence
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)
TODAY = NOON.date()
SOON = TODAY + timedelta(days=30)
STATEMENT = QuestionWords(
    kind="statement",
    stage=2,
    title="Learning from mistakes",
    text="What did you change after something went wrong?",
    word_limit=250,
)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def draft(oak, manager):
    with acting_as(manager):
        return rule_sets.draft_rule_set(category_id=oak.region.category.id, actor=manager, now=NOON)


def criterion(rules, code):
    return Criterion.objects.select_related("question").get(rule_set=rules, question__code=code)


def words_of(asked, **changes):
    return replace(rule_questions._words_of(asked.question), **changes)


def change(manager, rules, code, **changes):
    with acting_as(manager):
        asked = criterion(rules, code)
        return rule_questions.change_question(
            criterion_id=asked.pk, words=words_of(asked, **changes), actor=manager, now=NOON
        )


def publish(manager, rules, *, day=SOON, words="The question about staff is clearer."):
    with acting_as(manager):
        return rule_sets.publish_rule_set(
            rule_set_id=rules.pk, from_date=day, change=words, actor=manager, now=NOON
        )


def published_first(oak):
    with acting_as(BOSS):
        return RuleSet.objects.get(category=oak.region.category, number=1)


def test_a_draft_begins_with_all_that_the_latest_version_asks(oak, draft, manager):
    with acting_as(manager):
        first = rules_of(published_first(oak).pk)
        copy = rules_of(draft.pk)
        with pytest.raises(rule_sets.DraftExists):
            rule_sets.draft_rule_set(category_id=draft.category_id, actor=manager, now=NOON)

    assert (draft.number, draft.is_published) == (2, False)
    assert differences(first, copy) == ()
    assert copy == first
    assert verbs()[-1] == "category.rules_drafted"


def test_a_changed_question_becomes_its_next_version(oak, draft, manager):
    changed = change(manager, draft, "workforce", text="How do you keep good people?")
    again = change(manager, draft, "workforce", word_limit=350)
    with acting_as(manager):
        before = criterion(published_first(oak), "workforce").question

    assert (before.version, before.text.startswith("How do you recruit")) == (1, True)
    assert (changed.question.version, again.question.version) == (2, 2)
    assert changed.question_id == again.question_id
    assert (again.question.text, again.question.word_limit) == (
        "How do you keep good people?",
        350,
    )


def test_what_was_not_changed_makes_no_version(draft, manager):
    change(manager, draft, "workforce")

    with acting_as(manager):
        assert Question.objects.filter(code="workforce").count() == 1
    assert verbs()[-1] == "category.rules_drafted"


def test_publishing_freezes_takes_over_and_tells(oak, draft, manager):
    oak.start()
    change(manager, draft, "workforce", text="How do you keep good people?")
    published = publish(manager, draft)
    category = oak.region.category.id
    with acting_as(BOSS):
        now, then = rule_set_on(category, SOON - timedelta(days=1)), rule_set_on(category, SOON)
        for _ in ("tell", "deliver"):
            for job_id in relay.lease(REGION_ID, now=NOON):
                relay.run(REGION_ID, job_id, now=NOON)
        told = Message.objects.filter(template="qualification/rules_published")
        subjects = list(told.order_by("id").values_list("subject", "to_person_id"))

    assert (now.number, then.number, then.published_at) == (1, 2, NOON)
    assert published.published_by_id == manager.person_id
    assert {person for _, person in subjects} == {oak.head.person_id, oak.writer.person_id}
    assert {subject for subject, _ in subjects} == {
        "What we ask for SEN day changes on 2 December 2026"
    }


def test_an_application_keeps_the_version_it_was_started_under(oak, draft, manager):
    before = oak.start()
    change(manager, draft, "workforce", text="How do you keep good people?")
    publish(manager, draft, day=TODAY)
    elsewhere = oak.another_establishment("Oak Annexe")
    after = oak.start(establishment=elsewhere.id)

    assert (before.rule_set.number, after.rule_set.number) == (1, 2)


@pytest.mark.parametrize(
    ("day", "words", "refusal"),
    [
        (TODAY - timedelta(days=1), "New.", rule_sets.RulesStartTooEarly),
        (SOON, "  ", rule_sets.ChangeNotSaid),
    ],
)
def test_what_cannot_be_published_changes_nothing(draft, manager, day, words, refusal):
    with pytest.raises(refusal):
        publish(manager, draft, day=day, words=words)

    draft.refresh_from_db()
    assert (draft.is_published, verbs()[-1]) == (False, "category.rules_drafted")


def test_a_version_starts_after_the_one_before_it(draft, manager, oak):
    change(manager, draft, "workforce", text="How do you keep good people?")
    publish(manager, draft)
    with acting_as(manager):
        third = rule_sets.draft_rule_set(category_id=draft.category_id, actor=manager, now=NOON)
    change(manager, third, "workforce", text="How do you keep the best people?")
    with pytest.raises(rule_sets.RulesStartTooEarly):
        publish(manager, third, day=SOON)
    publish(manager, third, day=SOON + timedelta(days=1))

    with acting_as(BOSS):
        spans = list(RuleSet.objects.order_by("number").values_list("from_date", "until_date"))
    assert spans == [
        (date(2026, 1, 1), SOON),
        (SOON, SOON + timedelta(days=1)),
        (SOON + timedelta(days=1), None),
    ]


def test_a_changed_condition_is_forbidden_with_the_reason(draft, manager):
    change(manager, draft, "data_protection", text="Are you perfect?")

    with pytest.raises(ForbiddenByRegime) as refused:
        publish(manager, draft)
    assert str(refused.value) == (
        "New providers join on the conditions first published; others need a new market. This"
        " version changes them: “Data protection” asks something else."
    )
    draft.refresh_from_db()
    assert not draft.is_published


def test_another_sum_insured_is_a_changed_condition(draft, manager):
    with acting_as(manager):
        rule_questions.want_evidence(
            criterion_id=criterion(draft, "insurances").pk,
            wanted=[WantedEvidence("public_liability", 5_000_000_00)],
            actor=manager,
            now=NOON,
        )
    with pytest.raises(ForbiddenByRegime, match="“Insurances” wants other evidence"):
        publish(manager, draft)


def test_weights_are_set_together_and_add_up(draft, manager):
    with acting_as(manager):
        ids = {
            each.code: each.pk
            for each in Criterion.objects.filter(
                rule_set=draft, question__kind="statement"
            ).select_related("question")
        }
        weights = dict(zip(ids.values(), (33_34, 33_33, 33_32, 1), strict=True))
        rule_questions.set_weights(rule_set_id=draft.pk, weights=weights, actor=manager, now=NOON)
        short = weights | {ids["young_people"]: 0}
        for wrong in (short, {}, weights | {draft.pk: 0}, weights | {ids["outcomes"]: -1}):
            with pytest.raises(rule_questions.WeightsDoNotAddUp):
                rule_questions.set_weights(
                    rule_set_id=draft.pk, weights=wrong, actor=manager, now=NOON
                )
        kept = dict(Criterion.objects.filter(pk__in=weights).values_list("pk", "weight"))

    assert kept == weights


def test_an_added_statement_has_to_be_weighed_before_it_is_published(draft, manager):
    with acting_as(manager):
        added = rule_questions.add_question(
            rule_set_id=draft.pk, words=STATEMENT, actor=manager, now=NOON
        )
        with pytest.raises(rule_questions.QuestionAskedAlready):
            rule_questions.add_question(
                rule_set_id=draft.pk, words=STATEMENT, actor=manager, now=NOON
            )
    assert (added.code, added.weight, added.position) == ("learning_from_mistakes", 0, 14)
    with pytest.raises(NotReadyToPublish, match="“Learning from mistakes” has no weight"):
        publish(manager, draft)

    with acting_as(manager):
        rule_questions.drop_question(criterion_id=added.pk, actor=manager, now=NOON)
    change(manager, draft, "workforce", text="How do you keep good people?")
    publish(manager, draft)


def test_a_version_that_changes_nothing_is_not_published(draft, manager):
    with pytest.raises(NotReadyToPublish) as refused:
        publish(manager, draft)

    assert str(refused.value) == (
        "It asks exactly what the version before it asks. Something has to differ before it can"
        " be published."
    )
    draft.refresh_from_db()
    assert not draft.is_published


def test_questions_change_places(draft, manager):
    def order():
        return list(
            Criterion.objects.filter(rule_set=draft).values_list("question__code", flat=True)
        )[:3]

    with acting_as(manager):
        first = criterion(draft, "exclusions").pk
        for up, expected in (
            (True, ["exclusions", "registration", "inspection"]),
            (False, ["registration", "exclusions", "inspection"]),
            (False, ["registration", "inspection", "exclusions"]),
            (True, ["registration", "exclusions", "inspection"]),
        ):
            rule_questions.move_question(criterion_id=first, up=up, actor=manager, now=NOON)
            assert order() == expected


@pytest.mark.parametrize(
    "wanted",
    [
        [WantedEvidence("a_letter")],
        [WantedEvidence("accounts"), WantedEvidence("accounts", is_optional=True)],
        [WantedEvidence("accounts", 5_00)],
        [WantedEvidence("public_liability", -1)],
        [WantedEvidence("public_liability", 10**15)],
    ],
)
def test_evidence_that_cannot_be_is_refused(draft, manager, wanted):
    with acting_as(manager):
        asked = criterion(draft, "insurances")
        before = asked.evidence.count()
        with pytest.raises(rule_questions.WrongEvidence):
            rule_questions.want_evidence(
                criterion_id=asked.pk, wanted=wanted, actor=manager, now=NOON
            )
        assert asked.evidence.count() == before > 0


def test_a_residential_line_names_its_schedule_and_may_stay_empty(oak, draft, manager):
    def save(**said):
        words = CostLineWords("Weekends", **said)
        return rule_questions.save_cost_line(
            rule_set_id=draft.pk, words=words, actor=manager, now=NOON
        )

    with acting_as(manager):
        with pytest.raises(rule_questions.StayOfNoResidence):
            save(stay="terms", schedule="Weekly and termly")
        oak.region.category.is_residential = True
    with acting_as(BOSS):
        oak.region.category.save(update_fields=["is_residential"])
    with acting_as(manager):
        with pytest.raises(rule_questions.StayNeedsAHeading):
            save(stay="terms")
        line = save(stay="terms", schedule="Weekly and termly")
        changed = differences(rules_of(published_first(oak).pk), rules_of(draft.pk))

    assert (line.stay, line.is_optional) == ("terms", True)
    assert [(each.of, each.after) for each in changed] == [("Weekends", "Asked")]


def test_cost_lines_are_added_changed_and_taken_out(draft, manager):
    with acting_as(manager):
        who = {"actor": manager, "now": NOON}
        before = len(rules_of(draft.pk).heads)
        words = CostLineWords("Music lessons", schedule="Extras", is_optional=True)
        line = rule_questions.save_cost_line(rule_set_id=draft.pk, words=words, **who)
        with pytest.raises(rule_questions.QuestionAskedAlready):
            rule_questions.save_cost_line(rule_set_id=draft.pk, words=words, **who)
        rule_questions.save_cost_line(
            rule_set_id=draft.pk, head_id=line.pk, words=CostLineWords("Music"), **who
        )
        *_, last = rules_of(draft.pk).heads
        rule_questions.drop_cost_line(head_id=line.pk, **who)

        assert len(rules_of(draft.pk).heads) == before
    assert (last.code, last.title, last.schedule) == ("music_lessons", "Music", "")


def test_a_draft_can_be_thrown_away_and_a_published_version_cannot(oak, draft, manager):
    with acting_as(manager):
        with pytest.raises(rule_sets.NotADraftOfRules):
            rule_sets.discard_draft(rule_set_id=published_first(oak).pk, actor=manager, now=NOON)
        rule_sets.discard_draft(rule_set_id=draft.pk, actor=manager, now=NOON)
        assert not RuleSet.objects.filter(pk=draft.pk).exists()
    assert verbs()[-1] == "category.rules_discarded"


@pytest.mark.parametrize(
    "role", [Role.SENIOR_CONTRACTS_OFFICER, Role.CONTRACTS_OFFICER, Role.DATA_ANALYST]
)
def test_only_the_dps_manager_writes_rules(oak, draft, role):
    officer = make_person(role, authority=oak.region.west)
    who = {"actor": officer, "now": NOON}
    with acting_as(officer):
        asked = {"criterion_id": criterion(draft, "workforce").pk} | who
        of_draft = {"rule_set_id": draft.pk} | who
        for service, given in (
            (rule_sets.draft_rule_set, {"category_id": draft.category_id} | who),
            (rule_sets.discard_draft, of_draft),
            (rule_sets.publish_rule_set, of_draft | {"from_date": SOON, "change": "x"}),
            (rule_questions.change_question, asked | {"words": STATEMENT}),
            (rule_questions.drop_question, asked),
            (rule_questions.move_question, asked | {"up": True}),
            (rule_questions.want_evidence, asked | {"wanted": []}),
            (rule_questions.add_question, of_draft | {"words": STATEMENT}),
            (rule_questions.set_weights, of_draft | {"weights": {}}),
            (rule_questions.save_cost_line, of_draft | {"words": CostLineWords("x")}),
        ):
            with pytest.raises(NotPermitted):
                service(**given)
