"""What the database shows of a referral to whom, with the application's filters off."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from dps.actors import Kind, Role, parent, public, system
from dps.tenancy.identity import acting_as
from referrals.models import Invitation
from referrals.services.choosing import offer_choice
from tests.factories.evaluation import GRADED, invite, ranked_case
from tests.factories.kernel import make_person, provider_actor

SEALED = {"referrals_sealedbid", "referrals_biddraft", "referrals_bidprogress"}
OF_A_BIDDER = {
    "referrals_referral": 1,
    "referrals_need": 2,
    "referrals_feature": 2,
    "referrals_outcome": 2,
    "referrals_invitation": 1,
    "referrals_sealedbid": 1,
}


@pytest.fixture
def case(region):
    """Two bids opened, graded and ranked; the parent has been offered the choice."""
    case = ranked_case(region)
    closes_at = GRADED.replace(year=GRADED.year + 1)
    case.offer = case.act(
        case.commissioner,
        offer_choice,
        referral_id=case.referral_id,
        closes_at=closes_at,
        at=GRADED,
    )
    return case


def read_by(actor):
    """How many rows of each table the actor reads, by plain SQL; tables without are left out."""
    found = {}
    with acting_as(actor):
        for model in apps.get_app_config("referrals").get_models():
            table = model._meta.db_table
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    found[table] = cursor.fetchone()[0]
            except DatabaseError:
                continue
    return {table: count for table, count in found.items() if count}


def test_the_council_reads_its_own(case):
    mine = read_by(case.commissioner)

    assert {"referrals_childidentity", "referrals_bid", "referrals_choiceoption"} <= set(mine)
    assert set(mine) & SEALED == set()


@pytest.mark.off_switch("authority-reads-its-own")
def test_another_council_reads_nothing(case):
    assert read_by(make_person(Role.COMMISSIONER, authority=case.region.east)) == {}


@pytest.mark.off_switch("provider-reads-what-it-is-invited-to")
def test_a_bidder_reads_what_it_was_asked_and_its_own_bid(case):
    assert read_by(case.bidders["Alder"]) == OF_A_BIDDER


@pytest.mark.off_switch("provider-reads-what-it-is-invited-to")
@pytest.mark.off_switch("bids-sealed-from-rivals")
def test_a_provider_that_was_not_invited_reads_nothing(case):
    assert read_by(provider_actor(case.region.category.pk)) == {}


@pytest.mark.off_switch("central-reads-awards-alone")
def test_the_contract_team_reads_nothing_before_the_award(case):
    assert read_by(make_person(Role.DPS_MANAGER, authority=case.region.west)) == {}


@pytest.mark.off_switch("parent-reads-own-offer")
def test_the_parent_of_another_child_reads_nothing(case):
    other = parent(authority_id=case.region.west.pk, choice_id=case.referral_id)

    assert read_by(other) == {}


@pytest.mark.off_switch("public-reads-nothing")
def test_the_public_reads_nothing(case):
    assert read_by(public()) == {}


@pytest.mark.off_switch("system-acts-for-one-authority")
def test_a_task_of_another_council_reads_nothing(case):
    assert read_by(system(case.region.east.pk)) == {}


@pytest.mark.off_switch("child-hidden-from-providers")
@pytest.mark.off_switch("child-hidden-from-the-system")
def test_nobody_but_the_council_reads_who_the_child_is(case):
    invite(case, "Cedar")
    others = {
        Kind.PROVIDER: case.bidders["Cedar"],
        Kind.CENTRAL: make_person(Role.DPS_MANAGER, authority=case.region.west),
        Kind.PARENT: parent(authority_id=case.region.west.pk, choice_id=case.offer.pk),
        Kind.PUBLIC: public(),
        Kind.SYSTEM: system(case.region.west.pk),
    }

    seen = {kind: set(read_by(actor)) for kind, actor in others.items()}

    assert [kind for kind, tables in seen.items() if "referrals_childidentity" in tables] == []
    with acting_as(case.bidders["Cedar"]):
        assert Invitation.objects.count() == 1
