"""The central team's pages of score reviews: what is due, proposing, deciding, how often."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.models import Category
from dps.permissions import Action, may
from dps.views.access import requires
from providers.queries.evidence import kept_of
from qualification import reviewing as rules
from qualification.forms.reviewing import ProposeForm, ReviewDecisionForm, ReviewRuleForm
from qualification.models import Qualification, ReviewRule
from qualification.presenters import reviewing as words
from qualification.queries import reviewing as queries
from qualification.queries.gathered import gathered
from qualification.reviewing import lines_of
from qualification.services.review_letters import letter_of
from qualification.services.review_rules import NewReviewRule, set_review_rule
from qualification.services.reviewing import (
    NothingToReview,
    NotOnTheList,
    decide_review,
    propose_review,
)
from qualification.views.attempt import DONE, attempt, posted

PAGE_SIZE = 25
DECIDED_SHOWN = 10
PROPOSE = "propose"


@require_safe
@requires(Action.PROPOSE_REVIEW)
def score_reviews(request: Any) -> HttpResponse:
    """Under way, due or soon due, and decided last."""
    today = london(request.received_at).date()
    page = Paginator(queries.due(today), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "under_way_head": words.UNDER_WAY_HEAD,
        "under_way": [words.under_way_row(each, today) for each in queries.under_way()],
        "due_head": words.DUE_HEAD,
        "due": [words.due_row(each, today) for each in page],
        "page_obj": page,
        "decided_head": words.DECIDED_HEAD,
        "decided": [words.decided_row(each) for each in queries.decided()[:DECIDED_SHOWN]],
        "soon_words": f"{queries.SOON.days} days",
    }
    return render(request, "qualification/team/score_reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PROPOSE_REVIEW)
def propose(request: Any, qualification_id: UUID) -> HttpResponse:
    """Typed, looked at with the score that it makes, then proposed by the second button."""
    today = london(request.received_at).date()
    listed, versions = _to_review(qualification_id, today)
    lines = queries.lines_now(versions[-1])
    last = versions[-1].score
    every = queries.every_of(listed)
    reply_by = rules.reply_until(today, every.reply_days)
    form = ProposeForm(
        posted(request),
        lines=lines,
        held=_held(listed, last.provider_id),
        earliest=rules.earliest_effect(reply_by, london(last.from_moment).date()),
    )
    is_looking = form.is_bound and request.POST.get("do") != PROPOSE and form.is_valid()
    status = 200
    if not is_looking:
        status = attempt(
            request,
            form,
            "propose_review",
            lambda: propose_review(
                qualification_id=qualification_id,
                proposal=form.proposal,
                actor=request.actor,
                now=request.received_at,
            ),
        )
    if status == DONE:
        messages.success(request, "It is proposed. We have told the provider, which may reply.")
        return redirect("qualification:score_reviews")
    context: dict[str, Any] = {
        "listed": listed,
        "form": form,
        "statements": _statements(form, versions[-1]),
        "score": last.score,
        "counts_from": last.from_moment,
        "reply_by": reply_by,
        "reply_days": every.reply_days,
        "is_under_way": queries.under_way().filter(qualification=listed).first(),
    }
    if is_looking:
        made = rules.score_of(rules.proposed(lines, form.proposal.grades))
        context["would"] = words.move_words(last.score, made)
    return render(request, "qualification/team/propose_review.html", context, status=status)


def _to_review(qualification_id: UUID, today: date) -> tuple[Any, list[queries.Version]]:
    rows = Qualification.objects.select_related("establishment", "category")
    rows = rows.annotate(every=gathered(queries.rules_for(today)))
    listed = get_object_or_404(rows, pk=qualification_id)
    versions = queries.versions_of([listed.pk])[listed.pk]
    if listed.ended_at is not None:
        raise NotOnTheList
    if not versions or not versions[-1].statements:
        raise NothingToReview
    return listed, versions


def _statements(form: ProposeForm, version: queries.Version) -> list[dict[str, Any]]:
    return [
        {
            "title": each.title,
            "weight": each.weight,
            "grade": each.grade,
            "reason": each.reason,
            "grade_field": form[f"grade_{each.code}"],
            "reason_field": form[f"reason_{each.code}"],
        }
        for each in version.statements
    ]


def _held(listed: Qualification, provider_id: UUID) -> list[tuple[str, str]]:
    kept = kept_of({listed.establishment_id: provider_id})[listed.establishment_id]
    return [(str(each.pk), f"{each.what}, from {each.issued_on:%d/%m/%Y}") for each in kept]


@require_safe
@requires(Action.PROPOSE_REVIEW)
def score_review(request: Any, review_id: UUID) -> HttpResponse:
    """One review as it stands."""
    review = get_object_or_404(queries.reviews(), pk=review_id)
    today = london(request.received_at).date()
    is_ready = review.replied_at or not rules.is_open_for_reply(review.reply_by, today)
    context = words.shown(review, today) | {
        "letter": letter_of(review.pk) if review.decided_at else None,
        "may_decide": may(request.actor, Action.DECIDE_REVIEW),
        "is_own": review.proposed_by_id == request.actor.person_id,
        "is_ready": is_ready,
    }
    return render(request, "qualification/team/score_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DECIDE_REVIEW)
def decide(request: Any, review_id: UUID) -> HttpResponse:
    """Kept, changed, or in between; by somebody else than who proposed it."""
    review = get_object_or_404(queries.reviews(), pk=review_id)
    today = london(request.received_at).date()
    form = ReviewDecisionForm(posted(request), lines=lines_of(review.grades))
    status = attempt(
        request,
        form,
        "decide_review",
        lambda: decide_review(
            review_id=review_id,
            outcome=form.cleaned_data["outcome"],
            grades=form.grades,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=request.received_at,
        ),
    )
    if status == DONE:
        messages.success(request, "It is decided. The provider gets an email and a letter.")
        return redirect("qualification:score_review", review_id=review_id)
    still_open = review.replied_at is None and rules.is_open_for_reply(review.reply_by, today)
    context = words.shown(review, today) | {
        "form": form,
        "between": [form[f"between_{each.code}"] for each in form.between],
        "is_own": review.proposed_by_id == request.actor.person_id,
        "still_open": still_open,
    }
    return render(request, "qualification/team/decide_review.html", context, status=status)


@require_safe
@requires(Action.PROPOSE_REVIEW)
def review_rules(request: Any) -> HttpResponse:
    """How often scores are reviewed, category by category."""
    today = london(request.received_at).date()
    categories = list(Category.objects.order_by("position", "name"))
    begun = ReviewRule.objects.filter(from_date__lte=today)
    later = ReviewRule.objects.filter(from_date__gt=today).select_related("category")
    context = {
        "head": words.RULES_HEAD,
        "rows": words.rule_rows(categories, queries.every_on(today), list(begun)),
        "to_come": words.to_come(later),
        "may_set": may(request.actor, Action.SET_UP_MARKET),
    }
    return render(request, "qualification/team/review_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SET_UP_MARKET)
def new_review_rule(request: Any) -> HttpResponse:
    """The manager sets it anew for one category, from a day on."""
    categories = Category.objects.order_by("position", "name")
    form = ReviewRuleForm(
        posted(request), categories=[(str(each.pk), each.name) for each in categories]
    )

    def make() -> object:
        typed = form.cleaned_data
        new = NewReviewRule(
            category_id=UUID(typed["category"]),
            months=int(typed["months"]),
            reply_days=typed["reply_days"],
            from_date=typed["from_date"],
            reason=typed["reason"],
        )
        return set_review_rule(new=new, actor=request.actor, now=request.received_at)

    status = attempt(request, form, "set_review_rule", make)
    if status == DONE:
        messages.success(request, "It is set.")
        return redirect("qualification:review_rules")
    context = {"form": form}
    return render(request, "qualification/team/new_review_rule.html", context, status=status)
