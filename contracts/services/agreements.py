"""The placement agreement: made from the award, completed when both sides have signed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from contracts.models import Agreement, Signature
from contracts.states import AgreementState
from contracts.terms import NOTICE_WEEKS, price_of, review_dates, start_of
from dps import audit
from dps.actors import Actor, Role
from dps.audit import Act
from dps.clock import london
from dps.documents import NewDocument, make
from dps.models import Authority
from dps.outbox.jobs import job
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from dps.services.people import people_with_role
from dps.tenancy.models import uuid7
from referrals.bid_content import BidContent
from referrals.jobs import MAKE_AGREEMENT
from referrals.models import Award, Feature, Need, Outcome

COMPLETE_AGREEMENT = "contracts.complete_agreement"
KIND = "placement_agreement"


@job(MAKE_AGREEMENT)
def make_agreement(*, award_id: str, actor: Actor, now: datetime) -> None:
    """Make the agreement and its PDF once, and ask both sides to sign (BC 5.6)."""
    award = (
        Award.objects.select_for_update(of=("self",))
        .select_related("referral", "bid", "category", "establishment", "provider", "authority")
        .get(id=award_id, state=Award.State.APPROVED)
    )
    if Agreement.objects.filter(award=award).exists():
        return
    content = BidContent.from_json(award.bid.content)
    agreement = Agreement(
        id=uuid7(),
        authority=award.authority,
        award=award,
        referral=award.referral,
        category=award.category,
        establishment=award.establishment,
        provider=award.provider,
        reference=f"{award.referral.reference}-IPA",
        starts_on=start_of(
            award.referral.starts_on, content.earliest_start, agreed=_day_of(award, now)
        ),
        annual_value_pence=award.annual_value_pence,
        made_at=now,
    )
    document = make(_new_document(agreement, content), now=now)
    agreement.document_id, agreement.sha256 = document.id, document.sha256
    agreement.save(force_insert=True)
    facts = {
        "reference": agreement.reference,
        "award_id": str(award.id),
        "document_id": str(document.id),
        "sha256": document.sha256,
    }
    audit.record(Act("agreement.made", agreement, facts), actor=actor, at=now)
    _tell_both_sides(agreement, "agreement_to_sign", (Role.APPROVER,), now=now)


def _day_of(award: Award, now: datetime) -> date:
    return london(award.decided_at or now).date()


def _new_document(agreement: Agreement, content: BidContent) -> NewDocument:
    referral = agreement.referral
    lists = {
        "outcomes": Outcome.objects.filter(referral=referral),
        "needs": Need.objects.filter(referral=referral, key__in=content.needs_met),
        "features": Feature.objects.filter(referral=referral, key__in=content.features_met),
    }
    price = price_of(content, weeks=referral.weeks_per_year or 1, year=agreement.annual_value_pence)
    return NewDocument(
        kind=KIND,
        subject_id=agreement.id,
        authority_id=agreement.authority_id,
        provider_id=agreement.provider_id,
        title=f"Individual placement agreement {agreement.reference}",
        file_name=f"placement-agreement-{agreement.reference}.pdf",
        template="contracts/documents/agreement.html",
        context={
            "agreement": agreement,
            "referral": referral,
            "price": price,
            "statement": content.statement,
            "reviews": review_dates(agreement.starts_on),
            "notice_weeks": NOTICE_WEEKS,
            **{name: list(rows.values_list("text", flat=True)) for name, rows in lists.items()},
        },
    )


@job(COMPLETE_AGREEMENT)
def complete_agreement(*, agreement_id: str, actor: Actor, now: datetime) -> None:
    """Note on the award that both have signed, which places it in its quarter, and tell both."""
    agreement = Agreement.objects.select_related(
        "referral", "establishment", "provider", "authority"
    ).get(id=agreement_id, state=AgreementState.SIGNED)
    waiting = Award.objects.filter(id=agreement.award_id, signed_at__isnull=True)
    if not waiting.update(signed_at=agreement.signed_at):
        return
    signatures = Signature.objects.filter(agreement=agreement)
    facts = {
        "award_id": str(agreement.award_id),
        "sha256": agreement.sha256,
        "signatures": [str(signature.id) for signature in signatures],
    }
    audit.record(Act("agreement.completed", agreement, facts), actor=actor, at=now)
    _tell_both_sides(agreement, "agreement_signed", (Role.APPROVER, Role.COMMISSIONER), now=now)


def _tell_both_sides(
    agreement: Agreement, name: str, roles: tuple[Role, ...], *, now: datetime
) -> None:
    authority: Authority = agreement.authority
    context = {
        "reference": agreement.reference,
        "authority": authority.name,
        "provider": agreement.provider.name,
        "establishment": agreement.establishment.name,
        "authority_id": authority.id,
        "agreement_id": str(agreement.id),
    }
    template, key = f"contracts/{name}", f"{name}:{agreement.id}"
    to_tell: set[UUID] = set()
    for role in roles:
        to_tell.update(people_with_role(role, authority_id=authority.id))
    for person_id in sorted(to_tell):
        letter = Letter(template, person_id, context)
        send(letter, key=f"{key}:{person_id}", authority_id=authority.id, now=now)
    letter_to = ProviderLetter(template, agreement.provider_id, context)
    send_to_provider(letter_to, key=key, authority_id=authority.id, now=now)
