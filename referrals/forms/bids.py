"""The form of a bid: what the referral lists to tick, words, and prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from dps.govuk.forms import (
    Choice,
    DateField,
    GovForm,
    HundredthsField,
    MoneyField,
    TextField,
    WordsField,
    speak_plainly,
)
from dps.money import MOST_PENCE, Basis, show
from referrals.bid_content import (
    FAMILY_WORDS,
    LONGEST_TITLE,
    MOST_VARIABLE_LINES,
    STATEMENT_WORDS,
    BidContent,
    BidLine,
)
from referrals.queries.referrals import Asked, Item
from referrals.scoring_terms import FULL_PERCENT, LineKind

BASES = ((Basis.WEEK.value, "a week"), (Basis.MONTH.value, "a month"), (Basis.YEAR.value, "a year"))
BASIS_WORDS = dict(BASES)
FIRST_ROWS = 2
YES, NO = "yes", "no"
SUBMITTING = "continue"


class BidForm(GovForm):
    """
    Strict when the bid goes on to be checked; a draft may leave anything out.

    Core costs can be lowered in either, and raised in neither.
    """

    needs_met = forms.MultipleChoiceField(
        label="Which of these needs can you meet?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply.",
    )
    features_met = forms.MultipleChoiceField(
        label="Which of these features do you offer?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply.",
    )
    statement = WordsField(
        label="How will you work towards the outcomes, and how will you show progress?",
        max_words=STATEMENT_WORDS,
        help_text="Evaluators read this without your name or price.",
        error_messages={"required": "Enter how you will work towards the outcomes"},
    )
    has_vacancy = forms.ChoiceField(
        label="Do you have a place for this child?",
        choices=[(YES, "Yes"), (NO, "Not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you have a place"},
    )
    earliest_start = DateField(
        label="Earliest start date",
        help_text="For example, 4 9 2027",
        error_messages={"required": "Enter the earliest date on which the child could start"},
    )
    family_words = WordsField(
        label="A few words to the family (optional)",
        max_words=FAMILY_WORDS,
        required=False,
        help_text="Shown to the parent or carer only if they are offered a choice. Not scored.",
    )
    discount = HundredthsField(
        label="Discount on the whole price (optional)",
        most=FULL_PERCENT,
        required=False,
        help_text="In per cent, for example 2.5",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lists: Asked,
        carried: tuple[BidLine, ...],
        initial: Mapping[str, Any],
        rows: int,
        is_strict: bool = True,
    ) -> None:
        self.carried, self.rows, self.is_strict = carried, rows, is_strict
        super().__init__(data, initial=dict(initial))
        prices = {**_core_fields(carried), **_variable_fields(rows)}
        for field in prices.values():
            speak_plainly(field)
        # In the order of the page, in which the summary of what is wrong lists it.
        self.fields |= {**prices, "discount": self.fields.pop("discount")}
        for name, items in (("needs_met", lists.needs), ("features_met", lists.features)):
            ticked: Any = self.fields[name]
            ticked.choices = _choices(items)
            if not ticked.choices:
                del self.fields[name]
        if not is_strict:
            for field in self.fields.values():
                field.required = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for line in self.carried:
            amount, most = said.get(f"core_{line.code}"), line.carried or 0
            if amount is not None and amount > most:
                words = f"{line.title} must be {show(most)} or less"
                self.add_error(f"core_{line.code}", f"{words}: it may be lowered, never raised")
        if self.is_strict:
            for number in range(self.rows):
                self._refuse_half_a_line(said, number)
        return said

    def _refuse_half_a_line(self, said: dict[str, Any], number: int) -> None:
        title, amount = f"variable_{number}_title", f"variable_{number}_amount"
        if said.get(title) and not said.get(amount) and amount not in self.errors:
            self.add_error(amount, "Enter the amount of this cost")
        if said.get(amount) and not said.get(title) and title not in self.errors:
            self.add_error(title, "Enter what this cost is for")

    def content(self) -> BidContent:
        """The bid as understood so far; what is wrong or missing is left out."""
        said = self.cleaned_data
        vacancy = {YES: True, NO: False}.get(said.get("has_vacancy") or "")
        return BidContent(
            needs_met=tuple(said.get("needs_met") or ()),
            features_met=tuple(said.get("features_met") or ()),
            statement=said.get("statement") or "",
            family_words=said.get("family_words") or "",
            has_vacancy=vacancy,
            earliest_start=said.get("earliest_start"),
            lines=(*self._core_lines(), *self._variable_lines()),
            discount=said.get("discount") or 0,
        )

    def _core_lines(self) -> Iterable[BidLine]:
        for line in self.carried:
            amount = self.cleaned_data.get(f"core_{line.code}")
            kept = line.amount if amount is None else amount
            yield BidLine(line.kind, line.code, line.title, line.basis, kept, line.carried)

    def _variable_lines(self) -> Iterable[BidLine]:
        said, place = self.cleaned_data, 0
        for number in range(self.rows):
            title = said.get(f"variable_{number}_title") or ""
            amount = said.get(f"variable_{number}_amount") or 0
            if title or amount:
                place += 1
                basis = Basis(said.get(f"variable_{number}_basis") or Basis.YEAR)
                yield BidLine(LineKind.VARIABLE, f"variable-{place}", title, basis, amount)

    @property
    def core_fields(self) -> list[Any]:
        return [self[f"core_{line.code}"] for line in self.carried]

    @property
    def variable_fields(self) -> list[dict[str, Any]]:
        parts = ("title", "amount", "basis")
        return [
            {part: self[f"variable_{number}_{part}"] for part in parts} | {"number": number + 1}
            for number in range(self.rows)
        ]

    @property
    def may_add(self) -> bool:
        return self.rows < MOST_VARIABLE_LINES


def initial_of(content: BidContent) -> dict[str, Any]:
    """What the form begins with, from a draft, a bid, or the carried costs alone."""
    vacancy = {True: YES, False: NO, None: ""}[content.has_vacancy]
    initial: dict[str, Any] = {
        "needs_met": list(content.needs_met),
        "features_met": list(content.features_met),
        "statement": content.statement,
        "family_words": content.family_words,
        "has_vacancy": vacancy,
        "earliest_start": content.earliest_start,
        "discount": content.discount or None,
    }
    for line in content.lines:
        if line.kind is LineKind.CORE:
            initial[f"core_{line.code}"] = line.amount
    for number, line in enumerate(content.variable_lines):
        initial[f"variable_{number}_title"] = line.title
        initial[f"variable_{number}_amount"] = line.amount or None
        initial[f"variable_{number}_basis"] = line.basis.value
    return initial


def rows_for(content: BidContent) -> int:
    """As many rows as there are lines, and one to write in."""
    return min(max(FIRST_ROWS, len(content.variable_lines) + 1), MOST_VARIABLE_LINES)


def posted_rows(posted: QueryDict) -> int:
    text = posted.get("rows", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else FIRST_ROWS
    return min(max(number, 1), MOST_VARIABLE_LINES)


def typed(posted: QueryDict) -> dict[str, Any]:
    """Everything as it was typed, right or wrong, to be shown again without messages."""
    initial: dict[str, Any] = {name: posted.get(name, "") for name in posted}
    for name in ("needs_met", "features_met"):
        initial[name] = posted.getlist(name)
    initial["earliest_start"] = [
        posted.get(f"earliest_start_{part}", "") for part in ("day", "month", "year")
    ]
    return initial


def _choices(items: tuple[Item, ...]) -> list[tuple[str, str]]:
    return [(item.key, Choice(item.text, _hint(item))) for item in items]


def _hint(item: Item) -> str:
    marks = "1 mark" if item.marks == 1 else f"{item.marks} marks"
    if item.is_essential:
        return f"{marks}. Essential: a bid without it is left out"
    if item.kind:
        return f"{marks}. {'Must have' if item.kind == 'must_have' else 'Desirable'}"
    return marks


def _core_fields(carried: tuple[BidLine, ...]) -> dict[str, forms.Field]:
    return {
        f"core_{line.code}": MoneyField(
            label=f"{line.title}, {BASIS_WORDS[line.basis.value]}",
            most=MOST_PENCE,
            help_text=f"Carried from qualification: {show(line.carried or 0)}",
        )
        for line in carried
    }


def _variable_fields(rows: int) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for number in range(rows):
        fields[f"variable_{number}_title"] = TextField(
            label="What it is for", max_length=LONGEST_TITLE, required=False
        )
        fields[f"variable_{number}_amount"] = MoneyField(
            label="Amount", most=MOST_PENCE, required=False
        )
        fields[f"variable_{number}_basis"] = forms.ChoiceField(
            label="For", choices=BASES, required=False
        )
    return fields
