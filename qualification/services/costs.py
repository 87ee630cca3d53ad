"""Writing the core costs of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.money import MOST_PENCE, Basis
from dps.permissions import Action, require
from dps.refusals import NotUnderstood
from qualification import fingerprints
from qualification.core_costs import CostEntry
from qualification.models import Application, CoreCostLine, CostHead
from qualification.queries.applications import contents_of
from qualification.queries.rules import heads_of
from qualification.services.answering import ChangedMeanwhile, NotADraft
from qualification.states import ApplicationState


class WrongCost(NotUnderstood):
    message = "This cost cannot be read"


@transaction.atomic
def set_core_costs(
    *,
    application_id: UUID,
    lines: Sequence[CostEntry],
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[CoreCostLine]:
    """Save the core cost lines of a draft, in place of those before (BC 7.4, Q5).

    `seen` is the fingerprint of the lines that the writer started from.

    :raises NotPermitted, NotADraft: not allowed, or sent already.
    :raises WrongCost: a head not in the schedule or given twice, or an amount out of bounds.
    :raises ChangedMeanwhile: somebody has changed the lines that were `seen`.
    """
    require(actor, Action.PREPARE_APPLICATION)
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    rules = application.rule_set_id
    heads = {head.code: head for head in heads_of([rules])[rules]}
    _refuse_wrong_costs(lines, heads)
    stored = contents_of(application).costs_fingerprint
    if seen is not None and stored not in (seen, fingerprints.of_costs(lines)):
        raise ChangedMeanwhile

    CoreCostLine.objects.filter(application=application).delete()
    saved = CoreCostLine.objects.bulk_create(
        CoreCostLine(
            provider_id=application.provider_id,
            application=application,
            head=heads[line.code],
            amount_pence=line.amount_pence,
            basis=Basis(line.basis).value,
        )
        for line in lines
    )
    facts = {"lines": len(saved), "fingerprint": fingerprints.of_costs(lines)}
    audit.record(Act("application.costs_saved", application, facts), actor=actor, at=now)
    return saved


def _refuse_wrong_costs(lines: Sequence[CostEntry], heads: dict[str, CostHead]) -> None:
    codes = [line.code for line in lines]
    for line in lines:
        if line.code not in heads or codes.count(line.code) > 1:
            raise WrongCost(field=line.code)
        if not 0 <= line.amount_pence <= MOST_PENCE or line.basis not in list(Basis):
            raise WrongCost(field=line.code)
