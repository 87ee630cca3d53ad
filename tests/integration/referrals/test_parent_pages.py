"""The parent's pages: what the link alone shows, the code, the comparison, and mail scanners."""

import re
import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError

from dps.actors import system
from dps.models import AuditEvent, Message, OwedJob
from dps.services.secrets import read_body
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import ParentChoice, ParentCode, ParentLink
from referrals.services.choosing import offer_choice
from referrals.services.closing_choice import close_choice
from referrals.services.parent_links import make_code, send_new_link
from tests.factories.evaluation import GRADED, ranked_case
from tests.integration.partitions import assert_one_partition_each, explained
from tests.integration.referrals.pages import Browser, own_queries, plain

CLOSES = GRADED + timedelta(days=10)
ENTER, COMPARE = "/choice/", "/choice/compare/"
SECRETS = ("Robin", "Ash", "RA", "Alder", "Birch", "SEN day", "Speech", "WSX-2026")


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def case(region):
    case = ranked_case(region)
    case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=CLOSES, at=GRADED
    )
    case.run_jobs(jobs.SEND_CHOICE_LINK)
    return case


@pytest.fixture
def link(case):
    with acting_as(system(case.region.west.id)):
        body = read_body(Message.objects.get(to_person__isnull=True))
    return re.search(r"/choice/[\w-]{43}/", body)[0]


class Parent:
    """A browser without an account, whose requests arrive when the test says."""

    def __init__(self, *, now=GRADED, address="127.0.0.1"):
        self.client, self.now = Client(REMOTE_ADDR=address), now

    def ask(self, method, path, data=None):
        stamp = {"X-Received-At": f"{self.now.timestamp():.6f}"}
        return getattr(self.client, method)(path, data or {}, headers=stamp)

    def get(self, path):
        return self.ask("get", path)

    def post(self, path, **data):
        return self.ask("post", path, data)


def read_out(case, *, at=GRADED):
    return case.act(case.commissioner, make_code, referral_id=case.referral_id, at=at)


def inside(case, link):
    """A parent past link and code."""
    parent = Parent()
    parent.get(link)
    assert parent.post(ENTER, code=read_out(case)).status_code == 302
    return parent


def rows_of(case):
    """Everything that a scanner might change."""
    with acting_as(system(case.region.west.id)):
        return (
            ParentChoice.objects.count(),
            list(ParentCode.objects.values_list("tries", "used_at")),
            list(ParentLink.objects.values_list("token_hash", "revoked_at")),
            AuditEvent.objects.count(),
            Message.objects.count(),
            OwedJob.objects.count(),
        )


def choices(case):
    with acting_as(case.commissioner):
        rows = ParentChoice.objects.select_related("option")
        return [(row.wish, row.option.name if row.option else None) for row in rows]


def option_ids(parent):
    shown = parent.get(COMPARE).content.decode()
    return re.findall(r'type="radio" name="wish" value="([^"]+)"', shown) or re.findall(
        r'name="wish"[^>]*value="([^"]+)"', shown
    )


def test_the_link_leads_on_to_an_address_without_the_token(link):
    parent = Parent()

    answer = parent.get(link)

    assert (answer.status_code, answer["Location"]) == (302, ENTER)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer.cookies["choice"]["httponly"]


def test_the_link_alone_says_only_that_a_choice_is_waiting(link):
    parent = Parent()
    parent.get(link)

    answer = parent.get(ENTER)

    assert answer.status_code == 200
    assert "A choice is waiting for SA" in plain(answer)
    assert [word for word in SECRETS if word in plain(answer)] == []
    assert parent.get(COMPARE).status_code == 403
    assert parent.post(COMPARE, wish="talk").status_code == 403


def test_a_scanner_changes_nothing(case, link):
    before = rows_of(case)
    for _ in range(5):
        scanner = Parent()
        for method in ("head", "get", "get", "options"):
            scanner.ask(method, link)
        for path in (ENTER, "/choice/text/"):
            for method in ("head", "get", "options"):
                scanner.ask(method, path)
    assert rows_of(case) == before

    parent = inside(case, link)
    assert parent.get(COMPARE).status_code == 200


def test_a_scanner_that_posts_every_form_as_it_stands_chooses_nothing(case, link):
    scanner = Parent()
    scanner.get(link)
    scanner.post(link)
    scanner.post(ENTER)
    scanner.post(COMPARE)

    past_the_code = inside(case, link)
    assert past_the_code.post(COMPARE).status_code == 400
    assert choices(case) == []


def test_the_comparison_shows_places_without_price_score_or_rank(case, link):
    parent = inside(case, link)

    shown = parent.get(COMPARE)

    words = plain(shown)
    assert "Choose a place for RA" in words
    assert words.index("Alder") < words.index("Birch")
    for part in ("Speech therapy", "Ofsted: Good", "Come and see us", "About 6 miles"):
        assert part in words
    for secret in ("£", "39,000", "90.17", "89.67", "points", "rank", "Robin"):
        assert secret not in words.lower() if secret.islower() else secret not in words
    assert "checked" not in shown.content.decode()


def test_the_parent_chooses_and_changes(case, link):
    parent = inside(case, link)
    alder, birch, _talk, _none = option_ids(parent)

    answer = parent.post(COMPARE, wish=alder, reason="Near Nan")
    assert (answer.status_code, answer["Location"]) == (302, "/choice/done/")
    assert "We have your answer Alder" in plain(parent.get("/choice/done/"))
    assert "Your answer so far: Alder" in plain(parent.get(COMPARE))
    parent.post(COMPARE, wish=birch)
    parent.post(COMPARE, wish="talk")

    assert choices(case) == [("option", "Alder"), ("option", "Birch"), ("talk", None)]
    assert "Somebody from the council will ring you" in plain(parent.get("/choice/done/"))


@pytest.mark.parametrize("wish", ["", "yes", "11111111-1111-1111-1111-111111111111"])
def test_an_answer_that_was_not_offered_is_refused_and_the_words_kept(case, link, wish):
    parent = inside(case, link)

    answer = parent.post(COMPARE, wish=wish, reason="Kept words")

    assert answer.status_code == 400
    assert "Kept words" in answer.content.decode()
    assert choices(case) == []


def test_nothing_is_shown_as_done_before_an_answer(case, link):
    parent = inside(case, link)

    assert parent.get("/choice/done/")["Location"] == COMPARE


def test_unknown_tokens_are_not_found(case):
    for token in ("A" * 43, "x", "none"):
        assert Parent().get(f"/choice/{token}/").status_code == 404


def test_a_replaced_link_is_gone_also_for_who_was_inside(case, link):
    parent = inside(case, link)
    case.act(case.commissioner, send_new_link, referral_id=case.referral_id, at=GRADED)

    assert Parent().get(link).status_code == 410
    assert parent.get(COMPARE).status_code == 410


@pytest.mark.off_switch("unknown-links-counted")
def test_a_network_that_tries_links_waits_a_minute_and_others_do_not(case, link):
    guesser, neighbour = Parent(address="198.51.100.7"), Parent(address="198.51.100.8")
    unknown, before = f"/choice/{secrets.token_urlsafe(32)}/", rows_of(case)

    statuses = [guesser.get(f"/choice/{secrets.token_urlsafe(32)}/").status_code for _ in range(23)]

    assert statuses == [404] * 20 + [429] * 3
    shown = guesser.get(unknown)
    assert (shown.status_code, "Wait a minute" in plain(shown)) == (429, True)
    assert neighbour.get(unknown).status_code == 404
    guesser.now += timedelta(minutes=1)
    assert guesser.get(unknown).status_code == 404
    assert rows_of(case) == before


def test_a_parent_behind_the_address_of_a_guesser_does_not_wait(case, link):
    parent = Parent(address="198.51.100.7")
    for _ in range(21):
        guess = parent.get(f"/choice/{secrets.token_urlsafe(32)}/")
    assert guess.status_code == 429

    assert parent.get(link).status_code == 302


def test_where_tries_are_too_many_an_ended_link_says_that_it_has_ended(case, link):
    parent = Parent(now=CLOSES)
    for _ in range(21):
        parent.get(f"/choice/{secrets.token_urlsafe(32)}/")

    assert parent.get(link).status_code == 410


def test_addresses_of_one_household_count_together(case):
    addresses = [f"2001:db8:7::{number:x}" for number in range(1, 22)]

    statuses = [Parent(address=one).get("/choice/none/").status_code for one in addresses]

    assert statuses == [404] * 20 + [429]


def test_where_tries_cannot_be_counted_no_guess_is_answered(case, link, monkeypatch):
    def down(*_args, **_more):
        raise RedisConnectionError

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", down)

    assert Parent().get(f"/choice/{secrets.token_urlsafe(32)}/").status_code == 429
    assert Parent().get(link).status_code == 302


def test_an_ended_link_is_gone_and_shows_nothing(case, link):
    early, late = inside(case, link), Parent(now=CLOSES)
    answer = late.get(link)
    assert answer.status_code == 410
    assert "Look for our newest message: it says what happens next" in plain(answer)
    assert [word for word in SECRETS if word in plain(answer)] == []

    early.now = CLOSES
    for path in (ENTER, COMPARE, "/choice/done/"):
        assert early.get(path).status_code == 410
    assert early.post(COMPARE, wish="talk").status_code == 410
    assert choices(case) == []


def test_a_closed_choice_is_gone_for_who_was_inside(case, link):
    parent = inside(case, link)
    parent.post(COMPARE, wish=option_ids(parent)[0])
    case.act(case.commissioner, close_choice, referral_id=case.referral_id, at=GRADED)

    assert parent.get(COMPARE).status_code == 410
    assert parent.post(COMPARE, wish="talk").status_code == 410


def test_without_a_link_no_page_opens(case):
    nobody = Parent()

    for path in (ENTER, COMPARE, "/choice/done/"):
        assert nobody.get(path).status_code == 403
    nobody.client.cookies["choice"] = "forged:value:here"
    assert nobody.get(COMPARE).status_code == 403


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34"])
def test_what_is_no_code_costs_no_try(case, link, typed):
    parent = Parent()
    parent.get(link)
    read_out(case)

    answer = parent.post(ENTER, code=typed)

    assert answer.status_code == 400
    with acting_as(case.commissioner):
        assert ParentCode.objects.get().tries == 0


def test_the_sixth_try_is_refused_whatever_is_typed(case, link):
    parent = Parent()
    parent.get(link)
    code = read_out(case)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    statuses = [parent.post(ENTER, code=wrong).status_code for _ in range(5)]

    assert statuses == [400, 400, 400, 400, 429]
    assert parent.post(ENTER, code=code).status_code == 429
    assert parent.get(COMPARE).status_code == 403


def test_a_code_by_text_is_asked_for_by_post_only(case, link):
    parent = Parent()
    parent.get(link)

    assert parent.get("/choice/text/").status_code == 405
    answer = parent.post("/choice/text/")

    assert answer["Location"] == "/choice/?sent=1"
    assert "A code is on its way" in plain(parent.get("/choice/?sent=1"))
    case.run_jobs(jobs.SEND_CHOICE_CODE)
    with acting_as(case.commissioner):
        assert ParentCode.objects.get().channel == "text"
    again = parent.post("/choice/text/")
    assert (again.status_code, "less than a minute ago" in plain(again)) == (429, True)


def test_an_officer_signed_in_in_the_same_browser_opens_the_link_too(case, link):
    browser = Browser(case.commissioner, now=GRADED)

    browser.get(link)

    assert "A choice is waiting for SA" in plain(browser.get(ENTER))


def test_the_comparison_keeps_to_its_budget_and_one_partition(case, link):
    parent = inside(case, link)

    with CaptureQueriesContext(connection) as asked, explained() as plans:
        parent.get(COMPARE)

    assert_one_partition_each(plans)
    assert len(own_queries(asked)) <= 12


def test_addresses_of_the_parents_pages():
    assert reverse("referrals:choice_code") == ENTER
    assert reverse("referrals:choice") == COMPARE


def test_who_reads_that_a_page_is_closed_is_told_what_a_parent_can_do(case, link):
    nobody = plain(Parent().get(COMPARE))
    officer = plain(Browser(case.evaluators[0], now=GRADED).get("/people/"))

    assert "You cannot open this page yet" in nobody
    assert "open the link in that email again" in nobody
    assert "looks after accounts" not in nobody
    assert "ask the person in your organisation who looks after accounts" in officer
    assert "link in that email" not in officer
