"""The measure itself: a statement that reaches into several authorities is found."""

import pytest

from dps.tenancy.identity import acting_as
from referrals.models import Referral, SealedBid
from tests.factories.kernel import provider_actor
from tests.factories.referrals import make_council
from tests.integration.partitions import assert_one_partition_each, explained


def test_a_statement_without_the_authority_is_found(region):
    with acting_as(provider_actor(region.category.pk)), explained() as seen:
        assert SealedBid.objects.count() == 0

    assert {len(partitions) for plan in seen.plans for partitions in plan.values()} == {3}
    with pytest.raises(AssertionError, match="referrals_sealedbid_a1"):
        assert_one_partition_each(seen)


def test_one_that_names_it_passes(region):
    council = make_council(region.west)
    with acting_as(council.commissioner), explained() as seen:
        assert Referral.objects.count() == 0

    assert seen.touched == {"referrals_referral"}
    assert_one_partition_each(seen)


def test_that_nothing_was_asked_is_no_proof(region):
    with explained() as seen:
        region.west.refresh_from_db()

    with pytest.raises(AssertionError, match="nothing was asked"):
        assert_one_partition_each(seen)
