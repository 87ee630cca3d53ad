"""
Nobody reads, changes, deletes or adds a row of somebody else: in any table, by the database alone.

Every kind of actor is tried on every guarded table of a loaded region, past the application's own
filters. Then each policy is opened in turn, and must be missed.
"""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from dps.tenancy.identity import acting_as
from tests.off_switches.kinds import Opened
from tests.region.whose import NO_ROW, everybody, guarded_tables

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = guarded_tables()
KINDS = ("authority", "provider", "central", "parent", "public", "system", "region's system")
A_CODE = """
INSERT INTO referrals_parentcode
    (id, authority_id, offer_id, channel, code_hash, made_at, expires_at, tries)
  SELECT gen_random_uuid(), authority_id, id, 'officer', '', offered_at, offered_at, 0
    FROM referrals_choiceoffer
"""
# Whoever was invited writes events of its bid, and what follows, into the council's own tables.
WRITTEN_FOR_COUNCILS = {"dps.AuditEvent", "dps.OwedJob", "dps.Message"}


@pytest.fixture(scope="module")
def region(owner):
    """No code waits in the demo region; every other table has rows."""
    owner.execute(A_CODE)
    return owner


@pytest.fixture(params=KINDS)
def who(request, region):
    return everybody(region)[request.param]


def rows_of_others(region, who, table):
    """By the owner, past every policy."""
    query = f"SELECT id FROM {table.name} WHERE {who.others(table)}"
    return {found for (found,) in region.execute(query)}


def read_by(actor, table):
    with acting_as(actor):
        try:
            with transaction.atomic():
                return set(table.model._base_manager.values_list("pk", flat=True))
        except DatabaseError:
            return set()


def test_there_is_a_row_of_somebody_else_in_every_table(region, who):
    tried = [table for table in TABLES if who.others(table) != NO_ROW]

    assert [table.label for table in tried if not rows_of_others(region, who, table)] == []


def test_each_council_and_provider_reads_its_own(region):
    found = everybody(region)
    of_referral = next(table for table in TABLES if table.label == "referrals.Referral")
    of_bid = next(table for table in TABLES if table.label == "referrals.SealedBid")

    assert read_by(found["authority"].actor, of_referral)
    assert read_by(found["provider"].actor, of_bid)


def test_nobody_reads_a_row_of_somebody_else(region, who):
    seen = {
        table.label: len(read_by(who.actor, table) & rows_of_others(region, who, table))
        for table in TABLES
    }

    assert {label: count for label, count in seen.items() if count} == {}


def test_without_the_policy_of_any_table_its_rows_are_read(region, who):
    """The off switch of each policy: the test above would notice."""
    unnoticed = []
    for table in TABLES:
        others = rows_of_others(region, who, table)
        if others:
            with Opened(who.actor.kind, (table.label,)).off(region):
                if not read_by(who.actor, table) & others:
                    unnoticed.append(table.label)

    assert unnoticed == []


@pytest.fixture
def policies_alone(region):
    """Triggers and keys would refuse, too."""
    for table in TABLES:
        region.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL")
    yield
    for table in TABLES:
        region.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER ALL")


def changed_by(actor, statement, values=None):
    """How many rows; what was changed is rolled back. None where it is refused as a whole."""
    with acting_as(actor), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                count = cursor.rowcount
                transaction.set_rollback(True)
        except DatabaseError as error:
            return error
    return count


@pytest.mark.parametrize("change", ["UPDATE {} SET id = gen_random_uuid()", "DELETE FROM {}"])
def test_nobody_changes_a_row_of_somebody_else(region, who, policies_alone, change):
    too_many = []
    for table in TABLES:
        own = f"SELECT count(*) FROM {table.name} WHERE NOT ({who.others(table)})"
        count = changed_by(who.actor, change.format(table.name))
        # Without a condition no right to read is asked for: only the right to change holds it.
        if isinstance(count, int) and count > region.execute(own).fetchone()[0]:
            too_many.append((table.label, count))

    assert too_many == []


def test_nobody_adds_a_row_in_the_name_of_somebody_else(region, who, policies_alone):
    refused = ("permission denied", "row-level security")
    let_in = []
    for table in TABLES:
        query = f"SELECT row_to_json(t) FROM {table.name} t WHERE {_written_by_others(who, table)}"
        row = region.execute(f"{query} LIMIT 1").fetchone()
        if row is None:
            continue
        adding = (
            f"INSERT INTO {table.name}"
            f" SELECT * FROM json_populate_record(NULL::{table.name}, %s::json)"
        )
        added = changed_by(who.actor, adding, [json.dumps(row[0])])
        if not (isinstance(added, DatabaseError) and any(word in str(added) for word in refused)):
            let_in.append((table.label, added))

    assert let_in == []


def _written_by_others(who, table):
    """Rows that this kind may not write: fewer than those it may not read, in three tables."""
    if table.label not in WRITTEN_FOR_COUNCILS:
        return who.others(table)
    mine = who.actor.authority_id
    chains = f"authority_id NOT IN (0, {mine if mine is not None else 0})"
    if who.actor.provider_id is not None:
        chains += (
            " AND authority_id NOT IN (SELECT authority_id FROM referrals_invitation"
            f" WHERE provider_id = '{who.actor.provider_id}')"
        )
    # A suspension is a regional act that owes every council the news of it.
    return f"{chains} AND job NOT LIKE '%tell_authority%'" if "job" in table.columns else chains
