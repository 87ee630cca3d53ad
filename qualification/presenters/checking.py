"""What the provider claims beside what registers, inspectors and certificates say (Q2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from dps.clock import show_date
from dps.govuk.templatetags.govuk import day
from dps.models import Upload
from dps.money import show
from providers.models import Evidence, Inspection
from providers.presenters.establishment import SCALES
from qualification.evidence_wanted import Fit, HeldEvidence, Match, WantedEvidence, match
from qualification.inspections import UnknownScheme, judge
from qualification.models import Application, Check, PointToClear, Question
from qualification.queries.applications import Answered
from qualification.queries.asked import AskedCriterion
from qualification.queries.matters import Sent
from qualification.queries.progress import lists_its_kind
from qualification.scoring import NoRuleInForce

RESULT_COLOURS = {
    Check.Result.CLEAR: "green",
    Check.Result.ASKED: "yellow",
    Check.Result.FAILS: "red",
}
EVIDENCE_HEAD = (
    "Asked for",
    "What we hold",
    "Number",
    {"text": "Sum insured", "numeric": True},
    "Until",
    "File",
)
INSPECTION_HEAD = ("Date", "Inspector", "What was judged", "Result", "By our rules")


@dataclass(frozen=True)
class Held:
    """What is known of an establishment, whatever a provider says."""

    evidence: tuple[Evidence, ...]
    inspections: tuple[Inspection, ...]
    may_be_opened: bool = True
    """Whether who looks may open the files, or reads only what is said of them."""


@dataclass(frozen=True)
class Matter:
    """One question that passes or fails, with all that an officer compares."""

    each: Answered
    asked: AskedCriterion
    check: Check | None
    points: tuple[PointToClear, ...]
    claim: str
    facts: tuple[dict[str, Any], ...]
    evidence: tuple[tuple[Any, ...], ...]
    inspections: tuple[tuple[Any, ...], ...]
    mismatches: tuple[str, ...]
    alike: int = 1

    @property
    def code(self) -> str:
        return self.each.criterion.code

    @property
    def question(self) -> Question:
        return self.each.criterion.question

    @property
    def tag(self) -> dict[str, str]:
        if self.check is None:
            return {"text": "To check", "colour": "blue"}
        result = Check.Result(self.check.result)
        if result is Check.Result.ASKED and self.is_replied:
            return {"text": "The provider has replied", "colour": "orange"}
        return {"text": str(result.label), "colour": RESULT_COLOURS[result]}

    @property
    def is_clear(self) -> bool:
        return self.check is not None and self.check.result == Check.Result.CLEAR

    @property
    def is_replied(self) -> bool:
        return bool(self.points) and self.points[0].replied_at is not None


def matter(application: Application, sent: Sent, held: Held, *, today: date) -> Matter:
    each, asked = sent.answered, sent.asked
    evidence, lacking = _evidence(application, asked, held, today)
    inspections, failing = _inspections(asked, held.inspections, today)
    facts = tuple(_register(application)) if _is_about_register(each) else ()
    mismatches = (*_register_worries(application, each), *lacking, *failing)
    return Matter(
        each=each,
        asked=asked,
        check=sent.check,
        points=sent.points,
        claim=claim_of(each),
        facts=facts,
        evidence=evidence,
        inspections=inspections,
        mismatches=mismatches,
        alike=sent.alike,
    )


def claim_of(each: Answered) -> str:
    """What the provider has said, in words."""
    if each.criterion.kind == Question.Kind.EXCLUSIONS:
        return each.text or "Nothing is declared"
    said = {True: "Yes", False: "No", None: "No answer"}[each.passes]
    return f"{said}. {each.text}" if each.text else said


def _is_about_register(each: Answered) -> bool:
    return each.criterion.kind == Question.Kind.REGISTRATION


def _register(application: Application) -> Iterable[dict[str, Any]]:
    """What the register and the directory say of the establishment."""
    place = application.establishment
    yield {"key": "On the register", "value": "Open" if place.is_open else "Closed"}
    yield {"key": "Number (URN)", "value": place.urn or "None known"}
    yield {"key": "Kind", "value": place.get_kind_display()}
    ages = f"{place.low_age} to {place.high_age}" if place.low_age is not None else "Not known"
    yield {"key": "Ages", "value": ages}
    confirmed = place.provider_id == application.provider_id
    yield {
        "key": "Claim to run it",
        "value": "Confirmed" if confirmed else "Not confirmed",
        "href": reverse("providers:establishment", args=[place.pk]),
        "action": "See",
        "hidden": "the establishment",
    }


def _register_worries(application: Application, each: Answered) -> Iterable[str]:
    if not _is_about_register(each):
        return
    place = application.establishment
    if not place.is_open:
        yield "The register says that it is closed"
    if not lists_its_kind(place, each.criterion.question):
        yield f"It is a {place.get_kind_display().lower()}: not of a kind that is on this register"
    if not place.urn:
        yield "We know of no register number"
    if place.provider_id != application.provider_id:
        yield "The provider’s claim to run it is not confirmed"


def _evidence(
    application: Application, asked: AskedCriterion, held: Held, today: date
) -> tuple[tuple[tuple[Any, ...], ...], tuple[str, ...]]:
    pieces = {each.id: each for each in held.evidence}
    known = [
        HeldEvidence(
            each.id,
            each.kind,
            each.establishment_id,
            each.sum_insured_pence,
            each.expires_on,
            is_refused=each.file_state == Upload.State.REFUSED,
        )
        for each in pieces.values()
    ]
    rows, lacking = [], []
    for wanted in asked.evidence:
        found = match(wanted, known, application.establishment_id, today)
        piece = pieces.get(found.held.id) if found.held else None
        file = _file(piece, may_be_opened=held.may_be_opened) if piece else ""
        rows.append(_evidence_row(wanted, found, piece, file))
        if found.lacks:
            lacking.append(f"{wanted.name}: {found.words[:1].lower()}{found.words[1:]}")
    return tuple(rows), tuple(lacking)


def _evidence_row(
    wanted: WantedEvidence, found: Match, piece: Evidence | None, file: Any
) -> tuple[Any, ...]:
    colour = "green" if found.fit is Fit.FITS else "grey" if wanted.is_optional else "red"
    least = wanted.least_sum_pence
    name = f"{wanted.name}, {show(least, whole=True)} or more" if least else wanted.name
    # The last day has a column of its own.
    words = "Held" if found.fit is Fit.FITS else found.words
    said = {"text": words, "colour": colour}
    if piece is None:
        return (name, said, "", {"text": "", "numeric": True}, "", "")
    insured = show(piece.sum_insured_pence, whole=True) if piece.sum_insured_pence else ""
    return (
        name,
        said,
        piece.number,
        {"text": insured, "numeric": True},
        day(piece.expires_on),
        file,
    )


def _file(piece: Evidence, *, may_be_opened: bool) -> Any:
    if not piece.upload_id or piece.upload is None:
        return "No file"
    if piece.upload.state == Upload.State.CLEAN:
        if not may_be_opened:
            return piece.upload.name
        return {"text": piece.upload.name, "href": reverse("upload", args=[piece.upload_id])}
    return "Being checked for viruses"


def _inspections(
    asked: AskedCriterion, inspections: Iterable[Inspection], today: date
) -> tuple[tuple[tuple[Any, ...], ...], tuple[str, ...]]:
    if asked.criterion.kind != Question.Kind.INSPECTION:
        return (), ()
    rows, failing, seen = [], [], set()
    for one in inspections:
        words, colour, why = _verdict(one, asked, today)
        rows.append(
            (
                show_date(one.inspected_on),
                one.inspector,
                SCALES.get(one.scale, one.scale.replace("_", " ").capitalize()),
                one.result.capitalize(),
                {"text": words, "colour": colour},
            )
        )
        if one.scale not in seen and why:
            failing.append(f"Inspection of {show_date(one.inspected_on)}: {why.lower()}")
        seen.add(one.scale)
    if not rows:
        failing.append("We know of no inspection")
    return tuple(rows), tuple(failing)


def _verdict(one: Inspection, asked: AskedCriterion, today: date) -> tuple[str, str, str]:
    try:
        verdict = judge(
            one.scale, one.result, one.inspected_on, on=today, rules=asked.inspection_rules
        )
    except (UnknownScheme, NoRuleInForce):
        return "No rule for this scheme", "grey", ""
    if verdict.passed:
        return "Passes", "green", ""
    why = "; ".join(verdict.failures)
    return "Does not pass", "red", why
