"""What people type about providers and their establishments."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from dps.forms import NewPasswordField, check_new_password
from dps.govuk.forms import (
    Choice,
    DateField,
    GovForm,
    MoneyField,
    TextField,
    WholeNumberField,
    WordsField,
)
from providers.models import Evidence

COMPANY_NUMBER = re.compile(r"[A-Z]{2}[0-9]{6}|[0-9]{8}")
SHORT_NUMBER = re.compile(r"[0-9]{6,7}")
MOST_PLACES = 2000
LONGEST_REASON_WORDS = 200
CONFIRM, REFUSE = "confirm", "refuse"


class RegisterForm(GovForm):
    """An organisation and its first person."""

    name = TextField(
        label="Name of your organisation",
        help_text="The company, charity or trust that would sign a contract",
        max_length=160,
    )
    company_number = TextField(
        label="Company number (optional)",
        help_text="8 characters, from Companies House. Leave it empty if you are not a company",
        max_length=12,
        required=False,
    )
    person_name = TextField(label="Your full name", max_length=120)
    email = forms.EmailField(
        label="Your work email address",
        help_text="You will sign in with it, and we will write to you there",
        max_length=254,
    )
    password = NewPasswordField(label="Choose a password")

    def clean_company_number(self) -> str:
        number = self.cleaned_data["company_number"].replace(" ", "").upper()
        if SHORT_NUMBER.fullmatch(number):
            number = number.zfill(8)
        if number and not COMPANY_NUMBER.fullmatch(number):
            raise forms.ValidationError(
                "Company number must be 8 figures, or 2 letters and 6 figures, like 01234567"
            )
        return number

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        check_new_password(self, typed.get("email", ""))
        return typed


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


class EvidenceForm(GovForm):
    """A certificate."""

    kind = forms.ChoiceField(
        label="What is it?",
        widget=forms.RadioSelect,
        choices=Evidence.Kind.choices,
        error_messages={"required": "Select what the certificate is for"},
    )
    number = TextField(
        label="Certificate or policy number (optional)", max_length=60, required=False
    )
    sum_insured = MoneyField(
        label="Sum insured",
        help_text="For insurance. The amount for any one claim, like £10,000,000",
        required=False,
        most=1_000_000_000_00,
    )
    issued_on = DateField(
        label="Valid from",
        help_text="For example, 1 9 2026",
        earliest=date(2000, 1, 1),
        error_messages={"required": "Enter the date from which it is valid"},
    )
    expires_on = DateField(
        label="Expires on",
        help_text="The last day on which it is valid. For a policy, the day of its next review",
        latest=date(2100, 1, 1),
        error_messages={"required": "Enter the date on which it expires"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_issued_on(self) -> date:
        issued: date = self.cleaned_data["issued_on"]
        if issued > self.today:
            raise forms.ValidationError("Valid from must be today or in the past")
        return issued

    def clean_expires_on(self) -> date:
        expires: date = self.cleaned_data["expires_on"]
        if expires < self.today:
            raise forms.ValidationError(
                "This certificate has expired. Enter the one that is valid now"
            )
        return expires


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
