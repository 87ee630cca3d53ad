"""Is it alive, is it ready, does work get done? For the operator's monitors."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from dps.views.access import public


@require_safe
@public("monitors ask whether the process answers")
def live(request: Any) -> HttpResponse:
    return JsonResponse({"status": "live"})


@require_safe
@public("monitors ask whether the database answers")
def ready(request: Any) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready"})
