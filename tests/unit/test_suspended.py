"""What a suspended establishment is asked again, and when its suspension is lifted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.suspended import Asked, asked_again, is_put_right

INSURANCES = ("public_liability", "employers_liability")
QUESTIONS = (
    Asked("exclusions", "exclusions"),
    Asked("registration", "registration", frozenset({"registration"})),
    Asked("inspection", "inspection"),
    Asked("insurances", "evidence", frozenset(INSURANCES)),
    Asked("law", "pass_fail"),
    Asked("social_value", "shown"),
    Asked("workforce", "statement"),
)


@pytest.mark.parametrize(
    ("cause", "failed", "asked"),
    [
        ("insurance", (), ("insurances",)),
        ("inspection", (), ("inspection",)),
        ("registration", (), ("registration",)),
        ("other", ("law", "costs"), ("costs", "law")),
        ("insurance", ("law",), ("law",)),
        ("other", (), ("exclusions", "inspection", "insurances", "law", "registration")),
        ("other", ("workforce", "social_value"), ()),
    ],
)
def test_only_what_failed_is_asked(cause, failed, asked):
    assert asked_again(cause, failed, QUESTIONS, INSURANCES) == asked


@given(
    st.sampled_from(["insurance", "inspection", "registration", "other"]),
    st.lists(st.sampled_from([*(each.code for each in QUESTIONS), "costs", "unknown"])),
)
def test_a_statement_is_never_asked_again(cause, failed):
    asked = set(asked_again(cause, failed, QUESTIONS, INSURANCES))

    assert not asked & {"workforce", "social_value", "unknown"}
    assert not failed or asked <= set(failed)


@pytest.mark.parametrize(
    ("concerned", "succeeded", "is_right"),
    [
        ({"day"}, {"day"}, True),
        ({"day", "residential"}, {"day"}, False),
        ({"day"}, {"day", "residential"}, True),
        (set(), {"day"}, False),
        ({"day"}, set(), False),
    ],
)
def test_it_is_put_right_once_each_category_has_succeeded(concerned, succeeded, is_right):
    assert is_put_right(concerned, succeeded) is is_right
