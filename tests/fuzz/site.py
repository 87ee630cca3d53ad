"""
The forms and lists of the loaded region, each with somebody who may use it.

A form is read off the page that shows it: its fields, and what stands in them. A page that not
every object of its kind has is looked for among them, until one shows its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from django.core import signing
from django.test import Client
from django.urls import resolve, reverse
from lxml import html

from dps.actors import Role
from dps.models import Authority
from referrals.views.parent_link import COOKIE
from tests.fuzz.asking import get
from tests.region.cells import ROLES, Address, addresses, answers, may, side, unknown
from tests.region.objects import NOBODY, Objects, Thing
from tests.region.people import People

MOST_TRIED = 30
"""Objects of one kind that are looked at for a page that shows its form."""
TYPED = ("text", "email", "password", "search", "tel", "url", "number", "")
WITH_PAGES = {"contracts:published_quarter"}
"""Addresses of one thing that show rows in pages."""
FILE = re.compile("_(csv|xlsx)$")
# Parts of a page that its script asks for: they take what its form holds.
LIKE = {
    "referrals:bid_cost": "referrals:bid",
    "referrals:bid_autosave": "referrals:bid",
    "qualification:keep": "qualification:answer",
    "qualification:keep_at": "qualification:answer_at",
    "qualification:keep_grade": "qualification:grade_statement",
    "qualification:core_cost_totals": "qualification:core_costs",
}
ACCOUNT_PAGES = (
    "account_login",
    "account_reset_password",
    "account_change_password",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
)


@dataclass(frozen=True)
class Field:
    """One control: `is_typed` where a person writes, and does not choose."""

    name: str
    value: str
    is_typed: bool = True


@dataclass(frozen=True)
class Target:
    """An address, somebody who may use it, and the fields of its form."""

    name: str
    url: str
    client: Client
    fields: tuple[Field, ...] = ()
    buttons: tuple[Field, ...] = ()
    is_seen: bool = True
    """Whether a page shows this form."""

    @property
    def typed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_typed)


class Site:
    """Everybody and everything of the region."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self.owner = owner
        self.objects = Objects(owner)
        self.people = People(authority=Authority.objects.get(is_lead=True))
        self.anybody = Client(raise_request_exception=False)

    def forms(self) -> list[Target]:
        """Every address that answers POST, those of django-allauth among them."""
        ours = [self._form_of(one) for one in addresses() if "POST" in answers(one)]
        shown = [one for one in ours if one.fields] + list(self._forms_of_accounts())
        by_name = {one.name: one for one in shown}
        # A button alone gets what any form has, to see that it reads nothing of it.
        any_field = tuple({f.name: f for target in shown for f in target.fields}.values())
        for one in ours:
            if not one.fields:
                like = by_name.get(LIKE.get(one.name, ""))
                shown.append(replace(one, fields=like.fields if like else any_field, is_seen=False))
        return shown

    def lists(self) -> list[Target]:
        """Every address of no one thing that answers GET, with what it can be asked for."""
        found: dict[str, Target] = {}
        for address in addresses():
            is_list = not address.parameters or address.name in WITH_PAGES
            if is_list and "GET" in answers(address):
                found[address.name] = self._list_of(address)
        # A file of a list can be asked for what its page can.
        return [
            replace(one, fields=found[FILE.sub("", name)].fields) for name, one in found.items()
        ]

    def _list_of(self, address: Address) -> Target:
        for client, url in self._attempts(address):
            response = get(client, url)
            if response.status_code == 200:
                return Target(address.name, url, client, _parameters(response))
        return Target(address.name, url, client, _parameters(response))

    def _form_of(self, address: Address) -> Target:
        """The first attempt whose page shows the form; else the first attempt of all."""
        first: Target | None = None
        for client, url in self._attempts(address):
            target = Target(address.name, url, client)
            first = first or target
            if "GET" not in answers(address):
                break
            shown = read_form(get(client, url), url)
            if shown is not None:
                return replace(target, fields=shown[0], buttons=shown[1])
        assert first is not None, f"nobody may use {address.name}, or there is no such object"
        return first

    def _attempts(self, address: Address) -> Iterator[tuple[Client, str]]:
        if address.action is None:
            for client in (*self._parents(), self.anybody):
                yield client, self._url(address, self._things(address, "public", NOBODY)[0])
            return
        roles = [role for role in ROLES if may(role, address)]
        for role in roles:
            for thing in self._things(address, side(role), self.people.person(role)):
                yield self.people.of(role, thing.home), self._url(address, thing)

    def _things(self, address: Address, kind: str, person: UUID) -> list[Thing]:
        if not address.parameters:
            return [Thing({})]
        of_kind = address.parameters, kind
        at_its_stage = self.objects.rows(address.name, *of_kind, person=person)
        others = self.objects.rows("any stage", *of_kind, person=person)
        unheard_of = Thing({name: unknown(name) for name in address.parameters})
        return [*at_its_stage, *others][:MOST_TRIED] or [unheard_of]

    def _url(self, address: Address, thing: Thing) -> str:
        url = reverse(address.name, kwargs=thing.values)
        return f"{url}?{thing.query}" if thing.query else url

    def _parents(self) -> list[Client]:
        """Those who have followed their link and entered the code: what their browsers hold."""
        rows = self.owner.execute(
            "SELECT l.token_hash FROM referrals_parentlink l JOIN referrals_choiceoffer o"
            " ON (o.authority_id, o.id) = (l.authority_id, l.offer_id)"
            " JOIN referrals_referral r ON (r.authority_id, r.id) = (o.authority_id, o.referral_id)"
            " WHERE r.state = 'choosing'"
        )
        return [_parent(token_hash) for (token_hash,) in rows.fetchall()]

    def _forms_of_accounts(self) -> Iterator[Target]:
        """As a stranger, or as somebody signed in."""
        for name in ACCOUNT_PAGES:
            url = reverse(name)
            for client in (self.anybody, self.people.of(Role.COMMISSIONER)):
                shown = read_form(get(client, url), url)
                if shown is not None:
                    yield Target(name, url, client, *shown)
                    break


def _parent(token_hash: str) -> Client:
    client = Client(raise_request_exception=False)
    held = {"hash": token_hash, "code": True}
    client.cookies[COOKIE.name] = signing.dumps(held, salt=COOKIE.salt)
    return client


def read_form(response: Any, url: str) -> tuple[tuple[Field, ...], tuple[Field, ...]] | None:
    """The fields and the named buttons of the form on this page that is sent to `url`."""
    if response.status_code >= 300 or not response["Content-Type"].startswith("text/html"):
        return None
    for form in html.fromstring(response.content).xpath("//form[@method='post']"):
        path = urlsplit(form.get("action") or url).path
        if resolve(path).view_name == resolve(urlsplit(url).path).view_name:
            return fields_of(form), tuple(_buttons(form))
    return None


def fields_of(form: Any) -> tuple[Field, ...]:
    """One of each name; of choices the first that is no empty one."""
    found: dict[str, Field] = {}
    for control in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = control.get("name"), control.get("type", "")
        if name != "csrfmiddlewaretoken" and kind not in ("submit", "button", "file"):
            found.setdefault(name, _field(control, name, kind))
    return tuple(found.values())


def _field(control: Any, name: str, kind: str) -> Field:
    if control.tag == "select":
        offered = [option.get("value", "") for option in control.xpath(".//option")]
        return Field(name, next((one for one in offered if one), ""), is_typed=False)
    if control.tag == "textarea":
        return Field(name, (control.text or "").removeprefix("\n"))
    value = control.get("value", "")
    return Field(name, value, is_typed=kind in TYPED)


def _buttons(form: Any) -> Iterator[Field]:
    for button in form.xpath(".//button[@name]"):
        yield Field(button.get("name"), button.get("value", ""), is_typed=False)


def _parameters(response: Any) -> tuple[Field, ...]:
    """What the list can be asked for: its filters, and always a page, an order and words."""
    names = dict.fromkeys(("page", "sort", "search"))
    if response.content and response["Content-Type"].startswith("text/html"):
        tree = html.fromstring(response.content)
        forms = "//form[not(@method) or @method='get']"
        names |= dict.fromkeys(tree.xpath(f"{forms}//input/@name | {forms}//select/@name"))
    return tuple(Field(name, "") for name in names)
