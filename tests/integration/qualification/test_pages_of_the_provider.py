"""The provider's pages: each step as a person takes it, bad input, other people's rows."""

import re

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.models import Account
from dps.tenancy.identity import acting_as
from qualification.models import Answer, Application, Criterion
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


@pytest.fixture
def sign_in(client):
    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def criterion(code):
    return Criterion.objects.get(code=code)


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)


def costs(form_value="1000", **others):
    amounts = {f"amount_{head}": form_value for head in HEADS}
    bases = {f"basis_{head}": "year" for head in HEADS}
    return amounts | bases | {"seen": ""} | others


HEADS = [
    "assessment",
    "premises",
    "vehicles",
    "supplies",
    "education",
    "central",
    "core_staffing",
    "staff_related",
    "children",
]


def test_the_whole_way_from_the_list_to_sent(oak, sign_in):
    client = sign_in(oak.head)
    assert "Start an application" in text_of(client.get(page("mine")))
    choice = {
        "establishment": str(oak.establishment.id),
        "category": str(oak.region.category.id),
    }
    started = client.post(page("start"), choice)
    with acting_as(BOSS):
        application = Application.objects.get()
    assert started.headers["Location"] == page("application", application.id)

    here = client.get(started.headers["Location"])
    assert "You have completed 0 of 10 parts" in text_of(here)
    with acting_as(BOSS):
        criteria = list(Criterion.objects.order_by("position"))
    for number, each in enumerate(criteria):
        href = page("answer", application.id, each.id)
        given = {"passes": "yes"} if each.kind == "pass_fail" else {"text": "We do it.", "seen": ""}
        answered = client.post(href, given)
        following = (
            page("answer", application.id, criteria[number + 1].id)
            if number + 1 < len(criteria)
            else page("core_costs", application.id)
        )
        assert answered.headers["Location"] == following
    client.post(page("core_costs", application.id), costs())
    checked = text_of(client.get(page("check", application.id)))
    assert "£9,000.00 a year , which is £236.84 a week for 38 weeks" in checked

    sent = client.post(page("submit", application.id), {"is_true": "on"})

    assert sent.headers["Location"] == page("sent", application.id)
    assert "Application sent" in text_of(client.get(sent.headers["Location"]))
    assert "With the contract team" in text_of(client.get(page("application", application.id)))


def test_start_offers_the_provider_s_own_establishments_only(oak, sign_in):
    make_applying(oak.region, "Rival Trust")

    shown = text_of(sign_in(oak.head).get(page("start")))

    assert ("Oak Trust School" in shown, "Rival Trust School" in shown) == (True, False)


@pytest.mark.parametrize(
    "given",
    [{}, {"establishment": "x", "category": "y"}, {"establishment": "\x00", "category": ""}],
)
def test_start_refuses_what_was_not_offered(oak, sign_in, given):
    response = sign_in(oak.head).post(page("start"), given)

    assert response.status_code == 400
    with acting_as(BOSS):
        assert not Application.objects.exists()


def test_starting_twice_is_refused_at_the_field(oak, sign_in):
    oak.start()
    choice = {
        "establishment": str(oak.establishment.id),
        "category": str(oak.region.category.id),
    }

    response = sign_in(oak.head).post(page("start"), choice)

    assert (response.status_code, "application for this" in text_of(response)) == (409, True)


def test_a_question_without_an_answer_is_shown_again(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).post(
        page("answer", application.id, criterion("insurances").id), {}
    )

    assert response.status_code == 400
    assert "Error: Insurances" in response.content.decode()
    assert "Select yes or no" in text_of(response)


def test_an_answer_of_no_is_told_at_once(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).post(
        page("answer", application.id, criterion("insurances").id),
        {"passes": "no", "then": "list"},
        follow=True,
    )

    assert "Insurances: With this answer the establishment cannot qualify yet" in text_of(response)
    assert "Does not pass" in text_of(response)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter your answer"),
        ("word " * 401, "must be 400 words or fewer. You have written 401"),
        ("a" * 250, "more than 200 characters without a space"),
        ("ding \x07 dong", "a character that cannot be used"),
    ],
)
def test_a_statement_that_cannot_stand_keeps_what_was_typed(oak, sign_in, typed, message):
    application = oak.start()
    href = page("answer", application.id, criterion("workforce").id)

    response = sign_in(oak.head).post(href, {"text": typed, "seen": ""})

    assert (response.status_code, message in text_of(response)) == (400, True)
    assert f">\n{typed}</textarea>" in response.content.decode()


def test_what_is_being_typed_is_kept_even_when_too_long(oak, sign_in):
    application = oak.start()
    href = page("keep", application.id, criterion("workforce").id)

    response = sign_in(oak.head).post(href, {"text": "word " * 401, "seen": ""})

    assert response.status_code == 204
    with acting_as(BOSS):
        assert len(Answer.objects.get().text.split()) == 401
    again = text_of(sign_in(oak.writer).get(page("application", application.id)))
    assert "Too long" in again


def test_a_colleague_s_text_is_shown_before_it_is_replaced(oak, sign_in):
    application = oak.start()
    href = page("answer", application.id, criterion("workforce").id)
    opened = sign_in(oak.head).get(href).content.decode()
    seen = re.search(r'name="seen" value="(\w*)"', opened)[1]
    sign_in(oak.writer).post(href, {"text": "The writer’s words.", "seen": seen})

    refused = sign_in(oak.head).post(href, {"text": "The head’s words.", "seen": seen})

    assert refused.status_code == 409
    assert "The writer’s words." in text_of(refused)
    assert "The head’s words." in text_of(refused)
    seen_now = re.search(r'name="seen" value="(\w*)"', refused.content.decode())[1]
    assert sign_in(oak.head).post(href, {"text": "Both.", "seen": seen_now}).status_code == 302


def test_totals_are_worked_out_without_scripts_and_nothing_is_saved(oak, sign_in):
    application = oak.start()
    given = costs(
        "", amount_premises="£1,000.50", basis_premises="week", amount_central="20", totals="1"
    )

    response = sign_in(oak.head).post(page("core_costs", application.id), given)

    assert response.status_code == 200
    assert "£38,039.00 a year £1,001.03 a week, for 38 weeks a year" in text_of(response)
    assert oak.contents(application).entries == ()


def test_totals_of_a_piece_of_the_page_name_what_cannot_be_read(oak, sign_in):
    application = oak.start()
    given = costs("", amount_premises="ten", amount_central="20")

    response = sign_in(oak.head).post(page("core_cost_totals", application.id), given)

    assert response.status_code == 200
    assert text_of(response) == (
        "£20.00 a year £0.53 a week, for 38 weeks a year. Each referral says how many weeks it"
        " needs. Not counted, because we cannot read the amount: Premises."
    )


@pytest.mark.parametrize(
    "typed", ["-1", "NaN", "1e9", "١٢", "10000000", "1.234", "£", "1,2,3", "9" * 5000]
)
def test_a_cost_that_cannot_be_read_is_refused_at_its_field(oak, sign_in, typed):
    application = oak.start()

    response = sign_in(oak.head).post(
        page("core_costs", application.id), costs(amount_premises=typed)
    )

    body = response.content.decode()
    assert (response.status_code, 'href="#id_amount_premises"' in body) == (400, True)
    assert f'value="{typed}"' in body
    assert oak.contents(application).entries == ()


def test_costs_that_a_colleague_changed_are_shown_before_they_are_replaced(oak, sign_in):
    application = oak.start()
    opened = sign_in(oak.head).get(page("core_costs", application.id)).content.decode()
    seen = re.search(r'name="seen" value="(\w*)"', opened)[1]
    sign_in(oak.writer).post(page("core_costs", application.id), costs("500", seen=seen))

    refused = sign_in(oak.head).post(page("core_costs", application.id), costs("700", seen=seen))

    body = refused.content.decode()
    assert (refused.status_code, "£500.00" in body, 'value="700"' in body) == (409, True, True)
    seen_now = re.search(r'name="seen" value="(\w*)"', body)[1]
    again = sign_in(oak.head).post(page("core_costs", application.id), costs("700", seen=seen_now))
    assert again.status_code == 302


def test_it_is_not_sent_unless_it_is_said_to_be_true(oak, sign_in):
    application = oak.start()
    oak.complete(application)

    response = sign_in(oak.head).post(page("submit", application.id), {})

    assert response.status_code == 400
    assert "Tick the box to say that what is written here is true" in text_of(response)


def test_an_incomplete_one_is_not_sent(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).post(page("submit", application.id), {"is_true": "on"})

    assert response.status_code == 409
    assert "Complete these parts first: Exclusion grounds" in text_of(response)


def test_a_writer_checks_but_does_not_send_or_withdraw(oak, sign_in):
    application = oak.start()
    oak.complete(application)
    client = sign_in(oak.writer)

    assert "Ask an administrator of your organisation" in text_of(
        client.get(page("check", application.id))
    )
    assert client.post(page("submit", application.id), {"is_true": "on"}).status_code == 403
    assert client.post(page("withdraw", application.id)).status_code == 403


def test_withdrawing_and_applying_again(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.head)
    assert "Keep it" in text_of(client.get(page("withdraw", application.id)))

    client.post(page("withdraw", application.id))
    assert "Withdrawn" in text_of(client.get(page("application", application.id)))
    again = client.post(page("again", application.id), follow=True)

    assert "You have completed 10 of 10 parts" in text_of(again)
    assert client.post(page("again", application.id)).status_code == 409
    assert client.post(page("withdraw", application.id)).status_code == 409


def test_pages_of_a_draft_lead_on_when_it_has_been_sent(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.head)
    here = page("application", application.id)

    for href in (
        page("answer", application.id, criterion("workforce").id),
        page("core_costs", application.id),
        page("check", application.id),
    ):
        assert client.get(href).headers["Location"] == here
    late = client.post(
        page("answer", application.id, criterion("workforce").id), {"text": "Late.", "seen": ""}
    )
    assert (late.status_code, "Late." in late.content.decode()) == (409, True)
    assert client.post(page("core_costs", application.id), costs()).status_code == 409


def test_the_outcome_says_what_to_put_right_and_the_way_on(oak, sign_in):
    application = oak.decided(qualifies=False)

    shown = text_of(sign_in(oak.writer).get(page("outcome", application.id)))

    assert "Oak Trust School has not qualified yet" in shown
    assert "Send a new insurance certificate." in shown
    assert "Grade 4 of 5, good: 24.00 of 30 points." in shown
    assert "Score: 80.00 of 100" in shown
    assert "Apply again with these answers" in shown


def test_the_outcome_of_one_that_qualified(oak, sign_in):
    application = oak.decided()

    shown = text_of(sign_in(oak.writer).get(page("outcome", application.id)))

    assert "Oak Trust School has qualified" in shown
    assert "The letter is being made as a PDF" in shown


def test_another_provider_s_application_is_not_found(oak, sign_in):
    application = oak.decided()
    draft = oak.start(establishment=oak.another_establishment("Oak Annexe").id)
    rival = make_applying(oak.region, "Rival Trust")
    client = sign_in(rival.head)
    asked = criterion("workforce").id
    reads = [page(name, draft.id) for name in ("application", "core_costs", "check", "withdraw")]
    reads += [page("answer", draft.id, asked), page("outcome", application.id)]
    writes = [page(name, draft.id) for name in ("core_costs", "core_cost_totals", "submit")]
    writes += [page(name, draft.id) for name in ("withdraw", "again")]
    writes += [page("answer", draft.id, asked), page("keep", draft.id, asked)]

    assert [client.get(href).status_code for href in reads] == [404] * len(reads)
    assert [client.post(href, {}).status_code for href in writes] == [404] * len(writes)
    shown = text_of(client.get(page("mine")))
    assert ("Oak" in shown) is False


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(
    oak, sign_in, number, django_assert_max_num_queries
):
    oak.start()
    for extra in range(number - 1):
        oak.start(establishment=oak.another_establishment(f"Oak House {extra}").id)
    client = sign_in(oak.head)
    client.get(page("mine"))

    with django_assert_max_num_queries(12) as captured:
        client.get(page("mine"))

    assert len(captured) == LIST_QUERIES


LIST_QUERIES = 11
