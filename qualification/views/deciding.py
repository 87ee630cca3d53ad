"""Reading one application, and deciding: one by itself, or several of a joining in one go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import record_refusal, requires
from providers.models import Claim
from qualification.forms.deciding import DecisionForm, TogetherForm
from qualification.forms.words import YES
from qualification.models import Application, Joining
from qualification.presenters import applying as cost_words
from qualification.presenters import deciding as words
from qualification.presenters.costs import DISCOUNT_HEAD, discount_rows
from qualification.queries.applications import (
    COSTS,
    Contents,
    contents_of,
    contents_of_all,
    with_names,
)
from qualification.queries.discounts import steps_of
from qualification.services.deciding import decide, may_fail, score_of, why_it_cannot_qualify
from qualification.services.letters import letter_of
from qualification.states import DECIDED, WITH_THE_TEAM, ApplicationState
from qualification.views.page_forms import posted, save

MOST_TOGETHER = 40


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def review(request: Any, application_id: UUID) -> HttpResponse:
    """One application with all that is in it."""
    contents = _contents(application_id)
    application = contents.application
    state = ApplicationState(application.state)
    today = london(request.received_at).date()
    is_waiting = state in WITH_THE_TEAM
    claims = Claim.objects.filter(
        provider_id=application.provider_id, establishment_id=application.establishment_id
    )
    context = {
        "application": application,
        "facts": words.facts(application, claims.order_by("-claimed_at").first()),
        "statements": words.statements(contents),
        "shown": [each for each in contents.questions if each.is_shown_only and each.text],
        "cost_head": cost_words.COST_HEAD,
        "costs": cost_words.cost_rows(contents.costed),
        "totals": cost_words.totals_words(contents.totals),
        "discount_head": DISCOUNT_HEAD,
        "discounts": discount_rows(steps_of(application_id)),
        "score": _score(contents),
        "is_waiting": is_waiting,
        "is_moderated": state is ApplicationState.MODERATED,
        "in_the_way": _shown(contents, state, today),
        "may_decide": is_waiting and may(request.actor, Action.DECIDE_APPLICATION),
        "letter": letter_of(application.pk) if state in DECIDED else None,
        "may_read_letter": may(request.actor, Action.READ_DOCUMENT),
    }
    return render(request, "qualification/team/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_APPLICATION)
def decision(request: Any, application_id: UUID) -> HttpResponse:
    """Qualifies, or does not; with the reason that goes into the letter."""
    contents = _contents(application_id)
    application = contents.application
    today = london(request.received_at).date()
    failing = may_fail(contents, today) if application.state in WITH_THE_TEAM else []
    form = DecisionForm(posted(request), failing=_titles(contents, failing))
    status = save(
        request,
        form,
        lambda typed: decide(
            application_id=application_id,
            qualifies=typed["decision"] == YES,
            reason=typed["reason"],
            failed=[] if typed["decision"] == YES else typed.get("failed", []),
            actor=request.actor,
            now=request.received_at,
        ),
        "decide_application",
    )
    if status == 303:
        messages.success(request, _told(_contents(application_id).application))
        return redirect("qualification:review", application_id=application_id)
    context = {
        "application": application,
        "form": form,
        "is_waiting": application.state in WITH_THE_TEAM,
        "is_moderated": application.state == ApplicationState.MODERATED,
        "is_own": application.moderated_by_id == request.actor.person_id,
        "failing": failing,
        "may_lift": may(request.actor, Action.REINSTATE),
        "in_the_way": why_it_cannot_qualify(contents, today),
        "score": _score(contents),
    }
    return render(request, "qualification/team/decision.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_APPLICATION)
def together(request: Any, joining_id: UUID) -> HttpResponse:
    """One reason for several that qualify; each gets its own letter, what cannot is named."""
    one = get_object_or_404(Joining.objects.select_related("provider"), pk=joining_id)
    given = request.POST if request.method == "POST" else request.GET
    contents = _chosen(joining_id, given.getlist("a"))
    today = london(request.received_at).date()
    lines: list[dict[str, Any]] = [
        {
            "application": each.application,
            "name": words.name_of(each.application),
            "score": _score(each),
            "in_the_way": _in_the_way(request, each, today),
        }
        for each in contents
    ]
    ready = [line["application"] for line in lines if not line["in_the_way"]]
    form = TogetherForm(posted(request))
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            _decide_all(request, ready, form.cleaned_data["reason"])
            return redirect("qualification:joining_work", joining_id=joining_id)
    context = {"joining": one, "lines": lines, "ready": ready, "form": form}
    return render(request, "qualification/team/together.html", context, status=status)


def _shown(contents: Contents, state: ApplicationState, today: date) -> list[str]:
    """What stands in the way; before the grading is closed, without what is only not done yet."""
    if state not in WITH_THE_TEAM:
        return []
    found = why_it_cannot_qualify(contents, today)
    return found if state is ApplicationState.MODERATED else words.serious(found)


def _in_the_way(request: Any, contents: Contents, today: date) -> list[str]:
    application = contents.application
    if application.state != ApplicationState.MODERATED:
        return ["it does not wait for a decision"]
    if application.moderated_by_id == request.actor.person_id:
        return ["you agreed its grades, so somebody else decides"]
    return why_it_cannot_qualify(contents, today)


def _decide_all(request: Any, ready: Sequence[Application], reason: str) -> None:
    done = 0
    for one in ready:
        try:
            with transaction.atomic():
                decide(
                    application_id=one.pk,
                    qualifies=True,
                    reason=reason,
                    actor=request.actor,
                    now=request.received_at,
                )
        except Refusal as refusal:
            record_refusal(request, refusal, "decide_application")
            messages.warning(request, f"{words.name_of(one)}: {refusal.message}.")
        else:
            done += 1
    if done:
        what = "1 establishment is" if done == 1 else f"{done} applications are"
        messages.success(request, f"{what} on the list. The provider gets a letter for each.")


def _chosen(joining_id: UUID, ids: Sequence[str]) -> list[Contents]:
    try:
        wanted = [UUID(each) for each in ids][:MOST_TOGETHER]
    except ValueError:
        raise NotUnderstood from None
    if not wanted:
        raise NotUnderstood("Tick the applications first")
    rows = with_names().filter(joining_id=joining_id, id__in=wanted, submitted_at__isnull=False)
    found = contents_of_all(rows.order_by("establishment__name", "category__position", "id"))
    if not found:
        raise Http404
    return found


def _titles(contents: Contents, codes: Sequence[str]) -> list[tuple[str, str]]:
    titles = {each.criterion.code: each.criterion.title for each in contents.answered}
    return [(code, titles.get(code, "Core costs" if code == COSTS else code)) for code in codes]


def _told(application: Application) -> str:
    name, category = application.establishment.name, application.category.name
    if application.state == ApplicationState.QUALIFIED:
        return f"{name} is on the list for {category}. We have told the provider by email."
    return f"{name} does not qualify for {category}. We have told the provider by email."


def _score(contents: Contents) -> int | None:
    return None if contents.ungraded or not contents.statements else score_of(contents)


def _contents(application_id: UUID) -> Contents:
    """What was sent once; the database shows the central team no draft."""
    sent = with_names().select_related("submitted_by", "decided_by", "joining")
    return contents_of(
        get_object_or_404(sent.filter(submitted_at__isnull=False), pk=application_id)
    )
