"""Qualified schools, and referrals at each stage of the first half of their life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import referrals.tasks  # noqa: F401 -- as a worker does, to know the jobs
from dps.actors import REGION_ID, Actor, Role, system
from dps.models import Authority
from dps.money import Basis
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Evidence, Provider
from qualification import shipped_questions
from qualification.models import (
    Application,
    CompetencyScore,
    CoreCostLine,
    CostHead,
    Criterion,
    EvidenceRule,
    Joining,
    Qualification,
    Question,
    RuleSet,
    Suspension,
)
from referrals.bid_content import BidContent, BidLine
from referrals.limits import Limit
from referrals.models import Invitation, Referral, SealedBid
from referrals.queries.invitations import carried_lines
from referrals.scoring_terms import FeatureKind, LineKind, Weights
from referrals.services import bidding, issuing, raising
from referrals.services.identity import ChildDetails, keep_identity
from tests.factories.kernel import NOON, Region, make_person

BOSS = system(REGION_ID)
DEADLINE = NOON + timedelta(days=14)
# The outward code RH12, at 516800 east and 132100 north.
HOME = ChildDetails(
    child_name="Robin Quince",
    postcode="RH12 9XA",
    parent_name="Sam Quince",
    parent_email="sam@example.org",
    parent_phone="07700 900123",
)
HOME_EASTING, HOME_NORTHING = 516_800, 132_100
METRES_IN_A_MILE = 1609
CORE_COSTS = (("staffing", "Core staffing", 30_000_00), ("premises", "Premises", 10_000_00))
WEIGHTS = Weights(
    price=50_00,
    outcomes=15_00,
    needs=5_00,
    features=5_00,
    location=5_00,
    core_competency=20_00,
    incentive=0,
)


@dataclass(frozen=True)
class School:
    """A qualified establishment with a provider of its own and the person who bids for it."""

    provider: Provider
    establishment: Establishment
    head: Actor


def make_school(
    region: Region,
    name: str = "",
    *,
    miles: float = 5,
    provider: Provider | None = None,
    competency: int = 70_00,
    **columns: object,
) -> School:
    """So many miles east of the home of `make_draft`, qualified in the region's category."""
    name = name or f"School {region.next()}"
    usual: dict[str, object] = {
        "kind": Establishment.Kind.INDEPENDENT_SPECIAL,
        "la_name": "West Sussex",
        "easting": HOME_EASTING + round(miles * METRES_IN_A_MILE),
        "northing": HOME_NORTHING,
    }
    with acting_as(BOSS):
        if provider is None:
            provider = Provider.objects.create(name=f"{name} Trust", registered_at=NOON)
        place = Establishment.objects.create(name=name, provider=provider, **usual | columns)
        qualify(region, place, competency=competency)
    head = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.id, name=f"{name} head")
    return School(provider, place, head)


def qualify(region: Region, place: Establishment, *, competency: int = 70_00) -> Qualification:
    """As the decision on an application leaves it: on the list, with core costs and a score."""
    rules = make_rules(region)
    joining = Joining.objects.create(
        provider=place.provider,
        number=Joining.objects.filter(provider=place.provider).count() + 1,
        started_at=NOON - timedelta(days=30),
    )
    application = Application.objects.create(
        provider=place.provider,
        joining=joining,
        establishment=place,
        category=region.category,
        rule_set=rules,
        state="withdrawn",
        started_at=NOON - timedelta(days=30),
    )
    for position, (code, title, pence) in enumerate(CORE_COSTS):
        head, _ = CostHead.objects.get_or_create(
            rule_set=rules, code=code, defaults={"title": title, "position": position}
        )
        CoreCostLine.objects.create(
            provider=place.provider,
            application=application,
            head=head,
            amount_pence=pence,
            basis=Basis.YEAR,
        )
    listed = Qualification.objects.create(
        establishment=place,
        category=region.category,
        application_id=application.id,
        rule_set=rules,
        qualified_at=NOON - timedelta(days=20),
    )
    CompetencyScore.objects.create(
        provider=place.provider,
        qualification=listed,
        score=competency,
        from_moment=NOON - timedelta(days=20),
        reason="Method statements",
    )
    return listed


def make_rules(region: Region) -> RuleSet:
    """A rule set for these schools alone, with their insurance; unpublished, to add heads to it."""
    rules, is_new = RuleSet.objects.get_or_create(
        category=region.category, number=99, defaults={"made_at": NOON}
    )
    if is_new:
        asked = shipped_questions.INSURANCES
        question, _ = Question.objects.get_or_create(
            code=asked.code,
            version=1,
            defaults={
                "kind": asked.kind,
                "title": asked.title,
                "text": asked.text,
                "guidance": asked.guidance,
            },
        )
        criterion = Criterion.objects.create(rule_set=rules, question=question)
        for kind in Evidence.INSURANCES:
            EvidenceRule.objects.create(
                criterion=criterion, kind=kind, least_sum_pence=10_000_000_00
            )
    return rules


def suspend(place: Establishment, *, now: datetime = NOON) -> Suspension:
    """The row alone, for tests of what follows from it."""
    with acting_as(BOSS):
        return Suspension.objects.create(
            establishment=place, cause="insurance", reason="Expired", suspended_at=now
        )


@dataclass(frozen=True)
class Council:
    """One authority's people."""

    authority: Authority
    commissioner: Actor
    approver: Actor


def make_council(authority: Authority) -> Council:
    return Council(
        authority,
        make_person(Role.COMMISSIONER, authority=authority, name=f"{authority.code} commissioner"),
        make_person(Role.APPROVER, authority=authority, name=f"{authority.code} approver"),
    )


def make_draft(
    region: Region,
    by: Actor,
    *,
    now: datetime = NOON,
    closes_at: datetime = DEADLINE,
    miles: int = 20,
) -> Referral:
    """A draft with every task done, by its services."""
    with acting_as(by, at=now):
        referral = raising.raise_referral(category_id=region.category.pk, actor=by, now=now)
        these = {"referral_id": referral.pk, "actor": by, "now": now}
        profile = raising.Profile(9, "A nine-year-old who learns best by doing.", "A quiet room.")
        raising.describe_child(profile=profile, **these)
        keep_identity(details=HOME, **these)
        raising.list_needs(
            needs=[raising.Wanted("Speech therapy", 5), raising.Wanted("A quiet space", 3)], **these
        )
        raising.list_features(
            features=[
                raising.WantedFeature("Small classes", 4, FeatureKind.MUST_HAVE, is_essential=True),
                raising.WantedFeature("A swimming pool", 2),
            ],
            **these,
        )
        raising.list_outcomes(
            outcomes=[
                raising.Wanted("Reads a page of instructions", 3, "learning"),
                raising.Wanted("Asks for a break", 4, "wellbeing"),
            ],
            **these,
        )
        starts_on = (closes_at + timedelta(days=60)).date()
        raising.plan_placement(placement=raising.Placement(starts_on, 38, "Two years"), **these)
        raising.weigh(weights=WEIGHTS, **these)
        raising.set_limit(limit=Limit(miles), **these)
        return raising.set_deadline(closes_at=closes_at, **these)


def make_open(
    region: Region,
    by: Actor,
    *,
    now: datetime = NOON,
    closes_at: datetime = DEADLINE,
    miles: int = 20,
) -> Referral:
    """A referral out for bids; the schools must have been made before."""
    referral = make_draft(region, by, now=now, closes_at=closes_at, miles=miles)
    with acting_as(by, at=now):
        return issuing.issue_referral(referral_id=referral.pk, actor=by, now=now)


def invitation_of(school: School, referral: Referral) -> Invitation:
    with acting_as(school.head):
        return Invitation.objects.get(
            referral_id=referral.pk, establishment_id=school.establishment.pk
        )


def a_bid(lines: tuple[BidLine, ...], *, variable: int = 200_00, **changes: object) -> BidContent:
    """A bid that can be submitted: everything met, core costs as carried, one weekly cost."""
    extra = BidLine(LineKind.VARIABLE, "variable-1", "Taxi and escort", Basis.WEEK, variable)
    usual = BidContent(
        needs_met=("need-1", "need-2"),
        features_met=("feature-1", "feature-2"),
        statement="We count one thing a day for each outcome and look at it every Friday.",
        family_words="We would love to meet you.",
        has_vacancy=True,
        earliest_start=date(2027, 1, 4),
        lines=(*lines, extra),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def submit(
    school: School, referral: Referral, *, at: datetime | None = None, **changes: object
) -> SealedBid:
    """A sealed bid of a school, an hour after the issue unless said otherwise."""
    at = at or referral.issued_at + timedelta(hours=1)
    invitation = invitation_of(school, referral)
    with acting_as(school.head, at=at):
        start = {"earliest_start": max(date(2027, 1, 4), at.date())}
        content = a_bid(carried_lines(invitation), **start | changes)
        return bidding.submit_bid(
            invitation_id=invitation.pk, content=content, actor=school.head, now=at
        )


def invited_ids(referral: Referral, by: Actor) -> set[UUID]:
    with acting_as(by):
        rows = Invitation.objects.filter(referral_id=referral.pk)
        return set(rows.values_list("establishment_id", flat=True))
