"""Asking every address: each method, as each role, for own, somebody else's and unknown objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from dps.actors import Role
from tests.region.cells import METHODS, ROLES, Address, answers, may, side, unknown
from tests.region.headers import lacking
from tests.region.objects import NOBODY, Home, Objects, Thing
from tests.region.people import People

URLENCODED = "application/x-www-form-urlencoded"
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
# What a permitted person may be told of their own object, besides the page itself: a form that
# lacks something, a step that is not possible now, something that has ended.
ANSWERED = {200, 204, 302, 303, 400, 409, 410, 429}
# Files and style sheets that everybody may read and keep.
KEPT = {"brand", "contracts:publication_package", "contracts:publication_table"}


# What is sent where nothing but a form that is filled in shows that it is done.
FILLED = {"qualification:reply_to_review": {"text": "Thank you. Please look at it again."}}


@dataclass(frozen=True)
class Cell:
    """One question and its answer. Nobody signed in is no role."""

    address: Address
    role: Role | None
    ownership: str
    method: str
    url: str
    status: int
    lacking: tuple[str, ...] = ()

    @property
    def is_own_and_permitted(self) -> bool:
        action = self.address.action
        return self.ownership == "own" and (
            action is None or (self.role is not None and may(self.role, self.address))
        )

    @property
    def succeeds(self) -> bool:
        """The page itself; or, of what changes something, that it was done."""
        done = {200, 204} if self.method == "GET" else {200, 204, 302, 303}
        return self.is_own_and_permitted and self.status in done

    @property
    def is_right(self) -> bool:
        if self.method not in answers(self.address):
            return self.status == 405
        if self.address.action is None:
            return self.status < 500
        if self.role is None:
            return self.status == 302
        if not may(self.role, self.address):
            return self.status == 403
        if self.ownership == "own":
            return self.status in ANSWERED
        # What is sent with nothing filled in may be refused before anybody asks whose it is.
        return self.status == 404 or (self.status == 400 and self.method == "POST")


def ask_everything(
    addresses: Iterable[Address], people: People, objects: Objects
) -> dict[str, list[Cell]]:
    """The cells of each address, by its name; of one with unknown objects, one that is wrong."""
    found = {}
    for address in addresses:
        try:
            found[address.name] = list(_cells(address, people, objects))
        except LookupError as error:
            found[address.name] = [Cell(address, None, str(error), "", "", 0)]
    return found


def _cells(address: Address, people: People, objects: Objects) -> Iterator[Cell]:
    for role in (None, *ROLES):
        for ownership, thing, home in _things(address, role, people, objects):
            client = people.of(role, home) if role else _stranger()
            url = reverse(address.name, kwargs=thing.values)
            url += f"?{thing.query}" if thing.query else ""
            for method in _asked(address, role, ownership):
                answer = _answer(client, method, url, FILLED.get(address.name, {}))
                is_private = role is not None and address.name not in KEPT
                lacks = tuple(lacking(answer, is_private=is_private))
                yield Cell(address, role, ownership, method, url, answer.status_code, lacks)


def _things(
    address: Address, role: Role | None, people: People, objects: Objects
) -> Iterator[tuple[str, Thing, Home]]:
    """Whose the object is, the object, and the home of the person who asks for it."""
    if not address.parameters:
        yield "own", Thing({}), None
        return
    kind = side(role) if role else "public"
    is_asked = address.action is None or (role is not None and may(role, address))
    person = people.person(role) if role else NOBODY
    own = objects.own(address.name, address.parameters, kind, person=person) if is_asked else None
    home = own.home if own else None
    yield "unknown", Thing({name: unknown(name) for name in address.parameters}), home
    if own is None:
        return
    yield "own", own, home
    foreign = objects.foreign(address.name, address.parameters, kind, home)
    if foreign is not None:
        yield "foreign", foreign, home


def _stranger() -> Client:
    return Client(raise_request_exception=False)


def _asked(address: Address, role: Role | None, ownership: str) -> tuple[str, ...]:
    """Every method; what the view does not answer is refused before it looks at the person."""
    if role is None and ownership != "foreign":
        return METHODS
    return tuple(method for method in answers(address) if method != "HEAD")


def _answer(client: Client, method: str, url: str, sent: dict[str, str]) -> HttpResponse:
    """One request; what it changed is rolled back."""
    if method not in CHANGING:
        return client.generic(method, url)  # type: ignore[return-value]
    with transaction.atomic():
        answer = client.generic(method, url, urlencode(sent), URLENCODED if sent else "")
        transaction.set_rollback(True)
    return answer  # type: ignore[return-value]
