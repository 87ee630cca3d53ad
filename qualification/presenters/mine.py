"""The list of a provider's applications, and the words of choosing who applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day
from dps.refusals import Refusal
from providers.models import Establishment
from qualification.deciding_time import decision_due
from qualification.models import Joining

HEAD = ("Application", "For", "How far it is", "What happens next")
FEW = 8
"""So many establishments need no search."""


class NothingLeft(Refusal):
    message = (
        "All that you selected has been applied for, or is on the list of its category already"
    )


def title(joining: Joining) -> str:
    return f"Application {joining.number}"


def named(joining: Any) -> str:
    """ "Application 2: Oak House", or how many establishments it is for."""
    return f"{title(joining)}: {_for(joining)}"


def row(joining: Any) -> list[dict[str, Any]]:
    """Of a joining with the counts of `joinings_of`."""
    return [
        {
            "text": f"{title(joining)}, started {day(joining.started_at)}",
            "href": reverse("qualification:joining", args=[joining.pk]),
        },
        {"text": _for(joining)},
        {"text": _how_far(joining)},
        _next(joining),
    ]


def _next(joining: Any) -> dict[str, Any]:
    words = {"text": next_step(joining)}
    return words | {"href": reverse("qualification:points")} if joining.reply_by else words


def _for(joining: Any) -> str:
    if joining.places == 0:
        return "Nothing chosen yet"
    return joining.name if joining.places == 1 else f"{joining.places} establishments"


def _how_far(joining: Any) -> str:
    counts = (
        (joining.drafts, "to complete"),
        (joining.waiting, "with the contract team"),
        (joining.qualified, "qualified"),
        (joining.rejected, "not qualified"),
    )
    return ", ".join(f"{number} {words}" for number, words in counts if number)


def next_step(joining: Any) -> str:
    if joining.reply_by:
        return waits_words(joining.reply_by)
    if joining.drafts:
        return "Complete it and send it"
    if joining.waiting:
        return f"We decide by {show_date(decision_due(joining.sent_first))}"
    if joining.rejected:
        return "Read what to put right. You can do so at any time"
    if joining.qualified:
        return "Councils can invite you"
    return "Add the establishments that apply"


def waits_words(reply_by: date) -> str:
    """A question of the contract team is open: the decision waits for the reply."""
    return f"We have asked you something: reply by {show_date(reply_by)}, so that we can decide"


def is_found(place: Establishment, q: str) -> bool:
    """Every word of the search is in its name, town or council."""
    text = f"{place.name} {place.town} {place.la_name} {place.postcode}".casefold()
    return all(word in text for word in q.casefold().split())


def added(number: int, left_out: int) -> str:
    parts = "1 part is" if number == 1 else f"{number} parts are"
    said = f"{parts} added, and saved as a draft."
    if left_out:
        said += (
            f" {left_out} of those you selected {'was' if left_out == 1 else 'were'} left out,"
            " because they have been applied for or are on the list already."
        )
    return said
