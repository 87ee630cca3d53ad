"""What the DPS manager types about a market: its period, ceiling and entry windows."""

from __future__ import annotations

from typing import Any

from dps.govuk.forms import DateField, GovForm, MoneyField, TextField, WordsField
from dps.models import EntryWindow
from dps.services.markets import MOST_CEILING_PENCE, NewWindow
from qualification.forms.words import LONGEST_REASON_WORDS


class ReasonForm(GovForm):
    """A change for which the reason is all that is asked."""

    reason = WordsField(
        label="Why?",
        help_text="The reason stands in the market’s history, for everybody to read",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter the reason"},
    )


class PeriodForm(ReasonForm):
    """The day on which a market is to end."""

    ends_on = DateField(
        label="New last day of the market",
        help_text="For example, 31 8 2028",
        error_messages={"required": "Enter the new last day of the market"},
    )
    field_order = ["ends_on", "reason"]


class CeilingForm(ReasonForm):
    ceiling = MoneyField(
        label="New value ceiling",
        help_text="Of everything that is bought through the market, as its notice says it."
        " Leave empty if there is none",
        required=False,
        least=1,
        most=MOST_CEILING_PENCE,
    )
    field_order = ["ceiling", "reason"]


class WindowForm(GovForm):
    opens_on = DateField(
        label="First day for applications",
        help_text="For example, 1 4 2027",
        error_messages={"required": "Enter the first day for applications"},
    )
    closes_on = DateField(
        label="Last day for applications (optional)",
        help_text="Leave empty to take them for as long as the market lasts",
        required=False,
    )
    questions_until = DateField(
        label="Last day for questions (optional)",
        help_text="Until when providers may ask about joining. Answers go to everybody",
        required=False,
    )
    note = TextField(
        label="A note to providers (optional)",
        help_text="It stands beside the dates on the public page",
        max_length=200,
        required=False,
    )

    @property
    def new(self) -> NewWindow:
        return NewWindow(**self.cleaned_data)

    @staticmethod
    def from_row(window: EntryWindow) -> dict[str, Any]:
        names = ("opens_on", "closes_on", "questions_until", "note")
        return {name: getattr(window, name) for name in names}
