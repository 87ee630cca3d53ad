"""Agreements belong to their two sides; compliance to the region; publications to everybody."""

from dps.actors import Kind
from dps.tenancy.policies import (
    ALL,
    EVERY_ROW,
    OWN_AUTHORITY,
    OWN_PERSON,
    OWN_PROVIDER,
    READ,
    Guarded,
    Open,
    Policy,
)

A, P, C, S = Kind.AUTHORITY, Kind.PROVIDER, Kind.CENTRAL, Kind.SYSTEM
IN_OWN_NAME = f"person_id = {OWN_PERSON}"
REGIONAL = (
    Policy(S, ALL, EVERY_ROW),
    Policy(C, READ, EVERY_ROW),
    Policy(P, READ, OWN_PROVIDER),
)

TABLES = [
    Guarded(
        "contracts.Agreement",
        (
            Policy(A, READ, OWN_AUTHORITY),
            Policy(A, ("UPDATE",), OWN_AUTHORITY),
            Policy(S, ALL, OWN_AUTHORITY),
            Policy(P, READ, OWN_PROVIDER),
            # The second signature moves the state; a trigger lets nothing else change.
            Policy(P, ("UPDATE",), OWN_PROVIDER),
        ),
    ),
    # Each side signs for itself, in its own name, and nobody changes a signature.
    Guarded(
        "contracts.Signature",
        (
            Policy(A, READ, OWN_AUTHORITY),
            Policy(
                A,
                ("INSERT",),
                f"{OWN_AUTHORITY} AND side = 'authority' AND person_id = {OWN_PERSON}",
            ),
            Policy(S, READ, OWN_AUTHORITY),
            Policy(P, READ, OWN_PROVIDER),
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND side = 'provider' AND {IN_OWN_NAME}"),
        ),
    ),
    Open(
        "contracts.ComplianceRun",
        "on which days the audit ran; facts about the service only",
        read=(S, C),
        write=(S,),
        login=(),
    ),
    Guarded("contracts.ComplianceFinding", REGIONAL),
    Guarded("contracts.ComplianceReminder", REGIONAL),
    Open("contracts.Publication", "published awards are for everybody", write=(S,)),
    Open("contracts.PublishedAward", "published awards are for everybody", write=(S,)),
]
