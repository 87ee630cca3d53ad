"""Which councils can invite an establishment, and why another cannot."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dps.clock import london
from dps.money import show
from dps.permissions import Action
from dps.views.access import requires
from providers.models import Establishment
from qualification.models import Suspension
from qualification.queries.gathered import gathered, rows_of
from qualification.queries.invitable import Invitable, ListedIn, listed_in

HEAD = ("Council", "Can it invite you?", "Why")


@require_safe
@requires(Action.VIEW_STANDING)
def who_can_invite(request: Any, establishment_id: UUID) -> HttpResponse:
    """Of the provider's own establishment, category by category."""
    in_force = Suspension.objects.filter(establishment_id=OuterRef("pk"), lifted_at__isnull=True)
    own = Establishment.objects.filter(provider_id=request.actor.provider_id).annotate(
        in_force=gathered(in_force.order_by("-suspended_at", "-id"))
    )
    establishment: Any = get_object_or_404(own, pk=establishment_id)
    today = london(request.received_at).date()
    context = {
        "establishment": establishment,
        "suspensions": rows_of(Suspension, establishment.in_force),
        "head": HEAD,
        "lists": [_words(each) for each in listed_in(establishment_id, today)],
    }
    return render(request, "qualification/who_can_invite.html", context)


def _words(listed: ListedIn) -> dict[str, Any]:
    return {
        "name": listed.category.name,
        "year": show(listed.year_pence),
        "rows": [_row(each) for each in listed.councils],
        "is_kept_out": any(not each.can_invite for each in listed.councils),
    }


def _row(one: Invitable) -> list[Any]:
    if one.effect is None:
        return [one.council, {"text": "Yes", "colour": "green"}, "It has no cap of its own"]
    cap = show(one.effect.verdict.cap_pence or 0)
    if one.can_invite:
        return [one.council, {"text": "Yes", "colour": "green"}, f"Its cap is {cap} a year"]
    over = show(one.effect.verdict.over_pence)
    why = f"Your core costs are {over} a year above its cap of {cap}"
    return [one.council, {"text": "No", "colour": "red"}, why]
