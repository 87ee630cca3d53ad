"""Questions about joining: what can be asked, what waits, what is answered to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower, TruncDate

from dps.clock import LONDON
from dps.models import EntryWindow, Market, Membership
from dps.permissions import ALLOWED, Action
from providers.models import Establishment
from qualification.asking_time import Asking, AskingWindow, asking_on
from qualification.models import Application, AskedQuestion, Clarification
from qualification.states import IN_PROGRESS, ApplicationState


def asking_in(market: Market, windows: Iterable[EntryWindow], day: date) -> Asking:
    """What questions about a market are about on a day, and until when they are taken."""
    found = (
        AskingWindow(each.pk, each.opens_on, each.closes_on, each.questions_until)
        for each in windows
    )
    return asking_on(found, market_ends=market.ends_on, day=day)


def open_questions() -> QuerySet[AskedQuestion]:
    """What waits for an answer, the oldest first."""
    return _with_names().filter(closed_at__isnull=True).order_by("asked_at", "id")


def closed_questions() -> QuerySet[AskedQuestion]:
    """Answered or not published, the latest first."""
    rows = _with_names().filter(closed_at__isnull=False).select_related("closed_by")
    return rows.order_by("-closed_at", "-id")


def questions_of(provider_id: UUID) -> QuerySet[AskedQuestion]:
    """What a provider has asked itself, the latest first."""
    return _with_names().filter(provider_id=provider_id).order_by("-asked_at", "-id")


def _with_names() -> QuerySet[AskedQuestion]:
    return AskedQuestion.objects.select_related(
        "provider", "market", "window", "category", "asked_by", "clarification"
    )


def published() -> QuerySet[Clarification]:
    """All that is answered: by the day, and within it by the alphabet, which tells nothing."""
    rows = Clarification.objects.select_related("market", "window", "category")
    day = TruncDate("published_at", tzinfo=LONDON)
    return rows.annotate(day=day).order_by("-day", Lower("question"), "id")


def names_of_asker(asked: AskedQuestion) -> list[str]:
    """What would give away who asked: the provider, the person, the provider's establishments."""
    places = Establishment.objects.filter(provider_id=asked.provider_id)
    return [asked.provider.name, asked.asked_by.name, *places.values_list("name", flat=True)]


def providers_to_tell(clarification: Clarification) -> set[UUID]:
    """Whoever joins in that window, and whoever has asked about it: nobody stands out."""
    joining = Application.objects.filter(category__market_id=clarification.market_id)
    joining = joining.exclude(state=ApplicationState.WITHDRAWN)
    asked = AskedQuestion.objects.filter(market_id=clarification.market_id)
    if clarification.window is not None:
        since = Q(joining__started_at__date__gte=clarification.window.opens_on)
        joining = joining.filter(since | Q(state__in=IN_PROGRESS))
        asked = asked.filter(window_id=clarification.window_id)
    return {
        *joining.values_list("provider_id", flat=True),
        *asked.values_list("provider_id", flat=True),
    }


def people_who_answer() -> list[UUID]:
    """The people of the central team whose role answers questions."""
    roles = [role.value for role in ALLOWED[Action.ANSWER_QUESTIONS]]
    found = Membership.objects.filter(is_central=True, is_active=True, roles__overlap=roles)
    return sorted(found.values_list("person_id", flat=True))
