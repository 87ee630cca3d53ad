"""Agreeing: all grades side by side, recorded by one, confirmed by the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from dps.permissions import Action
from dps.refusals import NotUnderstood, Refusal
from dps.views.access import record_refusal, requires
from referrals.forms.grading import AgreedForm, agreed_name
from referrals.models import GradeSheet, Referral
from referrals.presenters.grading import compared, compared_head
from referrals.queries.evaluation import sheets_of, things_to_grade
from referrals.queries.grading import Record, all_grades, papers_of, record_of
from referrals.services.agreeing import (
    Agreed,
    GradesStillOut,
    NotAGrader,
    confirm_consensus,
    record_consensus,
)
from referrals.states import ReferralState


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.GRADE_BIDS)
def agree(request: Any, referral_id: UUID) -> HttpResponse:
    """The table of all grades, and the form in which one of the evaluators records the agreed."""
    referral = Referral.objects.select_related("category").get(id=referral_id)
    sheets = sheets_of(referral_id)
    _refuse_others(referral, sheets, request.actor.person_id)
    papers, asked = papers_of(referral_id), things_to_grade(referral)
    record = record_of(referral_id)
    form = AgreedForm(papers, asked, request.POST or None, initial=_initial(record))
    status = 200
    if request.method == "POST":
        status = _save(request, form, referral)
        if status == 302:
            messages.success(request, "The agreed grades are recorded. The others confirm them")
            return redirect("referrals:agree", referral_id)
    tables = compared(papers, asked, all_grades(referral_id), sheets, record.grades)
    context = {
        "referral": referral,
        "head": compared_head(sheets),
        "papers": [
            {
                "paper": paper,
                "rows": rows,
                "fields": [form[agreed_name(paper.bid_id, key)] for key in asked],
                "note": form[f"note-{paper.bid_id}"],
                "said": record.notes.get(paper.bid_id, ""),
            }
            for paper, rows in tables
        ],
        "form": form,
        "is_agreeing": referral.state == ReferralState.GRADING,
        **_standing(record, sheets, request.actor.person_id),
    }
    return render(request, "referrals/grading/agree.html", context, status=status)


@require_POST
@requires(Action.GRADE_BIDS)
def confirm(request: Any, referral_id: UUID) -> HttpResponse:
    referral = confirm_consensus(
        referral_id=referral_id,
        actor=request.actor,
        now=request.received_at,
        recorded_at=_moment(request.POST.get("recorded_at", "")),
    )
    if referral.state == ReferralState.RANKED:
        messages.success(request, "The grades are agreed and the bids are ranked. Thank you")
        return redirect("referrals:grading_list")
    messages.success(request, "You have confirmed the agreed grades")
    return redirect("referrals:agree", referral_id)


def _refuse_others(referral: Referral, sheets: list[GradeSheet], person_id: UUID) -> None:
    if all(sheet.evaluator_id != person_id for sheet in sheets):
        raise NotAGrader
    if referral.grades_in_at is None:
        raise GradesStillOut


def _initial(record: Record) -> dict[str, str]:
    grades = {agreed_name(bid, key): str(grade) for (bid, key), grade in record.grades.items()}
    return grades | {f"note-{bid}": note for bid, note in record.notes.items()}


def _standing(record: Record, sheets: list[GradeSheet], person_id: UUID) -> dict[str, Any]:
    """Who recorded, who has confirmed, and whether this person's confirmation is waited for."""
    first = record.first
    recorder = first.recorded_by_id if first else None
    others = [sheet for sheet in sheets if sheet.evaluator_id != recorder]
    return {
        "recorded": first,
        "recorded_by_me": recorder == person_id,
        "waiting_for": [
            sheet.evaluator.name for sheet in others if sheet.evaluator_id not in record.confirmed
        ],
        "may_confirm": first is not None
        and recorder != person_id
        and person_id not in record.confirmed,
        "recorded_at": first.recorded_at.isoformat() if first else "",
    }


def _save(request: Any, form: AgreedForm, referral: Referral) -> int:
    """The status of the answer: 302 when the record was saved."""
    if not form.is_valid():
        return 400
    agreed = [
        Agreed(paper.bid_id, form.grades_of(paper), form.note_of(paper)) for paper in form.papers
    ]
    try:
        record_consensus(
            referral_id=referral.id, agreed=agreed, actor=request.actor, now=request.received_at
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        record_refusal(request, refusal, "record_consensus")
        return refusal.status
    return 302


def _moment(text: str) -> datetime:
    """The version of the record that the person saw: from the page's own hidden field."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood from None
    if moment.tzinfo is None:
        raise NotUnderstood
    return moment
