"""The pages of questions about joining: asking, answering, and what everybody reads."""

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.tenancy.identity import acting_as
from qualification.models import AskedQuestion, Clarification
from tests.factories.asking import ANSWER, QUESTION, answer, ask, decline, make_window
from tests.factories.kernel import make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.market_pages import errors_of, in_days, text_of, today

BOSS = system(REGION_ID)
QUESTIONS = reverse("qualification:questions")
ASK = reverse("qualification:ask")
YOURS = reverse("qualification:your_questions")
OPEN = reverse("qualification:open_questions")
START = reverse("start")


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def window(oak):
    return make_window(oak.region, opens_on=today(), closes_on=in_days(20), until=in_days(10))


def page(name, asked):
    return reverse(f"qualification:{name}", args=[asked.pk])


def asked():
    with acting_as(BOSS):
        return AskedQuestion.objects.get()


def test_a_provider_asks_an_officer_answers_and_everybody_reads_it(oak, window, sign_in, client):
    browser = sign_in(oak.writer)
    words = text_of(browser.get(ASK))
    sent = browser.post(ASK, {"about": "sen-day", "text": QUESTION}, follow=True)
    waiting = asked()

    assert "10 days left." in words
    assert "Nobody is told who asked." in text_of(sent)
    assert f"{QUESTION} SEN day. Asked by Oak Trust writer on" in text_of(sent)
    assert QUESTION not in text_of(client.get(QUESTIONS))

    browser = sign_in(oak.officer)
    assert "1 question to answer The oldest waits since" in text_of(browser.get(START))
    assert QUESTION in text_of(browser.get(OPEN))
    assert "Asked by Oak Trust writer, Oak Trust, on" in text_of(
        browser.get(page("answer_question", waiting))
    )
    done = browser.post(
        page("answer_question", waiting), {"question": QUESTION, "answer": ANSWER}, follow=True
    )
    assert "The answer is published." in text_of(done)
    assert "No question waits for an answer." in text_of(browser.get(START))
    assert f"{ANSWER} By Oak Trust officer on" in text_of(
        browser.get(page("answer_question", waiting))
    )

    client.logout()
    read = text_of(client.get(QUESTIONS))
    assert f"{QUESTION} {ANSWER} SEN day. Answered on" in read
    assert "Oak Trust" not in read
    assert f"Answered {ANSWER}" in text_of(sign_in(oak.head).get(YOURS))


def test_one_may_ask_about_joining_in_general(oak, window, sign_in):
    sign_in(oak.head).post(ASK, {"about": "*south-east-dps", "text": QUESTION})

    found = asked()
    assert (found.category_id, found.window_id) == (None, window.pk)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, ["Select what your question is about", "Enter your question"]),
        ({"about": "sen-day", "text": " "}, ["Enter your question"]),
        ({"about": "no", "text": "Kept?"}, ["Select one of the answers given"]),
        (
            {"about": "sen-day", "text": "word " * 301},
            ["Your question must be 300 words or fewer. You have written 301"],
        ),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_field_and_kept(oak, window, sign_in, sent, said):
    response = sign_in(oak.head).post(ASK, sent)

    assert response.status_code == 400
    assert errors_of(response) == [f"Error: {each}" for each in said]
    assert sent.get("text", "").strip() in text_of(response)


def test_after_the_last_day_the_page_says_when_it_was_and_keeps_the_words(oak, sign_in):
    make_window(oak.region, opens_on=in_days(-9), closes_on=None, until=in_days(-1))
    browser = sign_in(oak.head)
    read, sent = browser.get(ASK), browser.post(ASK, {"about": "sen-day", "text": QUESTION})

    assert "questions were taken until" in text_of(read)
    assert b"<textarea" not in read.content
    assert sent.status_code == 410
    assert "were taken until" in text_of(sent)
    assert QUESTION in text_of(sent)
    with acting_as(BOSS):
        assert not AskedQuestion.objects.exists()


def test_an_answer_that_names_the_asker_comes_back_with_all_that_was_typed(oak, window, sign_in):
    waiting = ask(oak.region, oak.head)
    typed = {"question": "Oak Trust asks", "answer": "Yes, it may."}
    response = sign_in(oak.officer).post(page("answer_question", waiting), typed)

    assert response.status_code == 400
    (said,) = errors_of(response)
    assert said.endswith("“Oak Trust” would tell them who asked. Write it without the name")
    assert all(each in text_of(response) for each in typed.values())
    with acting_as(BOSS):
        assert not Clarification.objects.exists()


def test_the_second_answer_is_told_so_and_keeps_its_words(oak, window, sign_in):
    waiting = ask(oak.region, oak.head)
    answer(waiting, oak.officer)
    browser = sign_in(oak.second)
    typed = {"question": "May it?", "answer": "My own words."}
    again = browser.post(page("answer_question", waiting), typed)
    closing = browser.post(page("decline_question", waiting), {"reason": "My reason."})

    assert (again.status_code, closing.status_code) == (409, 409)
    assert "Somebody has answered or closed this question already" in text_of(again)
    assert "My own words." in text_of(again)
    assert "My reason." in text_of(closing)


def test_a_question_is_closed_with_a_reason_that_the_asker_alone_reads(oak, window, sign_in):
    waiting = ask(oak.region, oak.head)
    rival = make_applying(oak.region, "Rival Trust")
    browser = sign_in(oak.officer)
    assert browser.get(page("decline_question", waiting)).status_code == 200
    empty = browser.post(page("decline_question", waiting), {"reason": ""})
    browser.post(page("decline_question", waiting), {"reason": "Please ring us."})

    assert (empty.status_code, errors_of(empty)) == (400, ["Error: Enter the reason"])
    assert "Not published Please ring us." in text_of(sign_in(oak.head).get(YOURS))
    assert "Please ring us." not in text_of(sign_in(rival.head).get(YOURS))
    assert "Please ring us." not in text_of(sign_in(rival.head).get(QUESTIONS))


def test_who_may_not_look_is_not_let_in(oak, window, sign_in):
    waiting = ask(oak.region, oak.head)
    council = make_person(Role.COMMISSIONER, authority=oak.region.east)
    for actor, addresses in (
        (oak.head, (OPEN, page("answer_question", waiting), page("decline_question", waiting))),
        (council, (OPEN, ASK, YOURS, page("answer_question", waiting))),
        (oak.officer, (ASK, YOURS)),
    ):
        browser = sign_in(actor)
        assert [browser.get(each).status_code for each in addresses] == [403] * len(addresses)


def test_links_lead_there(oak, window, sign_in, client):
    assert (
        f'href="{QUESTIONS}"' in client.get(reverse("qualification:how_to_join")).content.decode()
    )
    mine = sign_in(oak.writer).get(reverse("qualification:mine")).content.decode()
    assert all(f'href="{each}"' in mine for each in (ASK, YOURS))
    market = sign_in(oak.officer).get(reverse("qualification:markets")).content.decode()
    assert f'href="{OPEN}"' in market
    analyst = make_person(Role.DATA_ANALYST, authority=oak.region.west)
    market = sign_in(analyst).get(reverse("qualification:markets")).content.decode()
    assert f'href="{OPEN}"' not in market
    assert f'href="{QUESTIONS}"' in market


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_as_often_for_three_as_for_one(
    oak, window, sign_in, client, number, django_assert_max_num_queries
):
    for _ in range(number):
        ask(oak.region, oak.head)
        answer(ask(oak.region, oak.head), oak.officer)
        decline(ask(oak.region, oak.head), oak.officer)
    for actor, address in (
        (oak.head, YOURS),
        (oak.head, ASK),
        (oak.officer, OPEN),
        (oak.officer, QUESTIONS),
    ):
        browser = sign_in(actor)
        with django_assert_max_num_queries(17):
            assert browser.get(address).status_code == 200
