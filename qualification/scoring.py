"""
How an application is scored, and whether an inspection result passes.

Pure arithmetic on whole numbers. The method, with a worked example that is also a test, is in
docs/scoring/qualification.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from dps.hundredths import half_up, show_hundredths
from dps.refusals import NotUnderstood, Refusal

HIGHEST_GRADE = 5
FULL_WEIGHT = 100_00


class CannotBeScored(NotUnderstood):
    message = "These grades cannot be made into a score"


class NoRuleInForce(Refusal):
    message = "No rule says what passes on this inspection scheme on that date"


@dataclass(frozen=True, slots=True)
class Graded:
    """One method statement: its weight in hundredths of a point, and its agreed grade 0-5."""

    key: str
    weight: int
    grade: int


def statement_score(statements: Iterable[Graded]) -> int:
    """
    The core competency score, 0-100 in hundredths: Σ weight x grade ÷ 5, half up, once (BC 7.10).

    :raises CannotBeScored: the weights do not add up to 100, or a grade is not 0 to 5.
    """
    graded = tuple(statements)
    for each in graded:
        if not 0 <= each.grade <= HIGHEST_GRADE:
            raise CannotBeScored("The grade must be a whole number from 0 to 5", field=each.key)
        if each.weight < 0:
            raise CannotBeScored("The weight must not be below 0", field=each.key)
    total = sum(each.weight for each in graded)
    if total != FULL_WEIGHT:
        raise CannotBeScored(f"The weights add up to {show_hundredths(total)}, not 100")
    return half_up(sum(each.weight * each.grade for each in graded), HIGHEST_GRADE)


class Scale(StrEnum):
    """An inspection scheme; results on different ones are never compared with each other."""

    OFSTED_REPORT_CARD = "ofsted_report_card"
    OFSTED_INDEPENDENT_SCHOOL = "ofsted_independent_school"
    OFSTED_OVERALL_GRADE = "ofsted_overall_grade"
    OFSTED_SOCIAL_CARE = "ofsted_social_care"
    OFSTED_SUPPORTED_ACCOMMODATION = "ofsted_supported_accommodation"
    ISI_FRAMEWORK = "isi_framework"
    AUTHORITY_QUALITY_ASSURANCE = "authority_quality_assurance"


@dataclass(frozen=True, slots=True)
class InspectionResult:
    """What an inspection found: area to judgement, in the inspectorate's words, lower case."""

    scale: Scale
    inspected_on: date
    judgements: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One area must be judged one of these; or, if not, another area must hold what excuses it."""

    area: str
    accepted: frozenset[str]
    excused_by: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PassRule:
    """
    What passes on one scale, from a date on (rules.md 4; the Board decides).

    ``others`` are the judgements accepted in every area that no requirement names; None means
    that those areas are not looked at. ``valid_months`` is how long a result counts, if limited.
    """

    scale: Scale
    in_force_from: date
    in_force_until: date | None = None
    requirements: tuple[Requirement, ...] = ()
    others: frozenset[str] | None = None
    valid_months: int | None = None

    def is_in_force(self, on: date) -> bool:
        """Both the first and the last day count."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on <= self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a result passes, and each reason why it does not."""

    failures: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.failures


def passes(scale: Scale, result: InspectionResult, rules: Iterable[PassRule], on: date) -> Verdict:
    """
    Judge a result by the rule in force on a date; the latest rule wins (Q2, BC 7.4).

    :raises NoRuleInForce: no rule for the scale is in force on that date.
    """
    in_force = [rule for rule in rules if rule.scale is scale and rule.is_in_force(on)]
    if not in_force:
        raise NoRuleInForce
    if result.scale is not scale:
        return Verdict(("The result is from another inspection scheme",))
    rule = max(in_force, key=lambda each: each.in_force_from)
    return Verdict((*_date_failures(rule, result, on), *_judgement_failures(rule, result)))


def _date_failures(rule: PassRule, result: InspectionResult, on: date) -> Iterable[str]:
    if result.inspected_on > on:
        yield "The inspection is dated in the future"
    if rule.valid_months and on >= months_after(result.inspected_on, rule.valid_months):
        yield f"The inspection is {rule.valid_months} months old or older"


def _judgement_failures(rule: PassRule, result: InspectionResult) -> Iterable[str]:
    named = {requirement.area for requirement in rule.requirements}
    excuses = {each.excused_by[0] for each in rule.requirements if each.excused_by}
    for requirement in rule.requirements:
        found = result.judgements.get(requirement.area, "not judged")
        if found not in requirement.accepted and not _is_excused(requirement, result):
            yield f"{requirement.area}: {found}"
    for area, found in sorted(result.judgements.items()):
        if rule.others is None or area in named | excuses:
            continue
        if found not in rule.others:
            yield f"{area}: {found}"


def _is_excused(requirement: Requirement, result: InspectionResult) -> bool:
    if requirement.excused_by is None:
        return False
    area, judgement = requirement.excused_by
    return result.judgements.get(area) == judgement


def months_after(day: date, months: int) -> date:
    """The same day so many months later; a day that the month lacks is its last."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))


_MET = frozenset({"met"})
_REPORT_CARD = frozenset({"exceptional", "strong standard", "expected standard", "needs attention"})
_IMPROVEMENT_OR_ABOVE = frozenset({"outstanding", "good", "requires improvement"})

# The rules as shipped: what the Board starts from, loaded as rows with these dates.
SHIPPED_RULES: Mapping[Scale, PassRule] = MappingProxyType(
    {
        rule.scale: rule
        for rule in (
            PassRule(
                Scale.OFSTED_REPORT_CARD,
                date(2025, 11, 10),
                requirements=(Requirement("safeguarding", _MET),),
                others=_REPORT_CARD,
            ),
            PassRule(
                Scale.OFSTED_INDEPENDENT_SCHOOL,
                date(2026, 1, 1),
                requirements=(
                    Requirement("safeguarding", _MET),
                    Requirement("independent school standards", _MET, ("action plan", "accepted")),
                ),
                others=_REPORT_CARD,
            ),
            PassRule(
                Scale.OFSTED_OVERALL_GRADE,
                date(2005, 9, 1),
                requirements=(Requirement("overall effectiveness", _IMPROVEMENT_OR_ABOVE),),
            ),
            PassRule(
                Scale.OFSTED_SOCIAL_CARE,
                date(2017, 4, 1),
                requirements=(
                    Requirement(
                        "overall experiences and progress",
                        _IMPROVEMENT_OR_ABOVE | {"requires improvement to be good"},
                    ),
                ),
            ),
            PassRule(
                Scale.OFSTED_SUPPORTED_ACCOMMODATION,
                date(2023, 4, 28),
                requirements=(
                    Requirement("overall", frozenset({"consistently strong", "inconsistent"})),
                ),
            ),
            PassRule(
                Scale.ISI_FRAMEWORK,
                date(2023, 9, 1),
                requirements=(
                    Requirement("leadership and governance", _MET),
                    Requirement("safeguarding", _MET),
                ),
            ),
            PassRule(
                Scale.AUTHORITY_QUALITY_ASSURANCE,
                date(2025, 8, 1),
                requirements=(
                    Requirement("national standards", _MET),
                    Requirement("single central record", _MET),
                ),
                valid_months=12,
            ),
        )
    }
)
