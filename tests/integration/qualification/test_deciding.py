"""Grading and deciding: what qualifies, what it makes, and every refusal."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Message, OwedJob
from dps.refusals import IllegalTransition, NotFound, NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import (
    Answer,
    Application,
    CompetencyScore,
    Qualification,
    StatementGrade,
)
from qualification.queries.qualified import competency_at, core_lines, qualified_in
from qualification.services import deciding
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


def decide(oak, application, *, qualifies=True, reason="All is met.", actor=None):
    actor = actor or oak.officer
    with acting_as(actor):
        return deciding.decide(
            application_id=application.id,
            qualifies=qualifies,
            reason=reason,
            actor=actor,
            now=NOON + DAY,
        )


def grade(oak, code, grade, *, reason="Clear.", actor=None):
    actor = actor or oak.officer
    with acting_as(BOSS):
        answer = Answer.objects.get(criterion__code=code)
    with acting_as(actor):
        return deciding.grade_statement(
            answer_id=answer.id, grade=grade, reason=reason, actor=actor, now=NOON
        )


def test_qualifying_sets_the_score_and_puts_it_on_the_list(oak):
    application = oak.submitted()
    for code, mark in (
        ("workforce", 5),
        ("outcomes", 4),
        ("contract_management", 3),
        ("young_people", 0),
    ):
        grade(oak, code, mark)
    before = len(verbs())

    decided = decide(oak, application)

    assert (decided.state, decided.score, decided.decided_by_id, decided.decided_at) == (
        "qualified",
        30_00 + 24_00 + 15_00,
        oak.officer.person_id,
        NOON + DAY,
    )
    assert verbs()[before:] == ["application.qualified"]
    with acting_as(BOSS):
        [listed] = qualified_in(oak.region.category.id)
        jobs = list(
            OwedJob.objects.exclude(job="dps.send_message").order_by("id").values_list("job", "ids")
        )
        told = Message.objects.filter(template="qualification/application_qualified").count()
    assert (listed.establishment_id, listed.provider_id, listed.is_suspended) == (
        oak.establishment.id,
        oak.provider.id,
        False,
    )
    assert jobs == [
        ("referrals.invite_newly_qualified", {"establishment_id": str(oak.establishment.id)}),
        ("qualification.make_outcome_letter", {"application_id": str(application.id)}),
    ]
    assert told == 2


def test_the_score_counts_from_its_moment_on(oak):
    application = oak.graded()
    decide(oak, application)
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


def test_not_qualifying_needs_no_grades_and_leaves_no_score(oak):
    application = oak.submitted()

    decided = decide(oak, application, qualifies=False, reason="Send a new certificate.")

    assert (decided.state, decided.score, decided.decision_reason) == (
        "rejected",
        None,
        "Send a new certificate.",
    )
    with acting_as(BOSS):
        assert not Qualification.objects.exists()
        assert not CompetencyScore.objects.exists()


def test_who_did_not_qualify_starts_again_with_the_answers_carried_over(oak):
    application = oak.decided(qualifies=False)

    again = oak.start(now=NOON + DAY)

    contents = oak.contents(again)
    assert (again.id != application.id, contents.missing, contents.entries) == (True, (), COSTS)
    assert contents.ungraded == contents.statements


def answer_no(oak, application):
    Answer.objects.filter(criterion__code="insurances").update(passes=False)


def lose_a_grade(oak, application):
    StatementGrade.objects.filter(answer__criterion__code="workforce").delete()


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
        qualified_at=NOON,
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (answer_no, "“Insurances” is answered with no"),
        (lose_a_grade, "“Workforce” is not graded"),
        (unconfirm_the_claim, "the provider’s claim to run the establishment is not confirmed"),
        (close, "the establishment is closed on the register"),
        (list_it, "the establishment is on the list of this category already"),
    ],
)
def test_what_stands_in_the_way_of_qualifying_changes_nothing(oak, spoil, words):
    application = oak.graded()
    with acting_as(BOSS):
        spoil(oak, application)
    before = verbs()

    with pytest.raises(deciding.CannotQualify) as refused:
        decide(oak, application)

    assert str(refused.value) == f"This establishment cannot qualify yet: {words}"
    with acting_as(BOSS):
        assert Application.objects.get().state == "submitted"
    assert verbs() == before


@pytest.mark.parametrize("qualifies", [True, False])
def test_a_decision_needs_a_reason_and_an_officer(oak, qualifies):
    application = oak.graded()
    before = verbs()

    with pytest.raises(deciding.ReasonMissing):
        decide(oak, application, qualifies=qualifies, reason="  ")
    for actor in (
        oak.head,
        make_person(Role.COMMISSIONER, authority=oak.region.west),
        make_person(Role.DATA_ANALYST, authority=oak.region.west),
    ):
        with pytest.raises(NotPermitted):
            decide(oak, application, qualifies=qualifies, actor=actor)

    with acting_as(BOSS):
        assert Application.objects.get().state == "submitted"
    assert verbs() == before


def test_a_decision_is_taken_once(oak):
    application = oak.decided()
    before = verbs()

    for qualifies in (True, False):
        with pytest.raises(IllegalTransition):
            decide(oak, application, qualifies=qualifies)

    assert verbs() == before


def test_a_draft_is_unknown_to_the_central_team(oak):
    application = oak.start()

    with pytest.raises(Application.DoesNotExist):
        decide(oak, application)


def test_a_later_grade_takes_the_place_of_the_first(oak):
    oak.submitted()
    grade(oak, "workforce", 3)
    other = make_person(Role.SENIOR_CONTRACTS_OFFICER, authority=oak.region.west)

    grade(oak, "workforce", 4, reason="Read again.", actor=other)

    with acting_as(BOSS):
        graded = StatementGrade.objects.get()
    assert (graded.grade, graded.reason, graded.graded_by_id) == (4, "Read again.", other.person_id)


@pytest.mark.parametrize(
    ("code", "mark", "reason", "refusal"),
    [
        ("workforce", 6, "Clear.", deciding.NotAGrade),
        ("workforce", -1, "Clear.", deciding.NotAGrade),
        ("workforce", 3, " ", deciding.ReasonMissing),
        ("insurances", 3, "Clear.", NotFound),
    ],
)
def test_grade_refusals_change_nothing(oak, code, mark, reason, refusal):
    oak.submitted()
    before = verbs()

    with pytest.raises(refusal):
        grade(oak, code, mark, reason=reason)

    with acting_as(BOSS):
        assert not StatementGrade.objects.exists()
    assert verbs() == before


def test_what_is_decided_is_not_graded_again(oak):
    oak.decided()

    with pytest.raises(deciding.NotWaiting):
        grade(oak, "workforce", 1)

    with acting_as(BOSS):
        assert StatementGrade.objects.get(answer__criterion__code="workforce").grade == 4
