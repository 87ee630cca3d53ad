"""Looking, before the issue, at who would be invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.clock import london
from dps.grid import GridPoint
from dps.permissions import Action, require
from dps.refusals import Refusal
from referrals.limits import Limit
from referrals.models import ChildIdentity, Referral
from referrals.queries.reach import Reached, reach
from referrals.services.identity import home_of


class HomeOrLimitMissing(Refusal):
    message = "Enter the home postcode and the limit first: then we can show who will be invited"


@dataclass(frozen=True, slots=True)
class Preview:
    home: GridPoint
    limit: Limit
    considered: tuple[Reached, ...]


@transaction.atomic
def preview_reach(*, referral_id: UUID, actor: Actor, now: datetime) -> Preview:
    """Who would be invited if the referral went out now. Uses where home is, and records that.

    :raises NotPermitted: the actor may not raise referrals.
    :raises HomeOrLimitMissing: one of the two has not been entered.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = Referral.objects.get(pk=referral_id)
    home = home_of(ChildIdentity.objects.get(referral_id=referral.pk))
    if home is None or (referral.limit_miles is None and not referral.limit_areas):
        raise HomeOrLimitMissing
    limit = Limit(referral.limit_miles, frozenset(referral.limit_areas))
    day = london(now).date()
    considered = reach(category_id=referral.category_id, limit=limit, home=home, day=day)
    audit.record(Act("child.home_used", referral, {"for": "reach"}), actor=actor, at=now)
    return Preview(home, limit, considered)
