"""Writing the discounts of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.permissions import Action, require
from qualification import fingerprints
from qualification.discounts import Step, checked
from qualification.models import Discount
from qualification.queries.discounts import steps_of
from qualification.services.answering import ChangedMeanwhile
from qualification.services.costs import draft_for_writing


@transaction.atomic
def set_discounts(
    *,
    application_id: UUID,
    steps: Sequence[Step],
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> tuple[Step, ...]:
    """Save the discounts of a draft, in place of those before (Q6, BC 7.4).

    `seen` is the fingerprint of the discounts that the writer started from.

    :raises NotPermitted, NotADraft: not allowed, or sent already.
    :raises WrongDiscount, DiscountFalls: out of bounds, twice, or less for more children.
    :raises ChangedMeanwhile: somebody has changed what was `seen`.
    """
    require(actor, Action.PREPARE_APPLICATION)
    application = draft_for_writing(application_id)
    wanted = checked(steps)
    before = steps_of(application.pk)
    if seen is not None and fingerprints.of_discounts(before) not in (
        seen,
        fingerprints.of_discounts(wanted),
    ):
        raise ChangedMeanwhile
    Discount.objects.filter(application=application).delete()
    Discount.objects.bulk_create(
        Discount(
            provider_id=application.provider_id,
            application=application,
            kind=each.kind.value,
            from_children=each.from_children,
            percent=each.percent,
        )
        for each in wanted
    )
    facts = {"steps": [[each.kind.value, each.from_children, each.percent] for each in wanted]}
    audit.record(Act("application.discounts_saved", application, facts), actor=actor, at=now)
    return wanted
