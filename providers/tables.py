"""The lists of this app that can be sorted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import django_tables2
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dps.govuk.tables import NumberColumn, Table
from dps.govuk.templatetags.govuk import govuk_tag
from dps.grid import GridPoint
from dps.hundredths import show_hundredths
from providers.models import Establishment, Evidence
from providers.presenters import evidence as words
from providers.presenters.facts import Fact
from providers.presenters.listing import (
    ages_in_words,
    miles_from,
    status_tags,
    vacancies_in_words,
)


class DirectoryTable(Table):
    """One row an establishment, numbered as on the map beside it."""

    caption = "Establishments"
    things = ("establishment", "establishments")
    name = django_tables2.Column(verbose_name="Name")
    area = django_tables2.Column(accessor="la_name", verbose_name="Area")
    ages = django_tables2.Column(
        accessor="low_age", order_by=("low_age", "high_age"), verbose_name="Ages", empty_values=()
    )
    vacancies = NumberColumn(verbose_name="Vacancies", empty_values=())
    distance = NumberColumn(accessor="square", verbose_name="Miles")
    status = django_tables2.Column(
        accessor="pk", verbose_name="Status", orderable=False, empty_values=()
    )

    class Meta(Table.Meta):
        """The kit's own: a table without a Meta of its own would not have it."""

    def __init__(self, *args: Any, origin: GridPoint | None, **kwargs: Any) -> None:
        self.origin = origin
        self.facts: dict[UUID, list[Fact]] = {}
        self.numbers: dict[UUID, int] = {}
        super().__init__(*args, exclude=() if origin else ("distance",), **kwargs)

    def on_this_page(self) -> list[Establishment]:
        return [row.record for row in self.page]

    def numbered(self) -> list[tuple[int, Establishment]]:
        """The rows of this page under the numbers that list and map show."""
        pairs = list(enumerate(self.on_this_page(), start=self.page.start_index() or 1))
        self.numbers = {one.pk: number for number, one in pairs}
        return pairs

    def render_name(self, record: Establishment) -> SafeString:
        return format_html(
            '{}. <a class="govuk-link" href="{}">{}</a><br>'
            '<span class="govuk-!-font-weight-regular">{}{}</span>',
            self.numbers.get(record.pk, ""),
            reverse("providers:establishment", args=[record.pk]),
            record.name,
            record.get_kind_display(),
            f", {record.provider.name}" if record.provider else "",
        )

    def render_area(self, record: Establishment) -> SafeString:
        if not record.town or record.town == record.la_name:
            return format_html("{}", record.la_name or record.town)
        return format_html("{}<br>{}", record.town, record.la_name)

    def render_ages(self, record: Establishment) -> str:
        return ages_in_words(record)

    def render_vacancies(self, record: Establishment) -> str:
        return vacancies_in_words(record)

    def render_distance(self, record: Establishment) -> str:
        miles = miles_from(self.origin, record)
        return "" if miles is None else show_hundredths(miles)

    def render_status(self, record: Establishment) -> SafeString:
        tags = status_tags(record, self.facts.get(record.pk, []))
        return format_html_join(SafeString("<br>"), "{}", ((tag,) for tag in tags))


class EvidenceTable(Table):
    """One row a piece of evidence."""

    caption = "Your certificates and policies"
    things = ("piece of evidence", "pieces of evidence")
    what = django_tables2.Column(
        accessor="pk", order_by=("kind", "title"), verbose_name="What it is", empty_values=()
    )
    # Second, so that a telephone shows it without scrolling.
    state = django_tables2.Column(
        accessor="pk", verbose_name="State", orderable=False, empty_values=()
    )
    holder = django_tables2.Column(
        accessor="establishment__name", verbose_name="For", empty_values=()
    )
    until = django_tables2.Column(accessor="expires_on", verbose_name="Until", empty_values=())
    number = django_tables2.Column(verbose_name="Number", default="None")
    sum_insured = NumberColumn(
        accessor="sum_insured_pence", verbose_name="Sum insured", empty_values=()
    )

    class Meta(Table.Meta):
        """The kit's own: a table without a Meta of its own would not have it."""

        empty_text = "Nothing here yet. Add a document, or change the filter."

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def render_what(self, record: Evidence) -> SafeString:
        href = words.page_of(record)
        return format_html('<a class="govuk-link" href="{}">{}</a>', href, record.what)

    def render_holder(self, record: Evidence) -> str:
        return words.holder(record)

    def render_sum_insured(self, record: Evidence) -> str:
        return words.sum_in_words(record)

    def render_until(self, record: Evidence) -> str:
        return words.until(record)

    def render_state(self, record: Evidence) -> SafeString:
        tag = words.tag(record, self.today)
        return govuk_tag(tag["text"], tag["colour"])
