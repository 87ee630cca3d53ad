"""The generated matrix: every address × method × role × ownership equals the permission table."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from dps.models import Authority
from dps.permissions import ALLOWED
from tests.region.cells import addresses, answers
from tests.region.matrix import ask_everything
from tests.region.objects import Objects
from tests.region.people import People

ADDRESSES = list(addresses())
NAMES = [address.name for address in ADDRESSES]
# Pages that the matrix cannot show to anybody, and why.
NOT_SHOWN: dict[str, str] = {
    "mailbox": "the demo's alone; a walk and the journeys read it",
    "mailbox_message": "the demo's alone",
    "joining_link": "its secret is known to one email alone",
    "join": "to whoever holds a joining link",
    "referrals:choice_link": "its secret is known to one email alone",
    "referrals:choice_code": "to whoever holds a parent's link",
    "referrals:choice": "to whoever holds a parent's link and a code",
    "referrals:choice_done": "to whoever holds a parent's link and a code",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def matrix(owner):
    """Everything is asked before the tests, whose transactions would sign people out again."""
    people = People(authority=Authority.objects.get(code="WSX"))
    return ask_everything(ADDRESSES, people, Objects(owner))


def test_every_address_has_its_own_name():
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


@pytest.mark.parametrize("address", ADDRESSES, ids=NAMES)
def test_cells_equal_the_permission_table(address, matrix):
    cells = matrix[address.name]

    assert [_told(cell) for cell in cells if not cell.is_right] == []
    assert [(_told(cell), cell.lacking) for cell in cells if cell.lacking] == []


def test_every_action_succeeds_somewhere(matrix):
    """Refusing everybody would equal the table's noes: each yes is seen too."""
    declared = {address.action for address in ADDRESSES if address.action}
    succeeded = {cell.address.action for cell in chain(*matrix.values()) if cell.succeeds}

    assert declared <= set(ALLOWED)
    assert declared - succeeded == set()


def test_every_page_is_shown_to_those_who_may_see_it(matrix):
    pages = [address for address in ADDRESSES if "GET" in answers(address)]
    shown = {
        address.name
        for address in pages
        if any(cell.succeeds for cell in matrix[address.name] if cell.method == "GET")
    }

    assert {address.name for address in pages} - shown == set(NOT_SHOWN)


def _told(cell):
    return f"{cell.role or 'nobody'} {cell.method} {cell.url} ({cell.ownership}): {cell.status}"
