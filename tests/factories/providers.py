"""Providers, their people and establishments, and register downloads as bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from dps.actors import REGION_ID, Actor, Role, system
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Inspection, Provider
from providers.places import place
from providers.services.placing import put
from tests.factories.kernel import NOON, make_person

GIAS_ROW = {
    "URN": "125001",
    "LA (name)": "West Sussex",
    "EstablishmentName": "Larkfield School",
    "TypeOfEstablishment (name)": "Other independent special school",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-1998",
    "StatutoryLowAge": "5",
    "StatutoryHighAge": "16",
    "Boarders (name)": "No Boarders",
    "Gender (name)": "Mixed",
    "UKPRN": "10015001",
    "Street": "Lark Lane",
    "Locality": "",
    "Town": "Worthing",
    "County (name)": "West Sussex",
    "Postcode": "BN11 1AA",
    "SchoolWebsite": "www.larkfield.example",
    "TelephoneNum": "01903000000",
    "GOR (name)": "South East",
}


def gias_row(**changes: str) -> dict[str, str]:
    """A row of the register; keys are our short words for its columns."""
    columns = {
        "urn": "URN",
        "name": "EstablishmentName",
        "kind": "TypeOfEstablishment (name)",
        "status": "EstablishmentStatus (name)",
        "postcode": "Postcode",
        "low_age": "StatutoryLowAge",
        "high_age": "StatutoryHighAge",
        "opened": "OpenDate",
        "town": "Town",
        "website": "SchoolWebsite",
    }
    return GIAS_ROW | {columns.get(name, name): value for name, value in changes.items()}


def gias_file(
    rows: Iterable[Mapping[str, str]], *, columns: Iterable[str] = (), encoding: str = "cp1252"
) -> bytes:
    """A register download as it comes: quoted, windows-1252, Windows line ends."""
    rows = list(rows)
    names = list(columns) or list(rows[0] if rows else GIAS_ROW)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, quoting=csv.QUOTE_ALL, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def make_provider(name: str = "Larkfield Education Ltd", **facts: Any) -> Provider:
    with acting_as(system(REGION_ID)):
        return Provider.objects.create(name=name, registered_at=NOON, **facts)


def make_administrator(provider: Provider) -> Actor:
    return make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.id)


def make_establishment(name: str = "Larkfield School", **facts: Any) -> Establishment:
    """An open independent special school in Worthing, claimed by nobody."""
    usual = {
        "kind": Establishment.Kind.INDEPENDENT_SPECIAL,
        "town": "Worthing",
        "la_name": "West Sussex",
        "postcode": "BN11 1AA",
        "low_age": 5,
        "high_age": 16,
    }
    establishment = Establishment(name=name, **(usual | facts))
    if "easting" not in facts:
        put(establishment, place(establishment.postcode, None, None))
    with acting_as(system(REGION_ID)):
        establishment.save()
    return establishment


def make_inspection(establishment: Establishment, **facts: Any) -> Inspection:
    usual = {
        "inspector": "Ofsted",
        "scale": "ofsted_overall_grade",
        "result": "good",
        "inspected_on": date(2025, 3, 4),
        "recorded_at": NOON,
    }
    with acting_as(system(REGION_ID)):
        return Inspection.objects.create(establishment=establishment, **(usual | facts))
