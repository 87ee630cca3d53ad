"""Saying no to an invitation."""

from __future__ import annotations

from django import forms

from dps.govuk.forms import GovForm, TextField
from referrals.models import Invitation
from referrals.services.declining import LONGEST_NOTE


class DeclineForm(GovForm):
    reason = forms.ChoiceField(
        label="Why do you decline?",
        choices=Invitation.DeclineReason.choices,
        widget=forms.RadioSelect,
        help_text="The council sees this now. Reasons show the region which places are missing.",
        error_messages={"required": "Select why you decline"},
    )
    note = TextField(
        label="Anything to add (optional)",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
