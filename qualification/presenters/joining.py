"""The page of a joining: its steps, and establishment by section what is done and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from qualification.models import Application, Question
from qualification.presenters.applying import COLOURS, next_step
from qualification.presenters.mine import waits_words
from qualification.progress import Cell, Part, Progress, Section, Status, worst
from qualification.queries.progress import Followed
from qualification.stage_one import Result
from qualification.states import WORDS, ApplicationState

WORDS_OF = {
    Status.KEPT: "Kept",
    Status.DONE: "Done",
    Status.DIFFERS: "Differs",
    Status.LOOKED_AT: "We check it",
    Status.MISSING: "Missing",
    Status.FAILS: "Does not pass",
}
COLOURS_OF = {
    Status.MISSING: "blue",
    Status.FAILS: "red",
    Status.DIFFERS: "purple",
    Status.LOOKED_AT: "yellow",
}
OPEN = (Status.MISSING, Status.FAILS)
MOST_NAMED = 5


@dataclass(frozen=True)
class AskedOnce:
    """A question as it stands over all drafts that ask it."""

    part: Part
    statuses: tuple[Status, ...]
    categories: tuple[str, ...]
    establishments: int
    differing: int

    @property
    def status(self) -> Status:
        return worst(self.statuses)


def asked_once(followed: Iterable[Followed]) -> list[AskedOnce]:
    """Each question of the drafts once, in the order in which they are asked."""
    rows: dict[UUID, list[tuple[Followed, Part]]] = {}
    for each in followed:
        for part in each.progress.parts:
            if not part.is_kept:
                rows.setdefault(part.question_id, []).append((each, part))
    found = [_asked_once(each) for each in rows.values()]
    return sorted(found, key=lambda each: each.part.stage)


def _asked_once(rows: Sequence[tuple[Followed, Part]]) -> AskedOnce:
    categories = {each.application.category.name: None for each, _ in rows}
    differing = {each.application.establishment_id for each, part in rows if part.differs}
    return AskedOnce(
        part=rows[0][1],
        statuses=tuple(part.status for _, part in rows),
        categories=tuple(categories),
        establishments=len({each.application.establishment_id for each, _ in rows}),
        differing=len(differing),
    )


def steps(joining_id: UUID, drafts: Sequence[Followed]) -> dict[str, Any]:
    """The task lists of stage 1, stage 2 and the costs, over all drafts."""
    each_once = asked_once(drafts)
    is_open = any(each.progress.stage_two_is_open for each in drafts)
    several = len({each.application.category_id for each in drafts}) > 1
    return {
        "stage_one": [
            _task(joining_id, each, several=several) for each in each_once if each.part.stage == 1
        ],
        "stage_two": [
            _task(joining_id, each, several=several, is_locked=not is_open)
            for each in each_once
            if each.part.stage == 2
        ],
        "costs": [_costs_task(drafts, is_locked=not is_open)],
        "is_open": is_open,
    }


def _task(
    joining_id: UUID, each: AskedOnce, *, several: bool, is_locked: bool = False
) -> dict[str, Any]:
    task: dict[str, Any] = {"text": each.part.title, "hint": _hint(each, several=several)}
    if is_locked:
        return task | {"status": "After stage 1"}
    href = question_page(joining_id, each.part.question_id, section=each.part.section)
    return task | {"href": href} | _status(each)


def _hint(each: AskedOnce, *, several: bool) -> str:
    said = []
    if several:
        said.append(f"For {listed(each.categories)}")
    if each.establishments > 1:
        said.append(f"{each.establishments} establishments")
    if each.differing:
        said.append(f"{each.differing} {'differs' if each.differing == 1 else 'differ'}")
    return ", ".join(said)


def _status(each: AskedOnce) -> dict[str, str]:
    total = len(each.statuses)
    for status in (Status.FAILS, Status.MISSING):
        number = each.statuses.count(status)
        if number:
            of = f" at {number} of {total}" if 0 < number < total else ""
            return {"status": f"{_open_words(each.part, status)}{of}", "colour": COLOURS_OF[status]}
    return {"status": "Completed" if each.part.is_begun else "Optional"}


def _open_words(part: Part, status: Status) -> str:
    if status is Status.FAILS:
        return WORDS_OF[status]
    is_evidence = part.answer_status is not Status.MISSING and part.lacks_evidence
    return "Evidence missing" if is_evidence else "Incomplete"


def _costs_task(drafts: Sequence[Followed], *, is_locked: bool) -> dict[str, Any]:
    done = sum(_costs_done(each.progress) for each in drafts)
    task: dict[str, Any] = {
        "text": "Core costs",
        "hint": "What a place costs before anything is added for one child",
    }
    if is_locked:
        return task | {"status": "After stage 1"}
    if len(drafts) == 1:
        task["href"] = costs_page(drafts[0].application)
    else:
        task["hint"] += ". Open them in the table below, establishment by establishment"
    if done == len(drafts):
        return task | {"status": "Completed"}
    return task | {"status": f"{done} of {len(drafts)} done", "colour": "blue"}


def _costs_done(progress: Progress) -> bool:
    return progress.costs_are_complete or progress.costs_are_kept


def question_page(
    joining_id: UUID, question_id: UUID, *, section: Section, establishment_id: UUID | None = None
) -> str:
    if section is Section.EXCLUSIONS:
        return reverse("qualification:grounds", args=[joining_id])
    if establishment_id is not None:
        return reverse("qualification:answer_at", args=[joining_id, question_id, establishment_id])
    return reverse("qualification:answer", args=[joining_id, question_id])


def costs_page(application: Application) -> str:
    return reverse("qualification:core_costs", args=[application.pk])


def heads(followed: Iterable[Followed]) -> list[str]:
    """The sections that anybody is asked."""
    asked = {cell.section for each in followed for cell in each.progress.cells()}
    return [section.value for section in Section if section in asked]


def matrix(followed: Iterable[Followed], sections: Sequence[str]) -> list[dict[str, Any]]:
    return [_matrix_row(each, sections) for each in followed]


def _matrix_row(each: Followed, sections: Sequence[str]) -> dict[str, Any]:
    one = each.application
    state = ApplicationState(one.state)
    row: dict[str, Any] = {
        "name": one.establishment.name,
        "category": one.category.name,
        "href": reverse("qualification:application", args=[one.pk]),
        "state": WORDS[state],
        "colour": COLOURS[state],
        "next": waits_words(one.reply_by) if one.reply_by else next_step(one),  # type: ignore[attr-defined]
        "is_draft": state is ApplicationState.DRAFT,
    }
    if row["is_draft"]:
        cells = {cell.section.value: cell for cell in each.progress.cells()}
        row["cells"] = [_cell(one, name, cells.get(name)) for name in sections]
    return row


def _cell(one: Application, name: str, cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"head": name, "text": "Not asked"}
    if cell.is_locked:
        return {"head": name, "text": "After stage 1"}
    text = WORDS_OF[cell.status]
    if cell.status is Status.MISSING and cell.of > 1 and cell.done:
        text = f"{cell.done} of {cell.of}"
    return {
        "head": name,
        "text": text,
        "colour": COLOURS_OF.get(cell.status, ""),
        "href": _cell_page(one, cell),
        "about": f"{one.establishment.name}, {one.category.name}: {name}",
    }


def _cell_page(one: Application, cell: Cell) -> str:
    if cell.question_id is None:
        return costs_page(one)
    # What stands at one establishment is put right there, what is common for all.
    is_its_own = cell.status in (Status.DIFFERS, Status.FAILS) or (
        cell.section is Section.EVIDENCE and cell.status is Status.MISSING
    )
    at = one.establishment_id if is_its_own and cell.section is not Section.EXCLUSIONS else None
    return question_page(
        one.joining_id, cell.question_id, section=cell.section, establishment_id=at
    )


def failing(drafts: Iterable[Followed]) -> list[dict[str, Any]]:
    """Who fails stage 1, why, and what to do; the same reason once for all it is true of."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for each in drafts:
        for part in each.progress.failing_stage_one:
            assert part.finding is not None
            finding = part.finding
            key = (part.title, finding.words, finding.what_to_do)
            known = found.setdefault(
                key,
                {
                    "title": part.title,
                    "words": finding.words,
                    "what_to_do": finding.what_to_do,
                    "names": [],
                    "href": _failing_page(each.application, part),
                },
            )
            name = each.application.establishment.name
            if name not in known["names"]:
                known["names"].append(name)
    return [one | _few(one["names"]) for one in found.values()]


def _failing_page(one: Application, part: Part) -> str:
    return question_page(
        one.joining_id,
        part.question_id,
        section=part.section,
        establishment_id=None if part.section is Section.EXCLUSIONS else one.establishment_id,
    )


def _few(names: Sequence[str]) -> dict[str, Any]:
    return {"names": list(names[:MOST_NAMED]), "more": max(0, len(names) - MOST_NAMED)}


def counts(followed: Sequence[Followed]) -> str:
    """In one sentence, how far the whole is."""
    drafts = [each for each in followed if each.application.state == ApplicationState.DRAFT]
    ready = sum(each.progress.is_complete for each in drafts)
    places = len({each.application.establishment_id for each in followed})
    categories = listed(list({each.application.category.name: None for each in followed}))
    of = f"{places} establishment{'s' if places != 1 else ''} for {categories}"
    sent = len(followed) - len(drafts)
    said = [f"{of}."]
    if drafts:
        are = "is" if ready == 1 else "are"
        of_all = f"{ready} of {len(drafts)} parts {are} ready to send."
        said.append(of_all if len(drafts) > 1 else "")
    if sent:
        said.append(f"{sent} sent.")
    return " ".join(filter(None, said))


def listed(names: Sequence[str]) -> str:
    *first, last = names or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def part_tasks(each: Followed, reasons: Mapping[str, str]) -> dict[str, list[Any]]:
    """The task list of one application alone; beside what is put right, why it failed."""
    one, progress = each.application, each.progress
    lists: dict[str, list[Any]] = {"stage_one": [], "stage_two": [], "kept": []}
    for part in progress.parts:
        if part.is_kept and part.status in (Status.KEPT, Status.DONE):
            lists["kept"].append(part.title)
            continue
        is_locked = part.stage == 2 and not progress.stage_two_is_open
        task: dict[str, Any] = {"text": part.title}
        if is_locked:
            task["status"] = "After stage 1"
        else:
            at = one.establishment_id if part.differs else None
            task["href"] = question_page(
                one.joining_id, part.question_id, section=part.section, establishment_id=at
            )
            task |= _part_status(part)
        if part.differs:
            task["hint"] = "Answered differently for this establishment"
        task |= _because(reasons, part.title)
        lists["stage_one" if part.stage == 1 else "stage_two"].append(task)
    if progress.costs_are_kept:
        lists["kept"].append("Core costs")
    else:
        lists["stage_two"].append(_own_costs(one, progress) | _because(reasons, "Core costs"))
    return lists


def _because(reasons: Mapping[str, str], title: str) -> dict[str, str]:
    return {"hint": reasons[title]} if reasons.get(title) else {}


def _part_status(part: Part) -> dict[str, str]:
    if part.status not in OPEN:
        return {"status": "Completed" if part.is_begun else "Optional"}
    return {"status": _open_words(part, part.status), "colour": COLOURS_OF[part.status]}


def _own_costs(one: Application, progress: Progress) -> dict[str, Any]:
    if not progress.stage_two_is_open:
        return {"text": "Core costs", "status": "After stage 1"}
    status = (
        {"status": "Completed"}
        if progress.costs_are_complete
        else {"status": "Incomplete", "colour": "blue"}
    )
    return {"text": "Core costs", "href": costs_page(one)} | status


def next_page(joining_id: UUID, drafts: Sequence[Followed], question: Question) -> str:
    """After an answer: the next question that is still open, else the joining itself."""
    each_once = asked_once(drafts)
    is_open = any(each.progress.stage_two_is_open for each in drafts)
    ids = [each.part.question_id for each in each_once]
    after = ids.index(question.id) + 1 if question.id in ids else 0
    for each in each_once[after:]:
        if each.part.stage == 2 and not is_open:
            break
        if each.status in OPEN:
            return question_page(joining_id, each.part.question_id, section=each.part.section)
    return reverse("qualification:joining", args=[joining_id])


def passed_now(before: Sequence[Followed], after: Sequence[Followed]) -> str:
    """What to say when an answer has opened stage 2; empty where it opened nothing new."""
    was_open = {each.application.pk for each in before if each.progress.stage_two_is_open}
    is_open = [each for each in after if each.progress.stage_two_is_open]
    if not any(each.application.pk not in was_open for each in is_open):
        return ""
    said = "Stage 1 is passed, and stage 2 is open"
    if len(is_open) < len(after):
        said += f" for {len(is_open)} of {len(after)} parts"
    said += ": answer the rest, give your core costs, then check and send."
    if any(each.progress.stage_one is Result.LOOK_AT for each in is_open):
        said += " An officer looks at some of your answers to stage 1 before the decision."
    return said


def narrowed(
    followed: Iterable[Followed], *, q: str, category: str, state: str, missing: bool
) -> list[Followed]:
    """Those that the filter leaves."""
    words = q.casefold().split()
    return [
        each
        for each in followed
        if (not category or str(each.application.category_id) == category)
        and (not state or each.application.state == state)
        and all(word in _searched(each.application) for word in words)
        and (not missing or _is_open(each))
    ]


def _searched(one: Application) -> str:
    return f"{one.establishment.name} {one.establishment.town}".casefold()


def _is_open(each: Followed) -> bool:
    return each.application.state == ApplicationState.DRAFT and not each.progress.is_complete
