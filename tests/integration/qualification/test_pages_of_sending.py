"""The provider's pages of sending, taking back and putting right; other people's rows."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.models import EntryWindow
from dps.tenancy.identity import acting_as
from qualification.discounts import DiscountKind, Step
from qualification.models import Application, Question
from qualification.services.applying import NotComplete
from qualification.services.discounting import set_discounts
from qualification.views import sending
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import answer_page, costs, page, text_of

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def ready(oak):
    application = oak.start()
    oak.complete(application)
    return application


def test_it_is_not_sent_unless_it_is_said_to_be_true(oak, sign_in):
    application = ready(oak)

    response = sign_in(oak.head).post(
        page("check", application.joining_id), {"applications": [str(application.id)]}
    )

    assert response.status_code == 400
    assert "Tick the box to say that what is written here is true" in text_of(response)


def test_costs_and_discounts_are_repeated_before_they_are_sent(oak, sign_in):
    application = ready(oak)
    client = sign_in(oak.head)
    here = page("check", application.joining_id)
    before = text_of(client.get(here))
    with acting_as(oak.head):
        set_discounts(
            application_id=application.id,
            steps=[Step(DiscountKind.SIBLINGS, 2, 5_00), Step(DiscountKind.COHORT, 4, 7_50)],
            actor=oak.head,
            now=NOON,
        )

    after = client.get(here)

    assert "Oak Trust School: SEN day £45,000.00 £1,184.21, for 38 weeks None" in before
    assert (
        "Oak Trust School: SEN day £45,000.00 £1,184.21, for 38 weeks A group placed together: 7.5%"
        " from 4 children; Brothers and sisters: 5% from 2 children" in text_of(after)
    )
    assert f'href="{page("core_costs", application.id)}"' in after.content.decode()


def test_costs_that_are_not_given_say_so(oak, sign_in):
    application = oak.start()

    shown = text_of(sign_in(oak.head).get(page("check", application.joining_id)))

    assert "Oak Trust School: SEN day Not given None" in shown


def test_what_has_become_incomplete_is_said_at_the_field(oak, sign_in, monkeypatch):
    """Between the look and the click a certificate was taken back."""
    application = ready(oak)
    client = sign_in(oak.head)
    given = {"applications": [str(application.id)], "is_true": "on"}
    monkeypatch.setattr(sending, "submit_applications", refusing(NotComplete("Complete it first")))

    response = client.post(page("check", application.joining_id), given)

    at_the_field = response.content.decode().rpartition("What do you want to send?")[2]
    assert response.status_code == 409
    assert "Complete it first" in at_the_field.partition("govuk-checkboxes")[0]


def refusing(refusal):
    def refuse(**_):
        raise refusal

    return refuse


def test_an_incomplete_one_is_not_offered_and_says_what_it_lacks(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)

    shown = text_of(client.get(page("check", application.joining_id)))
    given = {"applications": [str(application.id)], "is_true": "on"}
    response = client.post(page("check", application.joining_id), given)

    assert "Not ready yet" in shown
    assert "Exclusion grounds, Registration" in shown
    assert response.status_code == 400
    with acting_as(BOSS):
        assert Application.objects.get().state == "draft"


def test_outside_an_entry_window_it_is_written_and_not_sent(oak, sign_in):
    application = ready(oak)
    with acting_as(BOSS):
        EntryWindow.objects.create(
            market=oak.region.category.market,
            opens_on=(NOON + timedelta(days=9999)).date(),
            made_at=NOON,
        )

    shown = text_of(sign_in(oak.head).get(page("check", application.joining_id)))

    assert "Not now Applications can be sent from" in shown
    assert "You can write them until then" in shown


def test_a_writer_checks_but_does_not_send_or_withdraw(oak, sign_in):
    application = ready(oak)
    client = sign_in(oak.writer)
    given = {"applications": [str(application.id)], "is_true": "on"}

    assert "Ask an administrator of your organisation" in text_of(
        client.get(page("check", application.joining_id))
    )
    assert client.post(page("check", application.joining_id), given).status_code == 403
    assert client.post(page("withdraw", application.id)).status_code == 403


def test_withdrawing_and_applying_again(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.head)
    assert "Keep it" in text_of(client.get(page("withdraw", application.id)))

    client.post(page("withdraw", application.id))
    assert "Withdrawn" in text_of(client.get(page("application", application.id)))
    again = client.post(page("again", application.id), follow=True)

    assert "It is complete." in text_of(again)
    assert client.post(page("again", application.id)).status_code == 409
    assert client.post(page("withdraw", application.id)).status_code == 409


def test_a_draft_is_taken_out_and_what_was_sent_is_not(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.writer)
    assert "Keep it" in text_of(client.get(page("remove", application.id)))

    removed = client.post(page("remove", application.id), follow=True)

    assert "No establishment is in this application" in text_of(removed)
    sent = oak.submitted()
    assert client.post(page("remove", sent.id)).status_code == 409


def test_pages_of_a_draft_lead_on_when_it_has_been_sent(oak, sign_in):
    application = oak.submitted()
    client = sign_in(oak.head)

    for href in (answer_page(application, "workforce"), page("check", application.joining_id)):
        assert client.get(href).headers["Location"] == page("joining", application.joining_id)
    late = client.post(answer_page(application, "workforce"), {"text": "Late.", "seen": ""})
    assert (late.status_code, "Late." in late.content.decode()) == (409, True)
    assert client.post(page("core_costs", application.id), costs()).status_code == 409
    none = client.post(page("grounds", application.joining_id), {"none": "on"})
    assert none.status_code == 409


def test_the_outcome_says_what_to_put_right_and_only_that_is_asked(oak, sign_in):
    application = oak.decided(qualifies=False)
    client = sign_in(oak.writer)

    shown = text_of(client.get(page("outcome", application.id)))
    again = text_of(client.post(page("put_right", application.id), follow=True))

    assert "Oak Trust School has not qualified yet" in shown
    assert "Put it right" in shown
    assert "Why it did not qualify:" in again
    assert "Kept from before" in again
    assert "Insurances" in again
    assert "Put it right" not in text_of(client.get(page("outcome", application.id)))


def test_another_provider_s_application_is_not_found(oak, sign_in):
    application = oak.decided()
    draft = oak.start(establishment=oak.another_establishment("Oak Annexe").id)
    rival = make_applying(oak.region, "Rival Trust")
    client = sign_in(rival.head)
    workforce = Question.objects.get(code="workforce").id
    at = [draft.joining_id, workforce, draft.establishment_id]
    reads = [page(name, draft.id) for name in ("application", "core_costs", "withdraw", "remove")]
    reads += [page(name, draft.joining_id) for name in ("joining", "add", "check", "sent")]
    reads += [page(name, draft.joining_id) for name in ("grounds", "ground_details")]
    reads += [page("answer", *at[:2]), page("answer_at", *at), page("differently", *at[:2])]
    reads += [page("outcome", application.id)]
    writes = [page(name, draft.id) for name in ("core_costs", "core_cost_totals", "remove")]
    writes += [page(name, draft.id) for name in ("withdraw", "again", "put_right")]
    writes += [page(name, draft.joining_id) for name in ("add", "check", "grounds")]
    writes += [page("answer", *at[:2]), page("keep", *at[:2]), page("answer_at", *at)]
    writes += [page("keep_at", *at), page("as_the_others", *at), page("differently", *at[:2])]

    assert [(href, client.get(href).status_code) for href in reads] == [(h, 404) for h in reads]
    given = {"text": "x"}
    assert [(href, client.post(href, given).status_code) for href in writes] == [
        (href, 404) for href in writes
    ]
    shown = text_of(client.get(page("mine")))
    assert ("Oak" in shown) is False


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(
    oak, sign_in, number, django_assert_num_queries
):
    for _ in range(number):
        application = oak.submitted()
        with acting_as(BOSS):
            Application.objects.filter(pk=application.pk).update(state="withdrawn")
    client = sign_in(oak.head)
    client.get(page("mine"))

    with django_assert_num_queries(LIST_QUERIES):
        client.get(page("mine"))


LIST_QUERIES = 10
