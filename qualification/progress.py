"""
How far each part of a joining is: what is done, what differs, what is missing, what fails. Pure.

Shown at a glance, establishment by section, and asked again when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from qualification.evidence_wanted import Match
from qualification.stage_one import Finding, Result, opens_stage_two, outcome

COSTS = "costs"


class Status(StrEnum):
    """Of one question or of a whole section: the later one stands for both."""

    KEPT = "kept"
    DONE = "done"
    DIFFERS = "differs"
    LOOKED_AT = "looked_at"
    MISSING = "missing"
    FAILS = "fails"


class Section(StrEnum):
    EXCLUSIONS = "Exclusion grounds"
    REGISTRATION = "Registration"
    INSPECTION = "Inspection"
    QUESTIONS = "Yes or no questions"
    EVIDENCE = "Evidence"
    STATEMENTS = "Method statements"
    COSTS = "Core costs"


STAGE_ONE = (Section.EXCLUSIONS, Section.REGISTRATION, Section.INSPECTION)


@dataclass(frozen=True, slots=True)
class Part:
    """One question as it stands at one establishment in one category."""

    question_id: UUID
    code: str
    title: str
    section: Section
    stage: int
    is_begun: bool = False
    is_complete: bool = False
    differs: bool = False
    is_kept: bool = False
    fails: bool = False
    """Answered so that the establishment cannot qualify."""
    finding: Finding | None = None
    """Of stage 1."""
    matches: tuple[Match, ...] = ()
    """The evidence that the question wants, with what is held."""

    @property
    def lacks_evidence(self) -> bool:
        return any(each.lacks for each in self.matches)

    @property
    def answer_status(self) -> Status:
        """Of the answer alone."""
        if self.finding is not None and self.finding.result is Result.FAILS:
            return Status.FAILS
        if self.fails:
            return Status.FAILS
        if self.is_kept:
            return Status.KEPT
        if not self.is_complete:
            return Status.MISSING
        if self.finding is not None and self.finding.result is Result.LOOK_AT:
            return Status.LOOKED_AT
        return Status.DIFFERS if self.differs else Status.DONE

    @property
    def status(self) -> Status:
        """Of the answer with its evidence."""
        if self.answer_status is Status.FAILS or not self.lacks_evidence:
            return self.answer_status
        return Status.MISSING


@dataclass(frozen=True, slots=True)
class Cell:
    """One section of one application: so many of its parts are done."""

    section: Section
    status: Status
    done: int
    of: int
    question_id: UUID | None = None
    """Where to go: the first that is not done, else the first."""
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one application is."""

    application_id: UUID
    parts: tuple[Part, ...]
    costs_are_complete: bool
    costs_are_kept: bool = False

    @property
    def stage_one(self) -> Result:
        return outcome(self.findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(each.finding for each in self.parts if each.finding is not None)

    @property
    def failing_stage_one(self) -> tuple[Part, ...]:
        return tuple(
            each
            for each in self.parts
            if each.finding is not None and each.finding.result is Result.FAILS
        )

    @property
    def stage_two_is_open(self) -> bool:
        return opens_stage_two(self.stage_one)

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles of what has to be done before it can be sent."""
        titles = [each.title for each in self.failing_stage_one]
        for each in self.parts:
            if each.title in titles:
                continue
            if not each.is_complete and not each.is_kept:
                titles.append(each.title)
            elif each.lacks_evidence:
                titles.append(f"{each.title}: evidence")
        if not (self.costs_are_complete or self.costs_are_kept):
            titles.append("Core costs")
        return tuple(titles)

    @property
    def is_complete(self) -> bool:
        return not self.missing

    def cells(self) -> tuple[Cell, ...]:
        """A cell for each section, in their order; None of a section that asks nothing."""
        return tuple(cell for section in Section if (cell := self._cell(section)))

    def _cell(self, section: Section) -> Cell | None:
        is_locked = section not in STAGE_ONE and not self.stage_two_is_open
        if section is Section.COSTS:
            status = Status.DONE if self.costs_are_complete else Status.MISSING
            if self.costs_are_kept:
                status = Status.KEPT
            return Cell(section, status, int(status is not Status.MISSING), 1, None, is_locked)
        if section is Section.EVIDENCE:
            return self._evidence(is_locked=is_locked)
        parts = [each for each in self.parts if each.section is section]
        if not parts:
            return None
        order = list(Status)
        worst = max(parts, key=lambda each: order.index(each.answer_status))
        status = worst.answer_status
        if status is Status.KEPT and any(each.answer_status is not status for each in parts):
            status = Status.DONE
        lacking = [each for each in parts if each.answer_status in (Status.MISSING, Status.FAILS)]
        first = (lacking or [worst])[0]
        return Cell(
            section, status, len(parts) - len(lacking), len(parts), first.question_id, is_locked
        )

    def _evidence(self, *, is_locked: bool) -> Cell | None:
        wanting = [
            each for each in self.parts if any(not m.wanted.is_optional for m in each.matches)
        ]
        if not wanting:
            return None
        lacking = [each for each in wanting if each.lacks_evidence]
        status = Status.MISSING if lacking else Status.DONE
        matches = [m for each in wanting for m in each.matches if not m.wanted.is_optional]
        done = sum(not m.lacks for m in matches)
        first = (lacking or wanting)[0]
        return Cell(Section.EVIDENCE, status, done, len(matches), first.question_id, is_locked)


def worst(statuses: Iterable[Status]) -> Status:
    """The one that stands for all; done where there is none."""
    order = list(Status)
    return max(statuses, key=order.index, default=Status.DONE)
