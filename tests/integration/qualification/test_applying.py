"""Sending and withdrawing; each refusal ends with nothing changed."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.models import EntryWindow, Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Inspection
from qualification.core_costs import CostEntry
from qualification.models import Answer, Application, SentAnswer
from qualification.places import Place
from qualification.services import applying, starting
from tests.factories.kernel import NOON
from tests.factories.qualification import COSTS, make_applying, verbs

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def submit(oak, *applications, actor=None, now=NOON):
    actor = actor or oak.head
    with acting_as(actor):
        return applying.submit_applications(
            joining_id=applications[0].joining_id,
            application_ids=[each.id for each in applications],
            actor=actor,
            now=now,
        )


def ready(oak, *names):
    """Complete drafts in one joining: of the establishment, and of others with these names."""
    drafts = [oak.start()]
    drafts += [oak.start(establishment=oak.another_establishment(name).id) for name in names]
    for each in drafts:
        oak.complete(each)
    return drafts


def test_submitting_several_tells_once_by_when_they_are_decided(oak):
    drafts = ready(oak, "Oak Annexe")
    before = len(verbs())

    sent = submit(oak, *drafts)

    assert {(each.state, each.submitted_at, each.submitted_by_id) for each in sent} == {
        ("submitted", NOON, oak.head.person_id)
    }
    assert verbs()[before:] == ["application.submitted"] * 2
    with acting_as(BOSS):
        messages = list(Message.objects.order_by("id").values_list("template", "context"))
    told = [(template, context["due"], sorted(context["names"])) for template, context in messages]
    names = ["Oak Annexe: SEN day", "Oak Trust School: SEN day"]
    assert told == [("qualification/application_received", "23 November 2026", names)] * 2


def test_an_answer_common_to_several_is_sent_once(oak):
    drafts = ready(oak, "Oak Annexe")

    submit(oak, *drafts)

    with acting_as(BOSS):
        answers = Answer.objects.count()
        assert SentAnswer.objects.count() == 2 * answers
        assert not Answer.objects.filter(sent_at__isnull=True).exists()


def test_the_rest_is_sent_later_with_the_same_answers(oak):
    first, second = ready(oak, "Oak Annexe")
    submit(oak, first)

    submit(oak, second, now=NOON + timedelta(days=1))

    with acting_as(BOSS):
        of_each = [
            set(SentAnswer.objects.filter(application=each).values_list("answer_id", flat=True))
            for each in (first, second)
        ]
    assert of_each[0] == of_each[1]


def leave_out_an_answer(oak, application):
    Answer.objects.filter(question__code="workforce").delete()


def write_too_much(oak, application):
    Answer.objects.filter(question__code="workforce").update(text="word " * 401)


def leave_out_a_cost(oak, application):
    with acting_as(oak.head):
        applying.set_core_costs(
            application_id=application.id, lines=COSTS[1:], actor=oak.head, now=NOON
        )


def cost_nothing(oak, application):
    free = [CostEntry(line.code, 0, line.basis) for line in COSTS]
    with acting_as(oak.head):
        applying.set_core_costs(application_id=application.id, lines=free, actor=oak.head, now=NOON)


def let_a_certificate_lapse(oak, application):
    oak.lose_evidence("public_liability")


def fail_the_inspection(oak, application):
    Inspection.objects.create(
        establishment=oak.establishment,
        inspector="Ofsted",
        scale="ofsted_overall_grade",
        result="inadequate",
        inspected_on=date(2026, 5, 1),
        recorded_at=NOON,
    )


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (leave_out_an_answer, "Workforce"),
        (write_too_much, "Workforce"),
        (leave_out_a_cost, "Core costs"),
        (cost_nothing, "Core costs"),
        (let_a_certificate_lapse, "Insurances: evidence"),
        (fail_the_inspection, "Inspection result"),
    ],
)
def test_an_incomplete_application_is_not_sent(oak, spoil, named):
    (application,) = ready(oak)
    with acting_as(BOSS):
        spoil(oak, application)
    before = verbs()

    with pytest.raises(applying.NotComplete) as refused:
        submit(oak, application)

    assert str(refused.value) == f"Complete these parts first: {named}"
    with acting_as(BOSS):
        assert Application.objects.get().state == "draft"
        assert not SentAnswer.objects.exists()
    assert verbs() == before


def test_one_that_is_incomplete_holds_back_all_and_is_named(oak):
    drafts = ready(oak)
    drafts.append(oak.start(establishment=oak.another_establishment("Oak Annexe").id))

    with pytest.raises(applying.NotComplete) as refused:
        submit(oak, *drafts)

    assert str(refused.value) == "These are not complete yet: Oak Annexe (SEN day)"
    with acting_as(BOSS):
        assert not Application.objects.filter(state="submitted").exists()


def test_none_and_another_joining_s_are_refused(oak):
    (application,) = ready(oak)
    rival = make_applying(oak.region, "Rival Trust")
    (rivals,) = ready(rival)

    for ids in ([], [rivals.id], [application.id, rivals.id]):
        with pytest.raises(applying.NothingChosen), acting_as(oak.head):
            applying.submit_applications(
                joining_id=application.joining_id, application_ids=ids, actor=oak.head, now=NOON
            )


def test_only_an_administrator_of_the_provider_sends(oak):
    (application,) = ready(oak)

    with pytest.raises(NotPermitted):
        submit(oak, application, actor=oak.writer)


def window(oak, opens, closes=None):
    with acting_as(BOSS):
        EntryWindow.objects.create(
            market=oak.region.category.market,
            opens_on=NOON.date() + timedelta(days=opens),
            closes_on=None if closes is None else NOON.date() + timedelta(days=closes),
            made_at=NOON,
        )


def test_after_the_market_has_ended_nothing_is_sent(oak):
    (application,) = ready(oak)

    with pytest.raises(applying.MarketClosed, match="ended on 22 February 2029"):
        submit(oak, application, now=NOON + timedelta(days=1000))


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([(1,)], "Applications can be sent from 3 November 2026"),
        ([(-30, -1)], "No applications are taken now"),
        ([(-30, -1), (5, 9)], "Applications can be sent from 7 November 2026"),
    ],
)
def test_outside_a_window_nothing_is_sent(oak, windows, words):
    (application,) = ready(oak)
    for each in windows:
        window(oak, *each)

    with pytest.raises(applying.MarketClosed, match=words):
        submit(oak, application)


def test_the_last_day_of_a_window_counts(oak):
    (application,) = ready(oak)
    window(oak, -30, 0)

    assert submit(oak, application)[0].state == "submitted"


def withdraw(oak, application, *, actor=None):
    actor = actor or oak.head
    with acting_as(actor):
        return applying.withdraw_application(application_id=application.id, actor=actor, now=NOON)


def test_withdraw_application_frees_the_way_to_start_again(oak):
    application = oak.submitted()

    assert withdraw(oak, application).state == "withdrawn"

    again = oak.start(now=NOON + timedelta(days=1))
    contents = oak.contents(again)
    assert (contents.missing, len(contents.entries)) == ((), len(COSTS))


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


def test_answers_are_carried_into_another_joining_but_grounds_are_declared_afresh(oak):
    application = oak.submitted()
    withdraw(oak, application)

    (again,) = add(oak, start_joining(oak), place(oak, oak.establishment))

    contents = oak.contents(again)
    assert (contents.missing, len(contents.entries)) == (("Exclusion grounds",), len(COSTS))


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
