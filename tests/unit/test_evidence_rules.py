"""The kinds of evidence, how a piece stands on a day, and which of several counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.evidence_kinds import BY_CODE, KINDS, Group, HeldBy, Need, grouped
from providers.evidence_standing import Standing, best, covers, standing
from providers.models import Evidence

TODAY = date(2026, 11, 2)
FIRST = UUID(int=1)


@dataclass(frozen=True)
class Piece:
    id: UUID = FIRST
    issued_on: date = TODAY - timedelta(days=100)
    expires_on: date | None = TODAY + timedelta(days=265)
    file_state: str = "clean"
    is_replaced: bool = False
    is_withdrawn: bool = False
    is_for_one_establishment: bool = False


def until(days: int, **facts: object) -> Piece:
    return Piece(expires_on=TODAY + timedelta(days=days), **facts)  # type: ignore[arg-type]


def test_kinds_are_those_of_the_table_with_the_same_names() -> None:
    assert [(kind.code, kind.name) for kind in KINDS] == Evidence.Kind.choices
    assert len(BY_CODE) == len(KINDS)


def test_every_kind_is_offered_once() -> None:
    offered = [kind.code for _, kinds in grouped() for kind in kinds]

    assert [group for group, _ in grouped()] == list(Group)
    assert sorted(offered) == sorted(BY_CODE)


def test_what_each_kind_needs() -> None:
    needs = {
        kind.code: "".join(
            letter
            for letter, need in zip(
                "sned", (kind.sum_insured, kind.number, kind.expiry, kind.document), strict=True
            )
            if need is Need.REQUIRED
        )
        for kind in KINDS
    }

    assert needs == {
        "public_liability": "sned",
        "employers_liability": "sned",
        "professional_indemnity": "sned",
        "motor": "sned",
        "safeguarding": "ed",
        "business_continuity": "ed",
        "health_and_safety": "ed",
        "equalities": "ed",
        "data_protection": "ne",
        "registration": "nd",
        "accounts": "d",
        "accounts_before": "d",
        "references": "d",
        "other": "d",
    }


def test_who_holds_what_is_not_held_by_either() -> None:
    held = {kind.code: kind.held_by for kind in KINDS if kind.held_by is not HeldBy.EITHER}

    assert held == {
        "data_protection": HeldBy.ORGANISATION,
        "registration": HeldBy.ESTABLISHMENT,
        "accounts": HeldBy.ORGANISATION,
        "accounts_before": HeldBy.ORGANISATION,
    }


@pytest.mark.parametrize(
    ("piece", "stands"),
    [
        (until(61), Standing.VALID),
        (until(60), Standing.EXPIRES_SOON),
        (until(0), Standing.EXPIRES_SOON),
        (until(-1), Standing.EXPIRED),
        (Piece(expires_on=None), Standing.VALID),
        (Piece(issued_on=TODAY), Standing.VALID),
        (Piece(issued_on=TODAY + timedelta(days=1)), Standing.NOT_YET),
        (Piece(file_state=""), Standing.VALID),
        (Piece(file_state="quarantined"), Standing.BEING_CHECKED),
        (until(-1, file_state="quarantined"), Standing.EXPIRED),
        (Piece(file_state="refused"), Standing.FILE_REFUSED),
        (Piece(is_replaced=True), Standing.REPLACED),
        (Piece(is_replaced=True, file_state="refused"), Standing.FILE_REFUSED),
        (Piece(is_replaced=True, is_withdrawn=True), Standing.WITHDRAWN),
    ],
)
def test_how_a_piece_stands(piece: Piece, stands: Standing) -> None:
    assert standing(piece, TODAY) is stands


@pytest.mark.parametrize(
    ("piece", "does"),
    [
        (Piece(issued_on=TODAY, expires_on=TODAY), True),
        (until(-1), False),
        (Piece(issued_on=TODAY + timedelta(days=1)), False),
        (Piece(expires_on=None), True),
        (Piece(file_state="quarantined"), True),
        (Piece(file_state="refused"), False),
        (Piece(is_replaced=True), True),
        (Piece(is_withdrawn=True), False),
    ],
)
def test_what_covers_a_day(piece: Piece, does: bool) -> None:  # noqa: FBT001 -- a parameter
    assert covers(piece, TODAY) is does


ITS_OWN = until(10, id=UUID(int=2), is_for_one_establishment=True)
WHOLE = until(300, id=UUID(int=3))
LONGER = until(301, id=UUID(int=4))
REPLACED = until(400, id=UUID(int=5), is_replaced=True)
ENDLESS = Piece(id=UUID(int=6), expires_on=None)


@pytest.mark.parametrize(
    ("pieces", "counts"),
    [
        ([], None),
        ([until(-1)], None),
        ([WHOLE, ITS_OWN], ITS_OWN),
        ([WHOLE, LONGER], LONGER),
        ([WHOLE, REPLACED], WHOLE),
        ([REPLACED], REPLACED),
        ([LONGER, ENDLESS], ENDLESS),
        ([until(-1, is_for_one_establishment=True), WHOLE], WHOLE),
        ([WHOLE, until(300, id=UUID(int=9))], until(300, id=UUID(int=9))),
    ],
)
def test_which_of_several_counts_in_whatever_order(
    pieces: list[Piece], counts: Piece | None
) -> None:
    assert {best(order, TODAY) for order in permutations(pieces)} == {counts}


@given(
    st.builds(
        Piece,
        issued_on=st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)),
        expires_on=st.none() | st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)),
        file_state=st.sampled_from(["", "quarantined", "clean", "refused"]),
        is_replaced=st.booleans(),
        is_withdrawn=st.booleans(),
    )
)
def test_what_stands_well_covers_today_and_what_stands_badly_does_not(piece: Piece) -> None:
    stands = standing(piece, TODAY)

    if stands in (Standing.VALID, Standing.EXPIRES_SOON, Standing.BEING_CHECKED):
        assert covers(piece, TODAY)
    if stands in (Standing.WITHDRAWN, Standing.FILE_REFUSED, Standing.EXPIRED, Standing.NOT_YET):
        assert not covers(piece, TODAY)
