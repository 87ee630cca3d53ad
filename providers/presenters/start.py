"""What waits for providers and for the central team about establishments and claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.urls import reverse

from dps.actors import Actor
from dps.clock import from_london, london, show_date
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from providers.models import Establishment, Evidence
from providers.presenters.establishment import EXPIRING_DAYS
from providers.queries import claims
from providers.queries.evidence import latest_of
from providers.states import ClaimState

MOST = 10


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.MANAGE_ESTABLISHMENTS):
        yield _yours(actor, now)
    if may(actor, Action.DECIDE_CLAIM):
        yield _claims_to_decide()


def _yours(actor: Actor, now: datetime) -> Section:
    mine = list(claims.establishments_of(actor.provider_id)) if actor.provider_id else []
    asked = list(claims.claims_of(actor.provider_id)) if actor.provider_id else []
    waiting = [claim for claim in asked if claim.state == ClaimState.WAITING]
    items = [
        Waiting(
            f"We are checking that you run {claim.establishment.name}",
            reverse("providers:mine"),
            "Nothing to do: the contract team confirms it, and we email you.",
        )
        for claim in waiting
    ]
    if not mine and not waiting and may(actor, Action.CLAIM_ESTABLISHMENT):
        items.append(
            Waiting(
                "Claim the first school or home that you run",
                reverse("providers:claim_search"),
                "Councils can only invite you for establishments that you have claimed.",
            )
        )
    items += _about_establishments(mine, london(now).date())
    return Section(
        heading="Your establishments",
        items=tuple(items[:MOST]),
        empty="Your places and certificates are up to date. We will show here what runs out next.",
        more_text="All your establishments",
        more_href=reverse("providers:mine"),
    )


def _about_establishments(mine: list[Establishment], today: date) -> Iterator[Waiting]:
    held = latest_of(one.pk for one in mine)
    for one in mine:
        certificates = held.get(one.pk, {})
        for kind in Evidence.Kind:
            yield from _certificate(one, kind, certificates.get(kind), today)
        if one.places is None:
            href = reverse("providers:places", args=[one.pk])
            yield Waiting(f"Say how many places {one.name} has", href)


def _certificate(
    one: Establishment, kind: Evidence.Kind, held: Evidence | None, today: date
) -> Iterator[Waiting]:
    href = reverse("providers:evidence", args=[one.pk])
    words = kind.label[:1].lower() + kind.label[1:]
    if held is None:
        if kind in Evidence.INSURANCES:
            yield Waiting(f"Add the {words} of {one.name}", href)
        return
    left = (held.expires_on - today).days
    if left <= EXPIRING_DAYS:
        is_over = left < 0
        when = show_date(held.expires_on)
        yield Waiting(
            f"{kind.label} of {one.name} {'has expired' if is_over else f'expires on {when}'}",
            href,
            "Add the new certificate. Without it, the establishment is suspended.",
            due_at=from_london(held.expires_on, time(23, 59)) if is_over else None,
        )


def _claims_to_decide() -> Section:
    waiting = claims.waiting_claims()
    items = tuple(
        Waiting(
            f"{claim.provider.name} says that it runs {claim.establishment.name}",
            reverse("providers:decide_claim", args=[claim.pk]),
            "Confirm or refuse",
        )
        for claim in waiting[:MOST]
    )
    return Section(
        heading="Claims of establishments",
        items=items,
        empty="No claim waits. We email you when a provider claims an establishment.",
        more_text="All claims",
        more_href=reverse("providers:claims"),
    )
