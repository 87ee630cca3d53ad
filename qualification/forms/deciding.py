"""What the central team types about an application."""

from __future__ import annotations

from django import forms

from dps.govuk.forms import Choice, GovForm, WordsField
from qualification.forms.words import LONGEST_REASON_WORDS, NO, YES
from qualification.grades import DESCRIPTORS


class GradeForm(GovForm):
    """A grade with its published meaning, and the reason that the provider reads."""

    grade = forms.TypedChoiceField(
        label="Grade",
        widget=forms.RadioSelect,
        coerce=int,
        choices=[
            (each.grade, Choice(f"{each.grade}: {each.name}", each.meaning)) for each in DESCRIPTORS
        ],
        error_messages={"required": "Select a grade from 0 to 5"},
    )
    reason = WordsField(
        label="Reason for the grade",
        help_text="The provider reads this. Say what was good, and what would earn more",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the grade"},
    )


class DecisionForm(GovForm):
    decision = forms.ChoiceField(
        label="Does the establishment qualify?",
        widget=forms.RadioSelect,
        choices=[
            (YES, Choice("Yes", "It goes on the list at once, and councils can invite it")),
            (NO, Choice("No", "The provider can put it right and apply again at any time")),
        ],
        error_messages={"required": "Select whether the establishment qualifies"},
    )
    reason = WordsField(
        label="Reason for the decision",
        help_text="The provider reads this in the outcome letter. If it does not qualify, say what"
        " has to be put right, and how",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the decision"},
    )
