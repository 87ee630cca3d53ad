"""Every step of an application, from every stage, by every role: as the table says."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from dps.actors import CENTRAL_ROLES, PROVIDER_ROLES, REGION_ID, Role, system
from dps.permissions import ALLOWED, Action
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Application
from qualification.services import agreeing, applying, checking, deciding
from qualification.states import APPLICATION, ApplicationState, ApplicationStep
from tests.factories import grading
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
S, A = ApplicationState, ApplicationStep
ROLES = sorted(set(Role) - {Role.PUBLIC, Role.SYSTEM, Role.PARENT})
ACTION = {
    A.SUBMIT: Action.SUBMIT_APPLICATION,
    A.PASS_STAGE_1: Action.CHECK_APPLICATION,
    A.MODERATE: Action.AGREE_GRADES,
    A.GRADE_AGAIN: Action.AGREE_GRADES,
    A.QUALIFY: Action.DECIDE_APPLICATION,
    A.REJECT: Action.DECIDE_APPLICATION,
    A.WITHDRAW: Action.SUBMIT_APPLICATION,
}
REASONED = {"reason": "Read."}
SERVICE = {
    A.SUBMIT: (applying.submit_application, {}),
    A.PASS_STAGE_1: (checking.pass_stage_one, {}),
    A.MODERATE: (agreeing.moderate, {}),
    A.GRADE_AGAIN: (agreeing.grade_again, REASONED),
    A.QUALIFY: (deciding.decide, REASONED | {"qualifies": True}),
    A.REJECT: (deciding.decide, REASONED | {"qualifies": False, "failed": ["insurances"]}),
    A.WITHDRAW: (applying.withdraw_application, {}),
}


class Undone(Exception):
    """Ends the block so that its work is undone."""


@pytest.fixture
def oak(region):
    return make_applying(region)


def make(oak, state):
    """An application at this stage, from which each step of the table is possible."""
    match state:
        case S.DRAFT:
            application = oak.start()
            oak.complete(application)
        case S.SUBMITTED:
            application = oak.submitted()
            grading.clear(application, actor=oak.officer)
        case S.EVALUATION:
            application = oak.graded()
        case S.MODERATED:
            application = oak.moderated()
        case S.QUALIFIED:
            application = oak.decided()
        case S.REJECTED:
            application = oak.decided(qualifies=False)
        case S.WITHDRAWN:
            application = oak.submitted()
            with acting_as(oak.head):
                applying.withdraw_application(
                    application_id=application.id, actor=oak.head, now=NOON
                )
    return application


def people(oak):
    """One person with each role: of the provider, of the team, of a council."""
    found = {}
    for role in ROLES:
        if role in PROVIDER_ROLES:
            found[role] = make_person(role, provider_id=oak.provider.id)
        else:
            council = None if role in CENTRAL_ROLES else oak.region.east
            found[role] = make_person(role, authority=council or oak.region.west)
    return found


def outcome(oak, application, step, actor):
    """The state after the step, or what was raised; all of it is undone."""
    service, given = SERVICE[step]
    result = None
    with pytest.raises(Undone), transaction.atomic():
        if step is A.REJECT and application.state in (S.SUBMITTED, S.EVALUATION, S.MODERATED):
            grading.fails(application, "insurances", actor=oak.officer)
        try:
            with acting_as(actor):
                service(application_id=application.id, actor=actor, now=NOON, **given)
        except (IllegalTransition, NotPermitted) as refusal:
            result = type(refusal)
        except ObjectDoesNotExist:
            result = ObjectDoesNotExist
        else:
            with acting_as(BOSS):
                result = S(Application.objects.get(pk=application.pk).state)
        raise Undone
    return result


def is_seen(role, application, state):
    """Whether the row is there for whoever has this role: a draft is its provider's alone."""
    return role in PROVIDER_ROLES or state is not S.DRAFT


@pytest.mark.parametrize("state", list(S))
def test_each_step_from_this_stage_by_each_role(oak, state):
    application = make(oak, state)
    with acting_as(BOSS):
        application = Application.objects.get(pk=application.pk)
    assert application.state == state
    of_role = people(oak)

    wrong = []
    for step in A:
        for role, actor in of_role.items():
            if role not in ALLOWED[ACTION[step]]:
                expected = NotPermitted
            elif not is_seen(role, application, state):
                expected = ObjectDoesNotExist
            else:
                expected = APPLICATION.edges.get((state, step), IllegalTransition)
            found = outcome(oak, application, step, actor)
            if found != expected:
                wrong.append((step, role, found, expected))

    assert wrong == []


def test_every_step_has_its_service():
    assert set(SERVICE) == set(ACTION) == set(A) == {step for _, step in APPLICATION.edges}
