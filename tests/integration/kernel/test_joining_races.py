"""Two at once over a joining link, or over each other's part in an organisation."""

import pytest

from dps.actors import REGION_ID, Role, public, system
from dps.models import JoiningLink, Membership, Message
from dps.refusals import NotPermitted
from dps.services.colleagues import (
    Colleague,
    cancel_invitation,
    invite_colleague,
    remove_colleague,
)
from dps.services.joining import LinkEnded, hash_of, join, send_joining_link
from dps.tenancy.identity import acting_as, signing_in
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, PASSWORD, make_person
from tests.factories.providers import make_provider

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BO = Colleague("Bo Writer", "bo@example.org", (Role.BID_WRITER,))
TOKEN_HASH = hash_of("a token")


@pytest.fixture
def head(region):
    return make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=make_provider("Larkfield").id)


@pytest.fixture
def link(head):
    return act(invite_colleague, BO, actor=head, now=NOON)()


@pytest.fixture
def sent(link):
    with signing_in():
        JoiningLink.objects.update(token_hash=TOKEN_HASH, expires_at=NOON.replace(year=2030))
    return link


def joining():
    return act(join, actor=public(), now=NOON, token_hash=TOKEN_HASH, name="Bo", password=PASSWORD)


@pytest.mark.off_switch("joining-link-row-of-sending")
def test_a_joining_link_is_sent_once(link):
    send = act(send_joining_link, actor=system(REGION_ID), now=NOON, link_id=str(link.id))

    done = in_turn(send, send)

    assert done.both == (None, None)
    with acting_as(system(REGION_ID)):
        assert Message.objects.filter(template="dps/joining_link").count() == 1


@pytest.mark.off_switch("joining-link-row")
def test_a_joining_link_is_used_once(sent):
    done = in_turn(joining(), joining())

    assert refusals(done.both) == [LinkEnded]
    assert Membership.objects.filter(person__name="Bo").count() == 1


@pytest.mark.off_switch("joining-link-row-of-cancelling")
def test_a_link_that_is_being_used_is_not_cancelled(head, sent):
    done = in_turn(joining(), act(cancel_invitation, actor=head, now=NOON, link_id=sent.id))

    assert isinstance(done.first, Membership)
    assert isinstance(done.second, JoiningLink.DoesNotExist)


@pytest.mark.off_switch("rows-of-colleagues")
def test_of_two_who_remove_each_other_one_stays(head):
    other = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=head.provider_id)
    parts = {one.person_id: one.id for one in Membership.objects.all()}

    done = in_turn(
        act(remove_colleague, actor=head, now=NOON, membership_id=parts[other.person_id]),
        act(remove_colleague, actor=other, now=NOON, membership_id=parts[head.person_id]),
    )

    assert refusals(done.both) == [NotPermitted]
    assert Membership.objects.filter(provider_id=head.provider_id, is_active=True).count() == 1
