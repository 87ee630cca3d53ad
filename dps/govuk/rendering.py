"""What a bound field needs to be drawn as Design System markup, for any form's field."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from dps.govuk.fields import (
    HundredthsField,
    MoneyField,
    NumberField,
    WordsField,
)
from dps.govuk.widgets import PARTS, DateWidget

# The first that fits decides; order matters, a CheckboxSelectMultiple is a Select too.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.MultipleHiddenInput, "hidden"),
    (DateWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
GROUPS = ("radios", "checkboxes", "date")
CSS = {
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
}
ERROR_CSS = {
    "textarea": "govuk-textarea--error",
    "select": "govuk-select--error",
    "file": "govuk-file-upload--error",
    "input": "govuk-input--error",
    "password": "govuk-input--error",
}
# The Design System has its own messages and no placeholders; Django's ids for
# aria-describedby differ from ours.
UNWANTED = ("placeholder", "aria-invalid", "autofocus", "maxlength", "minlength", "required")


@dataclass(frozen=True, slots=True)
class Options:
    """What a page may ask of one field."""

    label: str = ""
    hint: str = ""
    label_size: str = ""
    heading: bool = False
    width: str | int = ""
    prefix: str = ""
    suffix: str = ""
    inline: bool = False
    small: bool = False
    classes: str = ""
    autocomplete: str = ""
    rows: int = 0
    count: bool = True


def kind_of(bound: BoundField) -> str:
    """Which of the Design System's components draws the field."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    return next((kind for fits, kind in KINDS if isinstance(widget, fits)), "input")


def first_id(bound: BoundField) -> str:
    """The id that a link in the error summary points at."""
    kind = kind_of(bound)
    if kind in ("radios", "checkboxes"):
        return f"{bound.auto_id}_0"
    if kind == "date":
        return f"{bound.auto_id}_{_bad_parts(bound)[0]}"
    return str(bound.id_for_label)


def render_field(bound: BoundField, options: Options) -> SafeString:
    """The whole form group: label or legend, hint, message and control."""
    kind = kind_of(bound)
    if kind == "hidden":
        return bound.as_widget()
    context = _context(bound, kind, options)
    template = kind if kind in (*GROUPS, "checkbox") else "input"
    markup = render_to_string(f"govuk/field/{template}.html", context)
    # Half of a surrogate pair, typed back to us, must not stop the page.
    return mark_safe(markup.encode("utf-8", "replace").decode("utf-8"))  # noqa: S308


def _context(bound: BoundField, kind: str, options: Options) -> dict[str, Any]:
    hint = options.hint or bound.help_text
    counted = _counted(bound, kind) if options.count else {}
    ids = {
        "info_id": f"{bound.auto_id}-info" if counted else "",
        "hint_id": f"{bound.auto_id}-hint" if hint else "",
        "error_id": f"{bound.auto_id}-error" if bound.errors else "",
    }
    describedby = " ".join(filter(None, ids.values()))
    return {
        **ids,
        "field": bound,
        "kind": kind,
        "options": options,
        "label": options.label or bound.label,
        "hint": hint,
        "describedby": describedby,
        "counted": counted,
        "prefix": options.prefix or ("£" if isinstance(bound.field, MoneyField) else ""),
        "suffix": options.suffix,
        "items": _items(bound) if kind in ("radios", "checkboxes") else [],
        "parts": _date_parts(bound) if kind == "date" else [],
        "control": _control(bound, kind, options, describedby) if kind in CSS else "",
    }


def _counted(bound: BoundField, kind: str) -> dict[str, Any]:
    """What the character count component counts, and up to how many."""
    if isinstance(bound.field, WordsField):
        return {"most": bound.field.max_words, "unit": "words"}
    most = getattr(bound.field, "max_length", None)
    return {"most": most, "unit": "characters"} if kind == "textarea" and most else {}


def _control(bound: BoundField, kind: str, options: Options, describedby: str) -> SafeString:
    attrs: dict[str, Any] = dict.fromkeys(UNWANTED, False)
    attrs["class"] = " ".join(_classes(bound, kind, options))
    attrs["aria-describedby"] = describedby or False
    if options.autocomplete:
        attrs["autocomplete"] = options.autocomplete
    if kind == "textarea":
        attrs["cols"] = False
        attrs["rows"] = options.rows or _rows(bound)
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        if "autocomplete" not in bound.field.widget.attrs:
            attrs["autocomplete"] = "current-password"
    return bound.as_widget(widget=_text_box(bound), attrs=attrs | _numeric(bound))


def _rows(bound: BoundField) -> Any:
    rows = bound.field.widget.attrs.get("rows", 5)
    # Django writes 10 into every textarea; the Design System's own default is 5.
    return 5 if str(rows) == "10" else rows


def _classes(bound: BoundField, kind: str, options: Options) -> list[str]:
    css = [CSS[kind]]
    if bound.errors and kind in ERROR_CSS:
        css.append(ERROR_CSS[kind])
    width = options.width or ("10" if isinstance(bound.field, NumberField) else "")
    if width and kind != "checkbox":
        whole = str(width).isdigit()
        css.append(f"govuk-input--width-{width}" if whole else f"govuk-!-width-{width}")
    if options.count and _counted(bound, kind):
        css.append("govuk-js-character-count")
    if options.classes:
        css.append(options.classes)
    return css


def _text_box(bound: BoundField) -> forms.Widget | None:
    """A plain box in place of type=number, which scrolls values away by accident."""
    widget = bound.field.widget
    if isinstance(widget, forms.NumberInput):
        return forms.TextInput(attrs=widget.attrs)
    return None


def _numeric(bound: BoundField) -> dict[str, Any]:
    field = bound.field
    if isinstance(field, HundredthsField | forms.DecimalField | forms.FloatField):
        mode = "decimal"
    elif isinstance(field, NumberField | forms.IntegerField):
        mode = "numeric"
    else:
        return {}
    return {"inputmode": mode, "spellcheck": "false", "min": False, "max": False, "step": False}


def _items(bound: BoundField) -> list[dict[str, Any]]:
    items = []
    for sub in bound.subwidgets:
        label = sub.data["label"]
        revealed = getattr(label, "reveals", "")
        items.append(
            {
                **sub.data,
                "id": sub.data["attrs"]["id"],
                "hint": getattr(label, "hint", ""),
                "divider": getattr(label, "divider", ""),
                "exclusive": getattr(label, "exclusive", False),
                "revealed": bound.form[revealed] if revealed else None,
            }
        )
    return items


def _date_parts(bound: BoundField) -> list[dict[str, Any]]:
    attrs = {"id": bound.auto_id}
    widget = bound.field.widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    bad = _bad_parts(bound) if bound.errors else []
    return [{**box, "bad": box["part"] in bad} for box in widget["subwidgets"]]


def _bad_parts(bound: BoundField) -> list[str]:
    for error in bound.form.errors.as_data().get(bound.name, []):
        if error.params and "parts" in error.params:
            return list(error.params["parts"])
    return list(PARTS)
