"""Core costs, their copies and discounts: saved once, by one, seen by those who may."""

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.models import AuditEvent
from dps.money import Basis
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification import fingerprints
from qualification.core_costs import CostEntry, Driver
from qualification.discounts import DiscountFalls, DiscountKind, Step, WrongDiscount
from qualification.models import Application, CostHead, Discount
from qualification.queries.discounts import discounts_of, steps_of
from qualification.services import applying, deciding, discounting
from qualification.services.answering import ChangedMeanwhile, NotADraft
from qualification.services.costs import NothingToCopy, WrongCost, copy_core_costs
from qualification.shipped_costs import HEADS, SEN_HEADS
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import COSTS, make_applying

BOSS = system(REGION_ID)
SIBLINGS, COHORT = DiscountKind.SIBLINGS, DiscountKind.COHORT
OFFERED = (Step(COHORT, 4, 2_50), Step(SIBLINGS, 2, 5_00), Step(SIBLINGS, 3, 7_50))
PREMISES = CostEntry("premises", 100_00, Basis.WEEK, Driver.ENERGY)


@pytest.fixture
def oak(region):
    return make_applying(region)


def copy(oak, application, other, *, actor=None, seen=None):
    actor = actor or oak.head
    with acting_as(actor):
        return copy_core_costs(
            application_id=application.id,
            from_application_id=other.id,
            seen=seen,
            actor=actor,
            now=NOON,
        )


def offer(oak, application, *steps, actor=None, seen=None):
    actor = actor or oak.head
    with acting_as(actor):
        return discounting.set_discounts(
            application_id=application.id, steps=steps, seen=seen, actor=actor, now=NOON
        )


def offered(application):
    with acting_as(BOSS):
        return steps_of(application.id)


def test_a_cost_without_a_driver_gets_the_usual_one_of_its_head(oak):
    application = oak.start()

    oak.put(application, PREMISES, CostEntry("core_staffing", 1, Basis.YEAR))

    drivers = {each.code: each.driver for each in oak.contents(application).entries}
    assert drivers == {"premises": Driver.ENERGY, "core_staffing": Driver.PAY}


def test_a_driver_that_there_is_not_is_refused_and_nothing_changed(oak):
    application = oak.start()

    with pytest.raises(WrongCost):
        oak.put(application, CostEntry("premises", 1, Basis.YEAR, "luck"))

    assert oak.contents(application).entries == ()


def test_the_rows_of_a_schedule_are_those_shipped(oak):
    rows = CostHead.objects.filter(rule_set__category=oak.region.category).order_by("position")

    kept = [(row.code, row.schedule, row.driver, row.is_optional) for row in rows]
    assert kept == [(h.code, h.schedule, h.driver.value, h.is_optional) for h in SEN_HEADS]
    assert set(HEADS) >= {oak.region.category.code}


def test_costs_are_copied_in_one_step_and_the_trail_says_from_where(oak):
    first, second = oak.start(), oak.start(establishment=oak.another_establishment("Annexe").id)
    oak.put(first, PREMISES, CostEntry("central", 7, Basis.MONTH))

    copy(oak, second, first)

    assert oak.contents(second).entries == oak.contents(first).entries
    with acting_as(BOSS):
        event = AuditEvent.objects.get(action="application.costs_copied")
    assert str(first.id) in event.body


def test_what_cannot_be_copied_is_refused_and_nothing_changed(oak):
    first, empty = oak.start(), oak.start(establishment=oak.another_establishment("Annexe").id)
    rival = make_applying(oak.region, "Rival Trust")
    theirs = rival.start()
    rival.put(theirs, PREMISES)
    oak.put(first, PREMISES)

    for other in (empty, theirs):
        with pytest.raises(NothingToCopy):
            copy(oak, first, other)
    with pytest.raises(Application.DoesNotExist):
        copy(oak, theirs, first)

    assert oak.contents(first).entries == (PREMISES,)
    assert rival.contents(theirs).entries == (PREMISES,)


def test_copying_over_what_a_colleague_changed_is_refused(oak):
    first, second = oak.start(), oak.start(establishment=oak.another_establishment("Annexe").id)
    oak.put(first, PREMISES)
    seen = oak.contents(second).costs_fingerprint
    oak.put(second, CostEntry("central", 9, Basis.YEAR), actor=oak.writer)

    with pytest.raises(ChangedMeanwhile):
        copy(oak, second, first, seen=seen)

    assert [each.code for each in oak.contents(second).entries] == ["central"]


def test_costs_and_discounts_of_what_was_sent_do_not_change(oak):
    draft = oak.start(establishment=oak.another_establishment("Annexe").id)
    oak.put(draft, PREMISES)
    sent = oak.submitted()

    with pytest.raises(NotADraft):
        copy(oak, sent, draft)
    with pytest.raises(NotADraft):
        offer(oak, sent, *OFFERED)

    assert {each.code for each in oak.contents(sent).entries} == {each.code for each in COSTS}
    assert offered(sent) == ()


def test_discounts_are_replaced_as_a_whole(oak):
    application = oak.start()
    offer(oak, application, *OFFERED)

    offer(oak, application, OFFERED[1])

    assert offered(application) == (OFFERED[1],)
    with acting_as(BOSS):
        last = AuditEvent.objects.filter(action="application.discounts_saved").last()
    assert '["siblings",2,500]' in last.body.replace(" ", "")


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ((Step(SIBLINGS, 2, 5_00), Step(SIBLINGS, 3, 4_99)), DiscountFalls),
        ((Step(SIBLINGS, 2, 5_00), Step(SIBLINGS, 2, 5_00)), WrongDiscount),
        ((Step(COHORT, 1, 5_00),), WrongDiscount),
        ((Step(COHORT, 2, 0),), WrongDiscount),
        ((Step(COHORT, 2, 100_01),), WrongDiscount),
    ],
)
def test_discounts_that_make_no_sense_are_refused_and_nothing_changed(oak, steps, refusal):
    application = oak.start()
    offer(oak, application, *OFFERED)

    with pytest.raises(refusal):
        offer(oak, application, *steps)

    assert offered(application) == OFFERED


def test_discounts_that_a_colleague_changed_are_not_lost(oak):
    application = oak.start()
    seen = fingerprints.of_discounts(())
    offer(oak, application, OFFERED[0], actor=oak.writer, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        offer(oak, application, OFFERED[1], seen=seen)

    assert offered(application) == (OFFERED[0],)


def test_whoever_may_not_writes_no_discounts(oak):
    application = oak.start()
    council = make_person(Role.COMMISSIONER, authority=oak.region.west)

    with pytest.raises(NotPermitted):
        offer(oak, application, *OFFERED, actor=council)

    assert offered(application) == ()


@pytest.mark.off_switch("discounts-of-those-on-a-list")
def test_discounts_are_read_by_their_provider_and_once_qualified_by_councils(oak):
    application = oak.start()
    offer(oak, application, *OFFERED)
    council = make_person(Role.COMMISSIONER, authority=oak.region.east)
    rival = make_applying(oak.region, "Rival Trust")
    place, category = oak.establishment.id, oak.region.category.id
    readers = {"council": council, "rival": rival.head, "public": public()}
    before = {name: rows(actor) for name, actor in readers.items()}
    oak.complete(application)
    with acting_as(oak.head):
        applying.submit_application(application_id=application.id, actor=oak.head, now=NOON)
    oak.grade(application)
    oak.moderate(application)
    with acting_as(oak.second):
        deciding.decide(
            application_id=application.id,
            qualifies=True,
            reason="All is met.",
            failed=(),
            actor=oak.second,
            now=NOON,
        )

    after = {name: rows(actor) for name, actor in readers.items()}
    assert before == {"council": 0, "rival": 0, "public": None}
    assert after == {"council": 3, "rival": 0, "public": None}
    with acting_as(council):
        assert discounts_of(place, category) == OFFERED


def rows(actor):
    with acting_as(actor):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM qualification_discount")
                return cursor.fetchone()[0]
        except DatabaseError:
            return None


@pytest.mark.off_switch("discounts-of-own-draft", raises=pytest.fail.Exception)
def test_a_rival_writes_no_discount_into_a_draft(oak):
    application = oak.start()
    rival = make_applying(oak.region, "Rival Trust")

    for provider_id in (rival.provider.id, oak.provider.id):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival.head):
            Discount.objects.create(
                provider_id=provider_id,
                application_id=application.id,
                kind="cohort",
                from_children=2,
                percent=1,
            )
