"""What a provider types about joining."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dps.govuk.forms import Choice, GovForm, WordsField, speak_plainly
from dps.models import Category
from providers.models import Establishment
from qualification.forms.words import NO, YES
from qualification.models import Criterion


class StartForm(GovForm):
    """Which establishment applies for which category."""

    establishment = forms.ChoiceField(
        label="Which establishment?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select an establishment"},
    )
    category = forms.ChoiceField(
        label="Which category?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select a category"},
    )

    def __init__(
        self,
        *args: Any,
        establishments: Iterable[Establishment],
        categories: Iterable[Category],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer(
            "establishment",
            [(str(one.id), Choice(one.name, one.town or one.la_name)) for one in establishments],
        )
        self._offer(
            "category", [(str(one.id), Choice(one.name, one.service)) for one in categories]
        )

    def _offer(self, name: str, choices: list[tuple[str, Choice]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class YesNoForm(GovForm):
    """The answer to a pass or fail question."""

    passes = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No")],
        error_messages={"required": "Select yes or no"},
    )

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passes"].label = criterion.question.text
        self.fields["passes"].help_text = criterion.guidance


class StatementForm(GovForm):
    """A method statement, and the mark of the text that the page was opened with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = WordsField(
            label=criterion.question.text,
            help_text=criterion.guidance,
            max_words=criterion.word_limit,
            widget=forms.Textarea(attrs={"rows": 15}),
            error_messages={"required": "Enter your answer"},
        )
        speak_plainly(self.fields["text"])


class TypedForm(GovForm):
    """The same while it is still being typed: empty or too long is no fault yet."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = WordsField(max_words=criterion.word_limit * 10, required=False)
        speak_plainly(self.fields["text"])


class SendForm(GovForm):
    is_true = forms.BooleanField(
        label="I have the right to apply for this establishment, and what is written here is true",
        error_messages={"required": "Tick the box to say that what is written here is true"},
    )
