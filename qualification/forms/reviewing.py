"""What is typed about a review of a score: the proposal, the reply, the decision, the rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import (
    Choice,
    DateField,
    GovForm,
    WholeNumberField,
    WordsField,
    speak_plainly,
)
from qualification.forms.words import LONGEST_REASON_WORDS
from qualification.grades import DESCRIPTORS
from qualification.models import ScoreReview
from qualification.reviewing import EVERY, LONGEST_REPLY, SHORTEST_REPLY, Line, has_room
from qualification.services.reviewing import Proposal

Outcome = ScoreReview.Outcome
GRADE_CHOICES = [(str(each.grade), f"{each.grade}: {each.name}") for each in DESCRIPTORS]


class ProposeForm(GovForm):
    """A grade and its reason for each statement, then what is said of the whole."""

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Line],
        held: Iterable[tuple[str, str]],
        earliest: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            self.fields[f"grade_{each.code}"] = forms.ChoiceField(
                label="Grade",
                choices=GRADE_CHOICES,
                initial=str(each.before),
                error_messages={"required": f"Select the grade of “{each.title}”"},
            )
            self.fields[f"reason_{each.code}"] = WordsField(
                label="Why the grade changes (leave empty if it stays)",
                max_words=LONGEST_REASON_WORDS,
                required=False,
            )
        self._ask_the_rest(held, earliest)

    def _ask_the_rest(self, held: Iterable[tuple[str, str]], earliest: date) -> None:
        self.fields["reason"] = WordsField(
            label="Reason for the proposal",
            help_text="The provider reads this, and may reply before anything is decided",
            max_words=LONGEST_REASON_WORDS,
            error_messages={"required": "Enter the reason for the proposal"},
        )
        self.fields["evidence"] = WordsField(
            label="What shows it",
            help_text="For example visits, monitoring reports, outcomes of children placed. No"
            " child’s name",
            max_words=LONGEST_REASON_WORDS,
            required=False,
        )
        self.fields["held"] = forms.ChoiceField(
            label="A piece of evidence that we hold (optional)",
            choices=[("", "None"), *held],
            required=False,
        )
        self.fields["effective_from"] = DateField(
            label="From which day does the new score count?",
            help_text="A referral counts the score in force at its deadline",
            initial=earliest,
            error_messages={"required": "Enter the day from which the new score counts"},
        )
        for field in self.fields.values():
            speak_plainly(field)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for each in self.lines:
            grade, name = typed.get(f"grade_{each.code}"), f"reason_{each.code}"
            changes = grade is not None and int(grade) != each.before
            if changes and not typed.get(name) and name not in self.errors:
                self.add_error(name, f"Enter why the grade of “{each.title}” changes")
        if not typed.get("evidence") and not typed.get("held") and not self.errors:
            self.add_error("evidence", "Say what shows it, or select a piece of evidence")
        return typed

    @property
    def proposal(self) -> Proposal:
        typed = self.cleaned_data
        return Proposal(
            reason=typed["reason"],
            effective_from=typed["effective_from"],
            grades={
                each.code: (int(typed[f"grade_{each.code}"]), typed[f"reason_{each.code}"])
                for each in self.lines
            },
            evidence=typed["evidence"],
            held_id=UUID(typed["held"]) if typed["held"] else None,
        )


class ReviewReplyForm(GovForm):
    text = WordsField(
        label="Your reply",
        help_text="Say what you see otherwise, and what shows it. Somebody else than who proposed"
        " it reads your reply before the decision",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter your reply"},
    )


class ReviewDecisionForm(GovForm):
    """Kept, changed as proposed, or with grades in between where there is room for any."""

    outcome = forms.ChoiceField(
        label="What becomes of the score?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what becomes of the score"},
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.between = [each for each in lines if each.changes] if has_room(lines) else []
        choices = [(Outcome.KEPT.value, Choice(Outcome.KEPT.label))]
        if any(each.changes for each in lines):
            choices.append((Outcome.CHANGED.value, Choice(Outcome.CHANGED.label)))
        if self.between:
            hint = "Choose the grades below"
            choices.append((Outcome.IN_BETWEEN.value, Choice(Outcome.IN_BETWEEN.label, hint)))
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        for each in self.between:
            self.fields[f"between_{each.code}"] = forms.ChoiceField(
                label=f"{each.title}: grade if in between",
                choices=[choice for choice in GRADE_CHOICES if int(choice[0]) in each.between],
                initial=str(each.after),
                required=False,
            )
        self.fields["reason"] = WordsField(
            label="Reason for the decision",
            help_text="The provider reads it in the letter. Answer its reply, if there is one",
            max_words=LONGEST_REASON_WORDS,
            error_messages={"required": "Enter the reason for the decision"},
        )
        for field in self.fields.values():
            speak_plainly(field)

    @property
    def grades(self) -> dict[str, int]:
        typed = self.cleaned_data
        return {
            each.code: int(typed[f"between_{each.code}"])
            for each in self.between
            if typed.get(f"between_{each.code}")
        }


class ReviewRuleForm(GovForm):
    """How often, from which day."""

    category = forms.ChoiceField(
        label="Category", error_messages={"required": "Select the category"}
    )
    months = forms.ChoiceField(
        label="How often are its scores reviewed?",
        widget=forms.RadioSelect,
        choices=[(str(number), f"Every {number} months") for number in EVERY],
        error_messages={"required": "Select how often its scores are reviewed"},
    )
    reply_days = WholeNumberField(
        label="Working days for the provider’s reply",
        least=SHORTEST_REPLY,
        most=LONGEST_REPLY,
        error_messages={"required": "Enter the number of working days for a reply"},
    )
    from_date = DateField(
        label="From which day?", error_messages={"required": "Enter the day from which it applies"}
    )
    reason = WordsField(
        label="Reason",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason"},
    )

    def __init__(self, *args: Any, categories: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(categories)
