"""Writing the answers and costs of a draft; each refusal ends with nothing changed."""

import pytest

from dps.actors import REGION_ID, system
from dps.money import Basis
from dps.refusals import IllegalTransition, NotFound
from dps.tenancy.identity import acting_as
from qualification import fingerprints
from qualification.core_costs import CostEntry
from qualification.models import Answer, Criterion
from qualification.services import answering, applying
from tests.factories.kernel import NOON
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def criterion(code):
    return Criterion.objects.get(code=code)


def submit(oak, application):
    with acting_as(oak.head):
        return applying.submit_application(application_id=application.id, actor=oak.head, now=NOON)


def test_another_person_of_the_provider_goes_on_with_the_draft(oak):
    application = oak.start()
    oak.save(application, "workforce", text="Ours.")

    oak.save(application, "insurances", actor=oak.writer, passes=True)

    answered = oak.contents(application).answered
    found = {each.criterion.code: (each.passes, each.text) for each in answered}
    assert (found["workforce"], found["insurances"]) == ((None, "Ours."), (True, ""))


@pytest.mark.parametrize(
    ("code", "given", "refusal"),
    [
        ("insurances", {}, answering.AnswerYesOrNo),
        ("workforce", {"text": "x" * 16_001}, answering.TooMuchText),
    ],
)
def test_answer_refusals_change_nothing(oak, code, given, refusal):
    application = oak.start()
    before = verbs()

    with pytest.raises(refusal):
        oak.save(application, code, **given)

    with acting_as(BOSS):
        assert not Answer.objects.exists()
    assert verbs() == before


def test_answer_refuses_a_question_of_another_category(oak):
    application = oak.start()
    with acting_as(BOSS):
        Criterion.objects.filter(code="workforce").update(until_date=NOON.date())

    with pytest.raises(NotFound):
        oak.save(application, "workforce", text="Ours.")


def test_a_text_that_another_person_changed_is_not_overwritten_unseen(oak):
    application = oak.start()
    oak.save(application, "workforce", text="First.")
    seen = fingerprints.of_text("First.")
    oak.save(application, "workforce", actor=oak.writer, text="The writer’s.", seen=seen)

    with pytest.raises(answering.ChangedMeanwhile):
        oak.save(application, "workforce", text="The head’s.", seen=seen)

    with acting_as(BOSS):
        assert Answer.objects.get().text == "The writer’s."


def test_what_the_same_person_typed_since_is_no_conflict(oak):
    application = oak.start()
    oak.save(application, "workforce", text="First.")
    seen = fingerprints.of_text("First.")
    with acting_as(oak.head):
        applying.keep_typed(
            application_id=application.id,
            criterion_id=criterion("workforce").id,
            text="First. Sec",
            seen=seen,
            actor=oak.head,
            now=NOON,
        )

    saved = oak.save(application, "workforce", text="First. Second.", seen=seen)

    assert saved.text == "First. Second."


def test_keeping_what_is_typed_leaves_no_event(oak):
    application = oak.start()
    before = verbs()
    with acting_as(oak.head):
        applying.keep_typed(
            application_id=application.id,
            criterion_id=criterion("workforce").id,
            text="Half a sen",
            seen=None,
            actor=oak.head,
            now=NOON,
        )

    assert verbs() == before


def test_core_costs_add_up_by_year_and_school_week(oak):
    application = oak.start()

    oak.put(
        application,
        CostEntry("premises", 100_00, Basis.WEEK),
        CostEntry("vehicles", 50_00, Basis.MONTH),
        CostEntry("central", 999_99, Basis.YEAR),
    )

    totals = oak.contents(application).totals
    assert (totals.weeks, totals.year_pence, totals.week_pence) == (38, 5_399_99, 142_11)


@pytest.mark.parametrize(
    "line",
    [
        CostEntry("unknown", 1, Basis.YEAR),
        CostEntry("premises", -1, Basis.YEAR),
        CostEntry("premises", 1_000_000_000, Basis.YEAR),
        CostEntry("premises", 1, "day"),
    ],
)
def test_wrong_costs_change_nothing(oak, line):
    application = oak.start()
    oak.put(application, *COSTS)
    before = verbs()

    with pytest.raises(answering.WrongCost):
        oak.put(application, line)

    assert oak.contents(application).entries == COSTS
    assert verbs() == before


def test_a_cost_given_twice_is_refused(oak):
    application = oak.start()

    with pytest.raises(answering.WrongCost):
        oak.put(application, COSTS[0], COSTS[0])


def test_costs_that_another_person_changed_are_not_overwritten_unseen(oak):
    application = oak.start()
    seen = fingerprints.of_costs(())
    oak.put(application, *COSTS, seen=seen, actor=oak.writer)

    with pytest.raises(answering.ChangedMeanwhile):
        oak.put(application, COSTS[0], seen=seen)

    assert oak.contents(application).entries == COSTS


def test_what_was_sent_cannot_be_changed_or_sent_again(oak):
    application = oak.submitted()

    for change in (
        lambda: oak.save(application, "workforce", text="Other."),
        lambda: oak.put(application, *COSTS[:1]),
        lambda: submit(oak, application),
    ):
        with pytest.raises(IllegalTransition):
            change()

    assert oak.contents(application).entries == COSTS
