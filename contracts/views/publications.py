"""Published awards, for everybody."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.presenters import publications as words
from contracts.publication.quarters import Quarter
from contracts.publication.totals import totals_by
from contracts.queries.publications import amounts_of, awards_of, publication_of, publications
from dps.views.access import public

PAGE_SIZE = 50


@require_safe
@public("awards made with public money are published")
def published(request: Any) -> HttpResponse:
    page = Paginator(publications(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "head": words.LIST_HEAD,
        "rows": [words.list_row(publication) for publication in page],
        "page_obj": page,
    }
    return render(request, "contracts/published.html", context)


@require_safe
@public("awards made with public money are published")
def published_quarter(request: Any, quarter: str) -> HttpResponse:
    found = Quarter.parse(quarter)
    publication = publication_of(found)
    amounts = amounts_of(publication)
    by_council = totals_by((council, pence) for council, _, pence in amounts)
    by_category = totals_by((category, pence) for _, category, pence in amounts)
    page = Paginator(awards_of(publication), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "publication": publication,
        "quarter": found,
        "months": words.months(found),
        "tables": words.tables_of(("Council", by_council), ("Category", by_category)),
        "hidden_words": words.hidden_words(by_council, by_category),
        "head": words.AWARD_HEAD,
        "rows": [words.award_row(award) for award in page],
        "page_obj": page,
    }
    return render(request, "contracts/published_quarter.html", context)
