"""The chain shows every change, to the database and to anybody given an export."""

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from dps.actors import Role, system
from dps.audit import Act, record
from dps.audit.export import export_lines
from dps.audit.record import OutsideTransaction
from dps.audit.verify import verify
from dps.models import Authority, Message
from dps.services.lodging import lodge_heads, lodged_marks
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON, make_person, make_region

VERIFIER = Path(__file__).parents[3] / "tools" / "verify_audit.py"


@pytest.fixture
def chain(transactional_db):
    region = make_region()
    actor = system(region.west.id)
    for number in range(4):
        with acting_as(actor):
            act = Act("thing.done", region.west, {"number": number, "name": "Zoë"})
            record(act, actor=actor, at=NOON)
    return region.west.id


def verdict_of(authority_id):
    with acting_as(system(authority_id)):
        return verify(authority_id)


def as_owner(database, sql):
    """What only the owner of the database can do, with its triggers off."""
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(sql)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE dps_auditevent SET body = replace(body, 'Zoë', 'Zoe')", "broken"),
        ("UPDATE dps_auditevent SET action = 'thing.undone'", "altered"),
        ("UPDATE dps_auditevent SET person_id = gen_random_uuid()", "altered"),
        ("DELETE FROM dps_auditevent WHERE body LIKE '%\"number\":2%'", "broken"),
        ("DELETE FROM dps_auditlink WHERE seq = 3", "unlinked"),
    ],
)
def test_damage_is_found(chain, django_db_setup, damage, found):
    assert verdict_of(chain).is_sound

    as_owner(django_db_setup, damage)

    verdict = verdict_of(chain)
    assert getattr(verdict, found) > 0
    assert not verdict.is_sound


def test_a_cut_tail_is_found_by_the_head(chain, django_db_setup):
    as_owner(
        django_db_setup,
        "WITH last AS (DELETE FROM dps_auditlink WHERE authority_id = 1 AND seq = (SELECT max(seq)"
        " FROM dps_auditlink WHERE authority_id = 1) RETURNING event_id)"
        " DELETE FROM dps_auditevent WHERE id IN (SELECT event_id FROM last)",
    )

    assert verdict_of(chain).head_matches is False


def test_an_event_outside_a_transaction_is_refused(transactional_db):
    region = make_region()

    with pytest.raises(OutsideTransaction):
        record(Act("x", region.west), actor=system(region.west.id), at=NOON)


def test_the_command_reports_every_chain(chain):
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    lines = out.getvalue().splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["REGION", "sound"],
        ["WSX", "sound"],
        ["ESX", "sound"],
    ]


def verify_offline(lines, tmp_path, *head):
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path), *head],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout.strip()


def test_an_export_is_verified_by_nothing_but_python(chain, tmp_path):
    with acting_as(system(chain)):
        lines = list(export_lines(chain))
    head = lines[-1]["hash"]
    changed = [{**line, "body": line["body"].replace("Zoë", "Zoe")} for line in lines]

    assert verify_offline(lines, tmp_path, head) == (0, "sound")
    assert verify_offline(lines[:-1], tmp_path) == (0, "sound")
    assert verify_offline(lines[:-1], tmp_path, head)[0] == 1
    assert verify_offline(changed, tmp_path)[1].startswith("line 2: the hash of event 2")
    assert verify_offline(lines[:1] + lines[2:], tmp_path)[0] == 1


def test_events_of_one_transaction_are_linked_in_order(chain):
    actor = system(chain)
    with acting_as(actor):
        for number in (10, 11):
            record(
                Act("thing.done", Authority.objects.get(id=chain), {"number": number}),
                actor=actor,
                at=NOON,
            )
    with acting_as(actor):
        numbers = [json.loads(line["body"])["facts"].get("number") for line in export_lines(chain)]

    assert numbers == [None, 0, 1, 2, 3, 10, 11]


def test_a_mailed_mark_opens_to_a_head_of_the_chain_and_tells_nothing_before(chain, tmp_path):
    admin = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=Authority.objects.get(id=chain))
    lodge_heads(now=NOON)
    lodge_heads(now=NOON + timedelta(hours=1))
    with acting_as(system(chain)):
        lines = list(export_lines(chain))
        (_, first, salt), (_, second, _) = lodged_marks(chain)
        told = Message.objects.filter(to_person_id=admin.person_id).count()

    assert (told, first == second) == (2, False)
    assert verify_offline(lines, tmp_path, f"{salt}:{first}") == (0, "sound")
    assert verify_offline(lines[:-1], tmp_path, f"{salt}:{first}")[0] == 1
