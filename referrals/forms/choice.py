"""The parent's choice, as the officer offers and records it and as the parent makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import Choice, DateField, GovForm, TextField
from referrals.models import ChoiceOption, ParentChoice
from referrals.services.choosing import Said

Wish = ParentChoice.Wish
MOST_REASON = 1000


class OfferForm(GovForm):
    closes_on = DateField(
        label="Closing date",
        help_text="The parent can answer until the end of this day. Ten working days are usual.",
    )

    def __init__(self, *args: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["closes_on"]
        field.earliest = earliest  # type: ignore[attr-defined]
        field.error_messages["earliest"] = "The closing date must be tomorrow or later"


class NoOfferForm(GovForm):
    reason = TextField(
        label="Why is the choice not offered?",
        help_text="This stays on the record of the referral.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Say why the choice is not offered"},
    )


class AnswerForm(GovForm):
    """One establishment, none, or a talk first. Nothing is chosen beforehand."""

    wish = forms.ChoiceField(
        label="Which one do you prefer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the one you prefer, or one of the other answers"},
    )
    reason = TextField(
        label="Why? (optional)",
        help_text="The council reads this. The establishments do not.",
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, options: Sequence[ChoiceOption], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.id), Choice(one.name, one.distance_words)) for one in options]
        self.fields["wish"].choices = [  # type: ignore[attr-defined]
            *named,
            (
                Wish.TALK.value,
                Choice(
                    "I would like to talk to someone first",
                    "We will ring you. You can still choose afterwards.",
                    divider="or",
                ),
            ),
            (Wish.NONE.value, Choice("None of them suits", "We will ring you to talk about it.")),
        ]

    def said(self) -> Said:
        wish, reason = self.cleaned_data["wish"], self.cleaned_data["reason"]
        if wish in (Wish.TALK, Wish.NONE):
            return Said(wish, None, reason)
        return Said(Wish.OPTION, UUID(wish), reason)


class RecordForm(AnswerForm):
    """The same, filled in by an officer on the phone."""

    labels = {"wish": "What did the parent say?", "reason": "What they said about it (optional)"}
    hints = {"reason": "In their words. It is kept encrypted."}


class CodeForm(GovForm):
    code = TextField(
        label="Code",
        help_text="6 digits",
        max_length=20,
        error_messages={"required": "Enter the code of 6 digits"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        digits = "".join(str(self.cleaned_data["code"]).split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError("The code has 6 digits, like 123456")
        return digits
