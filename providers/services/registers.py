"""Importing a register: establishments made and brought up to date, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from providers import gias
from providers.gias import Reading, RowError, School
from providers.models import Establishment, RegisterRun
from providers.places import place
from providers.services.placing import PLACE, is_at, put

GIAS = "gias"
BATCH = 1000
FROM_REGISTER = (
    "name", "kind", "is_open", "is_procured", "postcode", "low_age", "high_age", "opened_on",
    "needs", *(fact for fact, _ in gias.TEXTS.values()),
)  # fmt: skip

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
    found = list(_established(reading, gias.edition_of(path.name)))
    changed = [one for one, has_changed in found if has_changed]
    created = sum(_is_new(one) for one in changed)
    report = Report(
        read=reading.read,
        created=created,
        updated=len(changed) - created,
        unchanged=len(found) - len(changed),
        skipped=reading.skipped,
        errors=reading.errors,
    )
    if not dry_run:
        _write(changed, progress)
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


def _established(reading: Reading, edition: str) -> Iterator[tuple[Establishment, bool]]:
    """Each school's establishment, new or known, and whether the register changes it."""
    urns = [school.urn for school in reading.schools]
    known = {one.urn: one for one in Establishment.objects.filter(urn__in=urns)}
    for school in reading.schools:
        establishment = known.get(school.urn) or Establishment(urn=school.urn)
        yield establishment, _apply(school, establishment, edition)


def _apply(school: School, establishment: Establishment, edition: str) -> bool:
    before = [getattr(establishment, name) for name in school.facts]
    for name, value in school.facts.items():
        setattr(establishment, name, value)
    has_moved = _move(school, establishment, edition)
    changed = before != list(school.facts.values())
    return changed or has_moved or _is_new(establishment)


def _is_new(establishment: Establishment) -> bool:
    return establishment._state.adding  # noqa: SLF001 -- Django offers no other way to ask


def _move(school: School, establishment: Establishment, edition: str) -> bool:
    """Place it; a new edition of the register alone moves nothing."""
    placed = place(establishment.postcode, school.easting, school.northing, edition=edition)
    if is_at(establishment, placed):
        return False
    put(establishment, placed)
    return True


def _write(changed: list[Establishment], progress: Progress | None) -> None:
    columns = [*FROM_REGISTER, *PLACE]
    for start in range(0, len(changed), BATCH):
        # One statement writes new rows and known ones; columns that are not the register's stay.
        Establishment.objects.bulk_create(
            changed[start : start + BATCH],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=columns,
        )
        if progress is not None:
            progress(min(start + BATCH, len(changed)), len(changed))


def _record(report: Report, content: bytes, *, actor: Actor, now: datetime) -> None:
    digest = hashlib.sha256(content).hexdigest()
    run = RegisterRun.objects.create(
        register=GIAS, file_sha256=digest, run_at=now, counts=report.counts()
    )
    facts = {"register": GIAS, "file_sha256": digest, **report.counts()}
    act = Act("register.imported", run, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
