"""What people say of a piece of evidence: only the boxes that its kind fills."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from dps.documents.file_refusals import MOST_BYTES, TAKEN_ENDINGS
from dps.forms import SentFile
from dps.govuk.forms import (
    Choice,
    DateField,
    GovForm,
    MoneyField,
    TextField,
    WordsField,
)
from providers.evidence_kinds import EvidenceKind, HeldBy, Need
from providers.models import Establishment, Evidence
from providers.services.particulars import Particulars, StartsTooLate, latest_start

FOR_ALL, FOR_SOME = "all", "some"
MOST_SUM_PENCE = 1_000_000_000_00
FILE_HINT = (
    f"PDF, Word, Excel, PNG or JPEG, {MOST_BYTES // (1024 * 1024)} MB at most. We check it for"
    " viruses before anybody can open it"
)
EXPIRED = "This has expired. Enter the one that is valid now"


class EvidenceForm(GovForm):
    """The ground: `evidence_form` adds the fields of a kind."""

    kind: EvidenceKind

    def __init__(self, *args: Any, today: date, sent: SentFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.sent = today, sent
        if sent.kept:
            self.fields["file"].label = "Choose another document, if this is not the right one"

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Fill in what can be ticked."""
        if name in self.fields:
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def clean_issued_on(self) -> date:
        issued: date = self.cleaned_data["issued_on"]
        if issued > latest_start(self.kind, self.today):
            raise forms.ValidationError(StartsTooLate(self.kind).message)
        return issued

    def clean_expires_on(self) -> date | None:
        expires: date | None = self.cleaned_data["expires_on"]
        if expires is not None and expires < self.today:
            raise forms.ValidationError(EXPIRED)
        return expires

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.sent.refusal:
            self.add_error("file", self.sent.refusal)
        elif self.kind.document is Need.REQUIRED and self.sent.kept is None:
            self.add_error("file", "Select the document")
        nobody = "establishments" not in self.errors and not typed.get("establishments")
        if typed.get("held_for") == FOR_SOME and nobody:
            self.add_error("establishments", "Select the establishments that it is for")
        return typed

    @property
    def particulars(self) -> Particulars:
        typed = self.cleaned_data
        return Particulars(
            kind=self.kind.code,
            issued_on=typed["issued_on"],
            expires_on=typed.get("expires_on"),
            number=typed.get("number", ""),
            sum_insured_pence=typed.get("sum_insured"),
            title=typed.get("title", ""),
            upload_id=self.sent.kept.pk if self.sent.kept else None,
        )

    @property
    def establishment_ids(self) -> list[UUID]:
        """Those that it is for; none for the whole organisation."""
        if self.cleaned_data.get("held_for") == FOR_ALL:
            return []
        return [UUID(one) for one in self.cleaned_data.get("establishments", ())]


def add_form(kind: EvidenceKind) -> type[EvidenceForm]:
    """The form for a first piece of a kind."""
    return _form(kind, {**_holders(kind), **_boxes(kind)})


def replace_form(kind: EvidenceKind, *, several: bool) -> type[EvidenceForm]:
    """The form for a piece that follows others; `several` asks which of them."""
    which = {"replaces": _ticks("Which does the new one replace?")} if several else {}
    return _form(kind, {**which, **_boxes(kind)})


def _form(kind: EvidenceKind, fields: dict[str, forms.Field]) -> type[EvidenceForm]:
    return type("EvidenceForm", (EvidenceForm,), {"kind": kind, **fields})


def _holders(kind: EvidenceKind) -> dict[str, forms.Field]:
    if kind.held_by is HeldBy.ORGANISATION:
        return {}
    if kind.held_by is HeldBy.ESTABLISHMENT:
        return {"establishments": _ticks("Which establishments is it for?")}
    who = forms.ChoiceField(
        label="Who is it for?",
        widget=forms.RadioSelect,
        choices=[
            (
                FOR_ALL,
                Choice(
                    "The whole organisation",
                    "Every school and home that you run, also those that you add later",
                ),
            ),
            (FOR_SOME, Choice("Some establishments only", reveals="establishments")),
        ],
        error_messages={"required": "Select who it is for"},
    )
    some = _ticks("Which establishments?")
    some.required = False
    return {"held_for": who, "establishments": some}


def _ticks(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one"},
    )


def _boxes(kind: EvidenceKind) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    if kind.title is not Need.NOT_ASKED:
        fields["title"] = TextField(
            label="What the document is", help_text="For example, Fire risk assessment"
        )
    if kind.number is not Need.NOT_ASKED:
        fields["number"] = TextField(
            label=kind.number_label,
            help_text=kind.number_hint,
            max_length=60,
            required=kind.number is Need.REQUIRED,
        )
    if kind.is_insurance:
        fields["sum_insured"] = MoneyField(
            label="Sum insured",
            help_text="For any one claim, like £10,000,000",
            least=1,
            most=MOST_SUM_PENCE,
            error_messages={"required": "Enter the sum insured"},
        )
    fields["issued_on"] = _day(
        kind.issued_label, kind.issued_hint, kind.issued_missing, earliest=date(1950, 1, 1)
    )
    if kind.expiry is not Need.NOT_ASKED:
        fields["expires_on"] = _day(
            kind.expiry_label,
            kind.expiry_hint,
            kind.expiry_missing,
            latest=date(2100, 1, 1),
            required=kind.expiry is Need.REQUIRED,
        )
    optional = "" if kind.document is Need.REQUIRED else " (optional)"
    fields["file"] = forms.FileField(
        label=f"Document{optional}",
        help_text=FILE_HINT,
        # What was sent has been looked at before the form is: see dps/views/sent_files.py.
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(TAKEN_ENDINGS)}),
    )
    fields["kept"] = forms.CharField(required=False, widget=forms.HiddenInput)
    return fields


def _day(label: str, hint: str, missing: str, **bounds: Any) -> DateField:
    words = {"required": missing}
    return DateField(
        label=label, help_text=hint or "For example, 1 9 2026", error_messages=words, **bounds
    )


class WithdrawForm(GovForm):
    reason = WordsField(
        label="Why do you take it back?",
        help_text="For example, it was added for the wrong school",
        max_words=40,
        error_messages={"required": "Enter why you take it back"},
    )


def establishment_choices(found: Iterable[Establishment]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in found]


def holder_choices(found: Collection[Evidence]) -> list[tuple[str, str]]:
    return [
        (str(one.pk), one.establishment.name if one.establishment else "The whole organisation")
        for one in found
    ]
