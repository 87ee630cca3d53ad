"""Starting, sending and withdrawing an application; each refusal ends with nothing changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.models import Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Claim
from qualification.core_costs import CostEntry
from qualification.models import Answer, Application, Criterion
from qualification.services import applying, starting
from qualification.services.setting_up import install_rules
from tests.factories.kernel import NOON
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def test_start_application_makes_a_draft_of_the_provider(oak):
    before = len(verbs())

    application = oak.start()

    assert (application.state, application.provider_id, application.started_at) == (
        "draft",
        oak.provider.id,
        NOON,
    )
    assert verbs()[before:] == ["application.started"]


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
        assert not Application.objects.exists()
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
        Criterion.objects.all().delete()

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


def submit(oak, application, *, actor=None, now=NOON):
    actor = actor or oak.head
    with acting_as(actor):
        return applying.submit_application(application_id=application.id, actor=actor, now=now)


def test_submit_application_says_by_when_it_is_decided(oak):
    application = oak.start()
    oak.complete(application)
    before = len(verbs())

    sent = submit(oak, application)

    assert (sent.state, sent.submitted_at, sent.submitted_by_id) == (
        "submitted",
        NOON,
        oak.head.person_id,
    )
    assert verbs()[before:] == ["application.submitted"]
    with acting_as(BOSS):
        messages = list(Message.objects.order_by("id").values_list("template", "context"))
    assert [(template, context["due"]) for template, context in messages] == [
        ("qualification/application_received", "23 November 2026")
    ] * 2


def leave_out_an_answer(oak, application):
    Answer.objects.filter(criterion__code="workforce").delete()


def write_too_much(oak, application):
    Answer.objects.filter(criterion__code="workforce").update(text="word " * 401)


def leave_out_a_cost(oak, application):
    with acting_as(oak.head):
        applying.set_core_costs(
            application_id=application.id, lines=COSTS[1:], actor=oak.head, now=NOON
        )


def cost_nothing(oak, application):
    free = [CostEntry(line.code, 0, line.basis) for line in COSTS]
    with acting_as(oak.head):
        applying.set_core_costs(application_id=application.id, lines=free, actor=oak.head, now=NOON)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (leave_out_an_answer, "Workforce"),
        (write_too_much, "Workforce"),
        (leave_out_a_cost, "Core costs"),
        (cost_nothing, "Core costs"),
    ],
)
def test_an_incomplete_application_is_not_sent(oak, spoil, named):
    application = oak.start()
    oak.complete(application)
    with acting_as(BOSS):
        spoil(oak, application)
    before = verbs()

    with pytest.raises(applying.NotComplete) as refused:
        submit(oak, application)

    assert str(refused.value) == f"Complete these parts first: {named}"
    with acting_as(BOSS):
        assert Application.objects.get().state == "draft"
    assert verbs() == before


def test_only_an_administrator_of_the_provider_sends(oak):
    application = oak.start()
    oak.complete(application)

    with pytest.raises(NotPermitted):
        submit(oak, application, actor=oak.writer)


def test_an_application_outside_the_market_s_time_is_not_sent(oak):
    application = oak.start()
    oak.complete(application)

    with pytest.raises(applying.MarketClosed):
        submit(oak, application, now=NOON + timedelta(days=1000))


def withdraw(oak, application, *, actor=None):
    actor = actor or oak.head
    with acting_as(actor):
        return applying.withdraw_application(application_id=application.id, actor=actor, now=NOON)


def test_withdraw_application_frees_the_way_to_start_again(oak):
    application = oak.submitted()

    assert withdraw(oak, application).state == "withdrawn"

    again = oak.start(now=NOON + timedelta(days=1))
    contents = oak.contents(again)
    assert (contents.missing, contents.entries) == ((), COSTS)


def test_a_decided_application_is_not_withdrawn(oak):
    application = oak.decided()

    with pytest.raises(IllegalTransition):
        withdraw(oak, application)

    with acting_as(BOSS):
        assert Application.objects.get().state == "qualified"


def test_a_writer_does_not_withdraw(oak):
    application = oak.start()

    with pytest.raises(NotPermitted):
        withdraw(oak, application, actor=oak.writer)


def test_rules_of_the_first_day_stay_with_the_application(oak):
    application = oak.start()
    with acting_as(BOSS):
        install_rules(
            category=oak.region.category,
            from_date=(NOON + timedelta(days=1)).date(),
            actor=BOSS,
            now=NOON,
        )
    first = {each.criterion.id for each in oak.contents(application).answered}
    assert len(first) == 9
    withdraw(oak, application)

    later = oak.start(now=NOON + timedelta(days=2))

    assert first.isdisjoint(each.criterion.id for each in oak.contents(later).answered)
