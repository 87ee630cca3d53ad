"""The outcome letter: what was decided, each grade with its reason, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.documents import NewDocument, make
from dps.models import Document
from dps.outbox.jobs import job
from qualification.grades import DESCRIPTORS, points
from qualification.models import AgreedGrade, Application, Criterion
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services.deciding import MAKE_OUTCOME_LETTER
from qualification.states import DECIDED, ApplicationState

KIND = "qualification_outcome"


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One graded statement as the letter shows it; points in hundredths."""

    title: str
    weight: int
    grade: int
    grade_name: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What page and PDF say, word for word the same."""

    application: Application
    is_qualified: bool
    grades: tuple[GradeLine, ...]
    failing: tuple[str, ...]


def outcome_of(contents: Contents) -> Outcome:
    return Outcome(
        application=contents.application,
        is_qualified=contents.application.state == ApplicationState.QUALIFIED,
        grades=tuple(
            _line(each.criterion, each.agreed) for each in contents.statements if each.agreed
        ),
        failing=tuple(each.criterion.title for each in contents.failing),
    )


def _line(criterion: Criterion, graded: AgreedGrade) -> GradeLine:
    return GradeLine(
        title=criterion.title,
        weight=criterion.weight // 100,
        grade=graded.grade,
        grade_name=DESCRIPTORS[graded.grade].name,
        points=points(weight=criterion.weight // 100, grade=graded.grade),
        reason=graded.reason,
    )


@job(MAKE_OUTCOME_LETTER)
def make_outcome_letter(*, application_id: str, actor: Actor, now: datetime) -> None:
    """Make the PDF of a decided application once; a second run finds it made (Q12)."""
    application = with_names().filter(state__in=DECIDED).get(pk=application_id)
    if letter_of(application.id) is not None:
        return
    document = make(
        NewDocument(
            kind=KIND,
            subject_id=application.id,
            provider_id=application.provider_id,
            authority_id=REGION_ID,
            title=f"Your application for {application.category.name}",
            file_name="outcome-letter.pdf",
            template="qualification/letters/outcome.html",
            context={"outcome": outcome_of(contents_of(application))},
        ),
        now=now,
    )
    facts = {"document_id": str(document.id), "sha256": document.sha256}
    audit.record(Act("application.letter_made", application, facts), actor=actor, at=now)


def letter_of(application_id: UUID) -> Document | None:
    """The letter, if it has been made; without its bytes."""
    made = Document.objects.of(REGION_ID).filter(kind=KIND, subject_id=application_id)
    return made.defer("content").order_by("-version").first()
