"""What an evaluator reads: papers and grades. Never a bid, a price or a name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery

from referrals.models import (
    ConsensusConfirmation,
    ConsensusGrade,
    GradeSheet,
    GradingPaper,
    OutcomeGrade,
    Referral,
)
from referrals.states import ReferralState


@dataclass(frozen=True, slots=True)
class Record:
    """The agreed grades as they stand: by bid and key, notes by bid, who recorded and agreed."""

    grades: dict[tuple[UUID, str], int]
    notes: dict[UUID, str]
    rows: list[ConsensusGrade]
    confirmed: frozenset[UUID]

    @property
    def first(self) -> ConsensusGrade | None:
        return self.rows[0] if self.rows else None


def to_grade(person_id: UUID | None):
    """Referrals being evaluated that have papers, with the person's own progress: one query."""
    sheet = GradeSheet.objects.filter(referral_id=OuterRef("id"), evaluator_id=person_id)
    papers = GradingPaper.objects.filter(referral_id=OuterRef("id")).order_by()
    count = papers.values("referral_id").annotate(count=Count("id")).values("count")
    return (
        Referral.objects.filter(Exists(papers), state=ReferralState.GRADING)
        .select_related("category")
        .annotate(
            papers=Subquery(count),
            began=Exists(sheet),
            handed_in=Exists(sheet.filter(handed_in_at__isnull=False)),
        )
        .order_by("opened_at")
    )


def papers_of(referral_id: UUID) -> list[GradingPaper]:
    rows = list(GradingPaper.objects.filter(referral_id=referral_id))
    # "Bid B" before "Bid 27": letters first, as they were given.
    return sorted(rows, key=lambda paper: (len(paper.label), paper.label))


def own_grades(referral_id: UUID, person_id: UUID | None) -> list[OutcomeGrade]:
    return list(OutcomeGrade.objects.filter(referral_id=referral_id, evaluator_id=person_id))


def all_grades(referral_id: UUID) -> dict[tuple[UUID, str, UUID], int]:
    """Everybody's grades by bid, key and evaluator; the database shows them once all are in."""
    rows = OutcomeGrade.objects.filter(referral_id=referral_id)
    return {(row.bid_id, row.key, row.evaluator_id): row.grade for row in rows}


def record_of(referral_id: UUID) -> Record:
    rows = list(
        ConsensusGrade.objects.filter(referral_id=referral_id).select_related("recorded_by")
    )
    confirmed = ConsensusConfirmation.objects.filter(referral_id=referral_id)
    return Record(
        grades={(row.bid_id, row.key): row.grade for row in rows},
        notes={row.bid_id: row.note for row in rows},
        rows=rows,
        confirmed=frozenset(confirmed.values_list("evaluator_id", flat=True)),
    )
