"""
The market, its categories and what they ask, as shipped: loaded as rows with effective dates.

The sample of BC 7.2-7.4 and the default weights of scoring.md; the Board decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dps.regimes import SAVED_DPS_ENDS_BY, RegimeKey


@dataclass(frozen=True, slots=True)
class ShippedMarket:
    code: str
    name: str
    regime: RegimeKey
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class ShippedCategory:
    code: str
    service: str
    name: str
    is_residential: bool = False
    offers_choice: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """Default weights of a referral in whole percentage points; they add up to 100."""

    price: int = 50
    outcomes: int = 15
    needs: int = 8
    features: int = 2
    location: int = 5
    core_competency: int = 20
    incentive: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of evidence that a question wants, and the least sum insured in pence."""

    kind: str
    least_sum_pence: int | None = None


@dataclass(frozen=True, slots=True)
class PassFail:
    """A question that must be answered with yes, or whose facts must pass."""

    code: str
    title: str
    question: str
    guidance: str
    kind: str = "pass_fail"
    stage: int = 2
    evidence: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A method statement; the weights of a category's statements add up to 100."""

    code: str
    title: str
    question: str
    guidance: str
    weight: int
    word_limit: int = 400
    topics: str = ""
    is_graded_by_panel: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One head of a cost schedule."""

    code: str
    title: str
    guidance: str = ""
    is_optional: bool = False


MARKET = ShippedMarket(
    code="south-east-dps",
    name="South East dynamic purchasing system",
    regime=RegimeKey.PCR_2015_DPS,
    starts_on=date(2025, 2, 3),
    ends_on=SAVED_DPS_ENDS_BY,
)
_SEN = "Special educational needs"
CATEGORIES = (
    ShippedCategory("sen-day", _SEN, "SEN day", offers_choice=True),
    ShippedCategory(
        "sen-residential", _SEN, "SEN residential", is_residential=True, offers_choice=True
    ),
    ShippedCategory("foster-care", "Foster care", "Foster care", is_residential=True),
    ShippedCategory(
        "residential-care", "Residential care", "Residential care", is_residential=True
    ),
    ShippedCategory("alternative-education", "Alternative education", "Alternative education"),
)

PASS_FAIL = (
    PassFail(
        "exclusions",
        "Exclusion grounds",
        "Is your organisation, and everybody who runs it, free of the grounds for exclusion?",
        "The grounds are serious offences such as fraud, bribery, trafficking and abuse, tax left"
        " unpaid, insolvency and grave misconduct. Answer yes too if a ground applied once and you"
        " can show that you have put it right.",
        kind="exclusions",
        stage=1,
    ),
    PassFail(
        "insurances",
        "Insurances",
        "Does the establishment hold public liability and employers’ liability insurance of"
        " £10 million each?",
        "The certificates must be valid on the day you send the application.",
        kind="evidence",
        evidence=(
            Wanted("public_liability", 10_000_000_00),
            Wanted("employers_liability", 10_000_000_00),
        ),
    ),
    PassFail(
        "inspection",
        "Inspection result",
        "Does the latest inspection of the establishment pass?",
        "Ofsted’s “requires improvement” or better, or its equivalent on a newer report card or of"
        " another inspectorate. Answer yes if a new establishment has not been inspected yet.",
        kind="inspection",
        stage=1,
    ),
    PassFail(
        "safeguarding",
        "Business continuity, safeguarding and risk",
        "Does the establishment have a safeguarding policy, a plan for disruption and a register"
        " of risks, each reviewed in the last 12 months?",
        "The safeguarding policy names the designated lead, and says how a concern about the head"
        " is reported.",
    ),
    PassFail(
        "data_protection",
        "Data protection",
        "Does the establishment comply with data protection law, and is it registered with the"
        " Information Commissioner?",
        "You will receive details of children. You must be able to show who may read them, how"
        " long you keep them, and what you do if they are lost.",
    ),
)
STATEMENTS = (
    Statement(
        "workforce",
        "Workforce",
        "How do you recruit, train, support and keep the people who work with children?",
        "Say what you do beyond what the inspectorate asks, and what came of it: for example"
        " training, supervision, turnover and the use of agency staff.",
        weight=30,
    ),
    Statement(
        "outcomes",
        "Working to the outcomes framework",
        "How do you set, measure and report what each child is to achieve?",
        "Use the five parts of the framework: well in body and mind, safe and secure, learning and"
        " achieving, confident and independent, belonging and contributing.",
        weight=30,
    ),
    Statement(
        "contract_management",
        "Contract management and performance monitoring",
        "How do you make sure that each placement delivers what was agreed, and how will we know?",
        "Say who is responsible, what is measured and when, and what happens when something"
        " falls short.",
        weight=25,
    ),
    Statement(
        "young_people",
        "The young people’s question",
        "A new young person starts on Monday. What will their first month be like, and how will"
        " they know that you listen to them?",
        "Young people wrote this question and a model answer. They look for: somebody who shows me"
        " round, things I like, time to settle, being asked before decisions, and what changed"
        " because somebody asked.",
        weight=15,
    ),
)
SEN_HEADS = (
    Head("assessment", "Assessment of suitability", "Visits, trial days and reports"),
    Head("premises", "Premises", "Rent, rates, energy, upkeep and insurance of the buildings"),
    Head("vehicles", "Vehicles", "Minibuses, fuel and drivers, but not a child’s daily transport"),
    Head("supplies", "Supplies and services", "Catering, cleaning, office and bought services"),
    Head("education", "Education and classroom", "Books, equipment, examinations and trips"),
    Head("central", "Central and organisational costs", "Head office, finance and leadership"),
    Head("core_staffing", "Core staffing of the establishment", "The people every child needs"),
    Head("staff_related", "Staff related costs", "Recruitment, training and cover"),
    Head("children", "General core costs related to children", "Uniform, meals and activities"),
)
"""The nine heads of the SEN schedule (BC 7.4)."""
SEN_RESIDENTIAL_HEADS = (
    *SEN_HEADS,
    Head(
        "residential_terms",
        "Core offer, weekly and termly residential placements",
        "Leave empty if you do not offer this",
        is_optional=True,
    ),
    Head(
        "residential_all_year",
        "Core offer, 42 to 52 week residential placements",
        "Leave empty if you do not offer this",
        is_optional=True,
    ),
    Head(
        "specific_needs",
        "Services offered for specific needs",
        "Learning support, occupational therapy, physiotherapy. Leave empty if you offer none",
        is_optional=True,
    ),
)
HEADS = {"sen-day": SEN_HEADS, "sen-residential": SEN_RESIDENTIAL_HEADS}
"""By category; the others have no schedule yet."""
