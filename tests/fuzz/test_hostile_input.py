"""
Whatever is sent to the site of a loaded region, nobody gets a 5xx, and every no is a page of ours.

Every form and every list gets the values of `CORE` and a share of the rest, another one than its
neighbours, so that each goes to many. `DPS_FUZZ=full` sends everything to all of them, and puts
each value alone into each field: some 100,000 requests.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from dps.actors import Role
from tests.fuzz.answers import faults
from tests.fuzz.asking import Pairs, ask, encoded, get, post
from tests.fuzz.requests import BODIES, COOKIES, HEADERS, METHODS, PASSKEYS, PATHS, QUERIES
from tests.fuzz.site import Field, Site, Target, fields_of
from tests.fuzz.values import CLOCK_TIMES, CORE, DAYS, VALUES

FULL = os.environ.get("DPS_FUZZ") == "full"
# What people do type, and the page has to show again: each is no good as a number or as words.
RETYPED = ("pounds", "minus five", "1e9", "Arabic digits", "formula", "event handler",
           "right to left override", "no uuid", "3,000 without a space")  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(owner):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DEMO", True)  # the demo's mailbox is a list as well
        # A limit on tries would hide what is behind it.
        patch.setattr("django.conf.settings.ACCOUNT_RATE_LIMITS", False)
        yield Site(owner)


@pytest.fixture(scope="module")
def forms(site):
    return site.forms()


@pytest.fixture(scope="module")
def lists(site):
    return site.lists()


def test_the_list_is_long_enough():
    parts = (VALUES, DAYS, BODIES, HEADERS, COOKIES, QUERIES, PATHS, METHODS, PASSKEYS)

    assert sum(map(len, parts)) >= 400


def test_values_typed_into_every_form(forms):
    wrong = []
    for number, target in enumerate(forms):
        typed = target.typed or target.fields
        for asked, values in _turns([field.name for field in typed], number):
            response = post(target.client, target.url, _filled(target, values))
            wrong += faults(response, f"{target.name} {asked}")

    assert not wrong, "\n".join(wrong)


def test_values_forged_where_nobody_types(forms):
    """Choices, ticks, hidden fields and buttons; whatever people type is right."""
    wrong = []
    for turn, target in enumerate(forms):
        chosen = [*target.buttons, *(field for field in target.fields if not field.is_typed)]
        for name in _share(CORE, turn, of=4) if chosen else ():
            forged = {field.name: VALUES[name] for field in chosen}
            response = post(target.client, target.url, _filled(target, forged))
            wrong += faults(response, f"{target.name} forged: {name}")

    assert not wrong, "\n".join(wrong)


def test_the_ends_of_the_calendar_and_the_nights_of_the_clocks(forms):
    wrong = []
    for turn, target in enumerate(forms):
        for number, day in enumerate(_share(DAYS, turn, of=2)):
            values = dict(_dated(target, day))
            if values:
                values["time"] = CLOCK_TIMES[number % len(CLOCK_TIMES)]
                response = post(target.client, target.url, _filled(target, values))
                wrong += faults(response, f"{target.name} on {day}")

    assert not wrong, "\n".join(wrong)


def test_bodies_sent_to_every_form(forms):
    wrong = []
    for number, target in enumerate(forms):
        # Django reads a query in the character set that the body names, before any page is asked.
        url = target.url.partition("?")[0]
        for name in _share(BODIES, number, of=12):
            kind, body = BODIES[name]
            response = ask(target.client, "POST", url, body=body, kind=kind)
            wrong += faults(response, f"{target.name} {name}")

    assert not wrong, "\n".join(wrong)


def test_every_list_asked_for_anything(lists):
    wrong = []
    for number, target in enumerate(lists):
        names = [field.name for field in target.fields]
        queries = [(asked, encoded(values.items())) for asked, values in _turns(names, number)]
        wholes = [(name, QUERIES[name]) for name in _share(QUERIES, number, of=9)]
        for asked, query in (*queries, *wholes):
            response = get(target.client, target.url, query)
            wrong += faults(response, f"{target.name} {asked}")

    assert not wrong, "\n".join(wrong)


def test_nobody_makes_a_page_longer(lists):
    for target in lists:
        usual = get(target.client, target.url).content.count(b"<tr")
        asked = get(target.client, target.url, "per_page=1000000000&page_size=1000&limit=1000")

        assert asked.content.count(b"<tr") == usual, target.name


def test_headers_and_cookies(site, forms, lists):
    wrong = []
    for target in _some(lists, "start", "providers:directory", "contracts:publication_list"):
        for name, meta in _metas(target):
            wrong += faults(get(target.client, target.url, **meta), f"{target.name} {name}")
    for target in _some(forms, "account_login", "referrals:task_child", "referrals:choice_code"):
        for name, meta in _metas(target):
            response = post(target.client, target.url, _filled(target, {}), **meta)
            wrong += faults(response, f"{target.name} {name}")

    assert not wrong, "\n".join(wrong)


def test_addresses_and_methods(site, lists):
    wrong = []
    people = (site.anybody, *map(site.people.of, (Role.COMMISSIONER, Role.DPS_MANAGER)))
    for client in people:
        for name, path in PATHS.items():
            for method in ("GET", "POST"):
                wrong += faults(ask(client, method, path), f"{method} {name}")
    for target in lists:
        for method in METHODS:
            wrong += faults(ask(target.client, method, target.url), f"{method} {target.name}")

    assert not wrong, "\n".join(wrong)


def test_passkeys(site):
    """Asked for first, so that an answer is expected."""
    wrong = []
    for page in ("mfa_login_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"):
        client = Client(raise_request_exception=False)
        if page != "mfa_login_webauthn":
            client = site.people.of(Role.APPROVER)
        url = reverse(page)
        client.get(url, headers={"Accept": "application/json"})
        for name, credential in PASSKEYS.items():
            response = post(client, url, [("credential", credential), ("name", "x")])
            wrong += faults(response, f"{page} {name}")

    assert not wrong, "\n".join(wrong)


def test_what_was_typed_is_shown_again(forms):
    lost, shown = [], set()
    for target in (target for target in forms if target.is_seen and target.typed):
        for name in RETYPED:
            values = {field.name: VALUES[name] for field in target.typed}
            response = post(target.client, target.url, _filled(target, values))
            # django-allauth shows a form again with 200.
            if response.status_code in (200, 400, 409) and b"<form" in response.content:
                shown.add(target.name)
                lost += [f"{target.name} {name}: {one}" for one in _lost(response, target, values)]

    assert not lost, "\n".join(lost)
    written = {target.name for target in forms if target.is_seen and target.typed}
    unseen = sorted(written - shown)
    assert not unseen, ", ".join(unseen)


def _turns(names: Sequence[str], number: int) -> Iterator[tuple[str, dict[str, str | bytes]]]:
    """What each field gets, turn by turn, until every value of the share was somewhere."""
    share = list(dict.fromkeys((*CORE, *_share(VALUES, number, of=20))))
    for start in range(0, len(share), len(names)):
        some = share[start : start + len(names)]
        yield (
            ", ".join(some),
            {field: VALUES[name] for field, name in zip(names, some, strict=False)},
        )
    if FULL:
        for field in names:
            for name in VALUES:
                yield f"{field}: {name}", {field: VALUES[name]}


def _share(names: Iterable[Any], number: int, *, of: int) -> list[Any]:
    """One part of so many, the next one for the next form or list; all of them in full."""
    return list(names) if FULL else list(names)[number % of :: of]


def _filled(target: Target, values: dict[str, str | bytes]) -> Pairs:
    """The form as somebody would send it, but for these values."""
    filled: dict[str, str | bytes] = {
        field.name: field.value or _usual(field) for field in target.fields
    }
    return (filled | values).items()


def _usual(field: Field) -> str:
    if not field.is_typed:
        return ""
    endings = {"_day": "1", "_month": "9", "_year": "2027", "postcode": "BN11 1AA", "time": "17:00"}
    usual = next((value for end, value in endings.items() if field.name.endswith(end)), "1")
    return "person@example.org" if "email" in field.name or field.name == "login" else usual


def _dated(target: Target, day: tuple[str, str, str]) -> Iterable[tuple[str, str]]:
    for field in target.fields:
        for part, value in zip(("_day", "_month", "_year"), day, strict=True):
            if field.name.endswith(part):
                yield field.name, value


def _some(targets: list[Target], *names: str) -> list[Target]:
    found = [target for target in targets if target.name in names]
    assert len(found) == len(names)
    return found


def _metas(target: Target) -> Iterator[tuple[str, dict[str, object]]]:
    """Each header, and each cookie beside the person's own."""
    yield from HEADERS.items()
    own = "; ".join(f"{name}={held.value}" for name, held in target.client.cookies.items())
    for name, cookie in COOKIES.items():
        yield f"cookie: {name}", {"HTTP_COOKIE": cookie}
        yield f"own session and cookie: {name}", {"HTTP_COOKIE": f"{own}; {cookie}"}


def _lost(response: Any, target: Target, values: dict[str, str | bytes]) -> Iterator[str]:
    """The fields in which the page no longer shows what was typed; passwords are never shown."""
    tree = html.fromstring(response.content)
    kept = {}
    for form in tree.xpath("//form[@method='post']"):
        kept |= {field.name: field.value for field in fields_of(form)}
    secret = set(tree.xpath("//input[@type='password']/@name"))
    if not kept:
        return  # a page that says no, without the form
    for name, value in values.items():
        if name not in secret and kept.get(name) != value:
            yield f"{name} shows {str(kept.get(name))[:40]!r}"
