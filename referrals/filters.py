"""What the two lists can be narrowed by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from dps.govuk.forms import GovForm, TextField
from referrals.models import BidProgress, Invitation, Referral
from referrals.presenters.lists import ANSWERED, CLOSED, OVER, SHOWN, STAGES, TO_ANSWER
from referrals.states import ReferralState


class TextFilter(django_filters.Filter):
    field_class = TextField


class ReferralFilter(django_filters.FilterSet):
    """By words of the reference or the profile, and by stage."""

    search = TextFilter(method="by_words", label="Reference or words", max_length=60)
    stage = django_filters.MultipleChoiceFilter(
        method="by_stage", label="Stage", choices=STAGES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Referral
        fields: tuple[str, ...] = ()
        form = GovForm

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def by_words(self, found: QuerySet[Referral], _name: str, value: str) -> QuerySet[Referral]:
        words = value.strip()
        return found.filter(Q(reference__icontains=words) | Q(profile__icontains=words))

    def by_stage(
        self, found: QuerySet[Referral], _name: str, value: list[str]
    ) -> QuerySet[Referral]:
        """An open referral past its deadline is closed, whatever has run."""
        if not value:
            return found
        past = Q(state=ReferralState.OPEN, bids_close_at__lte=self.now)
        chosen = Q(state__in=[stage for stage in value if stage != CLOSED])
        if CLOSED not in value:
            chosen &= ~past
        elif ReferralState.OPEN.value not in value:
            chosen |= past
        return found.filter(chosen)


class InvitationFilter(django_filters.FilterSet):
    """By words of the reference, and by what is left to do."""

    search = TextFilter(method="by_words", label="Reference or establishment", max_length=60)
    show = django_filters.MultipleChoiceFilter(
        method="by_answer", label="Show", choices=SHOWN, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()
        form = GovForm

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def by_words(self, found: QuerySet[Invitation], _name: str, value: str) -> QuerySet[Invitation]:
        words = value.strip()
        return found.filter(Q(reference__icontains=words) | Q(establishment__name__icontains=words))

    def by_answer(
        self, found: QuerySet[Invitation], _name: str, value: list[str]
    ) -> QuerySet[Invitation]:
        answered = Q(declined_at__isnull=False) | Q(progress=BidProgress.State.SUBMITTED)
        unanswered = Q(declined_at__isnull=True) & (
            Q(progress__isnull=True) | ~Q(progress=BidProgress.State.SUBMITTED)
        )
        still_open = Q(referral_state=ReferralState.OPEN, bids_close_at__gt=self.now)
        meanings = {
            TO_ANSWER: still_open & unanswered,
            ANSWERED: answered,
            OVER: ~still_open & unanswered,
        }
        chosen = Q()
        for one in value:
            chosen |= meanings[one]
        return found.filter(chosen) if value else found
