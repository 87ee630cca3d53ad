"""A provider claims an establishment; the central team confirms or refuses."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent, Message
from dps.outbox.jobs import perform
from dps.refusals import IllegalTransition, NotPermitted
from dps.services.messages import SEND_MESSAGE
from dps.tenancy.identity import acting_as
from providers.models import Claim, Establishment
from providers.services.claims import (
    ClaimedByYou,
    EstablishmentClosed,
    NotBoughtFrom,
    ReasonMissing,
    RunByAnother,
    claim_establishment,
    confirm_claim,
    refuse_claim,
)
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_administrator, make_establishment, make_provider


def claim(actor, school):
    with acting_as(actor):
        return claim_establishment(establishment_id=school.pk, actor=actor, now=NOON)


def confirm(actor, claim):
    with acting_as(actor):
        return confirm_claim(claim_id=claim.pk, actor=actor, now=NOON)


def refuse(actor, claim, reason="The register names another proprietor."):
    with acting_as(actor):
        return refuse_claim(claim_id=claim.pk, reason=reason, actor=actor, now=NOON)


def states():
    with acting_as(system(REGION_ID)):
        return sorted(Claim.objects.values_list("establishment__name", "state"))


def owner_of(school):
    return Establishment.objects.get(pk=school.pk).provider


def letters():
    with acting_as(system(REGION_ID)):
        return sorted(Message.objects.values_list("template", "to_person_id"))


def test_a_claim_waits_and_the_central_team_is_told(administrator, officer, commissioner, school):
    made = claim(administrator, school)

    assert (made.state, made.claimed_by_id, owner_of(school)) == (
        "waiting",
        administrator.person_id,
        None,
    )
    assert letters() == [
        ("providers/claim_made", officer.person_id),
        ("providers/claim_received", administrator.person_id),
    ]


def test_who_claims_reads_what_happens_next_and_when(administrator, officer, school):
    claim(administrator, school)
    boss = system(REGION_ID)
    with acting_as(boss):
        message = Message.objects.get(template="providers/claim_received")
        perform(SEND_MESSAGE, {"message_key": message.key}, actor=boss, now=NOON)
        message.refresh_from_db()

    assert message.subject == f"We have your claim of {school.name}"
    assert "usually within 5 working days" in message.body
    assert f"/your-applications/start/?establishment={school.pk}" in message.body


def test_a_confirmed_claim_gives_the_establishment_to_the_provider(
    administrator, officer, school, provider
):
    decided = confirm(officer, claim(administrator, school))

    assert (decided.state, decided.decided_by_id, owner_of(school)) == (
        "confirmed",
        officer.person_id,
        provider,
    )
    assert ("providers/claim_confirmed", administrator.person_id) in letters()


def test_each_step_stands_in_the_regions_chain(administrator, officer, school):
    refuse(officer, claim(administrator, school))

    with acting_as(system(REGION_ID)):
        told = AuditEvent.objects.filter(action__startswith="claim.").order_by("id")
        assert list(told.values_list("action", "person_id")) == [
            ("claim.made", administrator.person_id),
            ("claim.refused", officer.person_id),
        ]


def test_after_a_refusal_the_provider_may_claim_again(administrator, officer, school):
    refused = refuse(officer, claim(administrator, school))
    claim(administrator, school)

    assert refused.reason == "The register names another proprietor."
    assert states() == [("Larkfield School", "refused"), ("Larkfield School", "waiting")]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"is_open": False}, EstablishmentClosed),
        ({"is_procured": False, "kind": "alternative_provision"}, NotBoughtFrom),
    ],
)
def test_what_nobody_can_claim_is_refused(administrator, facts, refusal):
    school = make_establishment(**facts)

    with pytest.raises(refusal):
        claim(administrator, school)

    assert states() == []


def test_one_claim_waits_at_a_time(administrator, school):
    claim(administrator, school)

    with pytest.raises(ClaimedByYou):
        claim(administrator, school)

    assert states() == [("Larkfield School", "waiting")]


def test_ones_own_is_not_claimed_again(administrator, mine):
    with pytest.raises(ClaimedByYou):
        claim(administrator, mine)


def test_another_providers_is_refused(administrator, region):
    taken = make_establishment(provider=make_provider("Rival Ltd"))

    with pytest.raises(RunByAnother):
        claim(administrator, taken)

    assert states() == []


def test_of_two_claims_one_is_confirmed(administrator, officer, school, provider):
    rival = make_administrator(make_provider("Rival Ltd"))
    first, second = claim(administrator, school), claim(rival, school)
    confirm(officer, first)

    with pytest.raises(RunByAnother):
        confirm(officer, second)

    assert (owner_of(school), states()) == (
        provider,
        [("Larkfield School", "confirmed"), ("Larkfield School", "waiting")],
    )


@pytest.mark.parametrize("first", [confirm, refuse])
@pytest.mark.parametrize("then", [confirm, refuse])
def test_what_is_decided_is_decided(administrator, officer, school, first, then):
    made = claim(administrator, school)
    first(officer, made)
    before = states(), owner_of(school)

    with pytest.raises(IllegalTransition):
        then(officer, made)

    assert (states(), owner_of(school)) == before


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_refusal_needs_a_reason(administrator, officer, school, reason):
    made = claim(administrator, school)

    with pytest.raises(ReasonMissing):
        refuse(officer, made, reason)

    assert states() == [("Larkfield School", "waiting")]


def test_who_may_claim_and_who_may_decide(region, administrator, officer, commissioner, school):
    writer = make_person(Role.BID_WRITER, provider_id=administrator.provider_id)
    for actor in (writer, officer, commissioner):
        with pytest.raises(NotPermitted):
            claim(actor, school)
    made = claim(administrator, school)
    analyst = make_person(Role.DATA_ANALYST, authority=region.west)
    for actor in (administrator, commissioner, analyst):
        for decide in (confirm, refuse):
            with pytest.raises(NotPermitted):
                decide(actor, made)

    assert states() == [("Larkfield School", "waiting")]


@pytest.mark.off_switch("claim-of-own-provider")
def test_a_provider_sees_and_makes_its_own_claims_alone(administrator, school, provider):
    claim(administrator, school)
    rival = make_administrator(make_provider("Rival Ltd"))

    with acting_as(rival):
        assert Claim.objects.count() == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Claim.objects.create(
                provider=provider,
                establishment=school,
                claimed_by_id=rival.person_id,
                claimed_at=NOON,
            )


def test_a_provider_cannot_take_an_establishment_by_itself(administrator, school, provider):
    taking = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(administrator), taking, transaction.atomic():
        Establishment.objects.filter(pk=school.pk).update(provider=provider)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"state": "refused", "reason": ""}, "claim_refused_with_a_reason"),
        ({"state": "confirmed", "decided_at": None}, "claim_decided_when_not_waiting"),
        ({"state": "waiting", "decided_at": NOON}, "claim_decided_when_not_waiting"),
    ],
)
def test_the_database_keeps_claims_whole(administrator, school, facts, constraint):
    made = claim(administrator, school)
    usual = {"decided_at": NOON, "reason": "x"}

    with pytest.raises(IntegrityError, match=constraint), acting_as(system(REGION_ID)):
        Claim.objects.filter(pk=made.pk).update(**(usual | facts))
