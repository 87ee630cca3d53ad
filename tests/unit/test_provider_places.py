"""Where an establishment is, and the largest square of metres within a limit in miles."""

from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.grid import GridPoint, Placed, Source, outcode_point
from providers.places import place
from providers.queries.directory import farthest_square


def test_the_registers_grid_reference_comes_first():
    assert place("BN11 1AA", 514500, 102700, edition="GIAS 2026-11-02") == Placed(
        GridPoint(514500, 102700), Source.REGISTER, "GIAS 2026-11-02"
    )


@pytest.mark.parametrize("postcode", ["BN11 1AA", "bn111aa", "BN11"])
def test_without_one_the_outward_code_places_it(postcode):
    assert place(postcode, None, None) == Placed(outcode_point("BN11"), Source.OUTWARD_CODE)


@pytest.mark.parametrize("postcode", ["", "ZZ99 9ZZ", "nowhere"])
def test_what_nobody_knows_is_not_placed(postcode):
    assert place(postcode, None, None) is None


@given(st.integers(1, 60), st.integers(-100_000, 100_000), st.integers(-100_000, 100_000))
def test_the_square_in_the_database_is_the_rule_of_distance(miles, east, north):
    origin, there = GridPoint(500_000, 150_000), GridPoint(500_000 + east, 150_000 + north)

    assert (east * east + north * north <= farthest_square(miles)) == origin.within(there, miles)


@pytest.mark.parametrize("miles", [1, 5, 10, 20, 40, 60])
def test_the_square_is_exact_at_its_edge(miles):
    """The largest square that is within, and the next that is not, by the integer rule itself."""

    def rounded(square):
        return (isqrt(square * 6250**2) + 50292) // (2 * 50292)

    edge = farthest_square(miles)

    assert (rounded(edge) <= miles * 100, rounded(edge + 1) <= miles * 100) == (True, False)
