"""Checking and sending, taking back, putting right, reading the outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.actors import REGION_ID
from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.deciding_time import DECIDED_WITHIN
from qualification.forms.joining import SendForm
from qualification.models import Application, Check, Joining
from qualification.presenters import sending as words
from qualification.queries.applications import contents_of, with_names
from qualification.queries.circumstances import made_checks
from qualification.queries.entry import entry_on
from qualification.queries.gathered import gathered
from qualification.queries.progress import Followed
from qualification.services.applying import submit_applications, withdraw_application
from qualification.services.letters import letters, outcome_of
from qualification.services.lifting import put_suspension_right
from qualification.services.putting_right import put_right as put_right_service
from qualification.services.starting import start_application
from qualification.states import DECIDED, IN_PROGRESS, WITH_THE_TEAM, ApplicationState
from qualification.views.joining import drafts_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def check(request: Any, joining_id: UUID) -> HttpResponse:
    """What is complete and what is not; several are sent at once, by an administrator."""
    drafts = drafts_of(request, joining_id, has_costs=True)
    if not drafts:
        get_object_or_404(Joining, pk=joining_id)
        return redirect("qualification:joining", joining_id=joining_id)
    complete = words.complete(drafts)
    form = SendForm(
        request.POST if request.method == "POST" else None,
        complete=complete,
        initial={"applications": [key for key, _ in complete]},
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            submit_applications(
                joining_id=joining_id,
                application_ids=[UUID(each) for each in form.cleaned_data["applications"]],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "submit_applications")
            status = refusal.status
        else:
            return redirect("qualification:sent", joining_id=joining_id)
    context = {
        "joining": drafts[0].application.joining,
        "form": form,
        "complete": complete,
        "lacking": words.lacking(drafts),
        "answers": words.answers(drafts),
        "costs_head": words.COSTS_HEAD,
        "costs": words.cost_rows([each.application for each in drafts]),
        "closed": _closed(request, drafts),
        "working_days": DECIDED_WITHIN,
        "may_send": may(request.actor, Action.SUBMIT_APPLICATION),
    }
    return render(request, "qualification/check.html", context, status=status)


def _closed(request: Any, drafts: list[Followed]) -> list[str]:
    """Why nothing can be sent today, market by market."""
    day = london(request.received_at).date()
    markets = {each.application.category.market for each in drafts}
    entries = [entry_on(market, day) for market in markets]
    return sorted({entry.words for entry in entries if not entry.is_open})


@require_safe
@requires(Action.PREPARE_APPLICATION)
def sent(request: Any, joining_id: UUID) -> HttpResponse:
    """The receipt of what was sent last, and what happens next."""
    get_object_or_404(Joining, pk=joining_id)
    waiting = with_names().select_related("joining", "submitted_by")
    rows = list(
        waiting.filter(joining_id=joining_id, state__in=WITH_THE_TEAM).order_by(
            "-submitted_at", "establishment__name", "category__position"
        )
    )
    if not rows:
        return redirect("qualification:joining", joining_id=joining_id)
    last = [each for each in rows if each.submitted_at == rows[0].submitted_at]
    return render(request, "qualification/sent.html", words.receipt(last))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SUBMIT_APPLICATION)
def withdraw(request: Any, application_id: UUID) -> HttpResponse:
    """Ask once more, then withdraw."""
    application = get_object_or_404(with_names(), pk=application_id)
    if request.method == "POST":
        withdraw_application(
            application_id=application_id, actor=request.actor, now=request.received_at
        )
        messages.success(request, "The application is withdrawn. Your answers are kept.")
        return redirect("qualification:joining", joining_id=application.joining_id)
    context = {
        "application": application,
        "is_sent": application.state in WITH_THE_TEAM,
        "may_withdraw": application.state in IN_PROGRESS,
    }
    return render(request, "qualification/withdraw.html", context)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def again(request: Any, application_id: UUID) -> HttpResponse:
    """Start again from an application that was withdrawn, with its answers."""
    before = get_object_or_404(Application, pk=application_id)
    if before.suspension_id is not None:
        begun = put_suspension_right(
            suspension_id=before.suspension_id, actor=request.actor, now=request.received_at
        )
        return redirect("qualification:joining", joining_id=begun[0].joining_id)
    application = start_application(
        establishment_id=before.establishment_id,
        category_id=before.category_id,
        actor=request.actor,
        now=request.received_at,
    )
    messages.success(request, "Your answers are kept. Look through them before you send them.")
    return redirect("qualification:application", application_id=application.pk)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def put_right(request: Any, application_id: UUID) -> HttpResponse:
    """Put right what failed; the rest is kept."""
    application = put_right_service(
        application_id=application_id, actor=request.actor, now=request.received_at
    )
    messages.success(request, "Change what has to be put right, then send it again.")
    return redirect("qualification:application", application_id=application.pk)


@require_safe
@requires(Action.PREPARE_APPLICATION)
def outcome(request: Any, application_id: UUID) -> HttpResponse:
    """The outcome letter as a page."""
    decided = (
        with_names()
        .filter(state__in=DECIDED)
        .annotate(
            made_checks=gathered(Check.objects.filter(application_id=OuterRef("pk")), "checked_by"),
            letter_id=Subquery(letters(OuterRef("pk")).values("pk")[:1]),
            is_followed=Exists(_following()),
        )
    )
    application: Any = get_object_or_404(decided, pk=application_id)
    is_rejected = application.state == ApplicationState.REJECTED
    context = {
        "application": application,
        "outcome": outcome_of(contents_of(application), made_checks(application)),
        "letter": application.letter_id,
        "region": REGION_ID,
        "may_put_right": is_rejected and not application.is_followed,
    }
    return render(request, "qualification/outcome.html", context)


def _following() -> QuerySet[Application]:
    """For the same, in progress or successful since."""
    since = Application.objects.filter(
        provider_id=OuterRef("provider_id"),
        establishment_id=OuterRef("establishment_id"),
        category_id=OuterRef("category_id"),
        started_at__gt=OuterRef("started_at"),
    )
    return since.exclude(state=ApplicationState.WITHDRAWN)
