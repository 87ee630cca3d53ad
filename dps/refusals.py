"""An expected no: the one exception a person may read, in plain words, with its HTTP status."""

from __future__ import annotations


class Refusal(Exception):
    """
    What was asked cannot be done now; ``str()`` is the sentence the person reads.

    A subclass is named for its situation and carries ``message``, ``status`` and ``field``; an
    instance may bring its own words, and the ``field`` of the form that they belong to.
    """

    message: str = "You cannot do this now"
    status: int = 409
    field: str = ""

    def __init__(self, message: str = "", *, field: str = "") -> None:
        self.message = message or type(self).message
        self.field = field or type(self).field
        super().__init__(self.message)


class NotUnderstood(Refusal):
    """What was typed or sent cannot be read."""

    message = "We cannot read what was entered"
    status = 400


class NotPermitted(Refusal):
    """The person is known, and may not do this."""

    message = "You do not have permission to do this"
    status = 403


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it."""

    message = "We cannot find what you asked for"
    status = 404


class Gone(Refusal):
    """It was there once: used, expired or withdrawn."""

    message = "This has expired or has already been used"
    status = 410


class TooMany(Refusal):
    """Too often in a short time; it may be tried again later."""

    message = "Too much has been tried in a short time. Wait a minute, then try again"
    status = 429


class IllegalTransition(Refusal):
    """The thing is at a stage from which this step does not lead on."""

    message = "This step is not possible at this stage"
