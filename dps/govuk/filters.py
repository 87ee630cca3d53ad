"""What the filter panel shows of a django-filter set: the choices made, each removable."""

from collections.abc import Iterable
from typing import Any

from django.forms import BoundField
from django.http import QueryDict


def chosen(form: Any, query: QueryDict, *, page: str = "page") -> list[dict[str, str]]:
    """Each filter in use: its label, its value in words and the query string without it."""
    if not form.is_bound:
        return []
    form.is_valid()
    return [
        {"label": str(field.label), "value": words, "query": _without(query, field, value, page)}
        for field in form.visible_fields()
        if field.name in form.cleaned_data
        for value, words in _values(field, query)
    ]


def _values(field: BoundField, query: QueryDict) -> Iterable[tuple[str, str]]:
    choices = {str(key): str(words) for key, words in getattr(field.field, "choices", ())}
    for value in query.getlist(field.html_name):
        if value.strip():
            yield value, choices.get(value, value)


def _without(query: QueryDict, field: BoundField, value: str, page: str) -> str:
    left = query.copy()
    left.pop(page, None)
    left.setlist(field.html_name, [v for v in query.getlist(field.html_name) if v != value])
    return left.urlencode()
