"""Agreements belong to their two sides; compliance to the region; publications to everybody."""

from dps.actors import Kind
from dps.tenancy.policies import (
    ALL,
    EVERY_ROW,
    OWN_AUTHORITY,
    OWN_PROVIDER,
    READ,
    WRITE,
    Guarded,
    Open,
    Policy,
)

A, P, C, S = Kind.AUTHORITY, Kind.PROVIDER, Kind.CENTRAL, Kind.SYSTEM
REGIONAL = (
    Policy(S, ALL, EVERY_ROW),
    Policy(C, WRITE, EVERY_ROW),
    Policy(P, READ, OWN_PROVIDER),
)

TABLES = [
    Guarded(
        "contracts.Agreement",
        (
            Policy(A, ALL, OWN_AUTHORITY),
            Policy(S, ALL, OWN_AUTHORITY),
            Policy(P, READ, OWN_PROVIDER),
            Policy(P, ("UPDATE",), f"{OWN_PROVIDER} AND state <> 'preparing'"),
        ),
    ),
    Guarded(
        "contracts.Signature",
        (
            Policy(A, ("SELECT", "INSERT"), OWN_AUTHORITY),
            Policy(S, READ, OWN_AUTHORITY),
            Policy(P, READ, OWN_PROVIDER),
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND side = 'provider'"),
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
