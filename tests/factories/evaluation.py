"""A referral of West Sussex with sealed bids, on its way from the deadline to the award."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dps.actors import PROVIDER_ROLES, REGION_ID, Actor, Role, system
from dps.crypto import child_key, encrypt, make_child_key
from dps.models import OwedJob
from dps.money import Basis
from dps.outbox.jobs import perform
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Inspection, Provider
from qualification.models import CompetencyScore, Qualification, Suspension
from referrals.bid_content import BidContent, BidLine
from referrals.models import (
    ChildIdentity,
    Feature,
    GradingPaper,
    Invitation,
    Need,
    Outcome,
    Referral,
    SealedBid,
)
from referrals.queries.evaluation import bids_of
from referrals.scoring_terms import LineKind
from referrals.sealing import Particulars, seal
from referrals.services.agreeing import Agreed, confirm_consensus, record_consensus
from referrals.services.child_details import identity_place
from referrals.services.grading import Mark, declare_no_conflict, hand_in, save_grades
from referrals.services.opening import approve_opening
from tests.factories.kernel import NOON, Region, make_person
from tests.factories.referrals import make_rules

ISSUED = NOON - timedelta(days=14)
DEADLINE = NOON
OPENING = DEADLINE + timedelta(minutes=2)
GRADED = DEADLINE + timedelta(days=2)
HOME = (514_000, 103_000)
OUTCOMES = ("communicates", "independent")
FAMILY = {
    "child_name": "Robin Ash",
    "postcode": "BN11 1AA",
    "point": f"{HOME[0]},{HOME[1]}",
    "parent_name": "Sam Ash",
    "parent_email": "sam.ash@example.org",
    "parent_phone": "07700 900123",
}


@dataclass
class Case:
    """One referral and the people around it."""

    region: Region
    referral_id: UUID
    commissioner: Actor
    second_commissioner: Actor
    approver: Actor
    second_approver: Actor
    evaluators: list[Actor]
    invitations: dict[str, Invitation] = field(default_factory=dict)
    bidders: dict[str, Actor] = field(default_factory=dict)

    @property
    def referral(self) -> Referral:
        with acting_as(self.commissioner):
            return Referral.objects.get(id=self.referral_id)

    def act(self, actor: Actor, service, *, at: datetime = OPENING, **what):
        """One service call as that actor, with the database's clock at that moment."""
        with acting_as(actor, at=at):
            return service(actor=actor, now=at, **what)

    def run_jobs(self, *names: str, at: datetime = GRADED) -> None:
        """Do the owed jobs of these names as the system, and those that they owe in turn."""
        actor = system(self.region.west.id)
        for _ in range(4):
            with acting_as(actor, at=at):
                for owed in OwedJob.objects.filter(job__in=names, done_at__isnull=True):
                    perform(owed.job, owed.ids, actor=actor, now=at)
                    OwedJob.objects.filter(id=owed.id).update(done_at=at)


def make_case(region: Region, **changes: object) -> Case:
    """An issued referral, without bids. `changes` are columns of the referral."""
    people = {
        name: make_person(role, authority=region.west, name=name)
        for name, role in (
            ("Carol Raiser", Role.COMMISSIONER),
            ("Colin Second", Role.COMMISSIONER),
            ("Anna Approver", Role.APPROVER),
            ("Abel Other", Role.APPROVER),
        )
    }
    evaluators = [
        make_person(Role.EVALUATOR, authority=region.west, name=name)
        for name in ("Eve First", "Eli Second")
    ]
    actors = list(people.values())
    referral = _referral(region, actors[0], changes)
    return Case(region, referral.id, *actors, evaluators=evaluators)


def _referral(region: Region, raiser: Actor, changes: dict) -> Referral:
    columns = {
        "reference": f"WSX-2026-{region.next():06}",
        "category": region.category,
        "regime": "pcr_2015_dps",
        "state": "open",
        "raised_by_id": raiser.person_id,
        "raised_at": ISSUED,
        "issued_at": ISSUED,
        "issued_by_id": raiser.person_id,
        "bids_close_at": DEADLINE,
        "age": 9,
        "weeks_per_year": 39,
        "limit_miles": 40,
        "weight_price": 50_00,
        "weight_outcomes": 15_00,
        "weight_needs": 6_00,
        "weight_features": 4_00,
        "weight_location": 5_00,
        "weight_core_competency": 20_00,
        "weight_incentive": 0,
    }
    with acting_as(raiser, at=ISSUED):
        referral = Referral.objects.create(authority_id=region.west.id, **{**columns, **changes})
        own = {"authority_id": region.west.id, "referral": referral}
        Need.objects.create(key="speech", text="Speech therapy", marks=4, position=1, **own)
        Need.objects.create(key="class", text="A small class", marks=2, position=2, **own)
        Feature.objects.create(
            key="step-free", text="Step-free", marks=2, position=1, kind="must_have",
            is_essential=True, **own,
        )  # fmt: skip
        Feature.objects.create(
            key="makaton", text="Makaton", marks=1, position=2, kind="desirable", **own
        )
        for position, key in enumerate(OUTCOMES, 1):
            Outcome.objects.create(
                key=key, text=f"The child {key}", marks=4 - position, position=position, **own
            )
        _identify(referral)
    return referral


def _identify(referral: Referral) -> None:
    key_row = make_child_key(authority_id=referral.authority_id, now=ISSUED)
    key = child_key(authority_id=referral.authority_id, key_id=key_row.id)
    identity = ChildIdentity(authority_id=referral.authority_id, referral=referral, key=key_row)
    for column, text in FAMILY.items():
        setattr(identity, column, encrypt(key, text, identity_place(identity, column)))
    identity.save()


def invite(case: Case, name: str, *, east: int = 10_000, competency: int = 72_50) -> Invitation:
    """An invented establishment, qualified and invited, with a person who bids for it."""
    with acting_as(system(REGION_ID)):
        provider = Provider.objects.create(name=f"{name} Trust", registered_at=ISSUED)
        place = Establishment.objects.create(
            provider=provider, name=name, kind="independent_special", is_invented=True,
            town="Worthing", postcode="BN11 2BB", website="https://school.example",
            easting=HOME[0] + east, northing=HOME[1],
        )  # fmt: skip
        qualification = Qualification.objects.create(
            establishment=place, category=case.region.category, application_id=provider.id,
            rule_set=make_rules(case.region), qualified_at=ISSUED,
        )  # fmt: skip
        CompetencyScore.objects.create(
            provider=provider, qualification=qualification, score=competency,
            from_moment=ISSUED, reason="Qualified",
        )  # fmt: skip
        Inspection.objects.create(
            establishment=place, inspector="Ofsted", scale="overall", result="Good",
            inspected_on=ISSUED.date(), recorded_at=ISSUED,
        )  # fmt: skip
    referral = case.referral
    with acting_as(case.commissioner, at=ISSUED):
        invitation = Invitation.objects.create(
            authority_id=referral.authority_id, referral=referral, establishment=place,
            provider=provider, reference=referral.reference, category=case.region.category,
            band="0 to 10 miles", bids_close_at=DEADLINE, invited_at=ISSUED,
        )  # fmt: skip
    case.invitations[name] = invitation
    case.bidders[name] = make_person(
        *PROVIDER_ROLES, provider_id=provider.id, name=f"{name} writer"
    )
    return invitation


def content(
    *, weekly: int = 1000_00, needs=("speech", "class"), features=("step-free",), discount: int = 0
) -> BidContent:
    return BidContent(
        needs_met=needs,
        features_met=features,
        statement="We work on each outcome every day.",
        family_words="Come and see us.",
        has_vacancy=True,
        lines=(
            BidLine(kind=LineKind.CORE, code="teaching", title="Teaching", basis=Basis.WEEK,
                    amount=weekly, carried=weekly),
        ),
        discount=discount,
    )  # fmt: skip


def seal_bid(
    case: Case, name: str, what: BidContent | None = None, *, at: datetime | None = None
) -> SealedBid:
    """A sealed bid of an invited establishment; invites it first where it was not."""
    invitation = case.invitations.get(name) or invite(case, name)
    actor, at = case.bidders[name], at or DEADLINE - timedelta(hours=1)
    with acting_as(actor, at=at):
        revision = (
            1 + SealedBid.objects.of(invitation.authority_id).filter(invitation=invitation).count()
        )
        particulars = Particulars(
            referral_id=invitation.referral_id, invitation_id=invitation.id,
            establishment_id=invitation.establishment_id, provider_id=invitation.provider_id,
            revision=revision, received_at=at,
        )  # fmt: skip
        sealed = seal(what or content(), particulars)
        return SealedBid.objects.create(
            authority_id=invitation.authority_id, referral_id=invitation.referral_id,
            invitation=invitation, establishment_id=invitation.establishment_id,
            provider_id=invitation.provider_id, revision=revision, content=sealed.text,
            salt=sealed.salt, digest=sealed.digest, received_at=at, recorded_at=at,
            submitted_by_id=actor.person_id,
        )  # fmt: skip


def open_case(case: Case) -> Case:
    """Opened by the second commissioner and the approver, so that the others may approve."""
    for actor in (case.second_commissioner, case.approver):
        case.act(actor, approve_opening, referral_id=case.referral_id)
    return case


def papers(case: Case) -> list[GradingPaper]:
    with acting_as(case.evaluators[0]):
        return list(GradingPaper.objects.filter(referral_id=case.referral_id))


def grade_case(case: Case, grade: int = 4) -> Case:
    """The evaluators give every outcome the same grade and hand in."""
    for actor in case.evaluators:
        case.act(actor, declare_no_conflict, referral_id=case.referral_id)
    for actor in case.evaluators:
        for paper in papers(case):
            marks = [Mark(key, grade) for key in OUTCOMES]
            case.act(
                actor, save_grades, referral_id=case.referral_id, bid_id=paper.bid_id, marks=marks
            )
        case.act(actor, hand_in, referral_id=case.referral_id, at=GRADED)
    return case


def agreed(case: Case, grades: dict[str, int] | None = None) -> list[Agreed]:
    """Agreed grades by establishment: 4 where none is named."""
    by_name = _bid_names(case)
    grades = grades or {}
    return [
        Agreed(
            paper.bid_id,
            dict.fromkeys(OUTCOMES, grades.get(by_name[paper.bid_id], 4)),
            "All agreed",
        )
        for paper in papers(case)
    ]


def rank_case(case: Case, grades: dict[str, int] | None = None) -> Case:
    """Recorded by the first evaluator, confirmed by the second."""
    recorder, other = case.evaluators
    case.act(
        recorder, record_consensus, referral_id=case.referral_id, agreed=agreed(case, grades),
        at=GRADED,
    )  # fmt: skip
    case.act(other, confirm_consensus, referral_id=case.referral_id, at=GRADED)
    return case


def ranked_case(region: Region, **prices: int) -> Case:
    """Bids by establishment at a weekly price in pence, opened, graded and ranked."""
    case = make_case(region)
    for name, weekly in (prices or {"Alder": 1000_00, "Birch": 1010_00}).items():
        seal_bid(case, name, content(weekly=weekly))
    return rank_case(grade_case(open_case(case)))


def suspend(case: Case, name: str, *, at: datetime) -> Suspension:
    with acting_as(system(REGION_ID)):
        return Suspension.objects.create(
            establishment_id=case.invitations[name].establishment_id,
            cause="other", reason="A term was broken", suspended_at=at,
        )  # fmt: skip


def _bid_names(case: Case) -> dict[UUID, str]:
    with acting_as(case.commissioner):
        return {bid.id: bid.establishment.name for bid in bids_of(case.referral_id)}
