"""The stages of a claim and the steps between them. Drawn into docs/states/ by a command."""

from __future__ import annotations

import enum

from dps.lifecycle import Lifecycle


class ClaimState(enum.StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ClaimStep(enum.StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"


CLAIM = Lifecycle(
    start=ClaimState.WAITING,
    edges={
        (ClaimState.WAITING, ClaimStep.CONFIRM): ClaimState.CONFIRMED,
        (ClaimState.WAITING, ClaimStep.REFUSE): ClaimState.REFUSED,
    },
    name="claim",
)
