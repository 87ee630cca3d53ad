"""The pages of checking, and the provider's page of a question to it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from providers.models import Evidence, Inspection
from qualification.models import Application, Check, PointToClear
from qualification.services import checking
from qualification.views import checking as checking_views
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of
from tests.integration.qualification.test_checking import ask, reply, several

BOSS = system(REGION_ID)
DATE = {"reply_by_day": "20", "reply_by_month": "11", "reply_by_year": "2099"}


@pytest.fixture
def oak(region):
    return make_applying(region)


def results():
    with acting_as(BOSS):
        return sorted(Check.objects.values_list("code", "result"))


def test_the_claim_stands_beside_the_facts(oak, sign_in):
    application = oak.submitted()
    with acting_as(BOSS):
        Evidence.objects.filter(kind="public_liability").update(sum_insured_pence=5_000_000_00)
        Inspection.objects.filter(establishment=oak.establishment).delete()
        Inspection.objects.create(
            establishment=oak.establishment,
            inspector="Ofsted",
            scale="ofsted_overall_grade",
            result="inadequate",
            inspected_on=NOON.date(),
            recorded_at=NOON,
        )

    shown = text_of(sign_in(oak.officer).get(page("checks", application.id)))

    for words in (
        "None of the exclusion grounds applies.",
        "We know of no register number",
        "Claim to run it Confirmed",
        "Public liability insurance: the sum must be £10,000,000.00 or more",
        "Inadequate Does not pass",
        "overall effectiveness: inadequate",
        "It passes stage 1 when everything above is clear.",
    ):
        assert words in shown


def test_one_press_finds_clear_one_or_all_that_answered_alike(oak, sign_in):
    made = several(oak, 2)
    client = sign_in(oak.officer)

    client.post(page("clear", made[0].id, "insurances"))
    assert results() == [("insurances", "clear")]
    client.post(page("clear", made[0].id, "safeguarding"), {"for_all": "yes"})

    assert results() == [
        ("insurances", "clear"),
        ("safeguarding", "clear"),
        ("safeguarding", "clear"),
    ]


def test_asking_the_provider_and_reading_its_reply(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.officer)
    here = page("check_one", application.id, "insurances")

    asked = client.post(
        here, {"result": "asked", "question": "Is it £5 million?"} | DATE, follow=True
    )

    assert "The provider is asked about “Insurances”, and gets an email." in text_of(asked)
    with acting_as(BOSS):
        point = PointToClear.objects.get()
    theirs = sign_in(oak.writer)
    assert "Is it £5 million?" in text_of(theirs.get(page("point", point.id)))
    assert theirs.post(page("point", point.id), {"text": " "}).status_code == 400
    done = theirs.post(page("point", point.id), {"text": "It is ten."}, follow=True)
    assert "Your reply is with the contract team." in text_of(done)
    late = theirs.post(page("point", point.id), {"text": "Or not."})
    assert (late.status_code, "Or not." in late.content.decode()) == (409, True)
    seen = text_of(sign_in(oak.officer).get(here))
    assert "It is ten." in seen
    listed = text_of(sign_in(oak.officer).get(page("checks", application.id)))
    assert "The provider has replied" in listed


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"result": "x"},
        {"result": "asked"},
        {"result": "asked", "question": "Why?"},
        {"result": "asked", "question": "Why?"}
        | {"reply_by_day": "1", "reply_by_month": "1", "reply_by_year": "2020"},
        {"result": "fails"},
        {"result": "fails", "note": "x" * 201},
    ],
)
def test_what_is_not_said_is_asked_for_at_its_field(oak, sign_in, given):
    application = oak.submitted()

    response = sign_in(oak.officer).post(page("check_one", application.id, "insurances"), given)

    assert (response.status_code, "There is a problem" in text_of(response)) == (400, True)
    assert results() == []


def test_the_same_for_all_is_one_tick(oak, sign_in):
    made = several(oak, 3)
    here = page("check_one", made[0].id, "insurances")
    client = sign_in(oak.officer)
    assert "The same for all 3 that gave this answer" in text_of(client.get(here))

    client.post(here, {"result": "fails", "note": "Expired.", "for_all": "on"})

    assert results() == [("insurances", "fails")] * 3


def test_passing_stage_1_leads_on(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.officer)
    assert client.post(page("pass_stage_one", application.id)).status_code == 409
    evaluation.clear(application, actor=oak.officer)
    assert "Everything of stage 1 is clear" in text_of(client.get(page("checks", application.id)))

    done = client.post(page("pass_stage_one", application.id), follow=True)

    assert "has passed stage 1. Its statements are graded next." in text_of(done)
    with acting_as(BOSS):
        assert Application.objects.get().state == "evaluation"


def test_what_is_decided_is_read_and_not_changed(oak, sign_in):
    application = oak.decided()
    client = sign_in(oak.officer)

    shown = text_of(client.get(page("check_one", application.id, "insurances")))

    assert "Nothing in it is checked any more" in shown
    assert client.post(page("clear", application.id, "insurances")).status_code == 409


def test_what_is_not_there_is_not_found(oak, sign_in):
    application = oak.submitted()
    point = ask(oak, application, "insurances")
    rival = make_applying(oak.region, "Rival Trust")
    client = sign_in(oak.officer)

    for code in ("workforce", "nothing"):
        assert client.get(page("check_one", application.id, code)).status_code == 404
        assert client.post(page("clear", application.id, code)).status_code == 404
    assert client.get(page("checks", uuid4())).status_code == 404
    assert sign_in(rival.head).get(page("point", point.id)).status_code == 404
    reply(oak, point)


@pytest.mark.parametrize("number", [1, 3])
def test_the_checks_take_the_same_queries_whatever_is_held(oak, sign_in, number):
    made = several(oak, number)
    client = sign_in(oak.officer)
    client.get(page("checks", made[0].id))

    with CaptureQueriesContext(connection) as captured:
        client.get(page("checks", made[0].id))

    assert len(captured) == CHECKS_QUERIES


CHECKS_QUERIES = 11


def test_the_provider_s_lists_say_that_we_wait_for_its_reply(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.head)
    assert "We decide by" in text_of(client.get(page("mine")))
    point = ask(oak, application, "inspection")

    said = "We have asked you something: reply by 9 November 2026, so that we can decide"
    mine = client.get(page("mine"))
    assert said in text_of(mine)
    assert "We decide by" not in text_of(mine)
    assert f'href="{page("points")}">{said}' in mine.content.decode()
    assert said in text_of(client.get(page("joining", application.joining_id)))
    reply(oak, point)
    assert "We decide by" in text_of(client.get(page("mine")))
    assert said not in text_of(client.get(page("joining", application.joining_id)))


def test_a_question_that_is_refused_is_refused_at_its_field(oak, sign_in, monkeypatch):
    application = oak.submitted()
    monkeypatch.setattr(checking_views, "ask_provider", refusing)
    given = {"result": "asked", "question": "Which?", "reply_by_day": "9"}
    given |= {"reply_by_month": "11", "reply_by_year": "2099"}

    response = sign_in(oak.officer).post(page("check_one", application.id, "inspection"), given)

    assert response.status_code == 400
    assert 'href="#id_question"' in response.content.decode()


def refusing(**given):
    return checking.ask_provider(**given | {"text": " "})
