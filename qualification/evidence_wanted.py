"""Whether what a provider holds is what a question wants: kind, sum and dates. Pure (Q2, Q8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from dps.clock import show_date
from dps.money import show


@dataclass(frozen=True, slots=True)
class WantedEvidence:
    """A kind that is asked for, and the least sum insured in pence."""

    kind: str
    name: str
    least_sum_pence: int | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class HeldEvidence:
    """One piece that a provider holds: for one establishment, or for all it runs."""

    id: UUID
    kind: str
    establishment_id: UUID | None
    sum_insured_pence: int | None
    expires_on: date | None
    is_refused: bool = False
    """Its file did not pass the scanner."""


class Fit(StrEnum):
    FITS = "fits"
    NOT_HELD = "not_held"
    EXPIRED = "expired"
    SUM_TOO_LOW = "sum_too_low"
    FILE_REFUSED = "file_refused"


@dataclass(frozen=True, slots=True)
class Match:
    """What is wanted, the piece that comes nearest to it, and whether that is enough."""

    wanted: WantedEvidence
    fit: Fit
    held: HeldEvidence | None = None

    @property
    def lacks(self) -> bool:
        return self.fit is not Fit.FITS and not self.wanted.is_optional

    @property
    def words(self) -> str:
        match self.fit:
            case Fit.EXPIRED if self.held and self.held.expires_on:
                return f"Expired on {show_date(self.held.expires_on)}"
            case Fit.SUM_TOO_LOW if self.wanted.least_sum_pence:
                return f"The sum must be {show(self.wanted.least_sum_pence)} or more"
            case Fit.FILE_REFUSED:
                return "Its file was refused. Send it again"
            case Fit.NOT_HELD:
                return "Not held. You need not have it" if self.wanted.is_optional else "Not held"
            case Fit.FITS if self.held and self.held.expires_on:
                return f"Held, valid until {show_date(self.held.expires_on)}"
        return "Held"


_NEAREST = (Fit.FITS, Fit.EXPIRED, Fit.SUM_TOO_LOW, Fit.FILE_REFUSED)


def match(
    wanted: WantedEvidence, held: Iterable[HeldEvidence], establishment_id: UUID, on: date
) -> Match:
    """
    The best piece for an establishment: its own, or one that covers all. The last day counts.

    Among those that fit, the one that runs longest.
    """
    found = [
        (fit_of(wanted, each, on), each)
        for each in held
        if each.kind == wanted.kind and each.establishment_id in (None, establishment_id)
    ]
    if not found:
        return Match(wanted, Fit.NOT_HELD)
    fit, best = min(
        found,
        key=lambda each: (_NEAREST.index(each[0]), -(each[1].expires_on or date.max).toordinal()),
    )
    return Match(wanted, fit, best)


def fit_of(wanted: WantedEvidence, held: HeldEvidence, on: date) -> Fit:
    if held.is_refused:
        return Fit.FILE_REFUSED
    if held.expires_on is not None and held.expires_on < on:
        return Fit.EXPIRED
    if wanted.least_sum_pence and (held.sum_insured_pence or 0) < wanted.least_sum_pence:
        return Fit.SUM_TOO_LOW
    return Fit.FITS
