"""A rule of what passes on one inspection scheme, in that scheme's own words alone."""

from __future__ import annotations

from typing import Any

from django import forms

from dps.govuk.forms import DateField, GovForm, WholeNumberField, WordsField, speak_plainly
from qualification.forms.words import LONGEST_REASON_WORDS
from qualification.schemes import Area, Scheme
from qualification.scoring import PassRule, Requirement
from qualification.services.inspection_rules import LONGEST_VALID_MONTHS

OTHERS = "others"


class InspectionRuleForm(GovForm):
    """Boxes for the judgements of each area; an area without a tick is not looked at."""

    def __init__(
        self, *args: Any, scheme: Scheme, current: PassRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        wanted = {each.area: each for each in current.requirements} if current else {}
        for number, area in enumerate(scheme.areas):
            rule = wanted.get(area.name)
            self._ask(
                f"area_{number}", _heading(area), area.judgements, rule.accepted if rule else None
            )
            if area.excuse:
                self.fields[f"excuse_{number}"] = forms.BooleanField(
                    label=area.excuse_words,
                    required=False,
                    initial=bool(rule and rule.excused_by),
                )
        if scheme.others:
            others = current.others if current else None
            self._ask(OTHERS, "Which judgements pass in every other area?", scheme.others, others)
        self._ask_the_rest(current)

    def _ask(
        self, name: str, label: str, judgements: tuple[str, ...], ticked: frozenset[str] | None
    ) -> None:
        self.fields[name] = forms.MultipleChoiceField(
            label=label,
            help_text="Tick all that pass. Without a tick it is not looked at",
            widget=forms.CheckboxSelectMultiple,
            choices=[(each, each.capitalize()) for each in judgements],
            initial=sorted(ticked or ()),
            required=False,
        )

    def _ask_the_rest(self, current: PassRule | None) -> None:
        self.fields["valid_months"] = WholeNumberField(
            label="For how many months does a result count? (optional)",
            help_text="Leave empty if it counts until the next inspection",
            least=1,
            most=LONGEST_VALID_MONTHS,
            initial=current.valid_months if current else None,
            required=False,
        )
        self.fields["from_date"] = DateField(
            label="From which day does the rule apply?",
            error_messages={"required": "Enter the day from which the rule applies"},
        )
        self.fields["reason"] = WordsField(
            label="Why does the rule change?",
            help_text="Everybody can read this",
            max_words=LONGEST_REASON_WORDS,
            error_messages={"required": "Enter the reason for the new rule"},
        )
        for field in self.fields.values():
            speak_plainly(field)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        names = [f"area_{number}" for number, _ in enumerate(self.scheme.areas)]
        if not self.errors and not any(given.get(name) for name in (*names, OTHERS)):
            self.add_error("area_0", "Tick at least one judgement that passes")
        return given

    @property
    def rule(self) -> PassRule:
        given = self.cleaned_data
        others = given.get(OTHERS)
        return PassRule(
            scale=self.scheme.scale,
            in_force_from=given["from_date"],
            requirements=tuple(
                Requirement(
                    area.name,
                    frozenset(given[f"area_{number}"]),
                    area.excuse if given.get(f"excuse_{number}") else None,
                )
                for number, area in enumerate(self.scheme.areas)
                if given[f"area_{number}"]
            ),
            others=frozenset(others) if others else None,
            valid_months=given["valid_months"],
        )


def _heading(area: Area) -> str:
    return f"Which judgements pass for {area.name}?"
