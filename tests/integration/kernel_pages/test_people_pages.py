"""The page of an organisation's people, and the page of somebody who was invited."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account, AuditEvent, JoiningLink, Membership, Message, OwedJob
from dps.outbox.jobs import perform
from dps.services.joining import SEND_JOINING_LINK
from dps.services.secrets import read_body
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON, PASSWORD, make_person
from tests.factories.providers import make_provider
from tests.integration.referrals.pages import Browser, own_queries, plain

PEOPLE, INVITE, JOIN = "/people/", "/people/invite/", "/join/"
TYPED = {"name": "Bo Writer", "email": "bo@example.org", "roles": ["bid_writer"]}
GOOD = "seven green bicycles sing"


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def head(region):
    provider = make_provider("Larkfield")
    return make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.id, name="Ada Head")


@pytest.fixture
def browser(head):
    return Browser(head)


@pytest.fixture
def link(browser):
    """The path of the link that was sent to Bo."""
    assert browser.post(INVITE, TYPED).status_code == 302
    boss = system(REGION_ID)
    with acting_as(boss, at=NOON):
        owed = OwedJob.objects.get(job=SEND_JOINING_LINK)
        perform(owed.job, owed.ids, actor=boss, now=NOON)
        body = read_body(Message.objects.get(template="dps/joining_link"))
    return re.search(r"/join/[\w-]{43}/", body)[0]


class Guest:
    """Somebody without an account."""

    def __init__(self, *, now=NOON, address="127.0.0.1"):
        self.client, self.now = Client(REMOTE_ADDR=address), now

    def ask(self, method, path, data=None):
        stamp = {"X-Received-At": f"{self.now.timestamp():.6f}"}
        return getattr(self.client, method)(path, data or {}, headers=stamp)


def rows():
    with acting_as(system(REGION_ID)):
        links = list(JoiningLink.objects.values_list("token_hash", "used_at", "ended_at"))
        return links, AuditEvent.objects.count(), Account.objects.values("id").count()


def test_an_administrator_invites_sees_who_waits_and_cancels(browser):
    own = Account.objects.get(person_id=browser.actor.person_id).email
    assert f"Ada Head (you) {own} Provider administrator" in plain(browser.get(PEOPLE))

    answer = browser.post(INVITE, TYPED)

    assert (answer.status_code, answer["Location"]) == (302, PEOPLE)
    shown = browser.get(PEOPLE)
    assert "We are sending Bo Writer an email" in plain(shown)
    assert "Bo Writer bo@example.org Bid writer Being sent" in plain(shown)
    cancel = re.search(r"/people/invited/[\w-]+/", shown.content.decode())[0]
    assert "stops working" in plain(browser.get(cancel))
    assert browser.post(cancel)["Location"] == PEOPLE
    assert "bo@example.org" not in plain(browser.get(PEOPLE))
    assert browser.get(cancel).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Enter"),
        ({"email": "bo"}, "Enter an email address in the correct format"),
        ({"email": ""}, "Enter"),
        ({"roles": []}, "Select what they will do"),
        ({"roles": ["dps_manager"]}, "Select one of the roles shown here"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field_and_the_rest_kept(browser, changes, words):
    answer = browser.post(INVITE, {**TYPED, **changes})

    assert answer.status_code == 400
    assert words in plain(answer)
    kept = {**TYPED, **changes}
    assert kept["name"] in answer.content.decode() and kept["email"] in answer.content.decode()
    with acting_as(browser.actor):
        assert JoiningLink.objects.count() == 0


def test_who_is_here_already_is_said_at_the_address(browser, head):
    mine = Account.objects.get(person_id=head.person_id).email

    answer = browser.post(INVITE, {**TYPED, "email": mine})

    assert answer.status_code == 409
    assert "is one of your people already" in plain(answer)


def test_the_invited_chooses_a_password_joins_and_signs_in(link):
    guest = Guest()
    first = guest.ask("get", link)
    assert (first.status_code, first["Location"]) == (302, JOIN)
    assert first["Referrer-Policy"] == "no-referrer"
    shown = plain(guest.ask("get", JOIN))
    assert "Join Larkfield Ada Head has invited you" in shown and "Bid writer" in shown

    answer = guest.ask("post", JOIN, {"name": "Bo B. Writer", "password": GOOD})

    assert (answer.status_code, answer["Location"]) == (302, "/join/done/")
    assert "You have joined" in plain(guest.ask("get", "/join/done/"))
    assert Client().login(email="bo@example.org", password=GOOD) or Account.objects.get(
        email="bo@example.org"
    ).check_password(GOOD)
    assert guest.ask("get", JOIN).status_code == 410
    assert Guest().ask("get", link).status_code == 410


def test_the_name_of_a_colleague_is_refused_at_its_field(link):
    guest = Guest()
    guest.ask("get", link)

    answer = guest.ask("post", JOIN, {"name": "ada head", "password": GOOD})

    assert answer.status_code == 400
    assert "Somebody in this organisation has the same name" in plain(answer)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Enter a password"),
        ("short", "Password must be 12 characters or more"),
        ("password1234", "This password is known to many"),
        ("bo@example.org", "Password must not be like your email address"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(link, password, words):
    guest = Guest()
    guest.ask("get", link)

    answer = guest.ask("post", JOIN, {"name": "Bo Writer", "password": password})

    assert answer.status_code == 400
    assert words in plain(answer)
    assert not Account.objects.filter(email="bo@example.org").exists()


def test_nothing_is_decided_by_looking(link):
    before = rows()
    scanner = Guest()
    for method in ("head", "get", "get", "options"):
        for path in (link, JOIN, "/join/done/"):
            scanner.ask(method, path)
    scanner.ask("post", link)

    assert rows() == before
    assert scanner.ask("get", JOIN).status_code == 200


def test_unknown_links_are_not_found_and_guesses_are_slowed(link):
    for token in ("A" * 43, "x"):
        assert Guest().ask("get", f"/join/{token}/").status_code == 404
    guesser = Guest(address="198.51.100.9")
    statuses = [guesser.ask("get", f"/join/{number:043}/").status_code for number in range(22)]
    assert statuses == [404] * 20 + [429] * 2


def test_without_a_link_the_page_is_closed(region):
    guest = Guest()
    assert guest.ask("get", JOIN).status_code == 403
    guest.client.cookies["joining"] = "forged:value:here"
    assert guest.ask("post", JOIN, {"name": "X", "password": GOOD}).status_code == 403


def test_who_has_an_account_is_not_asked_for_a_password(region, browser):
    officer = make_person(Role.APPROVER, authority=region.west, name="Old Hand")
    address = Account.objects.get(person_id=officer.person_id).email
    browser.post(INVITE, {**TYPED, "email": address})
    boss = system(REGION_ID)
    with acting_as(boss, at=NOON):
        owed = OwedJob.objects.get(job=SEND_JOINING_LINK)
        perform(owed.job, owed.ids, actor=boss, now=NOON)
        body = read_body(Message.objects.get(template="dps/joining_link"))
    guest = Guest()
    guest.ask("get", re.search(r"/join/[\w-]{43}/", body)[0])
    assert "your password stays as it is" in plain(guest.ask("get", JOIN))

    assert guest.ask("post", JOIN).status_code == 302

    assert Account.objects.get(person_id=officer.person_id).check_password(PASSWORD)
    assert Membership.objects.filter(person_id=officer.person_id).count() == 2


def test_a_colleague_is_removed_and_the_last_administrator_is_not(browser, head):
    writer = make_person(Role.BID_WRITER, provider_id=head.provider_id, name="Wil Writer")
    theirs = Browser(writer)
    assert theirs.get("/start/").status_code == 200
    page = reverse("remove_colleague", args=[Membership.objects.get(person=writer.person_id).id])
    assert "can see and do nothing" in plain(browser.get(page))

    assert browser.post(page)["Location"] == PEOPLE

    assert "Wil Writer has been removed" in plain(browser.get(PEOPLE))
    assert theirs.get("/start/").status_code == 403
    own = reverse("remove_colleague", args=[Membership.objects.get(person=head.person_id).id])
    refused = browser.post(own)
    assert (refused.status_code, "You are the only one" in plain(refused)) == (409, True)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AUTHORITY_ADMINISTRATOR, 200),
        (Role.DPS_MANAGER, 200),
        (Role.COMMISSIONER, 403),
        (Role.SENIOR_CONTRACTS_OFFICER, 403),
    ],
)
def test_who_looks_after_people(region, role, status):
    browser = Browser(make_person(role, authority=region.west))

    assert {browser.get(path).status_code for path in (PEOPLE, INVITE)} == {status}
    assert ("People" in plain(browser.get("/start/"))) == (status == 200)


def test_people_of_others_are_not_found(region, browser):
    other = make_person(Role.COMMISSIONER, authority=region.west)
    page = reverse("remove_colleague", args=[Membership.objects.get(person=other.person_id).id])

    assert (browser.get(page).status_code, browser.post(page).status_code) == (404, 404)


def test_two_of_one_name_are_told_apart_and_nobody_elses_address_is_shown(browser, head):
    first, second, rival = (
        Account.objects.get(person_id=person.person_id).email
        for person in (
            make_person(Role.BID_WRITER, provider_id=head.provider_id, name="Wil Writer"),
            make_person(Role.BID_WRITER, provider_id=head.provider_id, name="Wil Writer"),
            make_person(Role.BID_WRITER, provider_id=make_provider("Rival").id, name="Wil Writer"),
        )
    )

    shown = plain(browser.get(PEOPLE))

    for address in (first, second):
        assert f"Wil Writer {address} Bid writer" in shown
    assert rival not in shown


def test_a_name_of_two_lines_becomes_one(browser):
    browser.post(INVITE, {**TYPED, "name": "Bo\r\nWriter"})

    assert JoiningLink.objects.get().name == "Bo Writer"


def test_the_list_keeps_to_its_budget(browser, head):
    def asked():
        with CaptureQueriesContext(connection) as found:
            browser.get(PEOPLE)
        return len(found), len(own_queries(found))

    browser.get(PEOPLE)
    one, own = asked()
    for number in range(3):
        make_person(Role.BID_WRITER, provider_id=head.provider_id)
        browser.post(INVITE, {**TYPED, "email": f"bo{number}@example.org"})
    browser.get(PEOPLE)

    assert own <= 12
    assert asked()[0] == one
