"""
Stage 1: may this establishment join at all? Told before anything long is written. Pure (Q10).

What a provider says stands beside what a register or an inspector says. Where the two differ and
the provider has said why of this establishment, an officer looks at it: a mismatch is asked, not
held against anybody. A note beside an answer that forty homes share says it of none of them: each
home passes or fails by its own result, until something is said of it alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dps.clock import show_date
from qualification.exclusions import Verdict
from qualification.inspections import UnknownScheme, judge
from qualification.scoring import NoRuleInForce, PassRule, Scale


class Result(StrEnum):
    """From the best to the worst."""

    PASSES = "passes"
    LOOK_AT = "look_at"
    UNANSWERED = "unanswered"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Finding:
    """What stage 1 says on one question, and what to do about it."""

    result: Result
    words: str = ""
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A yes or no, with what was said beside it."""

    passes: bool | None = None
    note: str = ""
    is_own: bool = True
    """Said of this establishment alone; false where several share the answer."""


@dataclass(frozen=True, slots=True)
class Register:
    """What the register says of an establishment; the number is empty where there is none."""

    is_open: bool
    number: str = ""
    lists_its_kind: bool = True
    """Whether establishments of its kind are on the register that is asked about."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """The latest result that is known of an establishment, in its inspector's own words."""

    inspector: str
    scale: str
    result: str
    inspected_on: date


UNANSWERED = Finding(Result.UNANSWERED)
PASSES = Finding(Result.PASSES)
ASK_A_COUNCIL = "quality_assurance"
"""The question about settings that no inspector visits: a council does."""


def of_exclusions(declared: Verdict | None) -> Finding:
    """What was declared of the exclusion grounds; None where nobody has gone through them."""
    match declared:
        case None:
            return UNANSWERED
        case Verdict.CLEAR:
            return PASSES
        case Verdict.LOOK_AT:
            return Finding(
                Result.LOOK_AT,
                "A ground applies, and you say that it was put right or ended long ago.",
                "Go on. An officer looks at it, and asks you if something is not clear.",
            )
    return Finding(
        Result.FAILS,
        "A ground for exclusion applies now, and you have not said how it was put right.",
        "Say what you have done so that it cannot happen again, or when it ended. You can come"
        " back to this at any time.",
    )


def of_question(said: Said) -> Finding:
    """A plain question of stage 1."""
    if said.passes is None:
        return UNANSWERED
    if said.passes:
        return PASSES
    return Finding(
        Result.FAILS,
        "You have answered no.",
        "Put this right first, then change your answer. You can come back at any time.",
    )


def of_registration(said: Said, register: Register) -> Finding:
    """A closed establishment cannot join; one without a number is looked at (Q2)."""
    if not register.is_open:
        return Finding(
            Result.FAILS,
            "The register says that it is closed.",
            "If that is wrong, have the register corrected. We read it again every day.",
        )
    found = of_question(said)
    if found.result is Result.PASSES and not register.lists_its_kind:
        return Finding(
            Result.LOOK_AT,
            "An establishment of its kind is not on this register.",
            "Go on only if it is registered there as well. Else take it out of this category.",
        )
    if found.result is Result.PASSES and not register.number:
        return Finding(
            Result.LOOK_AT,
            "We know of no register number for it.",
            "Go on. An officer looks it up, and asks you if it cannot be found.",
        )
    return found


def of_inspection(
    said: Said, latest: Inspected | None, *, rules: Iterable[PassRule], on: date
) -> Finding:
    """The latest result by the rule of its own scheme, with what the provider says (BC 7.4).

    A result that does not pass is looked at by an officer only where the provider says, of this
    establishment alone, that it is not the latest.
    """
    if latest is None:
        return _without_a_result(said)
    result = f"{latest.inspector} on {show_date(latest.inspected_on)}: {latest.result}."
    try:
        verdict = judge(latest.scale, latest.result, latest.inspected_on, on=on, rules=rules)
    except (UnknownScheme, NoRuleInForce):
        found = of_question(said)
        return _looked_at(f"{result} An officer reads it.") if said.passes else found
    if verdict.passed and said.passes is not False:
        return UNANSWERED if said.passes is None else Finding(Result.PASSES, result)
    if not verdict.passed and said.passes and said.is_own and said.note.strip():
        return _looked_at(f"{result} You say that this is not the latest result.")
    if said.passes is None:
        return UNANSWERED
    why = "" if verdict.passed else f" It does not pass: {'; '.join(verdict.failures).lower()}."
    return Finding(
        Result.FAILS,
        result + why,
        "You can go on as soon as a new inspection passes. If there is a newer result already,"
        f" {_SAY_WHICH if said.is_own else _ANSWER_ALONE}",
    )


_SAY_WHICH = "say which one beside your answer."
_ANSWER_ALONE = "answer this question for this establishment alone, and say which one."


def _without_a_result(said: Said) -> Finding:
    found = of_question(said)
    if found.result is Result.PASSES:
        return _looked_at("We know of no inspection yet.")
    return found


def _looked_at(words: str) -> Finding:
    return Finding(Result.LOOK_AT, words, "Go on. An officer looks at it before the decision.")


def counts_for(question_code: str, scale: str) -> bool:
    """Whether results of a scheme answer a question: a council's visit only its own."""
    is_council = scale == Scale.AUTHORITY_QUALITY_ASSURANCE
    return is_council == (question_code == ASK_A_COUNCIL)


def outcome(findings: Iterable[Finding]) -> Result:
    """The worst of all; nothing asked is nothing to fail."""
    order = list(Result)
    return max((each.result for each in findings), key=order.index, default=Result.PASSES)


def opens_stage_two(result: Result) -> bool:
    return result in (Result.PASSES, Result.LOOK_AT)
