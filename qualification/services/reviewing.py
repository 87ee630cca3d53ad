"""Reviewing a score: proposed, replied to, decided by a second person; no version is lost (Q14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.hundredths import show_hundredths
from dps.outbox import owe
from dps.permissions import Action, require
from dps.refusals import Gone, NotUnderstood, Refusal
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from providers.models import Evidence
from qualification import reviewing
from qualification.models import CompetencyScore, Qualification, ScoreReview
from qualification.queries.reviewing import every_for, lines_now, reviews, versions_of
from qualification.reviewing import Line, lines_of
from qualification.services.people import person_of

MAKE_REVIEW_LETTER = "qualification.make_review_letter"
LONGEST_WORDS = 8000
Outcome = ScoreReview.Outcome


class NotOnTheList(Refusal):
    message = "This establishment is on the list of this category no more"


class NothingToReview(Refusal):
    message = "This establishment has no method statement score in this category"


class UnderReview(Refusal):
    message = "A review of this score is under way already"


class WordsMissing(NotUnderstood):
    message = "Enter a reason"


class TooEarly(NotUnderstood):
    message = "The new score can count only after the time for the reply"
    field = "effective_from"


class NotTheirs(NotUnderstood):
    message = "Select a piece of evidence of this provider"
    field = "held"


class AlreadyDecided(Gone):
    message = "This review has been decided"


class AlreadyReplied(Refusal):
    message = "Your organisation has replied to this review already"


class ReplyTooLate(Gone):
    message = "The time for a reply is over. Tell the contract team if something is wrong"


class ReplyStillOpen(Refusal):
    message = "The provider may still reply, so this cannot be decided yet"


class SecondPersonDecides(Refusal):
    message = "You proposed this score. Somebody else has to decide"


class NothingChanges(NotUnderstood):
    message = "The proposal leaves the score as it is, so it can only be kept"
    field = "outcome"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes: grade and reason by the code of a statement, and what shows it."""

    reason: str
    effective_from: date
    grades: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    evidence: str = ""
    held_id: UUID | None = None


@transaction.atomic
def propose_review(
    *, qualification_id: UUID, proposal: Proposal, actor: Actor, now: datetime
) -> ScoreReview:
    """Propose that a score rises, falls or stays (BC 7.12). The provider may reply, by a day.

    :raises NotPermitted: only officers of the central team propose.
    :raises NotOnTheList, NothingToReview, UnderReview: there is no such score, or it is reviewed.
    :raises WordsMissing: the reason, or all evidence, is missing.
    :raises NotAGradeOfIt: a grade is not 0 to 5, or changes without a reason.
    :raises TooEarly: it would count before the time for the reply is over.
    :raises NotTheirs: the evidence is another provider's, or another establishment's.
    """
    require(actor, Action.PROPOSE_REVIEW)
    listed = Qualification.objects.select_for_update().get(pk=qualification_id)
    if listed.ended_at is not None:
        raise NotOnTheList
    lines, last = _present(listed)
    if ScoreReview.objects.filter(qualification=listed, decided_at__isnull=True).exists():
        raise UnderReview
    _refuse_without_words(proposal)
    wanted = reviewing.proposed(lines, proposal.grades)
    today = london(now).date()
    every = every_for(listed.category_id, today)
    reply_by = reviewing.reply_until(today, every.reply_days)
    _refuse_too_early(proposal, reply_by, last)
    _refuse_evidence_of_others(proposal, listed, last.provider_id)

    review = ScoreReview.objects.create(
        provider_id=last.provider_id,
        qualification=listed,
        before_score=last.score,
        proposed_score=reviewing.score_of(wanted),
        grades=[each.as_json() for each in wanted],
        reason=proposal.reason.strip()[:LONGEST_WORDS],
        evidence=proposal.evidence.strip()[:LONGEST_WORDS],
        held_id=proposal.held_id,
        proposed_by_id=person_of(actor),
        proposed_at=now,
        effective_from=proposal.effective_from,
        reply_by=reply_by,
    )
    facts = _facts(review) | {"proposed": review.proposed_score, "reply_by": str(reply_by)}
    audit.record(Act("score_review.proposed", review, facts), actor=actor, at=now)
    context = {"reply_by": show_date(reply_by)}
    _tell("review_proposed", review, review.proposed_score, context, now=now)
    return review


@transaction.atomic
def reply_to_review(*, review_id: UUID, text: str, actor: Actor, now: datetime) -> ScoreReview:
    """The provider's reply, once, until the last day for it; it is read before the decision.

    :raises NotPermitted: only an administrator of the provider replies.
    :raises ScoreReview.DoesNotExist: there is no such review of this provider.
    :raises AlreadyDecided, AlreadyReplied, ReplyTooLate: it is too late for a reply.
    :raises WordsMissing: the reply is empty.
    """
    require(actor, Action.REPLY_TO_REVIEW)
    # Once replied to, it is locked against the provider: look, lock, and look again.
    _refuse_reply(ScoreReview.objects.get(pk=review_id), now=now)
    review = ScoreReview.objects.select_for_update().filter(pk=review_id).first()
    if review is None:
        _refuse_reply(ScoreReview.objects.get(pk=review_id), now=now)
        raise AlreadyReplied
    if not text.strip():
        raise WordsMissing("Enter your reply", field="text")

    review.reply = text.strip()[:LONGEST_WORDS]
    review.replied_by_id, review.replied_at = person_of(actor), now
    review.save(update_fields=["reply", "replied_by", "replied_at"])
    audit.record(Act("score_review.replied", review, _facts(review)), actor=actor, at=now)
    context = {"provider": actor.name, "review_id": str(review.id)}
    letter = Letter("qualification/review_replied", review.proposed_by_id, context)
    send(letter, key=f"review_replied:{review.id}", authority_id=REGION_ID, now=now)
    return review


@transaction.atomic
def decide_review(
    *,
    review_id: UUID,
    outcome: str,
    reason: str,
    grades: Mapping[str, int] | None = None,
    actor: Actor,
    now: datetime,
) -> ScoreReview:
    """Keep the score, change it as proposed, or to something in between (BC 7.12).

    A change is a new version that counts from its day, never from before this decision; the
    versions before it stay. `grades` are those in between, by the code of a statement.

    :raises NotPermitted: only a senior officer or the manager decides.
    :raises AlreadyDecided: it has been.
    :raises SecondPersonDecides: the actor proposed it.
    :raises ReplyStillOpen: nobody has replied, and the time for it is not over.
    :raises WordsMissing: the outcome or the reason is missing.
    :raises NotInBetween, NothingChanges: the grades lie outside of what was proposed.
    """
    require(actor, Action.DECIDE_REVIEW)
    review = reviews().select_for_update(of=("self",)).get(pk=review_id)
    if review.decided_at is not None:
        raise AlreadyDecided
    if review.proposed_by_id == actor.person_id:
        raise SecondPersonDecides
    today = london(now).date()
    if review.replied_at is None and reviewing.is_open_for_reply(review.reply_by, today):
        raise ReplyStillOpen(
            f"The provider may reply until {show_date(review.reply_by)}, so this cannot be decided"
            " yet"
        )
    decided = _decided(review, outcome, grades or {})
    if not reason.strip():
        raise WordsMissing("Enter the reason for the decision", field="reason")

    review.outcome, review.decision = outcome, reason.strip()[:LONGEST_WORDS]
    review.decided_grades = [each.as_json() for each in decided]
    review.decided_score = reviewing.score_of(decided)
    review.decided_by_id, review.decided_at = person_of(actor), now
    review.save()
    if outcome != Outcome.KEPT:
        _add_version(review, review.decided_score, now=now)
    facts = _facts(review) | {"outcome": outcome, "score": review.decided_score}
    audit.record(Act("score_review.decided", review, facts), actor=actor, at=now)
    _tell_of_decision(review, now=now)
    return review


def _present(listed: Qualification) -> tuple[tuple[Line, ...], CompetencyScore]:
    """The newest version, in force or to come, with its grades."""
    versions = versions_of([listed.pk])[listed.pk]
    lines = lines_now(versions[-1]) if versions else ()
    if not lines:
        raise NothingToReview
    return lines, versions[-1].score


def _refuse_without_words(proposal: Proposal) -> None:
    if not proposal.reason.strip():
        raise WordsMissing("Enter the reason for the proposal", field="reason")
    if not proposal.evidence.strip() and proposal.held_id is None:
        raise WordsMissing(
            "Say what shows it, or select a piece of evidence that is held", field="evidence"
        )


def _refuse_too_early(proposal: Proposal, reply_by: date, last: CompetencyScore) -> None:
    earliest = reviewing.earliest_effect(reply_by, london(last.from_moment).date())
    if proposal.effective_from < earliest:
        raise TooEarly(
            f"The provider may reply until {show_date(reply_by)}, so the new score can count from"
            f" {show_date(earliest)}",
        )


def _refuse_evidence_of_others(
    proposal: Proposal, listed: Qualification, provider_id: UUID
) -> None:
    if proposal.held_id is None:
        return
    its = Q(establishment_id=None) | Q(establishment_id=listed.establishment_id)
    held = Evidence.objects.filter(its, pk=proposal.held_id, provider_id=provider_id)
    if not held.filter(withdrawn_at__isnull=True).exists():
        raise NotTheirs


def _refuse_reply(review: ScoreReview, *, now: datetime) -> None:
    if review.decided_at is not None:
        raise AlreadyDecided
    if review.replied_at is not None:
        raise AlreadyReplied
    if not reviewing.is_open_for_reply(review.reply_by, london(now).date()):
        raise ReplyTooLate


def _decided(review: ScoreReview, outcome: str, grades: Mapping[str, int]) -> tuple[Line, ...]:
    lines = lines_of(review.grades)
    if outcome not in Outcome.values:
        raise WordsMissing("Select what becomes of the score", field="outcome")
    if outcome == Outcome.KEPT:
        return reviewing.kept(lines)
    if not any(each.changes for each in lines):
        raise NothingChanges
    return lines if outcome == Outcome.CHANGED else reviewing.in_between(lines, grades)


def _add_version(review: ScoreReview, score: int, *, now: datetime) -> None:
    CompetencyScore.objects.create(
        provider_id=review.provider_id,
        qualification_id=review.qualification_id,
        score=score,
        from_moment=reviewing.counts_from(review.effective_from, now),
        reason=review.decision,
        review=review,
    )


def _tell_of_decision(review: ScoreReview, *, now: datetime) -> None:
    """Everybody who acts for the provider gets a message, and the letter is made as a PDF."""
    from_moment = reviewing.counts_from(review.effective_from, now)
    context = {"counts_from": show_date(london(from_moment)), "outcome": review.outcome}
    _tell("review_decided", review, review.decided_score or 0, context, now=now)
    owe(
        MAKE_REVIEW_LETTER,
        key=f"review_letter:{review.id}",
        authority_id=REGION_ID,
        at=now,
        review_id=str(review.id),
    )


def _tell(
    template: str, review: ScoreReview, score: int, context: dict[str, str], *, now: datetime
) -> None:
    listed = Qualification.objects.select_related("establishment", "category").get(
        pk=review.qualification_id
    )
    about = {
        "establishment": listed.establishment.name,
        "category": listed.category.name,
        "review_id": str(review.id),
        "before": show_hundredths(review.before_score),
        "score": show_hundredths(score),
    }
    letter = ProviderLetter(f"qualification/{template}", review.provider_id, about | context)
    send_to_provider(letter, key=f"{template}:{review.id}", authority_id=REGION_ID, now=now)


def _facts(review: ScoreReview) -> dict[str, object]:
    return {"qualification_id": str(review.qualification_id), "before": review.before_score}
