"""Exclusion grounds: which apply, then what happened and how each was put right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dps.clock import london
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.exclusions import BY_CODE, LOOK_BACK, GroundKind
from qualification.forms.declaring import GroundForm, GroundsForm
from qualification.forms.words import NO, YES
from qualification.models import Answer, Ground, Joining, Question
from qualification.presenters.joining import passed_now
from qualification.services.declaring import NewGround, declare_grounds
from qualification.views.joining import drafts_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def grounds(request: Any, joining_id: UUID) -> HttpResponse:
    """Which grounds apply; if none does, that is all."""
    joining = get_object_or_404(Joining, pk=joining_id)
    declared = _declared(joining)
    form = GroundsForm(request.POST if request.method == "POST" else None, initial=_ticked(joining))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        codes = form.codes()
        if codes:
            query = urlencode([("ground", code) for code in codes])
            details = reverse("qualification:ground_details", args=[joining_id])
            return redirect(f"{details}?{query}")
        try:
            return _declare(request, joining, [])
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            record_refusal(request, refusal, "declare_grounds")
            status = refusal.status
    context = {
        "joining": joining,
        "form": form,
        "declared": declared,
        "look_back": {kind.value: LOOK_BACK[kind] for kind in GroundKind},
    }
    return render(request, "qualification/grounds.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def ground_details(request: Any, joining_id: UUID) -> HttpResponse:
    """What happened, of each ground that was ticked."""
    joining = get_object_or_404(Joining, pk=joining_id)
    codes = [code for code in dict.fromkeys(request.GET.getlist("ground")) if code in BY_CODE]
    if not codes:
        return redirect("qualification:grounds", joining_id=joining_id)
    known = {each.code: each for each in _rows(joining)}
    today = london(request.received_at).date()
    forms = [
        GroundForm(
            request.POST if request.method == "POST" else None,
            ground=BY_CODE[code],
            today=today,
            initial=_initial(known.get(code)),
        )
        for code in codes
    ]
    status = 200
    if request.method == "POST":
        status = 400
        # Each is looked at, so that every message is shown at once.
        if not [form for form in forms if not form.is_valid()]:
            try:
                return _declare(request, joining, [form.new_ground() for form in forms])
            except Refusal as refusal:
                forms[0].add_error(None, refusal.message)
                record_refusal(request, refusal, "declare_grounds")
                status = refusal.status
    context = {"joining": joining, "forms": forms}
    return render(request, "qualification/ground_details.html", context, status=status)


def _declare(request: Any, joining: Joining, new: list[NewGround]) -> HttpResponse:
    before = drafts_of(request, joining.pk)
    declared = declare_grounds(
        joining_id=joining.pk, grounds=new, actor=request.actor, now=request.received_at
    )
    if declared.passes:
        passed = passed_now(before, drafts_of(request, joining.pk))
        messages.success(request, f"Exclusion grounds saved. {passed}".strip())
    else:
        messages.warning(
            request,
            "A ground for exclusion applies now. Say how it was put right, or when it ended:"
            " until then you cannot go on.",
        )
    return redirect("qualification:joining", joining_id=joining.pk)


def _declared(joining: Joining) -> Answer | None:
    rows = Answer.objects.filter(joining=joining, question__kind=Question.Kind.EXCLUSIONS)
    return rows.order_by("changed_at", "id").last()


def _rows(joining: Joining) -> list[Ground]:
    declared = _declared(joining)
    return list(Ground.objects.filter(answer=declared)) if declared else []


def _ticked(joining: Joining) -> dict[str, Any]:
    codes = {each.code for each in _rows(joining)}
    return {
        "mandatory": [c for c in codes if BY_CODE[c].kind is GroundKind.MANDATORY],
        "discretionary": [c for c in codes if BY_CODE[c].kind is GroundKind.DISCRETIONARY],
        "none": joining.grounds_declared_at is not None and not codes,
    }


def _initial(ground: Ground | None) -> dict[str, Any]:
    if ground is None:
        return {}
    names = ("applies_to", "description", "put_right", "ended_on", "public_record", "contact_email")
    return {name: getattr(ground, name) for name in names} | {"in_uk": YES if ground.in_uk else NO}
