"""The contract team decides who joins, and a council whom it can afford to invite."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Journey
from tests.journeys.site import Site
from tests.journeys.steps import capping, moderating, putting_right, rescoring

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_two_schools_are_graded_blind_and_one_puts_its_only_mistake_right(
    browser: Browser, site: Site
) -> None:
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)
        moderating.the_provider_replies_to_a_question(journey)
        moderating.the_officer_finds_what_does_not_pass(journey)
        moderating.one_who_was_asked_has_a_conflict(journey)
        moderating.two_people_grade_without_seeing_each_other(journey)
        moderating.the_officer_brings_them_together(journey)
        moderating.the_officer_may_not_decide(journey)
        moderating.a_second_person_decides_on_each(journey)
        moderating.the_provider_reads_both_letters(journey)

        putting_right.the_provider_puts_one_answer_right(journey)
        putting_right.only_that_is_checked_again(journey)
        putting_right.it_qualifies_with_the_grades_it_had(journey)


def test_a_cap_closes_the_referrals_of_one_council_to_one_school(
    browser: Browser, site: Site
) -> None:
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)
        capping.the_council_sees_whom_a_cap_leaves_out(journey)
        capping.it_adopts_the_cap(journey)
        capping.the_commissioner_sees_why_the_school_is_left_out(journey)
        capping.the_school_sees_who_can_invite_it(journey)


def test_a_score_is_reviewed_and_the_new_one_counts_from_its_day(
    browser: Browser, site: Site
) -> None:
    """The last of this module: it moves the clock."""
    with ExitStack() as open_browsers:
        journey = Journey(browser, site, open_browsers)
        rescoring.the_officer_proposes_a_higher_score(journey)
        rescoring.the_provider_replies(journey)
        rescoring.a_second_person_decides_on_the_score(journey)
        rescoring.the_new_score_counts_from_its_day(journey)
