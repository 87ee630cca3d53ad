"""What the demo region promises: numbers, distances, and that nothing bad befalls a real school."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from dps.actors import Role
from dps.demo import costs, establishments, people, real_schools, texts
from dps.demo.establishments import DemoInspection, Part
from dps.grid import GridPoint, Postcode, place
from qualification.core_costs import Driver
from qualification.discounts import DiscountKind, Step, checked
from qualification.scoring import SHIPPED_RULES, InspectionResult, Scale, passes
from qualification.shipped_costs import HEADS

TODAY = date(2026, 11, 23)
EXTRACT = Path(__file__).parents[2] / "providers" / "data" / "gias-extract.csv"
HOMES = {
    "Horsham": "RH12",
    "Crawley": "RH10",
    "Brighton": "BN1",
    "Guildford": "GU1",
    "Maidstone": "ME14",
    "Chelmsford": "CM1",
    "Eastbourne": "BN21",
}
AREAS_OF_THE_REGION = frozenset(
    ("BN", "CM", "CO", "CR", "CT", "DA", "GU", "IG", "KT", "ME", "PO", "RH", "SM", "SS", "TN", "TW")
)
INVENTED = establishments.establishments()


def register() -> dict[str, dict[str, str]]:
    with EXTRACT.open(encoding="windows-1252", newline="") as lines:
        return {row["URN"]: row for row in csv.DictReader(lines)}


def point_of(postcode: str) -> GridPoint:
    return place(postcode).point


def qualified_in(category: str) -> list[tuple[str, GridPoint]]:
    """Name and point of all that stay qualified in a category, the real ones among them."""
    schools = register()
    real = [
        (schools[urn]["EstablishmentName"], point_of(schools[urn]["Postcode"]))
        for urn in real_schools.qualified_real_urns()
        if category in real_schools.categories_of(schools[urn]["Boarders (name)"])
    ]
    return real + [
        (each.name, point_of(each.postcode))
        for each in establishments.in_category(category)
        if each.stays_qualified
    ]


def passes_inspection(inspection: DemoInspection) -> bool:
    inspected_on = TODAY - timedelta(days=inspection.days_ago)
    scale = Scale(inspection.scale)
    result = InspectionResult(scale, inspected_on, inspection.judgements)
    return passes(scale, result, SHIPPED_RULES.values(), TODAY).passed


def test_extract_has_every_school_and_the_registers_own_headings() -> None:
    schools = register()
    assert len(schools) == 170
    assert all(row["EstablishmentName"] and row["LA (code)"] for row in schools.values())
    assert Counter(row["TypeOfEstablishment (name)"] for row in schools.values()) == {
        "Other independent special school": 124,
        "Non-maintained special school": 11,
        "Free schools alternative provision": 17,
        "Academy alternative provision converter": 12,
        "Academy alternative provision sponsor led": 6,
    }


def test_invented_establishments_are_about_sixty_of_about_twenty_five_providers() -> None:
    kinds = Counter(each.kind for each in INVENTED)
    assert kinds == {
        "school": 58,
        "fostering_agency": 3,
        "childrens_home": 3,
        "alternative_provision": 2,
    }
    assert {each.provider for each in INVENTED} == set(establishments.providers())
    assert len(establishments.providers()) == 27


def test_invented_names_are_unique_and_no_real_schools() -> None:
    names = [each.name.casefold() for each in INVENTED]
    assert len(set(names)) == len(names)
    real = {row["EstablishmentName"].casefold() for row in register().values()}
    assert real.isdisjoint(names)
    first_words = {name.removesuffix(" school").removesuffix(" house") for name in names}
    assert not [name for name in real if any(word in name for word in first_words)]


def test_invented_places_lie_where_their_outward_code_says() -> None:
    postcodes = [each.postcode for each in INVENTED]
    postcodes += [provider.postcode for provider in establishments.providers()]
    postcodes += [each.home_postcode for each in texts.referrals()]
    assert len(set(postcodes)) == len(postcodes)
    for postcode in postcodes:
        assert str(Postcode.parse(postcode)) == postcode
        assert re.split(r"[0-9]", postcode)[0] in AREAS_OF_THE_REGION
        assert point_of(postcode)


def test_each_part_is_played_as_often_as_promised() -> None:
    assert Counter(each.part for each in INVENTED) == {
        Part.ORDINARY: 55,
        Part.SUSPENDED: 2,
        Part.REJECTED: 2,
        Part.EXPIRED_INSURANCE: 1,
        Part.INSURANCE_EXPIRING: 2,
        Part.INADEQUATE: 1,
        Part.IN_PROGRESS: 3,
    }


def test_insurance_runs_out_only_where_the_part_says() -> None:
    expired = [each.part for each in INVENTED if each.insurance_days < 0]
    soon = [each.part for each in INVENTED if 0 <= each.insurance_days <= 60]
    assert expired == [Part.EXPIRED_INSURANCE]
    assert soon == [Part.INSURANCE_EXPIRING, Part.INSURANCE_EXPIRING]


def test_only_the_inadequate_one_fails_its_inspection() -> None:
    failing = [each.part for each in INVENTED if not passes_inspection(each.inspection)]
    assert failing == [Part.INADEQUATE]


def test_figures_of_an_establishment_agree_with_each_other() -> None:
    for each in INVENTED:
        assert 0 <= each.low_age < each.high_age <= 25
        assert 0 <= each.vacancies <= each.places
        assert set(each.needs) <= set(establishments.NEEDS)
        assert each.inspection.days_ago > 0
        assert ("sen_residential" in each.categories) <= (each.boarding != "none")


def test_no_real_school_fares_badly() -> None:
    schools = register()
    for each in real_schools.qualified_real_schools():
        assert schools[each.urn]["EstablishmentStatus (name)"] == "Open"
        assert "special school" in schools[each.urn]["TypeOfEstablishment (name)"]
        assert each.inspection.result == "good"
        assert passes_inspection(each.inspection)
        assert each.insurance_days > 60
        assert each.vacancies > 0
        grades = (
            each.workforce_grade,
            each.outcomes_grade,
            each.contract_grade,
            each.young_people_grade,
        )
        assert min(grades) >= 4
        assert not each.is_invented
    assert all(each.is_invented for each in INVENTED)


def test_at_least_eighty_stay_qualified_in_special_education() -> None:
    day, residential = qualified_in("sen_day"), qualified_in("sen_residential")
    assert len({*day, *residential}) == 87


@pytest.mark.parametrize("town", HOMES)
def test_twenty_miles_find_about_a_dozen_day_schools(town: str) -> None:
    home = point_of(f"{HOMES[town]} 9XA")
    found = [name for name, point in qualified_in("sen_day") if home.within(point, 20)]
    assert 10 <= len(found) <= 16


def test_people_are_as_many_as_promised_and_everybody_is_one_person() -> None:
    everybody = people.people()
    assert len(everybody) == 7 * 6 + 4 + 8 * 2
    assert len({person.name for person in everybody}) == len(everybody)
    assert len({person.email for person in everybody}) == len(everybody)
    assert all(re.fullmatch(r"[a-z.-]+@[a-z]+\.example", person.email) for person in everybody)


def test_every_authority_has_its_six_and_the_lead_has_the_central_team() -> None:
    for authority in people.AUTHORITIES:
        mine = [each.role for each in people.authority_people() if each.authority == authority.key]
        assert mine == [
            Role.COMMISSIONER,
            Role.EVALUATOR,
            Role.EVALUATOR,
            Role.APPROVER,
            Role.AUTHORITY_ADMINISTRATOR,
            Role.COMMISSIONER,
        ]
    assert {each.authority for each in people.central_team()} == {"west-sussex"}
    assert {each.role for each in people.central_team()} == {
        Role.CONTRACTS_OFFICER,
        Role.SENIOR_CONTRACTS_OFFICER,
        Role.DPS_MANAGER,
        Role.DATA_ANALYST,
    }


def test_every_referral_is_complete() -> None:
    referrals = texts.referrals()
    assert len(referrals) == 25
    assert len({each.key for each in referrals}) == 25
    assert {each.authority for each in referrals} == {each.key for each in people.AUTHORITIES}
    for each in referrals:
        assert 3 <= len(each.needs) <= 6
        assert 2 <= len(each.features) <= 4
        assert 3 <= len(each.outcomes) <= 5
        assert 1 <= sum(feature.essential for feature in each.features) <= 2
        assert all(each.kind == "must_have" for each in each.features if each.essential)
        assert {each.kind for each in each.features} <= {"must_have", "desirable"}
        assert {each.component for each in each.outcomes} <= set(texts.OUTCOMES_FRAMEWORK)
        marks = [need.marks for need in each.needs]
        marks += [feature.marks for feature in each.features]
        marks += [outcome.marks for outcome in each.outcomes]
        assert all(1 <= mark <= 5 for mark in marks)
        weeks = {"sen_day": range(38, 40), "sen_residential": range(38, 53)}[each.category]
        assert each.weeks in weeks
        assert min(len(each.profile), len(each.strengths), len(each.own_words)) > 30


@pytest.mark.parametrize("referral", texts.referrals(), ids=lambda each: each.key)
def test_three_invented_establishments_could_bid_for_each_referral(
    referral: texts.DemoReferral,
) -> None:
    home = point_of(referral.home_postcode)
    able = [
        each.name
        for each in establishments.in_category(referral.category)
        if each.stays_qualified
        and each.low_age <= referral.age <= each.high_age
        and home.within(point_of(each.postcode), referral.miles)
    ]
    assert len(able) >= 3


def test_bid_statements_are_of_every_quality_and_length() -> None:
    statements = texts.bid_statements()
    assert [each.grade for each in statements] == [5, 5, 4, 4, 4, 3, 2, 1]
    assert all(120 <= len(each.words.split()) <= 250 for each in statements)


def test_there_are_words_for_every_occasion() -> None:
    for criterion in texts.CRITERIA:
        grades = [each.grade for each in texts.qualification_statements(criterion)]
        assert grades == [5, 4, 3]
    occasions = (
        "award",
        "no_choice_offered",
        "qualified",
        "rejected",
        "suspended",
        "reinstated",
        "withdrawn",
    )
    assert all(texts.decision_reasons(occasion) for occasion in occasions)
    assert all(texts.evaluator_notes(grade) for grade in range(6))
    assert all("child" not in texts.statement_note(grade) for grade in range(6))
    assert len(texts.decision_reasons("rejected")) == len(texts.decision_reasons("suspended")) == 2
    assert {each.reason for each in texts.decline_reasons()} == {
        "capacity",
        "needs",
        "age",
        "distance",
        "start_date",
        "other",
    }
    assert texts.clarifications("referral")
    assert texts.clarifications("process")
    assert texts.family_words()
    assert texts.consensus_notes()


@pytest.mark.parametrize("places", [4, 20, 50, 80, 400])
def test_core_costs_stay_within_what_such_places_cost(places: int) -> None:
    for number in range(200):
        seed = f"school-{number}"
        day = costs.core_lines(seed=seed, setting=costs.Setting.DAY, places=places)
        assert [line.head for line in day] == [head for head, _, _ in costs.SEN_HEADS]
        assert 45_000_00 <= costs.annual_pence(day, weeks=38) <= 95_000_00
        for setting in (costs.Setting.RESIDENTIAL_TERMS, costs.Setting.RESIDENTIAL_ALL_YEAR):
            lines = costs.core_lines(seed=seed, setting=setting, places=places)
            for weeks in (38, 52):
                assert 110_000_00 <= costs.annual_pence(lines, weeks=weeks) <= 280_000_00


SCHEDULES = {
    costs.Setting.DAY: "sen-day",
    costs.Setting.RESIDENTIAL_TERMS: "sen-residential",
    costs.Setting.RESIDENTIAL_ALL_YEAR: "sen-residential",
    costs.Setting.FOSTER_CARE: "foster-care",
    costs.Setting.RESIDENTIAL_CARE: "residential-care",
    costs.Setting.ALTERNATIVE_EDUCATION: "alternative-education",
}


@pytest.mark.parametrize("setting", costs.Setting)
def test_core_costs_fill_the_schedule_of_their_category(setting: costs.Setting) -> None:
    heads = HEADS[SCHEDULES[setting]]

    lines = costs.core_lines(seed="any", setting=setting, places=40)

    filled = [line.head for line in lines]
    assert set(filled) <= {head.code for head in heads}
    assert {head.code for head in heads if not head.is_optional} <= set(filled)
    assert len({head.stay for head in heads if head.stay and head.code in filled}) <= 1
    assert {line.driver for line in lines} <= {"", *Driver}


def test_some_establishments_name_another_driver_and_most_offer_discounts() -> None:
    seeds = [str(number) for number in range(40)]
    lines = [
        line
        for seed in seeds
        for line in costs.core_lines(seed=seed, setting=costs.Setting.DAY, places=40)
    ]
    offered = [costs.discounts(seed=seed) for seed in seeds]

    assert {"", "energy", "food"} <= {line.driver for line in lines}
    assert {len(each) for each in offered} == {0, 4}
    for each in offered:
        steps = [Step(DiscountKind(one.kind), one.from_children, one.percent) for one in each]
        assert len(checked(steps)) == len(each)


def test_a_bid_may_lower_core_costs_and_never_raises_them() -> None:
    core = costs.core_lines(seed="a", setting=costs.Setting.DAY, places=40)
    bid = costs.lowered(core, seed="a-bid")
    assert all(after.pence <= before.pence for before, after in zip(core, bid, strict=True))
    assert bid != core


def test_the_same_seed_gives_the_same_prices() -> None:
    def first(seed: str) -> tuple[costs.CostLine, ...]:
        return costs.core_lines(seed=seed, setting=costs.Setting.DAY, places=60)

    assert first("thimblewood") == first("thimblewood")
    assert first("thimblewood") != first("otterlatch")
    assert len(costs.variable_lines(seed="x", count=3)) == 3


def test_what_is_priced_follows_from_category_and_boarding() -> None:
    assert costs.setting_for("sen_day", "weekly") is costs.Setting.DAY
    assert costs.setting_for("sen_residential", "weekly") is costs.Setting.RESIDENTIAL_TERMS
    assert costs.setting_for("sen_residential", "all_year") is costs.Setting.RESIDENTIAL_ALL_YEAR
    assert costs.setting_for("foster_care", "none") is costs.Setting.FOSTER_CARE
