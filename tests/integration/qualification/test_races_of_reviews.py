"""Two people at once about one score or one suspension: one succeeds, the other is told so."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from qualification.models import CompetencyScore, ScoreReview
from qualification.services import reviewing
from qualification.services.lifting import put_suspension_right
from qualification.services.starting import AlreadyApplying
from qualification.services.suspending import suspend
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying
from tests.factories.reviewing import UP, YEAR_LATER, listed, propose, reply

BOSS = system(REGION_ID)
DECIDED = YEAR_LATER + timedelta(days=20)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    one = make_applying(make_region())
    one.decided()
    return one


def events(verb):
    with acting_as(BOSS):
        return AuditEvent.objects.filter(action=verb).count()


def another(oak):
    """A second person who may do what the second one of the team may."""
    return make_person(*oak.second.roles, authority=oak.region.west, name="Third")


def proposing(actor, oak):
    return act(
        reviewing.propose_review,
        actor=actor,
        now=YEAR_LATER,
        qualification_id=listed(oak).id,
        proposal=UP,
    )


def deciding(actor, review, outcome="changed"):
    return act(
        reviewing.decide_review,
        actor=actor,
        now=DECIDED,
        review_id=review.id,
        outcome=outcome,
        reason="Read.",
    )


def replying(actor, review, now=YEAR_LATER):
    return act(
        reviewing.reply_to_review, actor=actor, now=now, review_id=review.id, text="We disagree."
    )


@pytest.mark.off_switch("qualification-row-of-proposing")
def test_two_officers_proposing_together_make_one_review(oak):
    done = in_turn(proposing(oak.officer, oak), proposing(oak.second, oak))

    assert refusals(done.both) == [reviewing.UnderReview]
    assert events("score_review.proposed") == 1


@pytest.mark.off_switch("review-row-of-replying")
def test_two_administrators_replying_together_reply_once(oak):
    review = propose(oak)
    other = make_person(*oak.head.roles, provider_id=oak.provider.id, name="Other head")

    done = in_turn(replying(oak.head, review), replying(other, review))

    assert refusals(done.both) == [reviewing.AlreadyReplied]
    assert events("score_review.replied") == 1


@pytest.mark.off_switch("review-row-of-deciding")
def test_two_people_deciding_together_make_one_version(oak):
    review = propose(oak)

    done = in_turn(deciding(oak.second, review), deciding(another(oak), review, "kept"))

    assert refusals(done.both) == [reviewing.AlreadyDecided]
    with acting_as(BOSS):
        assert CompetencyScore.objects.count() == 2
        assert ScoreReview.objects.get().outcome == "changed"


def test_a_reply_that_comes_while_it_is_decided_is_told_so(oak):
    review = propose(oak)
    reply(oak, review)
    with acting_as(BOSS):
        assert ScoreReview.objects.get().replied_at

    done = in_turn(deciding(oak.second, review), replying(oak.head, review, DECIDED))

    assert refusals(done.both) in ([reviewing.AlreadyReplied], [reviewing.AlreadyDecided])


@pytest.mark.off_switch("one-application-in-progress")
def test_two_people_putting_one_suspension_right_begin_one_application(oak):
    with acting_as(oak.second):
        suspension = suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="It ran out.",
            actor=oak.second,
            now=NOON,
        )

    done = in_turn(
        *(
            act(put_suspension_right, actor=actor, now=NOON, suspension_id=suspension.id)
            for actor in (oak.head, oak.writer)
        )
    )

    assert refusals(done.both) == [AlreadyApplying]
    assert events("application.put_right") == 1
