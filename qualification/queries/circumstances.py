"""What a decision looks at besides an application's own contents: one query for any number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from qualification.models import Application, Check, Qualification
from qualification.queries.applications import with_names
from qualification.queries.caps import common_caps
from qualification.queries.gathered import gathered, rows_of


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What officers, the register, the list and the Board say of one application."""

    checks: Mapping[str, Check]
    """By the code of the question."""
    cap_pence: int | None
    """Of the cap common to all councils on the day."""
    is_claim_confirmed: bool
    is_open: bool
    is_listed: bool


def with_circumstances(rows: QuerySet[Application], day: date) -> QuerySet[Application]:
    """Each with what `circumstances_of` reads."""
    listed = Qualification.objects.filter(
        establishment_id=OuterRef("establishment_id"),
        category_id=OuterRef("category_id"),
        ended_at__isnull=True,
    )
    cap = common_caps(day).filter(category_id=OuterRef("category_id"))
    return rows.annotate(
        made_checks=gathered(Check.objects.filter(application_id=OuterRef("pk")), "checked_by"),
        is_listed=Exists(listed),
        common_cap=Subquery(cap.values("year_pence")[:1]),
    )


def circumstances_of(one: Application) -> Circumstances:
    """Of an application that `with_circumstances` has annotated."""
    place = one.establishment
    return Circumstances(
        checks=made_checks(one),
        cap_pence=one.common_cap,  # type: ignore[attr-defined]
        is_claim_confirmed=place.provider_id == one.provider_id,
        is_open=place.is_open,
        is_listed=one.is_listed,  # type: ignore[attr-defined]
    )


def circumstances(application_ids: Collection[UUID], day: date) -> dict[UUID, Circumstances]:
    """As they are now, read after a lock: one query."""
    rows = with_circumstances(with_names().filter(id__in=application_ids), day)
    return {one.id: circumstances_of(one) for one in rows}


def made_checks(one: Application) -> dict[str, Check]:
    found = rows_of(Check, one.made_checks, "checked_by")  # type: ignore[attr-defined]
    return {each.code: each for each in found}
