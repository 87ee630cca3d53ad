import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.scoring_case import check_cases, differences, read_json, score_case
from referrals.scoring_terms import CannotBeScored

PROJECT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "data" / "scoring-cases.json"
GUIDE = PROJECT / "docs" / "scoring" / "referral.md"

WORKED = json.loads(CASES.read_text())


def full_case():
    """A case with something in every list and a weight on everything."""
    return {
        "reference": "WSX-2026-000001",
        "weights": {
            "price": "50",
            "outcomes": "15",
            "needs": "5",
            "features": "5",
            "location": "5",
            "core_competency": "15",
            "incentive": "5",
        },
        "weeks_per_year": 39,
        "needs": [{"key": "n", "marks": 1}],
        "features": [{"key": "f", "kind": "must_have", "marks": 1, "essential": True}],
        "outcomes": [{"key": "o", "marks": 1}],
        "bids": [
            {
                "id": "A",
                "price_lines": [{"kind": "core", "basis": "week", "amount": "10.00"}],
                "discount_percent": "0",
                "distance_miles": "1",
                "needs_met": ["n"],
                "features_met": ["f"],
                "outcome_grades": {"o": 5},
                "core_competency": "100",
                "incentive_grade": 5,
            }
        ],
    }


def changed(place, value):
    """The full case with one value changed: ``bids.0.id`` is a place."""
    case = full_case()
    *path, last = [int(step) if step.isdigit() else step for step in place.split(".")]
    target = case
    for step in path:
        target = target[step]
    target[last] = value
    return case


@pytest.mark.parametrize("worked", WORKED, ids=lambda each: each["case"]["reference"])
def test_worked_cases_come_out_exactly(worked):
    assert score_case(worked["case"]) == worked["expected"]


def test_worked_example_in_the_guide_comes_out_exactly():
    case, expected = re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.DOTALL)

    assert score_case(json.loads(case)) == json.loads(expected)


def test_the_full_case_scores_everything():
    assert score_case(full_case())["bids"][0]["total"] == "100.00"


DIGITS = "It must be digits with at most 2 decimals"
WRITTEN = "It must be a number written as a text"
WHOLE = "It must be a whole number without a sign"
TEXT = "It must be a text, and not empty"


@pytest.mark.parametrize(
    ("place", "value", "field", "words"),
    [
        ("reference", "", "reference", TEXT),
        ("reference", 7, "reference", TEXT),
        ("reference", "\ud800", "reference", "It holds half of a character"),
        ("weights", [], "weights", "It must be an object"),
        ("weights.price", 50, "weights.price", WRITTEN),
        ("weights.price", "fifty", "weights.price", DIGITS),
        ("weights.price", "50.000", "weights.price", DIGITS),
        ("weights.price", "5e1", "weights.price", DIGITS),
        ("weights.price", "+50", "weights.price", DIGITS),
        ("weights.price", "NaN", "weights.price", DIGITS),
        ("weights.price", " 50", "weights.price", DIGITS),
        ("weights.price", "\u0665\u0660", "weights.price", DIGITS),
        ("weights.price", "71", "weights.price", "The weight must be 30.00 to 70.00"),
        ("weights.price", "49.99", "weights", "The weights add up to 99.99, not 100"),
        ("weights.cost", "0", "weights.cost", "This key is unknown"),
        ("needs", [], "weights.needs", "The weight must be 0, because no needs are listed"),
        ("needs", {}, "needs", "It must be a list"),
        ("needs.0", "n", "needs[0]", "It must be an object"),
        ("needs.0.key", None, "needs[0].key", TEXT),
        ("needs.0.marks", 1.0, "needs[0].marks", WHOLE),
        ("needs.0.marks", True, "needs[0].marks", WHOLE),
        ("needs.0.marks", "1", "needs[0].marks", WHOLE),
        ("weeks_per_year", "39", "weeks_per_year", WHOLE),
        ("weeks_per_year", 54, "weeks_per_year", "The weeks a year must be a whole number"),
        ("features.0.kind", "nice", "features[0].kind", "It must be must_have or desirable"),
        ("features.0.kind", "desirable", "features[0].essential", "Only a must-have feature"),
        ("features.0.kind", ["must_have"], "features[0].kind", "It must be must_have"),
        ("features.0.essential", 1, "features[0].essential", "It must be true or false"),
        ("bids", [], "bids", "There must be at least one bid"),
        ("bids", None, "bids", "It must be a list"),
        ("bids.0.id", "A B", "bids[0].id", "Use 1 to 64 of letters"),
        ("bids.0.id", 1, "bids[0].id", TEXT),
        ("bids.0.price_lines", [], "bids[0].price_lines", "There must be at least one line"),
        ("bids.0.price_lines.0.kind", "x", "bids[0].price_lines[0].kind", "It must be core or"),
        ("bids.0.price_lines.0.basis", "day", "bids[0].price_lines[0].basis", "It must be week"),
        ("bids.0.price_lines.0.amount", 10, "bids[0].price_lines[0].amount", WRITTEN),
        ("bids.0.price_lines.0.amount", "-1", "bids[0].price_lines[0].amount", DIGITS),
        ("bids.0.price_lines.0.amount", "1,000", "bids[0].price_lines[0].amount", DIGITS),
        (
            "bids.0.price_lines.0.amount",
            "10000000.00",
            "bids[0].price_lines[0].amount",
            "It must be 0 to 9999999.99",
        ),
        (
            "bids.0.price_lines.0.amount",
            "9" * 9999,
            "bids[0].price_lines[0].amount",
            "It must be 0 to 9999999.99",
        ),
        ("bids.0.price_lines.0.amount", "0", "bids[0].price_lines", "The annual price must be"),
        ("bids.0.price_lines.0.vat", "0", "bids[0].price_lines[0].vat", "This key is unknown"),
        ("bids.0.discount_percent", "100", "bids[0].discount_percent", "The annual price must be"),
        ("bids.0.discount_percent", "100.01", "bids[0].discount_percent", "It must be 0 to 100"),
        ("bids.0.distance_miles", 1.5, "bids[0].distance_miles", WRITTEN),
        ("bids.0.needs_met", ["n", "n"], "bids[0].needs_met[1]", "This key is there twice"),
        ("bids.0.needs_met", ["m"], "bids[0].needs_met[0]", "Nothing with this key was asked"),
        ("bids.0.needs_met", [1], "bids[0].needs_met[0]", TEXT),
        ("bids.0.outcome_grades", [], "bids[0].outcome_grades", "It must be an object"),
        ("bids.0.outcome_grades.o", 6, "bids[0].outcome_grades.o", "The grade must be"),
        ("bids.0.outcome_grades.o", 4.5, "bids[0].outcome_grades.o", WHOLE),
        ("bids.0.outcome_grades.o", None, "bids[0].outcome_grades.o", WHOLE),
        ("bids.0.outcome_grades.p", 1, "bids[0].outcome_grades.p", "There is no such outcome"),
        ("bids.0.core_competency", "100.01", "bids[0].core_competency", "It must be 0 to 100"),
        ("bids.0.incentive_grade", None, "bids[0].incentive_grade", "The grade must be"),
        ("bids.0.incentive_grade", "5", "bids[0].incentive_grade", WHOLE),
        ("bids.0.\nname\u200b", 1, "bids[0].\\nname\\u200b", "This key is unknown"),
        ("name", "x", "name", "This key is unknown"),
    ],
)
def test_a_bad_case_is_refused_at_its_field(place, value, field, words):
    with pytest.raises(CannotBeScored) as refusal:
        score_case(changed(place, value))

    assert refusal.value.field == field
    assert str(refusal.value).startswith(words)


def every_key(value, place=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key)
            yield from every_key(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from every_key(inner, (*place, index))


@pytest.mark.parametrize("place", [*every_key(full_case())], ids=str)
def test_every_key_is_required(place):
    case = full_case()
    target = case
    for step in place[:-1]:
        target = target[step]
    del target[place[-1]]

    with pytest.raises(CannotBeScored) as refusal:
        score_case(case)

    assert refusal.value.field.endswith(place[-1])


@pytest.mark.parametrize("case", [None, 1, "case", True])
def test_what_is_no_case_is_refused(case):
    with pytest.raises(CannotBeScored) as refusal:
        score_case(case)

    assert refusal.value.field == "case"


def test_a_bid_that_is_left_out_still_needs_valid_grades():
    case = changed("bids.0.features_met", [])
    assert score_case(case)["bids"] == [
        {"id": "A", "excluded": ["f"], "annual_price": "390.00", "rank": None}
    ]

    case["bids"][0]["outcome_grades"] = {}
    with pytest.raises(CannotBeScored):
        score_case(case)


def test_a_distance_of_any_length_is_far():
    far = score_case(changed("bids.0.distance_miles", "9" * 9999))

    assert far["bids"][0]["scores"]["location"] == "0.00"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(list(every_key(full_case()))), json_values)
def test_whatever_stands_in_a_field_is_scored_or_refused_by_name(place, value):
    case = full_case()
    target = case
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value

    output, refusal = scored_or_refused(case)

    if refusal is None:
        assert json.loads(json.dumps(output)) == output
    else:
        assert re.fullmatch(r"[ -~]+", refusal.field)
        assert "\n" not in str(refusal)


def scored_or_refused(case):
    try:
        return score_case(case), None
    except CannotBeScored as refusal:
        return None, refusal


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", "file"),
        (b"{", "file"),
        (b"\xff\xfe", "file"),
        (b"[" * 100_000, "file"),
        (b'{"id": 1, "id": 2}', "id"),
    ],
)
def test_what_is_not_json_is_refused(content, field):
    with pytest.raises(CannotBeScored) as refusal:
        read_json(content)

    assert refusal.value.field == field
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("digits", [b"-1", b"-0", b"9" * 19, b"9" * 5000])
def test_whole_numbers_with_a_sign_or_beyond_all_bounds_are_no_grades(digits):
    content = json.dumps(full_case()).encode().replace(b'{"o": 5}', b'{"o": ' + digits + b"}")

    with pytest.raises(CannotBeScored) as refusal:
        score_case(read_json(content))

    assert refusal.value.field == "bids[0].outcome_grades.o"


def test_worked_cases_pass_the_check():
    assert check_cases(WORKED) == []


def test_a_difference_is_named_by_its_place():
    wrong = copy.deepcopy(WORKED[:2])
    wrong[1]["expected"]["bids"][0]["rank"] = True
    wrong[1]["expected"]["near_tie"] = ["x"] * 4
    del wrong[0]["expected"]["bids"][0]["total"]

    assert [each.split(":")[0] for each in check_cases(wrong)] == [
        "[0].bids[0].total",
        "[1].bids[0].rank",
        "[1].near_tie",
    ]


def test_differences_tell_kinds_apart():
    assert list(differences({"a": 1}, {"a": True})) == ["a: expected 1, got true"]
    assert list(differences({"a": None}, {})) == ["a: expected null, got nothing"]
    assert list(differences({}, {"a": None})) == ["a: expected nothing, got null"]
    assert list(differences([1], {"a": 1})) == [': expected [1], got {"a": 1}']


@pytest.mark.parametrize(
    ("cases", "field"),
    [
        ([], "file"),
        ([1], "[0]"),
        ([{"case": {}}], "[0].expected"),
        ([{"case": {}, "expected": {}}], "[0].case.reference"),
        ([{"case": 1, "expected": {}}], "[0].case.case"),
        ([{"case": {}, "expected": {}, "note": ""}], "[0].note"),
    ],
)
def test_a_bad_list_is_refused(cases, field):
    with pytest.raises(CannotBeScored) as refusal:
        check_cases(cases)

    assert refusal.value.field == field


def run(argument, *, stdin=b""):
    """The command as a newcomer runs it: its own process, and nothing in the environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", "score_case", argument],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_command_prints_the_scores_of_one_case():
    code, out, err = run("-", stdin=json.dumps(WORKED[0]["case"]).encode())

    assert (code, json.loads(out), err) == (0, WORKED[0]["expected"], "")


def test_the_command_checks_a_list():
    assert run(str(CASES)) == (0, "14 cases, all as expected\n", "")


def test_the_command_shows_the_differences_and_fails():
    wrong = [{"case": WORKED[0]["case"], "expected": WORKED[0]["expected"] | {"near_tie": [1]}}]

    code, out, _ = run("-", stdin=json.dumps(wrong).encode())

    assert (code, out) == (1, "[0].near_tie: expected [1], got []\n")


@pytest.mark.parametrize(
    ("stdin", "line"),
    [
        (b"nonsense", "CommandError: file: This is not JSON: "),
        (b"{}", "CommandError: reference: This key is missing\n"),
    ],
)
def test_the_command_refuses_a_bad_case_in_one_line(stdin, line):
    code, out, err = run("-", stdin=stdin)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(line)


def test_the_command_refuses_a_file_that_is_not_there():
    assert run("no-such-file.json") == (
        2,
        "",
        "CommandError: file: It cannot be read (FileNotFoundError)\n",
    )
