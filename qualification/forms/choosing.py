"""Which establishments of a provider apply for which categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import Choice, GovForm
from dps.models import Category
from providers.models import Establishment
from qualification.kinds import REGISTERED_AS, Fit, fit

MOST_NAMED = 3


class ChooseForm(GovForm):
    """Who applies for what; what is not of the kind that a category registers is said twice."""

    establishments = forms.MultipleChoiceField(
        label="Which establishments apply?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one establishment"},
    )
    categories = forms.MultipleChoiceField(
        label="For which categories?",
        help_text="They count for all the establishments that you select. If one differs, add or"
        " remove it on the next page",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one category"},
    )
    is_registered_twice = forms.BooleanField(
        label="What I selected is on the register of that category as well", required=False
    )

    def __init__(
        self,
        *args: Any,
        establishments: Iterable[Establishment],
        categories: Iterable[Category],
        asked: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._places = {str(one.id): one for one in establishments}
        self._categories = {str(one.id): one for one in categories}
        self._asked = asked
        self._offer(
            "establishments",
            [(key, Choice(one.name, self.hint(one))) for key, one in self._places.items()],
        )
        self._offer(
            "categories",
            [(key, Choice(one.name, self._about(one))) for key, one in self._categories.items()],
        )

    def _offer(self, name: str, choices: list[tuple[str, Choice]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def hint(self, one: Establishment) -> str:
        """Where it is; and of which kind, where the provider runs several kinds."""
        town = one.town or one.la_name
        if len({each.kind for each in self._places.values()}) < 2:
            return town
        return ", ".join(filter(None, (one.get_kind_display(), town)))

    def _about(self, one: Category) -> str:
        """What a category belongs to, where its name does not say it; whom it is not for."""
        fits = {self._fit(place, one) for place in self._places.values()}
        service = "" if one.service == one.name else one.service
        if fits <= {Fit.FITS}:
            return service
        only = f"Only for establishments that are registered as {self._register(one)}"
        return f"{service}. {only}" if service else only

    def _register(self, one: Category) -> str:
        return REGISTERED_AS[self._asked[one.id]]

    def _fit(self, place: Establishment, one: Category) -> Fit:
        return fit(place.kind, self._asked.get(one.id, ""))

    def ticked(self) -> list[str]:
        """The establishments ticked so far, also before the form is sent."""
        field = self.fields["establishments"]
        value = field.widget.value_from_datadict(self.data, self.files, "establishments")
        return list(value or self.initial.get("establishments", ()))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        never = self._misfits(given, Fit.NEVER)
        if never:
            self.add_error("categories", f"{never}. Take it out of what you select")
            return given
        twice = self._misfits(given, Fit.IF_REGISTERED_TWICE)
        if twice and not given.get("is_registered_twice"):
            self.add_error(
                "is_registered_twice",
                f"{twice}. Take it out of what you select, or tick this box if it is registered"
                " there as well",
            )
        return given

    @property
    def asks_for_the_register(self) -> bool:
        """Whether the box has to be shown: something selected is not of the kind."""
        return "is_registered_twice" in self.errors or bool(self.data.get("is_registered_twice"))

    def _misfits(self, given: Mapping[str, Any], wanted: Fit) -> str:
        """What is selected and does not fit, as the beginning of a sentence; empty if all fits."""
        found = [
            f"{place.name} is on our list as “{place.get_kind_display()}”, and"
            f" “{category.name}” is only for what is registered as {self._register(category)}"
            for place in (self._places[key] for key in given.get("establishments", ()))
            for category in (self._categories[key] for key in given.get("categories", ()))
            if self._fit(place, category) is wanted
        ]
        more = len(found) - MOST_NAMED
        return "; ".join(found[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
