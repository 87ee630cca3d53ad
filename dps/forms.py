"""Forms of the kernel's own pages, and how everybody chooses a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from dps.actors import Role
from dps.govuk.forms import Choice, GovForm, TextField
from dps.models import Account, Upload

ROLE_HINTS = {
    Role.COMMISSIONER: "Raises referrals and runs them, up to recommending the award",
    Role.EVALUATOR: "Grades what bidders write, without knowing who they are",
    Role.APPROVER: "Opens bids with a commissioner, approves awards and signs agreements",
    Role.AUTHORITY_ADMINISTRATOR: "Looks after people and reads the audit trail",
    Role.CONTRACTS_OFFICER: "Checks claims and decides applications",
    Role.SENIOR_CONTRACTS_OFFICER: "The same, and suspends and reinstates establishments",
    Role.DPS_MANAGER: "The same, and looks after the people of the team",
    Role.DATA_ANALYST: "Reads figures, and changes nothing",
    Role.PROVIDER_ADMINISTRATOR: "Claims establishments, sends applications, signs agreements and"
    " looks after people",
    Role.BID_WRITER: "Prepares applications and bids, and keeps places up to date",
}


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


class NewPasswordField(forms.CharField):
    """A password that somebody chooses; `check_new_password` looks at it with its email."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            help_text="At least 12 characters. Three words that have nothing to do with each other"
            " are strong and easy to remember",
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            strip=False,
            max_length=256,
            error_messages={"required": "Enter a password"},
            **kwargs,
        )


def check_new_password(form: forms.Form, email: str) -> None:
    """Put what is wrong with the typed password at its field."""
    password = form.cleaned_data.get("password")
    if not password:
        return
    try:
        validate_password(password, Account(email=email))
    except forms.ValidationError as error:
        form.add_error("password", [_plainly(one) for one in error.error_list])


def _plainly(error: forms.ValidationError) -> str:
    """Django's three complaints about a password, as instructions."""
    words = {
        "password_too_short": "Password must be 12 characters or more",
        "password_too_common": "This password is known to many. Choose another one",
        "password_too_similar": "Password must not be like your email address",
    }
    return words.get(error.code or "", error.messages[0])


class InviteForm(GovForm):
    """Whom to invite, and what they will do."""

    name = TextField(label="Full name", max_length=120)
    email = forms.EmailField(
        label="Work email address",
        help_text="We send the invitation there, and they will sign in with it",
        max_length=254,
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = forms.MultipleChoiceField(
            label="What will they do?",
            help_text="Select all that apply",
            widget=forms.CheckboxSelectMultiple,
            choices=[(role.value, Choice(role.words, ROLE_HINTS[role])) for role in roles],
            error_messages={
                "required": "Select what they will do",
                "invalid_choice": "Select one of the roles shown here",
            },
        )


class JoinForm(GovForm):
    """What somebody who was invited chooses for themselves."""

    name = TextField(label="Your full name", max_length=120)
    password = NewPasswordField(label="Choose a password")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        check_new_password(self, self.email)
        return typed


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a form has of a file: one that is kept, and what is wrong with the one just sent."""

    kept: Upload | None = None
    refusal: str = ""
