"""Invitations and a provider's own bids. A provider starts here, and names the authority next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from dps.money import Basis
from qualification.queries.qualified import core_lines
from referrals import sealing
from referrals.bid_content import BidContent, BidLine, Terms
from referrals.models import BidDraft, BidProgress, Invitation, Referral, SealedBid
from referrals.queries.referrals import Asked
from referrals.scoring_terms import LineKind
from referrals.states import ReferralState


def invitations_of(provider_id: UUID) -> QuerySet[Invitation]:
    """A provider's invitations across authorities, newest first, with its own progress."""
    mine = BidProgress.objects.filter(invitation_id=OuterRef("pk"))
    return (
        Invitation.objects.filter(provider_id=provider_id)
        .select_related("authority", "category", "establishment")
        .annotate(progress=Subquery(mine.values("state")[:1]))
    )


def to_answer(provider_id: UUID, now: datetime) -> QuerySet[Invitation]:
    """Those that wait for a bid or a no, the most pressing first."""
    sent = BidProgress.objects.filter(
        invitation_id=OuterRef("pk"), state=BidProgress.State.SUBMITTED
    )
    return (
        invitations_of(provider_id)
        .filter(
            ~Exists(sent),
            referral_state=ReferralState.OPEN,
            bids_close_at__gt=now,
            declined_at__isnull=True,
        )
        .order_by("bids_close_at", "pk")
    )


def invitation_for(invitation_id: UUID, provider_id: UUID) -> Invitation:
    """:raises Invitation.DoesNotExist: it is another provider's, or there is none."""
    return invitations_of(provider_id).get(pk=invitation_id)


def referral_of(invitation: Invitation) -> Referral:
    """The referral as those invited may read it; touches its authority's partition alone."""
    found = Referral.objects.of(invitation.authority_id).select_related("category")
    return found.get(pk=invitation.referral_id)


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether a bid may still come in: by the clock, not by any job having run."""
    return invitation.referral_state == ReferralState.OPEN and now < invitation.bids_close_at


def revisions(invitation: Invitation) -> QuerySet[SealedBid]:
    """Everything the provider has submitted for this invitation, newest first."""
    found = SealedBid.objects.of(invitation.authority_id).filter(invitation_id=invitation.pk)
    return found.order_by("-revision")


def standing(invitation: Invitation) -> SealedBid | None:
    """The submission that counts now; None if there is none or it was withdrawn."""
    last = revisions(invitation).first()
    return None if last is None or last.is_withdrawal else last


def draft_of(invitation: Invitation) -> BidDraft | None:
    found = BidDraft.objects.of(invitation.authority_id)
    return found.filter(invitation_id=invitation.pk).first()


def carried_lines(invitation: Invitation, *, weeks: int | None = None) -> tuple[BidLine, ...]:
    """The establishment's core costs as carried from qualification, at their full amounts.

    For a place of so many weeks a year: of two residential schedules one is carried.
    """
    lines = core_lines(invitation.establishment_id, invitation.category_id, weeks=weeks)
    return tuple(
        BidLine(
            kind=LineKind.CORE,
            code=line.code,
            title=line.title,
            basis=Basis(line.basis),
            amount=line.amount_pence,
            carried=line.amount_pence,
        )
        for line in lines
    )


def written_so_far(invitation: Invitation, carried: tuple[BidLine, ...]) -> BidContent:
    """What the form begins with: the draft, else the bid submitted, else the carried costs."""
    draft = draft_of(invitation)
    if draft is not None:
        return BidContent.from_json(draft.content)
    last = standing(invitation)
    if last is not None:
        return sealing.unseal(last.content)
    return BidContent(lines=carried)


def terms_for(lists: Asked, carried: tuple[BidLine, ...], weeks: int) -> Terms:
    return Terms(
        needs=frozenset(item.key for item in lists.needs),
        features=frozenset(item.key for item in lists.features),
        core=carried,
        weeks=weeks,
    )
