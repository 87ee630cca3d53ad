"""What passes an inspection, scheme by scheme; a new rule is looked at before it is made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dps.clock import london
from dps.permissions import Action, may
from dps.views.access import requires
from qualification.forms.inspection_rules import InspectionRuleForm
from qualification.models import InspectionRule
from qualification.presenters import inspection_rules as words
from qualification.queries.inspection_rules import inspection_rules, rows_on, rule_of
from qualification.queries.inspections_held import inspections_held
from qualification.rule_effects import effect
from qualification.schemes import SCHEMES, in_words
from qualification.scoring import PassRule, Scale
from qualification.services.inspection_rules import add_inspection_rule
from qualification.views.attempt import DONE, attempt, posted


@require_safe
@requires(Action.VIEW_MARKET)
def rules(request: Any) -> HttpResponse:
    today = london(request.received_at).date()
    context = {
        "schemes": words.schemes(rows_on(today)),
        "to_come": words.to_come(InspectionRule.objects.filter(from_date__gt=today), today),
        "may_change": may(request.actor, Action.SET_UP_MARKET),
    }
    return render(request, "qualification/market/inspection_rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.SET_UP_MARKET)
def new_rule(request: Any, scale: str) -> HttpResponse:
    """Typed, looked at with what it would change, then made: "make" is the second button."""
    if scale not in set(Scale):
        raise Http404
    scheme = SCHEMES[Scale(scale)]
    current = _current(scheme.scale, request)
    form = InspectionRuleForm(posted(request), scheme=scheme, current=current)
    is_making = request.POST.get("do") == "make"
    status = 200
    if is_making or not form.is_bound or not form.is_valid():
        status = attempt(
            request,
            form,
            "add_inspection_rule",
            lambda: add_inspection_rule(
                rule=form.rule,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                now=request.received_at,
            ),
        )
    if status == DONE:
        messages.success(request, f"The new rule of “{scheme.name}” is made.")
        return redirect("qualification:inspection_rules")
    context: dict[str, Any] = {
        "scheme": scheme,
        "form": form,
        "now": list(in_words(current)) if current else [],
        "looked_at": form.is_bound and form.is_valid(),
    }
    if context["looked_at"]:
        found = effect(form.rule, inspections_held(form.rule.in_force_from), inspection_rules())
        context |= words.effect_words(found) | {"new": list(in_words(form.rule))}
    return render(request, "qualification/market/inspection_rule.html", context, status=status)


def _current(scale: Scale, request: Any) -> PassRule | None:
    row = rows_on(london(request.received_at).date()).get(scale)
    return rule_of(row) if row else None
