"""How the provider stands: its scores and their history, reviews with a reply, suspensions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.views.access import requires
from providers.models import Establishment
from qualification.forms.reviewing import ReviewReplyForm
from qualification.models import Qualification, ScoreReview, Suspension
from qualification.presenters import reviewing as review_words
from qualification.presenters import standing as words
from qualification.queries import standing as queries
from qualification.queries.reviewing import reviews
from qualification.services.lifting import put_suspension_right, what_fails
from qualification.services.review_letters import letter_of
from qualification.services.reviewing import reply_to_review
from qualification.views.attempt import DONE, attempt, posted

PAGE_SIZE = 25


@require_safe
@requires(Action.VIEW_STANDING)
def overview(request: Any) -> HttpResponse:
    """Every establishment on a list, with its score."""
    today = london(request.received_at).date()
    rows = queries.listed_of(request.actor.provider_id, today)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "head": words.HEAD,
        "rows": [words.row(each) for each in queries.standing_of(list(page), request.received_at)],
        "page_obj": page,
        "also": words.also(request.actor, request.received_at),
    }
    return render(request, "qualification/standing.html", context)


@require_safe
@requires(Action.VIEW_STANDING)
def of_establishment(request: Any, establishment_id: UUID) -> HttpResponse:
    """One establishment: category by category, what runs out, what is suspended."""
    at, today = request.received_at, london(request.received_at).date()
    provider_id = request.actor.provider_id
    found = queries.listed_of(provider_id, today).filter(establishment_id=establishment_id)
    rows = list(found)
    own = Establishment.objects.filter(provider_id=provider_id)
    establishment = rows[0].establishment if rows else get_object_or_404(own, pk=establishment_id)
    standing = queries.standing_of(rows, at) if rows else []
    context = {
        "establishment": establishment,
        "sections": [words.section(each, at, today) for each in standing],
        "suspensions": _suspensions(standing[0].suspensions, rows) if standing else [],
        "may_prepare": may(request.actor, Action.PREPARE_APPLICATION),
        "expiring_head": words.EXPIRING_HEAD,
        "expiring_rows": [
            words.expiring_row(*each, today) for each in queries.expiring_of(establishment, today)
        ],
    }
    return render(request, "qualification/standing_of.html", context)


def _suspensions(
    suspended: Collection[Suspension], listed: Sequence[Qualification]
) -> list[dict[str, Any]]:
    if not suspended:
        return []
    fails = what_fails(suspended, listed)
    under_way = queries.putting_right(listed[0])
    return [
        {
            "suspension": each,
            "fails": fails[each.pk],
            "application": under_way.get(each.pk),
        }
        for each in suspended
    ]


@require_safe
@requires(Action.VIEW_STANDING)
def own_review(request: Any, review_id: UUID) -> HttpResponse:
    """What is proposed and why, until when a reply is possible, and what was decided."""
    return _review(request, review_id, ReviewReplyForm(), 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REPLY_TO_REVIEW)
def reply(request: Any, review_id: UUID) -> HttpResponse:
    """The one reply of the provider; it is read before the decision."""
    get_object_or_404(ScoreReview, pk=review_id)
    form = ReviewReplyForm(posted(request))
    status = attempt(
        request,
        form,
        "reply_to_review",
        lambda: reply_to_review(
            review_id=review_id,
            text=form.cleaned_data["text"],
            actor=request.actor,
            now=request.received_at,
        ),
    )
    if status == DONE:
        messages.success(request, "Your reply is sent. It is read before the decision.")
        return redirect("qualification:own_review", review_id=review_id)
    return _review(request, review_id, form, status)


def _review(request: Any, review_id: UUID, form: ReviewReplyForm, status: int) -> HttpResponse:
    own = reviews().filter(provider_id=request.actor.provider_id)
    review = get_object_or_404(own, pk=review_id)
    today = london(request.received_at).date()
    context = review_words.shown(review, today) | {
        "form": form,
        "is_providers_page": True,
        "may_reply": may(request.actor, Action.REPLY_TO_REVIEW),
        "is_in_time": today <= review.reply_by,
        "letter": letter_of(review.pk) if review.decided_at else None,
    }
    return render(request, "qualification/own_review.html", context, status=status)


@require_POST
@requires(Action.PREPARE_APPLICATION)
def put_right(request: Any, suspension_id: UUID) -> HttpResponse:
    """Begin to send again what failed."""
    get_object_or_404(Suspension, pk=suspension_id)
    made = put_suspension_right(
        suspension_id=suspension_id, actor=request.actor, now=request.received_at
    )
    messages.success(request, "Answer what has to be put right, then send it.")
    return redirect("qualification:joining", joining_id=made[0].joining_id)
