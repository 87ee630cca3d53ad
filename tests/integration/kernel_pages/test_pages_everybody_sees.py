"""The kernel's own pages: welcome, start, account, audit trail, mailbox, and about the service."""

import csv
import io
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.audit import Act, record
from dps.models import Account, Membership, Message
from dps.tenancy.identity import acting_as
from dps.waiting import Section, Waiting
from tests.factories.kernel import NOON, make_person

ABOUT = ("accessibility", "privacy", "cookies", "help")


@pytest.fixture
def signed_in(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return sign_in


@pytest.fixture
def administrator(region):
    return make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west, name="Ada Lovelace")


def words(response):
    return response.content.decode()


def test_the_welcome_says_where_to_go(region, client):
    page = words(client.get("/"))

    assert reverse("account_login") in page
    assert reverse("providers:register") in page
    for who in ("Schools, homes and other providers", "Councils", "Parents and carers"):
        assert who in page


def test_the_welcome_sends_those_who_are_signed_in_to_what_waits(administrator, signed_in):
    assert signed_in(administrator).get("/").headers["Location"] == "/start/"


@pytest.mark.parametrize("name", ABOUT)
def test_pages_about_the_service_open_for_everybody(administrator, client, signed_in, name):
    address = reverse("static_page", args=[name])

    assert client.get(address).status_code == 200
    assert signed_in(administrator).get(address).status_code == 200


def test_every_page_leads_to_them(region, client):
    page = words(client.get("/"))

    assert [name for name in ABOUT if reverse("static_page", args=[name]) not in page] == []


def test_a_page_about_nothing_is_not_found(region, client):
    assert client.get("/about/nothing/").status_code == 404


def test_help_names_the_lead_councils_contact(region, client):
    with acting_as(system(REGION_ID)):
        region.west.contact_email = "places@westsussex.example"
        region.west.save()

    assert "mailto:places@westsussex.example" in words(client.get("/about/help/"))


def test_start_shows_sections_their_dates_and_what_comes_when_nothing_waits(
    administrator, signed_in, monkeypatch
):
    late, soon = NOON - timedelta(days=3), NOON + timedelta(days=36500)
    items = (
        Waiting("Open the bids", "/bids/", "Two people are needed", due_at=late),
        Waiting("Grade", "/grade/", due_at=soon),
    )
    sections = [
        Section("Referrals", items, "", "All referrals", "/all/"),
        Section("Agreements", (), "Nothing to sign. We email you."),
    ]
    monkeypatch.setattr("dps.views.start.sections_for", lambda *_: iter(sections))

    page = words(signed_in(administrator).get("/start/"))

    for part in (
        'href="/bids/">Open the bids</a>',
        "Two people are needed",
        "Since 30 October 2026",
        "By 9 October 2126 at 1pm",
        'href="/all/">All referrals</a>',
        "Nothing to sign. We email you.",
        reverse("audit_trail"),
    ):
        assert part in page


def test_start_without_any_section_says_that_nothing_waits(administrator, signed_in, monkeypatch):
    monkeypatch.setattr("dps.views.start.sections_for", lambda *_: iter(()))

    assert "Nothing waits for you now" in words(signed_in(administrator).get("/start/"))


def test_the_role_is_changed_on_the_account_page(region, administrator, signed_in):
    other = Membership.objects.create(
        person_id=administrator.person_id, authority=region.east, roles=[Role.COMMISSIONER]
    )
    browser = signed_in(administrator)

    page = words(browser.get("/you/"))
    moved = browser.post("/you/", {"membership": str(other.pk)}, follow=True)

    assert "West Sussex: Authority administrator" in page
    assert "East Sussex: Commissioner" in page
    assert "Ada Lovelace (Commissioner)" in words(moved)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (None, "Select the role in which you want to work"),
        ("00000000-0000-7000-8000-000000000000", "This role is not yours, or no longer"),
    ],
)
def test_a_role_that_is_nobodys_is_refused_at_the_field(
    region, administrator, signed_in, chosen, said
):
    Membership.objects.create(
        person_id=administrator.person_id, authority=region.east, roles=[Role.COMMISSIONER]
    )
    response = signed_in(administrator).post("/you/", {"membership": chosen} if chosen else {})

    assert response.status_code == 400
    assert said in words(response)


def test_another_persons_role_cannot_be_taken(region, administrator, signed_in):
    theirs = make_person(Role.APPROVER, authority=region.east)
    membership = Membership.objects.get(person_id=theirs.person_id)

    response = signed_in(administrator).post("/you/", {"membership": str(membership.pk)})

    assert response.status_code == 400
    assert "Ada Lovelace (Authority administrator)" in words(response)


@pytest.fixture
def trail(region, administrator):
    with acting_as(administrator):
        for number in range(60):
            act = Act("referral.issued", region.west, {"number": number, "text": "=1+1"})
            record(act, actor=administrator, at=NOON + timedelta(minutes=number))


def test_the_trail_is_paged_searched_and_downloaded(trail, administrator, signed_in):
    browser = signed_in(administrator)
    first, second = (words(browser.get("/audit-trail/", {"page": n})) for n in (1, 2))
    searched = words(browser.get("/audit-trail/", {"search": "authority joined"}))
    rows = list(csv.DictReader(io.StringIO(words(browser.get("/audit-trail.csv")))))

    assert "number: 59" in first
    assert "number: 0," in second
    assert "1 event<" in searched
    assert len([row for row in rows if row["What"] == "Referral issued"]) == 60
    assert rows[0]["Who"] == "Ada Lovelace"


@pytest.mark.parametrize("search", ["Ada Love", "referral issued", "Referral"])
def test_the_trail_is_found_by_what_the_page_shows(trail, administrator, signed_in, search):
    page = words(signed_in(administrator).get("/audit-trail/", {"search": search}))

    assert "60 events" in page


def test_a_search_without_result_says_so(administrator, signed_in):
    page = words(signed_in(administrator).get("/audit-trail/", {"search": "%_nothing"}))

    assert "Nothing is called that" in page


@pytest.mark.off_switch("permission-of-pages")
def test_who_may_not_read_the_trail(region, signed_in):
    commissioner = make_person(Role.COMMISSIONER, authority=region.west)

    assert signed_in(commissioner).get("/audit-trail/").status_code == 403


@pytest.fixture
def post(region, settings):
    settings.DEMO = True
    person = make_person(Role.COMMISSIONER, authority=region.west)
    with acting_as(system(region.west.id)):
        return [
            Message.objects.create(
                authority=region.west,
                key=f"k{number}",
                template="t",
                channel=channel,
                to_person_id=person.person_id,
                subject=subject,
                body=f"<b>Look</b> at http://127.0.0.1:8000/start/ {number}",
                created_at=NOON,
                sent_at=NOON,
            )
            for number, (channel, subject) in enumerate((("email", "An award"), ("text", "")))
        ]


def test_the_mailbox_shows_emails_and_text_messages(post, client):
    page = words(client.get("/mailbox/"))

    assert "An award" in page
    assert "Text message" in page
    assert "2 messages" in page


def test_the_mailbox_is_searched_by_address(post, client):
    email = Account.objects.get(person_id=post[0].to_person_id).email

    assert "2 messages" in words(client.get("/mailbox/", {"to": email[:9]}))
    assert "No message was sent to such an address" in words(
        client.get("/mailbox/", {"to": "nobody@"})
    )


def test_a_message_is_shown_with_links_and_without_markup(post, client):
    page = words(client.get(f"/mailbox/{post[0].authority_id}/{post[0].id}/"))

    assert '<a class="govuk-link" href="http://127.0.0.1:8000/start/"' in page
    assert "&lt;b&gt;Look&lt;/b&gt;" in page


def test_outside_the_demonstration_there_is_no_mailbox(post, client, settings):
    settings.DEMO = False

    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{post[0].authority_id}/{post[0].id}/").status_code == 404


def test_the_letter_about_the_audit_trail_holds_its_mark():
    text = render_to_string(
        "dps/messages/audit_head.txt", {"authority": "Kent & Co", "mark": "ab12"}
    )

    assert text.strip().splitlines()[0] == "Record of the audit trail of Kent & Co"
    assert "Mark: ab12" in text
