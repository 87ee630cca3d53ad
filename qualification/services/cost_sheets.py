"""Saving the core costs of several establishments at once, as a spreadsheet has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps.actors import Actor
from dps.permissions import Action, require
from dps.refusals import Refusal
from qualification.core_costs import CostEntry
from qualification.models import Application
from qualification.services.answering import ChangedMeanwhile
from qualification.services.costs import set_core_costs


class SheetsChangedMeanwhile(Refusal):
    """Which one; nothing of the spreadsheet is saved."""


@dataclass(frozen=True, slots=True)
class NewCosts:
    """The costs of one application, and the fingerprint of those that the writer compared."""

    application_id: UUID
    seen: str
    lines: tuple[CostEntry, ...]


@transaction.atomic
def save_cost_sheets(
    *, joining_id: UUID, sheets: Sequence[NewCosts], actor: Actor, now: datetime
) -> int:
    """Save all of them or none (Q5). How many were saved.

    :raises NotPermitted, NotADraft, WrongCost: as `set_core_costs` does for any of them.
    :raises Application.DoesNotExist: one is not of this joining.
    :raises SheetsChangedMeanwhile: somebody has changed the costs of one since.
    """
    require(actor, Action.PREPARE_APPLICATION)
    ids = {each.application_id for each in sheets}
    # In one order, so that two who save the same establishments wait for each other.
    found = Application.objects.select_for_update(of=("self",)).select_related("establishment")
    rows = {row.pk: row for row in found.filter(joining_id=joining_id, pk__in=ids).order_by("pk")}
    if len(rows) != len(ids):
        raise Application.DoesNotExist
    for each in sheets:
        try:
            set_core_costs(
                application_id=each.application_id,
                lines=each.lines,
                seen=each.seen,
                actor=actor,
                now=now,
            )
        except ChangedMeanwhile:
            name = rows[each.application_id].establishment.name
            raise SheetsChangedMeanwhile(
                f"Somebody has changed the costs of {name} since you looked, so that nothing of the"
                " spreadsheet is saved. Upload it again to see what it changes now"
            ) from None
    return len(sheets)
