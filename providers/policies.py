"""The directory is open to read; what a provider says in confidence is guarded."""

from dps.actors import Kind
from dps.tenancy.policies import ALL, EVERY_ROW, OWN_PROVIDER, READ, WRITE, Guarded, Open, Policy

TABLES = [
    Open(
        "providers.Provider",
        "names of organisations that offer places are public",
        write=(Kind.SYSTEM, Kind.CENTRAL),
        insert=(Kind.PUBLIC,),
    ),
    Open(
        "providers.Establishment",
        "the directory is public, and its map searches need indexes that row security forbids",
        write=(Kind.SYSTEM, Kind.CENTRAL),
    ),
    Open(
        "providers.Inspection",
        "inspection results are published by the inspectorates",
        write=(Kind.SYSTEM, Kind.CENTRAL),
    ),
    Open(
        "providers.RegisterRun",
        "what a register import did; facts about public registers only",
        read=(Kind.SYSTEM, Kind.CENTRAL),
        write=(Kind.SYSTEM,),
        login=(),
    ),
    Guarded(
        "providers.Evidence",
        (
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, WRITE, OWN_PROVIDER),
            Policy(Kind.AUTHORITY, READ, EVERY_ROW),
        ),
    ),
    Guarded(
        "providers.Claim",
        (
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, WRITE, OWN_PROVIDER),
        ),
    ),
]
