"""Sortable, paged lists in the look of the Design System, on django-tables2."""

from typing import Any

import django_tables2
from django.core.paginator import Paginator

PER_PAGE = 25
NUMERIC = {
    "th": {"class": "govuk-table__header govuk-table__header--numeric"},
    "td": {"class": "govuk-table__cell govuk-table__cell--numeric"},
}


class Table(django_tables2.Table):
    """Base of every list. `caption` says what the rows are; `things` counts them."""

    caption = ""
    things = ("result", "results")

    class Meta:
        template_name = "govuk/table2.html"
        empty_text = "Nothing matches. Change or clear the filter."
        attrs = {"class": "govuk-table"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in self.columns.columns.values():
            if column.link:
                column.link.attrs = {"class": "govuk-link", **(column.link.attrs or {})}

    def show(self, request: Any) -> None:
        """Bring the rows into the order, and to the page, that the address asks for.

        Whatever else it asks for is ignored: another length of a page, a column that is not there.
        """
        self.request = request
        asked = request.GET.getlist(self.prefixed_order_by_field)
        known = [name for name in asked if name.removeprefix("-") in self.base_columns]
        if known:
            self.order_by = known
        self.paginator = Paginator(self.rows, PER_PAGE)
        self.page = self.paginator.get_page(request.GET.get(self.prefixed_page_field))

    @property
    def counted(self) -> str:
        """ "1 referral", "1,204 referrals": spoken when a filter has been applied."""
        page = getattr(self, "page", None)
        number = page.paginator.count if page else len(self.rows)
        return f"{number:,} {self.things[number != 1]}"


class NumberColumn(django_tables2.Column):
    """A column of figures, to the right."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs=NUMERIC, **kwargs)
