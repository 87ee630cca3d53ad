"""
The inspection schemes: who inspects, which areas are judged, and in which words.

Each scheme speaks a language of its own: a rule of one can name only that scheme's own words, so
that an old single-word grade can never stand beside a report card (rules.md 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dps.refusals import NotUnderstood
from qualification.scoring import PassRule, Scale


class NotOfThisScheme(NotUnderstood):
    message = "This scheme has no such area or judgement"


@dataclass(frozen=True, slots=True)
class Area:
    """What a rule can name: its judgements, best first, and what may excuse the rest."""

    name: str
    judgements: tuple[str, ...]
    excuse: tuple[str, str] | None = None
    excuse_words: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One language of inspection; ``others`` are the judgements of its areas without a name."""

    scale: Scale
    name: str
    inspects: str
    areas: tuple[Area, ...]
    others: tuple[str, ...] = ()
    other_areas: tuple[str, ...] = field(default=())


MET = ("met", "not met")
REPORT_CARD = (
    "exceptional",
    "strong standard",
    "expected standard",
    "needs attention",
    "urgent improvement",
)
REPORT_CARD_AREAS = (
    "inclusion",
    "curriculum and teaching",
    "achievement",
    "attendance and behaviour",
    "personal development and well-being",
    "leadership and governance",
)
FOUR_GRADES = ("outstanding", "good", "requires improvement", "inadequate")
SOCIAL_CARE_GRADES = (
    "outstanding",
    "good",
    "requires improvement to be good",
    "requires improvement",
    "inadequate",
)
SUPPORTED = ("consistently strong", "inconsistent", "serious or widespread weaknesses")

SCHEMES: Mapping[Scale, Scheme] = MappingProxyType(
    {
        scheme.scale: scheme
        for scheme in (
            Scheme(
                Scale.OFSTED_REPORT_CARD,
                "Ofsted report card",
                "Schools and colleges paid for by the state, since 10 November 2025",
                (Area("safeguarding", MET),),
                REPORT_CARD,
                REPORT_CARD_AREAS,
            ),
            Scheme(
                Scale.OFSTED_INDEPENDENT_SCHOOL,
                "Ofsted report card for independent schools",
                "Most independent special schools, since January 2026",
                (
                    Area("safeguarding", MET),
                    Area(
                        "independent school standards",
                        MET,
                        ("action plan", "accepted"),
                        "An action plan that the Department for Education has accepted will do",
                    ),
                ),
                REPORT_CARD,
                REPORT_CARD_AREAS,
            ),
            Scheme(
                Scale.OFSTED_OVERALL_GRADE,
                "Ofsted single-word grade",
                "Any school that has not been inspected since the report cards came",
                (Area("overall effectiveness", FOUR_GRADES),),
            ),
            Scheme(
                Scale.OFSTED_SOCIAL_CARE,
                "Ofsted social care inspection",
                "Children’s homes, fostering agencies and residential special schools",
                (Area("overall experiences and progress", SOCIAL_CARE_GRADES),),
            ),
            Scheme(
                Scale.OFSTED_SUPPORTED_ACCOMMODATION,
                "Ofsted supported accommodation inspection",
                "Supported accommodation for people of 16 and 17",
                (Area("overall", SUPPORTED),),
            ),
            Scheme(
                Scale.ISI_FRAMEWORK,
                "Independent Schools Inspectorate",
                "Independent schools that belong to an association",
                (Area("leadership and governance", MET), Area("safeguarding", MET)),
                MET,
                ("quality of education", "pupils’ physical and mental health"),
            ),
            Scheme(
                Scale.AUTHORITY_QUALITY_ASSURANCE,
                "A council’s quality check",
                "Settings that are not schools, which no inspectorate visits",
                (Area("national standards", MET), Area("single central record", MET)),
            ),
        )
    }
)


def refuse_unless_spoken(rule: PassRule) -> None:
    """
    Let a rule pass that names only its own scheme's areas and judgements, and asks something.

    :raises NotOfThisScheme: it names another's, or nothing at all passes or fails by it.
    """
    scheme = SCHEMES[rule.scale]
    areas = {area.name: area for area in scheme.areas}
    for wanted in rule.requirements:
        area = areas.get(wanted.area)
        if area is None:
            raise NotOfThisScheme(f"{scheme.name} does not judge “{wanted.area}” by itself")
        for judgement in sorted(wanted.accepted - set(area.judgements)):
            raise NotOfThisScheme(f"{scheme.name} has no judgement “{judgement}”")
        if not wanted.accepted:
            raise NotOfThisScheme(f"Select what passes for {wanted.area}")
        if wanted.excused_by not in (None, area.excuse):
            raise NotOfThisScheme(f"{scheme.name} knows no such excuse")
    for judgement in sorted((rule.others or frozenset()) - set(scheme.others)):
        raise NotOfThisScheme(f"{scheme.name} has no judgement “{judgement}”")
    if not rule.requirements and rule.others is None:
        raise NotOfThisScheme("Select at least one judgement that passes")


def in_words(rule: PassRule) -> Iterator[str]:
    """What has to be so for a result to pass, each as a sentence."""
    scheme = SCHEMES[rule.scale]
    areas = {area.name: area for area in scheme.areas}
    for wanted in rule.requirements:
        area = areas[wanted.area]
        passing = [each for each in area.judgements if each in wanted.accepted]
        said = f"{wanted.area[:1].upper()}{wanted.area[1:]} is {_either(passing)}."
        if wanted.excused_by:
            said += f" {area.excuse_words}."
        yield said
    if rule.others is not None:
        passing = [each for each in scheme.others if each in rule.others]
        yield f"Every other area is {_either(passing)}." if passing else "No other area is judged."
    if rule.valid_months:
        yield f"The result is less than {rule.valid_months} months old."


def _either(words: list[str]) -> str:
    quoted = [f"“{each}”" for each in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
