"""Forms of the kernel's own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from dps.govuk.forms import GovForm
from dps.models import Upload


class MembershipForm(GovForm):
    """In which capacity somebody goes on."""

    def __init__(self, *args: Any, capacities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"] = forms.ChoiceField(
            label="In which role do you want to work?",
            widget=forms.RadioSelect,
            choices=capacities,
            error_messages={
                "required": "Select the role in which you want to work",
                "invalid_choice": "This role is not yours, or no longer. Select one shown here",
            },
        )


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a form has of a file: one that is kept, and what is wrong with the one just sent."""

    kept: Upload | None = None
    refusal: str = ""
