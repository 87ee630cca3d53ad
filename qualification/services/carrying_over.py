"""What an earlier application for the same had answered and costed goes into the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from qualification.models import Answer, Application, CoreCostLine, Discount
from qualification.queries.applications import contents_of_all
from qualification.queries.rules import heads_of

Ended = Mapping[tuple[UUID, UUID], Application]
"""By establishment and category."""


def copy_costs(before: Ended, applications: Iterable[Application]) -> None:
    """Each cost whose head is still asked, by its code, and the discounts."""
    pairs = _pairs(before, applications)
    if not pairs:
        return
    heads = heads_of({new.rule_set_id for _, new in pairs})
    lines = CoreCostLine.objects.filter(application_id__in={old.id for old, _ in pairs})
    by_application: dict[UUID, list[CoreCostLine]] = {}
    for line in lines.select_related("head"):
        by_application.setdefault(line.application_id, []).append(line)
    CoreCostLine.objects.bulk_create(
        CoreCostLine(
            provider_id=new.provider_id,
            application=new,
            head=head,
            amount_pence=line.amount_pence,
            basis=line.basis,
            driver=line.driver,
        )
        for old, new in pairs
        for line in by_application.get(old.id, ())
        for head in heads[new.rule_set_id]
        if head.code == line.head.code
    )
    _copy_discounts(pairs)


def _copy_discounts(pairs: Sequence[tuple[Application, Application]]) -> None:
    rows = Discount.objects.filter(application_id__in={old.id for old, _ in pairs})
    by_application: dict[UUID, list[Discount]] = {}
    for row in rows:
        by_application.setdefault(row.application_id, []).append(row)
    Discount.objects.bulk_create(
        Discount(
            provider_id=new.provider_id,
            application=new,
            kind=row.kind,
            from_children=row.from_children,
            percent=row.percent,
        )
        for old, new in pairs
        for row in by_application.get(old.id, ())
    )


def copy_answers(before: Ended, applications: Iterable[Application], *, now: datetime) -> None:
    """Each answer whose question is asked again in another joining that has none to it yet.

    Exclusion grounds are declared afresh: what was true then may not be now.
    """
    pairs = [each for each in _pairs(before, applications) if _is_elsewhere(*each)]
    if not pairs:
        return
    joining_id = pairs[0][1].joining_id
    answered = Answer.objects.filter(joining_id=joining_id)
    taken = set(answered.values_list("question_id", flat=True))
    asked = {
        each.criterion.question_id
        for contents in contents_of_all([new for _, new in pairs])
        for each in contents.answered
    }
    for contents in contents_of_all([old for old, _ in pairs]):
        for each in contents.answered:
            question = each.criterion.question
            if each.answer is None or question.kind == question.Kind.EXCLUSIONS:
                continue
            if question.id in taken or question.id not in asked:
                continue
            taken.add(question.id)
            Answer.objects.create(
                provider_id=each.answer.provider_id,
                joining_id=joining_id,
                question=question,
                passes=each.answer.passes,
                text=each.answer.text,
                changed_by_id=each.answer.changed_by_id,
                changed_at=now,
            )


def _pairs(
    before: Ended, applications: Iterable[Application]
) -> list[tuple[Application, Application]]:
    pairs = []
    for new in applications:
        old = before.get((new.establishment_id, new.category_id))
        if old is not None:
            pairs.append((old, new))
    return pairs


def _is_elsewhere(old: Application, new: Application) -> bool:
    return old.joining_id != new.joining_id
