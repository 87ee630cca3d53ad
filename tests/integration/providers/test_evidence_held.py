"""Which piece runs out, how each stands, and who sees and writes what, by the database alone."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection

from dps.models import Upload
from dps.tenancy.identity import acting_as
from providers.evidence_standing import Standing, standing
from providers.models import Evidence
from providers.queries import evidence as queries
from providers.services.evidence import (
    add_evidence,
)
from tests.factories.evidence import (
    SYSTEM,
    TODAY,
    add,
    in_days,
    insurance,
    make_upload,
    policy,
    replace,
    rows,
    withdraw,
)
from tests.factories.kernel import NOON
from tests.factories.providers import make_establishment

LIABILITY = "public_liability"


def test_what_runs_out_is_listed_until_something_follows(administrator, mine, second):
    first, other = add(
        administrator, insurance(administrator, expires_on=in_days(20)), mine, second
    )
    add(administrator, insurance(administrator, expires_on=in_days(400)), second)
    add(administrator, policy(administrator, expires_on=in_days(90)))
    (gone,) = add(administrator, policy(administrator, kind="equalities", expires_on=in_days(5)))
    withdraw(administrator, gone)

    with acting_as(administrator):
        assert queries.to_see_to(administrator.provider_id, in_days(60)) == ([first], [])
        whole = add_evidence(
            insurance(administrator, expires_on=in_days(500)),
            establishment_ids=[],
            actor=administrator,
            now=NOON,
        )
        assert queries.to_see_to(administrator.provider_id, in_days(60)) == ([], [])
    assert other.establishment_id == second.pk
    assert len(whole) == 1


def test_the_longest_counts_for_display_even_when_it_has_run_out(administrator, mine, second):
    (expired,) = add(
        administrator,
        insurance(administrator, issued_on=in_days(-400), expires_on=in_days(-5)),
        mine,
    )
    (whole,) = add(administrator, policy(administrator))

    with acting_as(administrator):
        assert queries.latest_of([mine.pk, second.pk]) == {
            mine.pk: {LIABILITY: expired, "safeguarding": whole},
            second.pk: {"safeguarding": whole},
        }


def test_the_database_tells_the_states_apart_as_the_rules_do(administrator, mine):
    for days, state in product((-1, 0, 60, 61), ("quarantined", "clean", "refused")):
        upload = make_upload(administrator, "clean")
        add(administrator, insurance(administrator, expires_on=in_days(days), upload_id=upload.pk))
        scanned = None if state == "quarantined" else NOON
        why = "Found." if state == "refused" else ""
        with acting_as(SYSTEM):
            Upload.objects.filter(pk=upload.pk).update(state=state, why=why, scanned_at=scanned)
    add(administrator, insurance(administrator, issued_on=in_days(10)), mine)
    add(administrator, insurance(administrator, kind="accounts"))
    old, gone = add(administrator, policy(administrator)), add(administrator, policy(administrator))
    replace(administrator, policy(administrator), *old)
    withdraw(administrator, *gone)

    with acting_as(administrator):
        everything = queries.vault(administrator.provider_id)
        by_database = {each: set(queries.standing_as(everything, each, TODAY)) for each in Standing}
        by_rules = {
            each: {piece for piece in everything if standing(piece, TODAY) is each}
            for each in Standing
        }
    assert by_database == by_rules
    assert all(by_rules.values())


@pytest.mark.off_switch("evidence-of-own-provider")
@pytest.mark.off_switch("files-of-own-provider")
def test_who_sees_what_with_no_query_of_ours_between(
    administrator, rival, officer, commissioner, mine
):
    (piece,) = add(administrator, insurance(administrator), mine)

    def seen_by(actor):
        with acting_as(actor), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM providers_evidence")
            evidence = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT id FROM dps_upload")
            return evidence, [row[0] for row in cursor.fetchall()]

    both = ([piece.pk], [piece.upload_id])
    assert [seen_by(who) for who in (administrator, officer, commissioner, rival)] == [
        both,
        both,
        both,
        ([], []),
    ]


def test_a_council_sees_of_files_only_those_of_evidence(administrator, commissioner):
    make_upload(administrator)

    with acting_as(commissioner):
        assert Upload.objects.count() == 0


@pytest.mark.off_switch("evidence-on-own-things")
@pytest.mark.parametrize("what", ["place", "file", "provider"])
def test_the_database_lets_nobody_put_evidence_on_what_is_not_theirs(
    administrator, rival, mine, what
):
    theirs = make_establishment("Rival School", provider_id=rival.provider_id)
    facts = {
        "provider_id": rival.provider_id,
        "establishment_id": theirs.pk,
        "upload_id": make_upload(rival).pk,
    }
    stolen = {
        "place": {"establishment_id": mine.pk},
        "file": {"upload_id": make_upload(administrator).pk},
        "provider": {"provider_id": administrator.provider_id},
    }

    def write(**changes):
        with acting_as(rival):
            return Evidence.objects.create(
                kind="safeguarding",
                issued_on=TODAY,
                expires_on=in_days(9),
                recorded_at=NOON,
                **(facts | changes),
            )

    own = write()
    with pytest.raises(DatabaseError, match="row-level security"):
        write(**stolen[what])
    if what != "place":
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival):
            Evidence.objects.filter(pk=own.pk).update(**stolen[what])

    assert rows() == 1


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"expires_on": in_days(-100)}, "evidence_expires_after_issue"),
        ({"expires_on": None}, "evidence_expires_where_its_kind_does"),
        ({"sum_insured_pence": None}, "evidence_of_insurance_has_a_sum"),
        ({"kind": "registration"}, "evidence_held_by_whom_its_kind_says"),
        ({"replaced_at": NOON}, "evidence_replaced_by_something"),
        ({"withdrawn_at": NOON}, "evidence_withdrawn_with_a_reason"),
        ({"withdrawn_because": "No."}, "evidence_withdrawn_with_a_reason"),
    ],
)
def test_the_database_keeps_evidence_whole(administrator, facts, constraint):
    (piece,) = add(administrator, insurance(administrator))

    with pytest.raises(IntegrityError, match=constraint), acting_as(SYSTEM):
        Evidence.objects.filter(pk=piece.pk).update(**facts)
