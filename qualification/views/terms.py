"""The contract terms: read by everybody, accepted by providers, followed by the central team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.views.access import public, requires
from providers.models import Provider
from qualification.forms.terms import AcceptForm, TermsForm
from qualification.models import Terms
from qualification.presenters import terms as words
from qualification.queries.terms import (
    accepted_by_version,
    asked_of,
    everybody_asked,
    on_the_list,
    reminded_at,
    versions,
)
from qualification.services import sending_terms
from qualification.services import terms as services
from qualification.terms_due import Standing, live
from qualification.views.attempt import DONE, attempt, posted

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50


@require_safe
@public("the contract terms that hold, and the versions before and after")
def terms(request: Any) -> HttpResponse:
    every, today = list(versions()), london(request.received_at).date()
    found = words.shown(every, today)
    context = words.version(found, every, today) if found else {"terms": None}
    return render(request, "qualification/public/terms.html", context)


@require_safe
@public("one version of the contract terms")
def version(request: Any, number: int) -> HttpResponse:
    every, today = list(versions()), london(request.received_at).date()
    found = next((each for each in every if each.number == number), None)
    if found is None:
        raise Http404
    context = words.version(found, every, today)
    return render(request, "qualification/public/terms.html", context)


@require_safe
@public("one version of the contract terms as the text that is hashed")
def as_text(request: Any, number: int) -> HttpResponse:
    found = get_object_or_404(Terms, number=number)
    headers = {"Content-Disposition": f'attachment; filename="contract-terms-{number}.txt"'}
    return HttpResponse(found.text, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
@requires(Action.ACCEPT_TERMS)
def yours(request: Any) -> HttpResponse:
    """The versions that the provider is asked to accept."""
    today = london(request.received_at).date()
    found = asked_of(request.actor.provider_id, today)
    context = {"head": words.OWN_HEAD, "rows": words.own_rows(found, today), "asked": found}
    return render(request, "qualification/terms/yours.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.ACCEPT_TERMS, fresh=True)
def accept(request: Any, number: int) -> HttpResponse:
    every, today = list(versions()), london(request.received_at).date()
    found = next((each for each in every if each.number == number), None)
    if found is None:
        raise Http404
    form = AcceptForm(posted(request), initial={"sha256": found.sha256})
    status = attempt(
        request,
        form,
        "accept_terms",
        lambda: services.accept_terms(
            number=number,
            signature=form.signature,
            actor=request.actor,
            now=request.received_at,
        ),
    )
    if status == DONE:
        messages.success(
            request, f"Version {number} is accepted for your organisation. There is no more to do."
        )
        return redirect("qualification:your_terms")
    asked = {each.terms.pk: each for each in asked_of(request.actor.provider_id, today)}
    context = words.version(found, every, today) | {
        "form": form,
        "asked": asked.get(found.pk),
        "is_replaced": found not in live(every, today),
        "is_overdue": found.pk in asked and asked[found.pk].standing is Standing.OVERDUE,
    }
    return render(request, "qualification/terms/accept.html", context, status=status)


@require_safe
@requires(Action.FOLLOW_TERMS)
def sent(request: Any) -> HttpResponse:
    """Every version, and how many of those on the list have accepted it."""
    today = london(request.received_at).date()
    listed = on_the_list()
    context = {
        "head": words.VERSIONS_HEAD,
        "rows": words.version_rows(versions(), accepted_by_version(listed), len(listed), today),
        "may_publish": may(request.actor, Action.PUBLISH_TERMS),
    }
    return render(request, "qualification/terms/versions.html", context)


@require_http_methods(FORM_METHODS)
@requires(Action.PUBLISH_TERMS)
def new(request: Any) -> HttpResponse:
    last, today = versions().first(), london(request.received_at).date()
    form = TermsForm(posted(request), last=last, today=today)
    status = attempt(
        request,
        form,
        "publish_terms",
        lambda: services.publish_terms(new=form.new, actor=request.actor, now=request.received_at),
    )
    if status == DONE:
        messages.success(
            request, "The version is published. We are sending it to every provider on the list."
        )
        return redirect("qualification:terms_versions")
    context = {"form": form, "last": last, "told": len(on_the_list())}
    return render(request, "qualification/terms/new.html", context, status=status)


@require_safe
@requires(Action.FOLLOW_TERMS)
def progress(request: Any, number: int) -> HttpResponse:
    """Who has accepted one version, who has not, and whose last day has passed."""
    every, today = list(versions()), london(request.received_at).date()
    found = next((each for each in every if each.number == number), None)
    if found is None:
        raise Http404
    asked = everybody_asked(found, today)
    show = request.GET.get("show", "")
    wanted = [key for key, each in asked.items() if show in ("", each.standing)]
    names = Provider.objects.filter(pk__in=wanted).order_by("name", "id")
    # All at once: they are counted besides, and a provider's name is short.
    page = Paginator(list(names), PAGE_SIZE).get_page(request.GET.get("page"))
    counts = words.counts(asked.values())
    context = {
        "terms": found,
        "holds": words.holds(found, every, today),
        "filters": words.filters(counts, show),
        "head": words.PROGRESS_HEAD,
        "rows": [words.progress_row(each.name, asked[each.pk]) for each in page],
        "page_obj": page,
        "reminded_at": reminded_at(found.pk),
        "may_remind": found in live(every, today) and counts[Standing.ACCEPTED] < len(asked),
    }
    return render(request, "qualification/terms/progress.html", context)


@require_POST
@requires(Action.FOLLOW_TERMS)
def remind(request: Any, number: int) -> HttpResponse:
    get_object_or_404(Terms, number=number)
    reminded = sending_terms.remind_now(number=number, actor=request.actor, now=request.received_at)
    messages.success(
        request,
        f"We are reminding {reminded} provider{'' if reminded == 1 else 's'} by email.",
    )
    return redirect("qualification:terms_progress", number=number)
