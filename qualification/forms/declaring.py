"""What a provider types about exclusion grounds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from dps.govuk.forms import Choice, DateField, GovForm, TextField, WordsField
from qualification.exclusions import GROUNDS, ExclusionGround, GroundKind
from qualification.forms.words import LONGEST_REASON_WORDS, NO, YES
from qualification.models import Ground
from qualification.services.declaring import NewGround

NONE = "none"


def _choices(kind: GroundKind) -> list[tuple[str, Choice]]:
    return [(each.code, Choice(each.words, each.hint)) for each in GROUNDS if each.kind is kind]


class GroundsForm(GovForm):
    """Which grounds apply: those that must shut out, those that may, or none."""

    mandatory = forms.MultipleChoiceField(
        label="Has any of these happened in the last 5 years?",
        help_text="To your organisation, or to anybody who runs, controls or owns it, anywhere",
        widget=forms.CheckboxSelectMultiple,
        choices=_choices(GroundKind.MANDATORY),
        required=False,
    )
    discretionary = forms.MultipleChoiceField(
        label="Has any of these happened in the last 3 years?",
        help_text="To your organisation, or to anybody who runs, controls or owns it, anywhere",
        widget=forms.CheckboxSelectMultiple,
        choices=_choices(GroundKind.DISCRETIONARY),
        required=False,
    )
    none = forms.BooleanField(
        label="None of these applies to us", required=False, error_messages={"required": ""}
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        ticked = self.codes()
        if ticked and typed.get("none"):
            self.add_error("none", "Tick either the grounds that apply, or that none applies")
        if not ticked and not typed.get("none") and not self.errors:
            self.add_error("none", "Tick the grounds that apply, or that none applies")
        return typed

    def codes(self) -> list[str]:
        """Those ticked, in the order in which they stand."""
        ticked = {
            *self.cleaned_data.get("mandatory", ()),
            *self.cleaned_data.get("discretionary", ()),
        }
        return [each.code for each in GROUNDS if each.code in ticked]


class GroundForm(GovForm):
    """One ground that applies."""

    applies_to = forms.ChoiceField(
        label="Whom does it apply to?",
        widget=forms.RadioSelect,
        choices=Ground.AppliesTo.choices,
        error_messages={"required": "Select whom it applies to"},
    )
    in_uk = forms.ChoiceField(
        label="Did it happen in the UK?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No")],
        error_messages={"required": "Select yes or no"},
    )
    description = WordsField(
        label="What happened?",
        max_words=LONGEST_REASON_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Describe what happened"},
    )
    put_right = WordsField(
        label="What have you done so that it cannot happen again? (optional)",
        help_text="For example what was paid, who left, what was changed and who checks it."
        " Without this, and if it ended too recently, you cannot go on",
        max_words=LONGEST_REASON_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    ended_on = DateField(
        label="Day on which it ended (optional)",
        help_text="For a conviction, the day of the conviction. Leave empty if it goes on",
        required=False,
    )
    public_record = TextField(
        label="Where can it be read? (optional)",
        help_text="The address of a page of a public authority or court",
        required=False,
        max_length=300,
    )
    contact_email = forms.EmailField(
        label="Whom may we ask about it? (optional)",
        help_text="An email address",
        required=False,
        max_length=254,
    )

    def __init__(self, *args: Any, ground: ExclusionGround, today: date, **kwargs: Any) -> None:
        super().__init__(*args, prefix=ground.code, **kwargs)
        self.ground = ground
        ended = self.fields["ended_on"]
        assert isinstance(ended, DateField)
        ended.latest = today

    def new_ground(self) -> NewGround:
        typed = self.cleaned_data
        return NewGround(
            code=self.ground.code,
            applies_to=typed["applies_to"],
            in_uk=typed["in_uk"] == YES,
            description=typed["description"],
            put_right=typed["put_right"],
            public_record=typed["public_record"],
            ended_on=typed["ended_on"],
            contact_email=typed["contact_email"],
        )
