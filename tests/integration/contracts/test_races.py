"""Two at once over an agreement, its signatures and the audit: each thing happens once."""

from datetime import timedelta

import pytest

from contracts.models import Agreement, ComplianceFinding, ComplianceRun
from contracts.services.agreements import make_agreement as make_agreement_job
from contracts.services.compliance import run_compliance_audit
from contracts.services.publishing import publish_quarter
from contracts.services.signing import SideHasSigned, sign
from contracts.states import AgreementState
from dps.actors import Role, system
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from qualification.services.suspending import suspend
from tests.at_once import act, in_turn, refusals
from tests.factories.compliance import BOSS, TODAY, make_insured, suspensions
from tests.factories.contracts import (
    AWARDED,
    SIGNED,
    make_agreement,
    make_award,
    make_sides,
    make_signed,
)
from tests.factories.kernel import NOON, make_person, make_region
from tests.integration.contracts.test_publishing import NEW_YEAR, Q4
from tests.integration.contracts.test_signing import state_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def region():
    return make_region()


@pytest.mark.off_switch("award-row-of-agreement")
def test_the_job_run_twice_at_once_makes_one_agreement(region):
    award = make_award(make_sides(region))
    job = act(make_agreement_job, actor=system(region.west.id), now=AWARDED, award_id=str(award.id))

    done = in_turn(job, job)

    assert done.both == (None, None)
    with acting_as(system(region.west.id)):
        assert Agreement.objects.count() == 1


def signing_by(actor, agreement):
    return act(
        sign,
        actor=actor,
        now=SIGNED,
        agreement_id=agreement.id,
        authority_id=agreement.authority_id,
    )


@pytest.mark.off_switch("agreement-row")
def test_two_of_one_side_signing_together_leave_one_signature(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    second = make_person(Role.APPROVER, authority=sides.authority)

    done = in_turn(signing_by(sides.approver, agreement), signing_by(second, agreement))

    assert refusals(done.both) == [SideHasSigned]
    assert state_of(agreement) == (AgreementState.PART_SIGNED, ["authority"], 1, 0)


@pytest.mark.off_switch("agreement-row")
def test_both_sides_signing_together_complete_it(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)

    done = in_turn(signing_by(sides.approver, agreement), signing_by(sides.head, agreement))

    assert refusals(done.both) == []
    assert state_of(agreement) == (AgreementState.SIGNED, ["authority", "provider"], 2, 1)


@pytest.mark.off_switch("publication")
def test_a_quarter_published_twice_at_once_is_published_once(region):
    make_signed(make_sides(region))
    publish = act(publish_quarter, actor=BOSS, now=NEW_YEAR, quarter=Q4)

    done = in_turn(publish, publish)

    assert refusals(done.both) == []
    assert done.first == done.second
    with acting_as(BOSS):
        assert AuditEvent.objects.filter(action="quarter.published").count() == 1


@pytest.mark.off_switch("audited-establishment-row")
def test_the_audit_leaves_alone_whom_a_person_is_suspending(region):
    school = make_insured(region, expires_on=TODAY - timedelta(days=1))
    by_hand = act(
        suspend,
        actor=make_person(Role.DPS_MANAGER, authority=region.west),
        now=NOON,
        establishment_id=school.establishment.pk,
        cause="insurance",
        reason="Ran out.",
    )

    done = in_turn(by_hand, lambda: run_compliance_audit(actor=BOSS, now=NOON))

    assert refusals(done.both) == []
    assert suspensions(school.establishment) == [("insurance", False, True)]
    with acting_as(BOSS):
        found = ComplianceRun.objects.get().found
        assert (found, ComplianceFinding.objects.count()) == (1, 1)
