"""The insurance asked of establishments by the rules under which they are on the lists (Q2)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from contracts.compliance import INSURANCES, Wanted
from providers.queries.evidence import reliable
from qualification.models import EvidenceRule, Qualification


def insurance_rules() -> QuerySet[EvidenceRule]:
    """What every rule set asks for without fail."""
    return EvidenceRule.objects.filter(kind__in=INSURANCES, is_optional=False)


def insurance_wanted(establishment_ids: Collection[UUID]) -> dict[UUID, Wanted]:
    """By establishment, of each kind the most that any list it is on asks for: two queries."""
    listed = Qualification.objects.filter(
        establishment_id__in=establishment_ids, ended_at__isnull=True
    )
    pairs = list(listed.values_list("establishment_id", "rule_set_id"))
    by_rules: dict[UUID, list[tuple[str, int]]] = {rule_set_id: [] for _, rule_set_id in pairs}
    rules = insurance_rules().filter(criterion__rule_set_id__in=by_rules)
    for rule_set_id, kind, least in rules.values_list(
        "criterion__rule_set_id", "kind", "least_sum_pence"
    ):
        by_rules[rule_set_id].append((kind, least or 0))
    wanted: dict[UUID, dict[str, int]] = {pk: {} for pk in establishment_ids}
    for establishment_id, rule_set_id in pairs:
        mine = wanted[establishment_id]
        for kind, least in by_rules[rule_set_id]:
            mine[kind] = max(least, mine.get(kind, 0))
    return dict(wanted)


def insured_until() -> Subquery:
    """Of an establishment in the query around it, the day on which the first kind asked for ends.

    Null if one of them is not covered by the sum asked for. Off every list, what
    those asked for counts on which it was.
    """
    listings = Qualification.objects.filter(establishment_id=OuterRef(OuterRef("pk")))
    in_force = Qualification.objects.filter(
        establishment_id=OuterRef("establishment_id"), ended_at__isnull=True
    )
    counting = listings.filter(Q(ended_at__isnull=True) | ~Exists(in_force))
    rules = insurance_rules().filter(criterion__rule_set_id__in=counting.values("rule_set_id"))
    rows = rules.annotate(until=_cover()).order_by(F("until").asc(nulls_first=True))
    return Subquery(rows.values("until")[:1])


def _cover() -> Subquery:
    """The last day of the longest certificate that is enough for a rule."""
    place, provider = OuterRef(OuterRef("pk")), OuterRef(OuterRef("provider_id"))
    held = reliable().filter(
        Q(establishment_id=place) | Q(establishment__isnull=True, provider_id=provider),
        kind=OuterRef("kind"),
    )
    enough = held.filter(sum_insured_pence__gte=Coalesce(OuterRef("least_sum_pence"), 0))
    return Subquery(enough.order_by("-expires_on").values("expires_on")[:1])
