"""Grading: what an evaluator does alone. No page here reads a bid, a price or a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from referrals.forms.grading import DeclarationForm, PaperForm
from referrals.models import GradingPaper, OutcomeGrade, Referral
from referrals.presenters.grading import WAITING_HEAD, progress_of, waiting_rows
from referrals.queries.evaluation import sheets_of, things_to_grade
from referrals.queries.grading import own_grades, papers_of, to_grade
from referrals.services.grading import (
    Mark,
    declare_no_conflict,
    hand_in,
    save_grades,
    step_back,
)


@require_safe
@requires(Action.GRADE_BIDS)
def waiting(request: Any) -> HttpResponse:
    """Every referral of the authority whose bids are being graded."""
    rows = waiting_rows(to_grade(request.actor.person_id))
    return render(request, "referrals/grading/waiting.html", {"head": WAITING_HEAD, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_BIDS)
def overview(request: Any, referral_id: UUID) -> HttpResponse:
    """The declaration first; after it the papers and how far they are."""
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            declare_no_conflict(
                referral_id=referral_id, actor=request.actor, now=request.received_at
            )
            return redirect("referrals:grading", referral_id)
    referral = Referral.objects.select_related("category").get(id=referral_id)
    person = request.actor.person_id
    asked = things_to_grade(referral)
    papers = papers_of(referral_id)
    context = {
        "referral": referral,
        "form": form,
        "asked": asked,
        "progress": progress_of(
            referral, papers, asked, own_grades(referral_id, person), sheets_of(referral_id), person
        ),
    }
    return render(request, "referrals/grading/overview.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_BIDS)
def paper(request: Any, referral_id: UUID, bid_id: UUID) -> HttpResponse:
    """One method statement and the grades of its outcomes."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    found = GradingPaper.objects.get(bid_id=bid_id, referral_id=referral_id)
    asked = things_to_grade(referral)
    mine = [row for row in own_grades(referral_id, request.actor.person_id)
            if row.bid_id == found.bid_id]  # fmt: skip
    form = PaperForm(asked, request.POST or None, initial=_initial(mine))
    status = 200
    if request.method == "POST":
        status = _save(request, form, found)
        if status == 302:
            messages.success(request, f"Your grades of {found.label} are saved")
            return redirect("referrals:grading", referral_id)
    context = {"referral": referral, "paper": found, "form": form}
    return render(request, "referrals/grading/paper.html", context, status=status)


@require_POST
@requires(Action.GRADE_BIDS)
def hand_in_grades(request: Any, referral_id: UUID) -> HttpResponse:
    referral = hand_in(referral_id=referral_id, actor=request.actor, now=request.received_at)
    if referral.grades_in_at is not None:
        messages.success(request, "Your grades are handed in. All grades are in: now agree them")
        return redirect("referrals:agree", referral_id)
    messages.success(request, "Your grades are handed in")
    return redirect("referrals:grading", referral_id)


@require_POST
@requires(Action.GRADE_BIDS)
def leave(request: Any, referral_id: UUID) -> HttpResponse:
    step_back(referral_id=referral_id, actor=request.actor, now=request.received_at)
    messages.success(request, "You have stepped back. Your grades are deleted")
    return redirect("referrals:grading_list")


def _initial(mine: list[OutcomeGrade]) -> Mapping[str, str]:
    grades = {f"grade-{row.key}": str(row.grade) for row in mine}
    return grades | {f"note-{row.key}": row.note for row in mine}


def _save(request: Any, form: PaperForm, found: GradingPaper) -> int:
    """The status of the answer: 302 when everything was saved."""
    if not form.is_valid():
        return 400
    try:
        save_grades(
            referral_id=found.referral_id,
            bid_id=found.bid_id,
            marks=[Mark(*mark) for mark in form.marks()],
            actor=request.actor,
            now=request.received_at,
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        record_refusal(request, refusal, "save_grades")
        return refusal.status
    return 302
