"""What evaluators, moderators and the young people's panel type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dps.govuk.forms import Choice, GovForm, WordsField
from dps.models import Membership
from qualification.forms.words import LONGEST_REASON_WORDS, NO, YES
from qualification.grades import DESCRIPTORS

GRADES = [(each.grade, Choice(f"{each.grade}: {each.name}", each.meaning)) for each in DESCRIPTORS]
PANEL_GRADES = [
    (5, Choice("5", "It covers everything we care about, and we believe it")),
    (4, Choice("4", "It covers what we care about, and most of it sounds real")),
    (3, Choice("3", "It is all right. Some things we care about are missing")),
    (2, Choice("2", "It covers a little. We would have many questions")),
    (1, Choice("1", "It hardly answers us")),
    (0, Choice("0", "It does not answer us at all")),
]


class EvaluatorsForm(GovForm):
    """Who is asked to grade."""

    people = forms.MultipleChoiceField(
        label="Whom do you ask?",
        help_text="Select two or more. Each grades alone, and sees no grade of the others",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least two people",
            "invalid_choice": "Select people from the list",
        },
    )

    def __init__(self, *args: Any, people: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(one.person_id), Choice(one.person.name, _where(one))) for one in people
        ]


def _where(one: Membership) -> str:
    if one.is_central:
        return "Contract team"
    return one.authority.name if one.authority else ""


class ConflictForm(GovForm):
    has_conflict = forms.ChoiceField(
        label="Do you have a conflict of interest?",
        help_text="For example: you or somebody close to you works for this provider, owns part of"
        " it, is in a dispute with it, or has a child placed there",
        widget=forms.RadioSelect,
        choices=[
            (NO, "No, I have none"),
            (YES, Choice("Yes", "You are taken off this application", reveals="conflict")),
        ],
        error_messages={"required": "Select whether you have a conflict of interest"},
    )
    conflict = WordsField(
        label="What is the conflict?",
        help_text="In a sentence. The contract team reads it, nobody else",
        max_words=100,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("has_conflict") == YES and not typed.get("conflict"):
            self.add_error("conflict", "Say what the conflict of interest is")
        return typed


class ReleaseForm(GovForm):
    reason = WordsField(
        label="Why do you go on without them?",
        help_text="It is kept on record. Their grades will not count",
        max_words=100,
        error_messages={"required": "Enter the reason"},
    )


class GradeForm(GovForm):
    """An evaluator's own grade with its published meaning, and the reason."""

    grade = forms.TypedChoiceField(
        label="Your grade",
        widget=forms.RadioSelect,
        coerce=int,
        choices=GRADES,
        error_messages={"required": "Select a grade from 0 to 5"},
    )
    reason = WordsField(
        label="Your reason",
        help_text="What was good, and what would earn more. The others read it when all grades are"
        " in",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for your grade"},
    )


class KeptGradeForm(GovForm):
    """The same while it is being typed: nothing is missing yet."""

    grade = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, choices=GRADES)
    reason = WordsField(max_words=LONGEST_REASON_WORDS * 2, required=False)


class AgreedForm(GovForm):
    """The consensus, its reason for the provider, and how those far apart came together."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    grade = forms.TypedChoiceField(
        label="Agreed grade",
        widget=forms.RadioSelect,
        coerce=int,
        choices=GRADES,
        error_messages={"required": "Select the agreed grade from 0 to 5"},
    )
    reason = WordsField(
        label="Reason for the provider",
        help_text="It goes into the outcome letter. Say what was good, and what would earn more",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the provider"},
    )
    note = WordsField(
        label="How you came to the agreed grade",
        help_text="Needed because the grades are 2 or more apart. Kept on record, not sent",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Say how you came to the agreed grade"},
    )

    def __init__(self, *args: Any, is_far_apart: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_far_apart:
            del self.fields["note"]


class PanelForm(GovForm):
    """The young people's grade and their own words, typed by the officer who sits with them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    grade = forms.TypedChoiceField(
        label="What grade do you give?",
        widget=forms.RadioSelect,
        coerce=int,
        choices=PANEL_GRADES,
        error_messages={"required": "Choose a grade from 0 to 5"},
    )
    reason = WordsField(
        label="Why? In your own words",
        help_text="The school, home or agency reads this. Say what you liked, and what is missing."
        " Leave out names",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Write down why you give this grade"},
    )
