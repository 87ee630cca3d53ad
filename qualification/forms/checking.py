"""What officers type while they check, and what the provider replies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from dps.govuk.forms import Choice, DateField, GovForm, WordsField, speak_plainly
from dps.working_days import add_working_days
from qualification.forms.words import LONGEST_REASON_WORDS
from qualification.models import Check

CLEAR, ASK, FAILS = Check.Result.CLEAR.value, Check.Result.ASKED.value, Check.Result.FAILS.value
REPLY_DAYS = 5
"""Working days that are offered for a reply."""


class CheckForm(GovForm):
    """What was found; a question to the provider, or why it does not pass."""

    result = forms.ChoiceField(
        label="What did you find?",
        widget=forms.RadioSelect,
        choices=[
            (CLEAR, "It is clear"),
            (
                ASK,
                Choice(
                    "Something does not match: ask the provider",
                    "They get an email, and reply here",
                    reveals="question",
                ),
            ),
            (FAILS, Choice("It does not pass", reveals="note")),
        ],
        error_messages={"required": "Select what you found"},
    )
    question = WordsField(
        label="Your question to the provider",
        help_text="Say what we hold, what they said, and what we need from them",
        max_words=LONGEST_REASON_WORDS,
        required=False,
    )
    note = WordsField(
        label="What does not pass, and what would put it right",
        help_text="The provider reads this if you decide so",
        max_words=LONGEST_REASON_WORDS,
        required=False,
    )
    reply_by = DateField(label="Reply by", required=False)
    for_all = forms.BooleanField(required=False)

    def __init__(self, *args: Any, today: date, alike: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"reply_by": add_working_days(today, REPLY_DAYS)} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].help_text = "Used if you ask the provider"
        reply = self.fields["reply_by"]
        assert isinstance(reply, DateField)
        reply.earliest = today + timedelta(days=1)
        reply.error_messages["earliest"] = "The date for the reply must be after today"
        if alike > 1:
            self.fields["for_all"].label = f"The same for all {alike} that gave this answer"
            speak_plainly(self.fields["for_all"])
        else:
            del self.fields["for_all"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        result = typed.get("result")
        if result == ASK and not typed.get("question") and "question" not in self.errors:
            self.add_error("question", "Enter your question to the provider")
        if result == ASK and not typed.get("reply_by") and "reply_by" not in self.errors:
            self.add_error("reply_by", "Enter the date for the reply")
        if result == FAILS and not typed.get("note") and "note" not in self.errors:
            self.add_error("note", "Say what does not pass, and what would put it right")
        return typed


class ReplyForm(GovForm):
    text = WordsField(
        label="Your reply",
        help_text="If it needs a new certificate or policy, add it to your evidence first and say"
        " so here",
        max_words=LONGEST_REASON_WORDS,
        error_messages={"required": "Enter your reply"},
    )
