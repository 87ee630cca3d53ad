"""What the lists of this app can be searched by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from contracts.compliance import WARN_DAYS
from contracts.states import WORDS
from dps.govuk.forms import GovForm, TextField
from dps.models import Authority, Category
from providers.models import Establishment
from qualification.models import Qualification, Suspension


class TextFilter(django_filters.Filter):
    field_class = TextField


class AgreementFilter(django_filters.FilterSet):
    search = TextFilter(
        method="by_words", label="Reference, establishment or provider", max_length=60
    )
    state = django_filters.ChoiceFilter(
        label="State",
        empty_label="Any state",
        choices=[(state.value, words) for state, words in WORDS.items()],
    )

    class Meta:
        form = GovForm

    def by_words(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return rows.filter(
            Q(reference__icontains=words)
            | Q(establishment__name__icontains=words)
            | Q(provider__name__icontains=words)
        )


class MasterLogFilter(django_filters.FilterSet):
    """Of `contracts.queries.master_log.logged()`, whose annotations it reads."""

    search = TextFilter(method="by_words", label="Name, provider or URN", max_length=60)
    status = django_filters.ChoiceFilter(
        method="by_status",
        label="Status",
        empty_label="Any status",
        choices=[
            ("qualified", "Qualified"),
            ("suspended", "Suspended"),
            ("ended", "No longer on a list"),
        ],
    )
    category = django_filters.ChoiceFilter(
        method="by_category", label="Qualified for", empty_label="Any category", choices=()
    )
    cause = django_filters.ChoiceFilter(
        method="by_cause",
        label="Ever suspended because",
        empty_label="Any or no cause",
        choices=Suspension.Cause.choices,
    )
    insurance = django_filters.ChoiceFilter(
        method="by_insurance",
        label="Insurance",
        empty_label="Any",
        choices=[
            ("none", "Expired or not on record"),
            ("soon", f"Runs out within {max(WARN_DAYS)} days"),
        ],
    )

    class Meta:
        model = Establishment
        fields: tuple[str, ...] = ()
        form = GovForm

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.filters["category"].extra["choices"] = _categories()

    def by_words(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        either = Q(name__icontains=words) | Q(provider__name__icontains=words)
        return rows.filter(either | Q(urn=words))

    def by_status(self, rows: QuerySet[Any], _name: str, status: str) -> QuerySet[Any]:
        if status == "ended":
            return rows.filter(is_listed=False)
        return rows.filter(is_listed=True, is_suspended=status == "suspended")

    def by_category(self, rows: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        listed = Qualification.objects.filter(category__code=code, ended_at__isnull=True)
        return rows.filter(pk__in=listed.values("establishment_id"))

    def by_cause(self, rows: QuerySet[Any], _name: str, cause: str) -> QuerySet[Any]:
        caused = Suspension.objects.filter(cause=cause)
        return rows.filter(pk__in=caused.values("establishment_id"))

    def by_insurance(self, rows: QuerySet[Any], _name: str, which: str) -> QuerySet[Any]:
        if which == "none":
            return rows.filter(Q(insured_until__isnull=True) | Q(insured_until__lt=self.today))
        last = self.today + timedelta(days=max(WARN_DAYS))
        return rows.filter(insured_until__range=(self.today, last))


class RegionalAwardFilter(django_filters.FilterSet):
    """Reads what is chosen; the query applies it to one authority after the other."""

    authority = django_filters.ChoiceFilter(
        method="not_here", label="Council", empty_label="All councils", choices=()
    )
    category = django_filters.ChoiceFilter(
        method="not_here", label="Category", empty_label="All categories", choices=()
    )

    class Meta:
        form = GovForm

    def __init__(self, *args: Any, authorities: list[Authority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["authority"].extra["choices"] = [
            (str(one.pk), one.name) for one in authorities
        ]
        self.filters["category"].extra["choices"] = _categories()

    def chosen(self, name: str) -> str:
        self.form.is_valid()
        return self.form.cleaned_data.get(name) or ""

    def not_here(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows


def _categories() -> list[tuple[str, str]]:
    return [(one.code, f"{one.service}: {one.name}") for one in Category.objects.all()]
