"""The pages of agreements, as each side sees them."""

from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from contracts.models import Agreement, Signature
from contracts.services.agreements import make_agreement as make_agreement_job
from dps.actors import Role, system
from dps.models import Account, AuditEvent
from dps.tenancy.identity import acting_as
from tests.factories.contracts import AWARDED, make_agreement, make_award, make_sides, sign_as
from tests.factories.kernel import make_person
from tests.factories.referrals import make_school
from tests.integration.contracts.pages import count_queries, h1_of, text_of
from tests.integration.partitions import assert_one_partition_each, explained


def page_of(agreement, name="agreement"):
    return reverse(f"contracts:{name}", args=[agreement.authority_id, agreement.id])


def test_both_sides_find_their_agreement_and_nobody_else_does(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    strangers = [make_person(Role.APPROVER, authority=region.east), make_school(region).head]

    seen = {}
    for actor in (sides.approver, sides.head, *strangers):
        client = browser(actor)
        listed = agreement.reference in text_of(client.get(reverse("contracts:agreements")))
        seen[actor.name] = (listed, client.get(page_of(agreement)).status_code)

    assert seen == {
        sides.approver.name: (True, 200),
        sides.head.name: (True, 200),
        strangers[0].name: (False, 404),
        strangers[1].name: (False, 404),
    }


def test_the_page_says_who_signs_next(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    client = browser(sides.head)

    before = text_of(client.get(page_of(agreement)))
    sign_as(sides.head, agreement)
    between = text_of(client.get(page_of(agreement)))
    sign_as(sides.approver, agreement)
    after = text_of(client.get(page_of(agreement)))

    assert "Read the agreement, then sign it." in before
    assert "Read and sign" in before
    assert f"Your side has signed. {sides.authority.name} signs next." in between
    assert "Read and sign" not in between
    assert "The agreement is in force." in after


def test_signing_with_name_and_tick(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    client = browser(sides.approver)
    form = client.get(page_of(agreement, "sign_for_council"))
    typed = {"name": sides.approver.name, "has_read": "on", "sha256": agreement.sha256}

    response = client.post(page_of(agreement, "sign_for_council"), typed, follow=True)

    assert h1_of(form) == f"Sign for {sides.authority.name}"
    assert agreement.sha256 in text_of(form)
    assert "You have signed. The other side signs next." in text_of(response)
    with acting_as(system(sides.authority.id)):
        assert Signature.objects.get().signed_name == sides.approver.name


def test_a_slip_is_said_at_the_field_and_what_was_typed_is_kept(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    client = browser(sides.head)
    address = page_of(agreement, "sign_for_provider")

    empty = client.post(address, {"sha256": agreement.sha256})
    wrong = client.post(address, {"name": "Nobody", "has_read": "on", "sha256": agreement.sha256})

    assert (empty.status_code, wrong.status_code) == (400, 400)
    assert "Enter your full name" in text_of(empty)
    assert "Tick the box if you have read it and may sign" in text_of(empty)
    assert f"Enter your name as it is on your account: {sides.head.name}" in text_of(wrong)
    assert 'value="Nobody"' in wrong.content.decode()
    with acting_as(system(sides.authority.id)):
        assert not Signature.objects.exists()
        refused = AuditEvent.objects.filter(action="attempt.refused")
        assert refused.count() == 0  # it stands in the region's trail, where providers sign in
    with acting_as(system(0)):
        assert AuditEvent.objects.filter(action="attempt.refused").count() == 1


def test_signing_twice_is_refused_in_plain_words(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    sign_as(sides.approver, agreement)
    second = make_person(Role.APPROVER, authority=sides.authority, name="Second Approver")
    typed = {"name": "Second Approver", "has_read": "on", "sha256": agreement.sha256}

    response = browser(second).post(page_of(agreement, "sign_for_council"), typed)

    assert response.status_code == 409
    assert "Your side has already signed this agreement" in text_of(response)


@pytest.mark.off_switch("password-again")
def test_signing_asks_for_the_password_again(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    sides = make_sides(region)
    agreement = make_agreement(sides)
    client = Client()
    client.force_login(Account.objects.get(person_id=sides.approver.person_id))

    response = client.get(page_of(agreement, "sign_for_council"))

    assert response.status_code == 302
    assert response["Location"].startswith("/account/reauthenticate/")


def test_the_list_asks_as_much_for_three_as_for_one(region, browser):
    sides = make_sides(region)
    make_agreement(sides)
    clients = [browser(sides.approver), browser(sides.head)]
    address = reverse("contracts:agreements")

    ones = [count_queries(client, address) for client in clients]
    make_agreement(sides)
    make_agreement(sides)
    threes = [count_queries(client, address) for client in clients]

    assert ones == threes
    assert max(ones) <= 12
    with acting_as(system(sides.authority.id)):
        assert Agreement.objects.count() == 3


def test_the_list_is_filtered_by_state_and_words(region, browser):
    sides = make_sides(region)
    waiting, signed = make_agreement(sides), make_agreement(sides)
    sign_as(sides.head, signed)
    client = browser(sides.approver)
    address = reverse("contracts:agreements")

    found = text_of(client.get(address, {"state": "part_signed"}))
    searched = text_of(client.get(address, {"search": waiting.reference}))

    assert (signed.reference in found, waiting.reference in found) == (True, False)
    assert (signed.reference in searched, waiting.reference in searched) == (False, True)
    assert client.get(address, {"state": "nonsense"}).status_code == 400


def test_every_statement_of_these_pages_touches_one_partition(region, browser):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    clients = {
        "sign_for_council": browser(sides.approver),
        "sign_for_provider": browser(sides.head),
    }

    with explained() as seen:
        for signing_page, client in clients.items():
            for address in (
                reverse("contracts:agreements"),
                page_of(agreement),
                page_of(agreement, signing_page),
            ):
                assert client.get(address).status_code == 200

    assert_one_partition_each(seen)
    assert {"contracts_agreement", "contracts_signature"} <= seen.touched


def test_both_sides_read_the_same_file_and_the_council_sees_who_did(region, browser):
    sides = make_sides(region)
    award = make_award(sides)
    boss = system(sides.authority.id)
    with acting_as(boss):
        make_agreement_job(award_id=str(award.id), actor=boss, now=AWARDED)
        agreement = Agreement.objects.get()
    address = reverse("document", args=[agreement.authority_id, agreement.document_id])

    files = [browser(actor).get(address).content for actor in (sides.approver, sides.head)]

    assert {sha256(file).hexdigest() for file in files} == {agreement.sha256}
    with acting_as(boss):
        readings = AuditEvent.objects.filter(action="document.read").order_by("at")
        assert list(readings.values_list("actor_name", flat=True)) == [
            sides.approver.name,
            sides.head.name,
        ]
