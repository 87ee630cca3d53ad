"""What an organisation says when it registers."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from dps.forms import NewPasswordField, check_new_password
from dps.govuk.forms import GovForm, TextField

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
