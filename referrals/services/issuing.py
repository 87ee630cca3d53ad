"""Issuing a referral: everybody eligible is invited, and the list of who and why is kept (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.models import Category
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.regimes import Act as RegimeAct
from dps.regimes import refuse_unless_allowed
from referrals.completeness import unfinished
from referrals.jobs import TELL_INVITED
from referrals.limits import Limit
from referrals.models import ChildIdentity, Consideration, Invitation, Referral
from referrals.queries.reach import Reached, invited, reach
from referrals.queries.referrals import adopted, asked, facts_of, regime_of
from referrals.services.identity import home_of
from referrals.services.people import person_of
from referrals.services.raising import CategoryNotAdopted
from referrals.states import REFERRAL, ReferralState, ReferralStep

INVITED = "invited"


class NotReadyToIssue(Refusal):
    message = "Something is still missing"


class NobodyToInvite(Refusal):
    message = (
        "No establishment inside the limit can be invited, so nobody would be invited."
        " Widen the limit and try again."
    )


@transaction.atomic
def issue_referral(*, referral_id: UUID, actor: Actor, now: datetime) -> Referral:
    """Invite every eligible establishment and no other; nothing changes afterwards (BC 7.9, 8.3).

    :raises NotPermitted: the actor may not issue referrals.
    :raises IllegalTransition: it has been issued or withdrawn.
    :raises CategoryNotAdopted: the authority no longer uses the category.
    :raises ForbiddenByRegime: the market's law allows no mini-competition.
    :raises NotReadyToIssue: a task is unfinished, or the deadline leaves too few days.
    :raises NobodyToInvite: the limit holds nobody who is eligible.
    """
    require(actor, Action.ISSUE_REFERRAL)
    hold_the_list(exclusively=False)
    referral, is_adopted = _locked_with_adoption(referral_id, actor, now)
    after = REFERRAL.after(ReferralState(referral.state), ReferralStep.ISSUE)

    if not is_adopted:
        raise CategoryNotAdopted
    refuse_unless_allowed(regime_of(referral), RegimeAct.RUN_MINI_COMPETITION)
    identity = ChildIdentity.objects.get(referral_id=referral.pk)
    _refuse_unfinished(referral, identity, now)
    considered = _consider(referral, identity, london(now).date())
    if not invited(considered):
        raise NobodyToInvite

    referral.state, referral.issued_at = after, now
    referral.issued_by_id = person_of(actor)
    referral.save(update_fields=["state", "issued_at", "issued_by"])
    keep_considerations(referral, considered)
    invite(referral, invited(considered), now=now)
    facts = {
        "reference": referral.reference,
        "considered": len(considered),
        "invited": len(invited(considered)),
        "bids_close_at": referral.bids_close_at,
    }
    audit.record(Act("referral.issued", referral, facts), actor=actor, at=now)
    owe(
        TELL_INVITED,
        key=f"tell-invited:{referral.pk}",
        authority_id=referral.authority_id,
        at=now,
        referral_id=str(referral.pk),
    )
    return referral


def hold_the_list(*, exclusively: bool) -> None:
    """
    Issues share the qualified list; whoever invites the newly qualified waits for them all.

    So an establishment that qualifies during an issue is found by the one or by the other.
    """
    lock = "pg_advisory_xact_lock" if exclusively else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('referrals.reach'))")


def keep_considerations(referral: Referral, considered: Sequence[Reached]) -> None:
    """The list of who was invited, who was not and why: part of the record."""
    Consideration.objects.bulk_create(
        [
            Consideration(
                authority_id=referral.authority_id,
                referral=referral,
                establishment_id=one.establishment.establishment_id,
                is_invited=one.is_invited,
                reason=one.reason or INVITED,
                words=one.words[:200],
                distance=one.distance,
            )
            for one in considered
        ]
    )


def invite(referral: Referral, chosen: Sequence[Reached], *, now: datetime) -> list[Invitation]:
    """Invitations carry what providers' lists show; the band stands in place of the distance."""
    return Invitation.objects.bulk_create([_invitation(referral, one, now) for one in chosen])


def _invitation(referral: Referral, one: Reached, now: datetime) -> Invitation:
    place, closes_at = one.establishment, referral.bids_close_at
    if place.provider_id is None or closes_at is None:
        raise NotReadyToIssue
    return Invitation(
        authority_id=referral.authority_id,
        referral=referral,
        establishment_id=place.establishment_id,
        provider_id=place.provider_id,
        reference=referral.reference,
        category_id=referral.category_id,
        band=one.band,
        bids_close_at=closes_at,
        referral_state=referral.state,
        invited_at=now,
    )


def _locked_with_adoption(referral_id: UUID, actor: Actor, now: datetime) -> tuple[Referral, bool]:
    """The referral under its lock, and whether the authority still uses its category."""
    today = london(now).date()
    of_this_authority = adopted(actor.chain_id, today)
    live = Category.objects.filter(of_this_authority, pk=OuterRef("category_id"))
    found = Referral.objects.select_for_update(of=("self",)).annotate(is_adopted=Exists(live))
    referral = found.get(pk=referral_id)
    return referral, bool(referral.is_adopted)


def _refuse_unfinished(referral: Referral, identity: ChildIdentity, now: datetime) -> None:
    facts = facts_of(
        referral,
        asked(referral),
        has_identity=bool(bytes(identity.child_name)),
        has_home=bool(bytes(identity.point)),
    )
    problems = unfinished(facts, regime_of(referral), now)
    if problems:
        task, words = problems[0]
        raise NotReadyToIssue(words, field=task.value)


def _consider(referral: Referral, identity: ChildIdentity, day: date) -> tuple[Reached, ...]:
    home = home_of(identity)
    if home is None:
        raise NotReadyToIssue("Enter the child’s home postcode", field="family")
    limit = Limit(referral.limit_miles, frozenset(referral.limit_areas))
    return reach(category_id=referral.category_id, limit=limit, home=home, day=day)
