"""Providers apply: twelve schools in one go, and one whose certificates have run out."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Journey
from tests.journeys.site import Site
from tests.journeys.steps import certificates, many_schools

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_twelve_schools_apply_for_two_categories_in_one_go(browser: Browser, site: Site) -> None:
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)
        many_schools.a_provider_runs_twelve_schools(journey)

        many_schools.it_chooses_all_of_them_for_two_categories(journey)
        many_schools.it_passes_stage_one_once_for_all(journey)
        many_schools.it_answers_each_question_once(journey)
        many_schools.it_adds_the_evidence_that_is_missing(journey)
        many_schools.one_school_answers_differently(journey)
        many_schools.it_states_most_costs_by_spreadsheet(journey)
        many_schools.it_types_and_copies_the_others(journey)

        many_schools.it_sends_everything_at_once(journey)
        many_schools.the_officer_sees_one_piece_of_work(journey)


def test_certificates_that_have_run_out_are_replaced_and_offered(
    browser: Browser, site: Site
) -> None:
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)
        certificates.an_application_asks_for_what_has_run_out(journey)
        certificates.a_virus_is_refused_at_the_field(journey)
        certificates.a_virus_inside_a_document_is_found_by_the_scanner(journey)
        certificates.good_documents_take_their_places(journey)
        certificates.they_are_offered_where_they_are_asked_for(journey)
