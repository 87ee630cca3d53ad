"""The rules of what passes an inspection, as the rows say; read once, then judged purely."""

from __future__ import annotations

from datetime import date, timedelta

from qualification.models import InspectionRule
from qualification.scoring import PassRule, Requirement, Scale

DAY = timedelta(days=1)


def inspection_rules() -> tuple[PassRule, ...]:
    """Every rule of every scheme, past, present and to come: one query (rules.md 4)."""
    return tuple(rule_of(row) for row in InspectionRule.objects.order_by("scale", "from_date"))


def rule_of(row: InspectionRule) -> PassRule:
    """The row's last day is the day before its until_date; the rule's own last day counts."""
    return PassRule(
        scale=Scale(row.scale),
        in_force_from=row.from_date,
        in_force_until=row.until_date - DAY if row.until_date else None,
        requirements=tuple(
            Requirement(
                each["area"],
                frozenset(each["accepted"]),
                (each["excused_by"][0], each["excused_by"][1]) if each["excused_by"] else None,
            )
            for each in row.requirements
        ),
        others=None if row.others is None else frozenset(row.others),
        valid_months=row.valid_months,
    )


def rows_on(day: date) -> dict[Scale, InspectionRule]:
    """The row of each scheme in force on a day: one query."""
    begun = InspectionRule.objects.filter(from_date__lte=day).order_by("from_date")
    return {
        Scale(row.scale): row
        for row in begun.select_related("made_by")
        if row.until_date is None or row.until_date > day
    }
