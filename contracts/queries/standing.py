"""What the audit reads of many establishments: nine queries, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from contracts.compliance import (
    INSURANCES,
    Certificate,
    Facts,
    Found,
    Inspected,
    Item,
    Plan,
    failures,
    plan,
    warnings_due,
)
from contracts.models import ComplianceFinding, ComplianceReminder
from contracts.queries.insurance import insurance_wanted
from providers.models import Establishment, Evidence, Inspection
from providers.queries.evidence import kept_of
from qualification.models import Qualification, Suspension
from qualification.queries.inspection_rules import inspection_rules
from qualification.scoring import PassRule


@dataclass(frozen=True, slots=True)
class Standing:
    """One qualified establishment: what is known of it and what the audit did before."""

    establishment_id: UUID
    name: str
    provider_id: UUID
    facts: Facts
    rules: tuple[PassRule, ...]
    """What passes an inspection."""
    open_findings: dict[Item, Found]
    suspended: frozenset[str]
    """The causes of the suspensions in force."""
    suspended_by_rule: dict[Item, UUID]
    """Of these, the audit's own."""
    warned: dict[UUID, frozenset[int]]

    def plan(self, on: date) -> Plan:
        return plan(
            failures(self.facts, on, self.rules),
            open_findings=self.open_findings,
            suspended_by_rule=self.suspended_by_rule,
            warnings=warnings_due(self.facts.certificates, self.facts.insurance, self.warned, on),
        )


Row = tuple[UUID, str, UUID, bool]
Ends = tuple[UUID, UUID]


def qualified_after(reached: UUID | None, *, most: int) -> list[Row]:
    """Establishments on any category's list, in the order of their ids."""
    listed = Qualification.objects.filter(establishment=OuterRef("pk"), ended_at__isnull=True)
    rows = Establishment.objects.filter(Exists(listed), provider__isnull=False)
    if reached is not None:
        rows = rows.filter(pk__gt=reached)
    return list(rows.order_by("pk").values_list("pk", "name", "provider_id", "is_open")[:most])


def still_qualified(establishment_id: UUID) -> list[Row]:
    """The same for one of them, of which the caller holds the lock."""
    listed = Qualification.objects.filter(establishment=OuterRef("pk"), ended_at__isnull=True)
    rows = Establishment.objects.filter(Exists(listed), pk=establishment_id)
    rows = rows.filter(provider__isnull=False)
    return list(rows.values_list("pk", "name", "provider_id", "is_open"))


def standings(rows: Sequence[Row], on: date) -> list[Standing]:
    """How each of these, in the order of their ids, stands as of a day.

    What was inspected later is not known yet. Read from the first id to the last: thousands of
    them in a query would cost more than the few in between that are on no list.
    """
    if not rows:
        return []
    ends: Ends = rows[0][0], rows[-1][0]
    certificates, inspections = _certificates(rows), _inspections(ends, on)
    found, in_force = _open_findings(ends), _suspensions(ends)
    warned = _warned({each.id for held in certificates.values() for each in held})
    rules, wanted = inspection_rules(), insurance_wanted([row[0] for row in rows])
    return [
        Standing(
            establishment_id=pk,
            name=name,
            provider_id=provider_id,
            facts=Facts(is_open, tuple(certificates[pk]), inspections.get(pk), wanted[pk]),
            rules=rules,
            open_findings=found[pk],
            suspended=frozenset(cause for cause, _, _ in in_force[pk]),
            suspended_by_rule={
                Item(cause): suspension_id
                for cause, suspension_id, is_automatic in in_force[pk]
                if is_automatic and cause in set(Item)
            },
            warned={
                each.id: frozenset(warned[each.id])
                for each in certificates[pk]
                if each.id in warned
            },
        )
        for pk, name, provider_id, is_open in rows
    ]


def _certificates(rows: Collection[Row]) -> dict[UUID, list[Certificate]]:
    """What each holds by itself, and what covers all that its provider runs."""
    providers = {pk: provider_id for pk, _, provider_id, _ in rows}
    return {
        pk: [_certificate(each) for each in held]
        for pk, held in kept_of(providers, INSURANCES).items()
    }


def _certificate(held: Evidence) -> Certificate:
    return Certificate(
        id=held.pk,
        kind=held.kind,
        issued_on=held.issued_on,
        # A constraint of the table: insurance has a last day.
        expires_on=held.expires_on or held.issued_on,
        sum_insured_pence=held.sum_insured_pence,
        is_for_all=not held.is_for_one_establishment,
    )


def _inspections(ends: Ends, on: date) -> dict[UUID, Inspected]:
    rows = Inspection.objects.filter(**_between(ends), inspected_on__lte=on)
    latest = rows.order_by("establishment_id", "-inspected_on", "-recorded_at", "-id")
    columns = ("establishment_id", "scale", "result", "inspected_on")
    found = latest.distinct("establishment_id").values_list(*columns)
    return {pk: Inspected(scale, result, day) for pk, scale, result, day in found}


def _open_findings(ends: Ends) -> dict[UUID, dict[Item, Found]]:
    found: dict[UUID, dict[Item, Found]] = defaultdict(dict)
    rows = ComplianceFinding.objects.filter(**_between(ends), resolved_at__isnull=True)
    for pk, item, words, suspends in rows.order_by("item").values_list(
        "establishment_id", "item", "words", "suspends"
    ):
        found[pk][Item(item)] = Found(words, suspends)
    return found


def _suspensions(ends: Ends) -> dict[UUID, list[tuple[str, UUID, bool]]]:
    in_force: dict[UUID, list[tuple[str, UUID, bool]]] = defaultdict(list)
    rows = Suspension.objects.filter(**_between(ends), lifted_at__isnull=True)
    columns = ("establishment_id", "cause", "pk", "is_automatic")
    for establishment_id, *suspension in rows.order_by("cause").values_list(*columns):
        in_force[establishment_id].append((suspension[0], suspension[1], suspension[2]))
    return in_force


def _warned(evidence_ids: Collection[UUID]) -> dict[UUID, set[int]]:
    sent: dict[UUID, set[int]] = defaultdict(set)
    rows = ComplianceReminder.objects.filter(evidence_id__in=evidence_ids)
    for evidence_id, days in rows.values_list("evidence_id", "days"):
        sent[evidence_id].add(days)
    return sent


def _between(ends: Ends) -> dict[str, UUID]:
    first, last = ends
    return {"establishment_id__gte": first, "establishment_id__lte": last}
