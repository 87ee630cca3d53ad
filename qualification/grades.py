"""The published grades of a method statement, 0 to 5, and what each one means (BC 7.10, Q3)."""

from __future__ import annotations

from dataclasses import dataclass

from dps.hundredths import half_up
from qualification.scoring import HIGHEST_GRADE


@dataclass(frozen=True, slots=True)
class Descriptor:
    grade: int
    name: str
    meaning: str


DESCRIPTORS = (
    Descriptor(0, "No answer", "Nothing is said that answers the question."),
    Descriptor(1, "Poor", "Little of the question is answered, and we have serious doubts."),
    Descriptor(
        2, "Limited", "Part of the question is answered. Much is general, with little evidence."
    ),
    Descriptor(
        3, "Satisfactory", "The question is answered, with some evidence. Small gaps remain."
    ),
    Descriptor(4, "Good", "The whole question is answered in detail, with evidence that it works."),
    Descriptor(
        5,
        "Excellent",
        "The whole question is answered, with results that were measured and lessons learned.",
    ),
)
GRADES = tuple(each.grade for each in DESCRIPTORS)


def points(*, weight: int, grade: int) -> int:
    """Hundredths of a point that a grade earns of a weight in hundredths, half up (BC 7.10).

    For reading beside each other: the score itself is rounded once, from the exact sum.
    """
    return half_up(weight * grade, HIGHEST_GRADE)
