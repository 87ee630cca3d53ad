"""The database holds tenancy: what is asked without, or as the wrong, identity is refused."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dps.actors import REGION_ID, Role, system
from dps.audit import Act, record
from dps.audit.verify import verify
from dps.models import AuditEvent, Authority
from dps.services.authorities import NewAuthority, add_authority
from dps.tenancy.checks import check_login_role
from dps.tenancy.identity import acting_as, current
from tests.factories.kernel import NOON, make_person


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_tests_run_as_the_login_role_that_policies_bind(region):
    bound = rows("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")

    assert rows("SELECT current_user, session_user") == [("dps_app", "dps_app")]
    assert bound == [(False, False)]


def test_without_an_identity_a_tenant_table_is_closed(region):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AuditEvent.objects.count()


def test_a_partition_cannot_be_read_directly(region):
    actor = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west)

    with acting_as(actor), pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic():
            rows(f"SELECT * FROM dps_auditevent_a{region.east.id}")


@pytest.mark.off_switch("authority-reads-its-own-trail")
def test_an_authority_reads_its_own_events_only(region):
    mine = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west)

    with acting_as(mine):
        seen = set(AuditEvent.objects.of(region.west.id).values_list("authority_id", flat=True))
        others = AuditEvent.objects.of(region.east.id).count()

    assert (seen, others) == ({region.west.id}, 0)


@pytest.mark.off_switch("events-into-own-chain")
def test_an_authority_cannot_write_into_another_chain(region):
    mine = make_person(Role.COMMISSIONER, authority=region.west)

    with acting_as(mine), pytest.raises(DatabaseError, match="row-level security"):
        with transaction.atomic():
            record(Act("x", region.east), actor=mine, at=NOON, authority_id=region.east.id)


def test_identities_nest_and_return(region):
    outer, inner = system(region.west.id), system(region.east.id)

    with acting_as(outer):
        with acting_as(inner):
            assert rows("SELECT current_setting('app.authority_id')") == [(str(region.east.id),)]
        assert rows("SELECT current_setting('app.authority_id'), current_user") == [
            (str(region.west.id), "dps_system")
        ]
        with pytest.raises(ZeroDivisionError), acting_as(inner):
            raise ZeroDivisionError
        assert current.get() == outer

    assert rows("SELECT current_user") == [("dps_app",)]


def test_every_partition_has_forced_row_security(region):
    loose = rows(
        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    parts = rows("SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'")

    assert loose == []
    assert parts[0][0] >= 3 * 20


@pytest.fixture
def third(region):
    """A council that joins now: its partitions are made in this test."""
    boss = system(REGION_ID)
    new = NewAuthority(code="KEN", name="Kent", kind="partner", joined_on=NOON.date())
    with acting_as(boss):
        return add_authority(new, actor=boss, now=NOON)


@pytest.mark.off_switch("partitions-secured")
def test_the_partitions_of_a_new_authority_have_it_too(third):
    loose = rows(
        "SELECT count(*) FROM pg_class WHERE relispartition AND relname LIKE %s"
        " AND NOT (relrowsecurity AND relforcerowsecurity)",
        f"%\\_a{third.id}",
    )

    assert loose == [(0,)]


@pytest.mark.off_switch("partitions-not-granted")
def test_the_partitions_of_a_new_authority_are_granted_to_nobody(third):
    granted = rows(
        "SELECT DISTINCT rolname FROM pg_class, pg_roles WHERE relispartition AND relname LIKE %s"
        " AND rolname LIKE 'dps%%' AND has_table_privilege(rolname, pg_class.oid, 'SELECT')",
        f"%\\_a{third.id}",
    )

    assert granted == []


@pytest.mark.off_switch("identity-ends-with-its-transaction")
@pytest.mark.django_db(transaction=True)
def test_an_identity_ends_with_its_transaction():
    with acting_as(system(REGION_ID)):
        assert rows("SELECT current_user") == [("dps_system",)]

    assert rows("SELECT current_user, current_setting('app.authority_id', true)") == [
        ("dps_app", "")
    ]


def test_the_check_before_a_deployment_knows_an_owner(region, django_db_setup, monkeypatch):
    as_login = check_login_role(None)
    with psycopg.connect(django_db_setup.owner_url) as owner:
        monkeypatch.setattr("dps.tenancy.checks.connection", owner)
        as_owner = check_login_role(None)

    assert (as_login, [error.id for error in as_owner]) == ([], ["dps.tenancy.E006"])


def test_the_trail_refuses_change_and_verifies(region):
    actor = system(region.west.id)
    with acting_as(actor):
        connection.check_constraints()
        verdict = verify(region.west.id)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            rows("UPDATE dps_auditevent SET action = 'x' RETURNING 1")

    assert (verdict.events, verdict.is_sound) == (1, True)


def test_a_row_cannot_point_into_another_authority(region):
    from dps.models import AuthorityKey  # noqa: PLC0415

    assert AuthorityKey._meta.db_table == "dps_authoritykey"
    assert Authority.objects.count() == 3
    with pytest.raises(IntegrityError), acting_as(system(region.west.id)):
        event = AuditEvent.objects.first()
        rows(
            "INSERT INTO dps_message (id, authority_id, channel, key, template, to_address,"
            " to_name, context, subject, body, secret_body, created_at, to_person_id)"
            " VALUES (%s, %s, 'email', 'k', 't', '', '', '{}', '', '', '', now(), %s) RETURNING 1",
            event.id,
            region.west.id,
            event.id,
        )
        connection.check_constraints()
