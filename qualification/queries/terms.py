"""The contract terms: their versions, who has to accept them, who has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery

from dps.actors import REGION_ID
from dps.clock import london
from dps.models import AuditEvent
from qualification.models import Acceptance, Qualification, Terms
from qualification.terms_due import Standing, due_on, live, standing

REMINDED = "terms.reminded"


def versions() -> QuerySet[Terms]:
    """The latest first."""
    return Terms.objects.select_related("published_by").order_by("-number")


def live_terms(day: date) -> list[Terms]:
    """What can be accepted on a day: the version in force and those still to come."""
    return live(list(versions()), day)


def on_the_list() -> dict[UUID, date]:
    """Every provider with an establishment on a list, and the day on which its first came on it."""
    rows = Qualification.objects.filter(
        ended_at__isnull=True, establishment__provider__isnull=False
    ).values_list("establishment__provider")
    return {
        provider: london(first).date() for provider, first in rows.annotate(Min("qualified_at"))
    }


def listed_since(provider_id: UUID) -> date | None:
    """The day on which a provider's first place came on a list; None if it is on none."""
    first: datetime | None = Qualification.objects.filter(
        ended_at__isnull=True, establishment__provider_id=provider_id
    ).aggregate(first=Min("qualified_at"))["first"]
    return london(first).date() if first else None


def accepted_by_version(provider_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many of these providers have accepted each version."""
    rows = Acceptance.objects.filter(provider_id__in=provider_ids).values_list("terms")
    return dict(rows.annotate(number=Count("id")).order_by())


def has_accepted(provider_id: UUID, terms_id: UUID) -> bool:
    return Acceptance.objects.filter(provider_id=provider_id, terms_id=terms_id).exists()


@dataclass(frozen=True, slots=True)
class Asked:
    """One version that a provider was asked to accept, by when, and how it stands."""

    terms: Terms
    due: date
    standing: Standing
    acceptance: Acceptance | None


def asked_of(provider_id: UUID, day: date) -> list[Asked]:
    """The versions that a provider can accept on a day; none while it is on no list.

    In one query, and one more where something has been accepted.
    """
    own = Acceptance.objects.filter(provider_id=provider_id)
    listed = Qualification.objects.filter(
        ended_at__isnull=True, establishment__provider_id=provider_id
    ).order_by("qualified_at")
    rows = versions().annotate(
        accepted_id=Subquery(own.filter(terms=OuterRef("pk")).values("pk")[:1]),
        listed_at=Subquery(listed.values("qualified_at")[:1]),
    )
    every = [each for each in rows if each.listed_at]
    ids = [each.accepted_id for each in every if each.accepted_id]
    accepted = own.select_related("accepted_by").in_bulk(ids) if ids else {}
    return [
        asked(each, london(each.listed_at).date(), accepted.get(each.accepted_id), day)
        for each in live(every, day)
    ]


def asked(terms: Terms, listed_on: date, acceptance: Acceptance | None, day: date) -> Asked:
    due = due_on(terms.accept_by, listed_on)
    return Asked(
        terms, due, standing(has_accepted=acceptance is not None, due=due, day=day), acceptance
    )


def everybody_asked(terms: Terms, day: date) -> dict[UUID, Asked]:
    """How each provider on the list stands towards one version."""
    rows = Acceptance.objects.filter(terms=terms).select_related("accepted_by")
    accepted = {each.provider_id: each for each in rows}
    return {
        provider_id: asked(terms, listed_on, accepted.get(provider_id), day)
        for provider_id, listed_on in on_the_list().items()
    }


def reminded_at(terms_id: UUID) -> datetime | None:
    """When somebody of the central team last reminded those who had not accepted."""
    events = AuditEvent.objects.filter(authority_id=REGION_ID, action=REMINDED)
    found = events.filter(subject_id=str(terms_id)).order_by("-at")
    return found.values_list("at", flat=True).first()
