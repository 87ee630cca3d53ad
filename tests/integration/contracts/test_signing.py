"""Each side signs once, for itself, the paper that it was shown; the second signature completes."""

import pytest
from django.db import IntegrityError, ProgrammingError

from contracts.models import Agreement, Signature
from contracts.services.signing import NotTheSamePaper, NotYourName, SideHasSigned
from contracts.states import AgreementState
from dps.actors import Role, system
from dps.models import AuditEvent, OwedJob
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from tests.factories.contracts import (
    SIGNED,
    make_agreement,
    make_sides,
    make_signed,
    sign_as,
)
from tests.factories.kernel import make_person
from tests.factories.referrals import make_school


def state_of(agreement):
    with acting_as(system(agreement.authority_id)):
        found = Agreement.objects.get(id=agreement.id)
        sides = list(Signature.objects.filter(agreement=found).values_list("side", flat=True))
        events = AuditEvent.objects.filter(action="agreement.signed").count()
        owed = OwedJob.objects.filter(job="contracts.complete_agreement").count()
    return AgreementState(found.state), sorted(sides), events, owed


UNSIGNED = (AgreementState.TO_SIGN, [], 0, 0)


def test_one_side_then_the_other(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)

    sign_as(sides.head, agreement)
    after_one = state_of(agreement)
    sign_as(sides.approver, agreement)

    assert after_one == (AgreementState.PART_SIGNED, ["provider"], 1, 0)
    assert state_of(agreement) == (AgreementState.SIGNED, ["authority", "provider"], 2, 1)
    with acting_as(system(agreement.authority_id)):
        assert Agreement.objects.get().signed_at == SIGNED


def test_the_hash_that_was_signed_is_in_the_trail_of_the_council(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)

    sign_as(sides.head, agreement)

    with acting_as(system(sides.authority.id)):
        event = AuditEvent.objects.get(action="agreement.signed")
        signature = Signature.objects.get()
    assert (event.actor_name, event.actor_kind, event.subject_id) == (
        sides.head.name,
        "provider",
        str(agreement.id),
    )
    assert f'"sha256":"{agreement.sha256}"' in event.body
    assert (signature.sha256, signature.signed_name) == (agreement.sha256, sides.head.name)


@pytest.mark.parametrize(
    ("who", "typed", "refusal"),
    [
        ("commissioner", {}, NotPermitted),
        ("bid writer", {}, NotPermitted),
        ("approver of another council", {}, Agreement.DoesNotExist),
        ("another provider", {}, Agreement.DoesNotExist),
        ("approver", {"signed_name": "Somebody Else"}, NotYourName),
        ("approver", {"sha256": "0" * 64}, NotTheSamePaper),
        ("the system", {}, NotPermitted),
    ],
)
def test_refusals_change_nothing(region, who, typed, refusal):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    people = {
        "commissioner": lambda: sides.council.commissioner,
        "approver": lambda: sides.approver,
        "bid writer": lambda: make_person(Role.BID_WRITER, provider_id=sides.school.provider.id),
        "approver of another council": lambda: make_person(Role.APPROVER, authority=region.east),
        "another provider": lambda: make_school(region).head,
        "the system": lambda: system(sides.authority.id),
    }

    with pytest.raises(refusal):
        sign_as(people[who](), agreement, **typed)

    assert state_of(agreement) == UNSIGNED


def test_a_side_signs_once(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    sign_as(sides.approver, agreement)
    second = make_person(Role.APPROVER, authority=sides.authority)

    with pytest.raises(SideHasSigned):
        sign_as(second, agreement)

    assert state_of(agreement) == (AgreementState.PART_SIGNED, ["authority"], 1, 0)


def test_the_name_may_be_typed_in_other_letters_and_spaces(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)

    sign_as(sides.head, agreement, signed_name=f"  {sides.head.name.upper()} ")

    assert state_of(agreement)[1] == ["provider"]


# What the database holds without the services.


def a_signature(agreement, actor, side, **changes):
    values = {
        "authority_id": agreement.authority_id,
        "agreement": agreement,
        "provider_id": agreement.provider_id,
        "side": side,
        "person_id": actor.person_id,
        "signed_name": actor.name,
        "signed_at": SIGNED,
        "sha256": agreement.sha256,
    }
    return Signature(**(values | changes))


@pytest.mark.off_switch("signature-of-own-side")
@pytest.mark.parametrize(
    ("side", "changes"),
    [
        ("authority", {}),
        ("provider", {"person_id": "approver"}),
    ],
)
def test_a_provider_cannot_write_a_signature_that_is_not_its_own(region, side, changes):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    if "person_id" in changes:
        changes = {"person_id": sides.approver.person_id}

    with pytest.raises(ProgrammingError), acting_as(sides.head):
        a_signature(agreement, sides.head, side, **changes).save(force_insert=True)

    assert state_of(agreement) == UNSIGNED


@pytest.mark.off_switch("signature-fits")
def test_a_signature_is_of_the_agreements_own_bytes(region):
    sides = make_sides(region)
    agreement = make_agreement(sides)

    with pytest.raises(IntegrityError), acting_as(sides.head):
        other = a_signature(agreement, sides.head, "provider", sha256="0" * 64)
        other.save(force_insert=True)

    assert state_of(agreement) == UNSIGNED


@pytest.mark.off_switch("agreement-stands")
@pytest.mark.parametrize(
    "change", [{"annual_value_pence": 1}, {"sha256": "0" * 64}, {"state": "signed"}]
)
@pytest.mark.parametrize("who", ["head", "approver"])
def test_neither_side_can_change_what_was_agreed_nor_call_it_signed(region, who, change):
    sides = make_sides(region)
    agreement = make_agreement(sides)
    change |= {"signed_at": SIGNED} if "state" in change else {}

    with pytest.raises(IntegrityError), acting_as(getattr(sides, who)):
        Agreement.objects.of(agreement.authority_id).filter(id=agreement.id).update(**change)

    assert state_of(agreement) == UNSIGNED


def test_nobody_changes_or_removes_a_signature(region):
    sides = make_sides(region)
    make_signed(sides)

    for actor in (sides.head, sides.approver, system(sides.authority.id)):
        for act in (lambda rows: rows.update(signed_name="X"), lambda rows: rows.delete()):
            with pytest.raises(ProgrammingError), acting_as(actor):
                act(Signature.objects.of(sides.authority.id))
