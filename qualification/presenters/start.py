"""What waits for providers and for the central team about applications and suspensions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from dps.actors import Actor
from dps.clock import london, show_date
from dps.permissions import Action, may
from dps.waiting import Section, Waiting
from qualification.models import Suspension
from qualification.presenters import asking, reviewing, terms
from qualification.presenters import mine as joining_words
from qualification.presenters.deciding import time_left, work_name, work_page
from qualification.presenters.grading import to_grade
from qualification.queries.joinings import joinings_of, points_to_clear
from qualification.queries.work_list import Work, work_for
from qualification.states import WITH_THE_TEAM

MOST = 10


def sections(actor: Actor, now: datetime) -> Iterator[Section]:
    yield from terms.to_accept(actor, now)
    if may(actor, Action.PREPARE_APPLICATION) and actor.provider_id:
        yield _yours(actor)
    if may(actor, Action.DECIDE_APPLICATION):
        yield _to_decide(actor, now)
    if may(actor, Action.GRADE_APPLICATION) and actor.person_id:
        yield from filter(None, [to_grade(actor.person_id)])
    yield from reviewing.to_do(actor, now)
    yield from asking.to_answer(actor)
    yield from terms.overdue(actor, now)


def _yours(actor: Actor) -> Section:
    items = list(_suspended())
    if actor.provider_id:
        items += _asked_of_you(actor.provider_id)
        items += _in_hand(actor.provider_id)
    return Section(
        heading="Your applications",
        items=tuple(items[:MOST]),
        empty="No application is in progress. Start one on the page of your applications: it covers"
        " all the schools and homes that you want on the list.",
        more_text="All your applications",
        more_href=reverse("qualification:mine"),
    )


def _asked_of_you(provider_id: UUID) -> Iterator[Waiting]:
    """Questions of the contract team that have no reply yet; one reply counts for all alike."""
    seen = set()
    for point in points_to_clear(provider_id).filter(replied_at__isnull=True):
        key = (point.application.joining_id, point.code, point.asked_at)
        if key not in seen and point.application.state in WITH_THE_TEAM:
            yield Waiting(
                f"The contract team asks you about {point.application.establishment.name}",
                reverse("qualification:point", args=[point.pk]),
                f"Reply by {show_date(point.reply_by)}",
            )
        seen.add(key)


def _in_hand(provider_id: UUID) -> Iterator[Waiting]:
    """The applications in which something is to do or to wait for."""
    going_on = Q(drafts__gt=0) | Q(waiting__gt=0) | Q(rejected__gt=0)
    for joining in joinings_of(provider_id).filter(going_on)[:MOST]:
        href = reverse("qualification:joining", args=[joining.pk])
        yield Waiting(joining_words.named(joining), href, joining_words.next_step(joining))


def _suspended() -> Iterator[Waiting]:
    """Of the provider's own establishments: the database shows it no others."""
    in_force = Suspension.objects.filter(lifted_at__isnull=True).select_related("establishment")
    for suspension in in_force.order_by("suspended_at", "id"):
        yield Waiting(
            f"{suspension.establishment.name} is suspended",
            reverse("qualification:standing_of", args=[suspension.establishment_id]),
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
    left = time_left(work.due, today)
    late = left["colour"] == "red"
    when = left["text"].lower() + ("" if late else " left")
    next_one = "; ".join(work.own or work.steps)
    return Waiting(
        work_name(work),
        work_page(work),
        f"{next_one}. Due {show_date(work.due)}, {when}",
    )
