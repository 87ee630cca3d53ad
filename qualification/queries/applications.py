"""An application with everything that is in it, and which ones there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from dps.money import Basis
from providers.models import Claim, Establishment
from qualification import fingerprints
from qualification.core_costs import CostEntry, Totals, totals, weeks_of
from qualification.models import (
    Answer,
    Application,
    CoreCostLine,
    CostHead,
    Criterion,
    StatementGrade,
)
from qualification.queries.rules import criteria_of, heads_of
from qualification.states import IN_PROGRESS, ApplicationState


@dataclass(frozen=True)
class Answered:
    """One criterion with what was answered and how it was graded, as far as it was."""

    criterion: Criterion
    answer: Answer | None
    grade: StatementGrade | None = None

    @property
    def is_statement(self) -> bool:
        return self.criterion.kind == Criterion.Kind.STATEMENT

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def passes(self) -> bool | None:
        return self.answer.passes if self.answer else None

    @property
    def is_too_long(self) -> bool:
        return self.is_statement and self.words > self.criterion.word_limit

    @property
    def is_begun(self) -> bool:
        return bool(self.text.strip()) if self.is_statement else self.passes is not None

    @property
    def is_complete(self) -> bool:
        return self.is_begun and not self.is_too_long


@dataclass(frozen=True)
class Costed:
    """One head of the cost schedule with its line, if there is one."""

    head: CostHead
    line: CoreCostLine | None

    @property
    def is_missing(self) -> bool:
        return self.line is None and not self.head.is_optional


@dataclass(frozen=True)
class Contents:
    """All of one application: six queries, whatever its size."""

    application: Application
    answered: tuple[Answered, ...]
    costed: tuple[Costed, ...]

    @property
    def questions(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.answered if not each.is_statement)

    @property
    def statements(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.answered if each.is_statement)

    @property
    def failing(self) -> tuple[Answered, ...]:
        """The pass or fail questions that were answered with no."""
        return tuple(each for each in self.questions if each.passes is False)

    @property
    def ungraded(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.statements if each.grade is None)

    @cached_property
    def entries(self) -> tuple[CostEntry, ...]:
        return tuple(
            CostEntry(each.head.code, each.line.amount_pence, Basis(each.line.basis))
            for each in self.costed
            if each.line
        )

    @property
    def costs_are_complete(self) -> bool:
        return self.totals.year_pence > 0 and not any(each.is_missing for each in self.costed)

    @property
    def totals(self) -> Totals:
        weeks = weeks_of(is_residential=self.application.category.is_residential)
        return totals(self.entries, weeks=weeks)

    @property
    def costs_fingerprint(self) -> str:
        return fingerprints.of_costs(self.entries)

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles of what has to be done before the application can be sent."""
        titles = [each.criterion.title for each in self.answered if not each.is_complete]
        return tuple(titles if self.costs_are_complete else [*titles, "Core costs"])


def contents_of(application: Application) -> Contents:
    answers = Answer.objects.filter(application=application).select_related("changed_by")
    by_criterion = {answer.criterion_id: answer for answer in answers}
    grades = StatementGrade.objects.filter(answer__application=application)
    by_answer = {grade.answer_id: grade for grade in grades.select_related("graded_by")}
    lines = CoreCostLine.objects.filter(application=application)
    by_head = {line.head_id: line for line in lines}
    answered = []
    for criterion in criteria_of(application):
        answer = by_criterion.get(criterion.id)
        grade = by_answer.get(answer.id) if answer else None
        answered.append(Answered(criterion, answer, grade))
    costed = tuple(Costed(head, by_head.get(head.id)) for head in heads_of(application))
    return Contents(application, tuple(answered), costed)


def with_names() -> QuerySet[Application]:
    return Application.objects.select_related("establishment", "category__market", "provider")


def applications_of(provider_id: UUID) -> QuerySet[Application]:
    """A provider's own, the newest first."""
    return with_names().filter(provider_id=provider_id)


def waiting_for_decision() -> QuerySet[Application]:
    """What the central team has to decide, the oldest first."""
    sent = with_names().filter(state=ApplicationState.SUBMITTED)
    return sent.order_by("submitted_at", "id")


def decided() -> QuerySet[Application]:
    """What the central team has decided, the latest first."""
    return with_names().filter(decided_at__isnull=False).order_by("-decided_at", "-id")


def may_apply_for(provider_id: UUID) -> QuerySet[Establishment]:
    """The establishments that a provider runs, or says that it runs (a claim that waits)."""
    waiting = Claim.objects.filter(provider_id=provider_id, state=Claim.State.WAITING)
    mine = Q(provider_id=provider_id) | Q(id__in=waiting.values("establishment_id"))
    return Establishment.objects.filter(mine, is_open=True, is_procured=True)


def in_progress(provider_id: UUID, establishment_id: UUID, category_id: UUID) -> bool:
    same = Application.objects.filter(
        provider_id=provider_id, establishment_id=establishment_id, category_id=category_id
    )
    return same.filter(state__in=IN_PROGRESS).exists()


def last_ended(application: Application) -> Application | None:
    """The latest application for the same that did not succeed."""
    same = Application.objects.filter(
        provider_id=application.provider_id,
        establishment_id=application.establishment_id,
        category_id=application.category_id,
        state__in=[ApplicationState.REJECTED, ApplicationState.WITHDRAWN],
    )
    return same.order_by("-started_at", "-id").first()
