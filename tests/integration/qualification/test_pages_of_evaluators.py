"""What evaluators see and do; officers who ask them and go on without them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.tenancy.identity import acting_as
from qualification.models import Evaluator, Grade, Joining
from qualification.services import evaluators
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def asked(oak):
    """At the stage of grading, two are asked and have not declared."""
    application = oak.checked()
    with acting_as(oak.officer):
        evaluators.ask_evaluators(
            joining_id=application.joining_id,
            person_ids=[one.person_id for one in oak.graders],
            actor=oak.officer,
            now=NOON,
        )
    return application


def to_grade(application):
    found = evaluation.statements(application.joining_id)
    return [one for one in found if not one.is_for_panel]


def statement_page(application, number=0, name="grade_statement"):
    return page(name, application.joining_id, to_grade(application)[number].answer.id)


def declared(application, sign_in, grader):
    client = sign_in(grader)
    client.post(page("grading_one", application.joining_id), {"has_conflict": "no"})
    return client


def test_the_start_page_and_the_list_say_what_waits(oak, asked, sign_in):
    client = sign_in(oak.graders[0])

    start, listed = text_of(client.get(reverse("start"))), text_of(client.get(page("grading")))

    for shown in (start, listed):
        assert "Oak Trust" in shown
        assert "Say whether you have a conflict of interest" in shown
    nobody = sign_in(make_person(Role.EVALUATOR, authority=oak.region.east))
    assert "Oak Trust" not in text_of(nobody.get(page("grading")))
    assert "asked to grade" not in text_of(nobody.get(reverse("start")))


def test_before_declaring_only_who_applies_is_seen(oak, asked, sign_in):
    client = sign_in(oak.graders[0])

    shown = text_of(client.get(page("grading_one", asked.joining_id)))

    assert "Oak Trust" in shown
    assert "Workforce" not in shown
    away = client.get(statement_page(asked))
    assert away.headers["Location"] == page("grading_one", asked.joining_id)


def test_a_conflict_takes_off_and_closes_the_page(oak, asked, sign_in):
    client = sign_in(oak.graders[0])
    here = page("grading_one", asked.joining_id)
    assert client.post(here, {}).status_code == 400
    assert client.post(here, {"has_conflict": "yes"}).status_code == 400

    done = client.post(here, {"has_conflict": "yes", "conflict": "My sister."}, follow=True)

    assert "You do not grade this application." in text_of(done)
    assert client.get(here).status_code == 404
    assert client.get(statement_page(asked)).status_code == 404
    seen = text_of(sign_in(oak.officer).get(page("joining_work", asked.joining_id)))
    assert "Yes: My sister." in seen


def test_grading_goes_on_from_statement_to_statement_and_is_handed_in(oak, asked, sign_in):
    client = declared(asked, sign_in, oak.graders[0])
    number = len(to_grade(asked))
    for each in range(number):
        shown = text_of(client.get(statement_page(asked, each)))
        assert "What we do about" in shown
        assert "£" not in shown
        went = client.post(statement_page(asked, each), {"grade": "4", "reason": "Measured."})
        onward = each + 1 < number
        assert went.headers["Location"] == (
            statement_page(asked, each + 1) if onward else page("grading_one", asked.joining_id)
        )

    done = client.post(page("hand_in", asked.joining_id), follow=True)

    assert "Your grades are handed in. Thank you." in text_of(done)
    assert "Grade 4, handed in" in text_of(done)
    assert "It cannot be changed" in text_of(client.get(statement_page(asked)))
    late = client.post(statement_page(asked), {"grade": "1", "reason": "Worse."})
    assert (late.status_code, "Worse." in late.content.decode()) == (409, True)


@pytest.mark.parametrize(
    "given",
    [{}, {"grade": "6", "reason": "x"}, {"grade": "x", "reason": "x"}, {"grade": "3"}],
)
def test_a_grade_that_cannot_stand_is_refused_at_its_field(oak, asked, sign_in, given):
    client = declared(asked, sign_in, oak.graders[0])

    response = client.post(statement_page(asked), given)

    assert (response.status_code, "There is a problem" in text_of(response)) == (400, True)
    with acting_as(BOSS):
        assert not Grade.objects.exists()


def test_what_is_typed_is_kept(oak, asked, sign_in):
    client = declared(asked, sign_in, oak.graders[0])

    kept = client.post(statement_page(asked, name="keep_grade"), {"reason": "It begins"})

    assert kept.status_code == 204
    assert "It begins" in client.get(statement_page(asked)).content.decode()
    assert client.post(statement_page(asked, name="keep_grade"), {"grade": "9"}).status_code == 400
    assert client.post(page("hand_in", asked.joining_id)).status_code == 400


def test_nobody_grades_what_they_were_not_asked_for(oak, asked, sign_in):
    stranger = sign_in(make_person(Role.EVALUATOR, authority=oak.region.east))

    for response in (
        stranger.get(page("grading_one", asked.joining_id)),
        stranger.get(statement_page(asked)),
        stranger.post(statement_page(asked, name="keep_grade"), {"reason": "x"}),
        stranger.post(page("hand_in", asked.joining_id)),
        declared(asked, sign_in, oak.graders[0]).get(
            page("grade_statement", asked.joining_id, uuid4())
        ),
    ):
        assert response.status_code == 404
    assert sign_in(oak.head).get(page("grading")).status_code == 403


def test_an_officer_asks_two_and_is_told_of_too_few(oak, sign_in):
    application = oak.submitted()
    here = page("ask_evaluators", application.joining_id)
    client = sign_in(oak.officer)
    people = [str(one.person_id) for one in oak.graders]
    assert "East Sussex" in text_of(client.get(here))
    assert client.post(here, {}).status_code == 400
    assert client.post(here, {"people": ["x"]}).status_code == 400
    few = client.post(here, {"people": people[:1]})
    assert (few.status_code, "Ask at least two people" in text_of(few)) == (400, True)

    done = client.post(here, {"people": people}, follow=True)

    assert "2 people are asked to grade, by email." in text_of(done)
    assert "Asked already" in text_of(client.get(here))


def test_an_officer_goes_on_without_somebody(oak, asked, sign_in):
    with acting_as(BOSS):
        row = Evaluator.objects.get(person_id=oak.graders[0].person_id)
    client = sign_in(oak.officer)
    here = page("release_evaluator", row.id)
    assert client.post(here, {}).status_code == 400

    done = client.post(here, {"reason": "On leave."}, follow=True)

    assert "does not grade this application any more" in text_of(done)
    assert "was taken off on" in text_of(client.get(here))
    assert client.post(here, {"reason": "Again."}).status_code == 409
    assert client.get(page("release_evaluator", uuid4())).status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_thirty(oak, asked, sign_in):
    def queries():
        client.get(page("grading"))
        with CaptureQueriesContext(connection) as captured:
            client.get(page("grading"))
        return len(captured)

    client = declared(asked, sign_in, oak.graders[0])
    one = queries()
    with acting_as(BOSS):
        for number in range(30):
            joining = Joining.objects.create(
                provider=oak.provider, number=100 + number, started_at=NOON
            )
            Evaluator.objects.create(
                provider=oak.provider,
                joining=joining,
                person_id=oak.graders[0].person_id,
                asked_by_id=oak.officer.person_id,
                asked_at=NOON,
                declared_at=NOON,
                has_conflict=False,
            )

    assert (queries(), one <= 12) == (one, True)
