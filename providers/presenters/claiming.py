"""Claims as the central team sees them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dps.govuk.templatetags.govuk import day, moment
from providers.models import Addition, Claim, Establishment
from providers.presenters.own import COLOURS
from providers.states import ClaimState

WAITING_HEAD = ("Establishment", "Claimed by", "Since", "Decide")
DECIDED_HEAD = ("Establishment", "Claimed by", "Decided", "Outcome")


def waiting_row(claim: Claim) -> list[dict[str, Any]]:
    return [
        {"text": claim.establishment.name},
        {"text": claim.provider.name},
        {"text": day(claim.claimed_at)},
        {
            "text": f"Decide on {claim.establishment.name}",
            "href": reverse("providers:decide_claim", args=[claim.pk]),
        },
    ]


def addition_row(addition: Addition) -> list[dict[str, Any]]:
    return [
        {"text": addition.name},
        {"text": addition.provider.name},
        {"text": day(addition.asked_at)},
        {
            "text": f"Decide on {addition.name}",
            "href": reverse("providers:decide_addition", args=[addition.pk]),
        },
    ]


def decided_row(claim: Claim) -> list[dict[str, Any]]:
    state = ClaimState(claim.state)
    return [
        {
            "text": claim.establishment.name,
            "href": reverse("providers:decide_claim", args=[claim.pk]),
        },
        {"text": claim.provider.name},
        {"text": day(claim.decided_at)},
        {"text": state.value.capitalize(), "colour": COLOURS[state]},
    ]


def establishment_rows(one: Establishment) -> list[dict[str, Any]]:
    lines = [one.street, one.town, one.postcode]
    return [
        {
            "key": "Name",
            "value": one.name,
            "href": reverse("providers:establishment", args=[one.pk]),
            "action": "See its page",
        },
        {"key": "Address", "value": "\n".join(line for line in lines if line)},
        {"key": "URN", "value": one.urn},
        {"key": "Telephone", "value": one.phone},
        {"key": "Website", "value": one.website},
        {"key": "Run by", "value": one.provider.name if one.provider else "Nobody has claimed it"},
    ]


def provider_rows(claim: Claim) -> list[dict[str, Any]]:
    provider = claim.provider
    return [
        {"key": "Organisation", "value": provider.name},
        {"key": "Company number", "value": provider.company_number},
        {"key": "Email address", "value": provider.contact_email},
        {"key": "Claimed by", "value": f"{claim.claimed_by.name}, {moment(claim.claimed_at)}"},
        {"key": "Registered", "value": day(provider.registered_at)},
    ]


def addition_rows(one: Addition) -> list[dict[str, Any]]:
    return [
        {"key": "Name", "value": one.name},
        {"key": "Kind", "value": one.get_kind_display()},
        {"key": "Number at its inspectorate", "value": one.number or "None yet"},
        {"key": "Address", "value": "\n".join((one.street, one.town, one.postcode))},
        {"key": "Telephone", "value": one.phone},
        {"key": "Ages", "value": f"{one.low_age} to {one.high_age}"},
    ]


def asker_rows(addition: Addition) -> list[dict[str, Any]]:
    provider = addition.provider
    return [
        {"key": "Organisation", "value": provider.name},
        {"key": "Company number", "value": provider.company_number},
        {"key": "Email address", "value": provider.contact_email},
        {"key": "Asked by", "value": f"{addition.asked_by.name}, {moment(addition.asked_at)}"},
    ]


def outcome(claim: Claim | Addition) -> str:
    if claim.state == ClaimState.WAITING:
        return ""
    words = f"{claim.get_state_display()} on {moment(claim.decided_at)}."
    return f"{words} Reason: {claim.reason}" if claim.reason else words
