"""The stages of an application and the steps between them. Drawn into docs/states/ by a command."""

from __future__ import annotations

import enum

from dps.lifecycle import Lifecycle


class ApplicationState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    EVALUATION = "evaluation"
    MODERATED = "moderated"
    QUALIFIED = "qualified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ApplicationStep(enum.StrEnum):
    SUBMIT = "submit"
    PASS_STAGE_1 = "pass_stage_1"  # noqa: S105 -- a step, no password
    MODERATE = "moderate"
    GRADE_AGAIN = "grade_again"
    QUALIFY = "qualify"
    REJECT = "reject"
    WITHDRAW = "withdraw"


_S, _A = ApplicationState, ApplicationStep

APPLICATION = Lifecycle(
    start=_S.DRAFT,
    edges={
        (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
        (_S.SUBMITTED, _A.PASS_STAGE_1): _S.EVALUATION,
        (_S.EVALUATION, _A.MODERATE): _S.MODERATED,
        (_S.MODERATED, _A.GRADE_AGAIN): _S.EVALUATION,
        (_S.MODERATED, _A.QUALIFY): _S.QUALIFIED,
        (_S.SUBMITTED, _A.REJECT): _S.REJECTED,
        (_S.EVALUATION, _A.REJECT): _S.REJECTED,
        (_S.MODERATED, _A.REJECT): _S.REJECTED,
        (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.SUBMITTED, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.EVALUATION, _A.WITHDRAW): _S.WITHDRAWN,
        (_S.MODERATED, _A.WITHDRAW): _S.WITHDRAWN,
    },
    name="application",
)
"""Who is not qualified puts right what failed in a new application, which keeps the rest."""

WORDS = {
    _S.DRAFT: "Draft",
    _S.SUBMITTED: "Being checked",
    _S.EVALUATION: "Being graded",
    _S.MODERATED: "Waiting for a decision",
    _S.QUALIFIED: "Qualified",
    _S.REJECTED: "Not qualified",
    _S.WITHDRAWN: "Withdrawn",
}
WITH_THE_TEAM = (_S.SUBMITTED, _S.EVALUATION, _S.MODERATED)
IN_PROGRESS = (_S.DRAFT, *WITH_THE_TEAM)
DECIDED = (_S.QUALIFIED, _S.REJECTED)
