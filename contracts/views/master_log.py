"""The master log of the central team, as a page and as files."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.filters import MasterLogFilter
from contracts.presenters import master_log as words
from contracts.queries.master_log import entries_of, logged
from contracts.tables import MasterLogTable
from dps.clock import london
from dps.permissions import Action
from dps.views.access import requires
from dps.views.downloads import MOST_ROWS, csv_file, xlsx_file

FILE_NAME = "master-log"


@require_safe
@requires(Action.VIEW_MASTER_LOG)
def master_log(request: Any) -> HttpResponse:
    search = _search(request)
    table = MasterLogTable(search.qs, today=search.today)
    table.show(request)
    table.entries = entries_of(table.on_this_page())
    context = {
        "filter": search,
        "form": search.form,
        "table": table,
        "query": request.GET.urlencode(),
    }
    status = 400 if search.form.errors else 200
    return render(request, "contracts/master_log.html", context, status=status)


@require_safe
@requires(Action.VIEW_MASTER_LOG)
def master_log_csv(request: Any) -> HttpResponse:
    return csv_file(FILE_NAME, words.HEAD, _file_rows(request))


@require_safe
@requires(Action.VIEW_MASTER_LOG)
def master_log_xlsx(request: Any) -> HttpResponse:
    return xlsx_file(FILE_NAME, words.HEAD, _file_rows(request))


def _file_rows(request: Any) -> Any:
    found = list(_search(request).qs[:MOST_ROWS])
    return words.file_rows(found, entries_of([one.pk for one in found]))


def _search(request: Any) -> MasterLogFilter:
    today = london(request.received_at).date()
    return MasterLogFilter(request.GET, queryset=logged(), today=today)
