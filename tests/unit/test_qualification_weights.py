"""Scores of statements with weights in hundredths of a point, against exact fractions (BC 7.10)."""

from fractions import Fraction
from itertools import pairwise
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from qualification.grades import points
from qualification.scoring import FULL_WEIGHT, Graded, statement_score


@st.composite
def graded(draw):
    """One to eight statements whose weights come to 100.00, each with a grade."""
    cuts = draw(st.lists(st.integers(0, FULL_WEIGHT), max_size=7))
    edges = [0, *sorted(cuts), FULL_WEIGHT]
    weights = [after - before for before, after in pairwise(edges)]
    return [
        Graded(str(number), weight, draw(st.integers(0, 5)))
        for number, weight in enumerate(weights)
    ]


def half_up(exact):
    return floor(exact + Fraction(1, 2))


@given(graded())
def test_the_score_is_the_exact_sum_rounded_half_up_once(statements):
    exact = sum(Fraction(each.weight * each.grade, 5) for each in statements)

    assert statement_score(statements) == half_up(exact)


@given(graded(), st.randoms())
def test_the_order_of_the_statements_never_matters(statements, random):
    shuffled = statements[:]
    random.shuffle(shuffled)

    assert statement_score(shuffled) == statement_score(statements)


@given(st.integers(0, FULL_WEIGHT), st.integers(0, 5))
def test_the_points_of_one_statement_are_rounded_half_up(weight, grade):
    assert points(weight=weight, grade=grade) == half_up(Fraction(weight * grade, 5))


@given(graded())
def test_points_shown_beside_each_other_come_within_a_hundredth_each_of_the_score(statements):
    shown = sum(points(weight=each.weight, grade=each.grade) for each in statements)

    assert abs(shown - statement_score(statements)) <= len(statements)
