"""What each bidder is told: own and winner's scores, and no other bidder that lost."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from dps.actors import system
from dps.models import AuditHead, Document, Message
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import AwardLetter, Bid
from referrals.queries.awards import letter_for
from referrals.services.awarding import approve_award, recommend_award
from referrals.services.letters import print_letter, write_letters
from tests.factories.evaluation import (
    GRADED,
    content,
    grade_case,
    make_case,
    open_case,
    rank_case,
    seal_bid,
)

LATER = GRADED + timedelta(days=1)


@pytest.fixture
def case(region):
    """Alder wins; Birch and Cedar lose; Dogwood lacks an essential feature."""
    case = make_case(region)
    seal_bid(case, "Alder", content(weekly=1000_00))
    seal_bid(case, "Birch", content(weekly=2000_00, features=("step-free", "makaton")))
    seal_bid(case, "Cedar", content(weekly=3000_00))
    seal_bid(case, "Dogwood", content(features=()))
    rank_case(grade_case(open_case(case)))
    with acting_as(case.commissioner):
        first = Bid.objects.get(rank=1)
    case.act(
        case.commissioner,
        recommend_award,
        referral_id=case.referral_id,
        bid_id=first.id,
        reason="First",
        at=GRADED,
    )
    case.act(case.second_approver, approve_award, referral_id=case.referral_id, at=LATER)
    return case


def letters(case):
    with acting_as(case.commissioner):
        rows = AwardLetter.objects.select_related("bid__establishment")
        return {row.bid.establishment.name: row for row in rows}


def test_each_bidder_gets_one_letter_and_a_message(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    found = letters(case)
    outcomes = {name: letter.content["outcome"] for name, letter in found.items()}
    assert outcomes == {"Alder": "won", "Birch": "lost", "Cedar": "lost", "Dogwood": "set_aside"}
    with acting_as(system(case.region.west.id)):
        told = Message.objects.filter(template="referrals/result")
        assert set(told.values_list("to_person_id", flat=True)) == {
            actor.person_id for actor in case.bidders.values()
        }


def test_a_losers_letter_has_both_scores_and_the_reasons(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    said = letters(case)["Birch"].content
    assert (said["winner"], said["winner_provider"], said["rank"]) == ("Alder", "Alder Trust", 2)
    assert said["lines"][0] == {
        "key": "price", "title": "Price", "weight": 50_00, "own": 25_00, "winner": 50_00,
    }  # fmt: skip
    assert said["own_total"] == sum(line["own"] for line in said["lines"])
    assert said["advantages"] == [
        "Price: 50.00 points against your 25.00, for a lower annual price."
    ]
    assert said["own_advantages"] == [
        "Features: your 4.00 points against 2.67, for more of the features met, by their marks."
    ]
    assert said["characteristics"] == [
        "It meets 2 of the 2 needs listed.",
        "It meets 1 of the 2 features listed.",
    ]


def test_a_bid_set_aside_reads_what_it_lacked(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    said = letters(case)["Dogwood"].content
    assert (said["missing"], said["own_total"], said["advantages"]) == (["Step-free"], None, [])


def test_no_letter_names_another_loser_or_the_distance(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    for name, letter in letters(case).items():
        text = json.dumps(letter.content)
        others = {"Birch", "Cedar", "Dogwood"} - {name}
        assert [other for other in others if other in text] == []
        assert letter.content["band"] == "0 to 10 miles"
        # 10,000 metres are 6.21 miles.
        assert "6.21" not in text and "621" not in text


def test_each_letter_carries_the_head_of_the_chain(case):
    with acting_as(system(case.region.west.id)):
        connection.check_constraints()  # the chain is linked at the commit
        head = bytes(AuditHead.objects.get(authority=case.region.west).hash).hex()
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    assert {len(letter.audit_head) for letter in letters(case).values()} == {64}
    assert head in {letter.audit_head for letter in letters(case).values()}


def test_the_job_run_twice_writes_once(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)
    before = {name: letter.id for name, letter in letters(case).items()}
    actor = system(case.region.west.id)
    with acting_as(actor, at=LATER):
        award = next(iter(letters_award(case)))
        write_letters(award_id=str(award), actor=actor, now=LATER)

    assert {name: letter.id for name, letter in letters(case).items()} == before


def letters_award(case):
    return AwardLetter.objects.values_list("award_id", flat=True)


def test_a_bidder_reads_its_own_letter_alone(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)
    own = case.region.west.id

    with acting_as(case.bidders["Birch"]):
        assert letter_for(own, case.invitations["Birch"].id).content["outcome"] == "lost"
        assert letter_for(own, case.invitations["Alder"].id) is None
        assert AwardLetter.objects.of(own).count() == 1


def test_the_pdf_is_made_once_and_belongs_to_its_provider(case):
    case.run_jobs(jobs.WRITE_AWARD_LETTERS, jobs.PRINT_AWARD_LETTER, at=LATER)
    actor = system(case.region.west.id)
    with acting_as(actor, at=LATER):
        for letter in AwardLetter.objects.all():
            print_letter(letter_id=str(letter.id), actor=actor, now=LATER)

    with acting_as(case.bidders["Birch"]):
        [document] = Document.objects.of(case.region.west.id)
    assert bytes(document.content).startswith(b"%PDF-")
    assert document.file_name == f"{case.referral.reference}-result.pdf"


def test_a_standstill_is_said_in_the_letter(case, region):
    with acting_as(system(0)):
        region.category.standstill_days = 8
        region.category.save()

    case.run_jobs(jobs.WRITE_AWARD_LETTERS, at=LATER)

    # The award was on Thursday 5 November 2026.
    assert letters(case)["Birch"].content["standstill"] == "17 November 2026"
