"""A provider's own establishments, claims and search results as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.govuk.templatetags.govuk import day
from providers.evidence_standing import Standing, standing
from providers.models import Addition, Claim, Establishment, Evidence
from providers.presenters import evidence as pieces
from providers.presenters.listing import vacancies_in_words
from providers.states import ClaimState

HEAD = ("Establishment", "Vacancies", "Certificates", "Update", "Details")
CLAIMS_HEAD = ("Establishment", "Claimed", "State", "What happens next")
FOUND_HEAD = ("Establishment", "Where", "URN", "Claim")
# Of everything that an establishment holds, the state that needs its people most.
WORST_FIRST = [
    Standing.WITHDRAWN,
    Standing.FILE_REFUSED,
    Standing.EXPIRED,
    Standing.EXPIRES_SOON,
    Standing.NOT_YET,
    Standing.REPLACED,
    Standing.BEING_CHECKED,
    Standing.VALID,
]
COLOURS = {
    ClaimState.WAITING: "yellow",
    ClaimState.CONFIRMED: "green",
    ClaimState.REFUSED: "red",
}


def row(one: Establishment, held: Mapping[str, Evidence], today: date) -> list[dict[str, Any]]:
    return [
        {"text": one.name, "href": reverse("providers:establishment", args=[one.pk])},
        {"text": vacancies_in_words(one)},
        _certificates(held, today),
        {"text": "Change places", "href": reverse("providers:places", args=[one.pk])},
        {"text": "See certificates", "href": reverse("providers:evidence", args=[one.pk])},
    ]


def _certificates(held: Mapping[str, Evidence], today: date) -> dict[str, str]:
    if lacking(held):
        return {"text": "Missing", "colour": "red"}
    worst = min((standing(one, today) for one in held.values()), key=WORST_FIRST.index)
    return {"text": pieces.NAMES[worst], "colour": pieces.COLOURS[worst]}


def lacking(held: Mapping[str, Evidence]) -> list[str]:
    """The insurances of which no certificate has been added."""
    return [kind.label for kind in Evidence.INSURANCES if kind not in held]


def claim_row(claim: Claim) -> list[dict[str, Any]]:
    state = ClaimState(claim.state)
    return [
        {"text": claim.establishment.name, "href": _page(claim.establishment)},
        {"text": day(claim.claimed_at)},
        {"text": state.value.capitalize(), "colour": COLOURS[state]},
        {"text": _next(claim, state)},
    ]


def addition_row(addition: Addition) -> list[dict[str, Any]]:
    state = ClaimState(addition.state)
    name = {"text": addition.name}
    if addition.establishment is not None:
        name["href"] = _page(addition.establishment)
    return [
        name,
        {"text": day(addition.asked_at)},
        {"text": state.value.capitalize(), "colour": COLOURS[state]},
        {"text": _next(addition, state)},
    ]


def _next(claim: Claim | Addition, state: ClaimState) -> str:
    if state is ClaimState.WAITING:
        if isinstance(claim, Addition):
            return "The contract team checks it. We will email you"
        return "The contract team checks it. You can start its application meanwhile"
    if state is ClaimState.CONFIRMED:
        return "You can apply to qualify for it"
    again = "claim it" if isinstance(claim, Claim) else "ask for it"
    return f"You can {again} again. Reason: {claim.reason}"


def found_row(one: Establishment, provider_id: UUID | None) -> list[dict[str, Any]]:
    if one.provider_id is None:
        claim = {"text": f"Claim {one.name}", "href": reverse("providers:claim", args=[one.pk])}
    elif one.provider_id == provider_id:
        claim = {"text": "Yours already"}
    else:
        claim = {"text": "Another organisation runs it"}
    where = ", ".join(part for part in (one.town, one.postcode) if part)
    return [{"text": one.name, "href": _page(one)}, {"text": where}, {"text": one.urn or ""}, claim]


def claim_summary(one: Establishment) -> list[dict[str, str]]:
    lines = [one.street, one.town, one.postcode]
    return [
        {"key": "Establishment", "value": one.name},
        {"key": "Kind", "value": one.get_kind_display()},
        {"key": "Address", "value": "\n".join(line for line in lines if line)},
        {"key": "URN", "value": one.urn or "None"},
    ]


def _page(one: Establishment) -> str:
    return reverse("providers:establishment", args=[one.pk])
