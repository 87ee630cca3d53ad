"""What the second person types about applications, one or several of a joining."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField, WordsField
from qualification.forms.words import LONGEST_REASON_WORDS, NO, YES
from qualification.states import WITH_THE_TEAM, WORDS

ANSWERS = (
    (YES, Choice("Yes", "It goes on the list at once, and councils can invite it")),
    (NO, Choice("No", "The provider can put it right and apply again at any time")),
)


class DecisionForm(GovForm):
    decision = forms.ChoiceField(
        label="Does the establishment qualify?",
        widget=forms.RadioSelect,
        choices=ANSWERS,
        error_messages={"required": "Select whether the establishment qualifies"},
    )
    failed = forms.MultipleChoiceField(
        label="What does not pass?",
        help_text="The provider is asked for these alone when they apply again",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = WordsField(
        label="Reason for the decision",
        help_text="The provider reads this in the outcome letter. If it does not qualify, say what"
        " has to be put right, and how",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the decision"},
    )

    def __init__(
        self, *args: Any, failing: Iterable[tuple[str, str]], may_qualify: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = list(failing)
        self._offer_only(YES if may_qualify else "", NO if choices else "")
        field = self.fields["failed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = "Select what a check has found not to pass"
        field.initial = [code for code, _ in choices]
        if not choices:
            del self.fields["failed"]

    def _offer_only(self, *possible: str) -> None:
        """Shown are the answers that lead on; whoever sends another one reads why it cannot be."""
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        self.offers = [key for key in possible if key]
        field.widget.choices = [each for each in ANSWERS if each[0] in self.offers]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("decision") == NO and "failed" in self.fields and not typed.get("failed"):
            self.add_error("failed", "Select what does not pass")
        return typed


class TogetherForm(GovForm):
    """One decision for several that can all qualify."""

    reason = WordsField(
        label="Reason for the decision",
        help_text="Each outcome letter carries it, with that establishment’s own grades",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the decision"},
    )


class ReopenForm(GovForm):
    reason = WordsField(
        label="Why is the grading opened again?",
        help_text="It is kept on record. The agreed grades can then be changed",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for opening it again"},
    )


class WorkFilterForm(GovForm):
    """What the work list can be narrowed by."""

    search = TextField(label="Provider or establishment", max_length=60, required=False)
    stage = forms.MultipleChoiceField(
        label="Stage",
        choices=[(state.value, WORDS[state]) for state in WITH_THE_TEAM],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    category = forms.MultipleChoiceField(
        label="Category", widget=forms.CheckboxSelectMultiple, required=False
    )
    risk = forms.BooleanField(label="Only with something to look at", required=False)

    def __init__(self, *args: Any, categories: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(categories)
