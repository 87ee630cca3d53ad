"""What a category asks on a day. An application is decided under the rules of its first day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dps.clock import london
from dps.models import Category
from qualification.models import Application, CostHead, Criterion


def in_force_on(day: date) -> Q:
    """The first day counts, the last does not: the next version starts on it."""
    return Q(from_date__lte=day) & (Q(until_date__isnull=True) | Q(until_date__gt=day))


def criteria_on(category_id: UUID, day: date) -> list[Criterion]:
    return list(Criterion.objects.filter(in_force_on(day), category_id=category_id))


def heads_on(category_id: UUID, day: date) -> list[CostHead]:
    return list(CostHead.objects.filter(in_force_on(day), category_id=category_id))


def categories_with_rules(day: date) -> QuerySet[Category]:
    """The categories that can be applied for: those that ask something."""
    asking = Criterion.objects.filter(in_force_on(day)).values("category_id")
    return Category.objects.filter(id__in=asking).select_related("market")


def rules_day(application: Application) -> date:
    return london(application.started_at).date()


def criteria_of(application: Application) -> list[Criterion]:
    return criteria_on(application.category_id, rules_day(application))


def heads_of(application: Application) -> list[CostHead]:
    return heads_on(application.category_id, rules_day(application))
