"""Two audits at once, on real transactions: each establishment is changed once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from contracts.models import ComplianceFinding, ComplianceRun
from contracts.services.compliance import run_compliance_audit
from dps.models import AuditEvent, Message
from dps.tenancy.identity import acting_as
from qualification.models import Suspension
from tests.factories.compliance import BOSS, TODAY, make_insured
from tests.factories.kernel import NOON, make_region

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_audits_together_suspend_and_warn_each_once():
    region = make_region()
    for _ in range(6):
        make_insured(region, expires_on=TODAY - timedelta(days=1))
        make_insured(region, expires_on=TODAY + timedelta(days=30))
    gate, outcomes = threading.Barrier(2), []

    def run():
        try:
            gate.wait(timeout=20)
            run_compliance_audit(actor=BOSS, now=NOON)
            outcomes.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["done", "done"]
    with acting_as(BOSS):
        run_row = ComplianceRun.objects.get()
        assert (run_row.checked, run_row.found, run_row.reminded) == (12, 6, 6)
        assert (Suspension.objects.count(), ComplianceFinding.objects.count()) == (6, 6)
        assert Message.objects.filter(template="contracts/evidence_expiring").count() == 6
        assert AuditEvent.objects.filter(action="compliance.found").count() == 6
        assert AuditEvent.objects.filter(action="compliance.warned").count() == 6
