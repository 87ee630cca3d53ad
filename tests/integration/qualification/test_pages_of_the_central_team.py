"""The central team's pages: one joining, one application, the decision."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.tenancy.identity import acting_as
from qualification.models import Application
from qualification.services import deciding, suspending
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of
from tests.integration.qualification.test_checking import several

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


def test_a_joining_shows_its_parts_evaluators_and_statements(oak, sign_in):
    made = several(oak, 2)
    for one in made:
        evaluation.pass_stage_one(one, actor=oak.officer)
    evaluation.ask(made[0].joining_id, oak.graders, actor=oak.officer)
    evaluation.grade_all(made[0].joining_id, oak.graders[0])

    shown = text_of(sign_in(oak.officer).get(page("joining_work", made[0].joining_id)))

    for words in (
        "2 parts: 2 being graded",
        "Oak House 0",
        "Oak Trust grader WSX None Handed in",
        "Oak Trust grader ESX None 3 to hand in",
        "Workforce Both establishments Not all in",
        "The young people’s panel grades it",
    ):
        assert words in shown


def test_steps_are_taken_with_several_and_what_is_not_ready_is_named(oak, sign_in):
    first, second = several(oak, 2)
    evaluation.clear(first, actor=oak.officer)
    client = sign_in(oak.officer)
    given = {"application": [str(first.id), str(second.id)], "step": "pass"}

    done = text_of(client.post(page("step", first.joining_id), given, follow=True))

    assert "1 application has passed stage 1" in done
    assert "These matters of stage 1 are not clear yet" in done
    with acting_as(BOSS):
        assert Application.objects.get(pk=first.pk).state == "evaluation"
        assert Application.objects.get(pk=second.pk).state == "submitted"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"step": "pass"}, 302),
        ({"application": ["x"], "step": "pass"}, 400),
        ({"step": "nothing"}, 302),
    ],
)
def test_a_step_that_cannot_be_read_changes_nothing(oak, sign_in, given, status):
    application = oak.submitted()

    response = sign_in(oak.officer).post(page("step", application.joining_id), given)

    assert response.status_code == status
    with acting_as(BOSS):
        assert Application.objects.get().state == "submitted"


def test_the_review_shows_all_answers_and_what_stands_in_the_way(oak, sign_in):
    application = oak.submitted()
    evaluation.fails(application, "insurances", actor=oak.officer)

    shown = text_of(sign_in(oak.officer).get(page("review", application.id)))

    for words in (
        "What we do about workforce.",
        "“Insurances” does not pass",
        "£45,000.00 a year",
        "23 November 2026",
    ):
        assert words in shown
    assert "is not checked yet" not in shown


def test_deciding_puts_it_on_the_list_and_shows_the_decision(oak, sign_in):
    application = oak.moderated()
    client = sign_in(oak.second)
    asked = text_of(client.get(page("decision", application.id)))
    assert "Nothing stands in the way of qualifying. The score of its statements is 80.00" in asked

    decided = client.post(
        page("decision", application.id), {"decision": "yes", "reason": "All is met."}, follow=True
    )

    assert "Oak Trust School is on the list for SEN day." in text_of(decided)
    assert "Oak Trust second decided on" in text_of(decided)
    later = text_of(client.get(page("decision", application.id)))
    assert "not waiting for a decision any more" in later
    assert "Oak Trust School" in text_of(client.get(page("decided")))


def test_refusing_names_what_fails(oak, sign_in):
    application = oak.submitted()
    evaluation.fails(application, "inspection", actor=oak.officer)
    client = sign_in(oak.second)
    given = {"decision": "no", "reason": "It does not pass."}
    assert client.post(page("decision", application.id), given).status_code == 400

    decided = client.post(
        page("decision", application.id), given | {"failed": ["inspection"]}, follow=True
    )

    assert "Oak Trust School does not qualify for SEN day." in text_of(decided)
    with acting_as(BOSS):
        assert Application.objects.get().failed == ["inspection"]


def test_only_a_decision_that_is_possible_is_offered(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.second)
    here = page("decision", application.id)

    early = client.get(here)
    evaluation.fails(application, "inspection", actor=oak.officer)
    failing = client.get(here)

    assert "Nothing can be decided yet. See what is left to do" in text_of(early)
    assert 'name="decision"' not in early.content.decode()
    assert "It cannot qualify yet:" in text_of(failing)
    assert offered(failing) == ["no"]


def test_what_nothing_stands_in_the_way_of_is_not_refused_without_a_check(oak, sign_in):
    application = oak.moderated()
    here = page("decision", application.id)

    assert offered(sign_in(oak.second).get(here)) == ["yes"]
    own = sign_in(oak.officer).get(here)
    assert offered(own) == []
    assert "Somebody else has to decide on it." in text_of(own)


def offered(response):
    return re.findall(r'name="decision" type="radio" value="(\w+)"', response.content.decode())


@pytest.mark.parametrize(("who", "stage"), [("officer", "moderated"), ("second", "submitted")])
def test_what_cannot_be_decided_keeps_what_was_typed(oak, sign_in, who, stage):
    application = getattr(oak, stage)()

    response = sign_in(getattr(oak, who)).post(
        page("decision", application.id), {"decision": "yes", "reason": "I like it."}
    )

    assert response.status_code == 409
    assert "I like it." in response.content.decode()
    with acting_as(BOSS):
        assert Application.objects.get().state == stage


def test_several_are_decided_together_and_each_by_itself(oak, sign_in):
    first, second = several(oak, 2)
    for one in (first, second):
        oak.grade(one)
        oak.moderate(one)
    evaluation.fails(second, "insurances", actor=oak.officer)
    client = sign_in(oak.second)
    chosen = client.post(
        page("step", first.joining_id),
        {"application": [str(first.id), str(second.id)], "step": "decide"},
    )
    asked = client.get(chosen.headers["Location"])
    assert "1 can qualify now" in text_of(asked)
    assert "Not now: “Insurances” does not pass" in text_of(asked)
    given = {"a": [str(first.id), str(second.id)]}
    assert client.post(page("decide_together", first.joining_id), given).status_code == 400

    done = client.post(
        page("decide_together", first.joining_id), given | {"reason": "All is met."}, follow=True
    )

    assert "1 establishment is on the list" in text_of(done)
    with acting_as(BOSS):
        states = dict(Application.objects.values_list("id", "state"))
    assert states == {first.id: "qualified", second.id: "moderated"}


def test_a_draft_is_not_found_by_the_central_team(oak, sign_in):
    draft = oak.start()
    client = sign_in(oak.officer)

    for name in ("review", "checks", "decision", "reopen"):
        assert client.get(page(name, draft.id)).status_code == 404
    assert client.get(page("joining_work", draft.joining_id)).status_code == 404


def test_an_analyst_reads_but_does_not_work(oak, sign_in, region):
    application = oak.submitted()
    client = sign_in(make_person(Role.DATA_ANALYST, authority=region.west))

    for name, key in (
        ("review", application.id),
        ("checks", application.id),
        ("joining_work", application.joining_id),
    ):
        shown = client.get(page(name, key))
        assert shown.status_code == 200
        assert "<button" not in shown.content.decode().split("<main")[1].split("</main")[0]
    assert client.get(page("decision", application.id)).status_code == 403
    assert client.post(page("step", application.joining_id), {}).status_code == 403


def test_providers_and_councils_have_no_way_in(oak, sign_in, region):
    application = oak.submitted()
    for actor in (oak.head, make_person(Role.COMMISSIONER, authority=region.east), oak.graders[0]):
        client = sign_in(actor)
        for name, *ids in (
            ("queue",),
            ("decided",),
            ("joining_work", application.joining_id),
            ("review", application.id),
            ("checks", application.id),
        ):
            assert client.get(page(name, *ids)).status_code == 403


def test_the_start_page_says_what_waits(oak, sign_in, manager):
    application = oak.moderated()
    waiting = text_of(sign_in(oak.officer).get(reverse("start")))
    assert "Oak Trust School (Oak Trust): SEN day Decide. Due" in waiting
    with acting_as(oak.second):
        deciding.decide(
            application_id=application.id,
            qualifies=True,
            reason="All is met.",
            actor=oak.second,
            now=NOON,
        )
    with acting_as(manager):
        suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="other",
            reason="No lead.",
            actor=manager,
            now=NOON,
        )

    mine = text_of(sign_in(oak.head).get(reverse("start")))

    assert "Oak Trust School is suspended" in mine
    assert "No lead." in mine


@pytest.mark.parametrize("number", [1, 3])
def test_the_joining_takes_the_same_queries_for_one_and_three(oak, sign_in, number):
    made = several(oak, number)
    client = sign_in(oak.officer)
    client.get(page("joining_work", made[0].joining_id))

    with CaptureQueriesContext(connection) as captured:
        client.get(page("joining_work", made[0].joining_id))

    assert len(captured) == JOINING_QUERIES


JOINING_QUERIES = 11


def test_the_review_stays_within_its_queries(oak, sign_in, django_assert_max_num_queries):
    application = oak.graded()
    client = sign_in(oak.officer)
    client.get(page("review", application.id))

    with django_assert_max_num_queries(12):
        client.get(page("review", application.id))
