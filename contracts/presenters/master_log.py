"""The master log in words: in a list and in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from contracts.queries.master_log import Entry, Logged
from dps.clock import london, show_date
from dps.govuk.templatetags.govuk import govuk_tag
from dps.views.downloads import Cell
from providers.models import Inspection
from qualification.models import Suspension

NONE = "None"
HEAD = (
    "URN", "Establishment", "Provider", "Area", "Open", "Status", "Qualified for",
    "First qualified on", "Inspector", "Inspected on", "Inspection result", "Insured until",
    "Suspended on", "Suspended by", "Cause", "Reason", "Reinstated on", "Reason to reinstate",
)  # fmt: skip
NEVER_SUSPENDED = (None,) * 6


def status_of(one: Logged) -> tuple[str, str]:
    """The word and the colour of its tag; the annotations are those of the log."""
    if not one.is_listed:
        return "No longer on a list", "grey"
    return ("Suspended", "red") if one.is_suspended else ("Qualified", "green")


def status_tag(one: Logged) -> SafeString:
    return govuk_tag(*status_of(one))


def categories_in_words(entry: Entry) -> str:
    names = [each.category.name for each in entry.listings if each.ended_at is None]
    return ", ".join(names) or NONE


def inspection_in_words(inspection: Inspection | None) -> str:
    if inspection is None:
        return "Not inspected yet"
    result = inspection.result[:1].upper() + inspection.result[1:]
    return f"{result} ({inspection.inspector}, {show_date(inspection.inspected_on)})"


def insurance_in_words(until: date | None, today: date) -> str:
    if until is None:
        return "Not on record"
    return show_date(until) if until >= today else f"Expired on {show_date(until)}"


def history(name: str, suspensions: Sequence[Suspension]) -> SafeString:
    """When and why in short, a line each; the reasons in full unfold below."""
    if not suspensions:
        return SafeString(NONE)
    lines = [line for each in suspensions for line in _in_short(each)]
    reasons = [reason for each in suspensions for reason in _in_full(each)]
    return format_html(
        '{}<details class="govuk-details govuk-!-margin-bottom-0">'
        '<summary class="govuk-details__summary"><span class="govuk-details__summary-text">'
        'Reasons<span class="govuk-visually-hidden"> of {}</span></span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        _paragraphs(lines),
        name,
        _paragraphs(reasons),
    )


def _paragraphs(lines: Iterable[str]) -> SafeString:
    paragraph = '<p class="govuk-body-s govuk-!-margin-bottom-1">{}</p> '
    return format_html_join("", paragraph, ((line,) for line in lines))


def _in_short(one: Suspension) -> Iterator[str]:
    yield f"{_on(one.suspended_at)}: suspended. {one.get_cause_display()}."
    if one.lifted_at is not None:
        yield f"{_on(one.lifted_at)}: reinstated."


def _in_full(one: Suspension) -> Iterator[str]:
    yield f"{_on(one.suspended_at)}: {one.reason}"
    if one.lifted_at is not None:
        yield f"{_on(one.lifted_at)}: {one.lift_reason}"


def _on(moment: datetime) -> str:
    return show_date(london(moment).date())


def file_rows(found: Iterable[Logged], entries: Mapping[UUID, Entry]) -> Iterator[list[Cell]]:
    """The rows under HEAD: one for each suspension, one for who never was suspended."""
    for one in found:
        entry = entries[one.pk]
        first = min((each.qualified_at for each in entry.listings), default=None)
        facts: list[Cell] = [
            one.urn or "",
            one.name,
            one.provider.name if one.provider else "",
            one.la_name,
            "Yes" if one.is_open else "No",
            status_of(one)[0],
            categories_in_words(entry),
            _day(first),
            *_inspected(entry.inspection),
            one.insured_until,
        ]
        if not entry.suspensions:
            yield [*facts, *NEVER_SUSPENDED]
        for suspension in entry.suspensions:
            yield [*facts, *_suspended(suspension)]


def _inspected(inspection: Inspection | None) -> list[Cell]:
    if inspection is None:
        return [None, None, None]
    return [inspection.inspector, inspection.inspected_on, inspection.result]


def _suspended(one: Suspension) -> list[Cell]:
    return [
        _day(one.suspended_at),
        "The audit" if one.is_automatic else "An officer",
        one.get_cause_display(),
        one.reason,
        _day(one.lifted_at),
        one.lift_reason or None,
    ]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else london(moment).date()
