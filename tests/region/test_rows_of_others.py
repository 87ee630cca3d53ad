"""
Nobody reads, changes, deletes or adds a row of somebody else: in any table, by the database alone.

Every kind of actor is tried on every guarded table of a loaded region, past the application's own
filters and with every trigger off. Then each policy is opened in turn, which must be noticed.
"""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import TransactionTestCase

from dps.actors import Kind
from dps.tenancy.identity import acting_as
from tests.off_switches.kinds import Opened
from tests.region.whose import NO_ROW, OF_AN_OFFER, add_a_second_family, everybody, guarded_tables

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = guarded_tables()
KINDS = ("authority", "provider", "central", "parent", "public", "system", "region's system")
REFUSED = ("permission denied", "row-level security")
A_CODE = """
INSERT INTO referrals_parentcode
    (id, authority_id, offer_id, channel, code_hash, made_at, expires_at, tries)
  SELECT gen_random_uuid(), authority_id, id, 'officer', '', offered_at, offered_at, 0
    FROM referrals_choiceoffer
"""
GROUNDS = """
INSERT INTO qualification_ground
    (id, provider_id, joining_id, answer_id, code, applies_to, in_uk, description, put_right,
     public_record, contact_email, changed_at)
  SELECT gen_random_uuid(), a.provider_id, a.joining_id, a.id, 'tax_offences', 'organisation',
         true, 'A fine', 'It was paid', '', '', now()
    FROM qualification_answer a
    JOIN qualification_question q ON q.id = a.question_id AND q.kind = 'exclusions'
"""
DISCOUNTS = """
INSERT INTO qualification_discount (id, provider_id, application_id, kind, from_children, percent)
  SELECT gen_random_uuid(), provider_id, id, 'siblings', 99, 500 FROM qualification_application
"""
A_FILE = """
WITH file AS (
  INSERT INTO dps_upload (id, name, claimed_type, found_type, size, sha256, state, why, scanner,
                          uploaded_at)
    VALUES (gen_random_uuid(), 'plan.pdf', '', 'application/pdf', 1, '', 'quarantined', '', '',
            now()) RETURNING id)
INSERT INTO dps_uploadcontent (id, upload_id, content) SELECT gen_random_uuid(), id, 'x' FROM file
"""
# Whoever was invited writes events of its bid, and what follows, into the council's own tables.
WRITTEN_FOR_COUNCILS = {"dps.AuditEvent", "dps.OwedJob", "dps.Message"}


@pytest.fixture(scope="module", autouse=True)
def _nothing_to_clear(demo_region):
    """Everything happens in the module's own copy of the region."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: None)
        yield


@pytest.fixture(scope="module")
def region(owner):
    """What the demo region has none of is added; no trigger fires."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER ALL")
    for rows in (A_CODE, GROUNDS, DISCOUNTS, A_FILE):
        owner.execute(rows)
    add_a_second_family(owner)
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


def changed_by(actor, statement, values=None):
    """How many rows, or why not; what was changed is rolled back."""
    with acting_as(actor), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(statement, values)
                count = cursor.rowcount
                transaction.set_rollback(True)
        except DatabaseError as error:
            return error
    return count


def reads(region, who, table):
    return bool(read_by(who.actor, table) & rows_of_others(region, who, table))


def changes(statement):
    """Without a condition no right to read is asked for: the right to change alone holds it."""

    def probe(region, who, table):
        own = f"SELECT count(*) FROM {table.name} WHERE NOT ({who.others(table)})"
        count = changed_by(who.actor, statement.format(table.name))
        return isinstance(count, int) and count > region.execute(own).fetchone()[0]

    return probe


def adds(region, who, table):
    """A row that somebody else has, once more. Its key would be refused, but only after that."""
    query = f"SELECT row_to_json(t) FROM {table.name} t WHERE {others_alone_write(who, table)}"
    row = region.execute(f"{query} LIMIT 1").fetchone()
    statement = (
        f"INSERT INTO {table.name} SELECT * FROM json_populate_record(NULL::{table.name}, %s::json)"
    )
    added = changed_by(who.actor, statement, [json.dumps(row[0])])
    return not (isinstance(added, DatabaseError) and any(why in str(added) for why in REFUSED))


def others_alone_write(who, table):
    """Rows that this kind may not write: fewer than those it may not read, in four tables."""
    if table.label == "dps.UploadContent" and who.actor.kind is Kind.CENTRAL:
        # It sends files of its own, and reads them like all others once they are found clean.
        return NO_ROW
    if table.label not in WRITTEN_FOR_COUNCILS:
        return who.others(table)
    chains = f"authority_id NOT IN (0, {who.actor.chain_id})"
    if who.actor.provider_id is not None:
        # It was invited by every council; what it may not write are events of nobody's referral.
        chains = "false"
    # A suspension is a regional act that owes every council the news of it.
    return f"{chains} AND job NOT LIKE '%tell_authority%'" if "job" in table.columns else chains


PROBES = {
    "SELECT": reads,
    "UPDATE": changes("UPDATE {} SET id = gen_random_uuid()"),
    "DELETE": changes("DELETE FROM {}"),
    "INSERT": adds,
}


def tables_of_others(region, who, command):
    for table in TABLES:
        rows = others_alone_write(who, table) if command == "INSERT" else who.others(table)
        query = f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE {rows})"
        if region.execute(query).fetchone()[0]:
            yield table


def test_there_is_a_row_of_somebody_else_in_every_table(region, who):
    meant = [table.label for table in TABLES if who.others(table) != NO_ROW]

    assert [table.label for table in tables_of_others(region, who, "SELECT")] == meant


def test_two_families_of_one_council_are_there(region):
    council, counts = everybody(region)["parent"].actor.authority_id, {}
    for name in OF_AN_OFFER:
        query = f"SELECT count(DISTINCT offer_id) FROM referrals_{name} WHERE authority_id = %s"
        counts[name] = region.execute(query, [council]).fetchone()[0]

    assert [name for name, count in counts.items() if count < 2] == []


def test_each_council_and_provider_reads_its_own(region):
    found = everybody(region)
    by_label = {table.label: table for table in TABLES}

    assert read_by(found["authority"].actor, by_label["referrals.Referral"])
    assert read_by(found["provider"].actor, by_label["referrals.SealedBid"])


@pytest.mark.parametrize("command", PROBES)
def test_nobody_touches_a_row_of_somebody_else(region, who, command):
    probe = PROBES[command]

    touched = [
        table.label for table in tables_of_others(region, who, command) if probe(region, who, table)
    ]

    assert touched == []


@pytest.mark.parametrize("command", PROBES)
def test_with_the_policy_of_any_table_opened_it_is_noticed(region, who, command):
    unnoticed = []
    for table in tables_of_others(region, who, command):
        with Opened(who.actor.kind, (table.label,), command).off(region):
            if not PROBES[command](region, who, table):
                unnoticed.append(table.label)

    assert unnoticed == []
