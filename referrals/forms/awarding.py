"""Recommending and deciding an award."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField

APPROVE, RETURN = "approve", "return"


class RecommendForm(GovForm):
    """The bid is fixed by the ranking or the parent; it is sent along so that it cannot change."""

    bid = TextField(max_length=36, widget=forms.HiddenInput)
    reason = TextField(
        label="Why do you recommend this award?",
        help_text="The approver reads this, and it stays on the record.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say why you recommend this award"},
    )

    low_price = TextField(
        label="How does the provider explain the low price?",
        help_text="Say whom you asked, when, what they answered, and why the price is right.",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say how the provider explains the low price"},
    )

    def __init__(self, *args: Any, is_low: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_low:
            del self.fields["low_price"]

    def clean_bid(self) -> UUID:
        try:
            return UUID(self.cleaned_data["bid"])
        except ValueError:
            raise forms.ValidationError("Load this page again") from None


class DecisionForm(GovForm):
    decision = forms.ChoiceField(
        label="What is your decision?",
        widget=forms.RadioSelect,
        choices=[
            (APPROVE, Choice("Approve the award", "It is final. Every bidder gets a letter.")),
            (RETURN, Choice("Return it", "The commissioner reads why, and can recommend again.")),
        ],
        error_messages={"required": "Select whether you approve the award or return it"},
    )
    reason = TextField(
        label="Your note",
        help_text="You must say why if you return the award.",
        max_length=2000,
        required=False,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == RETURN and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why you return the award")
        return cleaned
