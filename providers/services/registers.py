"""Importing a register: establishments made and brought up to date, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.tenancy.many import Row, insert_many, update_many
from dps.tenancy.models import uuid7
from providers import gias
from providers.gias import RowError, School
from providers.models import Establishment, RegisterRun
from providers.places import place
from providers.services.placing import PLACE, as_columns

GIAS = "gias"
BATCH = 2_000
TEXTS = ("name", "kind", "postcode", *(fact for fact, _ in gias.TEXTS.values()))
# The columns that a register says; whatever else is known of a school stays.
COLUMNS = (
    *TEXTS, "is_open", "is_procured", "low_age", "high_age", "opened_on", "needs", *PLACE,
)  # fmt: skip
NEW: Row = {
    **dict.fromkeys(TEXTS, ""),
    "low_age": None,
    "high_age": None,
    "opened_on": None,
    "needs": [],
    "is_invented": False,
    **dict(zip(PLACE, as_columns(None), strict=True)),
}
"""What a new row holds where the register says nothing."""

Progress = Callable[[int, int], None]
"""Told how many establishments of how many have been written."""


class ImportAlreadyRunning(Refusal):
    message = "Another import of a register is running. Wait for it to end, then try again"


class CannotReadFile(NotUnderstood):
    message = "The file cannot be read"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; `read` is the sum of the others."""

    read: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    errors: tuple[RowError, ...]

    def counts(self) -> dict[str, int]:
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "errors": len(self.errors),
        }


@transaction.atomic
def import_register(
    path: Path,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring the directory up to date from a GIAS download; a second run changes nothing.

    :raises NotPermitted: only the system imports.
    :raises CannotReadFile: there is no such file.
    :raises ImportAlreadyRunning: another import holds the lock.
    :raises BrokenFile: the file as a whole cannot be used.
    """
    require(actor, Action.IMPORT_REGISTER)
    _take_the_lock()
    content = _content(path)
    reading = gias.read(content)
    sorted_out = _sort_out(reading.schools, gias.edition_of(path.name))
    report = Report(
        read=reading.read,
        created=len(sorted_out.new),
        updated=len(sorted_out.changed),
        unchanged=sorted_out.unchanged,
        skipped=reading.skipped,
        errors=reading.errors,
    )
    if not dry_run:
        _write(sorted_out, progress)
        _record(report, content, actor=actor, now=now)
    return report


def _take_the_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('providers.import_register'))")
        if not cursor.fetchone()[0]:
            raise ImportAlreadyRunning


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotReadFile(f"{path}: {error.strerror}") from error


@dataclass(slots=True)
class _SortedOut:
    """The rows to be made, those to be changed, and how many need nothing."""

    new: list[Row]
    changed: list[Row]
    unchanged: int = 0


def _sort_out(schools: Sequence[School], edition: str) -> _SortedOut:
    """Compare what the register says with what is known."""
    urns = [school.urn for school in schools]
    rows = Establishment.objects.filter(urn__in=urns).values("id", "urn", *COLUMNS)
    known = {row["urn"]: row for row in rows}
    sorted_out = _SortedOut([], [])
    for school in schools:
        before = known.get(school.urn)
        if before is None:
            blank = {"id": uuid7(), "urn": school.urn, **NEW}
            sorted_out.new.append(_as_said(school, blank, edition))
            continue
        after = _as_said(school, before, edition)
        if after == before:
            sorted_out.unchanged += 1
        else:
            sorted_out.changed.append(after)
    return sorted_out


def _as_said(school: School, before: Row, edition: str) -> Row:
    """The row as the register says it; a new edition alone moves nothing."""
    after = {**before, **school.facts}
    placed = place(str(after["postcode"]), school.easting, school.northing, edition=edition)
    point = dict(zip(PLACE, as_columns(placed), strict=True))
    if any(point[name] != after[name] for name in PLACE[:-1]):
        after |= point
    return after


def _write(sorted_out: _SortedOut, progress: Progress | None) -> None:
    many, done = len(sorted_out.new) + len(sorted_out.changed), 0
    for rows, write in ((sorted_out.new, _insert), (sorted_out.changed, _update)):
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            write(batch)
            done += len(batch)
            if progress is not None:
                progress(done, many)


def _insert(rows: list[Row]) -> None:
    insert_many(Establishment, rows)


def _update(rows: list[Row]) -> None:
    update_many(Establishment, rows, COLUMNS, authority_id=None)


def _record(report: Report, content: bytes, *, actor: Actor, now: datetime) -> None:
    digest = hashlib.sha256(content).hexdigest()
    run = RegisterRun.objects.create(
        register=GIAS, file_sha256=digest, run_at=now, counts=report.counts()
    )
    facts = {"register": GIAS, "file_sha256": digest, **report.counts()}
    act = Act("register.imported", run, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
