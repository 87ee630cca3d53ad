"""What waits for councils and providers about agreements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from contracts.models import Agreement
from contracts.presenters import compliance
from contracts.queries.agreements import to_sign
from dps.actors import Actor, Kind
from dps.permissions import Action, may
from dps.waiting import Section, Waiting

MOST = 10


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.SIGN_FOR_AUTHORITY) or may(actor, Action.SIGN_FOR_PROVIDER):
        yield _to_sign(actor)
    if may(actor, Action.VIEW_COMPLIANCE):
        yield compliance.section()


def _to_sign(actor: Actor) -> Section:
    return Section(
        heading="Agreements to sign",
        items=tuple(_waiting(agreement, actor) for agreement in to_sign(actor)[:MOST]),
        empty="No agreement waits for your side’s signature.",
        more_text="All placement agreements",
        more_href=reverse("contracts:agreements"),
    )


def _waiting(agreement: Agreement, actor: Actor) -> Waiting:
    other = agreement.authority if actor.kind is Kind.PROVIDER else agreement.provider
    return Waiting(
        text=f"Sign agreement {agreement.reference}",
        href=reverse("contracts:agreement", args=[agreement.authority_id, agreement.id]),
        detail=f"With {other.name}, for a place at {agreement.establishment.name}",
    )
