"""Checking what a provider claims, matter by matter; a mismatch is asked about first (Q2, Q10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.permissions import Action, require
from dps.refusals import IllegalTransition, NotFound, NotUnderstood, Refusal
from dps.services.messages import Letter, ProviderLetter, send, send_to_provider
from qualification.models import Application, Check, PointToClear
from qualification.queries.applications import Answered, Contents, contents_of, with_names
from qualification.queries.evaluation import alike, checks_of
from qualification.services.people import person_of
from qualification.states import APPLICATION, WITH_THE_TEAM, ApplicationState, ApplicationStep

LONGEST_WORDS = 4000


class NotWithTheTeam(IllegalTransition):
    message = "This application has been decided or withdrawn, so nothing in it is checked any more"


class NoteMissing(NotUnderstood):
    message = "Say what does not pass, and what would put it right. The provider reads this"


class WordsMissing(NotUnderstood):
    message = "Enter your words"


class DateTooEarly(NotUnderstood):
    message = "The date for the reply must be after today"


class AlreadyReplied(Refusal):
    message = "Somebody in your organisation has replied to this already"


class NotClearYet(Refusal):
    message = "Not everything of stage 1 is clear yet"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the provider, and by when it is answered."""

    text: str
    reply_by: date


@transaction.atomic
def check(
    *,
    application_id: UUID,
    code: str,
    result: str,
    note: str = "",
    for_all: bool = False,
    actor: Actor,
    now: datetime,
) -> Check:
    """Record that one matter is clear, or does not pass and why (BC 7.4).

    With `for_all` it is recorded for every application of the joining that was sent with the same
    answer and is with the team.

    :raises NotPermitted: only officers of the central team check.
    :raises NotWithTheTeam: the application is decided or withdrawn.
    :raises NotFound: this category asks no such question that passes or fails.
    :raises NoteMissing: it does not pass, and nothing says why.
    """
    require(actor, Action.CHECK_APPLICATION)
    applications = _locked(application_id, code, for_all=for_all)
    if result not in (Check.Result.CLEAR, Check.Result.FAILS):
        raise NotUnderstood("Select what you found", field="result")
    if result == Check.Result.FAILS and not note.strip():
        raise NoteMissing(field="note")

    made = [
        _set(one, code, (Check.Result(result), note.strip()), actor=actor, now=now)
        for one in applications
    ]
    for one in applications:
        facts = {"code": code, "result": result}
        audit.record(Act("application.checked", one, facts), actor=actor, at=now)
    return next(one for one in made if one.application_id == application_id)


@transaction.atomic
def ask_provider(
    *,
    application_id: UUID,
    code: str,
    text: str,
    reply_by: date,
    for_all: bool = False,
    actor: Actor,
    now: datetime,
) -> PointToClear:
    """Ask the provider about one matter, in place of holding it against it (Q2).

    :raises NotPermitted, NotWithTheTeam, NotFound: as `check` does.
    :raises WordsMissing: there is no question.
    :raises DateTooEarly: the reply would be due today or earlier.
    """
    require(actor, Action.CHECK_APPLICATION)
    applications = _locked(application_id, code, for_all=for_all)
    if not text.strip():
        raise WordsMissing("Enter your question to the provider", field="question")
    if reply_by <= london(now).date():
        raise DateTooEarly(field="reply_by")

    asked = Asked(text.strip()[:LONGEST_WORDS], reply_by)
    points = [_point(one, code, asked, actor=actor, now=now) for one in applications]
    for one in applications:
        _set(one, code, (Check.Result.ASKED, ""), actor=actor, now=now)
        facts = {"code": code, "reply_by": reply_by.isoformat()}
        audit.record(Act("provider.asked", one, facts), actor=actor, at=now)
    mine = next(one for one in points if one.application_id == application_id)
    _tell_the_provider(mine, applications, now=now)
    return mine


@transaction.atomic
def reply(*, point_id: UUID, text: str, actor: Actor, now: datetime) -> PointToClear:
    """Answer the contract team's question; where it was asked for several at once, for all of them.

    :raises NotPermitted: only people of the provider reply.
    :raises PointToClear.DoesNotExist: there is no such question for this provider.
    :raises AlreadyReplied: there is a reply.
    :raises WordsMissing: the reply is empty.
    """
    require(actor, Action.REPLY_ON_APPLICATION)
    # Replied to, it is locked against the provider: look first, so that the refusal says why.
    point = PointToClear.objects.select_related("application").get(pk=point_id)
    same = PointToClear.objects.filter(
        application__joining_id=point.application.joining_id,
        code=point.code,
        asked_at=point.asked_at,
        replied_at__isnull=True,
    )
    points = list(same.select_for_update(of=("self",)).order_by("id"))
    if point_id not in {one.id for one in points}:
        raise AlreadyReplied
    if not text.strip():
        raise WordsMissing("Enter your reply", field="text")

    for one in points:
        one.reply, one.replied_by_id, one.replied_at = (
            text.strip()[:LONGEST_WORDS],
            actor.person_id,
            now,
        )
    PointToClear.objects.bulk_update(points, ["reply", "replied_by", "replied_at"])
    facts = {"code": point.code, "points": len(points)}
    audit.record(Act("provider.replied", point.application, facts), actor=actor, at=now)
    context = {
        "provider": actor.name,
        "application_id": str(point.application_id),
        "code": point.code,
    }
    letter = Letter("qualification/provider_replied", point.asked_by_id, context)
    send(letter, key=f"replied:{point.id}", authority_id=REGION_ID, now=now)
    return next(one for one in points if one.id == point_id)


@transaction.atomic
def pass_stage_one(*, application_id: UUID, actor: Actor, now: datetime) -> Application:
    """Stage 1 is clear: the statements are graded next (Q10, BC 3.15).

    :raises NotPermitted: only officers of the central team check.
    :raises IllegalTransition: it is not at stage 1.
    :raises NotClearYet: a matter of stage 1 is not found clear.
    """
    require(actor, Action.CHECK_APPLICATION)
    application = with_names().select_for_update(of=("self",)).get(pk=application_id)
    step = ApplicationStep.PASS_STAGE_1
    after = APPLICATION.after(ApplicationState(application.state), step)
    lacking = not_clear(contents_of(application), stage=1)
    if lacking:
        titles = ", ".join(each.criterion.title for each in lacking)
        raise NotClearYet(f"These matters of stage 1 are not clear yet: {titles}")

    application.state = after
    application.checked_at, application.checked_by_id = now, actor.person_id
    application.save(update_fields=["state", "checked_at", "checked_by"])
    audit.record(Act("application.passed_stage_1", application), actor=actor, at=now)
    return application


def to_check(contents: Contents, *, stage: int | None = None) -> tuple[Answered, ...]:
    """What passes or fails and is asked in this application, of one stage or of both."""
    return tuple(
        each
        for each in contents.answered
        if each.is_checked and stage in (None, each.criterion.question.stage)
    )


def not_clear(
    contents: Contents, *, stage: int | None = None, checks: Mapping[str, Check] | None = None
) -> tuple[Answered, ...]:
    """What still has to be found clear: not looked at, asked about, or failing.

    `checks` are those made of it, by code, where they have been read already.
    """
    if checks is None:
        made = checks_of([contents.application.id])
        checks = {code: one for (_, code), one in made.items()}
    clear = {code for code, one in checks.items() if one.result == Check.Result.CLEAR}
    asked = to_check(contents, stage=stage)
    return tuple(each for each in asked if each.criterion.code not in clear)


def _locked(application_id: UUID, code: str, *, for_all: bool) -> list[Application]:
    """The application, or all that were sent with the same answer, in one order for everybody."""
    application = with_names().get(pk=application_id)
    ids = {application_id}
    if for_all:
        ids |= set(alike(application, code, states=WITH_THE_TEAM))
    rows = with_names().select_for_update(of=("self",)).filter(id__in=ids)
    applications = list(rows.order_by("id"))
    mine = next(one for one in applications if one.id == application_id)
    if mine.state not in WITH_THE_TEAM:
        raise NotWithTheTeam
    if code not in {each.criterion.code for each in to_check(contents_of(mine))}:
        raise NotFound
    return [one for one in applications if one.state in WITH_THE_TEAM]


def _set(
    application: Application,
    code: str,
    found: tuple[Check.Result, str],
    *,
    actor: Actor,
    now: datetime,
) -> Check:
    result, note = found
    made, _ = Check.objects.update_or_create(
        application=application,
        code=code,
        defaults={
            "provider_id": application.provider_id,
            "result": result,
            "note": note,
            "checked_by_id": actor.person_id,
            "checked_at": now,
        },
    )
    return made


def _point(
    application: Application, code: str, asked: Asked, *, actor: Actor, now: datetime
) -> PointToClear:
    return PointToClear.objects.create(
        provider_id=application.provider_id,
        application=application,
        code=code,
        text=asked.text,
        asked_by_id=person_of(actor),
        asked_at=now,
        reply_by=asked.reply_by,
    )


def _tell_the_provider(
    point: PointToClear, applications: Sequence[Application], *, now: datetime
) -> None:
    """One message, for however many establishments it was asked."""
    first = next(one for one in applications if one.id == point.application_id)
    context = {
        "establishment": first.establishment.name,
        "others": len(applications) - 1,
        "reply_by": show_date(point.reply_by),
        "point_id": str(point.id),
    }
    letter = ProviderLetter("qualification/point_to_clear", point.provider_id, context)
    send_to_provider(letter, key=f"point:{point.id}", authority_id=REGION_ID, now=now)
