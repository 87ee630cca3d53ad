"""Discounts as they are typed: a few steps for siblings, a few for a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html

from dps.govuk.forms import GovForm, HundredthsField, WholeNumberField, speak_plainly
from qualification.discounts import FEWEST_CHILDREN, MOST_CHILDREN, WHOLE, DiscountKind, Step

STEPS = 4
"""How many each kind may have."""


class DiscountsForm(GovForm):
    """From so many children on, so much off; a row that is empty is none."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, steps: Iterable[Step] = (), **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(steps) | kwargs.pop("initial", {}), **kwargs)
        for kind in DiscountKind:
            for number in range(1, STEPS + 1):
                self._add_row(kind, number)

    def _add_row(self, kind: DiscountKind, number: int) -> None:
        children, percent = _names(kind, number)
        self.fields[children] = WholeNumberField(
            label=_numbered("From how many children", number),
            least=FEWEST_CHILDREN,
            most=MOST_CHILDREN,
            required=False,
        )
        self.fields[percent] = HundredthsField(
            label=_numbered("Off each place", number), least=1, most=WHOLE, required=False
        )
        speak_plainly(self.fields[children])
        speak_plainly(self.fields[percent])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for kind in DiscountKind:
            for number in range(1, STEPS + 1):
                children, percent = _names(kind, number)
                self._refuse_half(children, percent, "Enter the discount, or empty the row")
                self._refuse_half(percent, children, "Enter the number of children")
        return found

    def _refuse_half(self, given: str, lacking: str, words: str) -> None:
        is_given = self.cleaned_data.get(given) is not None
        if is_given and lacking not in self.errors and self.cleaned_data.get(lacking) is None:
            self.add_error(lacking, words)

    def rows(self, kind: DiscountKind) -> list[tuple[forms.BoundField, forms.BoundField]]:
        names = (_names(kind, number) for number in range(1, STEPS + 1))
        return [(self[children], self[percent]) for children, percent in names]

    def steps(self) -> list[Step]:
        """Of a valid form."""
        found = []
        for kind in DiscountKind:
            for number in range(1, STEPS + 1):
                children, percent = (self.cleaned_data[name] for name in _names(kind, number))
                if children is not None:
                    found.append(Step(kind, children, percent))
        return found

    def field_of(self, place: str | None) -> str | None:
        """Where a refusal of "siblings:3" is shown: the last row with that number."""
        found = None
        for kind in DiscountKind:
            for number in range(1, STEPS + 1):
                children, percent = _names(kind, number)
                if place == f"{kind.value}:{self.cleaned_data.get(children)}":
                    found = percent
        return found


def _initial(steps: Iterable[Step]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in DiscountKind:
        mine = [step for step in steps if step.kind is kind]
        for number, step in enumerate(mine, 1):
            children, percent = _names(kind, number)
            found[children], found[percent] = step.from_children, step.percent
    return found


def _names(kind: DiscountKind, number: int) -> tuple[str, str]:
    return f"{kind.value}_{number}_children", f"{kind.value}_{number}_percent"


def _numbered(words: str, number: int) -> Any:
    return format_html('{}<span class="govuk-visually-hidden"> (row {})</span>', words, number)
