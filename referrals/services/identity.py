"""Who the child is and where home is: kept encrypted, and every reading by a person recorded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.crypto import Place, child_key, decrypt, encrypt
from dps.grid import GridPoint, Postcode
from dps.grid import place as place_on_the_grid
from dps.permissions import Action, require
from referrals.completeness import names_found
from referrals.models import ChildIdentity, Referral
from referrals.queries.referrals import Asked
from referrals.services.child_details import identity_place
from referrals.services.drafts import draft_for_change


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDetails:
    """What is never published: it is used for the choice and the award alone."""

    child_name: str = ""
    postcode: str = ""
    parent_name: str = ""
    parent_email: str = ""
    parent_phone: str = ""


@transaction.atomic
def keep_identity(
    *, referral_id: UUID, details: ChildDetails, actor: Actor, now: datetime
) -> Referral:
    """Encrypt the child's and parent's details under the child's key, and place the home (R1).

    :raises NotPermitted: the actor may not raise referrals.
    :raises AlreadyIssued: providers have been invited; nothing may change.
    :raises NotAPostcode: the postcode is not one.
    :raises CannotBePlaced: we do not know where it is.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = draft_for_change(referral_id)
    postcode = Postcode.parse(details.postcode)
    home = place_on_the_grid(str(postcode))

    identity = ChildIdentity.objects.select_for_update().get(referral_id=referral.pk)
    values = {field.name: getattr(details, field.name).strip() for field in fields(details)}
    values["postcode"] = str(postcode)
    values["point"] = f"{home.point.easting},{home.point.northing}"
    key = child_key(authority_id=identity.authority_id, key_id=identity.key_id)
    for column, text in values.items():
        box = encrypt(key, text, identity_place(identity, column)) if text else b""
        setattr(identity, column, box)
    identity.save(update_fields=list(values))
    referral.home_placed_by = home.source.value
    referral.home_placed_edition = home.edition
    referral.save(update_fields=["home_placed_by", "home_placed_edition"])

    given = sorted(name for name, text in values.items() if text)
    facts = {"given": given, "home_placed_by": referral.home_placed_by}
    audit.record(Act("child.identified", referral, facts), actor=actor, at=now)
    return referral


@transaction.atomic
def view_child(*, referral_id: UUID, actor: Actor, now: datetime) -> ChildDetails:
    """Show a person who the child is, and record that they looked.

    :raises NotPermitted: the actor may not see children's details.
    """
    require(actor, Action.VIEW_CHILD)
    referral = Referral.objects.get(pk=referral_id)
    details = read_details(ChildIdentity.objects.get(referral_id=referral.pk))
    audit.record(Act("child.viewed", referral), actor=actor, at=now)
    return details


def read_details(identity: ChildIdentity) -> ChildDetails:
    """All of it, decrypted with one key; the caller writes the event."""
    key = child_key(authority_id=identity.authority_id, key_id=identity.key_id)
    texts = {}
    for field in fields(ChildDetails):
        box = bytes(getattr(identity, field.name))
        texts[field.name] = decrypt(key, box, identity_place(identity, field.name)) if box else ""
    return ChildDetails(**texts)


def home_of(identity: ChildIdentity) -> GridPoint | None:
    """Where home is; None where it has not been entered. The caller writes the event."""
    return _point(identity.authority_id, identity.pk, identity.key_id, bytes(identity.point))


def home_of_open_referral(referral: Referral) -> GridPoint | None:
    """The same for the system, which reads nothing else of a child's identity (R5)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity_id, key_id, point FROM home_of_open_referral(%s, %s)",
            [referral.authority_id, referral.pk],
        )
        row = cursor.fetchone()
    return None if row is None else _point(referral.authority_id, row[0], row[1], bytes(row[2]))


def _point(authority_id: int, identity_id: UUID, key_id: UUID, box: bytes) -> GridPoint | None:
    if not box:
        return None
    place = Place("childidentity", "point", authority_id, str(identity_id))
    text = decrypt(child_key(authority_id=authority_id, key_id=key_id), box, place)
    easting, northing = text.split(",")
    return GridPoint(int(easting), int(northing))


@transaction.atomic
def texts_with_the_name(
    lists: Asked, *, referral_id: UUID, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Which of the published texts seem to name the child: a hint, since names are words too.

    :raises NotPermitted: the actor may not raise referrals.
    """
    require(actor, Action.RAISE_REFERRAL)
    referral = Referral.objects.get(pk=referral_id)
    identity = ChildIdentity.objects.get(referral_id=referral_id)
    if not bytes(identity.child_name):
        return ()
    key = child_key(authority_id=identity.authority_id, key_id=identity.key_id)
    place = identity_place(identity, "child_name")
    texts = {
        "Profile": referral.profile,
        "What the child says and wishes": referral.wishes,
        "Needs": " ".join(item.text for item in lists.needs),
        "Features": " ".join(item.text for item in lists.features),
        "Outcomes": " ".join(item.text for item in lists.outcomes),
    }
    audit.record(Act("child.name_compared", referral), actor=actor, at=now)
    return names_found(decrypt(key, bytes(identity.child_name), place), texts)
