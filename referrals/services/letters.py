"""The letters after an award: one for each bidder, naming no other bidder that lost (A2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.documents import NewDocument, make
from dps.models import AuditHead, Authority, Document
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.services.messages import ProviderLetter, send_to_provider
from dps.working_days import add_working_days
from referrals import letter_words
from referrals.jobs import PRINT_AWARD_LETTER, WRITE_AWARD_LETTERS
from referrals.models import Award, AwardLetter, Bid, Feature, Invitation, Need, Referral
from referrals.models.referral import WEIGHTS
from referrals.queries.evaluation import bids_of

LETTER = "award_letter"
WON, LOST, SET_ASIDE = "won", "lost", "set_aside"


@dataclass(frozen=True, slots=True)
class Result:
    """What every letter of one award is written from."""

    referral: Referral
    award: Award
    winner: Bid
    bands: dict[UUID, str]
    needs: dict[str, str]
    features: dict[str, str]
    authority: Authority

    @property
    def weights(self) -> dict[str, int]:
        return {name: getattr(self.referral, f"weight_{name}") for name in WEIGHTS}


@job(WRITE_AWARD_LETTERS)
def write_letters(*, award_id: str, actor: Actor, now: datetime) -> None:
    """Write each bidder's letter, tell them, and owe its PDF; a second run finds them written."""
    award = Award.objects.select_related("establishment", "provider").get(id=award_id)
    bids = bids_of(award.referral_id)
    result = _result(award, bids)
    written = set(AwardLetter.objects.filter(award_id=award.id).values_list("bid_id", flat=True))
    for bid in bids:
        if bid.id not in written:
            _write(bid, result, actor=actor, now=now)


@job(PRINT_AWARD_LETTER)
def print_letter(*, letter_id: str, actor: Actor, now: datetime) -> None:
    """Make the PDF of a letter, once."""
    letter = AwardLetter.objects.get(id=letter_id)
    if Document.objects.filter(kind=LETTER, subject_id=letter.id).exists():
        return
    reference = letter.content["reference"]
    document = make(
        NewDocument(
            kind=LETTER,
            subject_id=letter.id,
            authority_id=letter.authority_id,
            title=f"Result of referral {reference}",
            file_name=f"{reference}-result.pdf",
            template="referrals/letters/award_letter.html",
            context={"letter": letter, **letter.content},
            provider_id=letter.provider_id,
        ),
        now=now,
    )
    facts = {"kind": LETTER, "sha256": document.sha256}
    audit.record(Act("document.made", document, facts), actor=actor, at=now)


def _write(bid: Bid, result: Result, *, actor: Actor, now: datetime) -> None:
    own = result.referral.authority_id
    letter = AwardLetter.objects.create(
        authority_id=own,
        referral_id=bid.referral_id,
        bid_id=bid.id,
        award_id=result.award.id,
        invitation_id=bid.invitation_id,
        provider_id=bid.provider_id,
        content=_content(bid, result),
        audit_head=_head(own),
        written_at=now,
    )
    facts = {"outcome": letter.content["outcome"], "provider": str(bid.provider_id)}
    audit.record(Act("award_letter.written", letter, facts), actor=actor, at=now)
    context = {
        "reference": result.referral.reference,
        "establishment": bid.establishment.name,
        "authority": result.authority.name,
        "invitation_id": str(bid.invitation_id),
    }
    to = ProviderLetter("referrals/result", bid.provider_id, context)
    send_to_provider(to, key=f"result:{letter.id}", authority_id=own, now=now)
    key = f"award-letter:{letter.id}"
    owe(PRINT_AWARD_LETTER, key=key, authority_id=own, at=now, letter_id=str(letter.id))


def _result(award: Award, bids: list[Bid]) -> Result:
    referral = Referral.objects.select_related("category").get(id=award.referral_id)
    bands = Invitation.objects.filter(referral_id=referral.id).values_list("id", "band")
    needs = Need.objects.filter(referral_id=referral.id).values_list("key", "text")
    features = Feature.objects.filter(referral_id=referral.id).values_list("key", "text")
    return Result(
        referral=referral,
        award=award,
        winner=next(bid for bid in bids if bid.id == award.bid_id),
        bands=dict(bands),
        needs=dict(needs),
        features=dict(features),
        authority=Authority.objects.get(id=award.authority_id),
    )


def _content(bid: Bid, result: Result) -> dict[str, Any]:
    """The letter as values: hundredths of a point; no other bidder but the successful one."""
    lines = letter_words.lines_of(result.weights, bid.scores, result.winner.scores)
    outcome = _outcome(bid, result)
    return {
        "reference": result.referral.reference,
        "category": result.referral.category.name,
        "authority": result.authority.name,
        "establishment": bid.establishment.name,
        "band": result.bands[bid.invitation_id],
        "outcome": outcome,
        "by_choice": result.award.by_choice,
        "winner": result.winner.establishment.name,
        "winner_provider": result.winner.provider.name,
        "lines": [line.as_json() for line in lines],
        "own_total": bid.total,
        "winner_total": result.winner.total,
        "rank": bid.rank,
        "set_aside_reason": bid.set_aside_reason,
        "missing": [result.features.get(key, key) for key in bid.missing_features],
        "characteristics": _characteristics(result),
        "advantages": letter_words.advantages(lines) if outcome == LOST else (),
        "own_advantages": letter_words.own_advantages(lines) if outcome == LOST else (),
        "standstill": _standstill(result),
    }


def _outcome(bid: Bid, result: Result) -> str:
    if bid.id == result.winner.id:
        return WON
    return SET_ASIDE if bid.rank is None else LOST


def _characteristics(result: Result) -> tuple[str, ...]:
    content = result.winner.content
    return letter_words.characteristics(
        needs=(_met(content.get("needs_met", ()), result.needs), len(result.needs)),
        features=(_met(content.get("features_met", ()), result.features), len(result.features)),
    )


def _met(keys: list[str], asked: dict[str, str]) -> int:
    return len(asked.keys() & set(keys))


def _standstill(result: Result) -> str:
    """The day until which no agreement is signed, in words; "" where the category has none."""
    days = result.referral.category.standstill_days
    awarded = result.referral.awarded_at
    if not days or awarded is None:
        return ""
    return show_date(add_working_days(london(awarded).date(), days))


def _head(authority_id: int) -> str:
    head = AuditHead.objects.filter(authority_id=authority_id).first()
    return bytes(head.hash).hex() if head else ""
