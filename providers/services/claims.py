"""A provider claims an establishment that it runs; the central team confirms or refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Role
from dps.audit import Act
from dps.permissions import ALLOWED, Action, require
from dps.refusals import NotPermitted, NotUnderstood, Refusal
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from dps.services.people import people_with_role
from providers.models import Claim, Establishment, Provider
from providers.states import CLAIM, ClaimState, ClaimStep


class EstablishmentClosed(Refusal):
    message = "The register says that this establishment is closed, so it cannot be claimed"


class NotBoughtFrom(Refusal):
    message = (
        "This setting is funded by the state. Councils do not buy places in it through this"
        " service, so there is nothing to claim"
    )


class ClaimedByYou(Refusal):
    message = "You have claimed this establishment already"


class RunByAnother(Refusal):
    message = (
        "Another organisation runs this establishment according to our records. If that is"
        " wrong, write to the contract team"
    )


class ReasonMissing(NotUnderstood):
    message = "Enter the reason, in words that the provider will understand"


@transaction.atomic
def claim_establishment(*, establishment_id: UUID, actor: Actor, now: datetime) -> Claim:
    """Say that the actor's provider runs an establishment; both sides are told (Q1).

    :raises NotPermitted: the actor does not administer a provider.
    :raises Establishment.DoesNotExist: there is none.
    :raises EstablishmentClosed, NotBoughtFrom: nobody can claim it.
    :raises ClaimedByYou: the provider's claim waits or is confirmed.
    :raises RunByAnother: another provider's claim is confirmed.
    """
    require(actor, Action.CLAIM_ESTABLISHMENT)
    if actor.provider_id is None or actor.person_id is None:
        raise NotPermitted
    establishment = Establishment.objects.get(pk=establishment_id)
    _refuse_claim(establishment, actor.provider_id)
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                provider_id=actor.provider_id,
                establishment=establishment,
                claimed_by_id=actor.person_id,
                claimed_at=now,
            )
    except IntegrityError as error:
        # A colleague pressed the button at the same moment.
        raise ClaimedByYou from error
    _record("claim.made", claim, actor=actor, now=now)
    _tell_of(claim, establishment, now=now)
    return claim


def _refuse_claim(establishment: Establishment, provider_id: UUID) -> None:
    if not establishment.is_open:
        raise EstablishmentClosed
    if not establishment.is_procured:
        raise NotBoughtFrom
    mine = Claim.objects.filter(establishment=establishment, provider_id=provider_id)
    if mine.exclude(state=ClaimState.REFUSED).exists():
        raise ClaimedByYou
    if establishment.provider_id == provider_id:
        raise ClaimedByYou
    if establishment.provider_id is not None:
        raise RunByAnother


def _tell_of(claim: Claim, establishment: Establishment, *, now: datetime) -> None:
    """Who claimed it is told what comes next; the central team, that it waits."""
    provider = Provider.objects.get(pk=claim.provider_id)
    context = {
        "claim_id": str(claim.id),
        "provider": provider.name,
        "establishment": establishment.name,
        "establishment_id": str(establishment.id),
    }
    receipt = Letter("providers/claim_received", claim.claimed_by_id, context)
    send(receipt, key=f"claim:{claim.id}:received", authority_id=REGION_ID, now=now)
    for person_id in deciders():
        letter = Letter("providers/claim_made", person_id, context)
        send(letter, key=f"claim:{claim.id}:{person_id}", authority_id=REGION_ID, now=now)


def deciders() -> Iterator[UUID]:
    """The people of the central team who decide claims."""
    roles = sorted(ALLOWED[Action.DECIDE_CLAIM])
    people = {who for role in roles for who in _central_people(role)}
    yield from sorted(people)


def _central_people(role: Role) -> Iterator[UUID]:
    yield from people_with_role(role, authority_id=None, is_central=True)


@transaction.atomic
def confirm_claim(*, claim_id: UUID, actor: Actor, now: datetime) -> Claim:
    """Confirm that the provider runs the establishment, which is its own from now on (Q1).

    :raises NotPermitted: the actor is not an officer of the central team.
    :raises Claim.DoesNotExist: there is none.
    :raises RunByAnother: another provider's claim was confirmed first.
    :raises IllegalTransition: the claim has been decided.
    """
    require(actor, Action.DECIDE_CLAIM)
    claim = _locked(claim_id)
    claim.state = CLAIM.after(ClaimState(claim.state), ClaimStep.CONFIRM).value
    if claim.establishment.provider_id not in (None, claim.provider_id):
        raise RunByAnother
    _decide(claim, actor=actor, now=now)
    claim.establishment.provider_id = claim.provider_id
    claim.establishment.save(update_fields=["provider"])
    _record("claim.confirmed", claim, actor=actor, now=now)
    _tell_the_provider("providers/claim_confirmed", claim, now=now)
    return claim


@transaction.atomic
def refuse_claim(*, claim_id: UUID, reason: str, actor: Actor, now: datetime) -> Claim:
    """Refuse a claim, with the reason that the provider reads; it may claim again.

    :raises NotPermitted: the actor is not an officer of the central team.
    :raises Claim.DoesNotExist: there is none.
    :raises ReasonMissing: no reason was given.
    :raises IllegalTransition: the claim has been decided.
    """
    require(actor, Action.DECIDE_CLAIM)
    claim = _locked(claim_id)
    claim.state = CLAIM.after(ClaimState(claim.state), ClaimStep.REFUSE).value
    if not reason.strip():
        raise ReasonMissing(field="reason")
    claim.reason = reason.strip()
    _decide(claim, actor=actor, now=now)
    _record("claim.refused", claim, actor=actor, now=now)
    _tell_the_provider("providers/claim_refused", claim, now=now)
    return claim


def _locked(claim_id: UUID) -> Claim:
    """The claim, after its establishment: two officers may decide two claims of one together."""
    asked = Claim.objects.values_list("establishment_id", flat=True).get(pk=claim_id)
    establishment = Establishment.objects.select_for_update().get(pk=asked)
    claim = Claim.objects.select_for_update().get(pk=claim_id)
    claim.establishment = establishment
    return claim


def _decide(claim: Claim, *, actor: Actor, now: datetime) -> None:
    claim.decided_by_id = actor.person_id
    claim.decided_at = now
    claim.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _record(verb: str, claim: Claim, *, actor: Actor, now: datetime) -> None:
    facts = {
        "establishment_id": claim.establishment_id,
        "provider_id": claim.provider_id,
        "state": str(claim.state),
        "reason": claim.reason,
    }
    audit.record(Act(verb, claim, facts), actor=actor, at=now, authority_id=REGION_ID)


def _tell_the_provider(template: str, claim: Claim, *, now: datetime) -> None:
    context = {
        "establishment": claim.establishment.name,
        "establishment_id": str(claim.establishment_id),
        "reason": claim.reason,
    }
    letter = ProviderLetter(template, claim.provider_id, context)
    send_to_provider(letter, key=f"claim:{claim.id}:decided", authority_id=REGION_ID, now=now)
