"""A referral and what it asks for, as pages and services read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, CharField, Exists, OuterRef, Q, QuerySet, Value

from dps.models import Adoption, Category, WeightTemplate
from dps.regimes import REGIMES, Regime, RegimeKey
from referrals import scoring_terms as terms
from referrals.completeness import DEFAULT_WEIGHTS, Facts
from referrals.models import ChildIdentity, Feature, Need, Outcome, Referral
from referrals.models.referral import WEIGHTS


@dataclass(frozen=True, slots=True)
class Item:
    """One line of what a referral asks for, whichever of the three lists it stands in."""

    list: str
    key: str
    text: str
    marks: int
    kind: str
    is_essential: bool
    component: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Needs, features and outcomes, each in the order of the referral."""

    needs: tuple[Item, ...] = ()
    features: tuple[Item, ...] = ()
    outcomes: tuple[Item, ...] = ()

    @property
    def marked_needs(self) -> tuple[terms.Marked, ...]:
        return tuple(terms.Marked(item.key, item.marks) for item in self.needs)

    @property
    def marked_outcomes(self) -> tuple[terms.Marked, ...]:
        return tuple(terms.Marked(item.key, item.marks) for item in self.outcomes)

    @property
    def marked_features(self) -> tuple[terms.Feature, ...]:
        return tuple(
            terms.Feature(item.key, item.marks, terms.FeatureKind(item.kind), item.is_essential)
            for item in self.features
        )


_EMPTY = Value("", output_field=CharField())
_NO = Value(value=False, output_field=BooleanField())


def asked(referral: Referral) -> Asked:
    """The three lists in one query, for the authority and for those invited alike."""
    needs = _rows(Need, "need", referral, kind=_EMPTY, essential=_NO, component=_EMPTY)
    features = _rows(
        Feature, "feature", referral, kind="kind", essential="is_essential", component=_EMPTY
    )
    outcomes = _rows(
        Outcome, "outcome", referral, kind=_EMPTY, essential=_NO, component="component"
    )
    rows = sorted(needs.union(features, outcomes, all=True), key=lambda row: row[-1])
    items = [Item(*row[:-1]) for row in rows]
    return Asked(
        needs=tuple(item for item in items if item.list == "need"),
        features=tuple(item for item in items if item.list == "feature"),
        outcomes=tuple(item for item in items if item.list == "outcome"),
    )


def _rows(
    model: type[Need] | type[Feature] | type[Outcome],
    name: str,
    referral: Referral,
    *,
    kind: str | Value,
    essential: str | Value,
    component: str | Value,
) -> QuerySet:
    found = model.objects.of(referral.authority_id).filter(referral_id=referral.pk).order_by()
    listed = Value(name, output_field=CharField())
    return found.values_list(listed, "key", "text", "marks", kind, essential, component, "position")


def facts_of(referral: Referral, lists: Asked, *, has_identity: bool, has_home: bool) -> Facts:
    """What a draft holds, for the rule that says what is still missing."""
    return Facts(
        reference=referral.reference,
        age=referral.age,
        profile=referral.profile,
        has_identity=has_identity,
        has_home=has_home,
        needs=lists.marked_needs,
        features=lists.marked_features,
        outcomes=lists.marked_outcomes,
        starts_on=referral.starts_on,
        weeks_per_year=referral.weeks_per_year,
        weights=weights_of(referral),
        limit_miles=referral.limit_miles,
        limit_areas=tuple(referral.limit_areas),
        bids_close_at=referral.bids_close_at,
        shorter_time_agreed=referral.shorter_time_agreed,
    )


def weights_of(referral: Referral) -> dict[str, int]:
    """Hundredths of a percentage point by criterion."""
    return {name: getattr(referral, f"weight_{name}") for name in WEIGHTS}


def regime_of(referral: Referral) -> Regime:
    return REGIMES[RegimeKey(referral.regime)]


def default_weights(category_id: UUID, on: date) -> dict[str, int]:
    """The region's template in force, in hundredths; scoring.md's defaults where there is none."""
    template = (
        WeightTemplate.objects.filter(category_id=category_id, from_date__lte=on)
        .order_by("-from_date")
        .first()
    )
    if template is None:
        return {name: getattr(DEFAULT_WEIGHTS, name) for name in WEIGHTS}
    return {name: getattr(template, name) * 100 for name in WEIGHTS}


def adopted(authority_id: int, on: date) -> Exists:
    """Whether the authority of a category's row uses it on that day."""
    live = Q(until_date__isnull=True) | Q(until_date__gt=on)
    return Exists(
        Adoption.objects.filter(
            live, category=OuterRef("pk"), authority_id=authority_id, from_date__lte=on
        )
    )


def adopted_categories(authority_id: int, on: date) -> QuerySet[Category]:
    """The categories in which the authority may raise a referral that day (G2)."""
    return (
        Category.objects.select_related("market")
        .filter(adopted(authority_id, on), market__starts_on__lte=on, market__ends_on__gte=on)
        .order_by("position", "name")
    )


def identity_state(referral: Referral) -> tuple[bool, bool]:
    """Whether the child's name, and where home is, have been entered; reads neither."""
    row = (
        ChildIdentity.objects.of(referral.authority_id)
        .filter(referral_id=referral.pk)
        .values_list("child_name", "point")
        .first()
    )
    return (False, False) if row is None else (bool(bytes(row[0])), bool(bytes(row[1])))
