"""Approved awards and agreements, at each stage of signing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import connection

import contracts.tasks  # noqa: F401 -- as a worker does, to know the jobs
from contracts.models import Agreement
from contracts.services import signing
from contracts.services.agreements import complete_agreement
from dps.actors import Actor, Role, system
from dps.models import Authority
from dps.tenancy.identity import acting_as
from dps.tenancy.models import uuid7
from referrals.models import Award, Bid, OpeningApproval, Referral
from tests.factories.kernel import NOON, Region, make_person
from tests.factories.referrals import Council, School, make_council, make_open, make_school, submit

DEADLINE = NOON + timedelta(days=14)
OPENED = DEADLINE + timedelta(minutes=10)
AWARDED = NOON + timedelta(days=20)
SIGNED = NOON + timedelta(days=25)


@dataclass
class Sides:
    """One council, one school and the people who sign for them."""

    region: Region
    council: Council
    school: School

    @property
    def authority(self) -> Authority:
        return self.council.authority

    @property
    def approver(self) -> Actor:
        return self.council.approver

    @property
    def head(self) -> Actor:
        return self.school.head


def make_sides(region: Region, *, authority: Authority | None = None, name: str = "") -> Sides:
    council = make_council(authority or region.west)
    return Sides(region, council, make_school(region, name))


def make_award(sides: Sides, *, decided_at: datetime = AWARDED, **columns: object) -> Award:
    """An approved award to the one bid of a referral, opened by the database's own function."""
    commissioner, approver = sides.council.commissioner, sides.approver
    began = decided_at - (AWARDED - NOON)
    closes_at = began + (DEADLINE - NOON)
    referral = make_open(sides.region, commissioner, now=began, closes_at=closes_at)
    submit(sides.school, referral)
    bid = _opened_bid(referral, (commissioner, approver), closes_at + (OPENED - DEADLINE))
    usual: dict[str, object] = {
        "annual_value_pence": 47_600_00,
        "reason": "First in the ranking",
        "state": Award.State.APPROVED,
    }
    with acting_as(system(sides.authority.id)):
        return Award.objects.create(
            authority=sides.authority,
            referral=referral,
            bid=bid,
            category_id=referral.category_id,
            establishment=sides.school.establishment,
            provider=sides.school.provider,
            recommended_by_id=commissioner.person_id,
            recommended_at=decided_at,
            decided_by_id=approver.person_id,
            decided_at=decided_at,
            **usual | columns,
        )


def _opened_bid(referral: Referral, openers: tuple[Actor, ...], at: datetime) -> Bid:
    for opener in openers:
        with acting_as(opener, at=at):
            OpeningApproval.objects.create(
                authority_id=referral.authority_id,
                referral=referral,
                person_id=opener.person_id,
                approved_at=at,
            )
    with acting_as(openers[0], at=at), connection.cursor() as cursor:
        cursor.execute("SELECT open_sealed_bids(%s, %s)", [referral.authority_id, referral.pk])
    with acting_as(system(referral.authority_id)):
        return Bid.objects.get(referral=referral)


def make_agreement(sides: Sides, *, made_at: datetime = AWARDED, **columns: object) -> Agreement:
    """To be signed, without its PDF: the row as the job leaves it."""
    award = make_award(sides, decided_at=made_at, **columns)
    with acting_as(system(award.authority_id)):
        return Agreement.objects.create(
            authority_id=award.authority_id,
            award=award,
            referral_id=award.referral_id,
            category_id=award.category_id,
            establishment_id=award.establishment_id,
            provider_id=award.provider_id,
            reference=f"{award.referral.reference}-IPA",
            starts_on=date(2027, 1, 15),
            annual_value_pence=award.annual_value_pence,
            document_id=uuid7(),
            sha256=sha256(award.id.bytes).hexdigest(),
            made_at=made_at,
        )


def sign_as(
    actor: Actor, agreement: Agreement, *, at: datetime = SIGNED, **typed: str
) -> Agreement:
    with acting_as(actor):
        return signing.sign(
            agreement_id=agreement.id,
            authority_id=agreement.authority_id,
            actor=actor,
            now=at,
            **typed,
        )


def make_signed(sides: Sides, *, signed_at: datetime = SIGNED, **columns: object) -> Agreement:
    """Signed by both sides, and noted on the award."""
    made_at = signed_at - (SIGNED - AWARDED)
    agreement = make_agreement(sides, made_at=made_at, **columns)
    sign_as(sides.approver, agreement, at=signed_at)
    signed = sign_as(sides.head, agreement, at=signed_at)
    boss = system(agreement.authority_id)
    with acting_as(boss):
        complete_agreement(agreement_id=str(agreement.id), actor=boss, now=signed_at)
    return signed


def make_officer(role: Role = Role.CONTRACTS_OFFICER) -> Actor:
    """One of the central team, who sits in the lead authority."""
    return make_person(role, authority=Authority.objects.get(is_lead=True))
