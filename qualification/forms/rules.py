"""What the DPS manager types about a draft of a category's rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from dps.govuk.forms import (
    Choice,
    DateField,
    GovForm,
    HundredthsField,
    MoneyField,
    TextField,
    WholeNumberField,
    WordsField,
    speak_plainly,
)
from dps.money import MOST_PENCE
from providers.evidence_kinds import KINDS, EvidenceKind
from qualification.forms.words import LONGEST_REASON_WORDS
from qualification.models import CostDriver, CostHead, Criterion, Question
from qualification.models.rules import ResidentialStay
from qualification.rule_changes import weights_words
from qualification.scoring import FULL_WEIGHT
from qualification.services.rule_questions import CostLineWords, QuestionWords, WantedEvidence

NOT_ASKED, OPTIONAL, REQUIRED = "", "optional", "required"
LONGEST_QUESTION_WORDS = 120
LONGEST_GUIDANCE_WORDS = 300
MOST_TOPICS = 12
KIND_HINTS = {
    Question.Kind.PASS_FAIL: "Whoever answers no does not qualify",
    Question.Kind.EXCLUSIONS: "The provider goes through the grounds of the law one by one",
    Question.Kind.REGISTRATION: "Compared with the register",
    Question.Kind.INSPECTION: "Compared with the latest inspection, by its own scheme’s rule",
    Question.Kind.EVIDENCE: "The certificates held must be valid and high enough",
    Question.Kind.STATEMENT: "Graded 0 to 5. No score is too low to join",
    Question.Kind.SHOWN: "Councils read the answer. It decides nothing",
}


class QuestionForm(GovForm):
    """One question of a draft; what its kind does not need is left empty."""

    title = TextField(label="Title", max_length=120)
    text = WordsField(
        label="Question",
        help_text="In the words in which it is asked",
        max_words=LONGEST_QUESTION_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    guidance = WordsField(
        label="Guidance (optional)",
        max_words=LONGEST_GUIDANCE_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(
        label="What kind of question is it?",
        widget=forms.RadioSelect,
        choices=[(kind.value, Choice(str(kind.label), KIND_HINTS[kind])) for kind in Question.Kind],
        error_messages={"required": "Select the kind of question"},
    )
    stage = forms.ChoiceField(
        label="At which stage is it asked?",
        widget=forms.RadioSelect,
        choices=[
            ("1", Choice("Stage 1", "Before anything long is written")),
            ("2", Choice("Stage 2", "Method statements are always asked here")),
        ],
        error_messages={"required": "Select the stage"},
    )
    word_limit = WholeNumberField(
        label="Word limit of a method statement",
        help_text="Leave empty for other kinds",
        required=False,
        least=50,
        most=2_000,
    )
    graded_by = forms.ChoiceField(
        label="Who grades a method statement?",
        widget=forms.RadioSelect,
        choices=Question.GradedBy.choices,
        initial=Question.GradedBy.EVALUATORS.value,
        required=False,
    )
    topics = WordsField(
        label="Topics of the model answer (optional)",
        help_text="One on each line. They are published with the question",
        max_words=LONGEST_GUIDANCE_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") == Question.Kind.STATEMENT:
            if not given.get("word_limit") and "word_limit" not in self.errors:
                self.add_error("word_limit", "Enter the word limit of the method statement")
            if given.get("stage") == "1":
                self.add_error("stage", "A method statement is asked at stage 2")
        return given

    @property
    def words(self) -> QuestionWords:
        given = self.cleaned_data
        lines = [line.strip() for line in given["topics"].splitlines() if line.strip()]
        is_statement = given["kind"] == Question.Kind.STATEMENT
        return QuestionWords(
            kind=given["kind"],
            stage=int(given["stage"]),
            title=given["title"],
            text=given["text"],
            guidance=given["guidance"],
            topics="\n".join(lines[:MOST_TOPICS]) if is_statement else "",
            word_limit=given["word_limit"] or 0 if is_statement else 0,
            graded_by=given["graded_by"] or Question.GradedBy.EVALUATORS.value,
        )

    @staticmethod
    def from_row(question: Question) -> dict[str, Any]:
        names = ("title", "text", "guidance", "kind", "graded_by", "topics")
        written = {name: getattr(question, name) for name in names}
        return written | {"stage": str(question.stage), "word_limit": question.word_limit or None}


class WeightsForm(GovForm):
    """The weight of each method statement; together they are 100.00."""

    def __init__(self, *args: Any, statements: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = tuple(statements)
        for each in self.statements:
            self.fields[_weight(each)] = HundredthsField(
                label=each.title,
                least=1,
                most=FULL_WEIGHT,
                initial=each.weight,
                error_messages={"required": f"Enter the weight of “{each.title}”"},
            )
        _speak(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        total = sum(self.weights.values())
        if not self.errors and self.statements and total != FULL_WEIGHT:
            # At the last box: the one that is reached when the others are as they should be.
            self.add_error(_weight(self.statements[-1]), weights_words(total))
        return given

    @property
    def weights(self) -> dict[UUID, int]:
        return {each.pk: self.cleaned_data.get(_weight(each)) or 0 for each in self.statements}


def _speak(form: GovForm) -> None:
    for field in form.fields.values():
        speak_plainly(field)


def _weight(criterion: Criterion) -> str:
    return f"weight_{criterion.code}"


class EvidenceForm(GovForm):
    """Which kinds of evidence a question wants, and the least sums insured."""

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {each.kind: each for each in criterion.evidence.all()}
        for kind in KINDS:
            rule = held.get(kind.code)
            asked = NOT_ASKED if rule is None else OPTIONAL if rule.is_optional else REQUIRED
            self.fields[f"{kind.code}_asked"] = forms.ChoiceField(
                label=kind.name,
                choices=[
                    (NOT_ASKED, "Not asked for"),
                    (REQUIRED, "Required"),
                    (OPTIONAL, "Asked for, if they have it"),
                ],
                initial=asked,
                required=False,
            )
            if kind.is_insurance:
                self.fields[f"{kind.code}_sum"] = MoneyField(
                    label=f"Least sum insured: {kind.name_inside}",
                    least=1,
                    most=MOST_PENCE * 10,
                    initial=rule.least_sum_pence if rule else None,
                    required=False,
                )
        _speak(self)

    @property
    def wanted(self) -> list[WantedEvidence]:
        return [
            WantedEvidence(kind.code, self._least(kind), is_optional=self._asked(kind) == OPTIONAL)
            for kind in KINDS
            if self._asked(kind)
        ]

    def _asked(self, kind: EvidenceKind) -> str:
        return str(self.cleaned_data.get(f"{kind.code}_asked") or NOT_ASKED)

    def _least(self, kind: EvidenceKind) -> int | None:
        return self.cleaned_data.get(f"{kind.code}_sum")


class CostLineForm(GovForm):
    title = TextField(label="Name of the line", max_length=120)
    guidance = TextField(label="What belongs to it (optional)", max_length=200, required=False)
    schedule = TextField(
        label="Heading under which it stands (optional)",
        help_text="Where a category has several schedules",
        max_length=60,
        required=False,
    )
    stay = forms.ChoiceField(
        label="Of which places is it a cost?",
        help_text="A line of a residential schedule needs its heading above, and may always stay"
        " empty",
        widget=forms.RadioSelect,
        choices=[("", "Every place"), *ResidentialStay.choices],
        required=False,
    )
    driver = forms.ChoiceField(
        label="What moves this cost most",
        help_text="Chosen for a provider, who may change it",
        choices=CostDriver.choices,
        initial=CostDriver.OTHER.value,
    )
    is_optional = forms.BooleanField(
        label="It may stay empty, where an establishment does not offer it", required=False
    )

    def __init__(self, *args: Any, is_residential: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_residential:
            del self.fields["stay"]

    @property
    def words(self) -> CostLineWords:
        return CostLineWords(**self.cleaned_data)

    @staticmethod
    def from_row(head: CostHead) -> dict[str, Any]:
        names = ("title", "guidance", "schedule", "stay", "driver", "is_optional")
        return {name: getattr(head, name) for name in names}


class PublishForm(GovForm):
    from_date = DateField(
        label="From which day does it apply?",
        help_text="Applications that are started on that day or later use it",
        error_messages={"required": "Enter the day from which it applies"},
    )
    change = WordsField(
        label="What is new?",
        help_text="Every provider with a draft, or with an establishment on the list, gets this"
        " by email. Everybody can read it on the public page",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter what is new in this version"},
    )
