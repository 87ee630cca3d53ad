"""The ground of every form: Design System markup, messages in plain words, strict text."""

from typing import Any, ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import pretty_name

from dps.govuk.fields import (
    Choice,
    DateField,
    FilesField,
    HundredthsField,
    MoneyField,
    NumberField,
    TextField,
    WholeNumberField,
    WordsField,
    refuse_unprintable,
    subject,
    thing,
)
from dps.govuk.widgets import DateWidget, FilesInput

__all__ = [
    "Choice",
    "DateField",
    "DateWidget",
    "FilesField",
    "FilesInput",
    "GovForm",
    "GovMixin",
    "GovRenderer",
    "HundredthsField",
    "MoneyField",
    "NumberField",
    "TextField",
    "WholeNumberField",
    "WordsField",
]


class GovRenderer(TemplatesSetting):
    """Renders `{{ form }}` and `{{ form.x.as_field_group }}` by the project's templates."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field_group.html"


class GovMixin:
    """First base of any form, ours or another package's."""

    default_renderer: Any = GovRenderer
    # The Design System asks for its own messages, not the browser's bubbles.
    use_required_attribute = False
    fields: dict[str, forms.Field]
    # Words in place of another package's, by the field's name.
    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label) or pretty_name(name)
            field.help_text = self.hints.get(name, field.help_text)
            speak_plainly(field)


class GovForm(GovMixin, forms.Form):
    """The form that pages use."""


def speak_plainly(field: forms.Field) -> None:
    """Give a field words of our own for every message its author left at Django's."""
    words = {"required": _required(field)}
    if isinstance(field, forms.CharField):
        words["max_length"] = f"{subject(field)} must be %(limit_value)d characters or fewer"
        words["min_length"] = f"{subject(field)} must be %(limit_value)d characters or more"
        field.validators = [*field.validators, refuse_unprintable]
    if isinstance(field, forms.EmailField):
        words["invalid"] = "Enter an email address in the correct format, like name@example.com"
    if isinstance(field, forms.ChoiceField):
        words["invalid_choice"] = "Select one of the answers given"
        words["invalid_list"] = words["invalid_choice"]
    if isinstance(field, forms.FileField):
        words["empty"] = "The selected file is empty"
        words["invalid"] = "Select a file"
    chosen = getattr(type(field), "default_error_messages", {})
    stock = {**forms.Field.default_error_messages, **chosen}
    for code, text in words.items():
        current = field.error_messages.get(code)
        if current is None or current == stock.get(code):
            field.error_messages[code] = text


def _required(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "Select a file"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box to say: {field.label}"
    if isinstance(field, forms.ChoiceField):
        return f"Select {thing(field)}"
    return f"Enter {thing(field)}"
