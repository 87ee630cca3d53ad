"""The annual audit: 100,000 establishments in 3 s where nothing has changed (performance.md 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.bench.market import many_insured
from tests.bench.measuring import measured, memory_watched, size
from tests.factories.compliance import TODAY, make_insured, run_audit

pytestmark = pytest.mark.django_db(transaction=True)
SCHOOLS = size(20_000, 100_000)
FAILING = 200


def test_nothing_is_wrong(region, mass):
    many_insured(region, mass, SCHOOLS - 1, make_insured(region))
    mass.vacuum()

    with (
        memory_watched(most=150),
        measured("Annual audit: establishments, all in order", SCHOOLS, goal="33,000/s"),
    ):
        run = run_audit()

    assert (run.checked, run.found) == (SCHOOLS, 0)


def test_some_have_lost_their_insurance(region, mass):
    """Each is a transaction of its own: a finding, a suspension, messages and events."""
    expired = make_insured(region, "Expired", expires_on=TODAY - timedelta(days=3))
    many_insured(region, mass, FAILING - 1, expired)
    mass.vacuum()

    with measured("Annual audit: establishments suspended", FAILING, goal="-"):
        run = run_audit()

    assert (run.checked, run.found) == (FAILING, FAILING)
