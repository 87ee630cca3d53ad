"""Every step of an application from every stage by every role: who may, and where it leads."""

import pytest

from dps.actors import Actor, Kind, Role
from dps.permissions import Action, may
from dps.refusals import IllegalTransition
from qualification.states import APPLICATION
from qualification.states import ApplicationState as S
from qualification.states import ApplicationStep as A

OFFICERS = {Role.CONTRACTS_OFFICER, Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER}
PROVIDER = {Role.PROVIDER_ADMINISTRATOR}
STEPS = {
    A.SUBMIT: (Action.SUBMIT_APPLICATION, PROVIDER),
    A.WITHDRAW: (Action.SUBMIT_APPLICATION, PROVIDER),
    A.PASS_STAGE_1: (Action.CHECK_APPLICATION, OFFICERS),
    A.MODERATE: (Action.AGREE_GRADES, OFFICERS),
    A.GRADE_AGAIN: (Action.AGREE_GRADES, OFFICERS),
    A.QUALIFY: (Action.DECIDE_APPLICATION, OFFICERS),
    A.REJECT: (Action.DECIDE_APPLICATION, OFFICERS),
}
LEADS_TO = {
    (S.DRAFT, A.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, A.PASS_STAGE_1): S.EVALUATION,
    (S.EVALUATION, A.MODERATE): S.MODERATED,
    (S.MODERATED, A.GRADE_AGAIN): S.EVALUATION,
    (S.MODERATED, A.QUALIFY): S.QUALIFIED,
    **{(each, A.REJECT): S.REJECTED for each in (S.SUBMITTED, S.EVALUATION, S.MODERATED)},
    **{
        (each, A.WITHDRAW): S.WITHDRAWN
        for each in (S.DRAFT, S.SUBMITTED, S.EVALUATION, S.MODERATED)
    },
}


def outcome(state, step, role):
    """Where a step leads for a role; None where it is refused."""
    action, _ = STEPS[step]
    if not may(Actor(kind=Kind.SYSTEM, roles=frozenset({role}), name="x"), action):
        return None
    try:
        return APPLICATION.after(state, step)
    except IllegalTransition:
        return None


@pytest.mark.parametrize("step", A)
@pytest.mark.parametrize("state", S)
def test_every_step_from_every_stage_by_every_role(state, step):
    _, allowed = STEPS[step]

    found = {role: outcome(state, step, role) for role in Role}

    leads_to = LEADS_TO.get((state, step))
    assert found == {role: leads_to if role in allowed else None for role in Role}
