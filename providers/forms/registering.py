"""What an organisation says when it registers."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from dps.govuk.forms import GovForm, TextField
from dps.models import Account

COMPANY_NUMBER = re.compile(r"[A-Z]{2}[0-9]{6}|[0-9]{8}")
SHORT_NUMBER = re.compile(r"[0-9]{6,7}")


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
    password = forms.CharField(
        label="Choose a password",
        help_text="At least 12 characters. Three words that have nothing to do with each other are"
        " strong and easy to remember",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
        error_messages={"required": "Enter a password"},
    )

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
        if typed.get("password"):
            try:
                validate_password(typed["password"], Account(email=typed.get("email", "")))
            except forms.ValidationError as error:
                self.add_error("password", [_plainly(one) for one in error.error_list])
        return typed


def _plainly(error: forms.ValidationError) -> str:
    """Django's three complaints about a password, as instructions."""
    words = {
        "password_too_short": "Password must be 12 characters or more",
        "password_too_common": "This password is known to many. Choose another one",
        "password_too_similar": "Password must not be like your email address",
    }
    return words.get(error.code or "", error.messages[0])
