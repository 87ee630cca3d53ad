"""
The case format of scoring: a referral and its bids as JSON, scored as anybody can repeat it.

Reading is strict: an unknown key, a number where a text belongs, a doubled key, are each refused
with the place where it stands. The format is described in docs/scoring/referral.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from dps.hundredths import hundredths, show_hundredths
from dps.money import Basis, in_pounds
from dps.refusals import Refusal
from referrals.scoring import Result, Scored, score
from referrals.scoring_terms import (
    Bid,
    CannotBeScored,
    Criteria,
    Feature,
    FeatureKind,
    LineKind,
    Marked,
    PriceLine,
    Weights,
    printable,
)

Json = dict[str, Any]
Kind = TypeVar("Kind", bound=StrEnum)
Item = TypeVar("Item")

_WEIGHTS = tuple(each.name for each in fields(Weights))
_CASE = ("reference", "weights", "weeks_per_year", "needs", "features", "outcomes", "bids")
_BID = (
    "id",
    "price_lines",
    "discount_percent",
    "distance_miles",
    "needs_met",
    "features_met",
    "outcome_grades",
    "core_competency",
    "incentive_grade",
)
# A longer whole number, like one with a sign, is read as a float and so refused where one belongs;
# int() would stop at 4,300 digits with an error that names no field.
_MOST_DIGITS = 18


def read_json(content: bytes) -> Any:
    """
    Decode UTF-8 JSON.

    :raises CannotBeScored: it is not JSON, or an object has one key twice.
    """
    try:
        return json.loads(
            content.decode("utf-8"), parse_int=_whole_or_float, object_pairs_hook=_object_of
        )
    except RecursionError:
        raise CannotBeScored("The JSON is nested too deeply", field="file") from None
    except ValueError as problem:
        words = f"This is not JSON: {printable(str(problem))}"
        raise CannotBeScored(words, field="file") from None


def score_case(case: Any) -> Json:
    """
    The output for one case, ready to be written as JSON.

    :raises CannotBeScored: the case breaks a rule of the format; ``field`` names the place.
    """
    criteria, bids = parse_case(case)
    return output_of(score(criteria, bids))


def parse_case(case: Any) -> tuple[Criteria, tuple[Bid, ...]]:
    """
    Read a case into what scoring works on.

    :raises CannotBeScored: the case breaks a rule of the format; ``field`` names the place.
    """
    read = _object(case, _CASE, "case")
    with _inside("weights"):
        weights = Weights(**_numbers(read["weights"], _WEIGHTS))
    criteria = Criteria(
        reference=_text(read["reference"], "reference"),
        weights=weights,
        weeks_per_year=_whole(read["weeks_per_year"], "weeks_per_year"),
        needs=_each(read["needs"], "needs", _marked),
        features=_each(read["features"], "features", _feature),
        outcomes=_each(read["outcomes"], "outcomes", _marked),
    )
    return criteria, _each(read["bids"], "bids", _bid)


def output_of(scored: Scored) -> Json:
    """The format's output: bids in the order given, ids by rank, ids of the near tie."""
    return {
        "bids": [_result(result) for result in scored.results],
        "ranking": list(scored.ranking),
        "near_tie": list(scored.near_tie),
    }


def differences(expected: Any, actual: Any, place: str = "") -> Iterator[str]:
    """Each place where two outputs differ, in words."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted(expected.keys() | actual.keys()):
            where = f"{place}.{printable(key)}".lstrip(".")
            yield from differences(expected.get(key, _ABSENT), actual.get(key, _ABSENT), where)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (wanted, got) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(wanted, got, f"{place}[{index}]")
    elif type(expected) is not type(actual) or expected != actual:
        yield f"{place}: expected {_shown(expected)}, got {_shown(actual)}"


def check_cases(cases: Any) -> list[str]:
    """
    Score every ``{case, expected}`` of a list; each difference from what was expected, in words.

    :raises CannotBeScored: the list is empty, or one of its cases breaks a rule of the format.
    """
    found: list[str] = []
    for index, (case, expected) in enumerate(_pairs(cases)):
        with _inside(f"[{index}].case"):
            actual = score_case(case)
        found.extend(f"[{index}].{each}" for each in differences(expected, actual))
    return found


def _pairs(cases: Any) -> Iterator[tuple[Any, Any]]:
    if not cases:
        raise CannotBeScored("The list holds no case", field="file")
    for index, item in enumerate(cases):
        with _inside(f"[{index}]"):
            pair = _object(item, ("case", "expected"), "")
        yield pair["case"], pair["expected"]


class _Absent:
    """Stands for a key that is not there, which null is not."""


_ABSENT = _Absent()


def _shown(value: Any) -> str:
    return "nothing" if value is _ABSENT else json.dumps(value)


def _result(result: Result) -> Json:
    shown: Json = {
        "id": result.bid_id,
        "excluded": list(result.excluded),
        "annual_price": in_pounds(result.annual_price),
    }
    if result.scores is not None:
        shown["scores"] = {name: show_hundredths(getattr(result.scores, name)) for name in _WEIGHTS}
        shown["quality"] = show_hundredths(result.scores.quality)
        shown["total"] = show_hundredths(result.scores.total)
    return shown | {"rank": result.rank}


def _marked(value: Any) -> Marked:
    read = _object(value, ("key", "marks"), "")
    return Marked(_text(read["key"], "key"), _whole(read["marks"], "marks"))


def _feature(value: Any) -> Feature:
    read = _object(value, ("key", "kind", "marks", "essential"), "")
    if not isinstance(read["essential"], bool):
        raise CannotBeScored("It must be true or false", field="essential")
    return Feature(
        key=_text(read["key"], "key"),
        marks=_whole(read["marks"], "marks"),
        kind=_one_of(FeatureKind, read["kind"], "kind"),
        is_essential=read["essential"],
    )


def _line(value: Any) -> PriceLine:
    read = _object(value, ("kind", "basis", "amount"), "")
    return PriceLine(
        kind=_one_of(LineKind, read["kind"], "kind"),
        basis=_one_of(Basis, read["basis"], "basis"),
        amount=_number(read["amount"], "amount"),
    )


def _bid(value: Any) -> Bid:
    read = _object(value, _BID, "")
    incentive = read["incentive_grade"]
    return Bid(
        id=_text(read["id"], "id"),
        price_lines=_each(read["price_lines"], "price_lines", _line),
        discount=_number(read["discount_percent"], "discount_percent"),
        distance=_number(read["distance_miles"], "distance_miles"),
        needs_met=_each(read["needs_met"], "needs_met", _key),
        features_met=_each(read["features_met"], "features_met", _key),
        outcome_grades=_grades(read["outcome_grades"]),
        core_competency=_number(read["core_competency"], "core_competency"),
        incentive_grade=None if incentive is None else _whole(incentive, "incentive_grade"),
    )


def _grades(value: Any) -> Mapping[str, int]:
    if not isinstance(value, dict):
        raise CannotBeScored("It must be an object", field="outcome_grades")
    return {key: _whole(grade, f"outcome_grades.{printable(key)}") for key, grade in value.items()}


def _numbers(value: Any, keys: tuple[str, ...]) -> dict[str, int]:
    read = _object(value, keys, "")
    return {key: _number(read[key], key) for key in keys}


def _each(value: Any, place: str, read: Callable[[Any], Item]) -> tuple[Item, ...]:
    if not isinstance(value, list):
        raise CannotBeScored("It must be a list", field=place)
    items = []
    for index, item in enumerate(value):
        try:
            items.append(read(item))
        except CannotBeScored as refusal:
            raise refusal.inside(f"{place}[{index}]") from None
    return tuple(items)


def _object(value: Any, keys: tuple[str, ...], place: str) -> Json:
    if not isinstance(value, dict):
        raise CannotBeScored("It must be an object", field=place)
    for key in value:
        if key not in keys:
            raise CannotBeScored("This key is unknown", field=printable(key))
    for key in keys:
        if key not in value:
            raise CannotBeScored("This key is missing", field=key)
    return value


def _key(value: Any) -> str:
    return _text(value, "")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise CannotBeScored("It must be a text, and not empty", field=place)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CannotBeScored("It holds half of a character", field=place) from None
    return value


def _whole(value: Any, place: str) -> int:
    if type(value) is not int:
        raise CannotBeScored("It must be a whole number without a sign", field=place)
    return value


def _number(value: Any, place: str) -> int:
    if not isinstance(value, str):
        raise CannotBeScored("It must be a number written as a text", field=place)
    try:
        return hundredths(value)
    except Refusal:
        words = "It must be digits with at most 2 decimals"
        raise CannotBeScored(words, field=place) from None


def _one_of(kinds: type[Kind], value: Any, place: str) -> Kind:
    for kind in kinds:
        if value == kind.value:
            return kind
    raise CannotBeScored(f"It must be {' or '.join(kinds)}", field=place)


def _whole_or_float(digits: str) -> int | float:
    is_short = len(digits) <= _MOST_DIGITS
    return int(digits) if is_short and digits.isdecimal() else float(digits)


def _object_of(pairs: list[tuple[str, Any]]) -> Json:
    read = dict(pairs)
    if len(read) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise CannotBeScored("This key is there twice", field=printable(twice))
    return read


@contextmanager
def _inside(place: str) -> Iterator[None]:
    try:
        yield
    except CannotBeScored as refusal:
        raise refusal.inside(place) from None
