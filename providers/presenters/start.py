"""What waits for providers and for the central team about establishments and claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.actors import Actor
from dps.clock import from_london, london, show_date
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from providers.evidence_kinds import BY_CODE
from providers.evidence_standing import EXPIRING
from providers.models import Establishment, Evidence
from providers.presenters.evidence import page_of as evidence_page
from providers.queries import claims, evidence

MOST = 10
DAY = timedelta(days=1)


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.MANAGE_ESTABLISHMENTS):
        yield _yours(actor, now)
    if may(actor, Action.DECIDE_CLAIM):
        yield _claims_to_decide()


def _yours(actor: Actor, now: datetime) -> Section:
    mine = list(claims.establishments_of(actor.provider_id)) if actor.provider_id else []
    names = claims.names_waiting(actor.provider_id) if actor.provider_id else []
    items = [
        Waiting(
            f"We are checking that you run {name}",
            reverse("providers:mine"),
            "The contract team checks it, and we email you.",
        )
        for name in names
    ]
    if not mine and not names and may(actor, Action.CLAIM_ESTABLISHMENT):
        items.append(
            Waiting(
                "Claim the first school or home that you run",
                reverse("providers:claim_search"),
                "Councils can only invite you for establishments that you have claimed.",
            )
        )
    if actor.provider_id:
        items += _about_establishments(mine, actor.provider_id, london(now).date())
    return Section(
        heading="Your establishments",
        items=tuple(items[:MOST]),
        empty="Your places and certificates are up to date. We will show here what runs out next.",
        more_text="All your establishments",
        more_href=reverse("providers:mine"),
    )


def _about_establishments(
    mine: list[Establishment], provider_id: UUID, today: date
) -> Iterator[Waiting]:
    running_out, refused = evidence.to_see_to(provider_id, today + EXPIRING + DAY)
    yield from _renewals(running_out, today)
    yield from _refused(refused)
    held = evidence.latest_at({one.pk: provider_id for one in mine})
    for code in Evidence.INSURANCES:
        yield from _missing(code, [one for one in mine if code not in held.get(one.pk, {})])
    for one in mine:
        if one.places is None:
            href = reverse("providers:places", args=[one.pk])
            yield Waiting(f"Say how many places {one.name} has", href)


def _missing(kind: Evidence.Kind, without: list[Establishment]) -> Iterator[Waiting]:
    words = BY_CODE[kind].name_inside
    href = reverse("providers:add_evidence", args=[kind.value])
    if len(without) == 1:
        yield Waiting(f"Add the {words} of {without[0].name}", f"{href}?for={without[0].pk}")
    elif without:
        yield Waiting(f"Add the {words}: {len(without)} establishments have none", href)


def _renewals(found: Iterable[Evidence], today: date) -> Iterator[Waiting]:
    """One line for each document, however many it covers; insurance suspends when it runs out."""
    covered: dict[Any, list[Evidence]] = defaultdict(list)
    for one in found:
        covered[one.what, one.number, one.expires_on, one.upload_id].append(one)
    for (what, _number, last_day, _upload), pieces in covered.items():
        first, is_over = pieces[0], last_day < today
        when = "has expired" if is_over else f"expires on {show_date(last_day)}"
        consequence = " Without it, the establishment is suspended."
        yield Waiting(
            f"{what} of {_whose(pieces)} {when}",
            evidence_page(first),
            f"Add the new one.{consequence if first.kind in Evidence.INSURANCES else ''}",
            due_at=from_london(last_day, time(23, 59)) if is_over else None,
        )


def _whose(pieces: list[Evidence]) -> str:
    first = pieces[0].establishment
    if first is None:
        return "your whole organisation"
    return first.name if len(pieces) == 1 else f"{len(pieces)} establishments"


def _refused(found: Iterable[Evidence]) -> Iterator[Waiting]:
    for one in found:
        yield Waiting(
            f"Send the document again: {one.what}",
            evidence_page(one),
            "We could not keep the file. Open the page to see why.",
        )


def _claims_to_decide() -> Section:
    waiting = claims.waiting_claims()
    items = [
        Waiting(
            f"{claim.provider.name} says that it runs {claim.establishment.name}",
            reverse("providers:decide_claim", args=[claim.pk]),
            "Confirm or refuse",
        )
        for claim in waiting[:MOST]
    ]
    items += [
        Waiting(
            f"{addition.provider.name} asks that {addition.name} be added",
            reverse("providers:decide_addition", args=[addition.pk]),
            "Add it or refuse",
        )
        for addition in claims.waiting_additions()[:MOST]
    ]
    return Section(
        heading="Claims of establishments",
        items=tuple(items),
        empty="No claim waits. We email you when a provider claims an establishment.",
        more_text="All claims",
        more_href=reverse("providers:claims"),
    )
