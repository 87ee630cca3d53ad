"""What is typed to publish contract terms, and to accept them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from dps.govuk.forms import DateField, GovForm, TextField, WordsField
from qualification.models import Terms
from qualification.services.terms import MOST_CHANGE_WORDS, MOST_WORDS, NewTerms, Signature
from qualification.shipped_terms import TITLE, first_text

USUAL_DAYS = 28
"""Offered from today on to accept a version."""


class TermsForm(GovForm):
    """The next version, which begins as the last one was."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)
    title = TextField(label="Title", max_length=120, error_messages={"required": "Enter the title"})
    change = WordsField(
        label="What is new in it",
        help_text="Every provider on the list gets these words by email",
        max_words=MOST_CHANGE_WORDS,
        error_messages={"required": "Enter what is new in it"},
    )
    text = WordsField(
        label="The whole text",
        help_text="Leave an empty line between paragraphs. A line that begins with # is a heading,"
        " one that begins with - is a point of a list",
        max_words=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 24}),
        error_messages={"required": "Enter the text"},
    )
    from_date = DateField(
        label="From which day does it hold?",
        error_messages={"required": "Enter the day from which it holds"},
    )
    accept_by = DateField(
        label="Last day to accept it",
        help_text="We remind those who have not 14 and 3 days before, and the day after",
        error_messages={"required": "Enter the last day to accept it"},
    )

    def __init__(self, *args: Any, last: Terms | None, today: date, **kwargs: Any) -> None:
        usual = today + timedelta(days=USUAL_DAYS)
        kwargs["initial"] = {
            "after": last.number if last else 0,
            "title": last.title if last else TITLE,
            "text": last.text if last else first_text(),
            "from_date": usual,
            "accept_by": usual,
        }
        super().__init__(*args, **kwargs)
        if last is None:
            del self.fields["change"]

    @property
    def new(self) -> NewTerms:
        return NewTerms(**{"change": "", **self.cleaned_data})


class AcceptForm(GovForm):
    """A name typed to sign, in which position, and the hash of the text on the page."""

    signatory = TextField(
        label="Your full name", max_length=120, error_messages={"required": "Enter your full name"}
    )
    position = TextField(
        label="Your position",
        help_text="For example, director or head teacher",
        max_length=120,
        error_messages={"required": "Enter your position"},
    )
    may_sign = forms.BooleanField(
        label="I have read these terms and may sign for my organisation",
        error_messages={"required": "Tick the box if you have read the terms and may sign"},
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    @property
    def signature(self) -> Signature:
        return Signature(**{k: v for k, v in self.cleaned_data.items() if k != "may_sign"})
