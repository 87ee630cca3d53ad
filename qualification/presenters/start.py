"""What waits for providers and for the central team about applications and suspensions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from qualification.models import Application, Suspension
from qualification.presenters.applying import next_step
from qualification.presenters.deciding import time_left, work_name, work_page
from qualification.presenters.grading import to_grade
from qualification.queries.applications import applications_of
from qualification.queries.work_list import Work, work_for
from qualification.states import ApplicationState

MOST = 10
_S = ApplicationState
SHOWN = (_S.DRAFT, _S.SUBMITTED, _S.REJECTED)


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    if may(actor, Action.PREPARE_APPLICATION) and actor.provider_id:
        yield _yours(actor)
    if may(actor, Action.DECIDE_APPLICATION):
        yield _to_decide(actor, now)
    if may(actor, Action.GRADE_APPLICATION) and actor.person_id:
        yield from filter(None, [to_grade(actor.person_id)])


def _yours(actor: Actor) -> Section:
    items = list(_suspended())
    if actor.provider_id:
        for application in _current(list(applications_of(actor.provider_id))):
            name = f"{application.establishment.name}: {application.category.name}"
            href = reverse("qualification:application", args=[application.pk])
            items.append(Waiting(name, href, next_step(application)))
    return Section(
        heading="Your applications",
        items=tuple(items[:MOST]),
        empty="No application is in progress. Apply for each school or home you want on the list.",
        more_text="All your applications",
        more_href=reverse("qualification:mine"),
    )


def _current(newest_first: list[Application]) -> Iterator[Application]:
    """Of each establishment and category, the newest application if something is still to do."""
    seen = set()
    for application in newest_first:
        key = (application.establishment_id, application.category_id)
        if key not in seen and application.state in SHOWN:
            yield application
        seen.add(key)


def _suspended() -> Iterator[Waiting]:
    """Of the provider's own establishments: the database shows it no others."""
    in_force = Suspension.objects.filter(lifted_at__isnull=True).select_related("establishment")
    for suspension in in_force.order_by("suspended_at", "id"):
        yield Waiting(
            f"{suspension.establishment.name} is suspended",
            reverse("providers:establishment", args=[suspension.establishment_id]),
            f"Councils cannot invite it until this is put right. {suspension.reason}",
        )


def _to_decide(actor: Actor, now: datetime) -> Section:
    today = london(now).date()
    return Section(
        heading="Applications to work on",
        items=tuple(_waiting(each, today) for each in work_for(actor.person_id, today)[:MOST]),
        empty="No application waits for the team.",
        more_text="All applications",
        more_href=reverse("qualification:queue"),
    )


def _waiting(work: Work, today: date) -> Waiting:
    left = time_left(work.due, today)["text"]
    next_one = "; ".join(work.own or work.steps)
    return Waiting(
        work_name(work),
        work_page(work),
        f"{next_one}. Decide by {show_date(work.due)}. Time left: {left.lower()}",
    )
