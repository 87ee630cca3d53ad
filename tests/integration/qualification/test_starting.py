"""Starting to join: who may apply for what, one by one and forty at once."""

from dataclasses import replace

import pytest

from dps.actors import REGION_ID, system
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Claim
from qualification.models import Application, Joining, RuleSet
from qualification.places import Place
from qualification.services import applying, starting
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def test_start_application_makes_a_draft_in_a_joining_of_the_provider(oak):
    before = len(verbs())

    application = oak.start()

    assert (application.state, application.provider_id, application.started_at) == (
        "draft",
        oak.provider.id,
        NOON,
    )
    assert (application.joining.number, application.rule_set.number) == (1, 1)
    assert verbs()[before:] == ["joining.started", "application.started"]


def test_more_go_into_the_joining_that_is_being_written_until_it_is_sent(oak):
    first = oak.start()
    second = oak.start(establishment=oak.another_establishment("Oak Annexe").id)
    for each in (first, second):
        oak.complete(each)
    with acting_as(oak.head):
        applying.submit_applications(
            joining_id=first.joining_id,
            application_ids=[first.id, second.id],
            actor=oak.head,
            now=NOON,
        )

    third = oak.start(establishment=oak.another_establishment("Oak House").id)

    assert (first.joining_id == second.joining_id, third.joining.number) == (True, 2)


def add(oak, joining, *places, actor=None):
    actor = actor or oak.head
    with acting_as(actor):
        return starting.add_applications(
            joining_id=joining.id, wanted=places, actor=actor, now=NOON
        )


def start_joining(oak):
    with acting_as(oak.head):
        return applying.start_joining(actor=oak.head, now=NOON)


def place(oak, establishment):
    return Place(establishment.id, oak.region.category.id)


def test_forty_are_added_at_once(oak):
    homes = [oak.another_establishment(f"Oak House {n}") for n in range(40)]

    made = add(oak, start_joining(oak), *(place(oak, home) for home in homes))

    assert {each.establishment_id for each in made} == {home.id for home in homes}
    assert verbs().count("application.started") == 40


def test_nothing_and_one_that_is_taken_are_refused_and_nothing_is_added(oak):
    oak.start()
    joining = start_joining(oak)
    annexe = oak.another_establishment("Oak Annexe")

    with pytest.raises(starting.ChooseSome):
        add(oak, joining)
    with pytest.raises(starting.AlreadyApplying):
        add(oak, joining, place(oak, annexe), place(oak, oak.establishment))

    with acting_as(BOSS):
        assert Application.objects.count() == 1


def test_a_claim_that_waits_may_apply_too(region):
    elm = make_applying(region, "Elm Trust", is_confirmed=False)

    assert elm.start().state == "draft"


def close(oak):
    oak.establishment.is_open = False


def make_state_funded(oak):
    oak.establishment.is_procured = False


def give_away(oak):
    oak.establishment.provider = make_applying(oak.region, "Rival Trust").provider


@pytest.mark.parametrize("change", [close, make_state_funded, give_away])
def test_start_application_refuses_an_establishment_that_cannot_apply(oak, change):
    change(oak)
    with acting_as(BOSS):
        oak.establishment.save()
    before = verbs()

    with pytest.raises(starting.NotYourEstablishment):
        oak.start()

    with acting_as(BOSS):
        assert (Application.objects.count(), Joining.objects.count()) == (0, 0)
    assert verbs() == before


def test_start_application_refuses_while_one_is_in_progress_or_qualified(oak):
    oak.start()
    with pytest.raises(starting.AlreadyApplying):
        oak.start()

    fir = make_applying(oak.region, "Fir Trust")
    fir.decided()
    with pytest.raises(starting.AlreadyQualified):
        fir.start()

    with acting_as(BOSS):
        assert Application.objects.count() == 2


def test_start_application_refuses_a_category_without_rules(oak):
    with acting_as(BOSS):
        RuleSet.objects.update(until_date=NOON.date())

    with pytest.raises(starting.CategoryNotOpen):
        oak.start()


def test_somebody_without_a_provider_has_nothing_to_apply_for(oak):
    nobody = replace(oak.head, provider_id=None)

    with acting_as(nobody), pytest.raises(starting.NotYourEstablishment):
        applying.start_application(
            establishment_id=oak.establishment.id,
            category_id=oak.region.category.id,
            actor=nobody,
            now=NOON,
        )


def test_officers_do_not_write_applications(oak):
    with acting_as(oak.officer), pytest.raises(NotPermitted):
        applying.start_application(
            establishment_id=oak.establishment.id,
            category_id=oak.region.category.id,
            actor=oak.officer,
            now=NOON,
        )


def test_a_rival_with_a_false_claim_does_not_shut_the_owner_out(oak):
    rival = make_applying(oak.region, "Rival Trust")
    with acting_as(BOSS):
        Claim.objects.create(
            provider=rival.provider,
            establishment=oak.establishment,
            claimed_by_id=rival.head.person_id,
            claimed_at=NOON,
        )
    rival.start(establishment=oak.establishment.id)

    assert oak.start().state == "draft"


def test_a_draft_is_taken_out_by_any_of_its_people_and_nothing_sent_is(oak):
    draft = oak.start()
    with acting_as(oak.writer):
        removed = applying.remove_application(application_id=draft.id, actor=oak.writer, now=NOON)
    assert removed.state == "withdrawn"

    sent = oak.submitted()
    with acting_as(oak.writer), pytest.raises(starting.NotADraftAnyMore):
        applying.remove_application(application_id=sent.id, actor=oak.writer, now=NOON)
