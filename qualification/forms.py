"""What people type about applications and suspensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dps.govuk.forms import Choice, GovForm, MoneyField, WordsField, speak_plainly
from dps.models import Category
from dps.money import MOST_PENCE, Basis
from providers.models import Establishment
from qualification.core_costs import CostEntry
from qualification.grades import DESCRIPTORS
from qualification.models import CoreCostLine, Criterion, Suspension
from qualification.queries.applications import Costed

YES, NO = "yes", "no"
LONGEST_REASON_WORDS = 400


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
        self.fields["passes"].label = criterion.question
        self.fields["passes"].help_text = criterion.guidance


class StatementForm(GovForm):
    """A method statement, and the mark of the text that the page was opened with."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = WordsField(
            label=criterion.question,
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


class CoreCostsForm(GovForm):
    """An amount and a basis for each head of the schedule; what is empty is not saved yet."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, costed: Iterable[Costed], **kwargs: Any) -> None:
        self.costed = tuple(costed)
        super().__init__(*args, initial=self._saved() | kwargs.pop("initial", {}), **kwargs)
        for each in self.costed:
            self.fields[_amount(each)] = MoneyField(
                label=each.head.title,
                help_text=each.head.guidance,
                required=False,
                most=MOST_PENCE,
            )
            self.fields[_basis(each)] = forms.ChoiceField(
                label=_for_each(each.head.title),
                choices=[(basis.value, basis.value.capitalize()) for basis in Basis],
                initial=Basis.YEAR.value,
                error_messages={"required": "Select week, month or year"},
            )
            speak_plainly(self.fields[_amount(each)])
            speak_plainly(self.fields[_basis(each)])

    def rows(self) -> Iterator[tuple[Costed, forms.BoundField, forms.BoundField]]:
        for each in self.costed:
            yield each, self[_amount(each)], self[_basis(each)]

    def entries(self) -> list[CostEntry]:
        """The lines that can be read, also when others cannot."""
        typed = getattr(self, "cleaned_data", {})
        return [
            CostEntry(each.head.code, typed[_amount(each)], Basis(typed[_basis(each)]))
            for each in self.costed
            if typed.get(_amount(each)) is not None and typed.get(_basis(each))
        ]

    def unread(self) -> list[str]:
        """The heads whose amount cannot be read."""
        return [each.head.title for each in self.costed if _amount(each) in self.errors]

    def _saved(self) -> dict[str, Any]:
        saved: dict[str, Any] = {}
        for each in self.costed:
            line: CoreCostLine | None = each.line
            if line is not None:
                saved[_amount(each)], saved[_basis(each)] = line.amount_pence, line.basis
        return saved


def _for_each(title: str) -> SafeString:
    """Seen, the label stands beside its cost; heard alone, it says which cost it is for."""
    return format_html('For each<span class="govuk-visually-hidden">: {}</span>', title)


def _amount(each: Costed) -> str:
    return f"amount_{each.head.code}"


def _basis(each: Costed) -> str:
    return f"basis_{each.head.code}"


class SendForm(GovForm):
    is_true = forms.BooleanField(
        label="I have the right to apply for this establishment, and what is written here is true",
        error_messages={"required": "Tick the box to say that what is written here is true"},
    )


class GradeForm(GovForm):
    """A grade with its published meaning, and the reason that the provider reads."""

    grade = forms.TypedChoiceField(
        label="Grade",
        widget=forms.RadioSelect,
        coerce=int,
        choices=[
            (each.grade, Choice(f"{each.grade}: {each.name}", each.meaning)) for each in DESCRIPTORS
        ],
        error_messages={"required": "Select a grade from 0 to 5"},
    )
    reason = WordsField(
        label="Reason for the grade",
        help_text="The provider reads this. Say what was good, and what would earn more",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the grade"},
    )


class DecisionForm(GovForm):
    decision = forms.ChoiceField(
        label="Does the establishment qualify?",
        widget=forms.RadioSelect,
        choices=[
            (YES, Choice("Yes", "It goes on the list at once, and councils can invite it")),
            (NO, Choice("No", "The provider can put it right and apply again at any time")),
        ],
        error_messages={"required": "Select whether the establishment qualifies"},
    )
    reason = WordsField(
        label="Reason for the decision",
        help_text="The provider reads this in the outcome letter. If it does not qualify, say what"
        " has to be put right, and how",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the decision"},
    )


class SuspendForm(GovForm):
    cause = forms.ChoiceField(
        label="What is the cause?",
        widget=forms.RadioSelect,
        choices=Suspension.Cause.choices,
        error_messages={"required": "Select the cause"},
    )
    reason = WordsField(
        label="Reason for the suspension",
        help_text="The provider and all councils read this. Say what would lift it",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for the suspension"},
    )


class ReinstateForm(GovForm):
    reason = WordsField(
        label="Reason for lifting the suspension",
        help_text="The provider and all councils read this",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason for lifting the suspension"},
    )
