"""What makes an application worth looking at early: the risk in the work list. Pure."""

from __future__ import annotations

from dataclasses import dataclass

GROUND, INSPECTION = "Exclusion ground declared", "Inspection does not pass"
GRAVE = frozenset({GROUND, INSPECTION})


@dataclass(frozen=True, slots=True)
class Found:
    """The facts of one application that are looked at."""

    is_claim_confirmed: bool = True
    grounds: int = 0
    """Exclusion grounds that are declared."""
    open_points: int = 0
    """Questions to the provider without a reply."""
    inspection_failures: tuple[str, ...] = ()
    has_inspection: bool = True


def worries(found: Found) -> tuple[str, ...]:
    """Each in a few words, the gravest first; empty where nothing worries."""
    said = []
    if found.grounds:
        said.append(GROUND)
    if found.inspection_failures:
        said.append(INSPECTION)
    if not found.is_claim_confirmed:
        said.append("Claim not confirmed")
    if found.open_points:
        said.append("Waits for the provider’s reply")
    if not found.has_inspection:
        said.append("No inspection known")
    return tuple(said)
