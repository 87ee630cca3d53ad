"""What the central team types about a suspension."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
    failed = forms.MultipleChoiceField(
        label="What has to be put right?",
        help_text="The provider is asked for these alone. Leave all empty if the cause says it",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = WordsField(
        label="Reason for the suspension",
        help_text="The provider and all councils read this. Say what would lift it",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the suspension"},
    )

    def __init__(self, *args: Any, named: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["failed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(named)


class ReinstateForm(GovForm):
    reason = WordsField(
        label="Reason for lifting the suspension",
        help_text="The provider and all councils read this",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for lifting the suspension"},
    )
