"""What the central team types about a suspension."""

from __future__ import annotations

from django import forms

from dps.govuk.forms import GovForm, WordsField
from qualification.forms.words import LONGEST_REASON_WORDS
from qualification.models import Suspension


class SuspendForm(GovForm):
    cause = forms.ChoiceField(
        label="What is the cause?",
        widget=forms.RadioSelect,
        choices=Suspension.Cause.choices,
        error_messages={"required": "Select the cause"},
    )
    reason = WordsField(
        label="Reason for the suspension",
        help_text="The provider and all councils read this. Say what would lift it",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the suspension"},
    )


class ReinstateForm(GovForm):
    reason = WordsField(
        label="Reason for lifting the suspension",
        help_text="The provider and all councils read this",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for lifting the suspension"},
    )
