"""Widgets whose values the Design System asks for in its own way."""

import datetime as dt
from typing import Any

from django import forms

PARTS = ("day", "month", "year")


class DateWidget(forms.MultiWidget):
    """Three boxes: day, month, year."""

    template_name = "govuk/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            # A draft kept as JSON holds the date as text.
            value = _from_iso(value)
        return [value.day, value.month, value.year] if value else [None, None, None]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id")
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            box["part"] = part
            box["label"] = part.title()
            box["width"] = 4 if part == "year" else 2
            box["attrs"]["id"] = f"{id_}_{part}"
        return context


class FilesInput(forms.ClearableFileInput):
    """A file box that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


def _from_iso(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
