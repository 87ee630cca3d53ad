"""The annual compliance audit: find, warn, suspend, and lift what was put right (BC 7.21)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F

from contracts.compliance import Failure, Item, Plan, Warn, or_more
from contracts.models import ComplianceFinding, ComplianceReminder, ComplianceRun
from contracts.queries.standing import Standing, qualified_after, standings, still_qualified
from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Evidence
from qualification.services.suspending import reinstate, suspend

BATCH = 5_000
"""Establishments read at once, so that memory stays flat."""
PUT_RIGHT = {
    Item.INSURANCE: "All the insurance that is asked of it is on record again.",
    Item.INSPECTION: "The latest inspection passes.",
    Item.REGISTRATION: "The register shows it as open again.",
}


class AnotherDay(Refusal):
    message = "The audit changes who is suspended now, so it runs as of today only"


def run_compliance_audit(
    *, actor: Actor, now: datetime, as_of: date | None = None
) -> ComplianceRun:
    """Audit every qualified establishment as of a day in London, today if not given (BC 7.21).

    Each establishment's change is a transaction of its own: what is stopped goes on where it was
    at the next call, and a call after the end looks at everybody again and finds it done.

    :raises NotPermitted: only the system audits.
    :raises AnotherDay: `as_of` is not today, where the clock may not be moved.
    """
    require(actor, Action.RUN_COMPLIANCE_AUDIT)
    today = london(now).date()
    on = as_of or today
    if on != today and not settings.CLOCK_MAY_MOVE:
        raise AnotherDay
    with acting_as(actor):
        run = _begin(on, now)
    while True:
        with acting_as(actor):
            rows = qualified_after(run.reached, most=BATCH)
            batch = standings(rows, on)
        for standing in batch:
            if not standing.plan(on).is_empty:
                _put_in_order(standing.establishment_id, run, actor=actor, now=now)
        with acting_as(actor):
            if len(rows) < BATCH:
                return _finish(run, len(rows), actor=actor, now=now)
            _advance(run, len(rows), reached=rows[-1][0])


def _begin(on: date, now: datetime) -> ComplianceRun:
    """A day's first run makes the row; a later one starts anew, or where the last was stopped."""
    run, _ = ComplianceRun.objects.get_or_create(as_of=on, defaults={"started_at": now})
    if run.reached is None:
        run.checked = 0
    return run


def _advance(run: ComplianceRun, checked: int, *, reached: UUID) -> None:
    run.reached, run.checked = reached, run.checked + checked
    run.save(update_fields=["reached", "checked"])


def _finish(run: ComplianceRun, checked: int, *, actor: Actor, now: datetime) -> ComplianceRun:
    is_first = run.finished_at is None
    run.reached, run.checked, run.finished_at = None, run.checked + checked, now
    run.save(update_fields=["reached", "checked", "finished_at"])
    run.refresh_from_db()
    if is_first:
        facts = {"as_of": run.as_of, "checked": run.checked, "found": run.found}
        audit.record(Act("compliance.audited", run, facts), actor=actor, at=now)
    return run


def _put_in_order(
    establishment_id: UUID, run: ComplianceRun, *, actor: Actor, now: datetime
) -> None:
    """Look again with the lock held, for another run may have been faster; then change."""
    with acting_as(actor):
        _one_at_a_time()
        Establishment.objects.select_for_update().get(pk=establishment_id)
        for standing in standings(still_qualified(establishment_id), run.as_of):
            todo = standing.plan(run.as_of)
            _resolve(standing, todo, actor=actor, now=now)
            _find(standing, todo.find, actor=actor, now=now)
            _warn(standing, todo.warn, actor=actor, now=now)
            _count(run, todo)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contracts.compliance_audit'))")


def _resolve(standing: Standing, todo: Plan, *, actor: Actor, now: datetime) -> None:
    still_open = ComplianceFinding.objects.filter(
        establishment_id=standing.establishment_id, item__in=todo.resolve, resolved_at__isnull=True
    )
    for finding in still_open if todo.resolve else ():
        finding.resolved_at = now
        finding.save(update_fields=["resolved_at"])
        _record("compliance.resolved", finding, actor=actor, now=now)
    for item in todo.lift:
        suspension_id = standing.suspended_by_rule[item]
        reinstate(suspension_id=suspension_id, reason=PUT_RIGHT[item], actor=actor, now=now)


def _find(standing: Standing, failures: Iterable[Failure], *, actor: Actor, now: datetime) -> None:
    for failure in failures:
        finding = ComplianceFinding.objects.create(
            provider_id=standing.provider_id,
            establishment_id=standing.establishment_id,
            item=failure.item,
            words=failure.words,
            suspends=failure.suspends,
            found_at=now,
        )
        _record("compliance.found", finding, actor=actor, now=now)
        if failure.suspends and failure.item not in standing.suspended:
            suspend(
                establishment_id=standing.establishment_id,
                cause=failure.item,
                reason=failure.reason,
                actor=actor,
                now=now,
                is_automatic=True,
            )


def _record(verb: str, finding: ComplianceFinding, *, actor: Actor, now: datetime) -> None:
    facts = {
        "establishment_id": finding.establishment_id,
        "item": finding.item,
        "suspends": finding.suspends,
    }
    audit.record(Act(verb, finding, facts), actor=actor, at=now, authority_id=REGION_ID)


def _warn(standing: Standing, due: tuple[Warn, ...], *, actor: Actor, now: datetime) -> None:
    """One message for the certificates that run out together."""
    if not due:
        return
    ComplianceReminder.objects.bulk_create(
        ComplianceReminder(
            provider_id=standing.provider_id,
            evidence_id=each.certificate.id,
            days=each.days,
            sent_at=now,
        )
        for each in due
    )
    context = {
        "establishment": standing.name,
        "establishment_id": str(standing.establishment_id),
        # Told once for all of them: the reminder is kept by certificate.
        "is_for_all": all(each.certificate.is_for_all for each in due),
        "certificates": [_expiring(each) for each in due],
    }
    letter = ProviderLetter("contracts/evidence_expiring", standing.provider_id, context)
    key = f"evidence_expiring:{due[0].certificate.id}:{due[0].days}"
    send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)
    facts = {each.certificate.kind: each.days for each in due}
    act = Act("compliance.warned", Establishment(pk=standing.establishment_id), facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)


def _expiring(warn: Warn) -> str:
    """Which certificate ends when, and for how much the next one has to be."""
    name = Evidence.Kind(warn.certificate.kind).label
    until = f"{name}: until the end of {show_date(warn.certificate.expires_on)}"
    least = or_more(warn.least_pence)
    return f"{until}. The new one must be for {least}" if least else until


def _count(run: ComplianceRun, todo: Plan) -> None:
    """In the same transaction, so that the numbers are right after a stop."""
    ComplianceRun.objects.filter(pk=run.pk).update(
        found=F("found") + len(todo.find),
        resolved=F("resolved") + len(todo.resolve),
        reminded=F("reminded") + int(bool(todo.warn)),
    )
