"""The lists of this app that can be sorted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_tables2
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from contracts.presenters import master_log as words
from contracts.queries.master_log import Entry, Logged
from dps.govuk.tables import Table


class MasterLogTable(Table):
    """One row an establishment, with all that happened to it."""

    caption = "Master log of establishments"
    things = ("establishment", "establishments")
    name = django_tables2.Column(verbose_name="Establishment")
    status = django_tables2.Column(
        accessor="pk", verbose_name="Status", orderable=False, empty_values=()
    )
    categories = django_tables2.Column(
        accessor="pk", verbose_name="Qualified for", orderable=False, empty_values=()
    )
    inspection = django_tables2.Column(
        accessor="pk", verbose_name="Latest inspection", orderable=False, empty_values=()
    )
    insured = django_tables2.Column(
        accessor="insured_until", verbose_name="Insured until", empty_values=()
    )
    history = django_tables2.Column(
        accessor="pk",
        verbose_name="Suspensions and reinstatements",
        orderable=False,
        empty_values=(),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        self.entries: dict[UUID, Entry] = {}
        super().__init__(*args, **kwargs)

    def on_this_page(self) -> list[UUID]:
        return [row.record.pk for row in self.page]

    def render_name(self, record: Logged) -> SafeString:
        return format_html(
            '<a class="govuk-link" href="{}">{}</a> <br><span class="app-quiet">{}</span>',
            reverse("providers:establishment", args=[record.pk]),
            record.name,
            record.provider.name if record.provider else "No provider",
        )

    def render_status(self, record: Logged) -> SafeString:
        return words.status_tag(record)

    def render_categories(self, record: Logged) -> str:
        return words.categories_in_words(self.entries[record.pk])

    def render_inspection(self, record: Logged) -> str:
        return words.inspection_in_words(self.entries[record.pk].inspection)

    def render_insured(self, record: Logged) -> str:
        return words.insurance_in_words(record.insured_until, self.today)

    def render_history(self, record: Logged) -> SafeString:
        return words.history(record.name, self.entries[record.pk].suspensions)
