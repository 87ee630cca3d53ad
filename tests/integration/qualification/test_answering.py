"""Writing the answers of a draft, for all or for one; each refusal ends with nothing changed."""

from datetime import date

import pytest

from dps.actors import REGION_ID, system
from dps.refusals import IllegalTransition, NotFound
from dps.tenancy.identity import acting_as
from qualification import fingerprints
from qualification.models import Answer, Ground, Question
from qualification.services import answering, applying, declaring
from qualification.services.declaring import NewGround
from tests.factories.kernel import NOON
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def question(code):
    return Question.objects.get(code=code)


def given(oak, application, code):
    """What the question is answered with at the establishment of the application."""
    answered = oak.contents(application).answered
    (found,) = [each for each in answered if each.criterion.code == code]
    return found.passes, found.text


def test_another_person_of_the_provider_goes_on_with_the_draft(oak):
    application = oak.start()
    oak.save(application, "workforce", text="Ours.")

    oak.save(application, "insurances", actor=oak.writer, passes=True)

    assert given(oak, application, "workforce") == (None, "Ours.")
    assert given(oak, application, "insurances") == (True, "")
    assert verbs()[-2:] == ["joining.answered"] * 2


@pytest.mark.parametrize(
    ("code", "answered", "refusal"),
    [
        ("insurances", {}, answering.AnswerYesOrNo),
        ("workforce", {"text": "x" * 16_001}, answering.TooMuchText),
        ("inspection", {"passes": True, "text": "x" * 8_001}, answering.TooMuchText),
        ("social_value", {"text": "x"}, answering.AnswerYesOrNo),
        ("exclusions", {"passes": True}, NotFound),
    ],
)
def test_answer_refusals_change_nothing(oak, code, answered, refusal):
    application = oak.start()
    before = verbs()

    with pytest.raises(refusal):
        oak.save(application, code, **answered)

    with acting_as(BOSS):
        assert not Answer.objects.exists()
    assert verbs() == before


def test_answer_refuses_a_question_that_is_not_asked(oak):
    application = oak.start()
    with acting_as(BOSS):
        Question.objects.create(code="other", kind="pass_fail", title="Other", text="Other?")

    with pytest.raises(NotFound):
        oak.save(application, "other", passes=True)


def test_an_answer_common_to_two_is_one_row_and_one_can_differ(oak):
    application = oak.start()
    annexe = oak.start(establishment=oak.another_establishment("Oak Annexe").id)
    oak.save(application, "workforce", text="As everywhere.")

    oak.save(application, "workforce", text="Another.", establishment_id=annexe.establishment_id)

    assert given(oak, application, "workforce") == (None, "As everywhere.")
    assert given(oak, annexe, "workforce") == (None, "Another.")
    as_the_others(oak, annexe)
    assert given(oak, annexe, "workforce") == (None, "As everywhere.")
    with acting_as(BOSS):
        assert Answer.objects.count() == 1


def as_the_others(oak, application):
    with acting_as(oak.head):
        answering.answer_as_the_others(
            joining_id=application.joining_id,
            question_id=question("workforce").id,
            establishment_id=application.establishment_id,
            actor=oak.head,
            now=NOON,
        )


def test_what_was_sent_differently_stays_and_the_common_answer_follows_it(oak):
    application = oak.start()
    oak.complete(application)
    place = application.establishment_id
    oak.save(application, "workforce", text="Differs.", establishment_id=place)
    with acting_as(oak.head):
        applying.submit_application(application_id=application.id, actor=oak.head, now=NOON)
        applying.withdraw_application(application_id=application.id, actor=oak.head, now=NOON)
    again = oak.start()
    assert given(oak, again, "workforce") == (None, "Differs.")

    as_the_others(oak, again)

    assert given(oak, again, "workforce") == (None, "What we do about workforce.")
    assert given(oak, application, "workforce") == (None, "Differs.")


def test_a_text_that_another_person_changed_is_not_overwritten_unseen(oak):
    application = oak.start()
    oak.save(application, "workforce", text="First.")
    seen = fingerprints.of_text("First.")
    oak.save(application, "workforce", actor=oak.writer, text="The writer’s.", seen=seen)

    with pytest.raises(answering.ChangedMeanwhile):
        oak.save(application, "workforce", text="The head’s.", seen=seen)

    with acting_as(BOSS):
        assert Answer.objects.get().text == "The writer’s."


def keep(oak, application, text, *, seen=None):
    with acting_as(oak.head):
        applying.keep_typed(
            joining_id=application.joining_id,
            question_id=question("workforce").id,
            text=text,
            seen=seen,
            actor=oak.head,
            now=NOON,
        )


def test_what_the_same_person_typed_since_is_no_conflict(oak):
    application = oak.start()
    oak.save(application, "workforce", text="First.")
    seen = fingerprints.of_text("First.")
    keep(oak, application, "First. Sec", seen=seen)

    saved = oak.save(application, "workforce", text="First. Second.", seen=seen)

    assert saved.text == "First. Second."


def test_keeping_what_is_typed_leaves_no_event(oak):
    application = oak.start()
    before = verbs()

    keep(oak, application, "Half a sen")

    assert verbs() == before


def test_what_was_sent_cannot_be_changed_or_sent_again(oak):
    application = oak.submitted()

    for change in (
        lambda: oak.save(application, "workforce", text="Other."),
        lambda: oak.put(application, *COSTS[:1]),
        lambda: declare(oak, application),
        lambda: as_the_others(oak, application),
        lambda: send(oak, application),
    ):
        with pytest.raises(IllegalTransition):
            change()

    assert given(oak, application, "workforce") == (None, "What we do about workforce.")


def send(oak, application):
    with acting_as(oak.head):
        applying.submit_application(application_id=application.id, actor=oak.head, now=NOON)


def ground(code="insolvency_bankruptcy", **changes):
    usual = {
        "applies_to": "organisation",
        "in_uk": True,
        "description": "An arrangement with those we owed.",
    }
    return NewGround(code=code, **usual | changes)


def declare(oak, application, *grounds):
    with acting_as(oak.head):
        return declaring.declare_grounds(
            joining_id=application.joining_id, grounds=grounds, actor=oak.head, now=NOON
        )


def test_declaring_that_none_applies_answers_the_question(oak):
    application = oak.start()

    declared = declare(oak, application)

    assert (declared.passes, declared.text) == (True, "None of the exclusion grounds applies.")
    assert verbs()[-1] == "joining.grounds_declared"


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        ({}, False),
        ({"put_right": "All was paid back."}, True),
        ({"ended_on": date(2023, 11, 2)}, True),
        ({"ended_on": date(2023, 11, 3)}, False),
    ],
)
def test_a_ground_passes_if_it_was_put_right_or_ended_long_enough_ago(oak, changes, passes):
    application = oak.start()

    assert declare(oak, application, ground(**changes)).passes is passes


def test_a_new_declaration_takes_the_place_of_the_one_before(oak):
    application = oak.start()
    declare(oak, application, ground(), ground("tax_offences"))

    declare(oak, application, ground("theft_fraud", put_right="He left."))

    with acting_as(oak.head):
        assert list(Ground.objects.values_list("code", flat=True)) == ["theft_fraud"]


def test_a_declaration_that_was_sent_keeps_its_grounds(oak):
    application = oak.start()
    oak.start(establishment=oak.another_establishment("Oak Annexe").id)
    oak.complete(application)
    first = declare(oak, application, ground(put_right="Paid."))
    send(oak, application)

    second = declare(oak, application)

    with acting_as(oak.officer):
        assert list(Ground.objects.values_list("answer_id", "code")) == [
            (first.id, "insolvency_bankruptcy")
        ]
    assert (first.id != second.id, second.text) == (True, declaring.NONE_APPLY)


@pytest.mark.parametrize(
    "wrong",
    [
        [ground("unknown")],
        [ground(), ground()],
        [ground(applies_to="nobody")],
        [ground(description=" ")],
        [ground(put_right="x" * 8_001)],
        [ground(ended_on=date(2026, 11, 3))],
    ],
)
def test_a_wrong_declaration_changes_nothing(oak, wrong):
    application = oak.start()
    before = verbs()

    with pytest.raises(declaring.WrongGround):
        declare(oak, application, *wrong)

    with acting_as(BOSS):
        assert (Ground.objects.count(), Answer.objects.count()) == (0, 0)
    assert verbs() == before
