"""Calendar quarters in London time: what an award is published in, and by when (BC 5.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from dps.clock import LONDON, london
from dps.refusals import NotFound

DAYS_TO_PUBLISH = 30
QUARTERS = 4

_SLUG = re.compile(r"([12][0-9]{3})-q([1-4])")


class NoSuchQuarter(NotFound):
    message = "There is no such quarter"


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year: number 1 is January to March."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= QUARTERS:
            raise ValueError(f"a quarter is 1 to 4, not {self.number}")

    @classmethod
    def parse(cls, slug: str) -> Self:
        """
        Read an address's "2026-q3".

        :raises NoSuchQuarter: it is not written so.
        """
        found = _SLUG.fullmatch(slug)
        if found is None:
            raise NoSuchQuarter
        return cls(int(found[1]), int(found[2]))

    @property
    def label(self) -> str:
        """As people read it: "2026 Q3"."""
        return f"{self.year} Q{self.number}"

    @property
    def slug(self) -> str:
        """As an address or file name carries it: "2026-q3"."""
        return f"{self.year}-q{self.number}"

    @property
    def financial_label(self) -> str:
        """The same months in a council's year, which starts in April: "2026/27 Q2"."""
        start = self.year if self.number > 1 else self.year - 1
        return f"{start}/{(start + 1) % 100:02d} Q{(self.number + 2) % QUARTERS + 1}"

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return _counted(self._count + 1)

    @property
    def previous(self) -> Quarter:
        """The quarter before this one."""
        return _counted(self._count - 1)

    @property
    def first_day(self) -> date:
        """The date in London on which it starts."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The date in London on which it ends."""
        return self.next.first_day - timedelta(days=1)

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return datetime.combine(self.first_day, time(), tzinfo=LONDON).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first instant after it, in UTC."""
        return self.next.start

    @property
    def publish_by(self) -> date:
        """The last date in London to publish its awards: 30 days after its last day."""
        return self.last_day + timedelta(days=DAYS_TO_PUBLISH)

    def ended_before(self, now: datetime) -> bool:
        """Whether it is over: nothing signed from now on can belong to it."""
        return self.end <= now

    @property
    def _count(self) -> int:
        return self.year * QUARTERS + self.number - 1


def _counted(count: int) -> Quarter:
    return Quarter(count // QUARTERS, count % QUARTERS + 1)


def quarter_of(instant: datetime) -> Quarter:
    """
    The quarter that London's calendar shows at an instant: 30 June 23:30 UTC is in July.

    :raises ValueError: the instant has no time zone.
    """
    day = london(instant).date()
    return Quarter(day.year, (day.month + 2) // 3)


def last_ended(now: datetime) -> Quarter:
    """The latest quarter that is over."""
    return quarter_of(now).previous
