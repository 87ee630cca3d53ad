"""Two people at once, on real transactions: one succeeds, the other gets a plain refusal."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from providers.models import Claim, Establishment
from providers.services.claims import confirm_claim
from qualification.models import AgreedGrade, Answer, Application, Suspension
from qualification.places import Place
from qualification.services import agreeing, applying, deciding, suspending
from qualification.services.answering import NotADraft
from qualification.services.starting import AlreadyApplying, NotADraftAnyMore
from qualification.services.suspending import AlreadyLifted, AlreadySuspended
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    return make_applying(make_region())


def events(verb):
    with acting_as(BOSS):
        found = AuditEvent.objects.filter(action__startswith=verb).order_by("id")
        return list(found.values_list("action", flat=True))


def state():
    with acting_as(BOSS):
        return Application.objects.get().state


def deciding_by(actor, application):
    return act(
        deciding.decide,
        actor=actor,
        now=NOON,
        application_id=application.id,
        qualifies=True,
        reason="Read.",
    )


def of_application(service, actor, application):
    return act(service, actor=actor, now=NOON, application_id=application.id)


def drafted(oak):
    application = oak.start()
    oak.complete(application)
    return application


@pytest.mark.off_switch("application-row-of-deciding")
def test_two_officers_deciding_together_make_one_decision(oak):
    application = oak.moderated()
    third = make_person(Role.DPS_MANAGER, authority=oak.region.west, name="Third")

    done = in_turn(deciding_by(oak.second, application), deciding_by(third, application))

    assert refusals(done.both) == [IllegalTransition]
    assert (state(), events("application.qualified")) == ("qualified", ["application.qualified"])


@pytest.mark.off_switch("application-row-of-grading")
def test_nothing_is_agreed_behind_the_moderation(oak):
    application = oak.graded()
    with acting_as(BOSS):
        agreed = AgreedGrade.objects.get(answer__question__code="workforce")
    other = act(
        agreeing.agree,
        actor=oak.second,
        now=NOON,
        answer_id=agreed.answer_id,
        grade=1,
        reason="On a second reading.",
        note="Read again.",
        seen=agreed.agreed_at,
    )

    done = in_turn(of_application(agreeing.moderate, oak.officer, application), other)

    assert refusals(done.both) == [agreeing.NotBeingGraded]
    with acting_as(BOSS):
        assert set(AgreedGrade.objects.values_list("grade", flat=True)) == {4}


@pytest.mark.off_switch("deciding-establishment-row")
def test_a_decision_knows_the_claim_that_is_being_confirmed(oak):
    application = oak.moderated()
    with acting_as(BOSS):
        Establishment.objects.update(provider=None)
        Claim.objects.update(state="waiting", decided_by=None, decided_at=None)
        claim = Claim.objects.get()
    confirm = act(confirm_claim, actor=oak.officer, now=NOON, claim_id=claim.id)

    done = in_turn(confirm, deciding_by(oak.second, application))

    assert refusals(done.both) == []
    assert state() == "qualified"


@pytest.mark.off_switch("one-application-in-progress")
def test_two_people_adding_one_establishment_to_two_joinings_make_one_draft(oak):
    place = Place(oak.establishment.id, oak.region.category.id)
    add = []
    for actor in (oak.head, oak.writer):
        with acting_as(actor):
            joining = applying.start_joining(actor=actor, now=NOON)
        add.append(
            act(
                applying.add_applications,
                actor=actor,
                now=NOON,
                joining_id=joining.id,
                wanted=[place],
            )
        )

    done = in_turn(*add)

    assert refusals(done.both) == [AlreadyApplying]
    assert events("application.started") == ["application.started"]


@pytest.mark.off_switch("joining-number")
def test_two_people_starting_together_number_their_applications(oak):
    start = [act(applying.start_joining, actor=each, now=NOON) for each in (oak.head, oak.writer)]

    done = in_turn(*start)

    assert refusals(done.both) == []
    assert [joining.number for joining in done.both] == [1, 2]


@pytest.mark.off_switch("application-row-of-sending")
def test_an_application_that_is_being_withdrawn_is_not_sent(oak):
    application = drafted(oak)

    done = in_turn(
        of_application(applying.withdraw_application, oak.head, application),
        of_application(applying.submit_application, oak.head, application),
    )

    assert refusals(done.both) == [IllegalTransition]
    assert (state(), events("application.submitted")) == ("withdrawn", [])


@pytest.mark.off_switch("application-row-of-withdrawing")
def test_the_record_says_from_which_stage_it_was_withdrawn(oak):
    application = drafted(oak)

    done = in_turn(
        of_application(applying.submit_application, oak.head, application),
        of_application(applying.withdraw_application, oak.head, application),
    )

    assert refusals(done.both) == []
    with acting_as(BOSS):
        event = AuditEvent.objects.get(action="application.withdrawn")
    assert '"from":"submitted"' in event.body


@pytest.mark.off_switch("application-row-of-removing")
def test_a_draft_that_is_being_sent_is_not_taken_out(oak):
    application = drafted(oak)

    done = in_turn(
        of_application(applying.submit_application, oak.head, application),
        of_application(applying.remove_application, oak.writer, application),
    )

    assert refusals(done.both) == [NotADraftAnyMore]
    assert state() == "submitted"


@pytest.mark.off_switch("joining-row")
def test_nothing_is_changed_in_an_application_that_is_being_sent(oak):
    application = drafted(oak)
    with acting_as(BOSS):
        answer = Answer.objects.get(question__code="workforce")
    change = act(
        applying.answer,
        actor=oak.writer,
        now=NOON,
        joining_id=application.joining_id,
        question_id=answer.question_id,
        text="Other words.",
    )

    done = in_turn(of_application(applying.submit_application, oak.head, application), change)

    assert refusals(done.both) == [NotADraft]
    with acting_as(BOSS):
        assert Answer.objects.get(pk=answer.pk).text == answer.text


@pytest.mark.off_switch("suspending-establishment-row")
def test_two_suspensions_for_one_cause_together_make_one(oak):
    oak.decided()
    managers = [make_person(Role.DPS_MANAGER, authority=oak.region.west, name=n) for n in "ab"]

    done = in_turn(
        *(
            act(
                suspending.suspend,
                actor=manager,
                now=NOON,
                establishment_id=oak.establishment.id,
                cause="insurance",
                reason="Ran out.",
            )
            for manager in managers
        )
    )

    assert refusals(done.both) == [AlreadySuspended]
    assert events("establishment.suspended") == ["establishment.suspended"]


@pytest.mark.off_switch("reinstating-establishment-row")
def test_two_people_lifting_one_suspension_together_lift_it_once(oak):
    oak.decided()
    managers = [make_person(Role.DPS_MANAGER, authority=oak.region.west, name=n) for n in "ab"]
    with acting_as(managers[0]):
        suspension = suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="Ran out.",
            actor=managers[0],
            now=NOON,
        )
    later = NOON + timedelta(hours=1)

    done = in_turn(
        *(
            act(
                suspending.reinstate,
                actor=manager,
                now=later,
                suspension_id=suspension.id,
                reason="New one.",
            )
            for manager in managers
        )
    )

    assert refusals(done.both) == [AlreadyLifted]
    assert events("establishment.reinstated") == ["establishment.reinstated"]
    with acting_as(BOSS):
        assert Suspension.objects.get().lifted_at == later
