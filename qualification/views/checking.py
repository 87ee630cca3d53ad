"""Checking: the claim beside the facts, one matter after the other; and the provider's replies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.views.access import requires
from qualification.forms.checking import ASK, CheckForm, ReplyForm
from qualification.models import Application, PointToClear
from qualification.presenters.checking import EVIDENCE_HEAD, INSPECTION_HEAD, Held, Matter, matter
from qualification.presenters.deciding import name_of
from qualification.queries.applications import with_names
from qualification.queries.matters import (
    evidence_of,
    inspections_of,
    sent_to_check,
    with_findings,
)
from qualification.services.checking import ask_provider, check, pass_stage_one, reply
from qualification.states import WITH_THE_TEAM, ApplicationState
from qualification.views.page_forms import posted, save


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def checks(request: Any, application_id: UUID) -> HttpResponse:
    """Every matter that passes or fails, with what is found so far."""
    application = _application(application_id)
    matters = _matters(application, request)
    stages = [
        {"number": number, "matters": [one for one in matters if one.question.stage == number]}
        for number in (1, 2)
    ]
    is_first = application.state == ApplicationState.SUBMITTED
    first = [one for one in matters if one.question.stage == 1]
    context = _context(request, application) | {
        "stages": [one for one in stages if one["matters"]],
        "may_pass": is_first and may(request.actor, Action.CHECK_APPLICATION),
        "is_first_asked": bool(first),
        "is_first_clear": all(one.is_clear for one in first),
    }
    return render(request, "qualification/team/checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CHECK_APPLICATION)
def check_one(request: Any, application_id: UUID, code: str) -> HttpResponse:
    """One matter: clear, to ask about, or not passing."""
    application = _application(application_id)
    found = next((one for one in _matters(application, request) if one.code == code), None)
    if found is None:
        raise Http404
    today = london(request.received_at).date()
    initial = {}
    if found.check is not None:
        initial = {"result": found.check.result, "note": found.check.note}
    form = CheckForm(posted(request), today=today, alike=found.alike, initial=initial)
    status = save(request, form, lambda typed: _record(request, found, typed), "check")
    if status == 303:
        messages.success(request, _told(form, found))
        return redirect(f"{reverse('qualification:checks', args=[application_id])}#{code}")
    context = _context(request, application) | {"one": found, "form": form}
    return render(request, "qualification/team/check_one.html", context, status=status)


def _record(request: Any, found: Matter, typed: dict[str, Any]) -> object:
    who = {"actor": request.actor, "now": request.received_at}
    about = {
        "application_id": UUID(request.resolver_match.kwargs["application_id"].hex),
        "code": found.code,
        "for_all": typed.get("for_all", False),
    }
    if typed["result"] == ASK:
        return ask_provider(text=typed["question"], reply_by=typed["reply_by"], **about, **who)
    return check(result=typed["result"], note=typed["note"], **about, **who)


def _told(form: CheckForm, found: Matter) -> str:
    if form.cleaned_data["result"] == ASK:
        return f"The provider is asked about “{found.question.title}”, and gets an email."
    many = " for all that gave the same answer" if form.cleaned_data.get("for_all") else ""
    return f"What you found on “{found.question.title}” is saved{many}."


@require_POST
@requires(Action.CHECK_APPLICATION)
def clear(request: Any, application_id: UUID, code: str) -> HttpResponse:
    """Found clear in one go from the list, for one application or for all that answered alike."""
    check(
        application_id=application_id,
        code=code,
        result="clear",
        for_all=request.POST.get("for_all") == "yes",
        actor=request.actor,
        now=request.received_at,
    )
    return redirect(f"{reverse('qualification:checks', args=[application_id])}#{code}")


@require_POST
@requires(Action.CHECK_APPLICATION)
def pass_on(request: Any, application_id: UUID) -> HttpResponse:
    one = pass_stage_one(
        application_id=application_id, actor=request.actor, now=request.received_at
    )
    messages.success(request, f"{name_of(one)} has passed stage 1. Its statements are graded next.")
    return redirect("qualification:joining_work", joining_id=one.joining_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPLY_ON_APPLICATION)
def point(request: Any, point_id: UUID) -> HttpResponse:
    """The contract team's question to a provider, and its reply."""
    rows = PointToClear.objects.select_related(
        "application__establishment", "application__category", "asked_by", "replied_by"
    )
    one = get_object_or_404(rows, pk=point_id)
    form = ReplyForm(posted(request))
    status = save(
        request,
        form,
        lambda typed: reply(
            point_id=point_id, text=typed["text"], actor=request.actor, now=request.received_at
        ),
        "reply",
    )
    if status == 303:
        messages.success(request, "Your reply is with the contract team.")
        return redirect("qualification:point", point_id=point_id)
    same = PointToClear.objects.filter(
        application__joining_id=one.application.joining_id, code=one.code, asked_at=one.asked_at
    )
    names = same.order_by("application__establishment__name").values_list(
        "application__establishment__name", flat=True
    )
    context = {"point": one, "form": form, "names": list(dict.fromkeys(names))}
    return render(request, "qualification/point.html", context, status=status)


def _application(application_id: UUID) -> Application:
    rows = with_names().select_related("joining").filter(submitted_at__isnull=False)
    return get_object_or_404(with_findings(rows), pk=application_id)


def _context(request: Any, application: Application) -> dict[str, Any]:
    is_open = application.state in WITH_THE_TEAM
    return {
        "application": application,
        "evidence_head": EVIDENCE_HEAD,
        "inspection_head": INSPECTION_HEAD,
        "may_check": is_open and may(request.actor, Action.CHECK_APPLICATION),
    }


def _matters(application: Application, request: Any) -> list[Matter]:
    """All that passes or fails in it: the same queries for any number of questions."""
    held = Held(
        evidence_of(application),
        inspections_of(application),
        may_be_opened=may(request.actor, Action.READ_UPLOAD),
    )
    today = london(request.received_at).date()
    return [matter(application, each, held, today=today) for each in sent_to_check(application)]
