"""
What a bid says, its one way to JSON and back, and what a bid must have before it can be sent.

Money is pence, the discount hundredths of a per cent. The bid's JSON is what is sealed (BC 8.11).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from dps.money import MOST_PENCE, Basis, show
from dps.refusals import NotUnderstood
from referrals.scoring import annual_price
from referrals.scoring_terms import FULL_PERCENT, LineKind, PriceLine

MOST_VARIABLE_LINES = 10
STATEMENT_WORDS = 750
FAMILY_WORDS = 150
# Bounds on the whole, so that spaces alone cannot fill the database.
LONGEST_STATEMENT = 40 * STATEMENT_WORDS
LONGEST_FAMILY_WORDS = 40 * FAMILY_WORDS
LONGEST_TITLE = 120


class NotABid(NotUnderstood):
    message = "This bid cannot be read"


class NotReadyToSubmit(NotUnderstood):
    message = "Something is missing from the bid"


class CoreCostRaised(NotUnderstood):
    message = "A core cost may be lowered here, never raised"


class CoreCostsChanged(NotUnderstood):
    message = "Your core costs have changed since you wrote this bid. Look at the prices again"


@dataclass(frozen=True, slots=True)
class BidLine:
    """
    One line of the price.

    ``carried`` is the pence carried from qualification, for a core line; None for a variable one.
    """

    kind: LineKind
    code: str
    title: str
    basis: Basis
    amount: int
    carried: int | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.value,
            "code": self.code,
            "title": self.title,
            "basis": self.basis.value,
            "amount_pence": self.amount,
            "carried_pence": self.carried,
        }


@dataclass(frozen=True, slots=True)
class BidContent:
    """
    What one establishment offers for one child.

    A draft may leave anything out; ``has_vacancy`` is None only in a draft.
    """

    needs_met: tuple[str, ...] = ()
    features_met: tuple[str, ...] = ()
    statement: str = ""
    family_words: str = ""
    has_vacancy: bool | None = None
    earliest_start: date | None = None
    lines: tuple[BidLine, ...] = ()
    discount: int = 0

    def as_json(self) -> dict[str, object]:
        """The bid as plain JSON values, under the names that are published."""
        return {
            "needs_met": list(self.needs_met),
            "features_met": list(self.features_met),
            "statement": self.statement,
            "family_words": self.family_words,
            "has_vacancy": self.has_vacancy,
            "earliest_start": self.earliest_start.isoformat() if self.earliest_start else None,
            "lines": [line.as_json() for line in self.lines],
            "discount": self.discount,
        }

    def canonical(self) -> str:
        """Its JSON with sorted keys and no spaces: the same bid always gives the same text."""
        return canonical(self.as_json())

    @classmethod
    def from_json(cls, data: object) -> Self:
        """
        Read what `as_json` wrote: exactly its keys, with values of their kinds.

        :raises NotABid: a key is missing, unknown, or holds something else.
        """
        fields = _object(data, _BID_KEYS, "bid")
        start = fields["earliest_start"]
        return cls(
            needs_met=_texts(fields["needs_met"], "needs_met"),
            features_met=_texts(fields["features_met"], "features_met"),
            statement=_text(fields["statement"], "statement"),
            family_words=_text(fields["family_words"], "family_words"),
            has_vacancy=_yes_or_no(fields["has_vacancy"], "has_vacancy"),
            earliest_start=None if start is None else _day(start, "earliest_start"),
            lines=tuple(
                _line(line, f"lines[{index}]")
                for index, line in enumerate(_list(fields["lines"], "lines"))
            ),
            discount=_whole(fields["discount"], "discount", FULL_PERCENT),
        )

    def annual_price(self, weeks: int) -> int:
        """Pence a year for that many weeks a year, as scoring works it out (scoring.md)."""
        lines = [PriceLine(line.kind, line.basis, line.amount) for line in self.lines]
        return annual_price(lines, self.discount, weeks)

    @property
    def variable_lines(self) -> tuple[BidLine, ...]:
        return tuple(line for line in self.lines if line.kind is LineKind.VARIABLE)


def with_core_lines(content: BidContent, carried: tuple[BidLine, ...]) -> BidContent:
    """The bid with the core lines as carried now; what was lowered stays lowered."""
    kept = {line.code: line.amount for line in content.lines if line.kind is LineKind.CORE}
    core = (
        replace(line, amount=min(kept.get(line.code, line.amount), line.amount)) for line in carried
    )
    return replace(content, lines=(*core, *content.variable_lines))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bid is held against: the keys that were asked, core lines as carried, weeks a year."""

    needs: frozenset[str]
    features: frozenset[str]
    core: tuple[BidLine, ...]
    weeks: int


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def refuse_unless_submittable(content: BidContent, terms: Terms) -> None:
    """
    Let a bid pass that can be scored and opened (BC 7.4, 8.11).

    :raises NotABid: a text, a key or an amount is not what it may be.
    :raises NotReadyToSubmit: something that every bid must have is missing.
    :raises CoreCostRaised: a core line is above the amount carried from qualification.
    :raises CoreCostsChanged: the core lines are not the ones carried from qualification.
    """
    _refuse_unreadable(content)
    _refuse_unknown_keys(content.needs_met, terms.needs, "needs_met")
    _refuse_unknown_keys(content.features_met, terms.features, "features_met")
    _refuse_missing_words(content)
    _refuse_core_lines(content, terms.core)
    _refuse_variable_lines(content.variable_lines)
    if content.annual_price(terms.weeks) <= 0:
        field = "discount" if any(line.amount for line in content.lines) else "lines"
        raise NotReadyToSubmit("The cost for a year must be above £0", field=field)


def _refuse_unreadable(content: BidContent) -> None:
    """One text that the database cannot hold as JSON would stop the opening of all bids."""
    texts = [content.statement, content.family_words, *(line.title for line in content.lines)]
    if any(char == "\0" or "\ud800" <= char <= "\udfff" for text in texts for char in text):
        raise NotABid("The bid contains a character that cannot be used")
    if not 0 <= content.discount <= FULL_PERCENT:
        raise NotABid("The discount must be 0 to 100 per cent", field="discount")


def _refuse_unknown_keys(ticked: tuple[str, ...], known: frozenset[str], field: str) -> None:
    if len(set(ticked)) != len(ticked) or not known.issuperset(ticked):
        raise NotABid("Tick only what the referral lists, once each", field=field)


def _refuse_missing_words(content: BidContent) -> None:
    if not content.statement.strip():
        words = "Enter how you will work towards the outcomes"
        raise NotReadyToSubmit(words, field="statement")
    _refuse_too_long(content.statement, STATEMENT_WORDS, LONGEST_STATEMENT, "statement")
    _refuse_too_long(content.family_words, FAMILY_WORDS, LONGEST_FAMILY_WORDS, "family_words")
    if content.has_vacancy is None:
        raise NotReadyToSubmit("Select whether you have a place", field="has_vacancy")
    if content.earliest_start is None:
        words = "Enter the earliest date on which the child could start"
        raise NotReadyToSubmit(words, field="earliest_start")


def _refuse_too_long(text: str, most_words: int, most_characters: int, field: str) -> None:
    count = len(text.split())
    if count > most_words or len(text) > most_characters:
        words = f"Write {most_words} words or fewer. You have written {count}"
        raise NotReadyToSubmit(words, field=field)


def _refuse_core_lines(content: BidContent, carried: tuple[BidLine, ...]) -> None:
    offered = [line for line in content.lines if line.kind is LineKind.CORE]
    if [_identity(line) for line in offered] != [_identity(line) for line in carried]:
        raise CoreCostsChanged(field="lines")
    for line in offered:
        most = line.carried or 0
        if line.amount > most:
            words = f"{line.title} must be {show(most)} or less: it may be lowered, never raised"
            raise CoreCostRaised(words, field=f"core_{line.code}")
        if line.amount < 0:
            raise NotABid(f"{line.title} must be £0 or more", field=f"core_{line.code}")


def _identity(line: BidLine) -> tuple[str, str, Basis, int | None]:
    return line.code, line.title, line.basis, line.carried


def _refuse_variable_lines(lines: tuple[BidLine, ...]) -> None:
    if len(lines) > MOST_VARIABLE_LINES:
        raise NotReadyToSubmit(
            f"Enter at most {MOST_VARIABLE_LINES} other costs", field="variable_0_title"
        )
    for index, line in enumerate(lines):
        if not line.title.strip() or len(line.title) > LONGEST_TITLE:
            raise NotReadyToSubmit("Enter what this cost is for", field=f"variable_{index}_title")
        if not 0 <= line.amount <= MOST_PENCE:
            raise NotABid("The amount is out of bounds", field=f"variable_{index}_amount")


_BID_KEYS = frozenset(BidContent().as_json())
_LINE_KEYS = frozenset(BidLine(LineKind.CORE, "", "", Basis.YEAR, 0).as_json())


def _line(data: object, place: str) -> BidLine:
    fields = _object(data, _LINE_KEYS, place)
    carried = fields["carried_pence"]
    try:
        kind = LineKind(_text(fields["kind"], f"{place}.kind"))
        basis = Basis(_text(fields["basis"], f"{place}.basis"))
    except ValueError:
        raise NotABid("The kind or the basis of a price line is unknown", field=place) from None
    return BidLine(
        kind=kind,
        code=_text(fields["code"], f"{place}.code"),
        title=_text(fields["title"], f"{place}.title"),
        basis=basis,
        amount=_whole(fields["amount_pence"], f"{place}.amount_pence", MOST_PENCE),
        carried=None if carried is None else _whole(carried, f"{place}.carried_pence", MOST_PENCE),
    )


def _object(data: object, keys: frozenset[str], place: str) -> Mapping[str, object]:
    if not isinstance(data, dict) or data.keys() != keys:
        raise NotABid(f"It must have exactly the keys {', '.join(sorted(keys))}", field=place)
    return data


def _list(value: object, place: str) -> Iterable[object]:
    if not isinstance(value, list):
        raise NotABid("It must be a list", field=place)
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise NotABid("It must be text", field=place)
    return value


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_text(one, place) for one in _list(value, place))


def _yes_or_no(value: object, place: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise NotABid("It must be true or false", field=place)
    return value


def _whole(value: object, place: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise NotABid(f"It must be a whole number from 0 to {most}", field=place)
    return value


def _day(value: object, place: str) -> date:
    try:
        return date.fromisoformat(_text(value, place))
    except ValueError:
        raise NotABid("It must be a date like 2026-01-31", field=place) from None
