"""The provider's pages of writing: each step as a person takes it, bad input, what is told."""

import re
from datetime import date

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from providers.models import Evidence
from qualification.models import Answer, Application, Joining, Question
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import answer_page, costs, page, text_of

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def question(code):
    return Question.objects.get(code=code)


def choice(oak, *establishments):
    chosen = establishments or (oak.establishment,)
    return {
        "establishments": [str(each.id) for each in chosen],
        "categories": [str(oak.region.category.id)],
    }


def test_the_whole_way_from_the_list_to_sent(oak, sign_in):
    client = sign_in(oak.head)
    assert "Start an application" in text_of(client.get(page("mine")))
    started = client.post(page("start"), choice(oak))
    with acting_as(BOSS):
        application = Application.objects.get()
    here = page("joining", application.joining_id)
    assert started.headers["Location"] == here
    shown = text_of(client.get(here))
    assert "It opens as soon as stage 1 is complete" in shown
    assert "Workforce After stage 1" in shown

    assert client.post(page("grounds", application.joining_id), {"none": "on"}).status_code == 302
    href = answer_page(application, "registration")
    for _ in range(20):
        asked = href.rstrip("/").rpartition("/")[2]
        is_statement = Question.objects.get(pk=asked).is_statement
        given = {"text": "We do it.", "seen": ""} if is_statement else {"passes": "yes"}
        href = client.post(href, given).headers["Location"]
        if href == here:
            break
    client.post(page("core_costs", application.id), costs())
    checked = text_of(client.get(page("check", application.joining_id)))
    assert "Oak Trust School: SEN day" in checked

    given = {"applications": [str(application.id)], "is_true": "on"}
    sent = client.post(page("check", application.joining_id), given)

    assert sent.headers["Location"] == page("sent", application.joining_id)
    receipt = text_of(client.get(sent.headers["Location"]))
    assert "Application sent We decide by" in receipt
    assert "Oak Trust School: SEN day" in receipt
    assert "Being checked" in text_of(client.get(page("application", application.id)))


def test_start_offers_the_provider_s_own_establishments_only(oak, sign_in):
    make_applying(oak.region, "Rival Trust")

    shown = text_of(sign_in(oak.head).get(page("start")))

    assert ("Oak Trust School" in shown, "Rival Trust School" in shown) == (True, False)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"establishments": "x", "categories": "y"},
        {"establishments": "\x00", "categories": ""},
    ],
)
def test_start_refuses_what_was_not_offered(oak, sign_in, given):
    response = sign_in(oak.head).post(page("start"), given)

    assert response.status_code == 400
    with acting_as(BOSS):
        assert (Application.objects.count(), Joining.objects.count()) == (0, 0)


def test_searching_keeps_what_was_ticked_and_saves_nothing(oak, sign_in):
    elsewhere = [oak.another_establishment(f"Elm House {n}") for n in range(9)]
    given = choice(oak, oak.establishment) | {"q": "elm house 3", "find": "1"}

    response = sign_in(oak.head).post(page("start"), given)

    shown = text_of(response)
    assert response.status_code == 200
    assert "1 of 10 shown, 1 selected." in shown
    assert "Selected too, but not shown: Oak Trust School." in shown
    every = sign_in(oak.head).post(page("start"), given | {"all": "1"})
    assert "1 of 10 shown, 2 selected." in text_of(every)
    with acting_as(BOSS):
        assert not Joining.objects.exists()
    assert len(elsewhere) == 9


def test_adding_what_is_applied_for_already_leaves_it_out(oak, sign_in):
    application = oak.start()
    another = oak.another_establishment("Oak Annexe")
    client = sign_in(oak.head)

    added = client.post(
        page("add", application.joining_id), choice(oak, oak.establishment, another), follow=True
    )

    assert "1 part is added" in text_of(added)
    assert "1 of those you selected was left out" in text_of(added)
    again = client.post(page("add", application.joining_id), choice(oak))
    assert (again.status_code, "has been applied for" in text_of(again)) == (409, True)


def test_a_question_without_an_answer_is_shown_again(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).post(answer_page(application, "registration"), {})

    assert response.status_code == 400
    assert "Error: Registration" in response.content.decode()
    assert "Select yes or no" in text_of(response)


def test_stage_2_is_not_shown_before_stage_1_passes(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).get(answer_page(application, "workforce"), follow=True)

    assert "First complete stage 1" in text_of(response)


def test_failing_stage_1_is_told_at_once_with_what_to_do(oak, sign_in):
    application = oak.start()

    response = sign_in(oak.head).post(
        answer_page(application, "registration"), {"passes": "no", "then": "list"}, follow=True
    )

    shown = text_of(response)
    assert "Cannot join yet Registration: You have answered no." in shown
    assert "Put this right first, then change your answer." in shown
    assert "Does not pass" in shown


def past_stage_one(oak):
    """A draft at which stage 2 is open and nothing of it is answered."""
    application = oak.start()
    oak.open_stage_two(application)
    return application


def test_an_answer_of_no_is_told_at_once(oak, sign_in):
    application = past_stage_one(oak)

    response = sign_in(oak.head).post(
        answer_page(application, "insurances"), {"passes": "no", "then": "list"}, follow=True
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
    application = past_stage_one(oak)

    response = sign_in(oak.head).post(
        answer_page(application, "workforce"), {"text": typed, "seen": ""}
    )

    assert (response.status_code, message in text_of(response)) == (400, True)
    assert f">\n{typed}</textarea>" in response.content.decode()


def test_what_is_being_typed_is_kept_even_when_too_long(oak, sign_in):
    application = past_stage_one(oak)
    href = page("keep", application.joining_id, question("workforce").id)

    response = sign_in(oak.head).post(href, {"text": "word " * 401, "seen": ""})

    assert response.status_code == 204
    with acting_as(BOSS):
        kept = Answer.objects.get(question__code="workforce")
    assert len(kept.text.split()) == 401
    again = text_of(sign_in(oak.writer).get(page("application", application.id)))
    assert "Workforce Incomplete" in again


def test_a_colleague_s_text_is_shown_before_it_is_replaced(oak, sign_in):
    application = past_stage_one(oak)
    href = answer_page(application, "workforce")
    opened = sign_in(oak.head).get(href).content.decode()
    seen = re.search(r'name="seen" value="(\w*)"', opened)[1]
    sign_in(oak.writer).post(href, {"text": "The writer’s words.", "seen": seen})

    refused = sign_in(oak.head).post(href, {"text": "The head’s words.", "seen": seen})

    assert refused.status_code == 409
    assert "The writer’s words." in text_of(refused)
    assert "The head’s words." in text_of(refused)
    seen_now = re.search(r'name="seen" value="(\w*)"', refused.content.decode())[1]
    assert sign_in(oak.head).post(href, {"text": "Both.", "seen": seen_now}).status_code == 302


def test_the_page_of_a_statement_says_how_it_is_graded(oak, sign_in):
    application = past_stage_one(oak)

    shown = text_of(sign_in(oak.head).get(answer_page(application, "young_people")))

    assert "This answer counts for SEN day, for Oak Trust School." in shown
    assert "What young people look for Somebody who shows me round" in shown
    assert "of the 100 points" in shown
    assert "A panel of young people gives it a grade from 0 to 5." in shown


def test_one_establishment_answers_differently_and_then_as_the_others(oak, sign_in):
    application = past_stage_one(oak)
    annexe = oak.another_establishment("Oak Annexe")
    oak.start(establishment=annexe.id)
    client = sign_in(oak.head)
    common = answer_page(application, "workforce")
    client.post(common, {"text": "As everywhere.", "seen": ""})
    workforce = question("workforce").id

    chosen = client.post(
        page("differently", application.joining_id, workforce), {"establishment": str(annexe.id)}
    )
    at = page("answer_at", application.joining_id, workforce, annexe.id)
    assert chosen.headers["Location"] == at
    client.post(at, {"text": "Another way.", "seen": ""})

    shown = text_of(client.get(common))
    assert "for 1 of your 2 establishments" in shown
    assert "Answered differently Oak Annexe Use the common answer again" in shown
    client.post(page("as_the_others", application.joining_id, workforce, annexe.id))
    assert "for both establishments" in text_of(client.get(common))


def test_evidence_that_is_held_is_shown_and_what_lacks_leads_to_its_own_form(oak, sign_in):
    application = past_stage_one(oak)
    href = answer_page(application, "insurances")
    held = text_of(sign_in(oak.head).get(href))
    assert "Public liability insurance" in held
    assert "Held, valid until 31 December 2028" in held
    oak.lose_evidence("public_liability")

    lacking = sign_in(oak.head).get(href)

    form = reverse("providers:add_evidence", args=["public_liability"])
    assert "Add what is missing" in text_of(lacking)
    assert f'href="{form}">Add: Public liability insurance</a>' in lacking.content.decode()
    assert reverse("providers:vault") in lacking.content.decode()


def test_what_has_run_out_leads_to_its_replacement(oak, sign_in):
    application = past_stage_one(oak)
    with acting_as(BOSS):
        old = Evidence.objects.get(provider=oak.provider, kind="public_liability")
        Evidence.objects.filter(pk=old.pk).update(
            issued_on=date(2020, 1, 1), expires_on=date(2021, 1, 1)
        )

    shown = sign_in(oak.head).get(answer_page(application, "insurances")).content.decode()

    form = reverse("providers:replace_evidence", args=[old.pk])
    assert f'href="{form}">Replace: Public liability insurance</a>' in shown


def test_what_one_establishment_alone_lacks_is_added_for_it(oak, sign_in):
    application = past_stage_one(oak)
    annexe = oak.another_establishment("Oak Annexe")
    with acting_as(oak.head):
        oak.start(establishment=annexe.id)
    with acting_as(BOSS):
        Evidence.objects.filter(kind="public_liability").update(establishment=oak.establishment)

    shown = sign_in(oak.head).get(answer_page(application, "insurances")).content.decode()

    form = reverse("providers:add_evidence", args=["public_liability"])
    assert f'href="{form}?for={annexe.id}"' in shown


def test_passing_stage_one_is_said_at_once(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)
    client.post(page("grounds", application.joining_id), {"none": "on"})
    client.post(answer_page(application, "registration"), {"passes": "yes"})

    last = client.post(answer_page(application, "inspection"), {"passes": "yes"}, follow=True)
    later = client.post(answer_page(application, "inspection"), {"passes": "yes"}, follow=True)

    said = "Stage 1 is passed, and stage 2 is open: answer the rest"
    assert said in text_of(last)
    assert said not in text_of(later)


def test_the_grounds_may_be_the_last_of_stage_one(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)
    for code in ("registration", "inspection"):
        client.post(answer_page(application, code), {"passes": "yes"})

    last = client.post(page("grounds", application.joining_id), {"none": "on"}, follow=True)

    assert "Exclusion grounds saved. Stage 1 is passed, and stage 2 is open" in text_of(last)


def test_the_vault_leads_back_to_the_question_that_asked_for_it(oak, sign_in):
    application = past_stage_one(oak)
    client = sign_in(oak.head)
    assert "Back to “Insurances”" not in text_of(client.get(reverse("providers:vault")))
    client.get(answer_page(application, "insurances"))

    shown = client.get(reverse("providers:vault"))

    assert "Back to “Insurances” in application 1" in text_of(shown)
    assert f'href="{answer_page(application, "insurances")}"' in shown.content.decode()


def test_totals_are_worked_out_without_scripts_and_nothing_is_saved(oak, sign_in):
    application = oak.start()
    given = costs(
        "", amount_premises="£1,000.50", basis_premises="week", amount_central="20", totals="1"
    )

    response = sign_in(oak.head).post(page("core_costs", application.id), given)

    assert response.status_code == 200
    assert "£38,039.00 a year £1,001.03 a week, for 38 weeks a year" in text_of(response)
    assert oak.contents(application).entries == ()
