"""Certificates, policies and accounts: kept once, replaced, withdrawn; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor, Kind
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotPermitted, NotUnderstood, Refusal
from providers.evidence_kinds import BY_CODE, HeldBy, Need
from providers.models import Establishment, Evidence
from providers.services.particulars import (
    NotHeldThatWay,
    Particulars,
    check_holders,
    checked,
    checked_in_full,
)


class NobodyRunsIt(Refusal):
    message = "No organisation has claimed this establishment, so it holds no evidence yet"


class AlreadyReplaced(Refusal):
    message = "This has been replaced or withdrawn already. Open the one that is held now"


class ReasonMissing(NotUnderstood):
    message = "Enter why you take it back"
    field = "reason"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A certificate of one establishment as an officer, or the loader, copies it from paper."""

    establishment_id: UUID
    kind: str
    issued_on: date
    expires_on: date | None = None
    number: str = ""
    sum_insured_pence: int | None = None
    title: str = ""
    upload_id: UUID | None = None


@transaction.atomic
def record_evidence(new: NewEvidence, *, actor: Actor, now: datetime) -> Evidence:
    """Add what one establishment holds, with or without its document (Q8).

    :raises NotPermitted: the actor may not.
    :raises Establishment.DoesNotExist: there is none, or it is another provider's.
    :raises NobodyRunsIt: it has no provider.
    :raises ExpiresBeforeIssue, SumMissing, ParticularMissing, FileNotUsable: it cannot be right.
    """
    require(actor, Action.RECORD_EVIDENCE)
    establishment = _own(new.establishment_id, actor)
    if establishment.provider_id is None:
        raise NobodyRunsIt
    said = Particulars(**{each.name: getattr(new, each.name) for each in fields(Particulars)})
    kind = checked(said, establishment.provider_id)
    if kind.held_by is HeldBy.ORGANISATION:
        raise NotHeldThatWay("This kind is held for the whole organisation")
    return _keep(said, establishment.provider_id, establishment.id, actor=actor, now=now)


@transaction.atomic
def add_evidence(
    said: Particulars, *, establishment_ids: Collection[UUID], actor: Actor, now: datetime
) -> list[Evidence]:
    """Keep a document for some of the provider's establishments, or, without any, for all (Q8).

    Earlier ones stay; `replace_evidence` says that one follows another.

    :raises NotPermitted: the actor may not, or acts for no provider.
    :raises Establishment.DoesNotExist: one of them is not the provider's.
    :raises NotHeldThatWay: its kind is not held for those.
    :raises UnknownKind, ExpiresBeforeIssue, StartsTooLate, SumMissing, ParticularMissing: it cannot
        be right.
    :raises FileNotUsable: the document is missing, refused, or somebody else's.
    """
    require(actor, Action.RECORD_EVIDENCE)
    provider_id = _provider_of(actor)
    check_holders(checked_in_full(said, provider_id, now), establishment_ids)
    holders: list[UUID | None] = [_own(one, actor).id for one in dict.fromkeys(establishment_ids)]
    return [_keep(said, provider_id, one, actor=actor, now=now) for one in holders or [None]]


@transaction.atomic
def replace_evidence(
    said: Particulars, *, evidence_ids: Collection[UUID], actor: Actor, now: datetime
) -> list[Evidence]:
    """Put a new piece in the place of each of these; the old ones stay as history (Q8).

    What asks for evidence asks again for what was replaced, and for nothing else. A replaced
    piece counts on until its own last day, so that next year's may come early.

    :raises NotPermitted: the actor may not, or acts for no provider.
    :raises Evidence.DoesNotExist: one of them is not the provider's, or is of another kind.
    :raises AlreadyReplaced: one of them was replaced or withdrawn meanwhile.
    :raises ExpiresBeforeIssue, StartsTooLate, SumMissing, ParticularMissing: it cannot be right.
    :raises FileNotUsable: the document is missing, refused, or somebody else's.
    """
    require(actor, Action.RECORD_EVIDENCE)
    provider_id = _provider_of(actor)
    replaced = _locked(evidence_ids, provider_id, said.kind)
    checked_in_full(said, provider_id, now)
    made = []
    for old in replaced:
        new = _keep(said, provider_id, old.establishment_id, actor=actor, now=now)
        old.replaced_by, old.replaced_at = new, now
        old.save(update_fields=["replaced_by", "replaced_at"])
        _record("evidence.replaced", old, {"replaced_by": new.id}, actor=actor, now=now)
        made.append(new)
    return made


@transaction.atomic
def withdraw_evidence(*, evidence_id: UUID, reason: str, actor: Actor, now: datetime) -> Evidence:
    """Take back what was added by mistake; it stays as history, and counts no more (Q8).

    :raises NotPermitted: the actor may not, or acts for no provider.
    :raises Evidence.DoesNotExist: it is not the provider's.
    :raises AlreadyReplaced: it was replaced or withdrawn.
    :raises ReasonMissing: it does not say why.
    """
    require(actor, Action.RECORD_EVIDENCE)
    (evidence,) = _locked([evidence_id], _provider_of(actor))
    if not reason.strip():
        raise ReasonMissing
    evidence.withdrawn_at, evidence.withdrawn_because = now, reason.strip()[:300]
    evidence.save(update_fields=["withdrawn_at", "withdrawn_because"])
    _record("evidence.withdrawn", evidence, {}, actor=actor, now=now)
    return evidence


def _provider_of(actor: Actor) -> UUID:
    if actor.kind is not Kind.PROVIDER or actor.provider_id is None:
        raise NotPermitted
    return actor.provider_id


def _own(establishment_id: UUID, actor: Actor) -> Establishment:
    found = Establishment.objects.filter(pk=establishment_id)
    if actor.kind is not Kind.PROVIDER:
        return found.get()
    return found.filter(provider__isnull=False, provider=actor.provider_id).get()


def _locked(
    evidence_ids: Collection[UUID], provider_id: UUID, kind: str | None = None
) -> list[Evidence]:
    """In the order of their ids, so that two who replace the same ones do not wait in a ring."""
    rows = Evidence.objects.select_for_update().filter(pk__in=evidence_ids, provider_id=provider_id)
    found = list((rows.filter(kind=kind) if kind else rows).order_by("pk"))
    if not found or len(found) != len(set(evidence_ids)):
        raise Evidence.DoesNotExist
    if any(each.is_replaced or each.is_withdrawn for each in found):
        raise AlreadyReplaced
    return found


def _keep(
    said: Particulars,
    provider_id: UUID,
    establishment_id: UUID | None,
    *,
    actor: Actor,
    now: datetime,
) -> Evidence:
    """Only what its kind has: nothing is kept that no form asks."""
    kind = BY_CODE[said.kind]
    evidence = Evidence.objects.create(
        provider_id=provider_id,
        establishment_id=establishment_id,
        kind=said.kind,
        title=said.title.strip() if kind.title is not Need.NOT_ASKED else "",
        number=said.number.strip() if kind.number is not Need.NOT_ASKED else "",
        sum_insured_pence=said.sum_insured_pence if kind.is_insurance else None,
        issued_on=said.issued_on,
        expires_on=said.expires_on if kind.expiry is not Need.NOT_ASKED else None,
        upload_id=said.upload_id,
        recorded_at=now,
        recorded_by_id=actor.person_id,
    )
    facts = {
        "sum_insured_pence": evidence.sum_insured_pence,
        "expires_on": evidence.expires_on,
        "upload_id": said.upload_id,
    }
    _record("evidence.recorded", evidence, facts, actor=actor, now=now)
    return evidence


def _record(
    verb: str, evidence: Evidence, facts: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    whose = {
        "provider_id": evidence.provider_id,
        "establishment_id": evidence.establishment_id,
        "kind": evidence.kind,
    }
    act = Act(verb, evidence, {**whose, **facts})
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
