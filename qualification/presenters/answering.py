"""The page of one question: whom the answer counts for, who differs, what is held and known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from dps.clock import show_date
from dps.money import show
from qualification.evidence_wanted import Match
from qualification.models import Answer, Check, Question
from qualification.presenters.joining import listed
from qualification.progress import Part, Status
from qualification.queries.applications import Answered
from qualification.queries.evaluation import checks_of
from qualification.queries.progress import Followed, latest_for
from qualification.stage_one import Result

MOST_SHOWN = 10


@dataclass(frozen=True)
class Asking:
    """A question with the drafts that ask it, all of them or those of one establishment."""

    question: Question
    rows: tuple[tuple[Followed, Part, Answered], ...]
    establishment_id: UUID | None = None

    @property
    def here(self) -> tuple[tuple[Followed, Part, Answered], ...]:
        """Those that this page answers for."""
        if self.establishment_id is None:
            return self.rows
        return tuple(
            each
            for each in self.rows
            if each[0].application.establishment_id == self.establishment_id
        )

    @property
    def answer(self) -> Answer | None:
        """The answer that the page shows: of the establishment, or what is common."""
        found = [each.answer for _, _, each in self.here if each.answer]
        if self.establishment_id is not None:
            return found[0] if found else None
        return next((each for each in found if each.establishment_id is None), None)

    @property
    def is_locked(self) -> bool:
        """Stage 2 is not shown before stage 1 is passed."""
        return self.question.stage == 2 and not any(
            each.progress.stage_two_is_open for each, _, _ in self.here
        )


def asking(
    drafts: Iterable[Followed], question_id: UUID, establishment_id: UUID | None
) -> Asking | None:
    """None where no draft asks it, or it is kept from before."""
    rows = [
        (each, part, answered)
        for each in drafts
        for part, answered in zip(each.progress.parts, each.answered, strict=True)
        if part.question_id == question_id and not part.is_kept
    ]
    if not rows:
        return None
    found = Asking(rows[0][2].criterion.question, tuple(rows), establishment_id)
    return found if found.here else None


def counts_for(asked: Asking) -> dict[str, Any]:
    """For which categories and for how many establishments the answer counts."""
    places = _places(asked.here)
    common = len(places) - len(_places(each for each in asked.here if each[1].differs))
    categories = {each.application.category.name: None for each, _, _ in asked.here}
    return {
        "categories": listed(list(categories)),
        "establishments": len(places),
        "common": common,
        "weights": _weights(asked),
        "place": next(iter(places.values())) if asked.establishment_id else "",
        "only": next(iter(places.values())) if len(places) == 1 else "",
    }


def _places(rows: Iterable[tuple[Followed, Part, Answered]]) -> dict[UUID, str]:
    return {
        each.application.establishment_id: each.application.establishment.name
        for each, _, _ in rows
    }


def _weights(asked: Asking) -> list[str]:
    """ "30 of 100 points", or so many in each category where they differ."""
    by_category = {
        each.application.category.name: answered.criterion.weight
        for each, _, answered in asked.here
    }
    if len(set(by_category.values())) == 1:
        return [f"{_points(next(iter(by_category.values())))} of the 100 points"]
    return [f"{_points(weight)} of the 100 points for {n}" for n, weight in by_category.items()]


def _points(weight: int) -> str:
    return f"{weight // 100}" if weight % 100 == 0 else f"{weight // 100}.{weight % 100:02}"


def differing(asked: Asking, joining_id: UUID) -> list[dict[str, Any]]:
    """The establishments whose answer differs."""
    places = _places(each for each in asked.rows if each[1].differs)
    return [
        {"name": name, **_addresses(joining_id, asked.question.pk, establishment_id)}
        for establishment_id, name in places.items()
    ]


def _addresses(joining_id: UUID, question_id: UUID, establishment_id: UUID) -> dict[str, str]:
    ids = [joining_id, question_id, establishment_id]
    return {
        "href": reverse("qualification:answer_at", args=ids),
        "back": reverse("qualification:as_the_others", args=ids),
    }


def may_differ(asked: Asking) -> list[tuple[str, str]]:
    """The establishments that can be answered for separately, where there are several."""
    places = _places(asked.rows)
    if len(places) < 2:
        return []
    differ = _places(each for each in asked.rows if each[1].differs)
    return [(str(key), name) for key, name in places.items() if key not in differ]


RECORD_HEAD = ("Establishment", "What the record says", "Verdict")
VERDICTS = {
    Result.PASSES: ("Passes", "green"),
    Result.LOOK_AT: ("We look at it", "yellow"),
    Result.FAILS: ("Does not pass", "red"),
    Result.UNANSWERED: ("Not answered yet", "blue"),
}


def records(asked: Asking) -> dict[str, Any]:
    """For questions of stage 1 about facts: what is on record of each, what fails first."""
    kind = asked.question.kind
    if kind not in (Question.Kind.REGISTRATION, Question.Kind.INSPECTION):
        return {}
    rows = {}
    for each, part, _ in asked.here:
        one = each.application
        said = _register(one) if kind == Question.Kind.REGISTRATION else _inspected(asked, one)
        assert part.finding is not None
        words, colour = VERDICTS[part.finding.result]
        rows[one.establishment_id] = (
            part.finding,
            [one.establishment.name, said, {"text": words, "colour": colour}],
        )
    order = [Result.FAILS, Result.LOOK_AT, Result.UNANSWERED, Result.PASSES]
    ranked = sorted(rows.values(), key=lambda row: order.index(row[0].result))
    advice = {f.what_to_do for f, _ in ranked if f.what_to_do and f.result is Result.FAILS}
    return {
        "record_head": RECORD_HEAD,
        "records": [row for _, row in ranked[:MOST_SHOWN]],
        "records_more": max(0, len(ranked) - MOST_SHOWN),
        "what_to_do": sorted(advice),
    }


def _register(one: Any) -> str:
    place = one.establishment
    number = f"Number {place.urn}" if place.urn else "No register number"
    state = "open" if place.is_open else "closed"
    return f"{number}, {place.get_kind_display().lower()}, {state}"


def _inspected(asked: Asking, one: Any) -> str:
    latest = latest_for(one, asked.question.code)
    if latest is None:
        return "No inspection known"
    return f"{latest.inspector}, {show_date(latest.inspected_on)}: {latest.result}"


EVIDENCE_HEAD = ("Evidence", "What we ask", "What you hold")


def evidence(asked: Asking) -> dict[str, Any]:
    """What is wanted and held; where establishments differ, what each of them lacks."""
    by_place: dict[UUID, tuple[str, dict[str, Match]]] = {}
    for each, part, _ in asked.here:
        one = each.application
        _, matches = by_place.setdefault(one.establishment_id, (one.establishment.name, {}))
        for found in part.matches:
            known = matches.get(found.wanted.kind)
            if known is None or (found.lacks and not known.lacks):
                matches[found.wanted.kind] = found
    if not any(matches for _, matches in by_place.values()):
        return {}
    first = next(iter(by_place.values()))[1]
    shown = {kind: _worst(by_place, kind) for kind in first}
    lacking = [
        f"{name}: {', '.join(m.wanted.name for m in matches.values() if m.lacks)}"
        for name, matches in by_place.values()
        if any(m.lacks for m in matches.values())
    ]
    return {
        "evidence_head": EVIDENCE_HEAD,
        "evidence": [_evidence_row(each) for each in shown.values()],
        "lacking": lacking[:MOST_SHOWN] if len(by_place) > 1 else [],
        "lacking_more": max(0, len(lacking) - MOST_SHOWN) if len(by_place) > 1 else 0,
        "is_lacking": bool(lacking),
        "to_add": [_to_add(each, by_place) for each in shown.values() if each.lacks],
    }


def _worst(by_place: dict[UUID, tuple[str, dict[str, Match]]], kind: str) -> Match:
    of_kind = [matches[kind] for _, matches in by_place.values() if kind in matches]
    return next((each for each in of_kind if each.lacks), of_kind[0])


def _to_add(found: Match, by_place: dict[UUID, tuple[str, dict[str, Match]]]) -> dict[str, Any]:
    """The page on which it is replaced, or added: for the one establishment that alone lacks it."""
    kind, name = found.wanted.kind, found.wanted.name
    if found.held is not None:
        href = reverse("providers:replace_evidence", args=[found.held.id])
        return {"name": name, "href": href, "does": "Replace"}
    lacking = [
        place for place, (_, matches) in by_place.items() if kind in matches and matches[kind].lacks
    ]
    query = f"?for={lacking[0]}" if len(lacking) == 1 < len(by_place) else ""
    href = reverse("providers:add_evidence", args=[kind]) + query
    return {"name": name, "href": href, "does": "Add"}


def _evidence_row(found: Match) -> list[Any]:
    least = found.wanted.least_sum_pence
    asked = f"{show(least, whole=True)} or more" if least else "Valid on the day you send"
    if found.wanted.is_optional:
        asked = f"{asked}, if you have it"
    colour = "red" if found.lacks else ""
    held: dict[str, Any] = {"text": found.words}
    return [found.wanted.name, asked, held | ({"colour": colour} if colour else {})]


def why_it_failed(asked: Asking) -> Sequence[str]:
    """Of those that are put right: the reasons of the decision before, and of the check."""
    before = [
        each.application.before
        for each, part, _ in asked.here
        if each.application.before is not None and part.status is not Status.KEPT
    ]
    checks = checks_of([one.pk for one in before]) if before else {}
    found = [checks.get((one.pk, asked.question.code)) for one in before]
    notes = [check.note for check in found if check and check.result == Check.Result.FAILS]
    return list(dict.fromkeys([*(one.decision_reason for one in before), *notes]))
