"""The register's import: 50,000 rows in less than a minute, whatever they say (issue 2)."""

from __future__ import annotations

import pytest

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from providers import gias
from providers.services.registers import import_register
from tests.bench.measuring import measured
from tests.factories.kernel import NOON
from tests.factories.providers import gias_file, gias_row

pytestmark = pytest.mark.django_db
SYSTEM = system(REGION_ID)
ROWS = 50_000
JOINING = 10_000
GOAL = "under 60 s"
# The download has about 130 columns, of which the import needs thirty.
OTHERS = {f"Other column {number}": f"something {number}" for number in range(100)}


@pytest.fixture
def file(tmp_path):
    def write(*, joining: int, rename: str = "School"):
        rows = [
            gias_row(
                urn=str(200_000 + n),
                name=f"{rename} {n}",
                kind="Other independent special school" if n < joining else "Community school",
            )
            | {"Easting": str(500_000 + n), "Northing": str(100_000 + n)}
            | {"SEN1 (name)": "ASD - Autistic Spectrum Disorder"}
            | OTHERS
            for n in range(ROWS)
        ]
        path = tmp_path / "edubasealldata20261102.csv"
        path.write_bytes(gias_file(rows))
        return path

    return write


def run(path):
    with acting_as(SYSTEM):
        report = import_register(path, actor=SYSTEM, now=NOON)
    return report.created, report.updated, report.unchanged, report.skipped


def test_reading(file):
    content = file(joining=JOINING).read_bytes()

    with measured("Register: read, 10,000 of 50,000 join", ROWS, goal="-", with_database=False):
        reading = gias.read(content)

    assert len(reading.schools) == JOINING


def test_a_tenth_joins(region, file):
    """As it is: most rows are of schools that no council buys from."""
    path = file(joining=JOINING)
    with measured("Register: 50,000 rows, 10,000 new", ROWS, goal=GOAL):
        assert run(path) == (JOINING, 0, 0, ROWS - JOINING)
    with measured("Register: 50,000 rows, 10,000 unchanged", ROWS, goal=GOAL):
        assert run(path) == (0, 0, JOINING, ROWS - JOINING)


def test_all_join(region, file):
    path = file(joining=ROWS)
    with measured("Register: 50,000 rows, all new", ROWS, goal=GOAL):
        assert run(path) == (ROWS, 0, 0, 0)
    with measured("Register: 50,000 rows, all unchanged", ROWS, goal=GOAL):
        assert run(path) == (0, 0, ROWS, 0)
    path = file(joining=ROWS, rename="Academy")
    with measured("Register: 50,000 rows, all changed", ROWS, goal=GOAL):
        assert run(path) == (0, ROWS, 0, 0)
