"""Two at once over a parent's link and code: one link, every try counted, nothing after the end."""

from datetime import timedelta

import pytest

from dps.actors import parent, system
from dps.models import Message
from dps.tenancy.identity import acting_as
from referrals.models import ParentCode, ParentLink
from referrals.queries.choice import options_of
from referrals.services.choosing import Said, offer_choice, record_choice_by_officer
from referrals.services.closing_choice import close_choice
from referrals.services.parent_links import (
    CodeAnswer,
    enter_code,
    make_code,
    send_code,
    send_link,
)
from tests.at_once import act, in_turn, refusals
from tests.factories.evaluation import GRADED, ranked_case
from tests.factories.kernel import make_region

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLOSES = GRADED + timedelta(days=10)


@pytest.fixture
def case():
    return ranked_case(make_region())


@pytest.fixture
def offer(case):
    return step(case, offer_choice, closes_at=CLOSES)()


def step(case, service, **what):
    return act(service, actor=case.commissioner, now=GRADED, referral_id=case.referral_id, **what)


def job(case, service, offer):
    return act(service, actor=system(case.region.west.id), now=GRADED, offer_id=str(offer.id))


def to_the_parent(case):
    with acting_as(system(case.region.west.id)):
        return Message.objects.filter(to_person__isnull=True).count()


@pytest.mark.off_switch("offer-row-of-link")
def test_the_link_job_run_twice_at_once_makes_one_link(case, offer):
    send = job(case, send_link, offer)

    done = in_turn(send, send)

    assert refusals(done.both) == []
    with acting_as(case.commissioner):
        assert (ParentLink.objects.count(), to_the_parent(case)) == (1, 1)


@pytest.mark.off_switch("offer-row-of-code")
def test_no_code_is_sent_for_a_window_that_is_being_closed(case, offer):
    with acting_as(case.commissioner):
        chosen = Said("option", options_of(offer.id)[0].id)
    step(case, record_choice_by_officer, said=chosen)()

    done = in_turn(step(case, close_choice), job(case, send_code, offer))

    assert refusals(done.both) == []
    assert to_the_parent(case) == 0


@pytest.mark.off_switch("offer-row-of-parent")
def test_two_tries_at_a_code_at_once_are_two(case, offer):
    code = step(case, make_code)()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    enter = act(enter_code, actor=actor, now=GRADED, offer_id=offer.id, code=wrong)

    done = in_turn(enter, enter)

    assert done.both == (CodeAnswer.WRONG, CodeAnswer.WRONG)
    with acting_as(case.commissioner):
        assert ParentCode.objects.get().tries == 2
