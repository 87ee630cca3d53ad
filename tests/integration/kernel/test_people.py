"""Who acts in which capacity, and what a sign-in needs."""

import pytest
from django.urls import reverse

from dps.actors import CENTRAL_ROLES, REGION_ID, Kind, Role, system
from dps.models import Account, AuditEvent, Membership
from dps.refusals import Refusal
from dps.services.authorities import (
    AuthorityCodeTaken,
    NewAuthority,
    add_authority,
    add_region,
)
from dps.services.people import EmailTaken, Joining, enrol
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON, PASSWORD, make_person


def joining(region, **changes):
    facts = {
        "name": "Ann Example",
        "email": "ann@example.org",
        "password": PASSWORD,
        "roles": (Role.COMMISSIONER,),
        "authority_id": region.west.id,
    }
    return Joining(**(facts | changes))


def test_enrolling_makes_person_account_and_membership(region):
    membership = enrol(joining(region), actor=system(region.west.id), now=NOON)

    account = Account.objects.get(email="ann@example.org")
    assert account.person_id == membership.person_id
    assert account.check_password(PASSWORD)
    assert membership.roles == ["commissioner"]
    with acting_as(system(region.west.id)):
        assert AuditEvent.objects.filter(action="person.enrolled").count() == 1


def test_an_email_address_enrols_once_whatever_its_case(region):
    enrol(joining(region), actor=system(region.west.id), now=NOON)

    with pytest.raises(EmailTaken) as refused:
        enrol(joining(region, email="ANN@example.org"), actor=system(region.west.id), now=NOON)

    assert (refused.value.field, Membership.objects.count()) == ("email", 1)


@pytest.mark.parametrize(
    ("roles", "kind"),
    [
        ((Role.COMMISSIONER,), Kind.AUTHORITY),
        ((Role.DPS_MANAGER,), Kind.CENTRAL),
    ],
)
def test_a_membership_makes_one_kind_of_actor(region, roles, kind):
    actor = make_person(*roles, authority=region.west)

    central = bool(CENTRAL_ROLES & set(roles))
    assert (actor.kind, actor.authority_id) == (kind, None if central else region.west.id)
    assert actor.chain_id == (REGION_ID if central else region.west.id)


def test_a_code_joins_once(region):
    new = NewAuthority(code="WSX", name="Another", kind="joiner", joined_on=NOON.date())
    boss = system(REGION_ID)

    with acting_as(boss), pytest.raises(AuthorityCodeTaken):
        add_authority(new, actor=boss, now=NOON)


def test_adding_the_region_twice_changes_nothing(region):
    assert add_region(now=NOON).id == REGION_ID


def test_only_the_system_adds_authorities(region):
    actor = make_person(Role.DPS_MANAGER, authority=region.west)
    new = NewAuthority(code="KEN", name="Kent", kind="partner", joined_on=NOON.date())

    with acting_as(actor), pytest.raises(Refusal):
        add_authority(new, actor=actor, now=NOON)


def account_of(actor):
    return Account.objects.get(person_id=actor.person_id)


@pytest.mark.off_switch("second-factor")
def test_without_a_second_factor_nobody_gets_past_its_set_up(region, client):
    client.force_login(account_of(make_person(Role.COMMISSIONER, authority=region.west)))

    response = client.get(reverse("start"))

    to = response.headers.get("Location")
    assert (response.status_code, to) == (302, reverse("mfa_activate_totp"))


def test_a_stranger_is_asked_to_sign_in(region, client):
    response = client.get(reverse("start"))

    assert response["Location"] == f"{reverse('account_login')}?next=%2Fstart%2F"


def test_whoever_has_no_role_is_told_so(region, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    actor = make_person(Role.COMMISSIONER, authority=region.west)
    Membership.objects.filter(person_id=actor.person_id).update(is_active=False)
    client.force_login(account_of(actor))

    assert client.get(reverse("start")).status_code == 403


def test_a_person_switches_between_capacities_of_their_own_only(region, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    actor = make_person(Role.COMMISSIONER, authority=region.west)
    mine = Membership.objects.create(
        person_id=actor.person_id, authority=region.east, roles=["approver"]
    )
    rivals = make_person(Role.APPROVER, authority=region.east)
    theirs = Membership.objects.get(person_id=rivals.person_id)
    client.force_login(account_of(actor))

    switched = client.post(reverse("account"), {"membership": str(mine.pk)})
    refused = client.post(reverse("account"), {"membership": str(theirs.pk)})

    assert (switched.status_code, refused.status_code) == (302, 400)
    assert client.session["membership_id"] == str(mine.pk)
