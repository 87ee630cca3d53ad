import csv
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dps.grid import (
    CannotBePlaced,
    GridPoint,
    NotAPostcode,
    Placed,
    Postcode,
    Source,
    band,
    outcode_of,
    outcode_point,
    place,
    reach,
)

OUTCODES = Path(__file__).parents[2] / "providers" / "data" / "outcodes.csv"

points = st.builds(GridPoint, st.integers(0, 700_000), st.integers(-100_000, 1_300_000))


def by_decimals(here: GridPoint, there: GridPoint) -> int:
    """The distance by another way: fifty decimal digits, rounded at the end."""
    with localcontext() as context:
        context.prec = 50
        square = (here.easting - there.easting) ** 2 + (here.northing - there.northing) ** 2
        miles = Decimal(square).sqrt() / Decimal("1609.344")
        return int((miles * 100).quantize(Decimal(1), ROUND_HALF_UP))


def test_worked_example_of_the_distance_guide():
    home, school = GridPoint(514000, 103000), GridPoint(530000, 115000)

    distance = home.hundredths_of_a_mile_to(school)

    assert (distance, band(distance)) == (1243, "10 to 20 miles")


@given(points, points)
def test_distance_is_exact_and_the_same_both_ways(here, there):
    assert here.hundredths_of_a_mile_to(there) == by_decimals(here, there)
    assert there.hundredths_of_a_mile_to(here) == by_decimals(here, there)


def test_exactly_half_a_hundredth_goes_up():
    # 201168 m is exactly 125 miles, so 25146 m (an eighth) is 15.625 miles.
    assert GridPoint(0, 0).hundredths_of_a_mile_to(GridPoint(25146, 0)) == 1563


@given(points, points, points)
def test_no_way_round_is_shorter_than_the_straight_line(a, b, c):
    by_way = a.hundredths_of_a_mile_to(b) + b.hundredths_of_a_mile_to(c)

    assert a.hundredths_of_a_mile_to(c) <= by_way + 1


def test_a_limit_holds_what_rounds_to_it():
    home = GridPoint(0, 0)
    # 20 miles are 32186.88 m, and 20.005 miles 32194.93 m.
    assert home.within(GridPoint(32194, 0), 20)
    assert not home.within(GridPoint(32195, 0), 20)


@given(points, points, st.integers(1, 500))
def test_preselection_loses_nothing_inside_the_limit(here, there, miles):
    assume(here.within(there, miles))

    square = (here.easting - there.easting) ** 2 + (here.northing - there.northing) ** 2
    assert square <= reach(miles) ** 2


def test_reach_is_little_more_than_the_limit():
    assert reach(20) == 32195


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0, "0 to 10 miles"),
        (999, "0 to 10 miles"),
        (1000, "10 to 20 miles"),
        (4999, "40 to 50 miles"),
        (5000, "50 to 60 miles"),
    ],
)
def test_band_shows_ten_miles(distance, words):
    assert band(distance) == words


@pytest.mark.parametrize(
    "text", ["BN11 1AA", "bn111aa", " bn11  1aa ", "BN1 11AA", "bn11\xa01AA", "BN11\t1aa"]
)
def test_a_postcode_is_read_in_any_case_and_spacing(text):
    assert str(Postcode.parse(text)) == "BN11 1AA"


@pytest.mark.parametrize(
    ("text", "outward"),
    [
        ("M1 1AE", "M1"),
        ("B33 8TH", "B33"),
        ("CR2 6XH", "CR2"),
        ("DN55 1PT", "DN55"),
        ("W1A 1HQ", "W1A"),
        ("EC1A 1BB", "EC1A"),
        ("GIR 0AA", "GIR"),
    ],
)
def test_every_form_of_postcode_has_its_outward_code(text, outward):
    assert (Postcode.parse(text).outward, outcode_of(text)) == (outward, outward)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BN11",
        "BN11 1A",
        "BN11 1AAA",
        "1BN 1AA",
        "QN11 1AA",
        "BI1 1AA",
        "BN11 1CA",
        "BN111 1AA",
        "BN11-1AA",
        "\uff22\uff2e11 1AA",
        "bn11 1\u0131a",
        "G\u0131R 0AA",
        "BN11 \u0661AA",
        "BN11 1AA\x00",
    ],
)
def test_what_is_no_postcode_is_refused(text):
    with pytest.raises(NotAPostcode):
        Postcode.parse(text)


@given(st.text(max_size=12))
def test_no_text_at_all_breaks_the_reader(text):
    assert outcode_of(text) is None or outcode_of(text).isascii()


@pytest.mark.parametrize("text", ["", "nonsense", "BN11 1", "W1AA"])
def test_what_holds_no_outward_code_has_none(text):
    assert outcode_of(text) is None


def test_every_shipped_outward_code_is_found_by_a_postcode_in_it():
    with OUTCODES.open(encoding="ascii", newline="") as lines:
        shipped = {row["outcode"]: row for row in csv.DictReader(lines)}

    found = {outcode_of(f"{outcode.lower()} 1aa") for outcode in shipped}

    assert (len(shipped), found) == (2848, set(shipped))


def test_an_outward_code_has_its_centre():
    assert outcode_point("BN11") == GridPoint(514400, 102800)
    assert outcode_point("ZZ99") is None


def test_the_best_known_place_wins():
    register = Placed(GridPoint(1, 2), Source.REGISTER, "2017-07-31")
    table = Placed(GridPoint(3, 4), Source.POSTCODE_TABLE, "2026-05")
    outward = Placed(GridPoint(514400, 102800), Source.OUTWARD_CODE)

    assert place("BN11 1AA", register=register, table=table) == register
    assert place("BN11 1AA", table=table) == table
    assert place("BN11 1AA") == place("bn11") == outward


@pytest.mark.parametrize("text", ["", "GIR 0AA", "not a postcode"])
def test_what_cannot_be_placed_is_refused(text):
    with pytest.raises(CannotBePlaced):
        place(text)
