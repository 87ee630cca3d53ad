"""Sending parts of a joining, taking them back, and putting right what failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from dps.refusals import NotUnderstood, Refusal
from dps.services.messages import ProviderLetter, send_to_provider
from qualification.deciding_time import decision_due
from qualification.models import Answer, Application, Joining, SentAnswer
from qualification.queries.applications import (
    Contents,
    contents_of_all,
    with_names,
)
from qualification.queries.entry import entry_on
from qualification.queries.progress import Followed, followed, progress_of_all
from qualification.services.answering import answer, keep_typed
from qualification.services.costs import set_core_costs
from qualification.services.declaring import declare_grounds
from qualification.services.joining_row import locked_joining
from qualification.services.starting import (
    add_applications,
    remove_application,
    start_application,
    start_joining,
)
from qualification.states import APPLICATION, WITH_THE_TEAM, ApplicationState, ApplicationStep

__all__ = [
    "add_applications",
    "answer",
    "declare_grounds",
    "keep_typed",
    "remove_application",
    "set_core_costs",
    "start_application",
    "start_joining",
    "submit_application",
    "submit_applications",
    "withdraw_application",
]
NAMED_IN_A_REFUSAL = 5


class NotComplete(Refusal):
    message = "The application is not complete"
    field = "applications"


class MarketClosed(Refusal):
    message = "Applications cannot be sent now, because the purchasing system is not open"
    field = "applications"


class NothingChosen(NotUnderstood):
    message = "Select what you want to send"


@transaction.atomic
def submit_applications(
    *, joining_id: UUID, application_ids: Sequence[UUID], actor: Actor, now: datetime
) -> list[Application]:
    """Send complete parts of a joining; each is decided by itself in 15 working days (BC 7.4, Q1).

    The answers with which they are sent never change from then on.

    :raises NotPermitted: only an administrator of the provider sends them.
    :raises NothingChosen: none of them is part of this joining.
    :raises IllegalTransition: one is no draft.
    :raises MarketClosed: no applications are taken on that day.
    :raises NotComplete: an answer is missing or too long, a cost is missing, or stage 1 fails.
    """
    require(actor, Action.SUBMIT_APPLICATION)
    joining = locked_joining(joining_id)
    rows = followed(joining_id).filter(id__in=application_ids)
    applications = list(rows.select_for_update(of=("self",)).order_by("id"))
    if not applications or len(applications) != len(set(application_ids)):
        raise NothingChosen(field="applications")
    for application in applications:
        APPLICATION.after(ApplicationState(application.state), ApplicationStep.SUBMIT)
    _refuse_outside_the_entry(applications, now=now)
    _refuse_unless_complete(progress_of_all(applications, london(now).date()))
    contents = contents_of_all(applications)

    _freeze(contents, now=now)
    for application in applications:
        application.state = ApplicationState.SUBMITTED
        application.submitted_at = now
        application.submitted_by_id = actor.person_id
    Application.objects.bulk_update(applications, ["state", "submitted_at", "submitted_by"])
    for each in contents:
        sent = each.application
        facts = {"sha256": _digest(each), "establishment_id": str(sent.establishment_id)}
        audit.record(Act("application.submitted", sent, facts), actor=actor, at=now)
    _confirm(joining, applications, now=now)
    return applications


@transaction.atomic
def submit_application(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Send one part of a joining.

    :raises Refusal: as `submit_applications` does.
    """
    require(actor, Action.SUBMIT_APPLICATION)
    joining_id = Application.objects.values_list("joining_id", flat=True).get(pk=application_id)
    sent = submit_applications(
        joining_id=joining_id, application_ids=[application_id], actor=actor, now=now
    )
    return sent[0]


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
    if before in WITH_THE_TEAM:
        context: dict[str, object] = {
            "establishment": application.establishment.name,
            "category": application.category.name,
            "application_id": str(application.id),
        }
        _tell("application_withdrawn", application.provider_id, context, application.id, now=now)
    return application


def _refuse_outside_the_entry(applications: Iterable[Application], *, now: datetime) -> None:
    day = london(now).date()
    # Whoever is on the list and puts a suspension right enters nothing anew.
    entering = [each for each in applications if each.suspension_id is None]
    for market in {each.category.market for each in entering}:
        entry = entry_on(market, day)
        if not entry.is_open:
            raise MarketClosed(entry.words)


def _refuse_unless_complete(parts: Sequence[Followed]) -> None:
    lacking = [each for each in parts if not each.progress.is_complete]
    if not lacking:
        return
    if len(parts) == 1:
        missing = ", ".join(lacking[0].progress.missing)
        raise NotComplete(f"Complete these parts first: {missing}")
    names = [
        f"{each.application.establishment.name} ({each.application.category.name})"
        for each in lacking[:NAMED_IN_A_REFUSAL]
    ]
    more = len(lacking) - len(names)
    others = f" and {more} more" if more else ""
    raise NotComplete(f"These are not complete yet: {', '.join(names)}{others}")


def _freeze(contents: Iterable[Contents], *, now: datetime) -> None:
    """Which answers each is sent with; an answer common to forty is one row for all of them."""
    sent = [
        SentAnswer(
            provider_id=each.application.provider_id,
            application=each.application,
            criterion=part.criterion,
            answer=part.answer,
        )
        for each in contents
        for part in each.answered
        if part.answer is not None
    ]
    SentAnswer.objects.bulk_create(sent)
    new = {row.answer_id for row in sent if row.answer.sent_at is None}
    Answer.objects.filter(id__in=new).update(sent_at=now)


def _confirm(joining: Joining, applications: Sequence[Application], *, now: datetime) -> None:
    names = [f"{each.establishment.name}: {each.category.name}" for each in applications]
    context: dict[str, object] = {
        "number": joining.number,
        "joining_id": str(joining.id),
        "names": names,
        "due": show_date(decision_due(now)),
    }
    mark = sha256("".join(sorted(str(each.id) for each in applications)).encode()).hexdigest()[:16]
    _tell("application_received", joining.provider_id, context, f"{joining.id}:{mark}", now=now)


def _tell(
    template: str, provider_id: UUID, context: dict[str, object], about: object, *, now: datetime
) -> None:
    letter = ProviderLetter(f"qualification/{template}", provider_id, context)
    send_to_provider(letter, key=f"{template}:{about}", authority_id=REGION_ID, now=now)


def _digest(contents: Contents) -> str:
    """What was sent, as one hash in the audit trail: later nobody can say it was different."""
    answers = [[each.criterion.code, each.passes, each.text] for each in contents.answered]
    text = canonical([answers, contents.costs_fingerprint])
    return sha256(text.encode()).hexdigest()
