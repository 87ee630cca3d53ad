"""The row that is locked first by whoever writes in a joining, and always the same one."""

from __future__ import annotations

from uuid import UUID

from qualification.models import Joining


def locked_joining(joining_id: UUID) -> Joining:
    """Answers, additions and sending of one joining follow each other."""
    return Joining.objects.select_for_update().get(pk=joining_id)
