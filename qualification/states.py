"""The stages of an application and the steps between them. Drawn into docs/states/ by a command."""

from __future__ import annotations

import enum

from dps.lifecycle import Lifecycle


class ApplicationState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUALIFIED = "qualified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ApplicationStep(enum.StrEnum):
    SUBMIT = "submit"
    QUALIFY = "qualify"
    REJECT = "reject"
    WITHDRAW = "withdraw"


_S, _A = ApplicationState, ApplicationStep

APPLICATION = Lifecycle(
    start=_S.DRAFT,
    edges={
        (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, _A.QUALIFY): _S.QUALIFIED,
        (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
        (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SUBMITTED, _A.WITHDRAW): _S.WITHDRAWN,
    },
    name="application",
)
"""Who is not qualified starts again with a new application, which carries the answers over."""

WORDS = {
    _S.DRAFT: "Draft",
    _S.SUBMITTED: "With the contract team",
    _S.QUALIFIED: "Qualified",
    _S.REJECTED: "Not qualified",
    _S.WITHDRAWN: "Withdrawn",
}
IN_PROGRESS = (_S.DRAFT, _S.SUBMITTED)
DECIDED = (_S.QUALIFIED, _S.REJECTED)
