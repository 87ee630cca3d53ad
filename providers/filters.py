"""What the directory, and a provider's evidence, can be searched by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from dps.govuk.forms import GovForm, TextField, WholeNumberField
from dps.grid import GridPoint, outcode_of, outcode_point
from dps.models import Category
from providers.evidence_standing import Standing
from providers.models import Establishment, Evidence
from providers.presenters.evidence import NAMES
from providers.presenters.facts import qualified_ids
from providers.queries import directory, evidence

MILES = (5, 10, 15, 20, 30, 40, 60)
OLDEST_CHILD = 25
FOR_ALL = "all"
VACANCIES, CLOSED = "vacancies", "closed"
NEAR_HINT = "The first half is enough, like BN11. We measure from the middle of its area."


class SearchForm(GovForm):
    """A limit in miles needs a place to measure from."""

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("miles") and not chosen.get("near") and "near" not in self.errors:
            self.add_error("near", "Enter a postcode to measure the miles from")
        return chosen


class OutcodeField(TextField):
    """A postcode or its first half, as the outward code; the rest is not kept."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        outcode = outcode_of(text)
        if outcode is None:
            raise forms.ValidationError("Enter a postcode or its first half, like BN11 1AA or BN11")
        if outcode_point(outcode) is None:
            raise forms.ValidationError(f"We do not know where {outcode} is. Try one nearby")
        return outcode


class TextFilter(django_filters.Filter):
    field_class = TextField


class NumberFilter(django_filters.Filter):
    field_class = WholeNumberField


class OutcodeFilter(django_filters.Filter):
    field_class = OutcodeField


class DirectoryFilter(django_filters.FilterSet):
    """Name, category, area, age, kind, distance, vacancies; closed ones only on request."""

    search = TextFilter(method="by_name", label="Name, town, provider or URN", max_length=100)
    near = OutcodeFilter(
        method="nothing_yet", label="Near postcode", help_text=NEAR_HINT, max_length=10
    )
    miles = django_filters.ChoiceFilter(
        method="nothing_yet",
        label="Within",
        empty_label="Any distance",
        choices=[(str(n), f"{n} miles") for n in MILES],
    )
    category = django_filters.ChoiceFilter(
        method="by_category", label="Qualified for", empty_label="Any category", choices=()
    )
    area = django_filters.ChoiceFilter(
        method="by_area", label="Local authority area", empty_label="Any area", choices=()
    )
    kind = django_filters.ChoiceFilter(
        label="Kind", empty_label="Any kind", choices=Establishment.Kind.choices
    )
    age = NumberFilter(method="by_age", label="Age of the child", most=OLDEST_CHILD)
    show = django_filters.MultipleChoiceFilter(
        method="by_vacancies",
        label="Show",
        choices=[(VACANCIES, "Only those with vacancies"), (CLOSED, "Closed ones too")],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Establishment
        fields: tuple[str, ...] = ()
        form = SearchForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = Category.objects.select_related("market").order_by("position", "code")
        self.filters["category"].extra["choices"] = [
            (one.code, f"{one.service}: {one.name}") for one in categories
        ]
        self.filters["area"].extra["choices"] = [
            (directory.PARTNERS, "All partner councils"),
            *((name, name) for name in directory.areas()),
        ]

    @property
    def origin(self) -> GridPoint | None:
        """The point to measure from, when a place was given that is known."""
        outcode = self._given("near")
        return outcode_point(outcode) if outcode else None

    @property
    def miles_asked(self) -> int | None:
        miles = self._given("miles")
        return int(miles) if miles else None

    def _given(self, name: str) -> Any:
        if not self.is_bound:
            return None
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    def filter_queryset(self, queryset: QuerySet[Establishment]) -> QuerySet[Establishment]:
        """Filters that were understood apply; the others say so at their field."""
        if CLOSED not in (self._given("show") or ()):
            queryset = queryset.filter(is_open=True)
        found = super().filter_queryset(queryset)
        if self.origin is None:
            return found
        if self.miles_asked is None:
            return directory.with_square(found, self.origin)
        return directory.within(found, self.origin, self.miles_asked)

    def by_name(self, found: Any, _name: str, value: str) -> Any:
        return directory.named(found, value) if value else found

    def by_category(self, found: Any, _name: str, value: str) -> Any:
        return found.filter(pk__in=qualified_ids(value))

    def by_area(self, found: Any, _name: str, value: str) -> Any:
        return directory.in_area(found, value)

    def by_age(self, found: Any, _name: str, value: int | None) -> Any:
        return found if value is None else directory.taking_age(found, value)

    def by_vacancies(self, found: Any, _name: str, value: list[str]) -> Any:
        return found.filter(vacancies__gt=0) if VACANCIES in value else found

    def nothing_yet(self, found: Any, _name: str, _value: Any) -> Any:
        """Place and miles are read together, at the end."""
        return found


class EvidenceFilter(django_filters.FilterSet):
    """Of a provider's evidence; without a choice of state, what is kept now."""

    kind = django_filters.ChoiceFilter(
        label="Kind", empty_label="Any kind", choices=Evidence.Kind.choices
    )
    state = django_filters.ChoiceFilter(
        method="by_state",
        label="State",
        empty_label="Held now, in any state",
        choices=[(each.value, words) for each, words in NAMES.items()],
    )
    establishment = django_filters.ChoiceFilter(
        method="by_establishment", label="For", empty_label="Anybody", choices=()
    )

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ()
        form = GovForm

    def __init__(self, *args: Any, today: date, mine: list[Establishment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["establishment"].extra["choices"] = [
            (FOR_ALL, "The whole organisation"),
            *((str(one.pk), one.name) for one in mine),
        ]

    def filter_queryset(self, queryset: QuerySet[Evidence]) -> QuerySet[Evidence]:
        if self.form.cleaned_data.get("state") not in (Standing.REPLACED, Standing.WITHDRAWN):
            queryset = queryset.filter(replaced_by__isnull=True, withdrawn_at__isnull=True)
        return super().filter_queryset(queryset)

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return evidence.standing_as(rows, Standing(value), self.today)

    def by_establishment(self, rows: Any, _name: str, value: str) -> Any:
        if value == FOR_ALL:
            return rows.filter(establishment__isnull=True)
        return rows.filter(establishment_id=value)
