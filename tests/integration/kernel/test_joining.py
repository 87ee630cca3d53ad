"""Inviting a colleague, joining by the link, and being removed."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.models import Account, AuditEvent, JoiningLink, Membership, Message, OwedJob
from dps.outbox.jobs import perform
from dps.refusals import NotPermitted
from dps.services.colleagues import (
    MOST_WAITING,
    Colleague,
    HereAlready,
    LastAdministrator,
    NotARoleHere,
    TooManyWaiting,
    cancel_invitation,
    invite_colleague,
    remove_colleague,
)
from dps.services.joining import (
    LASTS,
    SEND_JOINING_LINK,
    LinkEnded,
    NameTaken,
    PasswordMissing,
    UnknownLink,
    find_link,
    hash_of,
    join,
    send_joining_link,
)
from dps.services.people import actor_for
from dps.services.secrets import read_address, read_body
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON, PASSWORD, make_person
from tests.factories.providers import make_provider

BO = Colleague("Bo Writer", "Bo@Example.org", (Role.BID_WRITER,))
EVE = Colleague("Eve Evaluator", "eve@example.org", (Role.EVALUATOR, Role.COMMISSIONER))


@pytest.fixture
def head(region):
    """A provider's only administrator."""
    provider = make_provider("Larkfield")
    return make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.id, name="Ada Head")


@pytest.fixture
def administrator(region):
    return make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west, name="Ann Admin")


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west, name="Dan Manager")


def act(actor, service, *, at=NOON, **what):
    with acting_as(actor, at=at):
        return service(**what, actor=actor, now=at)


def invited(actor, colleague, *, at=NOON):
    with acting_as(actor, at=at):
        return invite_colleague(colleague, actor=actor, now=at)


def sent_letters(chain, *, at=NOON):
    """Address, subject and body of every joining letter, after the job has run."""
    boss = system(chain)
    with acting_as(boss, at=at):
        for owed in OwedJob.objects.filter(job=SEND_JOINING_LINK, done_at__isnull=True):
            perform(owed.job, owed.ids, actor=boss, now=at)
            OwedJob.objects.filter(id=owed.id).update(done_at=at)
        rows = Message.objects.filter(template="dps/joining_link").order_by("created_at", "id")
        return [(read_address(row), row.subject, read_body(row)) for row in rows]


def token_sent(chain, *, at=NOON):
    *_, (_to, _subject, body) = sent_letters(chain, at=at)
    return re.search(r"/join/([\w-]{43})/", body)[1]


def join_by(token, *, at=NOON, password=PASSWORD, name="Bo Writer"):
    return act(public(), join, at=at, token_hash=hash_of(token), name=name, password=password)


def events(chain):
    with acting_as(system(chain)):
        return list(AuditEvent.objects.order_by("at", "id").values_list("action", "actor_name"))


def memberships():
    rows = Membership.objects.order_by("person__name", "id")
    return [(row.person.name, row.roles, row.is_active) for row in rows.select_related("person")]


@pytest.mark.parametrize("name", ["Ada Head", " ada  HEAD ", "Ａda Head"])
def test_nobody_joins_under_the_name_of_a_colleague(head, name):
    invited(head, BO)
    token = token_sent(REGION_ID)

    with pytest.raises(NameTaken):
        join_by(token, name=name)

    assert memberships() == [("Ada Head", ["provider_administrator"], True)]
    assert join_by(token, name="Ada B Head").is_active


def test_a_bid_writer_is_invited_joins_and_acts_for_the_provider(head):
    invited(head, BO)
    [(to, subject, _body)] = sent_letters(REGION_ID)
    assert (to, subject) == ("bo@example.org", "Ada Head has invited you to join Larkfield")
    token = token_sent(REGION_ID)

    membership = join_by(token)

    account = Account.objects.get(email="bo@example.org")
    assert (account.person_id, account.check_password(PASSWORD)) == (membership.person_id, True)
    assert (membership.provider_id, membership.roles) == (head.provider_id, ["bid_writer"])
    assert events(REGION_ID)[-3:] == [
        ("person.invited", "Ada Head"),
        ("person.invitation_sent", "System"),
        ("person.joined", "Bo Writer"),
    ]


def test_a_councils_people_stand_in_its_own_trail(region, administrator):
    invited(administrator, EVE)

    membership = join_by(token_sent(region.west.id), name="Eve Evaluator")

    assert (membership.authority_id, membership.is_central) == (region.west.id, False)
    assert membership.roles == ["commissioner", "evaluator"]
    assert events(region.west.id)[-1] == ("person.joined", "Eve Evaluator")


def test_the_manager_invites_to_the_contract_team_of_the_lead(region, manager):
    invited(manager, Colleague("Cy", "cy@example.org", (Role.CONTRACTS_OFFICER,)))
    [(_to, subject, _body)] = sent_letters(REGION_ID)
    assert subject == "Dan Manager has invited you to join the contract team at West Sussex"

    membership = join_by(token_sent(REGION_ID), name="Cy")

    assert (membership.authority_id, membership.is_central) == (region.west.id, True)
    assert actor_for(membership, person=membership.person).chain_id == REGION_ID


@pytest.mark.off_switch("joining-link-hashed")
def test_only_the_hash_of_the_token_is_kept_and_it_is_sent_once(head):
    link = invited(head, BO)
    token = token_sent(REGION_ID)
    act(system(REGION_ID), send_joining_link, link_id=str(link.id))

    assert len(sent_letters(REGION_ID)) == 1
    with acting_as(head):
        kept = JoiningLink.objects.get()
        assert (kept.token_hash, kept.expires_at) == (hash_of(token), NOON + LASTS)
    with acting_as(system(REGION_ID)):
        row = Message.objects.get(template="dps/joining_link")
        assert token not in f"{row.body}{row.subject}{row.context}"


def test_a_link_works_once_and_for_seven_days(head):
    invited(head, BO)
    token = token_sent(REGION_ID)

    with pytest.raises(LinkEnded):
        join_by(token, at=NOON + LASTS)
    join_by(token, at=NOON + LASTS - timedelta(seconds=1))
    with pytest.raises(LinkEnded):
        join_by(token)
    with pytest.raises(UnknownLink):
        join_by(token[:-1] + ("A" if token[-1] != "A" else "B"))
    with pytest.raises(UnknownLink):
        act(public(), find_link_hash, token_hash="")
    assert [row[0] for row in memberships()] == ["Ada Head", "Bo Writer"]


def find_link_hash(*, token_hash, actor, now):
    return find_link(token_hash, now=now)


def test_a_new_invitation_of_the_same_address_ends_the_earlier(head):
    invited(head, BO)
    old = token_sent(REGION_ID)
    invited(head, BO, at=NOON + timedelta(hours=1))
    new = token_sent(REGION_ID, at=NOON + timedelta(hours=1))

    with pytest.raises(LinkEnded):
        join_by(old)
    assert join_by(new).roles == ["bid_writer"]


def test_a_cancelled_invitation_ends_its_link_sent_or_not(head):
    link = invited(head, BO)
    token = token_sent(REGION_ID)
    act(head, cancel_invitation, link_id=link.id)
    with pytest.raises(LinkEnded):
        join_by(token)

    unsent = invited(head, BO)
    act(head, cancel_invitation, link_id=unsent.id)
    assert len(sent_letters(REGION_ID)) == 1
    with pytest.raises(JoiningLink.DoesNotExist):
        act(head, cancel_invitation, link_id=unsent.id)


def test_who_has_an_account_joins_with_it_and_keeps_its_password(region, head, administrator):
    invited(administrator, Colleague("Ada", email_of(head), (Role.EVALUATOR,)))

    membership = join_by(token_sent(region.west.id), password="another long password", name="X")

    assert (membership.person_id, Account.objects.count()) == (head.person_id, 2)
    assert Account.objects.get(person_id=head.person_id).check_password(PASSWORD)
    assert membership.person.name == "Ada Head"


def email_of(actor):
    return Account.objects.get(person_id=actor.person_id).email


def test_without_an_account_a_password_is_needed_and_nothing_changes(head):
    invited(head, BO)
    token = token_sent(REGION_ID)

    with pytest.raises(PasswordMissing):
        join_by(token, password="")

    assert memberships() == [("Ada Head", ["provider_administrator"], True)]


@pytest.mark.parametrize("roles", [(), (Role.COMMISSIONER,), (Role.DPS_MANAGER, Role.BID_WRITER)])
def test_a_role_of_another_organisation_is_refused(head, roles):
    with pytest.raises(NotARoleHere):
        invited(head, Colleague("Bo", "bo@example.org", roles))

    with acting_as(head):
        assert JoiningLink.objects.count() == 0


def test_who_is_here_is_not_invited_again(head):
    with pytest.raises(HereAlready):
        invited(head, Colleague("Ada", email_of(head).upper(), (Role.BID_WRITER,)))


def test_only_so_many_wait_at_once(head):
    for number in range(MOST_WAITING):
        invited(head, Colleague("Bo", f"bo{number}@example.org", (Role.BID_WRITER,)))

    with pytest.raises(TooManyWaiting):
        invited(head, BO)
    invited(head, Colleague("Bo", "bo0@example.org", (Role.BID_WRITER,)))


def test_who_does_not_look_after_people_changes_nothing(region, head):
    writer = make_person(Role.BID_WRITER, provider_id=head.provider_id)
    own = Membership.objects.get(person_id=head.person_id)
    link = invited(head, BO)

    for service, what in (
        (remove_colleague, {"membership_id": own.id}),
        (cancel_invitation, {"link_id": link.id}),
    ):
        with pytest.raises(NotPermitted):
            act(writer, service, **what)
    for actor in (writer, public(), make_person(Role.APPROVER, authority=region.west)):
        with acting_as(actor), pytest.raises(NotPermitted):
            invite_colleague(BO, actor=actor, now=NOON)
    with pytest.raises(NotPermitted):
        act(head, join, token_hash="", name="", password="")


def test_a_removed_colleague_is_out_at_once_and_comes_back_by_invitation(head):
    invited(head, BO)
    membership = join_by(token_sent(REGION_ID))

    act(head, remove_colleague, membership_id=membership.id)
    membership.refresh_from_db()
    assert membership.is_active is False
    assert events(REGION_ID)[-1] == ("person.removed", "Ada Head")

    again = Colleague("Bo", "bo@example.org", (Role.PROVIDER_ADMINISTRATOR,))
    invited(head, again, at=NOON + timedelta(days=1))
    back = join_by(token_sent(REGION_ID, at=NOON + timedelta(days=1)), at=NOON + timedelta(days=1))
    assert (back.id, back.roles, back.is_active) == (
        membership.id,
        ["provider_administrator"],
        True,
    )


def test_the_last_administrator_stays_and_the_last_but_one_may_go(head):
    own = Membership.objects.get(person_id=head.person_id)
    make_person(Role.BID_WRITER, provider_id=head.provider_id)
    with pytest.raises(LastAdministrator):
        act(head, remove_colleague, membership_id=own.id)

    second = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=head.provider_id)
    act(head, remove_colleague, membership_id=own.id)
    with pytest.raises(NotPermitted):
        act(
            head,
            remove_colleague,
            membership_id=Membership.objects.get(person_id=second.person_id).id,
        )


def test_people_of_others_are_not_found(region, head, administrator, manager):
    east = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.east)
    link = invited(administrator, EVE)
    own = Membership.objects.get(person_id=administrator.person_id)

    for actor in (head, manager, east):
        with pytest.raises(Membership.DoesNotExist):
            act(actor, remove_colleague, membership_id=own.id)
        with pytest.raises(JoiningLink.DoesNotExist):
            act(actor, cancel_invitation, link_id=link.id)


@pytest.mark.off_switch("joining-link-of-own-organisation")
def test_the_database_shows_a_link_to_its_organisation_alone(region, head, administrator, manager):
    for actor, colleague in (
        (head, BO),
        (administrator, EVE),
        (manager, Colleague("Cy", "cy@example.org", (Role.DATA_ANALYST,))),
    ):
        invited(actor, colleague)

    def seen(actor):
        with acting_as(actor):
            try:
                with transaction.atomic():
                    return sorted(JoiningLink.objects.values_list("email", flat=True))
            except DatabaseError:
                return "denied"

    east = make_person(Role.COMMISSIONER, authority=region.east)
    assert [seen(one) for one in (head, administrator, manager, east, public())] == [
        ["bo@example.org"],
        ["eve@example.org"],
        ["cy@example.org"],
        [],
        "denied",
    ]
    assert seen(system(region.west.id)) == ["eve@example.org"]
    assert seen(system(REGION_ID)) == ["bo@example.org", "cy@example.org"]
