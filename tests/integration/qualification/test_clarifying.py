"""Questions about joining: until when, what is refused, who is told, and that nobody is named."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dps.actors import REGION_ID, Role, public, system
from dps.models import AuditEvent, Category, Market
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import AskedQuestion
from qualification.queries.asking import published
from qualification.services import clarifying
from tests.factories.asking import (
    ANSWER,
    QUESTION,
    TODAY,
    answer,
    ask,
    decline,
    letters,
    make_window,
    settle,
)
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying, make_establishment, verbs

BOSS = system(REGION_ID)
DAY = timedelta(days=1)


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def rival(oak):
    return make_applying(oak.region, "Rival Trust")


def test_a_question_is_about_the_window_that_takes_questions(oak):
    window = make_window(oak.region, opens_on=TODAY, closes_on=TODAY + 60 * DAY, until=TODAY)
    following = make_window(oak.region, opens_on=TODAY + 61 * DAY, closes_on=None, until=None)

    asked = ask(oak.region, oak.writer, text=f"  {QUESTION} ", category_id=oak.region.category.pk)
    tomorrow = ask(oak.region, oak.head, now=NOON + DAY)

    assert (asked.window_id, asked.text, asked.category_id, asked.asked_by_id) == (
        window.pk,
        QUESTION,
        oak.region.category.pk,
        oak.writer.person_id,
    )
    assert (tomorrow.window_id, tomorrow.category_id) == (following.pk, None)
    assert verbs()[-2:] == ["question.asked", "question.asked"]


def test_after_the_last_day_the_refusal_says_when_it_was(oak):
    make_window(oak.region, opens_on=TODAY - DAY, closes_on=None, until=date(2026, 11, 1))

    with pytest.raises(clarifying.AskingIsOver) as refused:
        ask(oak.region, oak.head)
    assert (refused.value.status, refused.value.message) == (
        410,
        "Questions about South East Dynamic Purchasing System were taken until 1 November 2026",
    )


def test_the_last_day_is_londons(oak):
    make_window(oak.region, opens_on=TODAY, closes_on=None, until=date(2027, 6, 1))
    late = NOON.replace(year=2027, month=6, day=1, hour=22, minute=59)

    ask(oak.region, oak.head, now=late)
    with pytest.raises(clarifying.AskingIsOver):
        ask(oak.region, oak.head, now=late + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"text": " \n"}, clarifying.NothingWritten, "text"),
        ({"text": "word " * 301}, clarifying.TooLong, "text"),
    ],
)
def test_no_words_and_too_many_are_refused(oak, given, refusal, field):
    with pytest.raises(refusal) as refused:
        ask(oak.region, oak.head, **given)
    assert (refused.value.status, refused.value.field) == (400, field)


def test_a_category_of_another_market_is_refused(oak):
    with acting_as(BOSS):
        market = Market.objects.create(
            code="other",
            name="Other",
            regime="pcr_2015_dps",
            starts_on=date(2025, 1, 1),
            ends_on=date(2029, 2, 22),
        )
        other = Category.objects.create(market=market, code="other", service="Other", name="Other")

    with pytest.raises(clarifying.NotOfThisMarket):
        ask(oak.region, oak.head, category_id=other.pk)


def test_one_provider_does_not_fill_the_list(oak, rival, monkeypatch):
    monkeypatch.setattr(clarifying, "MOST_WAITING", 2)
    first, _ = ask(oak.region, oak.head), ask(oak.region, oak.writer)

    with pytest.raises(clarifying.TooManyWaiting):
        ask(oak.region, oak.head)
    ask(oak.region, rival.head)
    decline(first, oak.officer)
    ask(oak.region, oak.head)


@pytest.mark.off_switch("permission-of-services")
def test_who_may_ask_and_answer(oak):
    asked = ask(oak.region, oak.head)
    council = make_person(Role.COMMISSIONER, authority=oak.region.east)
    refused = 0
    for attempt in (
        lambda: ask(oak.region, oak.officer),
        lambda: ask(oak.region, council),
        lambda: answer(asked, oak.head),
        lambda: decline(asked, oak.head),
        lambda: answer(asked, make_person(Role.DATA_ANALYST, authority=oak.region.west)),
    ):
        try:
            attempt()
        except NotPermitted:
            refused += 1
        except Exception:  # noqa: S110 -- without the permission something else speaks
            pass
    assert refused == 5


def test_the_central_team_is_told_and_not_who_asked(oak):
    asked = ask(oak.region, oak.head)
    settle()

    officers = {oak.officer.person_id, oak.second.person_id}
    assert letters("question_waits") == [
        (person, {"question_id": str(asked.pk)}) for person in sorted(officers)
    ]


def test_the_answer_goes_to_everybody_who_joins_and_to_the_asker_alike(oak, rival):
    make_window(oak.region, opens_on=TODAY, closes_on=None, until=None)
    oak.start()
    bystander = make_applying(oak.region, "Bystander Trust")
    asked = ask(oak.region, rival.head, category_id=oak.region.category.pk)

    clarification = answer(asked, oak.officer, question="May a policy cover two homes?")
    settle()

    people = {oak.head, oak.writer, rival.head, rival.writer}
    said = {
        "about": "SEN day",
        "question": "May a policy cover two homes?",
        "answer": ANSWER,
    }
    told = letters("question_answered")
    assert {person for person, _ in told} == {each.person_id for each in people}
    assert [context for _, context in told] == [said] * 4
    assert bystander.head.person_id not in {person for person, _ in told}
    with acting_as(oak.officer):
        asked.refresh_from_db()
    assert (asked.clarification_id, asked.closed_at, asked.closed_by_id, asked.closed_why) == (
        clarification.pk,
        NOON,
        oak.officer.person_id,
        "",
    )


def test_whoever_joined_in_an_earlier_window_and_is_through_is_not_told(oak, rival):
    oak.decided(qualifies=False, now=NOON - 30 * DAY)
    rival.submitted(now=NOON - 30 * DAY)
    make_window(oak.region, opens_on=TODAY, closes_on=None, until=None)
    asker = make_applying(oak.region, "Asking Trust")
    answer(ask(oak.region, asker.head), oak.officer)
    settle()

    told = {person for person, _ in letters("question_answered")}
    assert told == {each.person_id for each in (rival.head, rival.writer, asker.head, asker.writer)}


def test_telling_twice_tells_once(oak):
    clarification = answer(ask(oak.region, oak.head), oak.officer)
    for _ in range(2):
        with acting_as(BOSS):
            clarifying.tell_of_answer(clarification_id=str(clarification.pk), actor=BOSS, now=NOON)

    assert len(letters("question_answered")) == 2


def test_answered_or_closed_once(oak):
    first, second = ask(oak.region, oak.head), ask(oak.region, oak.head)
    answer(first, oak.officer)
    decline(second, oak.officer)

    for asked in (first, second):
        for attempt in (answer, decline):
            with pytest.raises(clarifying.QuestionIsClosed) as refused:
                attempt(asked, oak.second)
            assert refused.value.status == 409


def test_the_reason_for_not_publishing_goes_to_the_asker_alone(oak, rival):
    rival.start()
    decline(ask(oak.region, oak.head), oak.officer, "It is about your own case: ring us.")
    settle()

    said = {"question": QUESTION, "reason": "It is about your own case: ring us."}
    assert sorted(letters("question_not_published"), key=str) == sorted(
        [(oak.head.person_id, said), (oak.writer.person_id, said)], key=str
    )
    assert (letters("question_answered"), verbs()[-1]) == ([], "question.not_published")
    with acting_as(public()):
        assert not published().exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": "We at oak trust ask"}, "question"),
        ({"answer": "Oak Trust School may"}, "answer"),
        ({"answer": "As Oak Trust head was told"}, "answer"),
        ({"question": "May Oak Annexe join?"}, "question"),
    ],
)
def test_what_names_the_asker_is_not_published(oak, given, field):
    with acting_as(BOSS):
        make_establishment("Oak Annexe", provider=oak.provider)
    asked = ask(oak.region, oak.head)

    with pytest.raises(clarifying.NamesTheAsker) as refused:
        answer(asked, oak.officer, **given)
    assert (refused.value.status, refused.value.field) == (400, field)


@pytest.mark.parametrize("given", [{"question": ""}, {"answer": " "}, {"answer": "word " * 601}])
def test_an_answer_has_words_and_not_too_many(oak, given):
    asked = ask(oak.region, oak.head)

    with pytest.raises((clarifying.NothingWritten, clarifying.TooLong)):
        answer(asked, oak.officer, **given)
    with pytest.raises(clarifying.NothingWritten):
        decline(asked, oak.officer, " ")


def test_what_is_public_leads_nowhere_to_the_asker(oak, rival):
    """Neither the row that everybody may read nor the event of it holds an id of the asking."""
    asked = ask(oak.region, oak.head)
    clarification = answer(asked, rival.officer, now=NOON + DAY)
    with acting_as(public()), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM qualification_clarification c")
        row = cursor.fetchone()[0]
    with acting_as(oak.officer):
        event = AuditEvent.objects.get(action="question.answered").body

    secrets = (asked.pk, asked.asked_by_id, asked.provider_id, oak.provider.name, "2026-11-02T12")
    assert [each for each in secrets if str(each) in row or str(each) in event] == []
    assert str(clarification.pk) in row


def test_the_order_of_a_day_tells_nothing_of_the_order_of_asking(oak):
    words = ("Zebra crossings?", "Apples?", "mangoes?")
    asked = [ask(oak.region, oak.head, text=each) for each in words]
    for number, each in enumerate(asked):
        answer(each, oak.officer, question=each.text, now=NOON + timedelta(minutes=number))
    answer(ask(oak.region, oak.head), oak.officer, question="Later?", now=NOON + DAY)

    with acting_as(public()):
        assert [each.question for each in published()] == [
            "Later?", "Apples?", "mangoes?", "Zebra crossings?"
        ]  # fmt: skip


def rows(actor, table):
    """What the actor's role sees by plain SQL; None where it may not look."""
    with acting_as(actor):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM {table}")
                return cursor.fetchone()[0]
        except DatabaseError:
            return None


@pytest.mark.off_switch("questions-of-own-provider")
def test_a_provider_reads_no_question_of_another_before_or_after_it_is_answered(oak, rival):
    asked = ask(oak.region, oak.head)
    before = rows(rival.head, "qualification_askedquestion")
    answer(asked, oak.officer)
    after = rows(rival.head, "qualification_askedquestion")

    assert (before, after) == (0, 0)
    assert rows(oak.writer, "qualification_askedquestion") == 1
    assert rows(rival.head, "qualification_clarification") == 1


def test_councils_and_the_public_read_no_question_as_it_was_asked(oak):
    answer(ask(oak.region, oak.head), oak.officer)
    council = make_person(Role.COMMISSIONER, authority=oak.region.east)

    assert [rows(each, "qualification_askedquestion") for each in (council, public())] == [
        None,
        None,
    ]
    assert [rows(each, "qualification_clarification") for each in (council, public())] == [1, 1]


def insert(actor, **columns):
    with acting_as(actor):
        try:
            with transaction.atomic():
                AskedQuestion.objects.create(text=QUESTION, asked_at=NOON, **columns)
        except DatabaseError as problem:
            return "row-level security" in str(problem)
    return False


@pytest.mark.off_switch("asked-in-own-name")
def test_nobody_asks_in_another_s_name_or_closes_their_own_question(oak, rival):
    mine = {
        "provider": oak.provider,
        "market_id": oak.region.category.market_id,
        "asked_by_id": oak.head.person_id,
    }
    for change in (
        {"provider": rival.provider},
        {"asked_by_id": rival.head.person_id},
        {"closed_at": NOON, "closed_why": "Done"},
    ):
        assert insert(oak.head, **mine | change)
    assert not insert(oak.head, **mine)


def test_what_is_published_stands(oak):
    answer(ask(oak.region, oak.head), oak.officer)

    for change in ("UPDATE qualification_clarification SET answer = 'No.'",
                   "DELETE FROM qualification_clarification"):  # fmt: skip
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            acting_as(oak.officer),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
