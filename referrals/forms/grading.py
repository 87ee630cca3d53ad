"""What evaluators type: grades and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import Choice, GovForm, TextField, speak_plainly
from referrals.models import GradingPaper

DESCRIPTORS = {
    5: ("Excellent", "Shows in full, with evidence, how the outcome will be reached and checked"),
    4: ("Good", "Shows well how the outcome will be reached; small details are missing"),
    3: ("Satisfactory", "Shows how the outcome will be reached, with some gaps"),
    2: ("Weak", "Shows in part how the outcome will be reached; important gaps"),
    1: ("Poor", "Says little about how the outcome will be reached"),
    0: ("Nothing", "Does not answer, or what it says would not help"),
}
GRADES = [
    (str(grade), Choice(f"{grade}: {word}", hint)) for grade, (word, hint) in DESCRIPTORS.items()
]
SHORT_GRADES = [("", "Choose"), *((str(grade), str(grade)) for grade in DESCRIPTORS)]


class DeclarationForm(GovForm):
    no_conflict = forms.BooleanField(
        label="I have no conflict of interest: I do not know who bid, and I have no tie to any"
        " provider or family that could sway me"
    )


class PaperForm(GovForm):
    """Grades of one paper; any may be left for later."""

    def __init__(self, asked: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for key, text in asked.items():
            self.fields[f"grade-{key}"] = _prepared(
                forms.ChoiceField(
                    label=text, choices=GRADES, widget=forms.RadioSelect, required=False
                )
            )
            self.fields[f"note-{key}"] = _prepared(
                TextField(label="Your note (optional)", max_length=500, required=False)
            )

    @property
    def questions(self) -> list[tuple[Any, Any]]:
        return [(self[f"grade-{key}"], self[f"note-{key}"]) for key in self.asked]

    def marks(self) -> list[tuple[str, int, str]]:
        """Key, grade and note of each outcome that has a grade."""
        data = self.cleaned_data
        return [
            (key, int(data[f"grade-{key}"]), data[f"note-{key}"])
            for key in self.asked
            if data[f"grade-{key}"]
        ]


class AgreedForm(GovForm):
    """The agreed grades of all papers, with one note for each."""

    def __init__(
        self, papers: Sequence[GradingPaper], asked: Mapping[str, str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.papers, self.asked = papers, asked
        for paper in papers:
            for key, text in asked.items():
                words = f"{paper.label}: agreed grade for “{text}”"
                self.fields[agreed_name(paper.bid_id, key)] = _prepared(
                    forms.ChoiceField(
                        label=words,
                        choices=SHORT_GRADES,
                        error_messages={"required": f"Choose the agreed grade of {paper.label}"},
                    )
                )
            self.fields[f"note-{paper.bid_id}"] = _prepared(
                TextField(
                    label=f"{paper.label}: why these grades",
                    max_length=500,
                    widget=forms.Textarea,
                    error_messages={"required": f"Say why you agreed the grades of {paper.label}"},
                )
            )

    def grades_of(self, paper: GradingPaper) -> dict[str, int]:
        return {key: int(self.cleaned_data[agreed_name(paper.bid_id, key)]) for key in self.asked}

    def note_of(self, paper: GradingPaper) -> str:
        return str(self.cleaned_data[f"note-{paper.bid_id}"])


def agreed_name(bid_id: UUID, key: str) -> str:
    return f"grade-{bid_id}-{key}"


def _prepared(field: forms.Field) -> forms.Field:
    """A field made while the form is: it gets its words here."""
    speak_plainly(field)
    return field
