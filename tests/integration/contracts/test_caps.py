"""Caps on core costs: who may set which, whom one leaves out, and what the page shows first."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from contracts.queries.cap_effects import CouncilEffect, effect_of
from contracts.services.caps import EffectChanged, adopt_cap
from dps.actors import REGION_ID, Role, public, system
from dps.models import AuditEvent, Message
from dps.outbox import relay
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import Application, Cap
from qualification.queries.caps import cap_in_force, costings
from qualification.services import caps
from tests.factories.contracts import make_award, make_officer, make_sides
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import make_school
from tests.integration.contracts.pages import text_of

BOSS = system(REGION_ID)
TODAY = NOON.date()
DAY = timedelta(days=1)
ALL, NEW = "/caps/", "/caps/new/"
FORTY = 40_000_00


@pytest.fixture
def manager(region):
    return make_officer(Role.DPS_MANAGER)


@pytest.fixture
def east_administrator(region):
    return make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.east)


def listed(region, name="", **columns):
    """On the list, as an application that was sent leaves it: the central team reads its costs."""
    school = make_school(region, name, **columns)
    was_sent(school)
    return school


def was_sent(school):
    with acting_as(BOSS):
        Application.objects.filter(establishment=school.establishment).update(
            submitted_at=NOON - 30 * DAY, submitted_by=school.head.person_id
        )


def awarded(region, authority=None, name="", **columns):
    """The same, and a council has placed a child there."""
    sides = make_sides(region, authority=authority, name=name)
    was_sent(sides.school)
    make_award(sides, **columns)


def set_cap(region, actor, **changes):
    given = {
        "category_id": region.category.pk,
        "authority_id": None,
        "year_pence": FORTY,
        "from_date": TODAY,
        "reason": "As benchmarked",
        "actor": actor,
        "now": NOON,
    }
    with acting_as(actor):
        return caps.set_cap(**given | changes)


def in_force(region, day, authority=None):
    with acting_as(public()):
        found = cap_in_force(region.category.pk, authority and authority.pk, day)
    return found and found.year_pence


def test_a_cap_ends_the_one_before_it(region, manager):
    set_cap(region, manager)
    set_cap(region, manager, year_pence=FORTY + 1, from_date=TODAY + 10 * DAY)

    assert [in_force(region, TODAY + number * DAY) for number in (-1, 0, 9, 10, 100)] == [
        None,
        FORTY,
        FORTY,
        FORTY + 1,
        FORTY + 1,
    ]
    assert in_force(region, TODAY, region.east) is None


def test_a_council_s_cap_is_its_own(region, manager, east_administrator):
    set_cap(region, manager, authority_id=region.west.pk, year_pence=1_00)
    set_cap(region, east_administrator, authority_id=region.east.pk, year_pence=2_00)

    assert [in_force(region, TODAY, one) for one in (region.west, region.east, None)] == [
        1_00,
        2_00,
        None,
    ]
    with acting_as(system(region.east.pk)):
        assert AuditEvent.objects.filter(action="cap.set").count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, caps.CapNeedsReason),
        ({"year_pence": 0}, caps.CapOutOfBounds),
        ({"year_pence": -1}, caps.CapOutOfBounds),
        ({"year_pence": 1_000_000_000}, caps.CapOutOfBounds),
        ({"from_date": TODAY - DAY}, caps.CapStartsTooEarly),
    ],
)
def test_what_cannot_be_a_cap_is_refused_and_nothing_changes(region, manager, changes, refusal):
    with pytest.raises(refusal):
        set_cap(region, manager, **changes)

    assert in_force(region, TODAY) is None


def test_a_cap_starts_after_the_one_that_it_replaces(region, manager):
    set_cap(region, manager)
    with pytest.raises(caps.CapStartsTooEarly):
        set_cap(region, manager, year_pence=5)
    assert in_force(region, TODAY) == FORTY


def test_a_cap_is_lifted_from_a_day_on(region, manager):
    cap = set_cap(region, manager)
    given = {"cap_id": cap.pk, "actor": manager, "now": NOON}
    with acting_as(manager):
        for changes, refusal in (
            ({"until_date": TODAY + DAY, "reason": ""}, caps.CapNeedsReason),
            ({"until_date": TODAY, "reason": "x"}, caps.CapStartsTooEarly),
            ({"until_date": TODAY - DAY, "reason": "x"}, caps.CapStartsTooEarly),
        ):
            with pytest.raises(refusal):
                caps.lift_cap(**given | changes)
        caps.lift_cap(**given, until_date=TODAY + DAY, reason="Too low")
        with pytest.raises(caps.CapIsOver):
            late = given | {"now": NOON + DAY}
            caps.lift_cap(**late, until_date=TODAY + 2 * DAY, reason="Again")

    assert [in_force(region, TODAY + number * DAY) for number in (0, 1)] == [FORTY, None]


@pytest.mark.parametrize("whose", ["west", None])
def test_an_administrator_sets_no_cap_but_the_council_s_own(region, east_administrator, whose):
    authority_id = getattr(region, whose).pk if whose else None
    with pytest.raises(NotPermitted):
        set_cap(region, east_administrator, authority_id=authority_id)


@pytest.mark.parametrize(
    "role", [Role.COMMISSIONER, Role.SENIOR_CONTRACTS_OFFICER, Role.PROVIDER_ADMINISTRATOR]
)
def test_nobody_else_sets_any(region, role):
    if role is Role.PROVIDER_ADMINISTRATOR:
        actor = make_school(region).head
    else:
        actor = make_person(role, authority=region.east)
    with pytest.raises(NotPermitted):
        set_cap(region, actor, authority_id=region.east.pk)


def test_the_database_keeps_a_council_from_another_s_cap(region, manager, east_administrator):
    set_cap(region, manager, authority_id=region.west.pk)
    set_cap(region, manager)
    columns = "(id, category_id, authority_id, year_pence, from_date, reason, made_at)"
    for whose in (str(region.west.pk), "NULL"):
        with pytest.raises(DatabaseError, match="row-level security"):
            write(
                east_administrator,
                f"INSERT INTO qualification_cap {columns} VALUES (gen_random_uuid(),"
                f" '{region.category.pk}', {whose}, 1, '2030-01-01', 'x', now())",
            )
    assert write(east_administrator, "UPDATE qualification_cap SET year_pence = 1") == 0
    for actor in (public(), make_school(region).head):
        with pytest.raises(DatabaseError, match="permission denied"):
            write(actor, "UPDATE qualification_cap SET year_pence = 1")


def write(actor, sql):
    with acting_as(actor), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.rowcount


def test_the_effect_counts_those_above_and_their_placements(region, manager, east_administrator):
    awarded(region, name="Ash School")
    awarded(region, region.east, "Birch School")
    listed(region, "Elm School", la_name="Kent")
    awarded(region, region.east, "Fir School", state="recommended")

    def effect(actor, year, authority_id=None):
        with acting_as(actor):
            return effect_of(region.category, year, authority_id=authority_id, actor=actor)

    at, below = effect(manager, FORTY), effect(manager, FORTY - 1)
    assert (at.left_out, at.holding, at.placement_count, at.councils) == ((), 0, 0, ())
    assert [each.name for each in below.left_out] == [
        "Ash School",
        "Birch School",
        "Elm School",
        "Fir School",
    ]
    assert (below.holding, below.placement_count, below.sifted.total) == (2, 2, 4)
    assert below.councils == (
        CouncilEffect("East Sussex", 0, 1, 1),
        CouncilEffect("West Sussex", 3, 1, 1),
        CouncilEffect("Kent", 1, 0, 0),
    )
    own = effect(east_administrator, FORTY - 1, region.east.pk)
    assert (own.holding, own.placement_count, len(own.left_out)) == (1, 1, 4)
    assert {each.year_pence for each in own.left_out} == {None}
    asked_by_manager = effect(manager, FORTY - 1, region.east.pk)
    assert (asked_by_manager.councils, asked_by_manager.holding) == (own.councils, 1)


def test_nobody_adopts_a_cap_whose_effect_has_changed(region, manager):
    listed(region, "Ash School")
    given = {
        "category_id": region.category.pk,
        "authority_id": None,
        "year_pence": FORTY - 1,
        "from_date": TODAY,
        "reason": "As benchmarked",
        "actor": manager,
        "now": NOON,
    }
    with acting_as(manager):
        seen = effect_of(region.category, FORTY - 1, authority_id=None, actor=manager).fingerprint
    listed(region, "Birch School")
    with acting_as(manager):
        with pytest.raises(EffectChanged):
            adopt_cap(**given, seen=seen)
        assert not Cap.objects.exists()
        now_seen = effect_of(
            region.category, FORTY - 1, authority_id=None, actor=manager
        ).fingerprint
        adopt_cap(**given, seen=now_seen)
        assert Cap.objects.get().year_pence == FORTY - 1


@pytest.mark.parametrize("is_common", [True, False])
def test_providers_above_are_told_once_why_and_what_next(region, is_common, east_administrator):
    school = make_school(region, "Ash School")
    actor = make_officer(Role.DPS_MANAGER) if is_common else east_administrator
    chain = REGION_ID if is_common else region.east.pk
    set_cap(
        region,
        actor,
        authority_id=None if is_common else region.east.pk,
        year_pence=FORTY - 1,
    )
    for _ in ("tell", "deliver", "nothing is left"):
        for job_id in relay.lease(chain, now=NOON):
            relay.run(chain, job_id, now=NOON)

    with acting_as(system(chain)):
        [message] = Message.objects.filter(to_person_id=school.head.person_id)
    assert ("East Sussex" in message.subject) is not is_common
    assert "- Ash School" in message.body
    assert "caps core costs for SEN day at £39,999.99 a year" in message.body
    assert ("does not invite them" in message.body) is not is_common


def today():
    return timezone.localtime().date()


def typed(region, **changes):
    day = today() + 30 * DAY
    return {
        "category": "sen-day",
        "authority": "common",
        "year": "39,999.99",
        "from_date_day": day.day,
        "from_date_month": day.month,
        "from_date_year": day.year,
        "reason": "As benchmarked",
        "do": "look",
    } | changes


def seen_on(response):
    return re.search(r'name="seen" value="([0-9a-f]*)"', response.content.decode())[1]


def test_the_page_shows_whom_it_leaves_out_before_it_is_adopted(region, manager, browser):
    awarded(region, name="Ash School")
    listed(region, "Elm School", la_name="Kent")
    client = browser(manager)

    looked = client.post(NEW, typed(region))
    words = text_of(looked)
    assert "2 of 2 on the list of SEN day cost more" in words
    assert "1 of them holds placements now: 1 child." in words
    assert "Ash School West Sussex £40,000 £0.01 1" in words
    assert "West Sussex 1 1 1 Kent 1 0 0" in words
    assert "Up to the cap" in words
    with acting_as(BOSS):
        assert not Cap.objects.exists()

    response = client.post(NEW, typed(region, do="adopt", seen=seen_on(looked)))
    assert response["Location"] == ALL
    assert "SEN day All councils £39,999.99" in text_of(client.get(ALL))
    with acting_as(BOSS):
        cap = Cap.objects.get()
    lift = reverse("contracts:lift_cap", args=[cap.pk])
    given = {f"until_date_{part}": value for part, value in parts(today() + 60 * DAY)}
    client.post(lift, given | {"reason": "Too low"})
    with acting_as(BOSS):
        cap.refresh_from_db()
    assert cap.until_date == today() + 60 * DAY


def parts(day):
    return (("day", day.day), ("month", day.month), ("year", day.year))


def test_a_cap_that_nobody_looked_at_is_not_adopted(region, manager, browser):
    listed(region, "Ash School")
    response = browser(manager).post(NEW, typed(region, do="adopt", seen=""))

    assert response.status_code == 409
    words = text_of(response)
    assert "Whom this cap leaves out has changed since you looked" in words
    assert "1 of 1 on the list of SEN day" in words
    assert "As benchmarked" in words
    again = browser(manager).post(NEW, typed(region, do="adopt", seen=seen_on(response)))
    assert again["Location"] == ALL


@pytest.mark.parametrize("amount", ["NaN", "-1", "١٢٣", "1e9", "", "0", "10,000,000.00", "1.234"])
def test_an_amount_that_cannot_be_is_said_at_the_field(region, manager, browser, amount):
    response = browser(manager).post(NEW, typed(region, year=amount))

    assert response.status_code == 400
    page = response.content.decode()
    assert page.count('class="govuk-error-message"') == 1
    assert f'value="{amount}"' in page or not amount
    assert "As benchmarked" in page


def test_an_administrator_is_offered_the_own_council_alone(region, east_administrator, browser):
    client = browser(east_administrator)
    words = text_of(client.get(NEW))

    assert ("East Sussex" in words, "West Sussex" in words, "All councils" in words) == (
        True,
        False,
        False,
    )
    for other in ("common", str(region.west.pk)):
        assert client.post(NEW, typed(region, authority=other)).status_code == 400


def test_those_who_only_read_cannot_set_or_lift(region, manager, browser):
    cap = set_cap(region, manager)
    reader = browser(make_officer(Role.DATA_ANALYST))

    assert "Set a cap" not in text_of(reader.get(ALL))
    lift = reverse("contracts:lift_cap", args=[cap.pk])
    for address in (NEW, lift):
        assert reader.get(address).status_code == 403
        assert reader.post(address).status_code == 403
    assert browser(make_school(region).head).get(ALL).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_effect_asks_as_often_for_three_as_for_one(
    region, manager, number, django_assert_num_queries
):
    for _ in range(number):
        listed(region)
    with acting_as(manager):
        with django_assert_num_queries(4):
            effect_of(region.category, 1, authority_id=None, actor=manager)
        assert len(costings(region.category)) == number
