"""What is applied for: one establishment in one category."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    """One establishment in one category."""

    establishment_id: UUID
    category_id: UUID
