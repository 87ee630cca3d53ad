"""
Discounts for brothers and sisters, and for a group placed together, by number of children (Q6).

Pure. A step says: from so many children on, so many hundredths of a percent off each place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dps.hundredths import half_up
from dps.refusals import NotUnderstood

FEWEST_CHILDREN = 2
MOST_CHILDREN = 99
WHOLE = 100_00
"""A whole, in hundredths of a percent."""


class DiscountKind(StrEnum):
    SIBLINGS = "siblings"
    COHORT = "cohort"


WORDS = {
    DiscountKind.SIBLINGS: "Brothers and sisters",
    DiscountKind.COHORT: "A group placed together",
}


class WrongDiscount(NotUnderstood):
    message = "This discount cannot be read"


class DiscountFalls(NotUnderstood):
    message = "A discount must not become smaller when there are more children"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """``percent`` in hundredths of a percent."""

    kind: DiscountKind
    from_children: int
    percent: int


def checked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """
    The steps in their order, where they make sense together.

    :raises WrongDiscount: from fewer than 2 or more than 99 children, no discount or more than
        all, or two discounts for the same number.
    :raises DiscountFalls: more children would get less off.
    """
    ordered = tuple(sorted(steps))
    before: Step | None = None
    for each in ordered:
        _refuse_out_of_bounds(each)
        if before is not None and before.kind is each.kind:
            _refuse_unless_rising(before, each)
        before = each
    return ordered


def _place(step: Step) -> str:
    """Which of the discounts that were written it is about."""
    return f"{step.kind.value}:{step.from_children}"


def _refuse_out_of_bounds(step: Step) -> None:
    if not FEWEST_CHILDREN <= step.from_children <= MOST_CHILDREN:
        raise WrongDiscount(
            f"{WORDS[step.kind]}: the number of children must be from {FEWEST_CHILDREN}"
            f" to {MOST_CHILDREN}",
            field=_place(step),
        )
    if not 0 < step.percent <= WHOLE:
        raise WrongDiscount(
            f"{WORDS[step.kind]}: the discount must be more than 0 and at most 100 per cent",
            field=_place(step),
        )


def _refuse_unless_rising(before: Step, after: Step) -> None:
    kind = after.kind
    if before.from_children == after.from_children:
        raise WrongDiscount(
            f"{WORDS[kind]}: there are two discounts from {after.from_children} children on."
            " Keep one of them",
            field=_place(after),
        )
    if after.percent < before.percent:
        raise DiscountFalls(
            f"{WORDS[kind]}: from {after.from_children} children on the discount is"
            f" {percent_words(after.percent)}, less than the {percent_words(before.percent)}"
            f" from {before.from_children} children on. It must not become smaller",
            field=_place(after),
        )


def discount_for(steps: Iterable[Step], kind: DiscountKind, children: int) -> int:
    """Hundredths of a percent off for so many children together; 0 where none is offered."""
    reached = [s for s in steps if s.kind is kind and s.from_children <= children]
    return max(reached, key=lambda step: step.from_children).percent if reached else 0


def discounted(pence: int, percent: int) -> int:
    """
    What is left of an amount, in pence, half up to a penny.

    :raises ValueError: below nothing, or more than all is taken off.
    """
    if pence < 0 or not 0 <= percent <= WHOLE:
        raise ValueError(f"{percent} hundredths of a percent off {pence} pence")
    return half_up(pence * (WHOLE - percent), WHOLE)


def percent_words(percent: int) -> str:
    """Hundredths of a percent as "12.5%"."""
    whole, part = divmod(percent, 100)
    decimals = f".{part:02d}".rstrip("0") if part else ""
    return f"{whole}{decimals}%"
