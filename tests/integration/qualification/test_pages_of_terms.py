"""The pages of the contract terms: reading, accepting, publishing and following them."""

import hashlib
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account
from dps.tenancy.identity import acting_as
from qualification.models import Acceptance, Terms
from tests.factories import asking
from tests.factories.asking import FIRST, SECOND, accept, put_on_the_list
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.market_pages import errors_of, in_days, text_of, today, typed

BOSS = system(REGION_ID)
TERMS = reverse("qualification:terms")
YOURS = reverse("qualification:your_terms")
SENT = reverse("qualification:terms_versions")
NEW = reverse("qualification:new_terms")
START = reverse("start")
SIGNED = {"signatory": "Ann Oak", "position": "Director", "may_sign": "on"}


def page(name, number=1):
    return reverse(f"qualification:{name}", args=[number])


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def sign_in(client, settings):
    """As one person after the other, whose password was asked for a moment ago."""
    settings.SECOND_FACTOR_REQUIRED = False

    def as_actor(actor):
        account = Account.objects.get(person_id=actor.person_id)
        client.force_login(account)
        session = client.session
        session["account_authentication_methods_user"] = str(account.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
        return client

    return as_actor


@pytest.fixture
def published(manager):
    return asking.publish(manager)


@pytest.fixture
def late(oak, manager):
    """Published, with a last day that has passed for the one provider on the list."""
    put_on_the_list(oak, on=NOON - timedelta(days=90))
    new = replace(FIRST, accept_by=FIRST.from_date + timedelta(days=1))
    return asking.publish(manager, new)


@pytest.fixture
def upcoming(manager, published):
    return asking.publish(manager, replace(SECOND, from_date=in_days(20), accept_by=in_days(15)))


def sha256(number=1):
    with acting_as(BOSS):
        return Terms.objects.get(number=number).sha256


def test_without_terms_the_page_says_so(client, region):
    assert "No terms are published yet." in text_of(client.get(TERMS))
    assert client.get(page("terms_version", 1)).status_code == 404
    assert client.get(page("terms_text", 99_999_999_999)).status_code == 404


def test_everybody_reads_the_terms_in_force_and_those_to_come(client, upcoming):
    words = text_of(client.get(TERMS))

    assert "In force since 2 November 2026 until" in words
    assert "1. What We agree on this. one two" in words
    assert "Version 2 : From" in words
    later = text_of(client.get(page("terms_version", 2)))
    assert "What is new in this version More is agreed." in later
    text = client.get(page("terms_text", 1))
    assert hashlib.sha256(text.content).hexdigest() == sha256()
    assert sha256() in words
    assert text["Content-Type"] == "text/plain; charset=utf-8"


def test_a_signatory_accepts_what_waits_on_the_start_page(oak, upcoming, sign_in):
    put_on_the_list(oak)
    browser = sign_in(oak.head)
    before = text_of(browser.get(START))
    read = browser.get(page("accept_terms"))
    done = browser.post(page("accept_terms"), SIGNED | {"sha256": sha256()}, follow=True)

    assert "The contract terms to accept Accept it by 30 November 2026" in before
    assert "A variation of the terms to accept Accept it by" in before
    assert "Please accept it by 30 November 2026." in text_of(read)
    assert sha256() in text_of(read)
    assert "Version 1 is accepted for your organisation." in text_of(done)
    after = text_of(browser.get(START))
    assert "The contract terms to accept" not in after
    assert "A variation of the terms to accept" in after
    again = browser.get(page("accept_terms"))
    assert "Ann Oak, Director, accepted this version" in text_of(again)
    assert b'name="signatory"' not in again.content
    with acting_as(oak.head):
        assert Acceptance.objects.get().sha256 == sha256()


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"signatory": " "}, 400, ["Enter your full name"]),
        ({"position": ""}, 400, ["Enter your position"]),
        ({"may_sign": ""}, 400, ["Tick the box if you have read the terms and may sign"]),
        ({"sha256": "0" * 64}, 409, []),
        ({"sha256": "0" * 65}, 400, None),
    ],
)
def test_what_is_not_signed_comes_back_with_what_was_typed(
    oak, published, sign_in, change, status, said
):
    put_on_the_list(oak)
    sent = SIGNED | {"sha256": sha256()} | change
    response = sign_in(oak.head).post(page("accept_terms"), sent)

    assert response.status_code == status
    assert said is None or errors_of(response) == [f"Error: {each}" for each in said]
    assert b'value="Director"' in response.content or "position" in change
    with acting_as(BOSS):
        assert not Acceptance.objects.exists()


def test_the_password_is_asked_again_before_accepting(oak, published, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(Account.objects.get(person_id=oak.head.person_id))
    response = client.post(page("accept_terms"), SIGNED | {"sha256": sha256()})

    assert (response.status_code, "reauthenticate" in response["Location"]) == (302, True)


def test_who_is_on_no_list_has_nothing_to_accept(oak, published, sign_in):
    browser = sign_in(oak.head)

    assert "There is nothing to accept yet." in text_of(browser.get(YOURS))
    assert "once one of your establishments is on the list" in text_of(
        browser.get(page("accept_terms"))
    )
    assert "Contract terms" not in text_of(browser.get(START)).partition("Also here")[0]
    response = browser.post(page("accept_terms"), SIGNED | {"sha256": sha256()})
    assert response.status_code == 409
    assert browser.get(page("accept_terms", 7)).status_code == 404


def test_the_manager_publishes_the_first_terms_from_the_shipped_text(manager, sign_in, region):
    browser = sign_in(manager)
    first = browser.get(NEW)
    assert "1. What these terms are" in text_of(first)
    assert b'name="change"' not in first.content
    sent = {
        "after": "0",
        "title": "Terms",
        "text": "# One\r\n\r\nTwo.",
        **typed("from_date", today()),
        **typed("accept_by", in_days(28)),
    }
    done = browser.post(NEW, sent, follow=True)

    assert "We are sending it to every provider on the list." in text_of(done)
    with acting_as(BOSS):
        assert Terms.objects.get().text == "# One\n\nTwo."
    second = text_of(browser.get(NEW))
    assert "Publish version 2 of the terms" in second
    again = browser.post(NEW, sent | {"change": "Less."})
    assert again.status_code == 409
    assert "Somebody else has published a version at this moment." in text_of(again)
    assert "Less." in text_of(again)


def test_mistakes_of_the_manager_stand_at_their_fields(manager, published, sign_in):
    sent = {
        "after": "1",
        "title": "",
        "text": "Kept words.",
        "change": " ",
        "from_date_day": "x",
        **typed("accept_by", today()),
    }
    response = sign_in(manager).post(NEW, sent)

    assert response.status_code == 400
    assert "Kept words." in text_of(response)
    assert errors_of(response)[:2] == ["Error: Enter the title", "Error: Enter what is new in it"]


def test_the_team_follows_who_has_accepted_and_reminds(oak, late, sign_in):
    rival = put_on_the_list(make_applying(oak.region, "Rival Trust"))
    accept(rival.head)
    browser = sign_in(oak.officer)

    assert "1 provider has not accepted version 1 of the terms in time" in text_of(
        browser.get(START)
    )
    assert "Version 1 In force since 2 November 2026" in text_of(browser.get(SENT))
    everybody = text_of(browser.get(page("terms_progress")))
    assert "All (2) Accepted (1) To accept (0) Overdue (1)" in everybody
    assert "Rival Trust Accepted" in everybody
    assert "Ann Oak, Director" in everybody
    behind = text_of(browser.get(page("terms_progress"), {"show": "overdue"}))
    assert ("Oak Trust Overdue" in behind, "Rival Trust" in behind) == (True, False)
    assert browser.get(page("terms_progress"), {"show": "x", "page": "y"}).status_code == 200

    done = browser.post(page("remind_terms"), follow=True)
    assert "We are reminding 1 provider by email." in text_of(done)
    assert "Last reminded by hand on" in text_of(done)
    again = browser.post(page("remind_terms"))
    assert (again.status_code, "were reminded today already" in text_of(again)) == (409, True)


def test_the_overdue_are_told_what_follows(oak, late, sign_in):
    browser = sign_in(oak.head)

    assert "The contract terms to accept Overdue: the last day was" in text_of(browser.get(START))
    assert "Your places on the list stay as they are" in text_of(browser.get(page("accept_terms")))


def test_who_may_not_look_is_not_let_in(oak, manager, published, sign_in):
    for actor, addresses in (
        (oak.writer, (YOURS, page("accept_terms"), SENT, NEW)),
        (oak.officer, (YOURS, page("accept_terms"), NEW)),
        (oak.head, (SENT, page("terms_progress"), NEW)),
    ):
        browser = sign_in(actor)
        assert [browser.get(each).status_code for each in addresses] == [403] * len(addresses)


def test_links_lead_there(oak, manager, published, sign_in, client):
    join = client.get(reverse("qualification:how_to_join")).content.decode()
    assert f'href="{TERMS}"' in join
    mine = reverse("qualification:mine")
    assert f'href="{YOURS}"' in sign_in(oak.head).get(mine).content.decode()
    assert f'href="{TERMS}"' in sign_in(oak.writer).get(mine).content.decode()
    markets = reverse("qualification:markets")
    assert f'href="{SENT}"' in sign_in(oak.officer).get(markets).content.decode()
    assert f'href="{NEW}"' not in sign_in(oak.officer).get(SENT).content.decode()
    assert f'href="{NEW}"' in sign_in(manager).get(SENT).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_as_often_for_three_as_for_one(
    oak, published, sign_in, number, django_assert_max_num_queries
):
    put_on_the_list(oak)
    for each in range(number - 1):
        accept(put_on_the_list(make_applying(oak.region, f"Trust {each}")).head)
    for actor, address in (
        (oak.officer, page("terms_progress")),
        (oak.officer, SENT),
        (oak.head, YOURS),
        (oak.head, page("accept_terms")),
    ):
        browser = sign_in(actor)
        with django_assert_max_num_queries(20):
            assert browser.get(address).status_code == 200
