"""What is written for good is changed by nobody: not even by the owner of the database."""

import psycopg
import pytest

from dps.actors import system
from dps.audit import Act, record
from dps.audit.verify import verify
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from tests.factories.evaluation import make_case, seal_bid
from tests.factories.kernel import NOON, make_region

pytestmark = pytest.mark.django_db(transaction=True)
UPDATED, DELETED = "UPDATE {} SET authority_id = authority_id", "DELETE FROM {}"


@pytest.fixture
def case():
    case = make_case(make_region())
    seal_bid(case, "Alder")
    return case


@pytest.fixture
def owner(django_db_setup):
    with psycopg.connect(django_db_setup.owner_url, autocommit=True) as owner:
        yield owner


def refused(owner, statement, table, words):
    before = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
    with pytest.raises(psycopg.errors.RaiseException, match=words):
        owner.execute(statement.format(table))
    assert owner.execute(f"SELECT count(*) FROM {table}").fetchone() == before


@pytest.mark.off_switch("trail-append-only")
def test_the_trail_is_not_changed(case, owner):
    for statement in (UPDATED, DELETED):
        refused(owner, statement, "dps_auditevent", "append-only")


@pytest.mark.off_switch("trail-not-emptied")
def test_the_trail_is_not_emptied(case, owner):
    refused(owner, "TRUNCATE {} CASCADE", "dps_auditevent", "append-only")


@pytest.mark.off_switch("sealed-bids-append-only")
def test_a_sealed_bid_is_not_changed(case, owner):
    for statement in (UPDATED, DELETED):
        refused(owner, statement, "referrals_sealedbid", "never changed")


@pytest.mark.off_switch("sealed-bids-not-emptied")
def test_the_sealed_bids_are_not_emptied(case, owner):
    refused(owner, "TRUNCATE {} CASCADE", "referrals_sealedbid", "never changed")


@pytest.mark.off_switch("trail-linked")
def test_each_event_stands_in_its_chain(case):
    actor = case.commissioner
    with acting_as(actor):
        record(Act("thing.done", case.region.west), actor=actor, at=NOON)
    with acting_as(system(case.region.west.pk)):
        written = AuditEvent.objects.count()
        verdict = verify(case.region.west.pk)

    assert (verdict.is_sound, verdict.unlinked, verdict.events) == (True, 0, written)
