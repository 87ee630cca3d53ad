"""
Whose each row of a guarded table is, said once more and without the policies: plain conditions
that the owner of the database asks. Each names the rows that a kind of actor must never see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.apps import apps
from django.db.models import Model

from dps.actors import REGION_ID, Actor, Role, parent, public, system
from dps.models import Membership
from dps.services.people import actor_for
from dps.tenancy.policies import Guarded, declared_tables
from tests.factories.kernel import provider_actor

EVERY_ROW, NO_ROW = "true", "false"
SENT = "application_id IN (SELECT id FROM qualification_application WHERE submitted_at IS NOT NULL)"

AN_ANSWERED_OFFER = """
SELECT o.authority_id, o.id FROM referrals_choiceoffer o
 WHERE EXISTS (SELECT 1 FROM referrals_parentchoice c WHERE c.offer_id = o.id)
   AND EXISTS (SELECT 1 FROM referrals_parentlink l WHERE l.offer_id = o.id)
 ORDER BY o.id LIMIT 1
"""
THE_BUSIEST_BIDDER = (
    "SELECT provider_id FROM referrals_sealedbid GROUP BY 1 ORDER BY count(*) DESC, 1"
)
OF_AN_OFFER = ("choiceoption", "parentlink", "parentcode", "parentchoice")


@dataclass(frozen=True)
class Table:
    """A guarded table with its columns."""

    model: type[Model]
    label: str
    name: str
    columns: frozenset[str]


def guarded_tables() -> list[Table]:
    models = [apps.get_model(t.model) for t in declared_tables() if isinstance(t, Guarded)]
    return [
        Table(
            model,
            model._meta.label,
            model._meta.db_table,
            frozenset(field.column for field in model._meta.local_fields),
        )
        for model in models
    ]


@dataclass(frozen=True)
class Who:
    """An actor, and the condition for the rows of a table that are none of theirs."""

    actor: Actor
    others: Callable[[Table], str]


def everybody(owner: psycopg.Connection[Any]) -> dict[str, Who]:
    """One of each kind; the system for one council, and for the region."""
    council, offer_id = _first(owner, AN_ANSWERED_OFFER)
    membership = Membership.objects.filter(
        authority_id=council, is_central=False, roles__contains=[Role.COMMISSIONER.value]
    )[0]
    manager = Membership.objects.filter(is_central=True, roles__contains=[Role.DPS_MANAGER.value])[
        0
    ]
    (provider_id,) = _first(owner, THE_BUSIEST_BIDDER)
    return {
        "authority": Who(actor_for(membership, person=membership.person), _of_authority(council)),
        "provider": Who(provider_actor(provider_id), _of_provider(provider_id)),
        "central": Who(actor_for(manager, person=manager.person), _of_central(manager.person_id)),
        "parent": Who(
            parent(authority_id=council, choice_id=offer_id), _of_parent(council, offer_id)
        ),
        "public": Who(public(), _of_the_public),
        "system": Who(system(council), _of_system(council)),
        "region's system": Who(system(REGION_ID), _of_system(REGION_ID)),
    }


def add_a_second_family(owner: psycopg.Connection[Any]) -> None:
    """Another offer with all its parts at the same council: no two families of one see each other.

    Needs a database whose triggers are off.
    """
    _council, old = _first(owner, AN_ANSWERED_OFFER)
    new = uuid4()
    copy = "INSERT INTO {0} SELECT (json_populate_record(t, json_build_object({1}))).* FROM {0} t"
    offer = copy.format("referrals_choiceoffer", "'id', %s::text, 'referral_id', %s::text")
    owner.execute(f"{offer} WHERE id = %s", [new, new, old])  # type: ignore[call-overload]
    for name in OF_AN_OFFER:
        changes = "'id', gen_random_uuid(), 'offer_id', %s::text"
        if name == "parentlink":
            changes += ", 'token_hash', md5(random()::text)"
        part = copy.format(f"referrals_{name}", changes)
        owner.execute(f"{part} WHERE offer_id = %s", [new, old])  # type: ignore[call-overload]


def _first(owner: psycopg.Connection[Any], query: str) -> Any:
    row = owner.execute(query).fetchone()  # type: ignore[call-overload]
    assert row, query
    return row


# Regional tables: no council's, and read by all of them.
COUNCILS_READ = {
    "providers.Evidence",
    "qualification.Acceptance",
    "qualification.CompetencyScore",
    "qualification.Suspension",
}
# Everybody reads them, whoever has set them.
PUBLISHED = {"qualification.Cap"}
SEALED = {"referrals.SealedBid", "referrals.BidDraft", "referrals.BidProgress"}
CLOCKWORK = {"dps.AuditLink", "dps.OwedJob", "dps.Message"}


LISTED = "(SELECT application_id FROM qualification_qualification WHERE ended_at IS NULL)"
JOINING_SENT = (
    "id IN (SELECT joining_id FROM qualification_application WHERE submitted_at IS NOT NULL)"
)
ANSWER_SENT = "answer_id IN (SELECT id FROM qualification_answer WHERE sent_at IS NOT NULL)"
# Somebody who was asked to grade the statement has not handed in, and nobody has agreed a grade.
GRADED_BLINDLY = (
    "answer_id NOT IN (SELECT answer_id FROM qualification_agreedgrade)"
    " AND answer_id IN (SELECT a.id FROM qualification_answer a JOIN qualification_evaluator v"
    " ON v.joining_id = a.joining_id AND v.released_at IS NULL"
    " WHERE NOT EXISTS (SELECT FROM qualification_grade g WHERE g.answer_id = a.id"
    " AND g.graded_by_id = v.person_id AND g.handed_in_at IS NOT NULL))"
)
CLEAN = "state = 'clean'"
OF_EVIDENCE = "(SELECT upload_id FROM providers_evidence WHERE upload_id IS NOT NULL)"


def _bytes_but_of(uploads: str) -> str:
    return f"upload_id NOT IN (SELECT id FROM dps_upload WHERE {uploads})"


def _of_authority(council: int) -> Callable[[Table], str]:
    def others(table: Table) -> str:
        if table.label in SEALED | CLOCKWORK:
            return EVERY_ROW
        if table.label == "dps.JoiningLink":
            return f"authority_id IS DISTINCT FROM {council} OR is_central"
        if table.label == "dps.Upload":
            return f"id NOT IN {OF_EVIDENCE}"
        if table.label == "qualification.Discount":
            return f"application_id NOT IN {LISTED}"
        if table.label in PUBLISHED:
            return NO_ROW
        if "authority_id" in table.columns:
            return f"authority_id <> {council}"
        return NO_ROW if table.label in COUNCILS_READ else EVERY_ROW

    return others


def _of_provider(provider_id: UUID) -> Callable[[Table], str]:
    invited = f"(SELECT referral_id FROM referrals_invitation WHERE provider_id = '{provider_id}')"
    places = f"(SELECT id FROM providers_establishment WHERE provider_id = '{provider_id}')"
    asked = {f"referrals.{name}" for name in ("Need", "Feature", "Outcome")}

    def others(table: Table) -> str:
        if "provider_id" in table.columns:
            return f"provider_id IS DISTINCT FROM '{provider_id}'"
        if table.label == "referrals.Referral":
            return f"id NOT IN {invited}"
        if table.label in asked:
            return f"referral_id NOT IN {invited}"
        if table.label == "qualification.Suspension":
            return f"establishment_id NOT IN {places}"
        if table.label == "dps.UploadContent":
            return _bytes_but_of(f"provider_id = '{provider_id}' AND {CLEAN}")
        return NO_ROW if table.label in PUBLISHED else EVERY_ROW

    return others


CENTRAL = {
    "dps.JoiningLink": "NOT is_central",
    "referrals.Award": "state <> 'approved'",
    "qualification.Joining": f"NOT {JOINING_SENT}",
    "qualification.Application": "submitted_at IS NULL",
    "qualification.Answer": "sent_at IS NULL",
    "qualification.Ground": f"NOT {ANSWER_SENT}",
    "qualification.CoreCostLine": f"NOT {SENT}",
    "qualification.Discount": f"NOT {SENT}",
    "qualification.Grade": GRADED_BLINDLY,
    "referrals.BidProgress": EVERY_ROW,
    "dps.UploadContent": _bytes_but_of(CLEAN),
}


def _of_central(person_id: UUID) -> Callable[[Table], str]:
    def others(table: Table) -> str:
        if table.label == "qualification.Grade":
            return f"{CENTRAL[table.label]} AND graded_by_id <> '{person_id}'"
        if table.label in CENTRAL:
            return CENTRAL[table.label]
        if table.label in CLOCKWORK:
            return EVERY_ROW
        if table.label in PUBLISHED:
            return NO_ROW
        return f"authority_id <> {REGION_ID}" if "authority_id" in table.columns else NO_ROW

    return others


def _of_the_public(table: Table) -> str:
    return NO_ROW if table.label in PUBLISHED else EVERY_ROW


def _of_parent(council: int, offer_id: UUID) -> Callable[[Table], str]:
    def others(table: Table) -> str:
        if table.label == "referrals.ChoiceOffer":
            return f"id <> '{offer_id}'"
        if "offer_id" in table.columns:
            return f"offer_id <> '{offer_id}'"
        if table.label in ("dps.AuthorityKey", "dps.ChildKey"):
            return f"authority_id <> {council}"
        return EVERY_ROW

    return others


def _of_system(authority_id: int) -> Callable[[Table], str]:
    people = SEALED | {"referrals.ChildIdentity", "referrals.OutcomeGrade"}
    joining = f"authority_id IS DISTINCT FROM {authority_id} OR is_central"
    if authority_id == REGION_ID:
        joining = "NOT is_central AND provider_id IS NULL"

    def others(table: Table) -> str:
        if table.label in people:
            return EVERY_ROW
        if table.label == "dps.JoiningLink":
            return joining
        if table.label in PUBLISHED:
            return NO_ROW
        return f"authority_id <> {authority_id}" if "authority_id" in table.columns else NO_ROW

    return others
