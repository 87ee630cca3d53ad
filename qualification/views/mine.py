"""A provider's applications: the list, starting one, and adding establishments to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from providers.models import Establishment
from qualification.forms.choosing import ChooseForm
from qualification.models import Joining
from qualification.presenters import mine as words
from qualification.queries import applications
from qualification.queries.joinings import free_places, joinings_of
from qualification.queries.rules import categories_with_rules, registers_asked
from qualification.services.starting import add_applications, start_joining

PAGE_SIZE = 25
BUTTONS = ("find", "all")
"""Buttons that change the list of establishments and save nothing."""


@require_safe
@requires(Action.PREPARE_APPLICATION)
def mine(request: Any) -> HttpResponse:
    page = Paginator(joinings_of(request.actor.provider_id), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "head": words.HEAD,
        "rows": [words.row(each) for each in page],
        "page_obj": page,
        "may_start": applications.may_apply_for(request.actor.provider_id).exists(),
        "may_accept_terms": may(request.actor, Action.ACCEPT_TERMS),
    }
    return render(request, "qualification/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def start(request: Any) -> HttpResponse:
    """Choose who applies for what; the application begins with it."""
    return _choose(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def add(request: Any, joining_id: UUID) -> HttpResponse:
    """Choose who else applies in an application that was begun."""
    return _choose(request, get_object_or_404(Joining, pk=joining_id))


def _choose(request: Any, joining: Joining | None) -> HttpResponse:
    mine = list(applications.may_apply_for(request.actor.provider_id))
    today = london(request.received_at).date()
    form = ChooseForm(
        request.POST if request.method == "POST" else None,
        initial={"establishments": request.GET.getlist("establishment")},
        establishments=mine,
        categories=categories_with_rules(today),
        asked=registers_asked(today),
    )
    is_only_looking = any(button in request.POST for button in BUTTONS)
    status = 200
    if request.method == "POST" and not is_only_looking:
        status = 400
        if form.is_valid():
            try:
                made = _add(request, form, joining)
            except Refusal as refusal:
                form.add_error(refusal.field or None, refusal.message)
                record_refusal(request, refusal, "add_applications")
                status = refusal.status
            else:
                return redirect("qualification:joining", joining_id=made)
    context = {
        "form": form,
        "joining": joining,
        "is_only_looking": is_only_looking,
        **_list(request, form, mine),
    }
    return render(request, "qualification/choose.html", context, status=status)


def _list(request: Any, form: ChooseForm, mine: list[Establishment]) -> dict[str, Any]:
    """The establishments that the search leaves; those ticked before stay ticked."""
    q = request.POST.get("q", "")[:60]
    ticked = set(form.ticked())
    shown = [each for each in mine if words.is_found(each, q)]
    if "all" in request.POST:
        ticked |= {str(each.pk) for each in shown}
    hidden = [each for each in mine if str(each.pk) in ticked and each not in shown]
    return {
        "q": q,
        "offered": [
            {
                "id": each.pk,
                "name": each.name,
                "hint": form.hint(each),
                "is_ticked": str(each.pk) in ticked,
            }
            for each in shown
        ],
        "hidden": hidden,
        "number_ticked": sum(str(each.pk) in ticked for each in mine),
        "number_of_all": len(mine),
        "is_long": len(mine) > words.FEW,
    }


def _add(request: Any, form: ChooseForm, joining: Joining | None) -> UUID:
    typed = form.cleaned_data
    establishments = [UUID(each) for each in typed["establishments"]]
    categories = [UUID(each) for each in typed["categories"]]
    free = free_places(request.actor.provider_id, establishments, categories)
    if not free:
        raise words.NothingLeft(field="establishments")
    actor, now = request.actor, request.received_at
    joining = joining or start_joining(actor=actor, now=now)
    made = add_applications(joining_id=joining.pk, wanted=free, actor=actor, now=now)
    left_out = len(establishments) * len(categories) - len(made)
    messages.success(request, words.added(len(made), left_out))
    return joining.pk
