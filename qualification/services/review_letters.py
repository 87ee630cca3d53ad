"""The letter after a review of a score: each grade before and after, and why (Q14, BC 7.12)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london
from dps.documents import NewDocument, make
from dps.models import Document
from dps.outbox.jobs import job
from qualification.models import ScoreReview
from qualification.queries.reviewing import reviews
from qualification.reviewing import counts_from, lines_of
from qualification.services.reviewing import MAKE_REVIEW_LETTER

KIND = "score_review"


@job(MAKE_REVIEW_LETTER)
def make_review_letter(*, review_id: str, actor: Actor, now: datetime) -> None:
    """Make the PDF of a decided review once; a second run finds it made."""
    review = reviews().filter(decided_at__isnull=False).get(pk=review_id)
    if letter_of(review.id) is not None:
        return
    listed = review.qualification
    document = make(
        NewDocument(
            kind=KIND,
            subject_id=review.id,
            provider_id=review.provider_id,
            authority_id=REGION_ID,
            title=f"Review of your score for {listed.category.name}",
            file_name="score-review.pdf",
            template="qualification/letters/score_review.html",
            context={
                "review": review,
                "establishment": listed.establishment,
                "category": listed.category,
                "lines": lines_of(review.decided_grades),
                "counts_from": first_day(review),
                "is_kept": review.outcome == ScoreReview.Outcome.KEPT,
            },
        ),
        now=now,
    )
    facts = {"document_id": str(document.id), "sha256": document.sha256}
    audit.record(Act("score_review.letter_made", review, facts), actor=actor, at=now)


def first_day(review: ScoreReview) -> date:
    """The London day from which a decided score counts; that of the proposal before."""
    if review.decided_at is None:
        return review.effective_from
    return london(counts_from(review.effective_from, review.decided_at)).date()


def letter_of(review_id: UUID) -> Document | None:
    """The letter, if it has been made; without its bytes."""
    made = Document.objects.of(REGION_ID).filter(kind=KIND, subject_id=review_id)
    return made.defer("content").order_by("-version").first()
