"""The cost schedule as it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dps.govuk.forms import GovForm, MoneyField, speak_plainly
from dps.money import MOST_PENCE, Basis
from qualification.core_costs import CostEntry, Driver
from qualification.models import CoreCostLine, CostDriver
from qualification.queries.applications import Costed


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
                label=_heard("For each", each.head.title),
                choices=[(basis.value, basis.value.capitalize()) for basis in Basis],
                initial=Basis.YEAR.value,
                error_messages={"required": "Select week, month or year"},
            )
            self.fields[_driver(each)] = forms.ChoiceField(
                label=_heard("What moves it", each.head.title),
                choices=CostDriver.choices,
                initial=each.head.driver,
                required=False,
            )
            for name in (_amount, _basis, _driver):
                speak_plainly(self.fields[name(each)])

    def rows(
        self,
    ) -> Iterator[tuple[Costed, forms.BoundField, forms.BoundField, forms.BoundField]]:
        for each in self.costed:
            yield each, self[_amount(each)], self[_basis(each)], self[_driver(each)]

    def entries(self) -> list[CostEntry]:
        """The lines that can be read, also when others cannot."""
        typed = getattr(self, "cleaned_data", {})
        return [
            CostEntry(
                each.head.code,
                typed[_amount(each)],
                Basis(typed[_basis(each)]),
                Driver(typed.get(_driver(each)) or each.head.driver),
                each.head.in_stay,
            )
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
                saved[_driver(each)] = line.driver
        return saved


class CopyForm(GovForm):
    """Which other establishment's costs to take."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(*args, **kwargs)
        self.fields["source"] = forms.ChoiceField(
            label="Which establishment’s costs?",
            choices=choices,
            error_messages={"required": "Select an establishment"},
        )
        speak_plainly(self.fields["source"])


def _heard(words: str, title: str) -> SafeString:
    """Seen, the label stands beside its cost; heard alone, it says which cost it is for."""
    return format_html('{}<span class="govuk-visually-hidden">: {}</span>', words, title)


def _amount(each: Costed) -> str:
    return f"amount_{each.head.code}"


def _basis(each: Costed) -> str:
    return f"basis_{each.head.code}"


def _driver(each: Costed) -> str:
    return f"driver_{each.head.code}"
