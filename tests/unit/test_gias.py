"""Reading the register's download: what is taken, what is skipped, what refuses the whole file."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers import gias
from providers.gias import BrokenFile, Reading, RowError, read
from tests.factories.providers import GIAS_ROW, gias_file, gias_row


def test_a_school_is_read_as_the_register_says_it():
    row = gias_row() | {
        "Easting": "514500",
        "Northing": "102700",
        "SEN1 (name)": "ASD - Autistic Spectrum Disorder",
        "SEN2 (name)": "SpLD - Specific Learning Difficulty",
        "SEN3 (name)": "Not Applicable",
    }

    (school,) = read(gias_file([row])).schools

    assert (school.line, school.urn, school.easting, school.northing) == (
        2,
        "125001",
        514500,
        102700,
    )
    assert school.facts == {
        "name": "Larkfield School",
        "kind": "independent_special",
        "is_open": True,
        "is_procured": True,
        "postcode": "BN11 1AA",
        "low_age": 5,
        "high_age": 16,
        "ukprn": "10015001",
        "street": "Lark Lane",
        "locality": "",
        "town": "Worthing",
        "county": "West Sussex",
        "la_name": "West Sussex",
        "region_name": "South East",
        "phone": "01903000000",
        "website": "www.larkfield.example",
        "gender": "Mixed",
        "boarders": "No Boarders",
        "opened_on": date(1998, 9, 1),
        "needs": ["ASD", "SPLD"],
    }


@pytest.mark.parametrize(
    ("kind", "ours", "is_procured"),
    [
        ("Other independent special school", "independent_special", True),
        ("Non-maintained special school", "non_maintained_special", True),
        ("Special post 16 institution", "special_post_16", True),
        ("Academy alternative provision converter", "alternative_provision", False),
        ("Academy alternative provision sponsor led", "alternative_provision", False),
        ("Free schools alternative provision", "alternative_provision", False),
    ],
)
def test_types_that_may_join(kind, ours, is_procured):
    (school,) = read(gias_file([gias_row(kind=kind)])).schools

    assert (school.facts["kind"], school.facts["is_procured"]) == (ours, is_procured)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "Community school"},
        {"kind": ""},
        {"kind": "Other independent school", "urn": "not even a number"},
        {"status": "Proposed to open"},
    ],
)
def test_the_rest_is_skipped_without_a_look(change):
    assert read(gias_file([gias_row(**change)])) == Reading(1, (), 1, ())


@pytest.mark.parametrize(
    ("status", "is_open"),
    [("Open", True), ("Open, but proposed to close", True), ("Closed", False)],
)
def test_closed_ones_are_marked_closed(status, is_open):
    (school,) = read(gias_file([gias_row(status=status)])).schools

    assert school.facts["is_open"] is is_open


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"urn": "12"}, "“12” is not a URN, which is a number of 5 to 7 figures"),
        ({"name": " "}, "EstablishmentName is empty"),
        ({"name": "x" * 161}, "EstablishmentName is longer than 160 characters"),
        ({"town": "x" * 81}, "Town is longer than 80 characters"),
        ({"name": "Bell\x07"}, "EstablishmentName has a character that cannot be printed"),
        ({"postcode": "WORTHING"}, "“WORTHING” is not a UK postcode"),
        ({"low_age": "five"}, "StatutoryLowAge “five” is not a number from 0 to 120"),
        ({"low_age": "17"}, "StatutoryLowAge 17 is above StatutoryHighAge 16"),
        ({"high_age": "999"}, "StatutoryHighAge “999” is not a number from 0 to 120"),
        ({"opened": "1998-09-01"}, "OpenDate “1998-09-01” is not a date like 01-09-2024"),
        ({"opened": "31-02-1998"}, "OpenDate “31-02-1998” is not a date like 01-09-2024"),
        ({"Easting": "9999999"}, "Easting “9999999” is not a number from 0 to 700000"),
    ],
)
def test_a_row_that_cannot_be_right_is_listed_and_the_others_are_read(change, reason):
    wrong = gias_row(urn="125002") | {"Easting": ""} | gias_row(**{"urn": "125002", **change})
    found = read(gias_file([wrong, gias_row() | {"Easting": ""}]))

    assert found.errors == (RowError(2, wrong["URN"], reason),)
    assert [school.urn for school in found.schools] == ["125001"]


def test_a_urn_that_stands_twice_is_read_once():
    found = read(gias_file([gias_row(), gias_row(name="Another")]))

    assert [school.facts["name"] for school in found.schools] == ["Larkfield School"]
    assert found.errors == (RowError(3, "125001", "URN 125001 stands on line 2 already"),)


def test_a_name_over_two_lines_is_one_and_lines_are_counted_as_an_editor_does():
    found = read(gias_file([gias_row(name="Larkfield\r\nSchool"), gias_row(urn="x")]))

    assert found.schools[0].facts["name"] == "Larkfield School"
    assert found.errors[0].line == 4


def test_zero_as_grid_reference_is_none():
    (school,) = read(gias_file([gias_row() | {"Easting": "0", "Northing": "0"}])).schools

    assert (school.easting, school.northing) == (None, None)


def broken(content):
    with pytest.raises(BrokenFile) as caught:
        read(content)
    return caught.value.line, caught.value.column, caught.value.reason


@pytest.mark.parametrize("column", gias.REQUIRED)
def test_a_missing_column_refuses_the_file_by_name(column):
    columns = [name for name in GIAS_ROW if name != column]

    assert broken(gias_file([gias_row()], columns=columns)) == (
        1,
        column,
        "this column is missing",
    )


def test_a_column_that_stands_twice_refuses_the_file():
    content = gias_file([gias_row()]).replace(b'"Locality"', b'"Town"', 1)

    assert broken(content) == (1, "Town", "there are two columns of this name")


def test_utf_8_refuses_the_file_where_it_shows():
    rows = [gias_row(), gias_row(urn="125002", town="Chateau d’Œx")]

    line, column, reason = broken(gias_file(rows, encoding="utf-8"))

    assert (line, column) == (3, "Town")
    assert reason.startswith("the file is in UTF-8")


def test_utf_8_with_its_mark_refuses_the_file():
    assert broken(gias_file([gias_row()], encoding="utf-8-sig"))[0] == 1


def test_a_byte_that_windows_1252_lacks_refuses_the_file_where_it_stands():
    content = gias_file([gias_row(), gias_row(urn="125002", town="Lewes")])

    assert broken(content.replace(b"Lewes", b"Lew\x81s")) == (
        3,
        "Town",
        "a character is not in windows-1252, the register's encoding",
    )


def test_utf_16_is_no_text():
    line, _, reason = broken(gias_file([gias_row()], encoding="utf-16"))

    assert (line, reason) == (1, "this is not a CSV file of text")


@pytest.mark.parametrize(("cut", "column"), [(1, "TelephoneNum"), (3, "Postcode")])
def test_a_ragged_line_refuses_the_file(cut, column):
    names = [name for name in GIAS_ROW if name not in ("SchoolWebsite", "GOR (name)")]
    names += ["SchoolWebsite"] if cut == 1 else []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerow([GIAS_ROW[name] for name in names])
    cells = [GIAS_ROW[name] for name in names]
    writer.writerow(cells[: cells.index(GIAS_ROW[column]) + 1])

    line, said, reason = broken(text.getvalue().encode("cp1252"))

    assert (line, said) == (3, column)
    assert reason.startswith("the line has ")


def test_a_line_with_too_many_columns_refuses_the_file():
    content = gias_file([gias_row()]) + b",".join([b'"x"'] * (len(GIAS_ROW) + 1)) + b"\r\n"

    assert broken(content)[:2] == (3, "GOR (name)")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n",
        b"<html><body>Sign in</body></html>",
        b"PK\x03\x04\x00\x00rest of a zip",
        gias_file([gias_row()]) + b'"125009","open quote',
        b'"URN" x,"y"\r\n',
    ],
)
def test_what_is_no_csv_of_the_register_refuses(content):
    with pytest.raises(BrokenFile):
        read(content)


def test_the_words_say_line_and_column_and_that_nothing_changed():
    with pytest.raises(BrokenFile) as caught:
        read(gias_file([gias_row()], columns=[n for n in GIAS_ROW if n != "Postcode"]))

    assert str(caught.value) == (
        "Line 1, column “Postcode”: this column is missing. Nothing has been changed"
    )


@pytest.mark.parametrize(
    ("name", "edition"),
    [("edubasealldata20261102.csv", "GIAS 2026-11-02"), ("extract.csv", "GIAS")],
)
def test_the_edition_is_the_date_in_the_file_name(name, edition):
    assert gias.edition_of(name) == edition


some_rows = st.lists(
    st.builds(
        gias_row,
        urn=st.integers(125_000, 125_010).map(str),
        kind=st.sampled_from([*gias.KINDS, "Community school"]),
        status=st.sampled_from([*gias.IS_OPEN, "Proposed to open"]),
        name=st.text(st.characters(codec="cp1252"), max_size=30),
        postcode=st.sampled_from(["BN11 1AA", "", "bn111aa", "nowhere"]),
        low_age=st.sampled_from(["", "3", "19", "x"]),
    ),
    max_size=8,
)


@given(some_rows, st.randoms())
@settings(max_examples=60, deadline=None)
def test_every_row_is_counted_once_and_the_order_of_columns_is_nothing(rows, random):
    columns = [*GIAS_ROW, "Trusts (name)", "SiteName"]
    rows = [row | {"Trusts (name)": "A “trust”, ltd", "SiteName": ""} for row in rows]
    shuffled = random.sample(columns, len(columns))

    found = _read_or_none(gias_file(rows, columns=columns))

    assert _read_or_none(gias_file(rows, columns=shuffled)) == found
    if found is not None:
        assert found.read == len(rows)
        assert found.read == len(found.schools) + found.skipped + len(found.errors)
        assert len({school.urn for school in found.schools}) == len(found.schools)


def _read_or_none(content):
    try:
        return read(content)
    except BrokenFile:
        # A line end in the wrong place can break a file; then it breaks it whole.
        return None


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("cp1252", "replace"))
)
@settings(max_examples=200, deadline=None)
def test_bytes_of_any_kind_are_refused_and_never_crash(content):
    with pytest.raises(BrokenFile):
        read(content)


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused(at, damage):
    content = gias_file([gias_row(), gias_row(urn="125002"), gias_row(urn="125003")])

    found = _read_or_none(content[:at] + damage + content[at + len(damage) :])

    assert found is None or found.read == len(found.schools) + found.skipped + len(found.errors)
