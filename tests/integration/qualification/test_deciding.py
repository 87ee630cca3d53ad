"""Deciding: what qualifies, what it makes, and every refusal."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Message, OwedJob
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import (
    AgreedGrade,
    Application,
    Cap,
    Check,
    CompetencyScore,
    Qualification,
)
from qualification.queries.qualified import competency_at, core_lines, qualified_in
from qualification.services import deciding
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)
DAY = timedelta(days=1)
YEAR = sum(cost.amount_pence for cost in COSTS)


@pytest.fixture
def oak(region):
    return make_applying(region)


def decide(oak, application, *, qualifies=True, reason="All is met.", failed=(), actor=None):
    actor = actor or oak.second
    with acting_as(actor):
        return deciding.decide(
            application_id=application.id,
            qualifies=qualifies,
            reason=reason,
            failed=failed,
            actor=actor,
            now=NOON + DAY,
        )


def refuse(oak, application, *failed, **given):
    usual = {"reason": "Send a new certificate.", "failed": failed}
    return decide(oak, application, qualifies=False, **usual | given)


def test_qualifying_sets_the_score_and_puts_it_on_the_list(oak):
    application = oak.moderated()
    before = len(verbs())

    decided = decide(oak, application)

    assert (decided.state, decided.score, decided.failed, decided.decided_by_id) == (
        "qualified",
        80_00,
        [],
        oak.second.person_id,
    )
    assert decided.decided_at == NOON + DAY
    assert verbs()[before:] == ["application.qualified"]
    with acting_as(BOSS):
        [listed] = qualified_in(oak.region.category.id)
        owed = OwedJob.objects.filter(job__in=["referrals.invite_newly_qualified", LETTER])
        jobs = list(owed.order_by("id").values_list("job", "ids"))
        told = Message.objects.filter(template="qualification/application_qualified").count()
    assert (listed.establishment_id, listed.provider_id, listed.is_suspended) == (
        oak.establishment.id,
        oak.provider.id,
        False,
    )
    assert jobs == [
        ("referrals.invite_newly_qualified", {"establishment_id": str(oak.establishment.id)}),
        (LETTER, {"application_id": str(application.id)}),
    ]
    assert told == 2


LETTER = "qualification.make_outcome_letter"


def test_the_score_is_that_of_the_agreed_grades_by_their_weights(oak):
    application = oak.graded()
    marks = {}
    with acting_as(BOSS):
        statements = oak.contents(application, actor=BOSS).statements
        for number, each in enumerate(statements):
            marks[each.criterion.code] = (each.criterion.weight, 5 - number)
            AgreedGrade.objects.filter(answer=each.answer).update(grade=5 - number)
    oak.moderate(application)

    decided = decide(oak, application)

    assert decided.score * 5 == sum(weight * mark for weight, mark in marks.values())


def test_the_score_counts_from_its_moment_on(oak):
    decide(oak, oak.moderated())
    place, category = oak.establishment.id, oak.region.category.id
    reader = make_person(Role.COMMISSIONER, authority=oak.region.east)

    with acting_as(reader):
        before = competency_at([place], category, NOON)
        after = competency_at([place], category, NOON + DAY)

    assert (before, after) == ({}, {place: 80_00})


def test_core_lines_are_read_by_their_own_provider_only(oak):
    oak.decided()
    rival = make_applying(oak.region, "Rival Trust")
    place, category = oak.establishment.id, oak.region.category.id

    with acting_as(oak.writer):
        mine = core_lines(place, category)
    with acting_as(rival.head):
        theirs = core_lines(place, category)

    assert [(line.code, line.amount_pence, line.basis) for line in mine] == [
        (line.code, line.amount_pence, line.basis) for line in COSTS
    ]
    assert theirs == ()


def test_stage_1_can_fail_by_itself_without_a_score(oak):
    application = oak.submitted()
    evaluation.fails(application, "inspection", actor=oak.officer)

    decided = refuse(oak, application, "inspection")

    assert (decided.state, decided.score, decided.failed, decided.decision_reason) == (
        "rejected",
        None,
        ["inspection"],
        "Send a new certificate.",
    )
    with acting_as(BOSS):
        assert not Qualification.objects.exists()
        assert not CompetencyScore.objects.exists()


def test_what_fails_is_found_by_a_check_first(oak):
    application = oak.moderated()
    before = verbs()

    with pytest.raises(deciding.NothingFails):
        refuse(oak, application)
    for code in ("insurances", "workforce", "costs", "nothing"):
        with pytest.raises(deciding.NotFoundToFail):
            refuse(oak, application, code)

    with acting_as(BOSS):
        assert Application.objects.get().state == "moderated"
    assert verbs() == before


def test_the_moderator_does_not_decide(oak):
    application = oak.moderated()
    before = verbs()

    with pytest.raises(deciding.SecondPersonDecides):
        decide(oak, application, actor=oak.officer)

    with acting_as(BOSS):
        assert Application.objects.get().state == "moderated"
    assert verbs() == before


def test_who_found_what_fails_does_not_decide(oak):
    application = oak.submitted()
    evaluation.fails(application, "inspection", actor=oak.officer)

    with pytest.raises(deciding.SecondPersonDecides):
        refuse(oak, application, "inspection", actor=oak.officer)


def cap(oak, pence, **columns):
    with acting_as(BOSS):
        return Cap.objects.create(
            category=oak.region.category,
            year_pence=pence,
            from_date=date(2026, 1, 1),
            reason="Agreed by the Board.",
            made_at=NOON,
            **columns,
        )


def test_costs_above_the_common_cap_cannot_qualify_and_can_fail(oak):
    application = oak.moderated()
    cap(oak, YEAR - 1)

    with pytest.raises(deciding.CannotQualify) as refused:
        decide(oak, application)
    assert "above the cap of £44,999.99 that all councils share" in str(refused.value)
    decided = refuse(oak, application, "costs")

    assert decided.failed == ["costs"]


@pytest.mark.parametrize("kind", ["at the cap", "ended", "of one council"])
def test_a_cap_that_does_not_bind_lets_qualify(oak, kind):
    application = oak.moderated()
    if kind == "at the cap":
        cap(oak, YEAR)
    elif kind == "ended":
        cap(oak, 1, until_date=date(2026, 11, 3))
    else:
        cap(oak, 1, authority=oak.region.east)

    assert decide(oak, application).state == "qualified"


def lose_a_check(oak, application):
    Check.objects.filter(code="insurances").delete()


def ask_again(oak, application):
    Check.objects.filter(code="insurances").update(result="asked")


def fail_a_check(oak, application):
    Check.objects.filter(code="insurances").update(result="fails", note="Expired.")


def unconfirm_the_claim(oak, application):
    oak.establishment.provider = None
    oak.establishment.save()


def close(oak, application):
    oak.establishment.is_open = False
    oak.establishment.save()


def list_it(oak, application):
    Qualification.objects.create(
        establishment=oak.establishment,
        category=oak.region.category,
        application_id=application.id,
        rule_set_id=application.rule_set_id,
        qualified_at=NOON,
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose_a_check, "“Insurances” is not checked yet"),
        (ask_again, "“Insurances” waits for the provider’s reply to be looked at"),
        (fail_a_check, "“Insurances” does not pass"),
        (unconfirm_the_claim, "the provider’s claim to run the establishment is not confirmed"),
        (close, "the establishment is closed on the register"),
        (list_it, "the establishment is on the list of this category already"),
    ],
)
def test_what_stands_in_the_way_of_qualifying_changes_nothing(oak, spoil, words):
    application = oak.moderated()
    with acting_as(BOSS):
        spoil(oak, application)
    before = verbs()

    with pytest.raises(deciding.CannotQualify) as refused:
        decide(oak, application)

    assert str(refused.value) == f"This establishment cannot qualify yet: {words}"
    with acting_as(BOSS):
        assert Application.objects.get().state == "moderated"
    assert verbs() == before


@pytest.mark.parametrize("stage", ["submitted", "checked", "graded"])
def test_nothing_qualifies_before_its_grading_is_closed(oak, stage):
    application = getattr(oak, stage)()
    before = verbs()

    with pytest.raises(IllegalTransition):
        decide(oak, application)

    assert verbs() == before


@pytest.mark.parametrize("qualifies", [True, False])
def test_a_decision_needs_a_reason_and_an_officer(oak, qualifies):
    application = oak.moderated()
    before = verbs()

    with pytest.raises(deciding.ReasonMissing):
        decide(oak, application, qualifies=qualifies, reason="  ")
    for actor in (
        oak.head,
        oak.graders[0],
        make_person(Role.COMMISSIONER, authority=oak.region.west),
        make_person(Role.DATA_ANALYST, authority=oak.region.west),
    ):
        with pytest.raises(NotPermitted):
            decide(oak, application, qualifies=qualifies, actor=actor)

    with acting_as(BOSS):
        assert Application.objects.get().state == "moderated"
    assert verbs() == before


def test_a_decision_is_taken_once(oak):
    application = oak.decided()
    before = verbs()

    for qualifies in (True, False):
        with pytest.raises(IllegalTransition):
            decide(oak, application, qualifies=qualifies, failed=("insurances",))

    assert verbs() == before


def test_a_draft_is_unknown_to_the_central_team(oak):
    application = oak.start()

    with pytest.raises(Application.DoesNotExist):
        decide(oak, application)
