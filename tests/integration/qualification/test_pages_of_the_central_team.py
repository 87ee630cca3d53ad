"""The central team's pages: queue, review, grading, decision, suspension."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account
from dps.tenancy.identity import acting_as
from qualification.models import Answer, Application, StatementGrade, Suspension
from qualification.presenters.deciding import time_left
from qualification.services import deciding, suspending
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_inspection
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def sign_in(client):
    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)


def answer_to(code):
    with acting_as(BOSS):
        return Answer.objects.get(criterion__code=code)


def test_the_queue_shows_the_oldest_first_and_no_drafts(oak, sign_in):
    elm, fir = make_applying(oak.region, "Elm Trust"), make_applying(oak.region, "Fir Trust")
    oak.submitted(now=NOON)
    elm.submitted(now=NOON - 3 * DAY)
    fir.start()

    shown = text_of(sign_in(oak.officer).get(page("queue")))

    assert shown.index("Elm Trust School") < shown.index("Oak Trust School")
    assert "Fir Trust School" not in shown


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


def test_the_review_shows_all_answers_and_what_stands_in_the_way(oak, sign_in):
    application = oak.submitted()

    shown = text_of(sign_in(oak.officer).get(page("review", application.id)))

    for words in (
        "What we do about workforce.",
        "“Workforce” is not graded",
        "We hold no certificate for: Public liability insurance, Employers’ liability insurance.",
        "We know of no inspection yet.",
        "£45,000.00 a year",
        "23 November 2026",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("scale", "result", "said", "differs"),
    [
        ("ofsted_overall_grade", "good", "It passes The inspection of 3 March 2025 passes", False),
        (
            "ofsted_overall_grade",
            "inadequate",
            "It does not pass The inspection of 3 March 2025 does not pass by the rule in force",
            True,
        ),
        ("unheard_of", "fine", "No rule for it The inspection of 3 March 2025 is of a kind", False),
    ],
)
def test_the_review_judges_the_latest_inspection_beside_the_answer(
    oak, sign_in, scale, result, said, differs
):
    application = oak.submitted()
    for older_by, what in ((0, result), (400, "outstanding")):
        make_inspection(
            oak.establishment,
            scale=scale,
            result=what,
            inspected_on=date(2025, 3, 3) - older_by * DAY,
        )

    shown = text_of(sign_in(oak.officer).get(page("review", application.id)))

    assert f"The provider answers: Yes By our rules: {said}" in shown
    assert ("answer and our rules differ" in shown) == differs


def test_the_review_shows_what_the_register_says(oak, sign_in):
    application = oak.submitted()

    shown = text_of(sign_in(oak.officer).get(page("review", application.id)))

    assert "What the register says Open Yes Kind" in shown
    assert "By our rules: Not inspected yet We know of no inspection" in shown


def test_grading_goes_on_from_statement_to_statement(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.officer)
    here = page("grade", application.id, answer_to("workforce").id)
    assert "What we do about workforce." in text_of(client.get(here))

    graded = client.post(here, {"grade": "5", "reason": "Measured."})

    assert graded.headers["Location"] == page("grade", application.id, answer_to("outcomes").id)
    shown = text_of(client.get(page("review", application.id)))
    assert "Grade 5: Excellent , by Oak Trust officer. Measured." in shown


@pytest.mark.parametrize(
    "given",
    [{}, {"grade": "6", "reason": "x"}, {"grade": "x", "reason": "x"}, {"grade": "3"}],
)
def test_a_grade_that_cannot_stand_is_refused_at_its_field(oak, sign_in, given):
    application = oak.submitted()
    here = page("grade", application.id, answer_to("workforce").id)

    response = sign_in(oak.officer).post(here, given)

    assert (response.status_code, "There is a problem" in text_of(response)) == (400, True)
    with acting_as(BOSS):
        assert not StatementGrade.objects.exists()


def test_only_an_answer_of_that_application_is_graded(oak, sign_in):
    application = oak.submitted()
    elm = make_applying(oak.region, "Elm Trust")
    other = elm.submitted()
    yes_or_no = answer_to_of("insurances", application)
    client = sign_in(oak.officer)

    for answer_id in (answer_to_of("workforce", other).id, yes_or_no.id, uuid4()):
        assert client.get(page("grade", application.id, answer_id)).status_code == 404


def answer_to_of(code, application):
    with acting_as(BOSS):
        return Answer.objects.get(criterion__code=code, application=application)


def test_deciding_puts_it_on_the_list_and_shows_the_decision(oak, sign_in):
    application = oak.graded()
    client = sign_in(oak.officer)
    asked = text_of(client.get(page("decision", application.id)))
    assert "Nothing stands in the way of qualifying. The score of its statements is 80.00" in asked

    decided = client.post(
        page("decision", application.id), {"decision": "yes", "reason": "All is met."}, follow=True
    )

    assert "Oak Trust School is on the list for SEN day." in text_of(decided)
    assert "Oak Trust officer decided on" in text_of(decided)
    later = text_of(client.get(page("decision", application.id)))
    assert "not waiting for a decision any more" in later


def test_what_cannot_qualify_keeps_what_was_typed(oak, sign_in):
    application = oak.submitted()

    response = sign_in(oak.officer).post(
        page("decision", application.id), {"decision": "yes", "reason": "I like it."}
    )

    assert response.status_code == 409
    assert "“Workforce” is not graded" in text_of(response)
    assert "I like it." in response.content.decode()
    with acting_as(BOSS):
        assert Application.objects.get().state == "submitted"


def test_a_second_decision_is_a_plain_refusal(oak, sign_in):
    application = oak.decided()

    response = sign_in(oak.officer).post(
        page("decision", application.id), {"decision": "no", "reason": "Too late."}
    )

    assert response.status_code == 409
    assert "“reject” is not possible now" in text_of(response)
    assert "Too late." in response.content.decode()


def test_a_draft_is_not_found_by_the_central_team(oak, sign_in):
    draft = oak.start()
    client = sign_in(oak.officer)

    assert client.get(page("review", draft.id)).status_code == 404
    assert client.post(page("decision", draft.id), {}).status_code == 404


def test_an_analyst_reads_but_does_not_decide(oak, sign_in, region):
    application = oak.submitted()
    client = sign_in(make_person(Role.DATA_ANALYST, authority=region.west))

    shown = client.get(page("review", application.id))

    assert shown.status_code == 200
    assert "Grade it" not in text_of(shown)
    assert client.get(page("decision", application.id)).status_code == 403


def test_providers_and_councils_have_no_way_into_the_queue(oak, sign_in, region):
    application = oak.submitted()
    for actor in (oak.head, make_person(Role.COMMISSIONER, authority=region.east)):
        client = sign_in(actor)
        assert client.get(page("queue")).status_code == 403
        assert client.get(page("review", application.id)).status_code == 403


def test_suspending_and_lifting_from_the_establishment_s_page(oak, sign_in, manager):
    oak.decided()
    client = sign_in(manager)
    here = reverse("providers:establishment", args=[oak.establishment.id])
    suspend_page = page("suspend", oak.establishment.id)
    assert suspend_page in client.get(here).content.decode()
    assert "It is on the list for SEN day" in text_of(client.get(suspend_page))

    done = client.post(
        suspend_page, {"cause": "insurance", "reason": "The certificate ran out."}, follow=True
    )
    with acting_as(BOSS):
        suspension = Suspension.objects.get()
    reinstate_page = page("reinstate", suspension.id)
    assert "Oak Trust School is suspended." in text_of(done)
    assert reinstate_page in done.content.decode()
    assert "The certificate ran out." in text_of(client.get(reinstate_page))

    lifted = client.post(reinstate_page, {"reason": "A new one came."}, follow=True)

    assert "The suspension is lifted." in text_of(lifted)
    assert suspend_page in lifted.content.decode()
    assert "It was lifted on" in text_of(client.get(reinstate_page))
    late = client.post(reinstate_page, {"reason": "Again."})
    assert (late.status_code, "Again." in late.content.decode()) == (410, True)


def test_an_officer_sees_the_state_but_no_way_to_suspend(oak, sign_in):
    oak.decided()
    client = sign_in(oak.officer)
    here = client.get(reverse("providers:establishment", args=[oak.establishment.id]))

    assert "Qualified" in text_of(here)
    assert page("suspend", oak.establishment.id) not in here.content.decode()
    assert client.get(page("suspend", oak.establishment.id)).status_code == 403


@pytest.mark.parametrize("given", [{}, {"cause": "x", "reason": "y"}, {"cause": "other"}])
def test_a_suspension_that_is_not_said_is_refused_at_its_field(oak, sign_in, manager, given):
    oak.decided()

    response = sign_in(manager).post(page("suspend", oak.establishment.id), given)

    assert (response.status_code, "There is a problem" in text_of(response)) == (400, True)
    with acting_as(BOSS):
        assert not Suspension.objects.exists()


def test_suspending_twice_is_refused_at_the_field(oak, sign_in, manager):
    oak.decided()
    given = {"cause": "insurance", "reason": "Ran out."}
    client = sign_in(manager)
    client.post(page("suspend", oak.establishment.id), given)

    response = client.post(page("suspend", oak.establishment.id), given)

    assert response.status_code == 409
    assert "suspended for this cause already" in text_of(response)


def test_there_is_nothing_to_suspend_where_nothing_qualified(oak, sign_in, manager):
    client = sign_in(manager)

    assert "on no category’s list" in text_of(client.get(page("suspend", oak.establishment.id)))
    assert client.get(page("suspend", uuid4())).status_code == 404
    assert client.get(page("reinstate", uuid4())).status_code == 404


def test_the_start_page_says_what_waits(oak, sign_in, manager):
    oak.submitted()
    waiting = text_of(sign_in(oak.officer).get(reverse("start")))
    assert "Oak Trust School: SEN day Decide by" in waiting
    oak.grade(Application(pk=application_id()))
    decide_it(oak)
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


def application_id():
    with acting_as(BOSS):
        return Application.objects.get().pk


def decide_it(oak):
    with acting_as(oak.officer):
        deciding.decide(
            application_id=application_id(),
            qualifies=True,
            reason="All is met.",
            actor=oak.officer,
            now=NOON,
        )


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_and_three(
    oak, sign_in, number, django_assert_max_num_queries
):
    oak.submitted()
    for extra in range(number - 1):
        oak.submitted(establishment=oak.another_establishment(f"Oak House {extra}").id)
    client = sign_in(oak.officer)
    client.get(page("queue"))

    with django_assert_max_num_queries(12) as captured:
        client.get(page("queue"))

    assert len(captured) == QUEUE_QUERIES


QUEUE_QUERIES = 11


def test_the_review_stays_within_its_queries(oak, sign_in, django_assert_max_num_queries):
    application = oak.graded()
    client = sign_in(oak.officer)
    client.get(page("review", application.id))

    with django_assert_max_num_queries(20):
        client.get(page("review", application.id))
