"""What people type: taken as they mean it, or refused at the field in plain words."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from dps.govuk.forms import (
    Choice,
    DateField,
    FilesField,
    GovForm,
    HundredthsField,
    MoneyField,
    TextField,
    WholeNumberField,
    WordsField,
)


def answer(field, typed):
    """The cleaned value, or the messages."""
    form = type("OneField", (GovForm,), {"x": field})({"x": typed})
    return form.cleaned_data["x"] if form.is_valid() else list(form.errors["x"])


def date_answer(field, day, month, year):
    form = type("OneField", (GovForm,), {"x": field})
    form = form({"x_day": day, "x_month": month, "x_year": year})
    return form.cleaned_data["x"] if form.is_valid() else list(form.errors["x"])


@pytest.mark.parametrize(
    ("typed", "pence"),
    [
        ("1250", 125000),
        ("1250.5", 125050),
        ("1250.05", 125005),
        ("£1,250.50", 125050),
        (" £ 12 ", 1200),
        ("0", 0),
        ("1,234,567.89", 123456789),
        ("007", 700),
    ],
)
def test_money_is_read_as_pence(typed, pence):
    assert answer(MoneyField(label="Weekly fee"), typed) == pence


@pytest.mark.parametrize(
    "typed",
    [
        "1.234", ".5", "5.", "-5", "+5", "1e3", "1,25", "12,34.00", "£", "££5", "٣", "\uff11\uff12",
        "1 250", "twelve", "0x10", "1_000", "5p", "NaN", "\u00b2", "9" * 40, "1\u0000", "\ud800",
    ],
)  # fmt: skip
def test_money_refuses_what_is_not_pounds_and_pence(typed):
    words = "Weekly fee must be an amount in pounds, like 1250 or 1250.50"
    assert answer(MoneyField(label="Weekly fee"), typed) == [words]


def test_money_has_bounds():
    field = {"label": "Weekly fee", "least": 100, "most": 1_000_000}

    assert answer(MoneyField(**field), "0.99") == ["Weekly fee must be £1 or more"]
    assert answer(MoneyField(**field), "10000.01") == ["Weekly fee must be £10,000 or less"]
    assert answer(MoneyField(**field), "10000") == 1_000_000
    assert answer(MoneyField(**field), "") == ["Enter the weekly fee"]
    assert answer(MoneyField(required=False, **field), "") is None


def test_money_shows_pence_as_pounds_and_typing_as_typed():
    class Fee(GovForm):
        fee = MoneyField()

    assert [Fee(initial={"fee": p})["fee"].value() for p in (125050, 125000, 5)] == [
        "1250.50",
        "1250",
        "0.05",
    ]
    assert Fee({"fee": "abc"})["fee"].value() == "abc"


def test_hundredths_are_read_and_bounded():
    assert answer(HundredthsField(label="Limit", most=2500), "7.25") == 725
    assert answer(HundredthsField(label="Limit", most=2500), "25.01") == [
        "Limit must be 25 or less"
    ]
    assert answer(HundredthsField(label="Limit", most=2500), "£5") == [
        "Limit must be a number with at most 2 decimal places, like 7 or 7.25"
    ]


@pytest.mark.parametrize("typed", ["1.0", "-1", "+1", "1e1", "٣", "\uff11", "1,0", "a", "1\n2"])
def test_a_whole_number_is_ascii_digits_alone(typed):
    words = "Weeks a year must be a whole number in figures, like 12"
    assert answer(WholeNumberField(label="Weeks a year"), typed) == [words]


def test_a_whole_number_has_bounds():
    field = {"label": "Weeks a year", "least": 1, "most": 52}

    assert answer(WholeNumberField(**field), "39") == 39
    assert answer(WholeNumberField(label="Pupils"), "1,200") == 1200
    assert answer(WholeNumberField(**field), "0") == ["Weeks a year must be 1 or more"]
    assert answer(WholeNumberField(**field), "53") == ["Weeks a year must be 52 or less"]


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("27", "3", "2014", dt.date(2014, 3, 27)),
        ("7", "03", "2014", dt.date(2014, 3, 7)),
        ("29", "2", "2024", dt.date(2024, 2, 29)),
        ("1", "Mar", "2014", dt.date(2014, 3, 1)),
        ("1", "september", "2014", dt.date(2014, 9, 1)),
        ("29", "2", "2023", ["Date of birth must be a real date, like 27 3 2014"]),
        ("31", "4", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("0", "1", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("-1", "1", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("٣", "1", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("1", "Smarch", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("1", "13", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
        ("1", "1", "14", ["Date of birth must have a year of 4 numbers, like 2014"]),
        ("1", "1", "20140", ["Date of birth must have a year of 4 numbers, like 2014"]),
        ("1", "1", "0000", ["Date of birth must be a real date, like 27 3 2014"]),
        ("1", "", "2014", ["Date of birth must include a month"]),
        ("", "", "2014", ["Date of birth must include a day and a month"]),
        ("", "", "", ["Enter the date of birth"]),
        ("\x00", "1", "2014", ["Date of birth must be a real date, like 27 3 2014"]),
    ],
)
def test_a_date_is_three_boxes_with_one_message(day, month, year, expected):
    assert date_answer(DateField(label="Date of birth"), day, month, year) == expected


def test_a_date_has_bounds():
    field = DateField(label="Start", earliest=dt.date(2026, 9, 1), latest=dt.date(2027, 8, 31))

    assert date_answer(field, "31", "8", "2026") == ["Start must be 1 September 2026 or later"]
    assert date_answer(field, "1", "9", "2027") == ["Start must be 31 August 2027 or earlier"]
    assert date_answer(field, "1", "9", "2026") == dt.date(2026, 9, 1)
    assert date_answer(field, "31", "8", "2027") == dt.date(2027, 8, 31)


def test_a_date_need_not_be_given():
    assert date_answer(DateField(required=False), "", "", "") is None


def test_a_draft_keeps_its_date_as_text():
    class Draft(GovForm):
        start = DateField()

    assert 'value="27"' in str(Draft(initial={"start": "2014-03-27"})["start"])
    assert "value=" not in str(Draft(initial={"start": "nonsense"})["start"])


def test_words_are_counted_and_runs_without_a_space_bounded():
    field = WordsField(label="How will you meet these needs?", max_words=3, longest_word=5)

    assert answer(field, "one  two\nthree") == "one  two\nthree"
    assert answer(field, "one two three four") == [
        "Your answer must be 3 words or fewer. You have written 4"
    ]
    assert answer(field, "sixsix") == ["Your answer has more than 5 characters without a space"]
    assert answer(field, "") == ["Enter an answer"]


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "a\x07", "\x9b"])
def test_text_refuses_what_cannot_be_printed(typed):
    words = "This contains a character that cannot be used. Delete it and type it again"

    assert answer(TextField(label="Name"), typed) == [words]
    assert words in answer(forms.CharField(label="Name"), typed)


def test_text_keeps_every_script_and_in_a_box_of_several_lines_their_breaks():
    typed = "Zoë Ó Súilleabháin 王 🙂\r\nline two\ttab"
    assert answer(TextField(label="Note", widget=forms.Textarea), typed) == typed


@pytest.mark.parametrize(
    "typed", ["Ada\nHead", "Ada \r\n Head", "Ada\rHead\n", "\nAda\u2028Head", "Ada\u2029Head"]
)
def test_one_line_stays_one_line(typed):
    for widget in (None, forms.HiddenInput):
        assert answer(TextField(label="Full name", widget=widget), typed) == "Ada Head"


def test_half_a_surrogate_pair_can_be_shown_again():
    form = type("OneField", (GovForm,), {"x": TextField(label="Name")})({"x": "a\ud800"})
    form["x"].as_field_group().encode("utf-8")


def test_messages_speak_of_the_field():
    class Some(GovForm):
        your_name = forms.CharField()
        urn = forms.CharField(label="URN")
        kind = forms.ChoiceField(label="What is needed?", choices=[("a", Choice("A", "hint"))])
        colour = forms.ChoiceField(choices=[("a", "A")])
        email = forms.EmailField(label="Email address")
        short = forms.CharField(label="Initials (optional)", max_length=2)
        own = forms.CharField(error_messages={"required": "Say it in your own words"})
        agree = forms.BooleanField(label="I agree")
        paper = forms.FileField()

    empty = Some({})
    wrong = Some({"kind": "z", "email": "x", "short": "abc"})

    assert {name: list(found) for name, found in empty.errors.items()} == {
        "your_name": ["Enter your name"],
        "urn": ["Enter the URN"],
        "kind": ["Select an answer"],
        "colour": ["Select the colour"],
        "email": ["Enter the email address"],
        "short": ["Enter the initials"],
        "own": ["Say it in your own words"],
        "agree": ["Tick the box to say: I agree"],
        "paper": ["Select a file"],
    }
    assert [wrong.errors[name][0] for name in ("kind", "email", "short")] == [
        "Select one of the answers given",
        "Enter an email address in the correct format, like name@example.com",
        "Initials must be 2 characters or fewer",
    ]


def test_two_forms_do_not_share_their_words():
    class Some(GovForm):
        x = forms.CharField(label="One")

    first = Some({})
    first.fields["x"].error_messages["required"] = "changed"

    assert list(Some({}).errors["x"]) == ["Enter the one"]


def test_several_files_are_always_a_list():
    assert answer(FilesField(required=False), None) == []
    assert answer(FilesField(), None) == ["Select a file"]


def test_a_query_string_fills_a_form():
    class Some(GovForm):
        fee = MoneyField()

    assert Some(QueryDict("fee=%C2%A31%2C000")).is_valid()
