"""Reading one application, and deciding: one by itself, or several of a joining in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.actors import REGION_ID
from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import record_refusal, requires
from providers.models import Claim
from qualification.forms.deciding import DecisionForm, TogetherForm
from qualification.forms.words import YES
from qualification.models import Application, Discount, Joining
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
from qualification.queries.circumstances import circumstances_of, with_circumstances
from qualification.queries.discounts import in_order
from qualification.queries.gathered import gathered, rows_of
from qualification.services.deciding import decide, may_fail, score_of, why_it_cannot_qualify
from qualification.services.letters import letters
from qualification.states import DECIDED, WITH_THE_TEAM, ApplicationState
from qualification.views.page_forms import posted, save

MOST_TOGETHER = 40


@require_safe
@requires(Action.VIEW_APPLICATIONS)
def review(request: Any, application_id: UUID) -> HttpResponse:
    """One application with all that is in it."""
    claims = Claim.objects.filter(
        provider_id=OuterRef("provider_id"), establishment_id=OuterRef("establishment_id")
    )
    rows = _sent(request).annotate(
        claims=gathered(claims.order_by("-claimed_at")[:1]),
        offered=gathered(Discount.objects.filter(application_id=OuterRef("pk"))),
        letter_id=Subquery(letters(OuterRef("pk")).values("pk")[:1]),
    )
    application: Any = get_object_or_404(rows, pk=application_id)
    contents = contents_of(application)
    state = ApplicationState(application.state)
    is_waiting = state in WITH_THE_TEAM
    context = {
        "application": application,
        "facts": words.facts(application, next(iter(rows_of(Claim, application.claims)), None)),
        "statements": words.statements(contents),
        "shown": [each for each in contents.questions if each.is_shown_only and each.text],
        "cost_head": cost_words.COST_HEAD,
        "costs": cost_words.cost_rows(contents.costed),
        "totals": cost_words.totals_words(contents.totals),
        "discount_head": DISCOUNT_HEAD,
        "discounts": discount_rows(in_order(rows_of(Discount, application.offered))),
        "score": _score(contents),
        "is_waiting": is_waiting,
        "is_moderated": state is ApplicationState.MODERATED,
        "in_the_way": _shown(contents, state),
        "may_decide": is_waiting and may(request.actor, Action.DECIDE_APPLICATION),
        "letter": application.letter_id if state in DECIDED else None,
        "region": REGION_ID,
        "may_read_letter": may(request.actor, Action.READ_DOCUMENT),
    }
    return render(request, "qualification/team/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_APPLICATION)
def decision(request: Any, application_id: UUID) -> HttpResponse:
    """Qualifies, or does not; with the reason that goes into the letter."""
    contents = _contents(request, application_id)
    application = contents.application
    around = circumstances_of(application)
    failing = may_fail(contents, around) if application.state in WITH_THE_TEAM else []
    in_the_way = why_it_cannot_qualify(contents, around)
    is_moderated = application.state == ApplicationState.MODERATED
    is_own = application.moderated_by_id == request.actor.person_id
    form = DecisionForm(
        posted(request),
        failing=_titles(contents, failing),
        may_qualify=is_moderated and not in_the_way,
    )
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
        messages.success(request, _told(_contents(request, application_id).application))
        return redirect("qualification:review", application_id=application_id)
    context = {
        "application": application,
        "form": form,
        "is_waiting": application.state in WITH_THE_TEAM,
        "is_moderated": is_moderated,
        "is_own": is_own,
        "may_decide": form.is_bound or bool(form.offers and not is_own),
        "failing": failing,
        "may_lift": may(request.actor, Action.REINSTATE),
        "in_the_way": in_the_way,
        "score": _score(contents),
    }
    return render(request, "qualification/team/decision.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_APPLICATION)
def together(request: Any, joining_id: UUID) -> HttpResponse:
    """One reason for several that qualify; each gets its own letter, what cannot is named."""
    one = get_object_or_404(Joining.objects.select_related("provider"), pk=joining_id)
    given = request.POST if request.method == "POST" else request.GET
    contents = _chosen(request, joining_id, given.getlist("a"))
    lines: list[dict[str, Any]] = [
        {
            "application": each.application,
            "name": words.name_of(each.application),
            "score": _score(each),
            "in_the_way": _in_the_way(request, each),
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


def _shown(contents: Contents, state: ApplicationState) -> list[str]:
    """What stands in the way; before the grading is closed, without what is only not done yet."""
    if state not in WITH_THE_TEAM:
        return []
    found = why_it_cannot_qualify(contents, circumstances_of(contents.application))
    return found if state is ApplicationState.MODERATED else words.serious(found)


def _in_the_way(request: Any, contents: Contents) -> list[str]:
    application = contents.application
    if application.state != ApplicationState.MODERATED:
        return ["it does not wait for a decision"]
    if application.moderated_by_id == request.actor.person_id:
        return ["you agreed its grades, so somebody else decides"]
    return why_it_cannot_qualify(contents, circumstances_of(application))


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


def _chosen(request: Any, joining_id: UUID, ids: Sequence[str]) -> list[Contents]:
    try:
        wanted = [UUID(each) for each in ids][:MOST_TOGETHER]
    except ValueError:
        raise NotUnderstood from None
    if not wanted:
        raise NotUnderstood("Tick the applications first")
    rows = _sent(request).filter(joining_id=joining_id, id__in=wanted)
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


def _contents(request: Any, application_id: UUID) -> Contents:
    return contents_of(get_object_or_404(_sent(request), pk=application_id))


def _sent(request: Any) -> QuerySet[Application]:
    """What was sent once; the database shows the central team no draft."""
    sent = with_names().select_related("submitted_by", "decided_by", "joining")
    today = london(request.received_at).date()
    return with_circumstances(sent.filter(submitted_at__isnull=False), today)
