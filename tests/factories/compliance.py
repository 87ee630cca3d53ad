"""Qualified schools with certificates and inspections, and the audit as the clockwork runs it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts.models import ComplianceFinding, ComplianceRun
from contracts.services.compliance import run_compliance_audit
from dps.actors import REGION_ID, system
from dps.clock import london
from dps.models import Category, Message
from dps.tenancy.identity import acting_as
from dps.tenancy.models import uuid7
from providers.models import Establishment, Evidence, Inspection
from qualification.models import InspectionRule, Qualification, RuleSet, Suspension
from qualification.services.inspection_rules import install_inspection_rules
from qualification.services.setting_up import install_rules
from tests.factories.kernel import NOON, Region
from tests.factories.referrals import School, make_school

BOSS = system(REGION_ID)
TODAY = london(NOON).date()
PUBLIC, EMPLOYERS = Evidence.INSURANCES


def make_insured(region: Region, name: str = "", *, expires_on: date | None = None) -> School:
    """Qualified, inspected, and insured for half a year, or until another day."""
    school = make_school(region, name)
    for kind in Evidence.INSURANCES:
        insure(school.establishment, kind, expires_on or TODAY + timedelta(days=182))
    inspect(school.establishment, "good", date(2025, 3, 4))
    return school


def insure(
    place: Establishment,
    kind: str,
    expires_on: date,
    *,
    issued_on: date | None = None,
    pence: int = 10_000_000_00,
) -> Evidence:
    with acting_as(BOSS):
        return Evidence.objects.create(
            provider_id=place.provider_id,
            establishment=place,
            kind=kind,
            number="PL-1",
            sum_insured_pence=pence,
            issued_on=issued_on or expires_on - timedelta(days=365),
            expires_on=expires_on,
            recorded_at=NOON,
        )


def inspect(
    place: Establishment, result: str, on: date, *, scale: str = "ofsted_overall_grade"
) -> Inspection:
    with acting_as(BOSS):
        if not InspectionRule.objects.exists():
            install_inspection_rules(actor=BOSS, now=NOON)
        return Inspection.objects.create(
            establishment=place,
            inspector="Ofsted",
            scale=scale,
            result=result,
            inspected_on=on,
            recorded_at=NOON,
        )


def close(place: Establishment, *, is_open: bool = False) -> None:
    with acting_as(BOSS):
        Establishment.objects.filter(pk=place.pk).update(is_open=is_open)


def run_audit(*, days: int = 0, hours: int = 0, as_of: date | None = None) -> ComplianceRun:
    """As the task does, so many days and hours after noon."""
    now: datetime = NOON + timedelta(days=days, hours=hours)
    return run_compliance_audit(actor=BOSS, now=now, as_of=as_of)


def suspensions(place: Establishment) -> list[tuple[str, bool, bool]]:
    """Each as cause, by rule or not, and in force or not; the oldest first."""
    with acting_as(BOSS):
        rows = Suspension.objects.filter(establishment=place).order_by("suspended_at", "id")
        return [(each.cause, each.is_automatic, each.lifted_at is None) for each in rows]


def open_findings(place: Establishment) -> dict[str, str]:
    with acting_as(BOSS):
        rows = ComplianceFinding.objects.filter(establishment=place, resolved_at__isnull=True)
        return dict(rows.values_list("item", "words"))


def warnings_to(school: School) -> int:
    with acting_as(BOSS):
        found = Message.objects.filter(
            template="contracts/evidence_expiring", to_person_id=school.head.person_id
        )
        return found.count()


def make_category(region: Region, code: str, name: str) -> Category:
    """Another category, with the rules that are shipped for it."""
    with acting_as(BOSS):
        category = Category.objects.create(
            market=region.category.market, code=code, service=name, name=name
        )
        install_rules(category=category, from_date=date(2026, 1, 1), actor=BOSS, now=NOON)
    return category


def list_in(category: Category, place: Establishment, rules: RuleSet | None = None) -> None:
    """On the list of a category, under its shipped rules unless others are named."""
    with acting_as(BOSS):
        Qualification.objects.create(
            establishment=place,
            category=category,
            application_id=uuid7(),
            rule_set=rules or category.rule_sets.get(),
            qualified_at=NOON - timedelta(days=10),
        )


def leave_the_list(place: Establishment, category: Category) -> None:
    with acting_as(BOSS):
        listed = Qualification.objects.filter(establishment=place, category=category)
        listed.update(ended_at=NOON)
