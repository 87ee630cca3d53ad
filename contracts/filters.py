"""What the lists of this app can be searched by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from contracts.states import WORDS
from dps.govuk.forms import GovForm, TextField


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
