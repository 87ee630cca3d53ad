"""The outcome letter: what was decided, each grade with its reason, and how to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london
from dps.documents import NewDocument, make
from dps.models import Document
from dps.outbox.jobs import job
from qualification.grades import DESCRIPTORS, points
from qualification.models import AgreedGrade, Application, Check, Criterion
from qualification.queries.applications import COSTS, Answered, Contents, contents_of, with_names
from qualification.queries.caps import cap_in_force
from qualification.queries.evaluation import checks_of
from qualification.services.deciding import MAKE_OUTCOME_LETTER, above_cap
from qualification.states import DECIDED, ApplicationState

KIND = "qualification_outcome"
ANSWERED_NO = "You answered no. Once you can answer yes, say so in your next application."


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One graded statement as the letter shows it; weight and points in hundredths."""

    title: str
    weight: int
    grade: int
    grade_name: str
    points: int
    reason: str
    is_of_panel: bool = False


@dataclass(frozen=True, slots=True)
class ToPutRight:
    """One item that does not pass, and what would put it right."""

    title: str
    how: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What page and PDF say, word for word the same."""

    application: Application
    is_qualified: bool
    grades: tuple[GradeLine, ...]
    to_put_right: tuple[ToPutRight, ...]

    @property
    def failing(self) -> tuple[str, ...]:
        return tuple(each.title for each in self.to_put_right)


def outcome_of(contents: Contents, checks: Mapping[str, Check] | None = None) -> Outcome:
    """`checks` are those made of it, by code, where they have been read already."""
    application = contents.application
    if checks is None:
        made = checks_of([application.id]) if application.failed else {}
        checks = {code: one for (_, code), one in made.items()}
    return Outcome(
        application=application,
        is_qualified=application.state == ApplicationState.QUALIFIED,
        grades=tuple(
            _line(each.criterion, each.agreed)
            for each in contents.statements
            if each.agreed and _had_been_agreed(each.agreed, application)
        ),
        to_put_right=tuple(_to_put_right(contents, checks)),
    )


def _had_been_agreed(agreed: AgreedGrade, application: Application) -> bool:
    """What is agreed later, for another application with the same answer, is not in the letter."""
    return application.decided_at is None or agreed.agreed_at <= application.decided_at


def _line(criterion: Criterion, agreed: AgreedGrade) -> GradeLine:
    return GradeLine(
        title=criterion.title,
        weight=criterion.weight,
        grade=agreed.grade,
        grade_name=DESCRIPTORS[agreed.grade].name,
        points=points(weight=criterion.weight, grade=agreed.grade),
        reason=agreed.reason,
        is_of_panel=agreed.is_of_panel,
    )


def _to_put_right(contents: Contents, checks: Mapping[str, Check]) -> list[ToPutRight]:
    """In the order of the questions; the costs last."""
    application = contents.application
    found = []
    for each in contents.answered:
        if each.criterion.code in application.failed:
            made = checks.get(each.criterion.code)
            found.append(ToPutRight(each.criterion.title, _how(each, made.note if made else "")))
    if COSTS in application.failed and application.decided_at is not None:
        day = london(application.decided_at).date()
        cap = cap_in_force(application.category_id, None, day)
        said = above_cap(contents, cap.year_pence if cap else None)
        found.append(ToPutRight("Core costs", f"{said[:1].upper()}{said[1:]}." if said else ""))
    return found


def _how(each: Answered, note: str) -> str:
    return note or (ANSWERED_NO if each.passes is False else "")


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
    return letters(application_id).defer("content").first()


def letters(application_id: UUID | OuterRef) -> QuerySet[Document]:
    """Every version of the letter, the latest first."""
    made = Document.objects.of(REGION_ID).filter(kind=KIND, subject_id=application_id)
    return made.order_by("-version")
