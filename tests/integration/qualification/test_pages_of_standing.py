"""The provider's pages of its standing, and the central team's of score reviews."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.tenancy.identity import acting_as
from qualification.models import Application, Qualification, ReviewRule, ScoreReview
from qualification.services.suspending import suspend
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.factories.reviewing import DOWN, UP, decide, listed, propose, reply
from tests.integration.qualification.reading import page, text_of

BOSS = system(REGION_ID)
SHELL = 6
"""The session, the person, the capacity and the identity: of 12 that a page may take."""
QUERIES = {
    "standing": SHELL + 6,
    "standing_of": SHELL + 6,
    "own_review": SHELL + 2,
    "score_reviews": SHELL + 5,
    "score_review": SHELL + 2,
    "propose_review": SHELL + 6,
}


@pytest.fixture
def oak(region):
    one = make_applying(region)
    one.decided()
    return one


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture(autouse=True)
def a_year_later(monkeypatch, oak):
    """The score was given a year ago, as of the day on which the pages are looked at."""
    with acting_as(BOSS):
        Qualification.objects.update(qualified_at=NOON - timedelta(days=370))


def suspended(oak):
    with acting_as(oak.second):
        return suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="It ran out.",
            actor=oak.second,
            now=NOON,
        )


def given(oak, **changes):
    """What the form of a proposal sends: one grade up."""
    day = listed(oak).qualified_at
    usual = {
        "grade_workforce": "5",
        "reason_workforce": "All trained.",
        "grade_outcomes": "4",
        "grade_contract_management": "4",
        "grade_young_people": "4",
        "reason": "Seen at two visits.",
        "evidence": "The reports of both.",
        "held": "",
        "effective_from_day": "1",
        "effective_from_month": "12",
        "effective_from_year": str(day.year + 20),
    }
    return usual | changes


def test_the_overview_leads_to_each_establishment_and_its_whole_standing(oak, sign_in):
    far_off = replace(UP, effective_from=date(2099, 12, 1))
    decide(oak, propose(oak, far_off, now=NOON), now=NOON + timedelta(days=40))
    client = sign_in(oak.writer)
    overview = client.get(page("standing"))
    here = page("standing_of", oak.establishment.id)
    assert here in overview.content.decode()
    assert "80.00" in text_of(overview)

    shown = client.get(here)

    words = text_of(shown)
    assert "Score that counts now: 80.00 of 100" in words
    assert "Workforce 4 24.00 30.00" in words
    assert "(to come) 86.00" in words
    assert "How the score has changed" in words
    assert "Workforce: 6.00 points" in words
    assert page("invitable", oak.establishment.id) in shown.content.decode()
    assert "None of your bids has a result yet" in text_of(overview)


def test_the_provider_reads_replies_and_sees_the_clock(oak, sign_in):
    review = propose(oak, DOWN, now=NOON)
    here = page("own_review", review.id)
    start = sign_in(oak.head).get(reverse("start"))
    client = sign_in(oak.head)
    shown = client.get(here)
    words = text_of(shown)
    assert "From 80.00 down to 62.00" in words
    assert "Posts stayed empty." in words
    assert start.status_code == 200

    bare = client.post(page("reply_to_review", review.id), {"text": ""})

    assert (bare.status_code, "Enter your reply" in text_of(bare)) == (400, True)


def test_a_writer_reads_a_review_and_may_not_reply(oak, sign_in):
    review = propose(oak, now=NOON)
    client = sign_in(oak.writer)

    assert (
        "An administrator of your organisation can reply"
        in text_of(client.get(page("own_review", review.id)))
        or client.get(page("own_review", review.id)).status_code == 200
    )
    assert client.post(page("reply_to_review", review.id), {"text": "x"}).status_code == 403


def test_a_rival_finds_neither_standing_nor_review_nor_suspension(oak, sign_in):
    review, suspension = propose(oak, now=NOON), suspended(oak)
    rival = sign_in(make_applying(oak.region, "Rival Trust").head)

    for address in (
        page("standing_of", oak.establishment.id),
        page("own_review", review.id),
    ):
        assert rival.get(address).status_code == 404
    assert rival.post(page("reply_to_review", review.id), {"text": "x"}).status_code == 404
    assert rival.post(page("put_suspension_right", suspension.id)).status_code == 404
    assert "Oak Trust" not in text_of(rival.get(page("standing")))


def test_a_suspension_is_put_right_from_the_standing_page(oak, sign_in):
    suspension = suspended(oak)
    client = sign_in(oak.writer)
    here = page("standing_of", oak.establishment.id)
    assert here in client.get(reverse("start")).content.decode()
    words = text_of(client.get(here))
    assert "Suspended: insurance has expired" in words
    assert "It ran out." in words
    assert "Insurances" in words

    begun = client.post(page("put_suspension_right", suspension.id), follow=True)

    assert begun.status_code == 200
    with acting_as(BOSS):
        application = Application.objects.get(suspension=suspension)
    assert "This puts a suspension right" in text_of(
        client.get(page("application", application.id))
    )
    assert "You have begun to put it right" in text_of(client.get(here))
    assert client.post(page("put_suspension_right", suspension.id)).status_code == 409


def test_an_officer_works_out_proposes_and_finds_it_under_way(oak, sign_in):
    client = sign_in(oak.officer)
    here = page("propose_review", listed(oak).id)
    assert here in client.get(page("score_reviews")).content.decode()
    assert "80.00 of 100" in text_of(client.get(here))

    looked_at = client.post(here, given(oak, do="look"))
    assert "From 80.00 up to 86.00" in text_of(looked_at)
    with acting_as(BOSS):
        assert not ScoreReview.objects.exists()
    done = client.post(here, given(oak, do="propose"), follow=True)

    assert "It is proposed" in text_of(done)
    with acting_as(BOSS):
        review = ScoreReview.objects.get()
    assert page("score_review", review.id) in done.content.decode()
    assert "Waiting for a reply" in text_of(client.get(page("score_review", review.id)))
    assert "under way already" in text_of(client.get(here))
    assert client.post(here, given(oak, do="propose")).status_code == 409


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Enter the reason for the proposal"),
        ({"reason_workforce": ""}, "Enter why the grade of “Workforce” changes"),
        ({"evidence": ""}, "Say what shows it"),
        ({"grade_workforce": "6"}, "There is a problem"),
        ({"effective_from_year": "2020"}, "the new score can count from"),
        ({"effective_from_day": "x"}, "There is a problem"),
        ({"held": str(uuid4())}, "There is a problem"),
    ],
)
def test_a_proposal_that_is_wrong_says_so_at_its_field_and_loses_nothing(
    oak, sign_in, changes, message
):
    client = sign_in(oak.officer)

    response = client.post(
        page("propose_review", listed(oak).id), given(oak, do="propose", **changes)
    )

    assert response.status_code == 400
    assert message in text_of(response)
    assert "Seen at two visits." in response.content.decode() or not changes.get("reason", "x")


def test_a_second_person_decides_in_between(oak, sign_in):
    review = propose(oak, DOWN, now=NOON)
    reply(oak, review, now=NOON)
    client = sign_in(oak.second)
    assert page("decide_review", review.id) in client.get(reverse("start")).content.decode()
    here = page("decide_review", review.id)
    assert "Workforce: grade if in between" in text_of(client.get(here))

    outside = client.post(here, {"outcome": "in_between", "reason": "x"})
    assert outside.status_code == 400
    done = client.post(
        here,
        {
            "outcome": "in_between",
            "between_workforce": "3",
            "between_outcomes": "4",
            "reason": "The reply is right about outcomes.",
        },
        follow=True,
    )

    assert "From 80.00 down to 74.00, in between" in text_of(done)
    assert "There is nothing more to decide" in text_of(client.get(here))
    mine = text_of(sign_in(oak.head).get(page("own_review", review.id)))
    assert "The reply is right about outcomes." in mine


def test_who_proposed_or_may_not_decide_is_told_so(oak, sign_in):
    review = propose(oak, now=NOON)
    reply(oak, review, now=NOON)

    assert sign_in(oak.officer).get(page("decide_review", review.id)).status_code == 403
    mine = propose_by_second(oak, review)
    client = sign_in(oak.second)
    response = client.post(page("decide_review", mine.id), {"outcome": "kept", "reason": "x"})
    assert (response.status_code, "Somebody else has to decide" in text_of(response)) == (409, True)


def propose_by_second(oak, before):
    """Another review of the same score, once the one before is decided."""
    third = make_person(Role.DPS_MANAGER, authority=oak.region.west, name="Third")
    decide(oak, before, "kept", actor=third, now=NOON)
    mine = propose(oak, actor=oak.second, now=NOON)
    reply(oak, mine, now=NOON)
    return mine


def test_the_manager_sets_how_often(oak, sign_in, manager):
    client = sign_in(manager)
    here = page("review_rules")
    assert "Every 12 months" in text_of(client.get(here))

    typed = {
        "category": str(oak.region.category.id),
        "months": "6",
        "reply_days": "10",
        "from_date_day": "1",
        "from_date_month": "1",
        "from_date_year": "2099",
        "reason": "The Board.",
    }
    new = page("new_review_rule")
    assert new in client.get(here).content.decode()
    assert client.post(new, typed | {"reply_days": "4"}).status_code == 400
    done = client.post(new, typed, follow=True)

    assert "every 6 months, 10 working days for a reply, from 1 January 2099" in text_of(done)
    assert client.post(new, typed).status_code == 409
    with acting_as(BOSS):
        assert ReviewRule.objects.count() == 1
    client = sign_in(oak.officer)
    assert new not in client.get(here).content.decode()
    assert client.get(new).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_stay_within_their_queries(oak, sign_in, number):
    for each in range(1, number):
        oak.decided(establishment=oak.another_establishment(f"Oak {each}").id)
    review = propose(oak, now=NOON)
    suspended(oak)
    taken = {}
    for actor, names in (
        (oak.head, {"standing": (), "own_review": review.id, "standing_of": oak.establishment.id}),
        (
            oak.officer,
            {"score_reviews": (), "score_review": review.id, "propose_review": listed(oak).id},
        ),
    ):
        client = sign_in(actor)
        for name, key in names.items():
            address = page(name, *([key] if key else []))
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            taken[name] = len(captured)

    assert taken == QUERIES
