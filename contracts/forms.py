"""What people type on the pages of this app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dps.govuk.forms import DateField, GovForm, MoneyField, TextField, WordsField
from dps.models import Authority, Category
from dps.money import MOST_PENCE

COMMON = "common"
LONGEST_REASON_WORDS = 400


class SignForm(GovForm):
    """A name typed to sign, and the hash of the paper that the page stated."""

    name = TextField(label="Your full name", max_length=120)
    has_read = forms.BooleanField(
        label="I have read the agreement and may sign for my side",
        error_messages={"required": "Tick the box if you have read it and may sign"},
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CapForm(GovForm):
    """A cap on the core costs of a year: of which category, for whom, how much, from when, why."""

    category = forms.ChoiceField(
        label="Which category?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select a category"},
    )
    authority = forms.ChoiceField(
        label="For whose referrals?", error_messages={"required": "Select for whom the cap is"}
    )
    year = MoneyField(
        label="Most that core costs may come to in a year, for one child",
        help_text="Exactly at the cap is within it",
        least=1,
        most=MOST_PENCE,
        error_messages={"required": "Enter the most that core costs may come to"},
    )
    from_date = DateField(
        label="From which day?", error_messages={"required": "Enter the day from which it applies"}
    )
    reason = WordsField(
        label="Why?",
        help_text="Providers whose costs are above the cap get this by email",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the cap"},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        *args: Any,
        categories: Iterable[Category],
        authorities: Iterable[Authority],
        may_be_common: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        category, authority = self.fields["category"], self.fields["authority"]
        assert isinstance(category, forms.ChoiceField)
        assert isinstance(authority, forms.ChoiceField)
        category.choices = [(each.code, each.name) for each in categories]
        common = [(COMMON, "All councils: a condition of joining")] if may_be_common else []
        authority.choices = common + [(str(each.pk), each.name) for each in authorities]

    @property
    def authority_id(self) -> int | None:
        chosen = self.cleaned_data["authority"]
        return None if chosen == COMMON else int(chosen)


class LiftCapForm(GovForm):
    until_date = DateField(
        label="From which day does the cap no longer apply?",
        error_messages={"required": "Enter the day from which it no longer applies"},
    )
    reason = WordsField(
        label="Why?",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason"},
    )
