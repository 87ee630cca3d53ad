import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.hundredths import NotANumber, half_up, hundredths, show_hundredths
from dps.money import (
    MOST_PENCE,
    AmountOutOfRange,
    Basis,
    NotAnAmount,
    annual,
    in_pounds,
    pounds,
    show,
    typed_pounds,
)

pence = st.integers(0, MOST_PENCE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", 0), ("12", 1200), ("12.5", 1250), ("12.05", 1205), ("007.10", 710)],
)
def test_hundredths_reads_up_to_two_decimals(text, expected):
    assert hundredths(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        ".5",
        "5.",
        "1.234",
        "+1",
        "-1",
        "1e3",
        "NaN",
        "inf",
        " 1",
        "1 ",
        "1\n",
        "1,5",
        "1_000",
        "٣",
        "\uff11",
        "½",
        "0x1",
        "1.2.3",
        "1\x00",
    ],
)
def test_hundredths_refuses_everything_else(text):
    with pytest.raises(NotANumber):
        hundredths(text)


def test_hundredths_reads_a_number_of_any_length():
    assert hundredths("9" * 5000) == (10**5000 - 1) * 100


@given(st.integers(0, 10**12))
def test_hundredths_comes_back_as_it_was_shown(number):
    assert hundredths(show_hundredths(number)) == number


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(0, 3, 0), (1, 3, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (2, 3, 1), (49, 100, 0), (150, 100, 2)],
)
def test_exactly_half_goes_up(numerator, denominator, expected):
    assert half_up(numerator, denominator) == expected


@given(pence)
def test_pounds_come_back_as_they_were_shown(amount):
    assert pounds(in_pounds(amount)) == typed_pounds(show(amount)) == amount
    assert typed_pounds(show(amount, whole=True)) == amount


@pytest.mark.parametrize("text", ["£1", "1,000", "", "ten", "1.005", "-1"])
def test_pounds_is_strict(text):
    with pytest.raises(NotAnAmount) as refusal:
        pounds(text)

    assert str(refusal.value) == "Enter an amount in pounds and pence, like 1234.50"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("£1,234.50", 123450), (" 1234.5 ", 123450), ("£ 12", 1200), ("1,234,567", 123456700)],
)
def test_typed_pounds_takes_what_people_type(text, expected):
    assert typed_pounds(text) == expected


@pytest.mark.parametrize("text", ["1,23", "12,34,567", ",123", "1234,567", "1,234.5,0", "££1"])
def test_typed_pounds_refuses_commas_in_odd_places(text):
    with pytest.raises(NotAnAmount):
        typed_pounds(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.99", "The amount must be £1.00 or more"),
        ("2.01", "The amount must be £2.00 or less"),
    ],
)
def test_pounds_says_which_bound_is_passed(text, words):
    with pytest.raises(AmountOutOfRange) as refusal:
        pounds(text, least=100, most=200)

    assert str(refusal.value) == words


def test_both_bounds_are_allowed():
    assert (pounds("1", least=100, most=200), pounds("2", least=100, most=200)) == (100, 200)
    assert pounds("9999999.99") == MOST_PENCE
    with pytest.raises(AmountOutOfRange):
        pounds("10000000")


@pytest.mark.parametrize(
    ("amount", "exact", "short"),
    [
        (0, "£0.00", "£0"),
        (5, "£0.05", "£0.05"),
        (123450, "£1,234.50", "£1,234.50"),
        (123400, "£1,234.00", "£1,234"),
        (-123456, "-£1,234.56", "-£1,234.56"),
    ],
)
def test_show_writes_pounds(amount, exact, short):
    assert (show(amount), show(amount, whole=True)) == (exact, short)


@pytest.mark.parametrize(
    ("basis", "expected"), [(Basis.WEEK, 3900), (Basis.MONTH, 1200), (Basis.YEAR, 100)]
)
def test_annual_counts_by_basis(basis, expected):
    assert annual(100, basis, 39) == expected


@pytest.mark.parametrize("weeks", [0, 54])
def test_annual_takes_one_to_fifty_three_weeks(weeks):
    assert (annual(1, Basis.WEEK, 1), annual(1, Basis.WEEK, 53)) == (1, 53)
    with pytest.raises(ValueError, match="1 to 53 weeks"):
        annual(100, Basis.YEAR, weeks)
