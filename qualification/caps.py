"""
Whether core costs are within an affordability cap. Pure arithmetic on pence a year (Q7, BC 7.4).

A cap common to all councils is a condition of joining; a council's own one keeps its referrals
from an establishment that has joined. At the cap is within it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from dps import money


@dataclass(frozen=True, slots=True)
class CapVerdict:
    """How a year's core costs stand to a cap; both in pence, the cap None if there is none."""

    year_pence: int
    cap_pence: int | None

    @property
    def passed(self) -> bool:
        return self.cap_pence is None or self.year_pence <= self.cap_pence

    @property
    def over_pence(self) -> int:
        """By how much the costs are above the cap; 0 if they are not."""
        return 0 if self.cap_pence is None else max(0, self.year_pence - self.cap_pence)

    @property
    def words(self) -> str:
        """For whoever wrote the costs: why they are too high, and what would put it right."""
        if self.cap_pence is None:
            return "There is no cap on core costs."
        cost, cap = money.show(self.year_pence), money.show(self.cap_pence)
        if self.passed:
            return f"Core costs of {cost} a year are within the cap of {cap}."
        over = money.show(self.over_pence)
        return f"Core costs of {cost} a year are {over} above the cap of {cap}."


def verdict(year_pence: int, cap_pence: int | None) -> CapVerdict:
    """
    Judge a year's core costs against a cap; exactly at the cap passes (Q7).

    :raises ValueError: a cost below nothing, or a cap that is not above nothing.
    """
    if year_pence < 0:
        raise ValueError(f"costs are not below nothing: {year_pence}")
    if cap_pence is not None and cap_pence <= 0:
        raise ValueError(f"a cap is above nothing: {cap_pence}")
    return CapVerdict(year_pence, cap_pence)


@dataclass(frozen=True, slots=True)
class Costing:
    """An establishment on the list, the council area it is in, and its core costs of a year."""

    establishment_id: UUID
    name: str
    area: str
    year_pence: int


@dataclass(frozen=True, slots=True)
class Sifted:
    """Everybody on the list by what a cap would do to them, the dearest first."""

    above: tuple[Costing, ...]
    within: tuple[Costing, ...]

    @property
    def total(self) -> int:
        return len(self.above) + len(self.within)


def sift(costings: Iterable[Costing], cap_pence: int) -> Sifted:
    """Part those above a cap from those within it; everybody is in exactly one part."""
    dearest_first = sorted(
        costings, key=lambda each: (-each.year_pence, each.name, each.establishment_id)
    )
    above = [each for each in dearest_first if not verdict(each.year_pence, cap_pence).passed]
    within = [each for each in dearest_first if verdict(each.year_pence, cap_pence).passed]
    return Sifted(tuple(above), tuple(within))


@dataclass(frozen=True, slots=True)
class CapOf:
    """A cap in pence a year and the council whose it is; empty for the one common to all."""

    council: str
    year_pence: int


@dataclass(frozen=True, slots=True)
class CapEffect:
    """What one cap does to an establishment with these core costs."""

    council: str
    verdict: CapVerdict

    @property
    def fails(self) -> bool:
        """The application fails; a council's own cap never does that."""
        return not self.council and not self.verdict.passed

    @property
    def words(self) -> str:
        """For whoever writes the costs: what the cap does, and what would put it right."""
        cap = money.show(self.verdict.cap_pence or 0)
        if self.verdict.passed:
            whose = f"{self.council}’s cap" if self.council else "The cap that all councils share"
            return f"{whose} is {cap} a year. Your core costs are within it."
        over = money.show(self.verdict.over_pence)
        if not self.council:
            return (
                f"With these costs the application fails: they are {over} a year above the cap of"
                f" {cap} that all councils share."
            )
        return (
            f"You can join, but {self.council} cannot invite you: your core costs are {over} a"
            f" year above its cap of {cap}."
        )


def verdicts(year_pence: int, caps: Iterable[CapOf]) -> tuple[CapEffect, ...]:
    """
    What each cap does to a year's core costs: the common one first, then by council (Q7).

    :raises ValueError: a cost below nothing, or a cap that is not above nothing.
    """
    found = [CapEffect(each.council, verdict(year_pence, each.year_pence)) for each in caps]
    return tuple(sorted(found, key=lambda each: each.council))
