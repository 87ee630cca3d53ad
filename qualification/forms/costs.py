"""The cost schedule as it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dps.govuk.forms import GovForm, MoneyField, speak_plainly
from dps.money import MOST_PENCE, Basis
from qualification.core_costs import CostEntry
from qualification.models import CoreCostLine
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
