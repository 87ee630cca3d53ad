"""What every page with a form does: show it, save it, or show what is wrong with all kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.forms import BaseForm, BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from dps.refusals import Refusal


@dataclass(frozen=True)
class FormPage:
    """One page: its form, what saving does with what was understood, and where it leads."""

    template: str
    form: Any
    save: Callable[[Any], object]
    done: str
    context: dict[str, Any] = field(default_factory=dict)


def posted(request: Any) -> Any:
    """What was sent, for a form: None on a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def show_or_save(request: Any, page: FormPage) -> HttpResponse:
    """Answer with the page, with 400 and the messages, or with the next page once saved."""
    status = 200
    if request.method == "POST" and _is_bound(page.form):
        status = 400
        if page.form.is_valid():
            try:
                page.save(page.form)
            except Refusal as refusal:
                put_refusal(page.form, refusal)
                status = refusal.status
            else:
                return redirect(page.done)
    return render(request, page.template, page.context | {"form": page.form}, status=status)


def put_refusal(form: Any, refusal: Refusal) -> None:
    """The service's no, at its field where the form has it."""
    if isinstance(form, BaseFormSet):
        form.non_form_errors().append(refusal.message)
        return
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _is_bound(form: BaseForm | BaseFormSet) -> bool:
    return form.is_bound
