"""The whole main job, once, as those who do it: from the school register to the published award."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import COMMISSIONER, Journey
from tests.journeys.site import Site
from tests.journeys.steps import (
    awarding,
    bidding,
    choosing,
    evaluating,
    joining,
    qualifying,
    referring,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
UNTIL_BIDS_HAVE_CLOSED = timedelta(days=15)


def test_a_school_of_the_register_becomes_a_published_award(browser: Browser, site: Site) -> None:
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)

        # Given a school of the register whose new provider has qualified
        joining.a_school_comes_onto_the_register(journey)
        joining.the_provider_registers(journey)
        joining.it_claims_the_school(journey)
        joining.the_officer_confirms_the_claim(journey)
        joining.it_fills_its_vault(journey)
        joining.it_applies(journey)
        qualifying.the_officer_checks_it(journey)
        qualifying.the_officer_asks_two_people_to_grade(journey)
        qualifying.each_grades_alone(journey)
        qualifying.young_people_grade_their_question(journey)
        qualifying.the_officer_agrees_the_grades(journey)
        qualifying.a_second_person_decides(journey)
        joining.it_reads_that_it_has_qualified(journey)

        # When a council looks for a place, and two providers offer one that is nearly equal
        referring.the_commissioner_writes_a_referral(journey)
        referring.the_commissioner_sees_who_will_be_invited(journey)
        referring.the_commissioner_checks_and_sends_it(journey)
        bidding.the_newcomer_bids(journey)
        bidding.its_neighbour_bids_too(journey)
        bidding.nobody_at_the_council_sees_a_bid(journey, COMMISSIONER)
        site.wait(UNTIL_BIDS_HAVE_CLOSED)
        evaluating.two_people_open_the_bids(journey)
        evaluating.two_evaluators_grade(journey)
        evaluating.they_agree_their_grades(journey)
        evaluating.the_bids_are_nearly_equal(journey)

        # Then the parent chooses, and what they chose is awarded, signed and published
        choosing.the_commissioner_offers_the_choice(journey)
        choosing.the_parent_chooses_the_newcomer(journey)
        choosing.the_commissioner_closes_the_choice(journey)
        awarding.the_commissioner_recommends_the_award(journey)
        awarding.the_approver_approves_it(journey)
        awarding.both_bidders_read_their_result(journey)
        awarding.both_sides_sign(journey)
        awarding.the_quarter_ends_and_is_published(journey)
        awarding.everybody_can_see_the_award(journey)
