"""Two people who write the costs of one draft at once: the second is told what the first saved."""

import pytest

from dps.money import Basis
from dps.tenancy.identity import acting_as
from qualification import fingerprints
from qualification.core_costs import CostEntry
from qualification.discounts import DiscountKind, Step
from qualification.queries.discounts import steps_of
from qualification.services import applying, discounting
from qualification.services.answering import ChangedMeanwhile
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_region
from tests.factories.qualification import make_applying

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    return make_applying(make_region())


def saving(actor, application, seen, pence):
    return act(
        applying.set_core_costs,
        actor=actor,
        now=NOON,
        application_id=application.id,
        lines=[CostEntry("premises", pence, Basis.YEAR)],
        seen=seen,
    )


def offering(actor, application, percent):
    return act(
        discounting.set_discounts,
        actor=actor,
        now=NOON,
        application_id=application.id,
        steps=[Step(DiscountKind.SIBLINGS, 2, percent)],
        seen=fingerprints.of_discounts(()),
    )


@pytest.mark.off_switch("draft-row-of-costs")
def test_of_two_who_save_costs_at_once_the_second_is_told(oak):
    application = oak.start()
    seen = oak.contents(application).costs_fingerprint

    done = in_turn(saving(oak.head, application, seen, 1), saving(oak.writer, application, seen, 2))

    assert refusals(done.both) == [ChangedMeanwhile]
    assert [each.amount_pence for each in oak.contents(application).entries] == [1]


@pytest.mark.off_switch("draft-row-of-costs")
def test_of_two_who_save_discounts_at_once_the_second_is_told(oak):
    application = oak.start()

    done = in_turn(offering(oak.head, application, 1), offering(oak.writer, application, 2))

    assert refusals(done.both) == [ChangedMeanwhile]
    with acting_as(oak.head):
        assert [each.percent for each in steps_of(application.id)] == [1]
