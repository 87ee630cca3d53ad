"""The agreement is made once from the award, says what was agreed, and never who the child is."""

import io
from datetime import date
from hashlib import sha256

import pypdf

from contracts.models import Agreement
from contracts.services.agreements import make_agreement
from dps.actors import system
from dps.models import AuditEvent, Document, Message
from dps.services.messages import deliver
from dps.tenancy.identity import acting_as
from referrals.models import Award, Referral
from tests.factories.contracts import AWARDED, make_award, make_sides, make_signed
from tests.factories.referrals import HOME


def run_job(award, *, times=1):
    boss = system(award.authority_id)
    for _ in range(times):
        with acting_as(boss):
            make_agreement(award_id=str(award.id), actor=boss, now=AWARDED)


def events(authority, verb):
    with acting_as(system(authority.id)):
        return list(AuditEvent.objects.filter(action=verb))


def test_the_agreement_is_made_from_the_award(region):
    sides = make_sides(region)
    award = make_award(sides)

    run_job(award)

    with acting_as(system(sides.authority.id)):
        agreement = Agreement.objects.get()
        document = Document.objects.get()
    assert (agreement.award_id, agreement.reference, agreement.state, agreement.starts_on) == (
        award.id,
        f"{award.referral.reference}-IPA",
        "to_sign",
        date(2027, 1, 15),
    )
    assert agreement.annual_value_pence == award.annual_value_pence
    assert (agreement.document_id, agreement.sha256) == (document.id, document.sha256)
    assert document.sha256 == sha256(bytes(document.content)).hexdigest()
    assert document.provider_id == sides.school.provider.id


def test_a_second_run_of_the_job_finds_it_made(region):
    sides = make_sides(region)
    award = make_award(sides)

    run_job(award, times=2)

    with acting_as(system(sides.authority.id)):
        made = (Agreement.objects.count(), Document.objects.count())
        messages = Message.objects.filter(template="contracts/agreement_to_sign")
        told = sorted(messages.values_list("to_person__name", flat=True))
    assert made == (1, 1)
    assert told == [sides.head.name, sides.approver.name]
    assert len(events(sides.authority, "agreement.made")) == 1


def test_the_paper_says_what_was_agreed_and_not_who_the_child_is(region):
    sides = make_sides(region)
    award = make_award(sides)

    run_job(award)

    with acting_as(system(sides.authority.id)):
        content = bytes(Document.objects.get().content)
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (
        f"Individual placement agreement {award.referral.reference}-IPA",
        sides.school.provider.name,
        sides.school.establishment.name,
        f"Known in this agreement by the reference {award.referral.reference}",
        "Core staffing £30,000.00 a year £30,000.00",
        "Core costs £40,000.00",
        "Taxi and escort £200.00 a week £7,600.00",
        "Total for a year £47,600.00",
        "Reads a page of instructions",
        "Speech therapy",
        "Starts on 15 January 2027",
        "26 February 2027",
        "15 July 2027",
        "15 January 2028",
        "at least 4 weeks’ notice",
        "We count one thing a day",
    ):
        assert said in words, said
    secrets = (HOME.child_name, HOME.postcode, HOME.parent_name, "Quince", "nine-year-old")
    assert [secret for secret in secrets if secret in words] == []


def test_both_signatures_are_noted_on_the_award_and_both_sides_told_once(region):
    sides = make_sides(region)

    signed = make_signed(sides)

    with acting_as(system(sides.authority.id)):
        award = Award.objects.get()
        told = Message.objects.filter(template="contracts/agreement_signed")
        names = sorted(told.values_list("to_person__name", flat=True))
    assert award.signed_at == signed.signed_at
    assert names == sorted([sides.head.name, sides.approver.name, sides.council.commissioner.name])
    assert len(events(sides.authority, "agreement.completed")) == 1


def test_what_both_sides_are_sent_says_what_to_do_and_where(region):
    sides = make_sides(region, name="St Mary's School")
    signed = make_signed(sides)
    award = make_award(sides)
    run_job(award)
    boss = system(sides.authority.id)

    with acting_as(boss):
        for message in Message.objects.filter(template__startswith="contracts/"):
            deliver(message_key=message.key, actor=boss, now=AWARDED)
        sent = Message.objects.filter(to_person_id=sides.head.person_id, sent_at__isnull=False)
        to_sign = sent.get(template="contracts/agreement_to_sign")
        done = sent.get(template="contracts/agreement_signed")
        waiting = Agreement.objects.get(award=award)
    assert to_sign.subject == f"Please sign placement agreement {waiting.reference}"
    assert f"/agreements/{sides.authority.id}/{waiting.id}/" in to_sign.body
    assert "between West Sussex and St Mary's School Trust for a place at" in to_sign.body
    assert done.subject == f"Placement agreement {signed.reference} is signed by both sides"
    assert "What happens next:" in to_sign.body
    assert "What happens next:" in done.body


def test_a_start_at_the_end_of_the_calendar_comes_before_both_sides(region):
    sides = make_sides(region)
    award = make_award(sides)
    with acting_as(system(sides.authority.id)):
        Referral.objects.filter(id=award.referral_id).update(starts_on=date(9999, 12, 1))

    run_job(award)

    with acting_as(system(sides.authority.id)):
        agreement = Agreement.objects.get()
        told = Message.objects.filter(template="contracts/agreement_to_sign").count()
    assert (agreement.starts_on, agreement.state, told) == (date(9999, 12, 1), "to_sign", 2)
