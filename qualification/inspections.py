"""What an inspection on record says, area by area, so that the rules can judge it (Q2, BC 7.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from qualification.schemes import REPORT_CARD_AREAS
from qualification.scoring import InspectionResult, PassRule, Scale, Verdict, passes

MET = "met"


class UnknownScheme(ValueError):
    """No rule says how to read a result of this scheme."""


def result_of(scale: str, result: str, inspected_on: date) -> InspectionResult:
    """Read a recorded result, "good" or "expected standard; safeguarding: not met".

    The first words are the inspector's one judgement, on a report card that of every area. Areas
    that differ follow it, each after a semicolon.

    :raises UnknownScheme: there is no such scheme.
    """
    try:
        scheme = Scale(scale)
    except ValueError:
        raise UnknownScheme(scale) from None
    overall, *differing = (part.strip().lower() for part in result.split(";"))
    judgements = _AREAS[scheme](overall)
    for part in differing:
        area, _, judgement = part.partition(":")
        judgements[area.strip()] = judgement.strip()
    return InspectionResult(scheme, inspected_on, judgements)


def judge(
    scale: str, result: str, inspected_on: date, *, on: date, rules: Iterable[PassRule]
) -> Verdict:
    """Judge a recorded result by the one of these rules in force on a day (BC 7.4).

    The rules are those of `queries.inspection_rules.inspection_rules()`.

    :raises UnknownScheme: there is no such scheme.
    :raises NoRuleInForce: no rule for the scheme is in force on that day.
    """
    found = result_of(scale, result, inspected_on)
    return passes(found.scale, found, rules, on)


def _report_card(result: str) -> dict[str, str]:
    return {"safeguarding": MET} | dict.fromkeys(REPORT_CARD_AREAS, result)


_AREAS: Mapping[Scale, Callable[[str], dict[str, str]]] = {
    Scale.OFSTED_REPORT_CARD: _report_card,
    Scale.OFSTED_INDEPENDENT_SCHOOL: lambda result: (
        {"independent school standards": MET} | _report_card(result)
    ),
    Scale.OFSTED_OVERALL_GRADE: lambda result: {"overall effectiveness": result},
    Scale.OFSTED_SOCIAL_CARE: lambda result: {"overall experiences and progress": result},
    Scale.OFSTED_SUPPORTED_ACCOMMODATION: lambda result: {"overall": result},
    Scale.ISI_FRAMEWORK: lambda result: {"leadership and governance": result, "safeguarding": MET},
    Scale.AUTHORITY_QUALITY_ASSURANCE: lambda result: {
        "national standards": result,
        "single central record": MET,
    },
}
