"""The parent's choice in words, for the officer and for the parent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.html import format_html

from dps.clock import from_london, london, show_instant
from dps.working_days import add_working_days
from referrals.models import ChoiceOffer, ChoiceOption, ParentChoice
from referrals.queries.choice import held_until, is_open

USUAL_DAYS = 10
NUMBERS = ("No", "One", "Two", "Three")


def usual_closing_day(now: datetime) -> date:
    """Ten working days from today, in London."""
    return add_working_days(london(now).date(), USUAL_DAYS)


def end_of(day: date) -> datetime:
    """The last minute of a day in London, so that the words "until 5 May" are true."""
    return from_london(day, time(23, 59))


def tomorrow(now: datetime) -> date:
    return london(now).date() + timedelta(days=1)


def cards_of(options: Sequence[ChoiceOption]) -> list[dict[str, Any]]:
    """Each establishment with the same rows in the same order: neither price, score nor rank."""
    return [{"name": one.name, "rows": _rows(one), "words": one.family_words} for one in options]


def _rows(option: ChoiceOption) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"key": "How far away", "value": option.distance_words},
        {"key": "Where", "value": option.address},
        {"key": "Run by", "value": option.provider_name},
        {"key": "Needs it can meet", "value": list(option.needs_met) or "None of those listed"},
        {"key": "Also offers", "value": list(option.features_met)},
        {"key": "Inspection", "value": option.inspection_words or "Not inspected yet"},
        {"key": "To visit or ask", "value": option.phone},
        {"key": "Website", "value": _website(option.website)},
    ]
    return [row for row in rows if row["value"]]


def _website(address: str) -> Any:
    """A link only where it is a web address; anything else stays text."""
    if not address:
        return ""
    href = address if "://" in address else f"https://{address}"
    if not href.startswith(("http://", "https://")):
        return address
    return format_html('<a class="govuk-link" href="{}" rel="noreferrer">{}</a>', href, address)


def intro(options: Sequence[ChoiceOption], initials: str) -> str:
    number = NUMBERS[len(options)] if len(options) < len(NUMBERS) else str(len(options))
    every = "both" if len(options) == 2 else "all"
    return (
        f"{number} places can {every} meet most of what {initials} needs. Tell us which you prefer."
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """What the officer sees of an offer."""

    is_open: bool
    answer: str
    answered: str
    may_close: bool
    held_until: datetime | None = None
    """Until when the parent may contradict what an officer recorded in place of their answer."""


def progress_of(offer: ChoiceOffer, answers: Sequence[ParentChoice], now: datetime) -> Progress:
    """`answers` are all those of the offer, the last first."""
    still = is_open(offer, now=now)
    choice = answers[0] if answers else None
    chose = choice is not None and choice.wish == ParentChoice.Wish.OPTION
    held = held_until(offer, answers) if still else None
    is_held = held is not None and now <= held
    return Progress(
        is_open=still,
        answer=answer_words(choice),
        answered=_answered(choice),
        may_close=offer.closed_at is None and ((chose and not is_held) or not still),
        held_until=held if chose and is_held else None,
    )


def answer_words(choice: ParentChoice | None) -> str:
    if choice is None:
        return "No answer yet"
    if choice.option is not None:
        return choice.option.name
    return str(ParentChoice.Wish(choice.wish).label)


def told(choice: ParentChoice, *, is_earlier: bool = False) -> str:
    """An answer, when it was given, by whom it was written down, and whether it still counts."""
    how = "by the link"
    if choice.recorded_by is not None:
        how = f"recorded by {choice.recorded_by.name}"
    ended = ", in an earlier ranking" if is_earlier else ""
    return f"{answer_words(choice)}: {show_instant(choice.chosen_at)}, {how}{ended}"


def answer_by_link(answers: Sequence[ParentChoice]) -> str:
    """What the parent last said themself, of answers the last first; empty if they have not."""
    own = [one for one in answers if one.recorded_by_id is None]
    return told(own[0]) if own else ""


def _answered(choice: ParentChoice | None) -> str:
    if choice is None:
        return ""
    how = "recorded by an officer" if choice.recorded_by_id else "by the link"
    return f"{show_instant(choice.chosen_at)}, {how}"
