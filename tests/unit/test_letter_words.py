"""The words of a letter follow from the scores alone."""

from referrals.letter_words import advantages, characteristics, lines_of, own_advantages

WEIGHTS = {
    "price": 50_00,
    "outcomes": 15_00,
    "needs": 6_00,
    "features": 4_00,
    "location": 5_00,
    "core_competency": 20_00,
    "incentive": 0,
}
WINNER = {
    "price": 45_05,
    "outcomes": 12_00,
    "needs": 6_00,
    "features": 4_00,
    "location": 5_00,
    "core_competency": 14_50,
    "incentive": 0,
}
OWN = {**WINNER, "price": 50_00, "outcomes": 9_00, "location": 4_00}


def test_criteria_without_weight_have_no_line():
    assert [line.key for line in lines_of(WEIGHTS, OWN, WINNER)] == [
        "price", "outcomes", "needs", "features", "location", "core_competency",
    ]  # fmt: skip


def test_what_scored_more_is_said_with_both_figures_and_what_it_means():
    lines = lines_of(WEIGHTS, OWN, WINNER)

    assert advantages(lines) == (
        (
            "Outcomes: 12.00 points against your 9.00, for a method statement that the evaluators"
            " graded higher."
        ),
        (
            "Distance from home: 5.00 points against your 4.00, for an establishment nearer to the"
            " home."
        ),
    )
    assert own_advantages(lines) == (
        "Price: your 50.00 points against 45.05, for a lower annual price.",
    )


def test_a_bid_left_out_has_no_figures_to_compare():
    lines = lines_of(WEIGHTS, {}, WINNER)

    assert {line.own for line in lines} == {None}
    assert (advantages(lines), own_advantages(lines)) == ((), ())


def test_the_successful_bid_is_described_by_what_it_meets():
    assert characteristics(needs=(1, 1), features=(2, 3)) == (
        "It meets 1 of the 1 need listed.",
        "It meets 2 of the 3 features listed.",
    )
    assert characteristics(needs=(0, 0), features=(0, 0)) == ()


def test_a_line_keeps_its_figures_as_json():
    line = lines_of(WEIGHTS, OWN, WINNER)[0]

    assert line.as_json() == {
        "key": "price", "title": "Price", "weight": 50_00, "own": 50_00, "winner": 45_05,
    }  # fmt: skip
