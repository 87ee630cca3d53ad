"""A provider registers: organisation, person and account together, or none of them."""

import pytest
from django.core import mail

from dps.actors import REGION_ID, Role, public, system
from dps.models import Account, AuditEvent, Membership, Message
from dps.outbox.jobs import perform
from dps.refusals import NotPermitted
from dps.services.messages import SEND_MESSAGE
from dps.services.people import EmailTaken
from dps.tenancy.identity import acting_as
from providers.models import Provider
from providers.services.registering import (
    CompanyNumberTaken,
    NewProvider,
    ProviderNameTaken,
    register_provider,
)
from tests.factories.kernel import NOON, PASSWORD, make_person

ANYBODY = public("192.0.2.1")


def new(**changes):
    usual = {
        "name": "Larkfield Education Ltd",
        "company_number": "01234567",
        "person_name": "Ada Lark",
        "email": "ada@larkfield.example",
        "password": PASSWORD,
    }
    return NewProvider(**(usual | changes))


def register(actor=ANYBODY, **changes):
    with acting_as(actor):
        return register_provider(new(**changes), actor=actor, now=NOON)


def written():
    return Provider.objects.count(), Account.objects.count(), Membership.objects.count()


def test_the_first_person_becomes_administrator_and_can_sign_in(region, client):
    provider = register()

    (membership,) = Membership.objects.filter(provider_id=provider.id)
    assert (membership.roles, membership.person.name) == ([Role.PROVIDER_ADMINISTRATOR], "Ada Lark")
    assert (provider.name, provider.company_number, provider.contact_email) == (
        "Larkfield Education Ltd",
        "01234567",
        "ada@larkfield.example",
    )
    assert Account.objects.get(email="ada@larkfield.example").check_password(PASSWORD)


def test_who_registers_is_told_what_happens_next(region):
    register()
    boss = system(REGION_ID)
    with acting_as(boss):
        message = Message.objects.get()
        perform(SEND_MESSAGE, {"message_key": message.key}, actor=boss, now=NOON)
        message.refresh_from_db()

    assert (message.to_person.name, message.subject) == (
        "Ada Lark",
        "Larkfield Education Ltd is registered",
    )
    assert "Claim each school, home or agency that you run" in message.body
    assert [each.to for each in mail.outbox] == [["ada@larkfield.example"]]


def test_both_events_stand_in_the_regions_chain(region):
    register()

    with acting_as(system(REGION_ID)):
        events = AuditEvent.objects.filter(actor_kind="public").order_by("id")
        assert list(events.values_list("action", flat=True)) == [
            "provider.registered",
            "person.enrolled",
        ]


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"name": "LARKFIELD education ltd", "company_number": ""}, ProviderNameTaken, "name"),
        ({"name": "Another"}, CompanyNumberTaken, "company_number"),
        (
            {"name": "Another", "company_number": "", "email": "ADA@larkfield.example"},
            EmailTaken,
            "email",
        ),
    ],
)
def test_what_is_taken_is_refused_at_its_field_and_nothing_changes(region, changes, refusal, field):
    register()
    before = written()
    other = {"email": "other@larkfield.example"} if field != "email" else {}

    with pytest.raises(refusal) as caught:
        register(**(other | changes))

    assert (caught.value.field, written()) == (field, before)


def test_two_organisations_without_a_company_number_may_register(region):
    register(company_number="")
    register(name="Another", company_number="", email="other@larkfield.example")

    assert Provider.objects.count() == 2


def test_somebody_signed_in_registers_no_organisation(region):
    officer = make_person(Role.CONTRACTS_OFFICER, authority=region.west)
    before = written()

    with pytest.raises(NotPermitted):
        register(actor=officer)

    assert written() == before


def test_a_password_is_never_shown():
    assert PASSWORD not in repr(new())
