"""
What differs between two versions of a category's rules, and what the law lets change.

Pure. Entry conditions are what decides whether somebody joins at all: the pass or fail questions
and the evidence that they must have. Scored statements are none, because no score is too low to
join (BC 7.10); nor is what is asked and shown only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dps import money
from dps.hundredths import show_hundredths
from dps.refusals import Refusal
from dps.regimes import Act, ForbiddenByRegime, Regime
from qualification.scoring import FULL_WEIGHT

STATEMENT, SHOWN = "statement", "shown"


class NotReadyToPublish(Refusal):
    message = "This version cannot be published yet"


NOTHING_CHANGES = (
    "It asks exactly what the version before it asks. Something has to differ before it can be"
    " published."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind of evidence with its name, and the least sum insured in pence."""

    kind: str
    name: str
    least_sum_pence: int | None = None
    is_optional: bool = False

    @property
    def words(self) -> str:
        said = self.name
        if self.least_sum_pence:
            said += f" of {money.show(self.least_sum_pence, whole=True)} or more"
        return f"{said} (if you have it)" if self.is_optional else said


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a version asks it; its weight in hundredths of a point."""

    code: str
    kind: str
    stage: int
    title: str
    text: str
    guidance: str = ""
    topics: str = ""
    word_limit: int = 0
    graded_by: str = ""
    weight: int = 0
    evidence: tuple[Wanted, ...] = ()

    @property
    def is_condition(self) -> bool:
        return self.kind not in (STATEMENT, SHOWN)

    @property
    def needed(self) -> tuple[Wanted, ...]:
        return tuple(each for each in self.evidence if not each.is_optional)


@dataclass(frozen=True, slots=True)
class Head:
    """A line of the cost schedule."""

    code: str
    title: str
    guidance: str = ""
    schedule: str = ""
    is_optional: bool = False
    stay: str = ""
    """The residential schedule it belongs to, in words; empty for what every place costs."""
    driver: str = ""
    """What moves such a cost most, in words."""


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a version asks, in its order."""

    asked: tuple[Asked, ...] = ()
    heads: tuple[Head, ...] = ()

    @property
    def statements(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if each.kind == STATEMENT)

    @property
    def conditions(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if each.is_condition)

    @property
    def weight(self) -> int:
        """Hundredths of a point of all statements; 100.00 when it can be published."""
        return sum(each.weight for each in self.statements)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: of which question or line, what it was and what it becomes."""

    of: str
    what: str
    before: str
    after: str


def in_the_way(rules: Rules, before: Rules | None = None) -> tuple[str, ...]:
    """What has to be put right before a version can be published, as sentences (BC 7.10).

    `before` is the version it follows: a notice that announces no change would only confuse.
    """
    found = []
    if before is not None and not differences(before, rules):
        found.append(NOTHING_CHANGES)
    if not rules.statements:
        found.append("There is no method statement. Add at least one.")
    elif rules.weight != FULL_WEIGHT:
        found.append(weights_words(rules.weight))
    found.extend(f"“{each.title}” has no weight." for each in rules.statements if each.weight == 0)
    if not rules.conditions:
        found.append("There is no pass or fail question. Add at least one.")
    return tuple(found)


def weights_words(total: int) -> str:
    """Why weights of this total, in hundredths of a point, are not a set."""
    missing = FULL_WEIGHT - total
    how = f"{show_hundredths(abs(missing))} {'more' if missing > 0 else 'less'}"
    return f"The weights add up to {show_hundredths(total)}. They must add up to 100.00: {how}"


def changed_conditions(before: Rules, after: Rules) -> tuple[str, ...]:
    """Each change of an entry condition, as a sentence; titles and guidance may change."""
    return tuple(_condition_changes(before, after))


def why_unlawful(regime: Regime, before: Rules | None, after: Rules) -> str:
    """Why the market's regime forbids this version; empty if it does not (G5, rules.md 1)."""
    if before is None or regime.allows(Act.CHANGE_ENTRY_CONDITIONS):
        return ""
    changed = changed_conditions(before, after)
    if not changed:
        return ""
    why = regime.forbidden[Act.CHANGE_ENTRY_CONDITIONS]
    return f"{why}. This version changes them: {' '.join(changed)}"


def refuse_unless_lawful(regime: Regime, before: Rules | None, after: Rules) -> None:
    """
    Let a version pass, or say which change the market's regime forbids and why (G5, rules.md 1).

    :raises ForbiddenByRegime: it changes entry conditions, which the regime keeps for life.
    """
    why = why_unlawful(regime, before, after)
    if why:
        raise ForbiddenByRegime(why)


def differences(before: Rules, after: Rules) -> tuple[Difference, ...]:
    """Everything that changed, in the order of the later version; what went, at the end."""
    return (*_question_differences(before, after), *_head_differences(before, after))


def _condition_changes(before: Rules, after: Rules) -> Iterator[str]:
    old = {each.code: each for each in before.conditions}
    new = {each.code: each for each in after.conditions}
    for code, each in new.items():
        if code not in old:
            yield f"“{each.title}” is asked anew."
            continue
        was = old[code]
        if (each.text, each.kind) != (was.text, was.kind):
            yield f"“{each.title}” asks something else."
        if each.stage != was.stage:
            yield f"“{each.title}” moves to stage {each.stage}."
        if _demands(each) != _demands(was):
            yield f"“{each.title}” wants other evidence."
    for code, was in old.items():
        if code not in new:
            yield f"“{was.title}” is not asked any more."


def _demands(asked: Asked) -> frozenset[tuple[str, int | None]]:
    return frozenset((each.kind, each.least_sum_pence) for each in asked.needed)


def _question_differences(before: Rules, after: Rules) -> Iterator[Difference]:
    old = {each.code: each for each in before.asked}
    new = {each.code: each for each in after.asked}
    for each in after.asked:
        was = old.get(each.code)
        if was is None:
            yield Difference(each.title, "Question", "Not asked", each.text)
        else:
            yield from _parts(each.title, _said(was), _said(each))
    for was in before.asked:
        if was.code not in new:
            yield Difference(was.title, "Question", was.text, "Not asked any more")
    kept_before = [each.code for each in before.asked if each.code in new]
    kept_after = [each.code for each in after.asked if each.code in old]
    if kept_before != kept_after:
        titles = {each.code: each.title for each in after.asked}
        words = (", ".join(titles[code] for code in codes) for codes in (kept_before, kept_after))
        yield Difference("All questions", "Order", *words)


def _head_differences(before: Rules, after: Rules) -> Iterator[Difference]:
    old = {each.code: each for each in before.heads}
    new = {each.code: each for each in after.heads}
    for each in after.heads:
        was = old.get(each.code)
        if was is None:
            yield Difference(each.title, "Cost line", "Not asked", "Asked")
        else:
            yield from _parts(each.title, _line(was), _line(each))
    for was in before.heads:
        if was.code not in new:
            yield Difference(was.title, "Cost line", "Asked", "Not asked any more")


def _parts(of: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Difference]:
    for what, words in after.items():
        if before[what] != words:
            yield Difference(of, what, before[what] or "Nothing", words or "Nothing")


def _said(each: Asked) -> dict[str, str]:
    return {
        "Title": each.title,
        "Question": each.text,
        "Guidance": each.guidance,
        "Topics": each.topics,
        "Stage": str(each.stage),
        "Kind": each.kind,
        "Word limit": str(each.word_limit) if each.word_limit else "",
        "Graded by": each.graded_by if each.kind == STATEMENT else "",
        "Weight": show_hundredths(each.weight) if each.kind == STATEMENT else "",
        "Evidence": "; ".join(wanted.words for wanted in each.evidence),
    }


def _line(each: Head) -> dict[str, str]:
    return {
        "Line": each.title,
        "Guidance": each.guidance,
        "Schedule": each.schedule,
        "Only for": each.stay,
        "What moves it most": each.driver,
        "May stay empty": "Yes" if each.is_optional else "No",
    }
