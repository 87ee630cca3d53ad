"""What a provider types about an establishment that no register lists, and the decision."""

from __future__ import annotations

import re

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField, WholeNumberField
from dps.grid import NotAPostcode, Postcode
from providers.forms.establishments import CONFIRM, REFUSE, DecideClaimForm
from providers.models import Establishment
from providers.services.additions import OLDEST

NUMBER = re.compile(r"[A-Z]{0,2}[0-9]{4,8}")


class AdditionForm(GovForm):
    name = TextField(label="Name of the establishment", max_length=160)
    kind = forms.ChoiceField(
        label="What kind of establishment is it?",
        widget=forms.RadioSelect,
        choices=[(kind.value, Choice(kind.label)) for kind in Establishment.Kind],
        error_messages={"required": "Select what kind of establishment it is"},
    )
    number = TextField(
        label="Number at its inspectorate (optional)",
        help_text="The Ofsted URN, like SC012345, if it has one",
        max_length=10,
        required=False,
    )
    street = TextField(label="Building and street", max_length=120)
    town = TextField(label="Town or city", max_length=80)
    postcode = TextField(label="Postcode", max_length=10)
    phone = TextField(label="Telephone number", max_length=30)
    low_age = WholeNumberField(
        label="Lowest age",
        help_text="In years. Enter 0 if you take babies",
        error_messages={"required": "Enter the lowest age"},
        most=OLDEST,
    )
    high_age = WholeNumberField(
        label="Highest age",
        help_text="In years, at most 25",
        error_messages={"required": "Enter the highest age"},
        most=OLDEST,
    )

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].replace(" ", "").upper()
        if number and not NUMBER.fullmatch(number):
            raise forms.ValidationError("Number must be 4 to 8 figures, or letters before them")
        return number

    def clean_postcode(self) -> str:
        try:
            return str(Postcode.parse(self.cleaned_data["postcode"]))
        except NotAPostcode:
            raise forms.ValidationError(
                "Enter a full postcode in the United Kingdom, like BN11 1AA"
            ) from None


class DecideAdditionForm(DecideClaimForm):
    decision = forms.ChoiceField(
        label="Shall it be added to the directory?",
        widget=forms.RadioSelect,
        choices=[
            (CONFIRM, Choice("Yes, add it as this organisation’s own")),
            (REFUSE, Choice("No, refuse", reveals="reason")),
        ],
        error_messages={"required": "Select whether you add it or refuse"},
    )
