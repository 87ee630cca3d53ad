"""How far the applications of a joining are: the same four queries for one and for a hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from dps.models import Upload
from providers.models import Establishment, Evidence, Inspection
from providers.queries.evidence import GONE
from qualification import stage_one
from qualification.discounts import Step
from qualification.evidence_wanted import HeldEvidence, match
from qualification.exclusions import NONE_APPLY, Verdict
from qualification.kinds import Fit, fit
from qualification.models import Answer, Application, CoreCostLine, CostHead, Discount, Question
from qualification.progress import COSTS, Part, Progress, Section
from qualification.queries.applications import (
    Answered,
    Costed,
    Costs,
    drafted,
    effective,
    sent,
    with_names,
)
from qualification.queries.asked import AskedCriterion, asked_by
from qualification.queries.discounts import in_order
from qualification.queries.gathered import gathered, rows_of
from qualification.queries.joinings import waits_until
from qualification.scoring import Scale
from qualification.stage_one import Finding, Inspected, Register, Said
from qualification.states import ApplicationState

Kind = Question.Kind
SECTIONS = {
    Kind.EXCLUSIONS: Section.EXCLUSIONS,
    Kind.REGISTRATION: Section.REGISTRATION,
    Kind.INSPECTION: Section.INSPECTION,
    Kind.STATEMENT: Section.STATEMENTS,
}


@dataclass(frozen=True)
class Followed:
    """An application with how far it is, and with what it was answered."""

    application: Application
    progress: Progress
    answered: tuple[Answered, ...]


def followed(joining_id: UUID) -> QuerySet[Application]:
    """The applications of a joining with the facts that their progress needs."""
    return with_facts(with_names().select_related("joining", "rule_set")).filter(
        joining_id=joining_id
    )


def with_costs(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each with what `costs_beside` and `discounts_beside` read: no query more."""
    lines = CoreCostLine.objects.filter(application_id=OuterRef("pk"))
    offered = Discount.objects.filter(application_id=OuterRef("pk"))
    return rows.annotate(lines=gathered(lines, "head"), offered=gathered(offered))


def costs_beside(one: Application) -> Costs:
    """The core costs that are given, of an application that `with_costs` has annotated."""
    lines = rows_of(CoreCostLine, one.lines, "head")  # type: ignore[attr-defined]
    return Costs(one, tuple(Costed(line.head, line) for line in lines))


def discounts_beside(one: Application) -> tuple[Step, ...]:
    return in_order(rows_of(Discount, one.offered))  # type: ignore[attr-defined]


def with_facts(rows: QuerySet[Application]) -> QuerySet[Application]:
    lines = CoreCostLine.objects.filter(application_id=OuterRef("pk"))
    of_head = CoreCostLine.objects.filter(
        application_id=OuterRef(OuterRef("pk")), head_id=OuterRef("pk")
    )
    others = Application.objects.filter(joining_id=OuterRef("joining_id")).exclude(
        establishment_id=OuterRef("establishment_id")
    )
    removed = Q(state=ApplicationState.WITHDRAWN, submitted_at__isnull=True)
    heads = CostHead.objects.filter(rule_set_id=OuterRef("rule_set_id"), is_optional=False)
    return rows.annotate(
        has_others=Exists(others.exclude(removed)),
        has_costs=Exists(lines.filter(amount_pence__gt=0)),
        asks_a_stay=Exists(
            CostHead.objects.filter(rule_set_id=OuterRef("rule_set_id")).exclude(stay="")
        ),
        has_a_stay=Exists(lines.exclude(head__stay="")),
        lacks_a_cost=Exists(heads.filter(~Exists(of_head))),
        inspected=_latest(Inspection.objects.exclude(scale=Scale.AUTHORITY_QUALITY_ASSURANCE)),
        reply_by=waits_until(application_id=OuterRef("pk")),
        visited=_latest(Inspection.objects.filter(scale=Scale.AUTHORITY_QUALITY_ASSURANCE)),
    )


def _latest(inspections: QuerySet[Inspection]) -> Subquery:
    of_it = inspections.filter(establishment_id=OuterRef("establishment_id"))
    row = JSONObject(
        inspector="inspector", scale="scale", result="result", inspected_on="inspected_on"
    )
    return Subquery(of_it.order_by("-inspected_on", "-id").values(row=row)[:1])


def progress_of_all(applications: Iterable[Application], on: date) -> list[Followed]:
    """Of each, in the order given; they must come from `followed` or `with_facts`."""
    rows = list(applications)
    asked = asked_by({each.rule_set_id for each in rows})
    answers = drafted({each.joining_id for each in rows})
    frozen = sent(
        {each.id for each in rows if each.submitted_at}
        | {each.before_id for each in rows if each.before_id}
    )
    held = held_by(
        {each.provider_id for each in rows}, {each.establishment_id for each in rows}, on
    )
    found = []
    for one in rows:
        parts, answered = [], []
        for each in asked[one.rule_set_id]:
            is_kept = one.to_put_right is not None and each.criterion.code not in one.to_put_right
            answer = _answer(one, each, answers, frozen, is_kept=is_kept)
            row = Answered(each.criterion, answer, is_kept=is_kept)
            is_old = not is_kept and _is_the_one_that_failed(one, answer, frozen)
            answered.append(row)
            part = _part(one, each, row, held[one.provider_id], on)
            parts.append(replace(part, is_complete=False) if is_old else part)
        progress = Progress(
            application_id=one.id,
            parts=tuple(parts),
            costs_are_complete=_costs_are_complete(one),
            costs_are_kept=one.to_put_right is not None and COSTS not in one.to_put_right,
        )
        found.append(Followed(one, progress, tuple(answered)))
    return found


def _costs_are_complete(one: Any) -> bool:
    """All that is asked, and of the residential schedules one at least."""
    has_a_stay = one.has_a_stay or not one.asks_a_stay
    return bool(one.has_costs and not one.lacks_a_cost and has_a_stay)


def _answer(
    one: Application,
    asked: AskedCriterion,
    answers: Any,
    frozen: Mapping[UUID, Mapping[UUID, Answer]],
    *,
    is_kept: bool,
) -> Answer | None:
    question_id = asked.criterion.question_id
    if one.submitted_at is not None:
        return frozen.get(one.id, {}).get(question_id)
    if is_kept and one.before_id:
        return frozen.get(one.before_id, {}).get(question_id)
    return effective(answers, one, asked.criterion)


def _is_the_one_that_failed(
    one: Application, answer: Answer | None, frozen: Mapping[UUID, Mapping[UUID, Answer]]
) -> bool:
    """Whether what has to be put right is still as it was sent."""
    if one.submitted_at or one.to_put_right is None or one.before_id is None or answer is None:
        return False
    was = frozen.get(one.before_id, {}).get(answer.question_id)
    return was is not None and was.id == answer.id


def _part(
    one: Application,
    asked: AskedCriterion,
    row: Answered,
    held: Collection[HeldEvidence],
    on: date,
) -> Part:
    question = asked.criterion.question
    kind = Kind(question.kind)
    in_stage_one = Section.REGISTRATION if question.stage == 1 else Section.QUESTIONS
    return Part(
        question_id=question.id,
        code=question.code,
        title=question.title,
        section=SECTIONS.get(kind, in_stage_one),
        stage=question.stage,
        is_begun=row.is_begun,
        is_complete=row.is_complete,
        differs=not row.is_common,
        is_kept=row.is_kept,
        fails=row.passes is False and not row.is_shown_only,
        finding=_finding(one, asked, row, on) if question.stage == 1 else None,
        matches=tuple(match(each, held, one.establishment_id, on) for each in asked.evidence),
    )


def _finding(one: Application, asked: AskedCriterion, row: Answered, on: date) -> Finding:
    question = asked.criterion.question
    # An answer common to a joining of one establishment is that establishment's own.
    said = Said(row.passes, row.text, is_own=not (row.is_common and one.has_others))  # type: ignore[attr-defined]
    match question.kind:
        case Kind.EXCLUSIONS:
            return stage_one.of_exclusions(declared(row))
        case Kind.REGISTRATION:
            return stage_one.of_registration(said, _register(one.establishment, question))
        case Kind.INSPECTION:
            return stage_one.of_inspection(
                said, latest_for(one, question.code), rules=asked.inspection_rules, on=on
            )
    return stage_one.of_question(said)


def _register(place: Establishment, asked: Question) -> Register:
    return Register(place.is_open, place.urn or "", lists_its_kind(place, asked))


def lists_its_kind(place: Establishment, asked: Question) -> bool:
    """Whether the register that a question asks about has establishments of such a kind."""
    return fit(place.kind, asked.code) is Fit.FITS


def declared(row: Answered) -> Verdict | None:
    if row.passes is None:
        return None
    if not row.passes:
        return Verdict.FAILS
    return Verdict.CLEAR if row.text == NONE_APPLY else Verdict.LOOK_AT


def latest_for(one: Application, question_code: str) -> Inspected | None:
    """The latest result that answers a question: of an inspector, or of a council's visit."""
    is_visit = question_code == stage_one.ASK_A_COUNCIL
    row = one.visited if is_visit else one.inspected  # type: ignore[attr-defined]
    if row is None:
        return None
    return Inspected(
        row["inspector"], row["scale"], row["result"], date.fromisoformat(row["inspected_on"])
    )


def held_by(
    provider_ids: Collection[UUID], establishment_ids: Collection[UUID], on: date
) -> dict[UUID, list[HeldEvidence]]:
    """What each provider holds for all or for one of these establishments: one query."""
    rows = Evidence.objects.filter(provider_id__in=provider_ids, issued_on__lte=on).exclude(GONE)
    found: dict[UUID, list[HeldEvidence]] = defaultdict(list)
    for row in rows.select_related("upload"):
        if row.establishment_id is None or row.establishment_id in establishment_ids:
            found[row.provider_id].append(
                HeldEvidence(
                    row.id,
                    row.kind,
                    row.establishment_id,
                    row.sum_insured_pence,
                    row.expires_on,
                    is_refused=row.file_state == Upload.State.REFUSED,
                )
            )
    return found
