"""What people type about claims and places."""

from __future__ import annotations

from typing import Any

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField, WholeNumberField, WordsField

MOST_PLACES = 2000
LONGEST_REASON_WORDS = 200
CONFIRM, REFUSE = "confirm", "refuse"


class ClaimSearchForm(GovForm):
    search = TextField(
        label="Name, town or URN",
        help_text="At least 3 letters of the name, the whole town, or the 6 figures of the URN",
        min_length=3,
        max_length=100,
    )


class DecideClaimForm(GovForm):
    """The decision on a claim; a refusal needs words for the provider."""

    decision = forms.ChoiceField(
        label="Does this organisation run this establishment?",
        widget=forms.RadioSelect,
        choices=[
            (CONFIRM, Choice("Yes, confirm the claim")),
            (REFUSE, Choice("No, refuse the claim", reveals="reason")),
        ],
        error_messages={"required": "Select whether you confirm or refuse the claim"},
    )
    reason = WordsField(
        label="Reason for refusing",
        help_text="The provider reads this. Say what they should do next",
        max_words=LONGEST_REASON_WORDS,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        is_silent = "reason" not in self.errors and not typed.get("reason", "").strip()
        if typed.get("decision") == REFUSE and is_silent:
            self.add_error("reason", "Enter the reason for refusing")
        return typed


class PlacesForm(GovForm):
    places = WholeNumberField(
        label="Places in all",
        help_text="How many children you are registered for",
        error_messages={"required": "Enter how many places there are"},
        most=MOST_PLACES,
    )
    vacancies = WholeNumberField(
        label="Vacancies today",
        help_text="How many more children you could take now. Enter 0 if you are full",
        error_messages={"required": "Enter how many vacancies there are, or 0"},
        most=MOST_PLACES,
    )
