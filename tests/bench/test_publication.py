"""A quarter's publication: 50,000 awards in 6.3 s, in flat memory (performance.md 2, 6)."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from contracts.publication.quarters import Quarter
from contracts.queries.publications import package_of, table_of
from contracts.services.publishing import publish_quarter
from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from tests.bench.measuring import measured, memory_watched, size
from tests.bench.rows import copied
from tests.factories.contracts import make_sides, make_signed

pytestmark = pytest.mark.django_db(transaction=True)
AWARDS = size(10_000, 50_000)
Q4 = Quarter(2026, 4)
NEW_YEAR = datetime(2027, 1, 1, 5, tzinfo=UTC)
BOSS = system(REGION_ID)


def test_a_large_quarter(region, mass):
    agreement = make_signed(make_sides(region))
    mass.copy(
        "contracts_agreement",
        agreement.id,
        AWARDS - 1,
        award_id=copied(agreement.award_id),
        reference="'IPA-' || n",
    )
    mass.vacuum()

    with (
        memory_watched(most=150),
        measured("Publication: awards, validated, both files hashed", AWARDS, goal="7,900/s"),
        acting_as(BOSS),
    ):
        publication = publish_quarter(quarter=Q4, actor=BOSS, now=NEW_YEAR)

    assert publication.award_count == AWARDS
    with measured("Publication: both files read again", AWARDS, goal="-"):
        hashes = [_hash(parts(publication)) for parts in (package_of, table_of)]
    assert hashes == [publication.package_sha256, publication.table_sha256]


def _hash(parts) -> str:
    digest = sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
