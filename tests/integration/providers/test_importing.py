"""`manage.py import_register gias`: what it promises, on the database."""

import io
import json
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dps.actors import REGION_ID, Role, system
from dps.audit.verify import verify
from dps.grid import outcode_point
from dps.models import AuditEvent
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from providers.gias import BrokenFile
from providers.models import Establishment, RegisterRun
from providers.services.registers import CannotReadFile, import_register
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import gias_file, gias_row, make_provider

EXTRACT = Path(__file__).parents[3] / "providers" / "data" / "gias-extract.csv"
SYSTEM = system(REGION_ID)


@pytest.fixture
def write(tmp_path):
    def write(*rows, name="edubasealldata20261102.csv", **how):
        path = tmp_path / name
        path.write_bytes(gias_file(rows, **how))
        return path

    return write


def run(path, **how):
    with acting_as(SYSTEM):
        return import_register(path, actor=SYSTEM, now=NOON, **how)


def counts(report):
    return tuple(report.counts().values())


def told(*arguments):
    out = io.StringIO()
    call_command("import_register", "gias", *arguments, stdout=out)
    return out.getvalue()


def test_schools_are_created_updated_closed_and_left_alone(region, write):
    run(write(gias_row(), gias_row(urn="125002"), gias_row(urn="125003")))

    report = run(
        write(
            gias_row(),
            gias_row(urn="125002", name="New name"),
            gias_row(urn="125003", status="Closed"),
            gias_row(urn="125004"),
            gias_row(urn="125005", kind="Community school"),
            gias_row(urn="125006", low_age="x"),
        )
    )

    assert counts(report) == (6, 1, 2, 1, 1, 1)
    assert list(Establishment.objects.order_by("urn").values_list("urn", "name", "is_open")) == [
        ("125001", "Larkfield School", True),
        ("125002", "New name", True),
        ("125003", "Larkfield School", False),
        ("125004", "Larkfield School", True),
    ]


def test_a_second_run_of_the_same_file_changes_nothing(region):
    first, second = run(EXTRACT), run(EXTRACT)

    assert counts(first) == (170, 170, 0, 0, 0, 0)
    assert counts(second) == (170, 0, 0, 170, 0, 0)
    assert Establishment.objects.count() == 170
    assert Establishment.objects.filter(is_procured=False).count() == 35


def test_a_new_edition_with_the_same_grid_references_changes_nothing(region, write):
    row = gias_row() | {"Easting": "514500", "Northing": "102700"}
    run(write(row, name="edubasealldata20261101.csv"))

    assert counts(run(write(row, name="edubasealldata20261102.csv"))) == (1, 0, 0, 1, 0, 0)


def test_places_by_grid_reference_then_by_outward_code_then_not(region, write):
    exact = gias_row() | {"Easting": "514500", "Northing": "102700"}
    run(write(exact, gias_row(urn="125002"), gias_row(urn="125003", postcode="")))

    worthing = outcode_point("BN11")
    columns = ("easting", "northing", "placed_by", "placed_edition")
    assert list(Establishment.objects.order_by("urn").values_list(*columns)) == [
        (514500, 102700, "register", "GIAS 2026-11-02"),
        (worthing.easting, worthing.northing, "outward_code", ""),
        (None, None, "", ""),
    ]


def test_what_the_provider_said_stays(region, write):
    run(write(gias_row()))
    provider = make_provider()
    with acting_as(SYSTEM):
        Establishment.objects.update(provider=provider, places=40, vacancies=3)

    run(write(gias_row(name="New name")))

    assert list(Establishment.objects.values_list("name", "provider", "places", "vacancies")) == [
        ("New name", provider.pk, 40, 3)
    ]


def test_columns_in_another_order_and_more_of_them_are_nothing(region, write):
    run(write(gias_row()))
    row = gias_row() | {"Trusts (name)": "A trust", "SiteName": ""}

    report = run(write(row, columns=reversed(list(row))))

    assert counts(report) == (1, 0, 0, 1, 0, 0)


def test_what_a_file_has_no_column_for_stays(region, write):
    run(write(gias_row()))
    less = {name: value for name, value in gias_row(name="New name").items() if name != "UKPRN"}

    run(write(less, less | {"URN": "125002"}))

    assert list(Establishment.objects.order_by("urn").values_list("name", "ukprn")) == [
        ("New name", "10015001"),
        ("New name", ""),
    ]


def test_a_broken_file_changes_nothing(region, write):
    path = write(gias_row(), gias_row(urn="125002"))
    path.write_bytes(path.read_bytes().replace(b'"125002",', b"", 1))

    with pytest.raises(BrokenFile, match="Line 3, column"):
        run(path)

    assert (Establishment.objects.count(), runs()) == (0, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(region, write):
    path = write(gias_row(), gias_row(urn="x"))

    report = run(path, dry_run=True)

    assert counts(report) == (2, 1, 0, 0, 0, 1)
    assert (Establishment.objects.count(), runs()) == (0, 0)


def runs():
    with acting_as(SYSTEM):
        return RegisterRun.objects.count()


def test_one_event_in_the_regions_chain_with_counts_and_the_files_hash(region, write):
    run(write(gias_row(), gias_row(urn="x")))

    with acting_as(SYSTEM):
        (body,) = AuditEvent.objects.filter(action="register.imported").values_list(
            "body", flat=True
        )
        (digest,) = RegisterRun.objects.values_list("file_sha256", flat=True)
    assert json.loads(body)["facts"] == {
        "register": "gias",
        "file_sha256": digest,
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "errors": 1,
    }


def test_only_the_system_imports(region, write):
    manager = make_person(Role.DPS_MANAGER, authority=region.west)

    with acting_as(manager), pytest.raises(NotPermitted):
        import_register(write(gias_row()), actor=manager, now=NOON)

    assert Establishment.objects.count() == 0


def test_a_file_that_is_not_there_is_refused(region, tmp_path):
    with pytest.raises(CannotReadFile, match="No such file"):
        run(tmp_path / "none.csv")


def test_progress_is_told_batch_by_batch(region):
    heard = []

    run(EXTRACT, progress=lambda done, of: heard.append((done, of)))

    assert heard == [(170, 170)]


def test_the_command_prints_the_report_as_json(region, write):
    path = write(gias_row(), gias_row(urn="125002", postcode="nowhere"))

    assert json.loads(told(str(path), "--json")) == {
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "errors": [
            {"line": 3, "urn": "125002", "reason": "“nowhere” is not a UK postcode"},
        ],
    }


def test_the_command_prints_the_report_in_words(region, write):
    path = write(gias_row(), gias_row(urn="125002", postcode="nowhere"))

    printed = told(str(path), "--dry-run")

    assert printed.splitlines() == [
        "Nothing has been written. An import would give:",
        "read             2",
        "created          1",
        "updated          0",
        "unchanged        0",
        "skipped          0",
        "errors           1",
        "line 3, URN 125002: “nowhere” is not a UK postcode",
    ]


def test_the_command_refuses_a_broken_file_in_one_line(region, write):
    path = write(gias_row(), columns=["URN", "EstablishmentName"])

    with pytest.raises(CommandError, match="Line 1, column “TypeOfEstablishment"):
        told(str(path))


def test_the_command_works_in_an_empty_database(db, write):
    assert json.loads(told(str(write(gias_row())), "--json"))["created"] == 1
    with acting_as(SYSTEM):
        assert verify(REGION_ID).broken == 0


def test_fifty_thousand_rows_take_less_than_a_minute(region, tmp_path):
    rows = [gias_row(urn=str(200_000 + n), name=f"School {n}") for n in range(10_000)]
    others = [gias_row(urn=str(300_000 + n), kind="Community school") for n in range(40_000)]
    path = tmp_path / "big.csv"
    path.write_bytes(gias_file([*rows, *others]))

    started = time.monotonic()
    report = run(path)

    assert counts(report) == (50_000, 10_000, 0, 0, 40_000, 0)
    assert time.monotonic() - started < 60
