"""A provider's applications: the list, and starting one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.forms.joining import StartForm
from qualification.presenters import applying as words
from qualification.queries import applications
from qualification.queries.rules import categories_with_rules
from qualification.services.starting import start_application

PAGE_SIZE = 25


@require_safe
@requires(Action.PREPARE_APPLICATION)
def mine(request: Any) -> HttpResponse:
    rows = applications.applications_of(request.actor.provider_id)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "head": words.MINE_HEAD,
        "rows": [words.mine_row(application) for application in page],
        "page_obj": page,
        "may_start": applications.may_apply_for(request.actor.provider_id).exists(),
    }
    return render(request, "qualification/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def start(request: Any) -> HttpResponse:
    establishments = list(applications.may_apply_for(request.actor.provider_id))
    form = StartForm(
        request.POST if request.method == "POST" else None,
        initial={"establishment": request.GET.get("establishment", "")},
        establishments=establishments,
        categories=categories_with_rules(london(request.received_at).date()),
    )
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            application = start_application(
                establishment_id=UUID(form.cleaned_data["establishment"]),
                category_id=UUID(form.cleaned_data["category"]),
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(refusal.field or None, refusal.message)
            record_refusal(request, refusal, "start_application")
            status = refusal.status
        else:
            messages.success(request, "Your application is started, and saved as a draft.")
            return redirect("qualification:application", application_id=application.pk)
    context = {"form": form, "has_establishments": bool(establishments)}
    return render(request, "qualification/start.html", context, status=status)
