"""The awards of the whole region, for the central team."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.filters import RegionalAwardFilter
from contracts.presenters import regional_awards as words
from contracts.queries import regional_awards as found
from dps.govuk.tables import PER_PAGE
from dps.permissions import Action
from dps.views.access import requires
from referrals.models import Award


@require_safe
@requires(Action.VIEW_REGIONAL_AWARDS)
def regional_awards(request: Any) -> HttpResponse:
    councils = found.authorities()
    search = RegionalAwardFilter(request.GET, queryset=Award.objects.none(), authorities=councils)
    chosen, category = search.chosen("authority"), search.chosen("category")
    shown = [one for one in councils if chosen in ("", str(one.pk))]
    ids = [one.pk for one in shown]
    page = Paginator(found.awards(ids, category), PER_PAGE).get_page(request.GET.get("page"))
    totals = found.totals(ids, category)
    names = {one.pk: one.name for one in councils}
    councils_sums, category_sums = words.by_authority(totals, shown), words.by_category(totals)
    context = {
        "filter": search,
        "form": search.form,
        "head": words.HEAD,
        "rows": [words.row(award, names) for award in page],
        "page_obj": page,
        "totals_head": words.TOTALS_HEAD,
        "by_authority": words.total_rows(councils_sums),
        "by_category": words.total_rows(category_sums),
        "authority_chart": words.chart(councils_sums, title="By council", key="councils"),
        "category_chart": words.chart(category_sums, title="By category", key="categories"),
    }
    status = 400 if search.form.errors else 200
    return render(request, "contracts/regional_awards.html", context, status=status)
