"""The pages of the exclusion grounds: none applies, or what happened and how it was put right."""

import pytest

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from qualification.models import Ground
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of

BOSS = system(REGION_ID)
TAX, MONEY = "tax_offences", "insolvency_bankruptcy"


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def here(oak):
    return page("grounds", oak.start().joining_id)


def details(*codes, **changes):
    """What the page of details sends, the same for each ground."""
    usual = {"applies_to": "organisation", "in_uk": "yes", "description": "It was paid late."}
    return {f"{code}-{name}": value for code in codes for name, value in (usual | changes).items()}


def of(here, *codes):
    return f"{here}details/?" + "&".join(f"ground={code}" for code in codes)


def declared():
    with acting_as(BOSS):
        rows = Ground.objects.order_by("code")
        return list(rows.values_list("code", "put_right", "in_uk"))


def test_every_ground_is_asked_in_plain_words(oak, sign_in, here):
    shown = text_of(sign_in(oak.head).get(here))

    assert "Theft, fraud, bribery or money laundering" in shown
    assert "Insolvency or bankruptcy" in shown
    assert "Public Contracts Regulations 2015, regulation 57(11)" in shown


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Tick the grounds that apply, or that none applies"),
        ({"mandatory": [TAX], "none": "on"}, "Tick either the grounds that apply, or that none"),
        ({"mandatory": ["x"]}, "Select one of the answers given"),
    ],
)
def test_nothing_and_both_are_refused(oak, sign_in, here, given, message):
    response = sign_in(oak.head).post(here, given)

    assert (response.status_code, message in text_of(response)) == (400, True)


def test_what_applies_leads_to_its_details_and_these_are_kept(oak, sign_in, here):
    client = sign_in(oak.head)

    ticked = client.post(here, {"mandatory": [TAX], "discretionary": [MONEY]})
    assert ticked.headers["Location"] == of(here, TAX, MONEY)
    saved = client.post(of(here, TAX, MONEY), details(TAX, MONEY, put_right="Paid."), follow=True)

    assert "Exclusion grounds saved." in text_of(saved)
    assert declared() == [(MONEY, "Paid.", True), (TAX, "Paid.", True)]
    again = client.get(of(here, TAX)).content.decode()
    assert "It was paid late." in again


def test_a_ground_that_applies_now_is_told_at_once(oak, sign_in, here):
    response = sign_in(oak.head).post(of(here, TAX), details(TAX), follow=True)

    shown = text_of(response)
    assert "A ground for exclusion applies now." in shown
    assert "Cannot join yet Exclusion grounds" in shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": ""}, "Describe what happened"),
        ({"applies_to": ""}, "Select whom it applies to"),
        ({"in_uk": "perhaps"}, "Select one of the answers given"),
        ({"contact_email": "nobody"}, "Enter an email address in the correct format"),
        ({"description": "word " * 401}, "must be 400 words or fewer"),
        ({"description": "ding \x07"}, "a character that cannot be used"),
        (
            {"ended_on_day": "1", "ended_on_month": "1", "ended_on_year": "2999"},
            "must be",
        ),
        ({"ended_on_day": "31", "ended_on_month": "2", "ended_on_year": "2020"}, "a real date"),
    ],
)
def test_bad_details_are_told_at_their_field_and_nothing_is_lost(
    oak, sign_in, here, changes, message
):
    response = sign_in(oak.head).post(of(here, TAX), details(TAX, put_right="Paid.", **changes))

    assert (response.status_code, message in text_of(response)) == (400, True)
    assert "Paid." in response.content.decode()
    assert declared() == []


def test_details_of_nothing_lead_back(oak, sign_in, here):
    response = sign_in(oak.head).get(of(here, "unknown"))

    assert response.headers["Location"] == here
