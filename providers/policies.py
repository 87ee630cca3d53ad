"""The directory is open to read; what a provider says in confidence is guarded."""

from dps.actors import Kind
from dps.tenancy.policies import (
    ALL,
    EVERY_ROW,
    OWN_PROVIDER,
    READ,
    WRITE,
    Also,
    Guarded,
    Open,
    Policy,
)

# A provider's evidence is for its own establishments, with its own files.
OWN_PLACE = (
    "(establishment_id IS NULL OR EXISTS (SELECT 1 FROM providers_establishment e"
    " WHERE e.id = establishment_id AND e.provider_id = providers_evidence.provider_id))"
)
OWN_FILE = (
    "(upload_id IS NULL OR EXISTS (SELECT 1 FROM dps_upload u WHERE u.id = upload_id"
    " AND u.provider_id = providers_evidence.provider_id))"
)

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
            Policy(Kind.PROVIDER, READ, OWN_PROVIDER),
            Policy(Kind.PROVIDER, ("INSERT",), f"{OWN_PROVIDER} AND {OWN_PLACE} AND {OWN_FILE}"),
            Policy(Kind.PROVIDER, ("UPDATE",), OWN_PROVIDER, f"{OWN_PROVIDER} AND {OWN_FILE}"),
            Policy(Kind.AUTHORITY, READ, EVERY_ROW),
        ),
    ),
    # Councils see how a file of a piece of evidence stands; its bytes they do not.
    Also(
        "dps.Upload",
        (
            Policy(
                Kind.AUTHORITY,
                READ,
                "EXISTS (SELECT 1 FROM providers_evidence e WHERE e.upload_id = dps_upload.id)",
            ),
        ),
    ),
    Guarded(
        "providers.Addition",
        (
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, ("SELECT", "INSERT"), OWN_PROVIDER),
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
