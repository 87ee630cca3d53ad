"""Registration, claims, certificates and places, through their pages."""

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account, AuditEvent
from dps.tenancy.identity import acting_as
from dps.waiting import sections_for
from providers.models import Claim, Establishment, Provider
from providers.services.claims import claim_establishment
from tests.factories.kernel import NOON, PASSWORD, make_person
from tests.factories.providers import make_administrator, make_establishment, make_provider

REGISTER = "/register-as-a-provider/"
FORM = {
    "name": "Larkfield Education Ltd",
    "company_number": "1234567",
    "person_name": "Ada Lark",
    "email": "ada@larkfield.example",
    "password": PASSWORD,
}


def address(name, *args):
    return reverse(f"providers:{name}", args=args)


def errors(response):
    return {name: list(words) for name, words in response.context["form"].errors.items()}


def claimed(administrator, school):
    with acting_as(administrator):
        return claim_establishment(establishment_id=school.pk, actor=administrator, now=NOON)


def test_registration_leads_to_signing_in_with_the_same_password(region, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    done = client.post(REGISTER, FORM, follow=True)
    signed_in = client.post(
        "/account/login/", {"login": FORM["email"], "password": PASSWORD}, follow=True
    )

    assert done.redirect_chain == [(f"{REGISTER}done/", 302)]
    assert "What happens next" in done.content.decode()
    assert Provider.objects.get().company_number == "01234567"
    assert "Claim the first school or home that you run" in signed_in.content.decode()


def test_an_empty_registration_says_what_to_enter(region, client):
    response = client.post(REGISTER, {})

    assert response.status_code == 400
    assert errors(response) == {
        "name": ["Enter the name of your organisation"],
        "person_name": ["Enter your full name"],
        "email": ["Enter your work email address"],
        "password": ["Enter a password"],
    }


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": "ada"}, "email", "Enter an email address in the correct format, like name@"),
        ({"password": "short"}, "password", "Password must be 12 characters or more"),
        ({"password": "ada@larkfield.example"}, "password", "Password must not be like your"),
        ({"company_number": "12-34"}, "company_number", "Company number must be 8 figures, or"),
        ({"name": "x" * 161}, "name", "Name of your organisation must be 160 characters or fewer"),
        ({"name": "Bell\x07"}, "name", "This contains a character that cannot be used"),
    ],
)
def test_a_registration_that_cannot_be_right_keeps_what_was_typed(
    region, client, change, field, words
):
    response = client.post(REGISTER, FORM | change)

    assert response.status_code == 400
    assert errors(response)[field][0].startswith(words)
    assert 'value="Ada Lark"' in response.content.decode()
    assert (Provider.objects.count(), Account.objects.count()) == (0, 0)


def test_many_registrations_from_one_network_have_to_wait(region, client):
    answers = [client.post(REGISTER, {}, REMOTE_ADDR="192.0.2.77") for _ in range(21)]

    assert [answer.status_code for answer in answers] == [400] * 20 + [429]
    assert "Wait a minute, then try again" in answers[-1].content.decode()


def test_a_taken_email_is_said_at_its_field_and_nothing_is_written(region, client):
    client.post(REGISTER, FORM)
    response = client.post(
        REGISTER, FORM | {"name": "Another", "company_number": "", "email": "ADA@larkfield.example"}
    )

    assert (response.status_code, list(errors(response))) == (409, ["email"])
    assert Provider.objects.count() == 1
    with acting_as(system(REGION_ID)):
        assert AuditEvent.objects.filter(action="attempt.refused").count() == 1


def test_a_provider_claims_from_the_page_and_the_officer_confirms(
    administrator, officer, school, signed_in
):
    found = signed_in(administrator).get(address("claim_search"), {"search": "lark"})
    claim_page = address("claim", school.pk)
    assert claim_page in found.content.decode()
    assert "Does your organisation run" in signed_in(administrator).get(claim_page).content.decode()
    done = signed_in(administrator).post(claim_page, follow=True)
    assert "You have claimed Larkfield School" in done.content.decode()

    start = signed_in(officer).get("/start/").content.decode()
    with acting_as(officer):
        (claim,) = Claim.objects.all()
    decide = address("decide_claim", claim.pk)
    assert decide in start
    assert decide in signed_in(officer).get(address("claims")).content.decode()
    decided = signed_in(officer).post(decide, {"decision": "confirm"}, follow=True)

    assert "Decided." in decided.content.decode()
    assert Establishment.objects.get().provider_id == administrator.provider_id
    mine = signed_in(administrator).get(address("mine")).content.decode()
    assert "Confirmed" in mine
    assert address("places", school.pk) in mine


@pytest.fixture
def waiting(administrator, officer, school):
    return claimed(administrator, school)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, {"decision": ["Select whether you confirm or refuse the claim"]}),
        ({"decision": "refuse"}, {"reason": ["Enter the reason for refusing"]}),
        ({"decision": "refuse", "reason": "  "}, {"reason": ["Enter the reason for refusing"]}),
        ({"decision": "perhaps"}, {"decision": ["Select one of the answers given"]}),
    ],
)
def test_a_decision_needs_an_answer_and_a_refusal_a_reason(
    waiting, officer, signed_in, answers, said
):
    response = signed_in(officer).post(address("decide_claim", waiting.pk), answers)

    assert (response.status_code, errors(response)) == (400, said)
    with acting_as(officer):
        assert Claim.objects.get().state == "waiting"


def test_deciding_twice_is_refused_and_the_page_says_how_it_stands(
    administrator, officer, school, signed_in
):
    page = address("decide_claim", claimed(administrator, school).pk)
    signed_in(officer).post(page, {"decision": "refuse", "reason": "Not on the register."})

    again = signed_in(officer).post(page, {"decision": "confirm"})

    assert again.status_code == 409
    assert "There is nothing more to do" in signed_in(officer).get(page).content.decode()
    mine = signed_in(administrator).get(address("mine")).content.decode()
    assert "You can claim it again. Reason: Not on the register." in mine


def test_claiming_anothers_establishment_says_why_not(administrator, signed_in):
    taken = make_establishment(provider=make_provider("Rival Ltd"))

    response = signed_in(administrator).post(address("claim", taken.pk))

    assert response.status_code == 409
    assert "Another organisation runs this establishment" in response.content.decode()


@pytest.mark.parametrize("search", ["", "la", "x" * 101])
def test_a_search_too_short_or_long_says_so(administrator, signed_in, search):
    response = signed_in(administrator).get(address("claim_search"), {"search": search})

    assert (response.status_code, list(errors(response))) == (400, ["search"])


def test_places_are_said_from_the_page(administrator, mine, signed_in):
    page = address("places", mine.pk)
    wrong = signed_in(administrator).post(page, {"places": "4", "vacancies": "5"})
    done = signed_in(administrator).post(page, {"places": "40", "vacancies": "5"}, follow=True)

    assert (wrong.status_code, list(errors(wrong))) == (400, ["vacancies"])
    assert "up to date" in done.content.decode()
    assert 'value="40"' in signed_in(administrator).get(page).content.decode()


@pytest.mark.parametrize("name", ["places", "evidence"])
def test_an_establishment_of_another_is_not_there(administrator, mine, signed_in, name):
    rival = make_administrator(make_provider("Rival Ltd"))
    answers = {"places": "1", "vacancies": "1"}

    assert signed_in(rival).get(address(name, mine.pk)).status_code == 404
    assert signed_in(rival).post(address(name, mine.pk), answers).status_code in (404, 405)
    assert Establishment.objects.get(pk=mine.pk).places is None


def test_a_bid_writer_keeps_figures_but_claims_nothing(provider, mine, signed_in):
    writer = make_person(Role.BID_WRITER, provider_id=provider.id)

    assert signed_in(writer).get(address("places", mine.pk)).status_code == 200
    assert "An administrator of your organisation can" in (
        signed_in(writer).get(address("mine")).content.decode()
    )
    assert signed_in(writer).get(address("claim_search")).status_code == 403


def test_officers_have_no_pages_of_a_provider(officer, mine, school, signed_in):
    for one in (mine, school):
        assert signed_in(officer).get(address("places", one.pk)).status_code == 403


def test_who_may_not_open_the_claims(administrator, commissioner, signed_in):
    for actor in (administrator, commissioner):
        assert signed_in(actor).get(address("claims")).status_code == 403


def test_the_start_page_says_what_waits_and_what_runs_out(administrator, mine, school, signed_in):
    claimed(administrator, school)
    signed_in(administrator).post(address("places", mine.pk), {"places": "4", "vacancies": "0"})

    with acting_as(administrator):
        (section,) = [
            one for one in sections_for(administrator, NOON) if one.heading == "Your establishments"
        ]

    assert [item.text for item in section.items] == [
        "We are checking that you run Larkfield School",
        "Add the public liability insurance of Our School",
        "Add the employers’ liability insurance of Our School",
    ]


def test_claims_and_own_lists_take_as_many_queries_for_one_as_for_three(
    administrator, officer, provider, signed_in, django_assert_max_num_queries
):
    for number in range(3):
        claimed(administrator, make_establishment(f"School {number}"))
        make_establishment(f"Ours {number}", provider=provider)

    for actor, page in ((administrator, "mine"), (officer, "claims")):
        browser = signed_in(actor)
        browser.get(address(page))
        with django_assert_max_num_queries(16):  # 12, and those of session and identity
            browser.get(address(page))
