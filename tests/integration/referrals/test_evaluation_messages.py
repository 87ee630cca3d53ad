"""Each message from the deadline to the award can be written, and leads to where it is next."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import resolve

from dps.actors import parent, system
from dps.models import Message
from dps.services.messages import SEND_MESSAGE
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import Bid, ChoiceOption
from referrals.services.awarding import approve_award, recommend_award, return_award
from referrals.services.choosing import Said, choose, offer_choice
from referrals.services.closing_choice import close_choice
from tests.factories.evaluation import GRADED, ranked_case

CHILD = ("Robin", "Ash", "BN11 1AA", "07700")
ADDRESS = re.compile(r"https?://\S+")
EXPECTED = {
    "papers_to_grade",
    "grades_to_agree",
    "grades_to_confirm",
    "ranked",
    "parent_answered",
    "choice_closed",
    "award_to_approve",
    "award_decided",
    "result",
}


def lived_through(region):
    """A near tie that the parent settles; the award is returned once, then approved."""
    case = ranked_case(region)
    what = {"referral_id": case.referral_id, "at": GRADED}
    offer = case.act(case.commissioner, offer_choice, closes_at=GRADED + timedelta(days=9), **what)
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    with acting_as(actor):
        option = ChoiceOption.objects.first()
    for said in (Said("talk"), Said("none"), Said("option", option.id)):
        case.act(actor, choose, offer_id=offer.id, said=said, at=GRADED)
    case.act(case.commissioner, close_choice, **what)
    with acting_as(case.commissioner):
        bid = Bid.objects.get(id=option.bid_id)
    recommended = {"bid_id": bid.id, "reason": "The parent chose it", **what}
    case.act(case.commissioner, recommend_award, **recommended)
    case.act(case.second_approver, return_award, reason="Say more", **what)
    case.act(case.commissioner, recommend_award, **recommended)
    case.act(case.second_approver, approve_award, **what)
    case.run_jobs(jobs.WRITE_AWARD_LETTERS)
    case.run_jobs(SEND_MESSAGE)
    return case


def test_messages_are_written_and_lead_to_a_page(region):
    case = lived_through(region)

    with acting_as(system(region.west.id)):
        rows = [row for row in Message.objects.all() if row.template.startswith("referrals/")]
    assert {row.template.removeprefix("referrals/") for row in rows} == EXPECTED
    for row in rows:
        assert row.sent_at is not None
        assert case.referral.reference in row.subject
        assert "&" not in row.body and "{" not in row.body
        [address] = ADDRESS.findall(row.body)
        assert resolve(urlsplit(address).path).url_name
        assert [word for word in CHILD if word in f"{row.subject} {row.body}"] == []
