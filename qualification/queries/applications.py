"""Applications with everything that is in them, and which ones there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from dps.money import Basis
from providers.models import Claim, Establishment
from qualification import fingerprints
from qualification.core_costs import CostEntry, Driver, Totals, totals, weeks_of
from qualification.models import (
    AgreedGrade,
    Answer,
    Application,
    CoreCostLine,
    CostHead,
    Criterion,
    Question,
    SentAnswer,
)
from qualification.queries.gathered import gathered, rows_of
from qualification.queries.rules import rules_of
from qualification.states import IN_PROGRESS, WITH_THE_TEAM, ApplicationState

COSTS = "costs"
"""Stands for the core costs among the codes of questions that have to be put right."""


@dataclass(frozen=True)
class Answered:
    """One criterion with what was answered and the grade that was agreed, as far as they are."""

    criterion: Criterion
    answer: Answer | None
    agreed: AgreedGrade | None = None
    is_kept: bool = False
    """It passed before and is not asked again."""

    @property
    def is_statement(self) -> bool:
        return self.criterion.question.is_statement

    @property
    def is_shown_only(self) -> bool:
        """Asked and shown, never scored and never a barrier (Q16)."""
        return self.criterion.kind == Question.Kind.SHOWN

    @property
    def is_checked(self) -> bool:
        """An officer finds it clear or not: it passes or fails, and is asked this time."""
        return not (self.is_statement or self.is_shown_only or self.is_kept)

    @property
    def is_common(self) -> bool:
        """The answer is the one for all establishments of the joining."""
        return self.answer is None or self.answer.establishment_id is None

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
        limit = self.criterion.word_limit
        return self.is_statement and 0 < limit < self.words

    @property
    def is_begun(self) -> bool:
        return bool(self.text.strip()) if self.is_statement else self.passes is not None

    @property
    def is_complete(self) -> bool:
        return (self.is_begun or self.is_shown_only) and not self.is_too_long


@dataclass(frozen=True)
class Costed:
    """One head of the cost schedule with its line, if there is one."""

    head: CostHead
    line: CoreCostLine | None

    @property
    def is_missing(self) -> bool:
        return self.line is None and not self.head.is_optional


@dataclass(frozen=True)
class Costs:
    """The core costs of one application."""

    application: Application
    costed: tuple[Costed, ...]

    @cached_property
    def entries(self) -> tuple[CostEntry, ...]:
        return tuple(
            CostEntry(
                each.head.code,
                each.line.amount_pence,
                Basis(each.line.basis),
                Driver(each.line.driver),
                each.head.in_stay,
            )
            for each in self.costed
            if each.line
        )

    @property
    def costs_are_complete(self) -> bool:
        stays = [each for each in self.costed if each.head.stay]
        lacks_a_stay = bool(stays) and not any(each.line for each in stays)
        lacks_a_line = any(each.is_missing for each in self.costed)
        return self.totals.year_pence > 0 and not (lacks_a_line or lacks_a_stay)

    @property
    def totals(self) -> Totals:
        weeks = weeks_of(is_residential=self.application.category.is_residential)
        return totals(self.entries, weeks=weeks)

    @property
    def costs_fingerprint(self) -> str:
        return fingerprints.of_costs(self.entries)


@dataclass(frozen=True)
class Contents(Costs):
    """All of one application."""

    answered: tuple[Answered, ...]

    @property
    def questions(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.answered if not each.is_statement)

    @property
    def statements(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.answered if each.is_statement)

    @property
    def failing(self) -> tuple[Answered, ...]:
        """The pass or fail questions that were answered with no."""
        return tuple(
            each for each in self.questions if each.passes is False and not each.is_shown_only
        )

    @property
    def ungraded(self) -> tuple[Answered, ...]:
        return tuple(each for each in self.statements if each.agreed is None)

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles of what has to be done before the application can be sent."""
        titles = [each.criterion.title for each in self.answered if not each.is_complete]
        return tuple(titles if self.costs_are_complete else [*titles, "Core costs"])


def contents_of(application: Application) -> Contents:
    return contents_of_all([application])[0]


def contents_of_all(applications: Iterable[Application]) -> list[Contents]:
    """Of each, in the order given: three queries at most, however many there are."""
    rows = list(applications)
    ids = [each.id for each in rows]
    before = {each.before_id for each in rows if each.before_id}
    rules = rules_of({each.rule_set_id for each in rows}, ids)
    answers = drafted({each.joining_id for each in rows if each.submitted_at is None})
    frozen, agreed = sent_and_agreed([*ids, *before])
    lines = _lines(each for asked in rules.values() for each in asked.lines)
    found = []
    for one in rows:
        answered = []
        for criterion in rules[one.rule_set_id].criteria:
            kept = one.to_put_right is not None and criterion.code not in one.to_put_right
            if one.submitted_at is not None:
                answer = frozen.get(one.id, {}).get(criterion.question_id)
            elif kept and one.before_id:
                answer = frozen.get(one.before_id, {}).get(criterion.question_id)
            else:
                answer = effective(answers, one, criterion)
            grade = agreed.get(answer.id) if answer else None
            answered.append(Answered(criterion, answer, grade, is_kept=kept))
        costed = tuple(
            Costed(head, lines.get((one.id, head.id))) for head in rules[one.rule_set_id].heads
        )
        found.append(Contents(one, costed, tuple(answered)))
    return found


def costs_of(application: Application) -> Costs:
    return costs_of_all([application])[0]


def costs_of_all(applications: Iterable[Application]) -> list[Costs]:
    """Of each, in the order given: one query, however many there are."""
    rows = list(applications)
    of_head = CoreCostLine.objects.filter(
        head_id=OuterRef("pk"), application_id__in=[each.id for each in rows]
    )
    heads = CostHead.objects.filter(rule_set_id__in={each.rule_set_id for each in rows})
    of_set: dict[UUID, list[CostHead]] = {}
    lines: dict[tuple[UUID, UUID], CoreCostLine] = {}
    for head in heads.annotate(lines=gathered(of_head)):
        of_set.setdefault(head.rule_set_id, []).append(head)
        lines |= _lines(rows_of(CoreCostLine, head.lines))
    found = []
    for one in rows:
        mine = of_set.get(one.rule_set_id, [])
        costed = tuple(Costed(head, lines.get((one.id, head.id))) for head in mine)
        found.append(Costs(one, costed))
    return found


Drafted = Mapping[tuple[UUID, UUID, UUID | None], Answer]


def drafted(joinings: Collection[UUID]) -> Drafted:
    """The newest answer of each joining to each question, for all and for each establishment."""
    rows = Answer.objects.filter(joining_id__in=joinings).order_by("changed_at", "id")
    return {
        (row.joining_id, row.question_id, row.establishment_id): row
        for row in rows.select_related("changed_by")
    }


def effective(answers: Drafted, one: Application, criterion: Criterion) -> Answer | None:
    """What differs at the establishment, else what is common to all."""
    key = (one.joining_id, criterion.question_id)
    return answers.get((*key, one.establishment_id)) or answers.get((*key, None))


def sent(application_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Answer]]:
    """By application and question."""
    rows = SentAnswer.objects.filter(application_id__in=application_ids)
    found: dict[UUID, dict[UUID, Answer]] = {}
    for row in rows.select_related("answer__changed_by", "criterion"):
        found.setdefault(row.application_id, {})[row.criterion.question_id] = row.answer
    return found


def sent_and_agreed(
    application_ids: Collection[UUID],
) -> tuple[dict[UUID, dict[UUID, Answer]], dict[UUID, AgreedGrade]]:
    """The same, and by answer the grade that was agreed of it, in the same query."""
    grades = AgreedGrade.objects.filter(answer_id=OuterRef("answer_id"))
    rows = SentAnswer.objects.filter(application_id__in=application_ids)
    found: dict[UUID, dict[UUID, Answer]] = {}
    agreed: dict[UUID, AgreedGrade] = {}
    for row in rows.select_related("answer__changed_by", "criterion").annotate(
        agreed=gathered(grades, "agreed_by")
    ):
        found.setdefault(row.application_id, {})[row.criterion.question_id] = row.answer
        for grade in rows_of(AgreedGrade, row.agreed, "agreed_by"):
            agreed[row.answer_id] = grade
    return found, agreed


def _lines(rows: Iterable[CoreCostLine]) -> dict[tuple[UUID, UUID], CoreCostLine]:
    return {(row.application_id, row.head_id): row for row in rows}


def with_names() -> QuerySet[Application]:
    return Application.objects.select_related("establishment", "category__market", "provider")


def waiting_for_decision() -> QuerySet[Application]:
    """What is with the central team, the oldest first."""
    sent = with_names().filter(state__in=WITH_THE_TEAM)
    return sent.order_by("submitted_at", "id")


def decided() -> QuerySet[Application]:
    """What the central team has decided, the latest first."""
    return with_names().filter(decided_at__isnull=False).order_by("-decided_at", "-id")


def may_apply_for(provider_id: UUID) -> QuerySet[Establishment]:
    """The establishments that a provider runs, or says that it runs (a claim that waits)."""
    waiting = Claim.objects.filter(provider_id=provider_id, state=Claim.State.WAITING)
    mine = Q(provider_id=provider_id) | Q(id__in=waiting.values("establishment_id"))
    return Establishment.objects.filter(mine, is_open=True, is_procured=True)


def in_progress(provider_id: UUID, establishment_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """The establishments and categories with an application that is being written or decided."""
    rows = Application.objects.filter(
        provider_id=provider_id, establishment_id__in=establishment_ids, state__in=IN_PROGRESS
    )
    return set(rows.values_list("establishment_id", "category_id"))


def last_ended_of(applications: Iterable[Application]) -> dict[tuple[UUID, UUID], Application]:
    """By establishment and category, the latest application that did not succeed: one query."""
    new = list(applications)
    rows = Application.objects.filter(
        provider_id__in={each.provider_id for each in new},
        establishment_id__in={each.establishment_id for each in new},
        category_id__in={each.category_id for each in new},
        state__in=[ApplicationState.REJECTED, ApplicationState.WITHDRAWN],
    ).select_related("category")
    return {
        (each.establishment_id, each.category_id): each
        for each in rows.order_by("started_at", "id")
    }
