"""A spreadsheet of core costs as it is sent, and as it was read until it is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core import signing

from dps.govuk.forms import GovForm
from dps.money import Basis
from qualification.core_costs import CostEntry, Driver
from qualification.services.cost_sheets import NewCosts

LARGEST = 1024 * 1024
KEPT_SECONDS = 60 * 60
SALT = "qualification.cost-sheets"
Packed = list[tuple[str, str, list[tuple[str, int, str, str]]]]


class SheetForm(GovForm):
    """The workbook that was filled in."""

    file = forms.FileField(
        label="Your spreadsheet",
        help_text="An Excel workbook (.xlsx) that you downloaded here, up to 1 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Select a spreadsheet"},
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            raise forms.ValidationError("The spreadsheet must be 1 MB or smaller")
        return sent


class ReadForm(GovForm):
    """What was read, between the look at it and the saving; nobody can change it on the way."""

    read = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, joining_id: UUID, **kwargs: Any) -> None:
        self.joining_id = joining_id
        super().__init__(*args, **kwargs)

    def clean_read(self) -> list[NewCosts]:
        try:
            kept = signing.loads(
                self.cleaned_data["read"], salt=_salt(self.joining_id), max_age=KEPT_SECONDS
            )
        except signing.BadSignature:
            raise forms.ValidationError(
                "This was too long ago. Upload the spreadsheet again"
            ) from None
        return unpacked(kept)


def packed(joining_id: UUID, sheets: list[NewCosts]) -> str:
    """Signed, so that what is saved is what was looked at."""
    kept: Packed = [
        (
            str(each.application_id),
            each.seen,
            [
                (line.code, line.amount_pence, line.basis.value, (line.driver or Driver.OTHER))
                for line in each.lines
            ],
        )
        for each in sheets
    ]
    return signing.dumps(kept, salt=_salt(joining_id), compress=True)


def unpacked(kept: Packed) -> list[NewCosts]:
    return [
        NewCosts(
            UUID(application_id),
            seen,
            tuple(CostEntry(code, n, Basis(basis), Driver(by)) for code, n, basis, by in lines),
        )
        for application_id, seen, lines in kept
    ]


def _salt(joining_id: UUID) -> str:
    return f"{SALT}:{joining_id}"
