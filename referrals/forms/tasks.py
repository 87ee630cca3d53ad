"""The forms of the tasks by which a referral is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from dps.clock import Occurrence, TimeDoesNotExist, TimeHappensTwice, from_london
from dps.govuk.forms import (
    DateField,
    GovForm,
    HundredthsField,
    TextField,
    WholeNumberField,
    WordsField,
)
from dps.grid import CannotBePlaced, NotAPostcode, Postcode, place
from referrals.limits import MOST_MILES
from referrals.models.referral import WEIGHTS
from referrals.scoring_terms import CannotBeScored, Weights
from referrals.services.raising import OLDEST

PROFILE_WORDS = 400
NO_NAME = "Do not use the child’s name, or anything else that would tell who the child is."


class ChildForm(GovForm):
    age = WholeNumberField(
        label="Age", most=OLDEST, error_messages={"required": "Enter the child’s age in years"}
    )
    profile = WordsField(
        label="Profile",
        max_words=PROFILE_WORDS,
        help_text=f"Providers read this. {NO_NAME}",
        error_messages={"required": "Enter a profile of the child"},
    )
    wishes = WordsField(
        label="What the child says and wishes (optional)",
        max_words=PROFILE_WORDS,
        required=False,
        help_text="In the child’s own words if you can. Providers read this too.",
    )


class FamilyForm(GovForm):
    child_name = TextField(
        label="Child’s full name",
        max_length=120,
        error_messages={"required": "Enter the child’s full name"},
    )
    postcode = TextField(
        label="Child’s home postcode",
        max_length=10,
        help_text="For the distance. Providers see only a ten-mile band, like 10 to 20 miles.",
        error_messages={"required": "Enter the child’s home postcode"},
    )
    parent_name = TextField(
        label="Parent’s or carer’s name (optional)", max_length=120, required=False
    )
    parent_email = forms.EmailField(
        label="Parent’s or carer’s email address (optional)",
        max_length=254,
        required=False,
        help_text="Used only if the parent or carer is offered a choice.",
    )
    parent_phone = TextField(
        label="Parent’s or carer’s mobile number (optional)",
        max_length=30,
        required=False,
        help_text="For a code by text message, so that nobody else can choose.",
    )

    def clean_postcode(self) -> str:
        try:
            postcode = str(Postcode.parse(self.cleaned_data["postcode"]))
            place(postcode)
        except (NotAPostcode, CannotBePlaced) as refusal:
            raise ValidationError(refusal.message) from None
        return postcode


class PlacementForm(GovForm):
    starts_on = DateField(
        label="Start date",
        help_text="For example, 4 9 2027",
        error_messages={"required": "Enter the date on which the placement starts"},
    )
    weeks_per_year = WholeNumberField(
        label="Weeks a year",
        least=1,
        most=53,
        help_text="38 for a school year, 52 for the whole year",
        error_messages={"required": "Enter the weeks a year"},
    )
    duration = TextField(
        label="How long the placement may last (optional)",
        max_length=80,
        required=False,
        help_text="For example, until the end of year 11",
    )


class WeightsForm(GovForm):
    """Seven weights in percentage points; together exactly 100."""

    price = HundredthsField(label="Price", most=100_00, help_text="30 to 70")
    outcomes = HundredthsField(
        label="Outcomes", most=100_00, help_text="The written statement, graded by evaluators"
    )
    needs = HundredthsField(label="Needs", most=100_00, help_text="0 if no need is listed")
    features = HundredthsField(label="Features", most=100_00, help_text="0 if none is listed")
    location = HundredthsField(label="Location", most=100_00, help_text="0 to 5")
    core_competency = HundredthsField(
        label="Core competency",
        most=100_00,
        help_text="0 to 20. The score carried from qualification",
    )
    incentive = HundredthsField(
        label="Early step-down", most=100_00, help_text="0 unless you want to reward it"
    )

    def __init__(self, *args: Any, listed: dict[str, bool], **kwargs: Any) -> None:
        self.listed = listed
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if set(WEIGHTS) - set(said):
            return said
        try:
            said["weights"] = Weights(**{name: said[name] for name in WEIGHTS})
        except CannotBeScored as refusal:
            self.add_error(refusal.field or None, _named(self, refusal))
        for name, is_listed in self.listed.items():
            if said.get(name) and not is_listed:
                self.add_error(name, f"{self.fields[name].label} must be 0: none is listed")
        return said


def _named(form: forms.Form, refusal: CannotBeScored) -> str:
    words = refusal.message.replace(".00", "")
    if not refusal.field:
        return f"{words}. Change them so that they add up to 100"
    return words.replace("The weight", str(form.fields[refusal.field].label))


class LimitForm(GovForm):
    """A radius, areas, or both; the first field is named as the rule's refusal names it."""

    radius_miles = WholeNumberField(
        label="Miles from home",
        least=1,
        most=MOST_MILES,
        required=False,
        help_text="In a straight line. Leave empty to use areas alone.",
    )
    areas = forms.MultipleChoiceField(
        label="Or anywhere in these areas",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="An establishment inside either is invited.",
    )

    def __init__(self, *args: Any, areas: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas_field: Any = self.fields["areas"]
        areas_field.choices = [(name, name) for name in areas]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and said.get("radius_miles") is None and not said.get("areas"):
            words = "Enter how many miles from home, or select at least one area"
            self.add_error("radius_miles", words)
        return said


CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?([ap]m)?", re.ASCII | re.IGNORECASE)


class TimeField(TextField):
    """A time of day as people type it: 17:00, 5pm, 5.30pm, midday."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "").strip().lower()
        named = {"midday": time(12), "noon": time(12), "midnight": time(0)}.get(text)
        found = named or _clock(text)
        if found is None:
            raise ValidationError("Enter a time, like 17:00 or 5pm")
        return found


def _clock(text: str) -> time | None:
    found = CLOCK.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class DeadlineForm(GovForm):
    day = DateField(
        label="Date",
        help_text="For example, 4 12 2026",
        error_messages={"required": "Enter the date of the deadline"},
    )
    time = TimeField(
        label="Time",
        max_length=10,
        help_text="London time, like 17:00 or 5pm. A bid received at this very moment is late.",
        error_messages={"required": "Enter the time of the deadline"},
    )
    which = forms.ChoiceField(
        label="Which of the two hours?",
        required=False,
        choices=[
            (Occurrence.FIRST.value, "The first (British Summer Time)"),
            (Occurrence.SECOND.value, "The second (Greenwich Mean Time)"),
        ],
        widget=forms.RadioSelect,
    )
    shorter_time_agreed = forms.BooleanField(
        label="Everybody who will be invited has agreed to fewer than 10 days",
        required=False,
        help_text="Without that, providers have at least 10 days to bid.",
    )
    asks_which = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("day") is None or said.get("time") is None:
            return said
        which = Occurrence(said["which"]) if said.get("which") else None
        try:
            said["closes_at"] = from_london(said["day"], said["time"], which=which)
        except TimeDoesNotExist as refusal:
            self.add_error("time", refusal.message)
        except TimeHappensTwice as refusal:
            self.asks_which = True
            self.add_error("which", refusal.message)
        return said


class WithdrawForm(GovForm):
    reason = WordsField(
        label="Why is the referral withdrawn?",
        max_words=200,
        help_text="Everybody invited reads this. Do not write anything about the child.",
        error_messages={"required": "Enter why the referral is withdrawn"},
    )


class NewReferralForm(GovForm):
    category = forms.ChoiceField(
        label="What kind of place is needed?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of place is needed"},
    )

    def __init__(self, *args: Any, categories: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [(str(one.pk), f"{one.service}: {one.name}") for one in categories]
