"""Many rows in one statement: the same policies hold as for one."""

from datetime import date

import pytest
from django.db import ProgrammingError

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from dps.tenancy.many import insert_many, update_many
from dps.tenancy.models import uuid7
from providers.models import Evidence
from tests.factories.kernel import NOON, provider_actor
from tests.factories.providers import make_establishment, make_provider

BOSS = system(REGION_ID)


@pytest.fixture
def places(region):
    return [make_establishment(name, provider=make_provider(name)) for name in ("Ash", "Birch")]


def certificate(place, number):
    return {
        "id": uuid7(),
        "provider_id": place.provider_id,
        "establishment_id": place.id,
        "kind": "public_liability",
        "title": "",
        "withdrawn_because": "",
        "number": number,
        "sum_insured_pence": 10_000_000_00,
        "issued_on": date(2026, 1, 1),
        "expires_on": date(2027, 1, 1),
        "recorded_at": NOON,
    }


def numbers():
    with acting_as(BOSS):
        return sorted(Evidence.objects.values_list("number", flat=True))


def test_rows_are_inserted_and_changed_whatever_they_hold(places):
    hostile = "'; DROP TABLE x; -- \"\\ %s 🦊"
    rows = [certificate(place, hostile) for place in places]

    with acting_as(BOSS):
        insert_many(Evidence, rows)
        update_many(Evidence, [rows[0] | {"number": "PL-2"}], ["number"], authority_id=None)

    assert numbers() == [hostile, "PL-2"]


def test_nothing_of_nobody(places):
    with acting_as(BOSS):
        insert_many(Evidence, [])
        update_many(Evidence, [], ["number"], authority_id=None)

    assert numbers() == []


def test_nobody_writes_rows_of_somebody_else(places):
    mine, theirs = (certificate(place, "PL-1") for place in places)
    me = provider_actor(places[0].provider_id)
    with acting_as(BOSS):
        insert_many(Evidence, [mine, theirs])

    changed = [row | {"number": "mine now"} for row in (mine, theirs)]
    with acting_as(me):
        update_many(Evidence, changed, ["number"], authority_id=None)
    with pytest.raises(ProgrammingError, match="row-level security"), acting_as(me):
        insert_many(Evidence, [certificate(places[1], "forged")])

    assert numbers() == ["PL-1", "mine now"]
