"""The link and the code: hashed, from two channels, of little use to anybody else."""

import re
from datetime import timedelta

import pytest

from dps.actors import parent, public, system
from dps.models import AuditEvent, Message
from dps.refusals import NotPermitted
from dps.services.secrets import read_address, read_body
from dps.tenancy.identity import acting_as
from referrals import jobs
from referrals.models import ChoiceOffer, ChoiceOption, ParentCode, ParentLink
from referrals.services.choosing import (
    Said,
    WindowClosed,
    choose,
    offer_choice,
    record_choice_by_officer,
)
from referrals.services.closing_choice import close_choice
from referrals.services.parent_links import (
    CodeAnswer,
    CodeJustSent,
    LinkEnded,
    NoEmailAddress,
    NoMobileNumber,
    TooManyCodes,
    UnknownLink,
    enter_code,
    find_link,
    hash_of,
    make_code,
    request_code,
    send_link,
    send_new_link,
)
from tests.factories.evaluation import GRADED, ranked_case

CLOSES = GRADED + timedelta(days=10)


@pytest.fixture
def case(region):
    return ranked_case(region)


@pytest.fixture
def offer(case):
    return case.act(
        case.commissioner, offer_choice, referral_id=case.referral_id, closes_at=CLOSES, at=GRADED
    )


def messages_to_parent(case):
    with acting_as(system(case.region.west.id)):
        rows = Message.objects.filter(to_person__isnull=True).order_by("created_at", "id")
        return [(row.channel, read_address(row), row.subject, read_body(row)) for row in rows]


def token_of(case):
    case.run_jobs(jobs.SEND_CHOICE_LINK)
    *_, body = messages_to_parent(case)[0]
    return re.search(r"/choice/([\w-]{43})/", body)[1]


def try_code(case, offer, code, *, at=GRADED):
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    return case.act(actor, enter_code, offer_id=offer.id, code=code, at=at)


def ask(case, offer, *, at=GRADED):
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    return case.act(actor, request_code, offer_id=offer.id, at=at)


def read_out(case, *, at=GRADED):
    return case.act(case.commissioner, make_code, referral_id=case.referral_id, at=at)


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.off_switch("link-hashed")
def test_the_link_goes_to_the_parent_and_only_its_hash_is_kept(case, offer):
    token = token_of(case)

    [(channel, to, subject, body)] = messages_to_parent(case)
    assert (channel, to, subject) == ("email", "sam.ash@example.org", "A choice is waiting for SA")
    assert not any(word in body for word in ("Robin", "RA", "Alder", "Birch", "SEN"))
    with acting_as(case.commissioner):
        link = ParentLink.objects.get()
        assert (link.token_hash, link.expires_at) == (hash_of(token), CLOSES)
        raw = Message.objects.of(case.region.west.id)
    with acting_as(system(case.region.west.id)):
        row = raw.get(to_person__isnull=True)
        assert token not in f"{row.body}{row.context}"


def test_the_link_job_run_twice_sends_once(case, offer):
    token_of(case)
    actor = system(case.region.west.id)
    with acting_as(actor, at=GRADED):
        send_link(offer_id=str(offer.id), actor=actor, now=GRADED)

    assert len(messages_to_parent(case)) == 1


def found(token, *, at=GRADED):
    with acting_as(public(), at=at):
        return find_link(hash_of(token), now=at)


def test_a_link_is_found_until_it_ends(case, offer):
    token = token_of(case)

    link = found(token)
    assert (link.authority_id, link.offer_id) == (case.region.west.id, offer.id)
    with pytest.raises(LinkEnded):
        found(token, at=CLOSES)
    with pytest.raises(UnknownLink):
        found(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_a_closed_choice_ends_its_link(case, offer):
    token = token_of(case)
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    with acting_as(actor):
        option = ChoiceOption.objects.first()
    case.act(actor, choose, offer_id=offer.id, said=Said("option", option.id), at=GRADED)
    case.act(case.commissioner, close_choice, referral_id=case.referral_id, at=GRADED)

    with pytest.raises(LinkEnded):
        found(token)


# A lost email


def ask_new_link(case, *, by=None, at=GRADED):
    return case.act(by or case.commissioner, send_new_link, referral_id=case.referral_id, at=at)


def tokens_of(case):
    return [re.search(r"/choice/([\w-]{43})/", row[-1])[1] for row in messages_to_parent(case)]


def test_a_new_link_ends_the_lost_one_and_is_on_record(case, offer):
    old = token_of(case)
    later = GRADED + timedelta(hours=1)

    ask_new_link(case, at=later)
    with pytest.raises(LinkEnded):
        found(old, at=later)
    case.run_jobs(jobs.SEND_CHOICE_LINK, at=later)

    first, new = tokens_of(case)
    assert first == old != new
    assert found(new, at=later).offer_id == offer.id
    with acting_as(case.commissioner):
        event = AuditEvent.objects.get(action="choice.link_replaced")
        assert (event.actor_name, event.subject_id) == ("Carol Raiser", str(offer.id))


def test_links_asked_for_twice_before_one_is_sent_become_one(case, offer):
    ask_new_link(case)
    ask_new_link(case, at=GRADED + timedelta(seconds=1))
    case.run_jobs(jobs.SEND_CHOICE_LINK)

    assert len(tokens_of(case)) == 1


def test_who_may_not_send_a_new_link_and_when_there_is_none(case, offer):
    token = token_of(case)
    for by, at, refusal in (
        (case.approver, GRADED, NotPermitted),
        (case.commissioner, CLOSES, WindowClosed),
    ):
        with pytest.raises(refusal):
            ask_new_link(case, by=by, at=at)
    with acting_as(case.commissioner):
        ChoiceOffer.objects.update(parent_email=b"")
    with pytest.raises(NoEmailAddress):
        ask_new_link(case)

    assert found(token).offer_id == offer.id


@pytest.mark.off_switch("code-hashed")
def test_a_code_read_out_opens_once(case, offer):
    code = read_out(case)

    assert re.fullmatch(r"\d{6}", code)
    assert try_code(case, offer, f"{code[:3]} {code[3:]}") is CodeAnswer.RIGHT
    assert try_code(case, offer, code) is CodeAnswer.NO_CODE
    with acting_as(case.commissioner):
        assert code not in ParentCode.objects.get().code_hash


def test_a_code_by_text_goes_to_the_mobile(case, offer):
    ask(case, offer)
    case.run_jobs(jobs.SEND_CHOICE_CODE)

    [(channel, to, _subject, body)] = messages_to_parent(case)
    code = re.search(r"\b\d{6}\b", body)[0]
    assert (channel, to) == ("text", "07700 900123")
    assert try_code(case, offer, code) is CodeAnswer.RIGHT


def test_a_code_lasts_ten_minutes(case, offer):
    code = read_out(case)

    late = GRADED + timedelta(minutes=10)
    assert try_code(case, offer, code, at=late) is CodeAnswer.NO_CODE
    assert try_code(case, offer, code, at=late - timedelta(seconds=1)) is CodeAnswer.RIGHT


@pytest.mark.off_switch("five-tries")
def test_five_wrong_tries_end_a_code_and_every_try_is_on_record(case, offer):
    code = read_out(case)

    answers = [try_code(case, offer, other_than(code)) for _ in range(5)]
    assert answers == [CodeAnswer.WRONG] * 4 + [CodeAnswer.NO_TRIES_LEFT]
    assert try_code(case, offer, code) is CodeAnswer.NO_TRIES_LEFT
    with acting_as(case.commissioner):
        assert AuditEvent.objects.filter(action="choice.code_entered").count() == 5
    assert try_code(case, offer, read_out(case, at=GRADED + timedelta(seconds=1))) is (
        CodeAnswer.RIGHT
    )


def test_a_new_code_takes_the_place_of_the_old(case, offer):
    old = read_out(case)
    new = read_out(case, at=GRADED + timedelta(seconds=1))

    assert old == new or try_code(case, offer, old) is CodeAnswer.WRONG
    assert try_code(case, offer, new) is CodeAnswer.RIGHT


def test_without_a_code_nothing_is_right(case, offer):
    assert try_code(case, offer, "000000") is CodeAnswer.NO_CODE


@pytest.mark.off_switch("code-a-minute")
def test_who_asks_again_within_a_minute_is_told_to_wait_and_then_gets_a_new_code(case, offer):
    at = GRADED + timedelta(seconds=7)
    ask(case, offer, at=at)
    case.run_jobs(jobs.SEND_CHOICE_CODE, at=at)

    for second in (1, 30, 59):
        with pytest.raises(CodeJustSent, match="wait a minute and then ask"):
            ask(case, offer, at=at + timedelta(seconds=second))
    case.run_jobs(jobs.SEND_CHOICE_CODE, at=at + timedelta(seconds=59))
    assert len(messages_to_parent(case)) == 1

    at += timedelta(minutes=1)
    ask(case, offer, at=at)
    case.run_jobs(jobs.SEND_CHOICE_CODE, at=at)
    assert len(messages_to_parent(case)) == 2


@pytest.mark.off_switch("ten-codes-a-day")
def test_codes_by_text_are_one_a_minute_and_ten_a_day(case, offer):
    ask(case, offer)
    ask(case, offer, at=GRADED + timedelta(seconds=5))
    case.run_jobs(jobs.SEND_CHOICE_CODE)
    assert len(messages_to_parent(case)) == 1

    for minute in range(1, 10):
        at = GRADED + timedelta(minutes=minute)
        ask(case, offer, at=at)
        case.run_jobs(jobs.SEND_CHOICE_CODE, at=at)
    with pytest.raises(TooManyCodes):
        ask(case, offer, at=GRADED + timedelta(minutes=11))
    assert len(messages_to_parent(case)) == 10


def test_every_refusal(case, offer):
    with pytest.raises(WindowClosed):
        read_out(case, at=CLOSES)
    with pytest.raises(NotPermitted):
        case.act(case.approver, make_code, referral_id=case.referral_id, at=GRADED)
    for call in (
        lambda: ask(case, offer, at=CLOSES),
        lambda: try_code(case, offer, "1", at=CLOSES),
    ):
        with pytest.raises(WindowClosed):
            call()
    for service, more in ((request_code, {}), (enter_code, {"code": "1"})):
        with pytest.raises(NotPermitted):
            case.act(case.commissioner, service, offer_id=offer.id, at=GRADED, **more)
    with acting_as(case.commissioner):
        ChoiceOffer.objects.update(parent_phone=b"")
        assert ParentCode.objects.count() == 0
    with pytest.raises(NoMobileNumber):
        ask(case, offer)


def test_the_parent_hears_that_an_answer_was_given_and_not_which(case, offer):
    actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
    case.act(actor, choose, offer_id=offer.id, said=Said("talk"), at=GRADED)

    case.run_jobs(jobs.CONFIRM_CHOICE)

    [(_channel, to, subject, body)] = messages_to_parent(case)
    assert (to, subject) == ("sam.ash@example.org", "We have your answer")
    assert "talk" not in body
    assert "ring us" in body


def recorded_for(case, offer, *, by_link=False, at=GRADED + timedelta(hours=1)):
    """An officer's record of the second place, after the parent's own answer for the first."""
    with acting_as(case.commissioner):
        first, second = ChoiceOption.objects.order_by("position")
    if by_link:
        actor = parent(authority_id=offer.authority_id, choice_id=offer.id)
        case.act(actor, choose, offer_id=offer.id, said=Said("option", first.id), at=GRADED)
        case.run_jobs(jobs.CONFIRM_CHOICE)
    said = Said("option", second.id)
    officer = case.commissioner
    case.act(officer, record_choice_by_officer, referral_id=case.referral_id, said=said, at=at)
    case.run_jobs(jobs.SEND_CHOICE_LINK, jobs.CONFIRM_CHOICE, at=at)
    return messages_to_parent(case)


def test_the_parent_hears_which_answer_an_officer_recorded_who_and_how_to_contradict_it(
    case, offer
):
    token = token_of(case)

    channel, to, subject, body = recorded_for(case, offer, by_link=True)[-1]

    assert (channel, to) == ("email", "sam.ash@example.org")
    assert subject == "An answer was recorded for you"
    assert "Carol Raiser of West Sussex" in body
    for part in (
        "on 4 November 2026 at 1pm",
        "Birch",
        "the choice is not closed before 6 November 2026 at 11:59pm",
        "Open the link that we emailed to you, with a new code, and answer yourself",
    ):
        assert part in body
    assert not any(word in body for word in ("Robin", "RA", "Alder", "SEN"))
    assert found(token, at=GRADED + timedelta(hours=2)).offer_id == offer.id
    assert len(tokens_in(case)) == 1


def test_a_record_brings_a_link_to_contradict_it_with_where_none_is_in_force(case, offer):
    told = recorded_for(case, offer)

    assert {row[2] for row in told} == {
        "A choice is waiting for SA",
        "An answer was recorded for you",
    }
    assert len(tokens_in(case)) == 1


def test_a_parent_without_an_email_address_is_told_by_text_what_was_recorded(case, offer):
    with acting_as(case.commissioner):
        ChoiceOffer.objects.update(parent_email=b"")

    [(channel, to, _subject, body)] = recorded_for(case, offer)

    assert (channel, to) == ("text", "07700 900123")
    assert "Birch" in body and "ask for somebody other than Carol Raiser" in body
    assert "link" not in body


def tokens_in(case):
    return [
        one
        for row in messages_to_parent(case)
        for one in re.findall(r"/choice/[\w-]{43}/", row[-1])
    ]


def test_a_link_or_code_whose_time_is_over_is_not_sent(case, offer):
    ask(case, offer)
    case.run_jobs(jobs.SEND_CHOICE_LINK, jobs.SEND_CHOICE_CODE, at=CLOSES)

    assert messages_to_parent(case) == []
