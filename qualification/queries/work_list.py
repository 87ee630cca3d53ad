"""What is with the central team: one piece of work for each joining, with its age and risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from providers.models import Inspection
from qualification.deciding_time import decision_due
from qualification.inspections import UnknownScheme, judge
from qualification.models import (
    AgreedGrade,
    Application,
    Check,
    Evaluator,
    Ground,
    PointToClear,
    Question,
    SentAnswer,
)
from qualification.queries.applications import waiting_for_decision
from qualification.queries.evaluation import FEWEST_EVALUATORS, GRADES_MISSING
from qualification.queries.inspection_rules import inspection_rules
from qualification.scoring import NoRuleInForce, PassRule
from qualification.states import ApplicationState
from qualification.worries import Found, worries

AGREE = "Agree the grades"


@dataclass
class Work:
    """One joining, as far as it is with the team."""

    joining_id: UUID
    applications: list[Application] = field(default_factory=list)
    worries: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """What waits for the person who looks."""

    @property
    def due(self) -> date:
        return min(decision_due(one.submitted_at) for one in self.applications if one.submitted_at)

    @property
    def states(self) -> set[ApplicationState]:
        return {ApplicationState(one.state) for one in self.applications}


def work_for(person_id: UUID | None, today: date) -> list[Work]:
    """All of it: what waits for this person first, then the oldest: four queries."""
    found: dict[UUID, Work] = {}
    for one in _waiting(person_id):
        found.setdefault(one.joining_id, Work(one.joining_id)).applications.append(one)
    places = {one.establishment_id for work in found.values() for one in work.applications}
    judged = inspection_worries(places, today)
    asked = _evaluators(found)
    for work in found.values():
        mine = asked[work.joining_id]
        work.worries = tuple(
            dict.fromkeys(said for one in work.applications for said in worries_of(one, judged))
        )
        work.steps = tuple(_steps(work, mine))
        work.own = tuple(_own(work, mine, person_id))
    return sorted(found.values(), key=lambda work: (not work.own, work.due, str(work.joining_id)))


def with_worries(found: QuerySet[Application]) -> QuerySet[Application]:
    """Each with the counts that `worries_of` reads."""
    sent = SentAnswer.objects.filter(application_id=OuterRef("pk"))
    grounds = Ground.objects.filter(
        answer_id__in=SentAnswer.objects.filter(application_id=OuterRef("pk")).values("answer_id")
    )
    points = PointToClear.objects.filter(application_id=OuterRef("pk"), replied_at__isnull=True)
    ungraded = sent.filter(criterion__question__kind=Question.Kind.STATEMENT).exclude(
        Exists(AgreedGrade.objects.filter(answer_id=OuterRef("answer_id")))
    )
    by_evaluators = ungraded.filter(criterion__question__graded_by=Question.GradedBy.EVALUATORS)
    return found.annotate(
        has_grounds=Exists(grounds),
        has_open_points=Exists(points),
        is_ungraded=Exists(ungraded),
        is_for_evaluators=Exists(by_evaluators),
    )


def _waiting(person_id: UUID | None) -> QuerySet[Application]:
    asked = Check.objects.filter(
        application_id=OuterRef("application_id"),
        code=OuterRef("code"),
        result=Check.Result.ASKED,
    )
    replies = PointToClear.objects.filter(
        Exists(asked),
        application_id=OuterRef("pk"),
        asked_by_id=person_id,
        replied_at__isnull=False,
    )
    rows = with_worries(waiting_for_decision()).select_related("joining")
    return rows.annotate(has_reply_for_me=Exists(replies))


def worries_of(one: Application, judged: dict[UUID, tuple[str, ...] | None]) -> tuple[str, ...]:
    """Of an application that `with_worries` has annotated."""
    failures = judged.get(one.establishment_id)
    return worries(
        Found(
            is_claim_confirmed=one.establishment.provider_id == one.provider_id,
            grounds=int(one.has_grounds),  # type: ignore[attr-defined]
            open_points=int(one.has_open_points),  # type: ignore[attr-defined]
            inspection_failures=failures or (),
            has_inspection=failures is not None,
        )
    )


def inspection_worries(
    establishment_ids: Collection[UUID], today: date
) -> dict[UUID, tuple[str, ...] | None]:
    """By establishment, why its latest result of some scheme fails; none without any: 2 queries."""
    rules = inspection_rules()
    seen: dict[UUID, list[Inspection]] = {each: [] for each in establishment_ids}
    rows = Inspection.objects.filter(establishment_id__in=establishment_ids)
    for row in latest_of_each(rows):
        seen[row.establishment_id].append(row)
    return {each: failures_of(found, rules, today) for each, found in seen.items()}


def latest_of_each(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """The latest result of each establishment by each scheme."""
    latest = rows.order_by("establishment_id", "scale", "-inspected_on", "-id")
    return latest.distinct("establishment_id", "scale")


def failures_of(
    found: Collection[Inspection], rules: Collection[PassRule], today: date
) -> tuple[str, ...] | None:
    """Why these results fail, each by its own scheme; None where there are none."""
    if not found:
        return None
    return tuple(said for row in found for said in verdict_of(row, rules, today))


def verdict_of(row: Inspection, rules: Iterable[PassRule], today: date) -> tuple[str, ...]:
    """Why a result does not pass on a day; empty where it does, or nobody says how to judge it."""
    try:
        return judge(row.scale, row.result, row.inspected_on, rules=rules, on=today).failures
    except (UnknownScheme, NoRuleInForce):
        return ()


def _evaluators(joining_ids: Iterable[UUID]) -> dict[UUID, list[Evaluator]]:
    rows = Evaluator.objects.filter(joining_id__in=list(joining_ids), released_at__isnull=True)
    found: dict[UUID, list[Evaluator]] = defaultdict(list)
    for row in rows.annotate(missing=GRADES_MISSING):
        found[row.joining_id].append(row)
    return found


def _steps(work: Work, asked: list[Evaluator]) -> Iterable[str]:
    """What the team does next with it, the first step first."""
    counts = {state: sum(one.state == state for one in work.applications) for state in work.states}
    if ApplicationState.SUBMITTED in counts:
        yield _of("Check stage 1", counts[ApplicationState.SUBMITTED])
    if ApplicationState.EVALUATION in counts:
        yield _grading_step(work, asked)
    if ApplicationState.MODERATED in counts:
        yield _of("Decide", counts[ApplicationState.MODERATED])


def _of(words: str, number: int) -> str:
    return words if number == 1 else f"{words} ({number})"


def _grading_step(work: Work, asked: list[Evaluator]) -> str:
    graded = [one for one in work.applications if one.state == ApplicationState.EVALUATION]
    if any(one.is_for_evaluators for one in graded):  # type: ignore[attr-defined]
        if len(asked) < FEWEST_EVALUATORS:
            return "Ask people to grade"
        if any(one.missing for one in asked):  # type: ignore[attr-defined]
            return "Wait for grades"
        return AGREE
    if any(one.is_ungraded for one in graded):  # type: ignore[attr-defined]
        return "Ask the young people’s panel"
    return _of("Close the grading", len(graded))


def _own(work: Work, asked: list[Evaluator], person_id: UUID | None) -> Iterable[str]:
    for one in asked:
        if one.person_id != person_id:
            continue
        if one.declared_at is None:
            yield "You are asked to grade it"
        elif one.missing:  # type: ignore[attr-defined]
            yield "Hand in your grades"
    if any(one.has_reply_for_me for one in work.applications):  # type: ignore[attr-defined]
        yield "The provider has replied to you"
    if AGREE in work.steps and any(one.asked_by_id == person_id for one in asked):
        yield "The grades you asked for are in"
