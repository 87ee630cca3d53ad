"""Time: UTC inside, Europe/London where people type and read it, and the rule of the deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dps.refusals import NotUnderstood

LONDON = ZoneInfo("Europe/London")

# How long a bid that was received in time may wait for its lock; opening waits as long.
GRACE = timedelta(seconds=60)
# How far the edge's stamp may run ahead of the database's clock.
STAMP_MAY_LEAD = timedelta(seconds=1)


class TimeDoesNotExist(NotUnderstood):
    message = "The clocks go forward over this time, so it does not exist. Choose another time"


class TimeHappensTwice(NotUnderstood):
    message = "The clocks go back over this time, so it happens twice. Choose which one you mean"


class Occurrence(StrEnum):
    """Which of the two hours is meant on the night when the clocks go back."""

    FIRST = "first"
    SECOND = "second"


def london(instant: datetime) -> datetime:
    """
    The same instant as London's clocks show it.

    :raises ValueError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(LONDON)


def from_london(day: date, at: time, *, which: Occurrence | None = None) -> datetime:
    """
    The instant in UTC of a date and time entered as London's clocks show it.

    :raises TimeDoesNotExist: the clocks jump over it in March.
    :raises TimeHappensTwice: it is in October's double hour, and ``which`` does not say which.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None))
    first = wall.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    if first.astimezone(LONDON).replace(tzinfo=None) != wall:
        raise TimeDoesNotExist(
            f"The clocks go forward on {show_date(day)}, so {_show_clock(wall)} does not exist"
            " that day. Choose a time before 1am or from 2am",
            field="time",
        )
    if first == second or which is Occurrence.FIRST:
        return first
    if which is Occurrence.SECOND:
        return second
    raise TimeHappensTwice(
        f"The clocks go back on {show_date(day)}, so {_show_clock(wall)} happens twice."
        " Choose the first (British Summer Time) or the second (Greenwich Mean Time)",
        field="time",
    )


def show_date(day: date) -> str:
    """Write a date as "5 January 2026"."""
    return f"{day.day} {day:%B %Y}"


def show_instant(instant: datetime) -> str:
    """Write an instant as "5 January 2026 at 2:30pm", in London; October's double hour says which.

    :raises ValueError: the instant has no time zone.
    """
    wall = london(instant)
    is_double = wall.utcoffset() != wall.replace(fold=1 - wall.fold).utcoffset()
    zone = f" {wall:%Z}" if is_double else ""
    return f"{show_date(wall)} at {_show_clock(wall)}{zone}"


def _show_clock(wall: datetime) -> str:
    if (wall.hour, wall.minute) in {(0, 0), (12, 0)}:
        return "midday" if wall.hour else "midnight"
    minutes = f":{wall:%M}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes}{'pm' if wall.hour >= 12 else 'am'}"


def is_before_deadline(received_at: datetime, deadline: datetime) -> bool:
    """Whether something came in time: strictly before; at the very instant is late."""
    return received_at < deadline


def opens_at(deadline: datetime) -> datetime:
    """The first instant at which bids may be opened."""
    return deadline + GRACE


def may_open(now: datetime, deadline: datetime) -> bool:
    """Whether the deadline, and the grace for bids still on their way in, have passed."""
    return now >= opens_at(deadline)


class Receipt(StrEnum):
    """What is said of a submission, from its stamp at the edge and the database's clock."""

    IN_TIME = "in_time"
    LATE = "late"
    # Received in time, and recorded too late: our fault, so a person decides.
    HELD_UP_BY_US = "held_up_by_us"
    # The stamp and the database's clock contradict each other.
    STAMP_REFUSED = "stamp_refused"


def judge_receipt(*, received_at: datetime, recorded_at: datetime, deadline: datetime) -> Receipt:
    """
    The rule of the deadline (security.md 4.4).

    In time if received before the deadline and recorded before the end of the grace, with a
    stamp at most 1 second ahead of the database's clock and at most the grace behind it.
    """
    if received_at > recorded_at + STAMP_MAY_LEAD:
        return Receipt.STAMP_REFUSED
    if not is_before_deadline(received_at, deadline):
        return Receipt.LATE
    if may_open(recorded_at, deadline):
        return Receipt.HELD_UP_BY_US
    if received_at < recorded_at - GRACE:
        return Receipt.STAMP_REFUSED
    return Receipt.IN_TIME
