"""The two longest forms, in a browser that runs no scripts: nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from dps.actors import Role
from dps.models import Authority, Membership
from tests.journeys.site import Site
from tests.journeys.visitor import visiting
from tests.region.people import client_of, signed_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NEEDS = ("Calm classes", "Speech therapy", "Help at lunch", "A quiet journey")


def test_a_commissioner_lists_more_needs_than_there_are_rows(browser: Browser, site: Site) -> None:
    lead = Authority.objects.get(is_lead=True)
    commissioner = signed_in(Role.COMMISSIONER, authority_id=lead.id)
    with visiting(browser, site, java_script_enabled=False) as visitor:
        visitor.comes_as(commissioner).goes_to("/referrals/new/").ticks("SEN day").sends()
        visitor.clicks("Needs")
        for number, words in enumerate(NEEDS):
            if not visitor.page.locator(f"[name='row-{number}-text']").count():
                visitor.clicks("Add another need")
            visitor.fills(**{f"row-{number}-text": words, f"row-{number}-marks": "25"})
        visitor.sends().clicks("Needs")

        typed = [field.input_value() for field in visitor.page.locator("[name$='-text']").all()]
        assert typed == [*NEEDS, ""]


def test_a_provider_works_out_its_cost_and_keeps_a_draft(browser: Browser, site: Site) -> None:
    with visiting(browser, site, java_script_enabled=False) as visitor:
        visitor.comes_as(_somebody_invited()).goes_to("/start/").clicks("Bid or decline")
        visitor.clicks("Start").ticks_all("needs_met").fills(statement="We begin with trains.")
        visitor.fills(variable_0_title="Taxi", variable_0_amount="9,999", discount="100")
        visitor.clicks("Work out the cost for a year").sees("Cost for a year\n\n£0.00")
        visitor.fills(discount="").clicks("Work out the cost for a year").does_not_see("£0.00<")
        visitor.clicks("Save and come back later").sees("Your draft has been saved")
        visitor.goes_to("/start/").clicks("Finish your bid").clicks("Continue your bid")

        assert visitor.page.locator("[name=statement]").input_value() == "We begin with trains."
        assert visitor.page.locator("[name=variable_0_title]").input_value() == "Taxi"


def _somebody_invited() -> Client:
    """A provider's person for whom an invitation waits."""
    for membership in Membership.objects.filter(provider_id__isnull=False).order_by("id"):
        client = client_of(membership)
        if b"Bid or decline" in client.get(reverse("start")).content:
            return client
    raise AssertionError("nobody in the region has an invitation to answer")
