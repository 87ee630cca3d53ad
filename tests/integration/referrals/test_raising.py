"""Writing a draft: what is kept where, and what is refused."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.crypto import Place, WrongKey, child_key, decrypt
from dps.grid import CannotBePlaced, NotAPostcode
from dps.models import Adoption, AuditEvent, Market, WeightTemplate
from dps.refusals import NotPermitted
from dps.regimes import ForbiddenByRegime
from dps.tenancy.identity import acting_as
from referrals.limits import Limit
from referrals.models import ChildIdentity, Outcome, Referral
from referrals.scoring_terms import FeatureKind
from referrals.services import identity, raising, reaching
from referrals.services.drafts import AlreadyIssued
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    HOME,
    WEIGHTS,
    make_council,
    make_draft,
    make_open,
    make_school,
)


@pytest.fixture
def council(region):
    return make_council(region.west)


def begin(region, council, *, now=NOON):
    with acting_as(council.commissioner, at=now):
        return raising.raise_referral(
            category_id=region.category.pk, actor=council.commissioner, now=now
        )


def test_references_count_by_authority_and_by_the_london_year(region, council):
    other = make_council(region.east)
    new_year = NOON.replace(month=12, day=31, hour=23) + timedelta(hours=2)

    made = [begin(region, council), begin(region, council), begin(region, other)]
    made.append(begin(region, council, now=new_year))

    assert [one.reference for one in made] == [
        "WSX-2026-000001",
        "WSX-2026-000002",
        "ESX-2026-000001",
        "WSX-2027-000001",
    ]


def test_a_draft_begins_with_the_regions_weights(region, council):
    first = begin(region, council)
    with acting_as(system(REGION_ID)):
        for day, price in ((date(2026, 1, 1), 60), (date(2026, 12, 1), 30)):
            WeightTemplate.objects.create(
                category=region.category,
                from_date=day,
                price=price,
                outcomes=80 - price,
                needs=0,
                features=0,
                location=5,
                core_competency=15,
                incentive=0,
            )

    second = begin(region, council)

    assert (first.weight_price, first.weight_core_competency) == (50_00, 20_00)
    assert (second.weight_price, second.weight_outcomes) == (60_00, 20_00)


def test_it_pins_the_regime_under_which_it_runs(region, council):
    assert begin(region, council).regime == "pcr_2015_dps"


def change_market(region, **columns):
    with acting_as(system(REGION_ID)):
        Market.objects.update(**columns)


def leave(region):
    with acting_as(system(REGION_ID)):
        Adoption.objects.filter(authority=region.west).delete()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (leave, raising.CategoryNotAdopted),
        (
            lambda region: change_market(region, ends_on=date(2026, 11, 1)),
            raising.CategoryNotAdopted,
        ),
        (
            lambda region: change_market(region, regime="pa_2023_user_choice"),
            ForbiddenByRegime,
        ),
    ],
)
def test_what_the_council_or_the_law_does_not_allow_is_refused(region, council, change, refusal):
    change(region)

    with pytest.raises(refusal):
        begin(region, council)

    with acting_as(council.commissioner):
        assert not Referral.objects.exists()


def test_only_a_commissioner_raises(region, council):
    with acting_as(council.approver), pytest.raises(NotPermitted):
        raising.raise_referral(category_id=region.category.pk, actor=council.approver, now=NOON)


def test_who_the_child_is_is_encrypted_in_its_own_place(region, council):
    referral = make_draft(region, council.commissioner)

    with acting_as(council.commissioner):
        row = ChildIdentity.objects.get(referral_id=referral.pk)
        boxes = [bytes(getattr(row, name)) for name in ("child_name", "postcode", "point")]
        key = child_key(authority_id=row.authority_id, key_id=row.key_id)
        place = Place("childidentity", "child_name", row.authority_id, str(row.pk))
        told = list(AuditEvent.objects.values_list("body", flat=True))
        details = identity.read_details(row)
        assert decrypt(key, row.child_name, place) == "Robin Quince"
        with pytest.raises(WrongKey):
            decrypt(key, row.postcode, place)

    assert details == HOME
    for words in (b"Quince", b"RH12", b"516800"):
        assert not any(words in box for box in boxes)
        assert not any(words.decode() in body for body in told)
    assert referral.home_placed_by == "outward code"


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.AUTHORITY_ADMINISTRATOR])
def test_who_may_not_see_the_child_does_not(region, council, role):
    referral = make_draft(region, council.commissioner)
    actor = make_person(role, authority=region.west)

    with acting_as(actor), pytest.raises(NotPermitted):
        identity.view_child(referral_id=referral.pk, actor=actor, now=NOON)


def test_looking_at_who_would_be_invited_is_recorded(region, council):
    make_school(region)
    referral = make_draft(region, council.commissioner)
    with acting_as(council.commissioner):
        seen = reaching.preview_reach(referral_id=referral.pk, actor=council.commissioner, now=NOON)
        events = AuditEvent.objects.filter(action="child.home_used").count()

    assert ([one.is_invited for one in seen.considered], events) == ([True], 1)


def test_without_a_home_there_is_nobody_to_look_at(region, council):
    referral = begin(region, council)

    with acting_as(council.commissioner), pytest.raises(reaching.HomeOrLimitMissing):
        reaching.preview_reach(referral_id=referral.pk, actor=council.commissioner, now=NOON)


def by(council, referral):
    return {"referral_id": referral.pk, "actor": council.commissioner, "now": NOON}


CALLS = {
    "child": lambda **these: raising.describe_child(profile=raising.Profile(26, "x"), **these),
    "postcode": lambda **these: identity.keep_identity(
        details=identity.ChildDetails(child_name="A", postcode="nowhere"), **these
    ),
    "place": lambda **these: identity.keep_identity(
        details=identity.ChildDetails(child_name="A", postcode="ZZ1 1AA"), **these
    ),
    "weeks": lambda **these: raising.plan_placement(
        placement=raising.Placement(date(2027, 1, 4), 54), **these
    ),
    "start": lambda **these: raising.plan_placement(
        placement=raising.Placement(date.max, 38), **these
    ),
    "marks": lambda **these: raising.list_needs(needs=[raising.Wanted("x", 0)], **these),
    "words": lambda **these: raising.list_outcomes(outcomes=[raising.Wanted(" ", 1)], **these),
    "many": lambda **these: raising.list_needs(needs=[raising.Wanted("x", 1)] * 21, **these),
    "essential": lambda **these: raising.list_features(
        features=[raising.WantedFeature("x", 1, FeatureKind.DESIRABLE, is_essential=True)],
        **these,
    ),
    "deadline": lambda **these: raising.set_deadline(closes_at=NOON, **these),
    "year": lambda **these: raising.set_deadline(closes_at=NOON.replace(year=9999), **these),
}


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        ("child", raising.OutOfBounds),
        ("postcode", NotAPostcode),
        ("place", (CannotBePlaced, NotAPostcode)),
        ("weeks", raising.OutOfBounds),
        ("marks", raising.OutOfBounds),
        ("words", raising.OutOfBounds),
        ("many", raising.OutOfBounds),
        ("essential", raising.OutOfBounds),
        ("deadline", raising.OutOfBounds),
        ("start", raising.OutOfBounds),
        ("year", raising.OutOfBounds),
    ],
)
def test_what_is_out_of_bounds_is_refused_and_nothing_changed(region, council, call, refusal):
    referral = make_draft(region, council.commissioner)

    with acting_as(council.commissioner, at=NOON):
        before = list(Referral.objects.values()), list(Outcome.objects.values("text"))
        with pytest.raises(refusal):
            CALLS[call](**by(council, referral))
        assert (list(Referral.objects.values()), list(Outcome.objects.values("text"))) == before


def test_once_sent_nothing_is_changed(region, council):
    make_school(region)
    referral = make_open(region, council.commissioner)
    these = by(council, referral)

    with acting_as(council.commissioner, at=NOON):
        for call in (
            lambda: raising.describe_child(profile=raising.Profile(9, "x"), **these),
            lambda: raising.list_needs(needs=[], **these),
            lambda: raising.list_features(features=[], **these),
            lambda: raising.list_outcomes(outcomes=[], **these),
            lambda: raising.weigh(weights=WEIGHTS, **these),
            lambda: raising.set_limit(limit=Limit(50), **these),
            lambda: raising.set_deadline(closes_at=NOON + timedelta(days=60), **these),
            lambda: identity.keep_identity(details=HOME, **these),
        ):
            with pytest.raises(AlreadyIssued):
                call()
