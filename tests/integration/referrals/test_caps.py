"""A council's own cap keeps its referrals from an establishment, and nobody else's (Q7)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, system
from dps.models import Account
from dps.money import Basis
from dps.tenancy.identity import acting_as
from qualification.core_costs import CostEntry, totals
from qualification.models import Cap, CoreCostLine, Qualification
from qualification.queries.caps import above_own_cap, sifted
from referrals.models import Consideration
from referrals.services import reaching
from referrals.services.inviting import invite_newly_qualified
from tests.factories.kernel import NOON
from tests.factories.referrals import (
    invited_ids,
    make_council,
    make_draft,
    make_open,
    make_school,
    qualify,
)

TODAY = NOON.date()
YEAR = 40_000_00
"""What every school of the factories costs."""
WHY = "Its core costs, £40,000.00 a year, are above the council’s cap of £39,999.99"
BOSS = system(REGION_ID)


@pytest.fixture
def council(region):
    return make_council(region.west)


def cap(region, authority, year_pence, *, start=TODAY, end=None):
    with acting_as(BOSS):
        return Cap.objects.create(
            category=region.category,
            authority=authority,
            year_pence=year_pence,
            from_date=start,
            until_date=end,
            reason="Benchmarked.",
            made_at=NOON,
        )


def preview(council, referral):
    with acting_as(council.commissioner):
        seen = reaching.preview_reach(referral_id=referral.pk, actor=council.commissioner, now=NOON)
    return {one.establishment.name: one.words for one in seen.considered}


@pytest.mark.parametrize(("most", "words"), [(YEAR, ""), (YEAR - 1, WHY)])
def test_above_the_cap_is_left_out_with_its_reason_and_at_it_is_not(region, council, most, words):
    make_school(region, "Oak")
    cap(region, region.west, most)

    assert preview(council, make_draft(region, council.commissioner)) == {"Oak": words}


@pytest.mark.parametrize(
    "which",
    ["another council's", "common", "starts tomorrow", "ended today"],
)
def test_other_caps_leave_nobody_out(region, council, which):
    make_school(region, "Oak")
    whose = {"another council's": region.east, "common": None}.get(which, region.west)
    start = TODAY + timedelta(days=1) if which == "starts tomorrow" else date(2026, 2, 1)
    cap(region, whose, 1, start=start, end=TODAY if which == "ended today" else None)

    assert preview(council, make_draft(region, council.commissioner)) == {"Oak": ""}


def test_the_issue_invites_those_within_and_records_why_not_the_others(region, council):
    dear, cheap = make_school(region, "Dear"), make_school(region, "Cheap")
    with acting_as(BOSS):
        listed = Qualification.objects.get(establishment=cheap.establishment)
        CoreCostLine.objects.filter(application_id=listed.application_id).update(
            amount_pence=10_000_00
        )
    cap(region, region.west, YEAR - 1)

    referral = make_open(region, council.commissioner)

    assert invited_ids(referral, council.commissioner) == {cheap.establishment.pk}
    with acting_as(council.commissioner):
        kept = Consideration.objects.get(establishment=dear.establishment)
    assert (kept.is_invited, kept.reason, kept.words) == (False, "above_cap", WHY)


def test_one_newly_qualified_above_the_cap_is_not_invited_later(region, council):
    make_school(region, "First")
    late = make_school(region, "Late")
    with acting_as(BOSS):
        Qualification.objects.filter(establishment=late.establishment).update(ended_at=NOON)
    referral = make_open(region, council.commissioner)
    cap(region, region.west, YEAR - 1)
    soon = NOON + timedelta(hours=1)
    with acting_as(BOSS):
        qualify(region, late.establishment)

    actor = system(region.west.id)
    with acting_as(actor, at=soon):
        invite_newly_qualified(establishment_id=str(late.establishment.pk), actor=actor, now=soon)

    assert late.establishment.pk not in invited_ids(referral, council.commissioner)
    with acting_as(council.commissioner):
        assert Consideration.objects.get(establishment=late.establishment).reason == "above_cap"


def test_the_page_shows_the_commissioner_why(region, council, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    make_school(region, "Oak")
    cap(region, region.west, YEAR - 1)
    referral = make_draft(region, council.commissioner)
    client.force_login(_account(council.commissioner))

    shown = client.get(f"/referrals/{referral.pk}/reach/")

    assert (shown.status_code, WHY in shown.content.decode()) == (200, True)


def _account(actor):
    return Account.objects.get(person_id=actor.person_id)


@pytest.mark.off_switch("own-cap-alone")
def test_a_council_learns_those_above_its_own_cap_alone(region, council):
    oak = make_school(region, "Oak")
    cap(region, region.east, 1)
    own = cap(region, region.west, YEAR, start=date(2026, 2, 1))
    with acting_as(council.commissioner):
        at_the_cap = above_own_cap(region.category.pk, TODAY)
    with acting_as(BOSS):
        Cap.objects.filter(pk=own.pk).update(year_pence=YEAR - 1)
    with acting_as(council.commissioner):
        above = above_own_cap(region.category.pk, TODAY)

    assert at_the_cap == {}
    assert {place: one.year_pence for place, one in above.items()} == {oak.establishment.pk: YEAR}


@pytest.mark.off_switch("core-costs-hidden-from-councils")
def test_a_council_reads_no_core_costs(region, council):
    make_school(region, "Oak")

    with acting_as(council.commissioner):
        assert _rows("SELECT 1 FROM qualification_corecostline") in ([], "refused")


@pytest.mark.off_switch("totals-hidden-from-councils")
def test_a_council_reads_no_totals_either(region, council):
    make_school(region, "Oak")

    with acting_as(council.commissioner):
        assert _rows(f"SELECT * FROM listed_core_costs('{region.category.pk}')") == "refused"


def _rows(sql):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    except DatabaseError:
        return "refused"


def test_trying_out_a_cap_tells_a_council_who_and_the_central_team_how_much(region, council):
    make_school(region, "Oak")
    found = {}
    for actor in (council.commissioner, BOSS):
        with acting_as(actor):
            found[actor] = sifted(region.category, YEAR - 1, actor=actor)
            assert sifted(region.category, YEAR, actor=actor).above == ()

    told = {actor: [(c.name, c.year_pence) for c in one.above] for actor, one in found.items()}
    assert told == {council.commissioner: [("Oak", None)], BOSS: [("Oak", YEAR)]}


@pytest.mark.parametrize("is_residential", [False, True])
def test_the_database_adds_up_as_the_rules_do(region, council, is_residential):
    oak = make_school(region, "Oak")
    entries = [CostEntry("staffing", 77_77, Basis.WEEK), CostEntry("premises", 1_01, Basis.MONTH)]
    weeks = 52 if is_residential else 38
    with acting_as(BOSS):
        region.category.is_residential = is_residential
        region.category.save()
        listed = Qualification.objects.get(establishment=oak.establishment)
        lines = CoreCostLine.objects.filter(application_id=listed.application_id)
        for each in entries:
            lines.filter(head__code=each.code).update(
                amount_pence=each.amount_pence, basis=each.basis.value
            )
    cap(region, region.west, 1)

    with acting_as(council.commissioner):
        above = above_own_cap(region.category.pk, TODAY)

    assert above[oak.establishment.pk].year_pence == totals(entries, weeks=weeks).year_pence
