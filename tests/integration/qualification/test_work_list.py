"""The work list of the central team: by age and risk, one's own work first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from dps.tenancy.models import uuid7
from providers.models import Inspection, Provider
from qualification.models import Application
from qualification.presenters.deciding import time_left
from qualification.services import evaluators
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of
from tests.integration.qualification.test_checking import ask, reply, several

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


def test_the_work_list_shows_the_oldest_first_and_no_drafts(oak, sign_in):
    elm, fir = make_applying(oak.region, "Elm Trust"), make_applying(oak.region, "Fir Trust")
    oak.submitted(now=NOON)
    elm.submitted(now=NOON - 3 * DAY)
    fir.start()

    shown = text_of(sign_in(oak.officer).get(page("queue")))

    assert shown.index("Elm Trust School") < shown.index("Oak Trust School")
    assert "Fir Trust School" not in shown
    assert "Check stage 1" in shown


def test_one_line_stands_for_all_that_a_provider_applies_for_in_one_go(oak, sign_in):
    several(oak, 3)

    shown = text_of(sign_in(oak.officer).get(page("queue")))

    assert "Oak Trust, 3 establishments: SEN day" in shown
    assert "Check stage 1 (3)" in shown


def test_what_waits_for_the_person_comes_first(oak, sign_in):
    elm = make_applying(oak.region, "Elm Trust")
    elm.submitted(now=NOON - 9 * DAY)
    application = oak.submitted(now=NOON)
    reply(oak, ask(oak, application, "insurances"))

    mine = text_of(sign_in(oak.officer).get(page("queue")))
    others = text_of(sign_in(elm.officer).get(page("queue")))

    assert "The provider has replied to you" in mine
    assert mine.index("Oak Trust School") < mine.index("Elm Trust School")
    assert "The provider has replied to you" not in others
    assert others.index("Elm Trust School") < others.index("Oak Trust School")


def test_an_officer_who_is_asked_to_grade_sees_it_in_the_list(oak, sign_in):
    application = oak.submitted()
    with acting_as(oak.officer):
        evaluators.ask_evaluators(
            joining_id=application.joining_id,
            person_ids=[oak.second.person_id, oak.graders[0].person_id],
            actor=oak.officer,
            now=NOON,
        )

    assert "You are asked to grade it" in text_of(sign_in(oak.second).get(page("queue")))
    assert "You are asked to grade it" not in text_of(sign_in(oak.officer).get(page("queue")))


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("checked", "Ask people to grade"),
        ("graded", "Close the grading"),
        ("moderated", "Decide"),
    ],
)
def test_the_next_step_follows_the_stage(oak, sign_in, stage, words):
    getattr(oak, stage)()

    assert words in text_of(sign_in(oak.officer).get(page("queue")))


def test_what_worries_is_said(oak, sign_in):
    with acting_as(BOSS):
        Inspection.objects.filter(establishment=oak.establishment).delete()
        Inspection.objects.create(
            establishment=oak.establishment,
            inspector="Ofsted",
            scale="ofsted_overall_grade",
            result="good",
            inspected_on=NOON.date() - 9 * DAY,
            recorded_at=NOON,
        )
    application = oak.submitted()
    with acting_as(BOSS):
        Inspection.objects.update(result="inadequate")
    ask(oak, application, "insurances")

    shown = text_of(sign_in(oak.officer).get(page("queue")))

    assert "Inspection does not pass, Waits for the provider’s reply" in shown


def test_the_filter_narrows_by_words_stage_and_risk(oak, sign_in):
    elm = make_applying(oak.region, "Elm Trust")
    oak.submitted()
    elm.checked()
    client = sign_in(oak.officer)

    def listed(**query):
        shown = text_of(client.get(page("queue"), query))
        return [name for name in ("Oak", "Elm") if f"{name} Trust School (" in shown]

    assert listed() == ["Oak", "Elm"]
    assert listed(search="elm") == ["Elm"]
    assert listed(stage="submitted") == ["Oak"]
    assert listed(category=str(oak.region.category.id)) == ["Oak", "Elm"]
    assert listed(search="nobody") == []
    assert client.get(page("queue"), {"stage": "x"}).status_code == 400
    assert client.get(page("queue"), {"search": "x" * 61}).status_code == 400


@pytest.mark.parametrize(
    ("days", "words", "colour"),
    [
        (0, "15 working days", "grey"),
        (18, "1 working day", "yellow"),
        (21, "Today", "red"),
        (23, "2 working days late", "red"),
    ],
)
def test_time_left_counts_working_days(days, words, colour):
    due = (NOON + 21 * DAY).date()

    assert time_left(due, (NOON + days * DAY).date()) == {"text": words, "colour": colour}


def test_the_list_takes_twelve_queries_for_thirty_and_more(oak, sign_in):
    def queries(client):
        client.get(page("queue"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page("queue")).status_code == 200
        return len(captured)

    oak.submitted()
    client = sign_in(oak.officer)
    one = queries(client)
    for number in range(31):
        clone_joining(number)

    assert "32 providers with applications" in text_of(client.get(page("queue")))
    assert (queries(client), one <= 12) == (one, True)


def clone_joining(number):
    """Another provider's application beside the first, by rows alone."""
    with acting_as(BOSS):
        application = Application.objects.order_by("id").first()
        provider = Provider.objects.create(name=f"Trust {number}", registered_at=NOON)
        place = application.establishment
        place.pk, place.name, place.provider = uuid7(), f"Trust {number} School", provider
        place.save(force_insert=True)
        joining = application.joining
        joining.pk, joining.provider = uuid7(), provider
        joining.save(force_insert=True)
        application.pk, application.provider = uuid7(), provider
        application.joining, application.establishment = joining, place
        application.save(force_insert=True)
