"""
What each category asks as shipped: its questions in order, weights, evidence and sums insured.

Sums are reasonable but sufficient, so that they deter nobody (BC 7.4); the Board decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qualification import shipped_questions as asked
from qualification.shipped_questions import PassFail, Statement, Wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a category: what it weighs, in hundredths of a point, and its evidence."""

    question: PassFail | Statement
    weight: int = 0
    evidence: tuple[Wanted, ...] = ()


MILLION_POUNDS = 1_000_000_00
ACCOUNTS = (Wanted("accounts"), Wanted("accounts_before", is_optional=True))
POLICIES = (Wanted("health_and_safety"), Wanted("equalities"))
SAFETY = (Wanted("safeguarding"), Wanted("business_continuity"))
REGISTERED = (Wanted("data_protection"),)
CERTIFICATE = (Wanted("registration", is_optional=True),)


def _insured(
    liability: int, indemnity: int | None = None, *, must_be_indemnified: bool = False
) -> tuple[Wanted, ...]:
    """Public and employers' liability in millions; indemnity; motor for those who drive."""
    wanted = [
        Wanted("public_liability", liability * MILLION_POUNDS),
        Wanted("employers_liability", liability * MILLION_POUNDS),
    ]
    if indemnity:
        least = indemnity * MILLION_POUNDS
        wanted.append(Wanted("professional_indemnity", least, is_optional=not must_be_indemnified))
    return (*wanted, Wanted("motor", is_optional=True))


def _common(*insurances: Wanted) -> tuple[Asked, ...]:
    """What stage 2 asks of every category before its method statements."""
    return (
        Asked(asked.FINANCIAL_STANDING, evidence=ACCOUNTS),
        Asked(asked.INSURANCES, evidence=insurances),
        Asked(asked.LAW, evidence=POLICIES),
        Asked(asked.SAFEGUARDING, evidence=SAFETY),
        Asked(asked.DATA_PROTECTION, evidence=REGISTERED),
        Asked(asked.SOCIAL_VALUE),
    )


def _weighed(*statements: tuple[Statement, int]) -> tuple[Asked, ...]:
    """Statements with their weights in whole points."""
    return tuple(Asked(statement, weight * 100) for statement, weight in statements)


_SCHOOL_STATEMENTS = _weighed(
    (asked.WORKFORCE, 30),
    (asked.OUTCOMES, 30),
    (asked.CONTRACT_MANAGEMENT, 25),
    (asked.YOUNG_PEOPLE, 15),
)
SEN_DAY = (
    Asked(asked.EXCLUSIONS),
    Asked(asked.SCHOOL_REGISTRATION, evidence=CERTIFICATE),
    Asked(asked.INSPECTION),
    *_common(*_insured(10, 2)),
    *_SCHOOL_STATEMENTS,
)
SEN_RESIDENTIAL = (
    Asked(asked.EXCLUSIONS),
    Asked(asked.SCHOOL_REGISTRATION, evidence=CERTIFICATE),
    Asked(asked.INSPECTION),
    *_common(*_insured(10, 5)),
    *_SCHOOL_STATEMENTS,
)
FOSTER_CARE = (
    Asked(asked.EXCLUSIONS),
    Asked(asked.OFSTED_REGISTRATION, evidence=CERTIFICATE),
    Asked(asked.INSPECTION),
    *_common(*_insured(10, 5, must_be_indemnified=True)),
    *_weighed(
        (asked.CARERS, 35),
        (asked.OUTCOMES, 25),
        (asked.CONTRACT_MANAGEMENT, 20),
        (asked.YOUNG_PEOPLE_AT_HOME, 20),
    ),
)
RESIDENTIAL_CARE = (
    Asked(asked.EXCLUSIONS),
    Asked(asked.OFSTED_REGISTRATION, evidence=CERTIFICATE),
    Asked(asked.INSPECTION),
    *_common(*_insured(10, 5, must_be_indemnified=True)),
    *_weighed(
        (asked.WORKFORCE, 30),
        (asked.OUTCOMES, 25),
        (asked.CONTRACT_MANAGEMENT, 25),
        (asked.YOUNG_PEOPLE_AT_HOME, 20),
    ),
)
ALTERNATIVE_EDUCATION = (
    Asked(asked.EXCLUSIONS),
    Asked(asked.SETTING_REGISTRATION),
    Asked(asked.QUALITY_ASSURANCE),
    Asked(asked.STAFF_CHECKS),
    *_common(*_insured(5)),
    *_weighed(
        (asked.WORKFORCE, 25),
        (asked.RETURN_TO_LEARNING, 35),
        (asked.CONTRACT_MANAGEMENT, 20),
        (asked.YOUNG_PEOPLE, 20),
    ),
)
"""No inspectorate: a council's own check stands in for it (Q4, rules.md 4, BC 7.3)."""

ASKED: Mapping[str, tuple[Asked, ...]] = MappingProxyType(
    {
        "sen-day": SEN_DAY,
        "sen-residential": SEN_RESIDENTIAL,
        "foster-care": FOSTER_CARE,
        "residential-care": RESIDENTIAL_CARE,
        "alternative-education": ALTERNATIVE_EDUCATION,
    }
)
"""By category, in the order in which they are asked."""
