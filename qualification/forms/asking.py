"""What providers ask about joining, and what the central team answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import Choice, GovForm, WordsField
from dps.models import Market
from qualification.asking_time import MOST_WORDS
from qualification.services.clarifying import MOST_ANSWER_WORDS, NewQuestion


class AskForm(GovForm):
    """A question, about a market as a whole or about one of its categories."""

    about = forms.ChoiceField(
        label="What is your question about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what your question is about"},
    )
    text = WordsField(
        label="Your question",
        help_text="Leave out the names of your organisation, your schools and your homes:"
        " everybody will read it",
        max_words=MOST_WORDS,
        error_messages={"required": "Enter your question"},
    )

    def __init__(self, *args: Any, markets: Iterable[Market], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[UUID, UUID | None]] = {}
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(self._choices(markets))

    def _choices(self, markets: Iterable[Market]) -> Iterable[tuple[str, str]]:
        for market in markets:
            # No category's code has a star.
            general = f"*{market.code}"
            self.places[general] = (market.pk, None)
            yield general, Choice("Joining in general", hint=market.name)
            for category in market.categories.all():
                self.places[category.code] = (market.pk, category.pk)
                yield category.code, category.name

    @property
    def new(self) -> NewQuestion:
        market_id, category_id = self.places[self.cleaned_data["about"]]
        return NewQuestion(market_id, self.cleaned_data["text"], category_id)


class AnswerForm(GovForm):
    question = WordsField(
        label="The question, as everybody will read it",
        help_text="Write it anew where it gives away who asked",
        max_words=MOST_WORDS,
        error_messages={"required": "Enter the question to publish"},
    )
    answer = WordsField(
        label="Your answer",
        max_words=MOST_ANSWER_WORDS,
        error_messages={"required": "Enter the answer"},
    )


class NotPublishedForm(GovForm):
    reason = WordsField(
        label="Why it is not answered to everybody",
        help_text="Only the provider that asked reads this. Say where the answer is, or who can"
        " help",
        max_words=MOST_ANSWER_WORDS,
        error_messages={"required": "Enter the reason"},
    )
