"""Writing the core costs of a draft, one establishment at a time or as another one has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.money import MOST_PENCE, Basis
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from qualification import fingerprints
from qualification.core_costs import CostEntry, Driver
from qualification.models import Application, CoreCostLine, CostHead
from qualification.queries.applications import costs_of
from qualification.queries.rules import heads_of
from qualification.services.answering import ChangedMeanwhile, NotADraft
from qualification.states import ApplicationState


class WrongCost(NotUnderstood):
    message = "This cost cannot be read"


class NothingToCopy(Refusal):
    message = "There are no core costs to copy from that establishment"


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
    application = draft_for_writing(application_id)
    heads = _heads(application)
    _refuse_wrong_costs(lines, heads)
    wanted = _with_drivers(lines, heads)
    _refuse_if_changed(application, seen, wanted)
    saved = _replace(application, wanted, heads)
    facts = {"lines": len(saved), "fingerprint": fingerprints.of_costs(wanted)}
    audit.record(Act("application.costs_saved", application, facts), actor=actor, at=now)
    return saved


@transaction.atomic
def copy_core_costs(
    *,
    application_id: UUID,
    from_application_id: UUID,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[CoreCostLine]:
    """Take the core costs of another establishment of the provider in the same category (Q5).

    What the schedule of this one does not ask is left out. `seen` is as in `set_core_costs`.

    :raises NotPermitted, NotADraft: not allowed, or sent already.
    :raises NothingToCopy: the other is of another category, or has no costs.
    :raises ChangedMeanwhile: somebody has changed the lines that were `seen`.
    """
    require(actor, Action.PREPARE_APPLICATION)
    application = draft_for_writing(application_id)
    same = Application.objects.filter(
        provider_id=application.provider_id, category_id=application.category_id
    )
    other = same.select_related("category").filter(pk=from_application_id).first()
    heads = _heads(application)
    entries = costs_of(other).entries if other else ()
    wanted = [each for each in entries if each.code in heads]
    if other is None or not wanted:
        raise NothingToCopy
    _refuse_if_changed(application, seen, wanted)
    saved = _replace(application, wanted, heads)
    facts = {
        "lines": len(saved),
        "from": str(other.pk),
        "fingerprint": fingerprints.of_costs(wanted),
    }
    audit.record(Act("application.costs_copied", application, facts), actor=actor, at=now)
    return saved


def draft_for_writing(application_id: UUID) -> Application:
    """A draft, locked until the end of the transaction.

    :raises Application.DoesNotExist: there is none that the actor may see.
    :raises NotADraft: it has been sent.
    """
    found = Application.objects.select_for_update(of=("self",)).select_related("category")
    application = found.get(pk=application_id)
    if application.state != ApplicationState.DRAFT:
        raise NotADraft
    return application


def _heads(application: Application) -> dict[str, CostHead]:
    rules = application.rule_set_id
    return {head.code: head for head in heads_of([rules])[rules]}


def _with_drivers(lines: Iterable[CostEntry], heads: Mapping[str, CostHead]) -> list[CostEntry]:
    """Where nothing is said of what moves a cost, what usually does."""
    return [
        CostEntry(
            line.code,
            line.amount_pence,
            Basis(line.basis),
            line.driver or Driver(heads[line.code].driver),
        )
        for line in lines
    ]


def _refuse_if_changed(
    application: Application, seen: str | None, wanted: Iterable[CostEntry]
) -> None:
    """Saving the same twice is no conflict."""
    if seen is None:
        return
    if costs_of(application).costs_fingerprint not in (seen, fingerprints.of_costs(wanted)):
        raise ChangedMeanwhile


def _replace(
    application: Application, lines: Iterable[CostEntry], heads: Mapping[str, CostHead]
) -> list[CoreCostLine]:
    CoreCostLine.objects.filter(application=application).delete()
    return CoreCostLine.objects.bulk_create(
        CoreCostLine(
            provider_id=application.provider_id,
            application=application,
            head=heads[line.code],
            amount_pence=line.amount_pence,
            basis=Basis(line.basis).value,
            driver=(line.driver or Driver.OTHER).value,
        )
        for line in lines
    )


def _refuse_wrong_costs(lines: Sequence[CostEntry], heads: Mapping[str, CostHead]) -> None:
    codes = [line.code for line in lines]
    for line in lines:
        if line.code not in heads or codes.count(line.code) > 1:
            raise WrongCost(field=line.code)
        if not 0 <= line.amount_pence <= MOST_PENCE or line.basis not in list(Basis):
            raise WrongCost(field=line.code)
        if line.driver is not None and line.driver not in list(Driver):
            raise WrongCost(field=line.code)
