"""Each award is published exactly once, whole, and says nothing of a child."""

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from contracts.models import Publication, PublishedAward
from contracts.publication.quarters import Quarter
from contracts.queries.publications import package_of, table_of
from contracts.services.publishing import (
    LaterQuarterPublished,
    QuarterNotOver,
    publish_ended_quarters,
    publish_quarter,
)
from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from tests.factories.contracts import make_agreement, make_officer, make_sides, make_signed
from tests.factories.referrals import HOME
from tests.integration.contracts.standard import faults_of

BOSS = system(REGION_ID)
Q4, Q1 = Quarter(2026, 4), Quarter(2027, 1)
# All awards of these tests are signed on 27 November 2026, unless they say otherwise.
NEW_YEAR = datetime(2027, 1, 1, 5, tzinfo=UTC)
APRIL = datetime(2027, 4, 1, 5, tzinfo=UTC)


def publish(quarter=Q4, *, now=NEW_YEAR, actor=BOSS):
    with acting_as(actor):
        return publish_quarter(quarter=quarter, actor=actor, now=now)


def published():
    """Each published award's id, with the quarter in which it went out."""
    rows = PublishedAward.objects.order_by("award_id")
    return dict(rows.values_list("award_id", "publication__quarter"))


def package(publication):
    return json.loads(b"".join(package_of(publication)))


def test_every_signed_award_of_every_council_goes_out_once(region):
    west, east = make_sides(region), make_sides(region, authority=region.east)
    signed = [make_signed(west), make_signed(west), make_signed(east)]
    make_agreement(west)

    publication = publish()

    assert publication.award_count == 3
    assert published() == {agreement.award_id: "2026-q4" for agreement in signed}


def test_the_files_are_what_was_hashed_and_the_standard_accepts_them(region):
    make_signed(make_sides(region))
    make_signed(make_sides(region, authority=region.east))

    publication = publish()

    json_bytes, csv_bytes = (b"".join(parts(publication)) for parts in (package_of, table_of))
    assert sha256(json_bytes).hexdigest() == publication.package_sha256
    assert sha256(csv_bytes).hexdigest() == publication.table_sha256
    found = json.loads(json_bytes)
    assert faults_of(found) == []
    assert len(found["releases"]) == 2
    assert found["publisher"] == {"name": "West Sussex"}
    lines = list(csv.DictReader(io.StringIO(csv_bytes.decode())))
    assert {(line["Council"], line["Value of one year (GBP)"]) for line in lines} == {
        ("West Sussex", "47600.00"),
        ("East Sussex", "47600.00"),
    }


def test_the_standard_finds_faults_that_are_there(region):
    make_signed(make_sides(region))
    found = package(publish())

    found["releases"][0]["awards"][0]["value"]["amount"] = "much"
    del found["publisher"]

    assert len(faults_of(found)) == 2


def test_nothing_about_the_child_or_the_day_goes_out(region):
    agreement = make_signed(make_sides(region))
    with acting_as(system(region.west.id)):
        referral = agreement.referral

    publication = publish()

    files = b"".join([*package_of(publication), *table_of(publication)]).decode()
    secrets = (
        referral.reference,
        HOME.child_name,
        HOME.postcode,
        referral.profile,
        "2026-11",
        "38 weeks",
        "Two years",
        str(agreement.id),
        str(agreement.award_id),
        str(agreement.referral_id),
    )
    assert [secret for secret in secrets if secret in files] == []


def test_a_quarter_is_londons(region):
    sides = make_sides(region)
    last_of_june = make_signed(sides, signed_at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    first_of_july = make_signed(sides, signed_at=datetime(2026, 6, 30, 23, 0, tzinfo=UTC))

    publish_ended_quarters(actor=BOSS, now=datetime(2026, 10, 1, 5, tzinfo=UTC))

    assert published() == {last_of_june.award_id: "2026-q2", first_of_july.award_id: "2026-q3"}


def test_a_second_run_changes_nothing(region):
    make_signed(make_sides(region))
    first = publish()

    second = publish(now=APRIL)

    assert (second.id, second.published_at) == (first.id, NEW_YEAR)
    assert PublishedAward.objects.count() == 1
    with acting_as(BOSS):
        assert AuditEvent.objects.filter(action="quarter.published").count() == 1


def test_what_is_found_late_goes_out_with_the_next_quarter_and_says_when_it_was_signed(region):
    sides = make_sides(region)
    make_signed(sides)
    publish()
    late = make_signed(sides)

    publish(Q1, now=APRIL)

    assert published()[late.award_id] == "2027-q1"
    assert PublishedAward.objects.get(award_id=late.award_id).signed_quarter == "2026-q4"


def test_what_is_signed_after_the_quarter_waits_for_its_own(region):
    agreement = make_signed(make_sides(region), signed_at=NEW_YEAR)

    publish(now=APRIL)

    assert published() == {}
    publish(Q1, now=APRIL)
    assert published() == {agreement.award_id: "2027-q1"}


def test_quarters_that_were_missed_are_made_up_for_in_order(region):
    sides = make_sides(region)
    one = make_signed(sides)
    two = make_signed(sides, signed_at=datetime(2027, 5, 5, 12, tzinfo=UTC))

    made = publish_ended_quarters(actor=BOSS, now=datetime(2027, 8, 1, tzinfo=UTC))
    again = publish_ended_quarters(actor=BOSS, now=datetime(2027, 8, 1, tzinfo=UTC))

    assert [(each.quarter, each.award_count) for each in made] == [
        ("2026-q4", 1),
        ("2027-q1", 0),
        ("2027-q2", 1),
    ]
    assert again == []
    assert published() == {one.award_id: "2026-q4", two.award_id: "2027-q2"}


def test_before_the_first_signature_there_is_nothing_to_publish(region):
    make_agreement(make_sides(region))

    assert publish_ended_quarters(actor=BOSS, now=APRIL) == []


@pytest.mark.parametrize(
    ("who", "quarter", "refusal"),
    [
        ("system", Q1, QuarterNotOver),
        ("system", Quarter(2026, 3), LaterQuarterPublished),
        ("officer", Q4, NotPermitted),
    ],
)
def test_refusals_publish_nothing(region, who, quarter, refusal):
    make_signed(make_sides(region))
    if refusal is LaterQuarterPublished:
        publish()
    before = Publication.objects.count()
    actor = BOSS if who == "system" else make_officer(Role.DPS_MANAGER)

    with pytest.raises(refusal):
        publish(quarter, actor=actor)

    assert Publication.objects.count() == before


def test_the_publication_is_in_the_trail_with_both_hashes(region):
    make_signed(make_sides(region))

    publication = publish()

    with acting_as(BOSS):
        event = AuditEvent.objects.get(action="quarter.published")
    assert json.loads(event.body)["facts"] == {
        "quarter": "2026-q4",
        "awards": 1,
        "package_sha256": publication.package_sha256,
        "table_sha256": publication.table_sha256,
    }
