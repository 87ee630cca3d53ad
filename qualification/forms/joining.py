"""What a provider types about joining."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField, WordsField, speak_plainly
from qualification.forms.words import LONGEST_REASON_WORDS, NO, YES
from qualification.models import Question

MORE_TO_SAY = "Is our record out of date, or is there more to say? (optional)"
SAID_BESIDE = {
    Question.Kind.REGISTRATION: (MORE_TO_SAY, "For example a new number, or a change of the name"),
    Question.Kind.INSPECTION: (
        MORE_TO_SAY,
        "For example a newer inspection: by whom, when, and with which result",
    ),
    Question.Kind.SHOWN: ("What can you offer? (optional)", "Councils can read this"),
}
"""The label and hint of the words beside a yes or no."""


class OverviewForm(GovForm):
    """What the table of a joining is narrowed to."""

    q = TextField(label="Name or town", required=False, max_length=60)
    category = forms.ChoiceField(label="Category", required=False)
    state = forms.ChoiceField(label="State", required=False)
    missing = forms.BooleanField(label="Only what is missing or does not pass", required=False)

    def __init__(
        self, *args: Any, categories: Iterable[tuple[str, str]], states: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("category", categories), ("state", states)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "All"), *choices]


class DifferentlyForm(GovForm):
    """The one establishment whose answer differs."""

    establishment = forms.ChoiceField(
        label="Which establishment is different?",
        error_messages={"required": "Select the establishment"},
    )

    def __init__(
        self, *args: Any, establishments: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["establishment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select one"), *establishments]


class YesNoForm(GovForm):
    """The answer to a pass or fail question."""

    passes = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No")],
        error_messages={"required": "Select yes or no"},
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passes"].label = question.text
        self.fields["passes"].help_text = question.guidance
        kind = Question.Kind(question.kind)
        if kind in SAID_BESIDE:
            label, hint = SAID_BESIDE[kind]
            self.fields["text"] = WordsField(
                label=label,
                help_text=hint,
                max_words=LONGEST_REASON_WORDS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            speak_plainly(self.fields["text"])


class StatementForm(GovForm):
    """A method statement, and the mark of the text that the page was opened with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = WordsField(
            label=question.text,
            help_text=question.guidance,
            max_words=question.word_limit,
            widget=forms.Textarea(attrs={"rows": 15}),
            error_messages={"required": "Enter your answer"},
        )
        speak_plainly(self.fields["text"])


class TypedForm(GovForm):
    """The same while it is still being typed: empty or too long is no fault yet."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = WordsField(max_words=question.word_limit * 10 or 1, required=False)
        speak_plainly(self.fields["text"])


class SendForm(GovForm):
    """What is sent, and the declaration of an administrator."""

    applications = forms.MultipleChoiceField(
        label="What do you want to send?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what you want to send"},
    )
    is_true = forms.BooleanField(
        label="I have the right to apply for these establishments, and what is written here is"
        " true",
        error_messages={"required": "Tick the box to say that what is written here is true"},
    )

    def __init__(self, *args: Any, complete: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["applications"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = complete
