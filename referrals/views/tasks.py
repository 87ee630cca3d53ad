"""Writing a referral: the task list, one page for each task, and the check before it goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import Occurrence, from_london, london
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from referrals.forms import lists, tasks
from referrals.limits import Limit
from referrals.models import Referral
from referrals.presenters.check import check_cards
from referrals.presenters.tasks import draft_of, progress_words, task_groups
from referrals.queries.areas import areas_with_qualified
from referrals.queries.referrals import asked, regime_of, weights_of
from referrals.services import identity, issuing, raising
from referrals.services.drafts import AlreadyIssued
from referrals.states import ReferralState
from referrals.views.form_pages import FormPage, posted, show_or_save


@require_safe
@requires(Action.RAISE_REFERRAL)
def task_list(request: Any, referral_id: UUID) -> HttpResponse:
    draft = draft_of(_draft(referral_id), request.received_at)
    context = {
        "referral": draft.referral,
        "groups": task_groups(draft),
        "progress": progress_words(draft),
        "is_ready": draft.is_ready,
    }
    return render(request, "referrals/tasks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def child(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = {"age": referral.age, "profile": referral.profile, "wishes": referral.wishes}
    form = tasks.ChildForm(posted(request), initial=kept)

    def save(form: Any) -> None:
        profile = raising.Profile(**form.cleaned_data)
        raising.describe_child(profile=profile, **_by(request, referral))

    return _task(request, referral, form, save, "Child’s profile")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def family(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = {}
    if request.method != "POST":
        seen = identity.view_child(**_by(request, referral))
        kept = {name: getattr(seen, name) for name in tasks.FamilyForm.base_fields}
    form = tasks.FamilyForm(posted(request), initial=kept)

    def save(form: Any) -> None:
        details = identity.ChildDetails(**form.cleaned_data)
        identity.keep_identity(details=details, **_by(request, referral))

    return _task(request, referral, form, save, "Child’s name and home", "family")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def needs(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = [{"text": one.text, "marks": one.marks} for one in asked(referral).needs]
    rows = lists.rows_of(lists.NeedRow, kept, posted(request))

    def save(form: Any) -> None:
        raising.list_needs(needs=form.wanted, **_by(request, referral))

    return _rows(request, referral, rows, save, "Needs")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def features(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = [
        {
            "text": one.text,
            "marks": one.marks,
            "kind": one.kind,
            "is_essential": one.is_essential,
        }
        for one in asked(referral).features
    ]
    rows = lists.rows_of(lists.FeatureRow, kept, posted(request))

    def save(form: Any) -> None:
        raising.list_features(features=form.wanted, **_by(request, referral))

    return _rows(request, referral, rows, save, "Features")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def outcomes(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = [
        {"text": one.text, "marks": one.marks, "component": one.component}
        for one in asked(referral).outcomes
    ]
    rows = lists.rows_of(lists.OutcomeRow, kept, posted(request))

    def save(form: Any) -> None:
        raising.list_outcomes(outcomes=form.wanted, **_by(request, referral))

    return _rows(request, referral, rows, save, "Outcomes")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def placement(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    kept = {name: getattr(referral, name) for name in tasks.PlacementForm.base_fields}
    form = tasks.PlacementForm(posted(request), initial=kept)

    def save(form: Any) -> None:
        planned = raising.Placement(**form.cleaned_data)
        raising.plan_placement(placement=planned, **_by(request, referral))

    return _task(request, referral, form, save, "Start and length")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def weights(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    asks = asked(referral)
    listed = {"needs": bool(asks.needs), "features": bool(asks.features)}
    form = tasks.WeightsForm(posted(request), initial=weights_of(referral), listed=listed)

    def save(form: Any) -> None:
        raising.weigh(weights=form.cleaned_data["weights"], **_by(request, referral))

    return _task(request, referral, form, save, "Weights", "weights")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def limit(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    areas = sorted({*areas_with_qualified(referral.category_id), *referral.limit_areas})
    kept = {"radius_miles": referral.limit_miles, "areas": referral.limit_areas}
    form = tasks.LimitForm(posted(request), initial=kept, areas=areas)

    def save(form: Any) -> None:
        said = form.cleaned_data
        chosen = Limit(said["radius_miles"], frozenset(said["areas"]))
        raising.set_limit(limit=chosen, **_by(request, referral))

    return _task(request, referral, form, save, "Distance or areas")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_REFERRAL)
def deadline(request: Any, referral_id: UUID) -> HttpResponse:
    referral = _draft(referral_id)
    form = tasks.DeadlineForm(posted(request), initial=_kept_deadline(referral))

    def save(form: Any) -> None:
        said = form.cleaned_data
        raising.set_deadline(
            closes_at=said["closes_at"],
            shorter_time_agreed=said["shorter_time_agreed"],
            **_by(request, referral),
        )

    least = regime_of(referral).minimum_tender
    extra = {"least": least, "given_which": request.POST.get("which")}
    return _task(request, referral, form, save, "Deadline for bids", "deadline", **extra)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ISSUE_REFERRAL)
def check(request: Any, referral_id: UUID) -> HttpResponse:
    """Everything once more; sending it is one step for good."""
    referral = _draft(referral_id)
    refused, status = "", 200
    if request.method == "POST":
        try:
            issuing.issue_referral(**_by(request, referral))
        except Refusal as refusal:
            record_refusal(request, refusal, "issue_referral")
            refused, status = refusal.message, refusal.status
        else:
            messages.success(request, f"{referral.reference} has been sent to providers")
            return redirect("referrals:detail", referral_id=referral.pk)
    draft = draft_of(referral, request.received_at)
    context = {
        "referral": referral,
        "cards": check_cards(draft),
        "problems": list(draft.problems.values()),
        "refused": refused,
        "named_in": identity.texts_with_the_name(draft.lists, **_by(request, referral)),
    }
    return render(request, "referrals/tasks/check.html", context, status=status)


def _draft(referral_id: UUID) -> Referral:
    """:raises AlreadyIssued: it has gone out, and its tasks are closed."""
    referral = Referral.objects.select_related("category").get(pk=referral_id)
    if referral.state != ReferralState.DRAFT:
        raise AlreadyIssued
    return referral


def _by(request: Any, referral: Referral) -> dict[str, Any]:
    return {"referral_id": referral.pk, "actor": request.actor, "now": request.received_at}


def _task(
    request: Any,
    referral: Referral,
    form: Any,
    save: Callable[[Any], None],
    title: str,
    *template: str,
    **extra: object,
) -> HttpResponse:
    name = template[0] if template else "form"
    context = {"referral": referral, "title": title, **extra}
    done = reverse("referrals:tasks", args=[referral.pk])
    page = FormPage(f"referrals/tasks/{name}.html", form, save, done, context)
    return show_or_save(request, page)


def _rows(
    request: Any, referral: Referral, rows: Any, save: Callable[[Any], None], title: str
) -> HttpResponse:
    return _task(request, referral, rows, save, title, "rows", noun=title.lower()[:-1])


def _kept_deadline(referral: Referral) -> Mapping[str, object]:
    kept: dict[str, object] = {"shorter_time_agreed": referral.shorter_time_agreed}
    if referral.bids_close_at is None:
        return kept
    wall = london(referral.bids_close_at)
    kept |= {"day": wall.date(), "time": f"{wall:%H:%M}"}
    if _is_second(referral.bids_close_at):
        kept["which"] = Occurrence.SECOND.value
    return kept


def _is_second(closes_at: datetime) -> bool:
    """Whether it lies in the second of October's two hours."""
    wall = london(closes_at)
    second = from_london(wall.date(), wall.time(), which=Occurrence.SECOND)
    first = from_london(wall.date(), wall.time(), which=Occurrence.FIRST)
    return first != second == closes_at
