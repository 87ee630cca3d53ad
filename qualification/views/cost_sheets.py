"""Core costs of a joining by spreadsheet: download, upload, look at what changes, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dps.documents.file_checks import FileKind
from dps.documents.file_refusals import FileRefused
from dps.documents.workbooks import Sheet, read_workbook
from dps.permissions import Action
from dps.refusals import Refusal
from dps.views.access import record_refusal, requires
from qualification.core_costs import Driver
from qualification.cost_sheets import Line, read_sheet, reference_of
from qualification.forms.cost_sheets import ReadForm, SheetForm, packed
from qualification.models import Application, Joining
from qualification.presenters import cost_sheets as words
from qualification.presenters.cost_workbook import workbook
from qualification.queries.applications import Costs, costs_of_all, with_names
from qualification.services.cost_sheets import NewCosts, save_cost_sheets
from qualification.states import ApplicationState

MOST_PROBLEMS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.PREPARE_APPLICATION)
def cost_sheets(request: Any, joining_id: UUID) -> HttpResponse:
    """Download and upload; after an upload what it changes, and nothing is saved yet."""
    joining = get_object_or_404(Joining, pk=joining_id)
    drafts = _drafts(joining_id)
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_bound and form.is_valid():
        read = _read(form, drafts)
        if form.is_valid():
            return _preview(request, joining, read)
    status = 400 if form.is_bound else 200
    return _page(request, joining, drafts, form, status)


@require_safe
@requires(Action.PREPARE_APPLICATION)
def download(request: Any, joining_id: UUID) -> HttpResponse:
    """The workbook of one draft, or of all drafts of the joining."""
    drafts = _chosen(request, _drafts(joining_id))
    if not drafts:
        raise Http404
    joining = drafts[0].application.joining
    file_name = f"core-costs-application-{joining.number}.xlsx"
    return HttpResponse(
        workbook(drafts),
        content_type=FileKind.XLSX.media_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


@require_POST
@requires(Action.PREPARE_APPLICATION)
def save(request: Any, joining_id: UUID) -> HttpResponse:
    """Save what was looked at: everything or nothing."""
    joining = get_object_or_404(Joining, pk=joining_id)
    form = ReadForm(request.POST, joining_id=joining_id)
    status = 400
    if form.is_valid():
        try:
            number = save_cost_sheets(
                joining_id=joining_id,
                sheets=form.cleaned_data["read"],
                actor=request.actor,
                now=request.received_at,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            record_refusal(request, refusal, "save_cost_sheets")
            status = refusal.status
        else:
            of = "1 part" if number == 1 else f"{number} parts"
            messages.success(request, f"Core costs of {of} saved.")
            return redirect("qualification:joining", joining_id=joining_id)
    return _page(request, joining, _drafts(joining_id), SheetForm(), status, read=form)


@dataclass(frozen=True)
class _Read:
    """A draft with what its sheet says."""

    contents: Costs
    new: NewCosts


def _read(form: SheetForm, drafts: Sequence[Costs]) -> list[_Read]:
    """What the sheets say; everything that is wrong stands at the field of the file."""
    sent = form.cleaned_data["file"]
    try:
        sheets = read_workbook(sent.name, sent.read())
    except FileRefused as refused:
        form.add_error("file", refused.message)
        return []
    by_id = {each.application.pk: each for each in drafts}
    found: dict[UUID, _Read] = {}
    problems: list[str] = []
    for sheet in sheets:
        key = reference_of(sheet)
        contents = by_id.get(key) if key else None
        if contents is None or contents.application.pk in found:
            problems.append(words.not_of_this(sheet, is_twice=contents is not None))
            continue
        new, wrong = _new_costs(sheet, contents)
        found[contents.application.pk] = _Read(contents, new)
        problems += [f"Sheet “{sheet.name}”. {each}" for each in wrong]
    for problem in problems[:MOST_PROBLEMS]:
        form.add_error("file", problem)
    if len(problems) > MOST_PROBLEMS:
        form.add_error("file", f"There are {len(problems) - MOST_PROBLEMS} more like these")
    return list(found.values())


def _new_costs(sheet: Sheet, contents: Costs) -> tuple[NewCosts, tuple[str, ...]]:
    lines = [
        Line(each.head.code, each.head.title, Driver(each.head.driver)) for each in contents.costed
    ]
    read = read_sheet(sheet, lines)
    application = contents.application
    return NewCosts(application.pk, contents.costs_fingerprint, read.entries), read.problems


def _preview(request: Any, joining: Joining, read: Sequence[_Read]) -> HttpResponse:
    shown = [words.preview(each.contents, each.new.lines) for each in read]
    changed = [each.new for each, preview in zip(read, shown, strict=True) if preview.rows]
    context = {
        "joining": joining,
        "previews": [each for each in shown if each.rows],
        "same": [each.name for each in shown if not each.rows],
        "head": words.CHANGE_HEAD,
        "read": packed(joining.pk, changed) if changed else "",
    }
    return render(request, "qualification/cost_sheets_preview.html", context)


def _page(
    request: Any,
    joining: Joining,
    drafts: Sequence[Costs],
    upload: SheetForm,
    status: int,
    *,
    read: ReadForm | None = None,
) -> HttpResponse:
    chosen = _chosen(request, drafts)
    context = {
        "joining": joining,
        "form": read or upload,
        "upload": upload,
        "one": chosen[0].application if len(chosen) == 1 else None,
        "number": len(drafts),
    }
    return render(request, "qualification/cost_sheets.html", context, status=status)


def _drafts(joining_id: UUID) -> list[Costs]:
    rows = with_names().select_related("joining").filter(joining_id=joining_id)
    drafts: list[Application] = list(
        rows.filter(state=ApplicationState.DRAFT).order_by(
            "establishment__name", "category__position", "pk"
        )
    )
    return costs_of_all(drafts)


def _chosen(request: Any, drafts: Sequence[Costs]) -> list[Costs]:
    """The one that the address names; all of them if it names none."""
    one = request.GET.get("one", "")
    return [each for each in drafts if str(each.application.pk) == one] if one else list(drafts)
