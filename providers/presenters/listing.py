"""One establishment of the directory in words: in a list, on its page, and in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from dps.clock import london
from dps.govuk.templatetags.govuk import govuk_tag
from dps.grid import GridPoint
from dps.hundredths import show_hundredths
from providers import needs
from providers.models import Establishment
from providers.presenters.facts import Fact

NOT_SAID = "Not said"

HEAD = (
    "URN", "Name", "Provider", "Kind", "Open", "State funded", "Street", "Town", "Postcode", "Area",
    "Youngest age", "Oldest age", "Gender", "Needs", "Places", "Vacancies", "Vacancies said on",
    "Miles", "Status",
)  # fmt: skip


def ages_in_words(one: Establishment) -> str:
    if one.low_age is None and one.high_age is None:
        return NOT_SAID
    if one.low_age is None:
        return f"Up to {one.high_age}"
    return f"{one.low_age} to {one.high_age}" if one.high_age else f"From {one.low_age}"


def vacancies_in_words(one: Establishment) -> str:
    if one.vacancies is None:
        return NOT_SAID
    return f"{one.vacancies} of {one.places}" if one.places else str(one.vacancies)


def needs_in_words(one: Establishment) -> list[str]:
    return [needs.in_words(code) for code in one.needs]


def miles_from(origin: GridPoint | None, one: Establishment) -> int | None:
    """Hundredths of a mile, by the one rule of distance."""
    here = one.grid_point
    return None if origin is None or here is None else origin.hundredths_of_a_mile_to(here)


def status_tags(one: Establishment, facts: Iterable[Fact]) -> list[SafeString]:
    """What matters before anybody refers a child there, a line each."""
    tags = [] if one.is_open else [govuk_tag("Closed", "grey")]
    if not one.is_procured:
        tags.append(SafeString("State funded"))
    tags += [format_html("{} {}", fact.label, tagged(fact)) for fact in facts]
    return tags or [SafeString("Not qualified")]


def tagged(fact: Fact) -> SafeString:
    """The fact's value, as a tag if it has a colour."""
    return govuk_tag(fact.value, fact.tag_colour) if fact.tag_colour else escape(fact.value)


def file_rows(
    found: Iterable[Establishment], facts: dict[UUID, list[Fact]], origin: GridPoint | None
) -> Iterator[list[str | int | None]]:
    """The rows under HEAD."""
    for one in found:
        miles = miles_from(origin, one)
        yield [
            one.urn or "",
            one.name,
            one.provider.name if one.provider else "",
            one.get_kind_display(),
            "Yes" if one.is_open else "No",
            "No" if one.is_procured else "Yes",
            one.street,
            one.town,
            one.postcode,
            one.la_name,
            one.low_age,
            one.high_age,
            one.gender,
            "; ".join(needs_in_words(one)),
            one.places,
            one.vacancies,
            london(one.places_said_at).date().isoformat() if one.places_said_at else "",
            "" if miles is None else show_hundredths(miles),
            "; ".join(f"{fact.label}: {fact.value}" for fact in facts.get(one.pk, [])),
        ]
