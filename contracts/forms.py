"""What people type on the pages of this app."""

from __future__ import annotations

from django import forms

from dps.govuk.forms import GovForm, TextField


class SignForm(GovForm):
    """A name typed to sign, and the hash of the paper that the page stated."""

    name = TextField(label="Your full name", max_length=120)
    has_read = forms.BooleanField(
        label="I have read the agreement and may sign for my side",
        error_messages={"required": "Tick the box if you have read it and may sign"},
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
