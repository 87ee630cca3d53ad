"""The page of one establishment: register facts, places, inspections, evidence, and how we know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day
from providers.models import Establishment, Inspection
from providers.presenters.evidence import EVIDENCE_HEAD as EVIDENCE_HEAD
from providers.presenters.evidence import evidence_rows as evidence_rows
from providers.presenters.facts import Fact
from providers.presenters.listing import (
    NOT_SAID,
    ages_in_words,
    needs_in_words,
    tagged,
    vacancies_in_words,
)

WEB_ADDRESS = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.ASCII | re.IGNORECASE
)
SCALES = {
    "ofsted_overall_grade": "Overall effectiveness",
    "ofsted_independent_school": "Report card",
    "ofsted_report_card": "Report card",
    "ofsted_social_care": "Overall experiences and progress",
    "isi_framework": "Standards met or not met",
    "authority_quality_assurance": "Quality assurance by a council",
}
"""What the inspector's scheme judges, in words."""


def about(one: Establishment) -> list[dict[str, Any]]:
    """What the register, or the provider, says of it."""
    rows = [
        ("Kind", one.get_kind_display() + ("" if one.is_procured else ", funded by the state")),
        ("Run by", one.provider.name if one.provider else "No provider has claimed it"),
        ("Ages", ages_in_words(one)),
        ("Gender", one.gender or NOT_SAID),
        ("Boarding", one.boarders or NOT_SAID),
        ("Needs", needs_in_words(one) or NOT_SAID),
        ("Places", NOT_SAID if one.places is None else f"{one.places:,}"),
        ("Vacancies", _vacancies(one)),
    ]
    return [{"key": key, "value": value} for key, value in rows]


def contact(one: Establishment) -> list[dict[str, Any]]:
    lines = [one.street, one.locality, one.town, one.county, one.postcode]
    rows = [
        ("Address", "\n".join(line for line in lines if line)),
        ("Local authority area", one.la_name),
        ("Telephone", one.phone),
        ("Website", _website(one.website)),
    ]
    return [{"key": key, "value": value} for key, value in rows]


def provenance(one: Establishment) -> list[dict[str, Any]]:
    """Where this page's facts come from, so that a reader knows how far to trust them."""
    rows = [
        ("Unique reference number (URN)", one.urn or "Not on the register of schools"),
        ("UK provider reference number (UKPRN)", one.ukprn),
        ("Opened", day(one.opened_on)),
        ("Placed on the map by", _placed(one)),
    ]
    return [{"key": key, "value": value} for key, value in rows]


def status(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    return [
        {
            "key": fact.label,
            "value": tagged(fact),
            "href": fact.href,
            "action": fact.action,
        }
        for fact in facts
    ]


def inspection_rows(found: Iterable[Inspection]) -> list[list[Any]]:
    return [
        [
            show_date(one.inspected_on),
            one.inspector,
            SCALES.get(one.scale, _plain(one.scale)),
            _plain(one.result),
        ]
        for one in found
    ]


INSPECTIONS_HEAD = ("Date", "Inspector", "What was judged", "Result")


def _vacancies(one: Establishment) -> str:
    said = vacancies_in_words(one)
    return f"{said}, said on {day(one.places_said_at)}" if one.places_said_at else said


def _placed(one: Establishment) -> str:
    if not one.placed_by:
        return "We could not place it: it has no postcode that we know"
    edition = f", {one.placed_edition}" if one.placed_edition else ""
    return f"{one.get_placed_by_display()}{edition}".capitalize()


def _website(text: str) -> str | SafeString:
    """A link, if it has the form of a web address; the register holds other things too."""
    if not WEB_ADDRESS.fullmatch(text):
        return text
    href = text if text.lower().startswith("http") else f"http://{text}"
    return format_html(
        '<a class="govuk-link app-break" href="{}" rel="noreferrer">{}</a>', href, text
    )


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize() if code.islower() else code
