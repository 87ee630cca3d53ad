"""Putting right what failed: only that is asked, the rest is kept, and nobody is locked out."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Application, SentAnswer
from qualification.queries.progress import followed, progress_of_all
from qualification.services import applying, putting_right
from qualification.services.answering import KeptFromBefore
from qualification.services.starting import AlreadyApplying, NotYourEstablishment
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)
LATER = NOON + timedelta(days=30)


@pytest.fixture
def oak(region):
    return make_applying(region)


def rejected(oak, *failed):
    """As a decision leaves it, for these questions."""
    application = oak.submitted()
    with acting_as(BOSS):
        Application.objects.filter(pk=application.pk).update(
            state="rejected",
            decided_at=NOON,
            decided_by_id=oak.officer.person_id,
            decision_reason="The statement says too little.",
            failed=list(failed),
        )
    return application


def put_right(oak, application, *, actor=None):
    actor = actor or oak.writer
    with acting_as(actor):
        return putting_right.put_right(application_id=application.id, actor=actor, now=LATER)


def missing(oak, application):
    with acting_as(oak.head):
        rows = followed(application.joining_id).filter(id=application.id)
        (found,) = progress_of_all(rows, LATER.date())
    return found.progress.missing


def sent_answers(application):
    rows = SentAnswer.objects.filter(application=application).select_related("answer__question")
    return {row.answer.question.code: row.answer_id for row in rows}


def test_only_what_failed_is_asked_and_the_rest_is_sent_as_it_was(oak):
    before = rejected(oak, "workforce")

    again = put_right(oak, before)

    assert (again.joining_id, again.before_id, again.to_put_right) == (
        before.joining_id,
        before.id,
        ["workforce"],
    )
    assert missing(oak, again) == ("Workforce",)
    with pytest.raises(KeptFromBefore):
        oak.save(again, "outcomes", text="Changed.")
    oak.save(again, "workforce", text="Much better.")
    assert missing(oak, again) == ()
    with acting_as(oak.head):
        applying.submit_application(application_id=again.id, actor=oak.head, now=LATER)
    with acting_as(BOSS):
        first, second = sent_answers(before), sent_answers(again)
    assert {code for code in first if first[code] != second[code]} == {"workforce"}


def test_what_was_sent_is_as_it_was_after_it_was_put_right(oak):
    before = rejected(oak, "workforce")
    again = put_right(oak, before)

    oak.save(again, "workforce", text="Much better.")

    texts = [each.text for each in oak.contents(before).answered]
    assert "What we do about workforce." in texts
    assert "Much better." not in texts


def test_costs_that_did_not_fail_are_kept(oak):
    before = rejected(oak, "workforce")

    again = put_right(oak, before)

    assert oak.contents(again).entries == oak.contents(before).entries


def test_where_nobody_said_what_failed_everything_is_asked_with_its_answers(oak):
    before = rejected(oak)

    again = put_right(oak, before)

    assert (again.to_put_right, missing(oak, again)) == (None, ())
    oak.save(again, "outcomes", text="Changed.")


def test_evidence_that_has_run_out_since_is_asked_again_alone(oak):
    before = rejected(oak, "workforce")
    again = put_right(oak, before)
    oak.save(again, "workforce", text="Much better.")

    oak.lose_evidence("public_liability")

    assert missing(oak, again) == ("Insurances: evidence",)


def test_it_is_put_right_once_at_a_time_and_again_after_the_next_decision(oak):
    before = rejected(oak, "workforce")
    again = put_right(oak, before)
    with pytest.raises(AlreadyApplying):
        put_right(oak, before)
    with acting_as(oak.head):
        applying.withdraw_application(application_id=again.id, actor=oak.head, now=LATER)

    assert put_right(oak, before).state == "draft"
    assert verbs()[-1] == "application.put_right"


@pytest.mark.parametrize("state", ["draft", "submitted", "qualified", "withdrawn"])
def test_only_what_did_not_qualify_is_put_right(oak, state):
    if state == "draft":
        application = oak.start()
    else:
        application = oak.decided() if state == "qualified" else oak.submitted()
    if state == "withdrawn":
        with acting_as(oak.head):
            applying.withdraw_application(application_id=application.id, actor=oak.head, now=NOON)
    before = verbs()

    with pytest.raises(putting_right.NothingToPutRight):
        put_right(oak, application)

    assert verbs() == before


def test_a_closed_establishment_and_an_officer_put_nothing_right(oak):
    application = rejected(oak, "workforce")
    with pytest.raises(NotPermitted):
        put_right(oak, application, actor=oak.officer)
    with acting_as(BOSS):
        oak.establishment.is_open = False
        oak.establishment.save()

    with pytest.raises(NotYourEstablishment):
        put_right(oak, application)
