"""Lists of rows that grow by a button, without a script: needs, features, outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from dps.govuk.forms import GovForm, TextField, WholeNumberField
from referrals.scoring_terms import HIGHEST_MARKS, FeatureKind
from referrals.services.raising import MOST_ITEMS, Wanted, WantedFeature

EMPTY_ROWS = 3
ADD = "add"
MOST_DIGITS = 4
"""Of how many rows there are; a longer number is none that our page has sent."""
COMPONENTS = (
    ("", "No component"),
    ("learning", "Learning and achieving"),
    ("wellbeing", "Health and wellbeing"),
    ("belonging", "Friends, family and belonging"),
    ("independence", "Independence and adulthood"),
    ("safety", "Being and feeling safe"),
)


class RowForm(GovForm):
    """One line: words and marks. A line left wholly empty is no line."""

    text = TextField(label="In words", max_length=300, required=False)
    marks = WholeNumberField(label="Marks", least=1, most=HIGHEST_MARKS, required=False)
    noun = "need"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.is_blank():
            return said
        if not said.get("text") and "text" not in self.errors:
            self.add_error("text", f"Enter the {self.noun} in words")
        if said.get("marks") is None and "marks" not in self.errors:
            self.add_error("marks", "Enter the marks, from 1 to 100")
        return said

    def is_blank(self) -> bool:
        return not any(str(self[name].value() or "").strip() for name in ("text", "marks"))


class NeedRow(RowForm):
    @property
    def wanted(self) -> Wanted:
        return Wanted(self.cleaned_data["text"], self.cleaned_data["marks"])


class OutcomeRow(RowForm):
    component = forms.ChoiceField(
        label="Component of the outcomes framework", choices=COMPONENTS, required=False
    )
    noun = "outcome"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(COMPONENTS)
        given = self.initial.get("component", "")
        if given and given not in known:
            component: Any = self.fields["component"]
            component.choices = [*COMPONENTS, (given, given)]

    @property
    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(said["text"], said["marks"], said["component"])


class FeatureRow(RowForm):
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            (FeatureKind.MUST_HAVE.value, "Must have"),
            (FeatureKind.DESIRABLE.value, "Desirable"),
        ],
        required=False,
    )
    is_essential = forms.BooleanField(
        label="Essential: a bid without it is left out", required=False
    )
    noun = "feature"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        is_must_have = said.get("kind") == FeatureKind.MUST_HAVE.value
        if said.get("is_essential") and not is_must_have and not self.is_blank():
            self.add_error("is_essential", "Only a must-have can be essential")
        return said

    @property
    def wanted(self) -> WantedFeature:
        said = self.cleaned_data
        kind = FeatureKind(said["kind"] or FeatureKind.DESIRABLE)
        return WantedFeature(said["text"], said["marks"], kind, said["is_essential"])


class Rows(BaseFormSet):
    """The rows of one list."""

    def clean(self) -> None:
        filled = [form for form in self.forms if not form.is_blank()]
        if len(filled) > MOST_ITEMS:
            raise ValidationError(f"List at most {MOST_ITEMS}")

    @property
    def wanted(self) -> list[Any]:
        return [form.wanted for form in self.forms if not form.is_blank()]


def rows_of(
    row: type[RowForm], kept: Sequence[Mapping[str, object]], posted: QueryDict | None
) -> Rows:
    """The rows as kept with empty ones after them; as posted; or as posted with one more."""
    if posted is not None and ADD in posted:
        typed = list(_typed(row, posted))
        return _formset(row, extra=1)(initial=typed, prefix="row")
    if posted is not None:
        return _formset(row, extra=0)(posted, prefix="row")
    extra = 1 if len(kept) >= EMPTY_ROWS else EMPTY_ROWS - len(kept)
    return _formset(row, extra=extra)(initial=[dict(one) for one in kept], prefix="row")


def _formset(row: type[RowForm], *, extra: int) -> type[Rows]:
    most = MOST_ITEMS + EMPTY_ROWS
    made: Any = formset_factory(row, formset=Rows, extra=extra, max_num=most, absolute_max=most)
    return cast("type[Rows]", made)


def _typed(row: type[RowForm], posted: QueryDict) -> Iterable[dict[str, object]]:
    """What was typed, right or wrong: nothing is lost by asking for another row."""
    total = posted.get("row-TOTAL_FORMS", "")
    is_number = total.isascii() and total.isdigit() and len(total) <= MOST_DIGITS
    count = min(int(total), MOST_ITEMS) if is_number else 0
    for number in range(count):
        yield {name: posted.get(f"row-{number}-{name}", "") for name in row.base_fields}
