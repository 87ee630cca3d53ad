"""Sending an application, and taking it back."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.audit.record import canonical
from dps.clock import london, show_date
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from qualification.deciding_time import decision_due
from qualification.models import Application
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services.answering import answer, keep_typed, set_core_costs
from qualification.services.starting import start_application
from qualification.states import APPLICATION, ApplicationState, ApplicationStep

__all__ = [
    "answer",
    "keep_typed",
    "set_core_costs",
    "start_application",
    "submit_application",
    "withdraw_application",
]


class NotComplete(Refusal):
    message = "The application is not complete"


class MarketClosed(Refusal):
    message = "Applications cannot be sent now, because the purchasing system is not open"


@transaction.atomic
def submit_application(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Send a complete application to the contract team, who decide in 15 working days (BC 7.4).

    :raises NotPermitted: only an administrator of the provider sends it.
    :raises IllegalTransition: it is no draft.
    :raises MarketClosed: the market is not open on that day.
    :raises NotComplete: an answer is missing or too long, or a core cost is missing.
    """
    require(actor, Action.SUBMIT_APPLICATION)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    after = APPLICATION.after(ApplicationState(application.state), ApplicationStep.SUBMIT)
    market = application.category.market
    if not market.starts_on <= london(now).date() <= market.ends_on:
        raise MarketClosed
    contents = contents_of(application)
    if contents.missing:
        raise NotComplete(f"Complete these parts first: {', '.join(contents.missing)}")

    application.state = after
    application.submitted_at = now
    application.submitted_by_id = actor.person_id
    application.save(update_fields=["state", "submitted_at", "submitted_by"])
    facts = {"sha256": _digest(contents), "establishment_id": str(application.establishment_id)}
    audit.record(Act("application.submitted", application, facts), actor=actor, at=now)
    _tell("application_received", application, due=show_date(decision_due(now)), now=now)
    return application


@transaction.atomic
def withdraw_application(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Take back a draft or a sent application before its decision; it can be started again.

    :raises NotPermitted: only an administrator of the provider withdraws it.
    :raises IllegalTransition: it has been decided or withdrawn.
    """
    require(actor, Action.SUBMIT_APPLICATION)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    before = ApplicationState(application.state)

    application.state = APPLICATION.after(before, ApplicationStep.WITHDRAW)
    application.save(update_fields=["state"])
    facts = {"from": before.value}
    audit.record(Act("application.withdrawn", application, facts), actor=actor, at=now)
    if before is ApplicationState.SUBMITTED:
        _tell("application_withdrawn", application, due="", now=now)
    return application


def _tell(template: str, application: Application, *, due: str, now: datetime) -> None:
    context = {
        "establishment": application.establishment.name,
        "category": application.category.name,
        "application_id": str(application.id),
        "due": due,
    }
    letter = ProviderLetter(f"qualification/{template}", application.provider_id, context)
    key = f"{template}:{application.id}"
    send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)


def _digest(contents: Contents) -> str:
    """What was sent, as one hash in the audit trail: later nobody can say it was different."""
    answers = [[each.criterion.code, each.passes, each.text] for each in contents.answered]
    text = canonical([answers, contents.costs_fingerprint])
    return sha256(text.encode()).hexdigest()
