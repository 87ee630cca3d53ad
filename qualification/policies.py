"""What a provider writes is its own and the central team's; the qualified list is public."""

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

TOLD_OF = (
    "job IN ('qualification.tell_authority_of_suspension',"
    " 'qualification.tell_authority_of_reinstatement')"
)
"""A suspension is a regional act that owes one job to every authority."""

# What a provider can never make of its own application, whatever the code above does.
UNDECIDED = (
    f"{OWN_PROVIDER} AND state IN ('draft', 'submitted', 'withdrawn')"
    " AND decided_at IS NULL AND score IS NULL"
)
SENT = "submitted_at IS NOT NULL"


def of_application(condition: str) -> str:
    """The row's application is in this condition."""
    return (
        "EXISTS (SELECT 1 FROM qualification_application p"
        f" WHERE p.id = application_id AND {condition})"
    )


IN_DRAFT = OWN_PROVIDER + " AND " + of_application("p.state = 'draft'")
OF_SENT = of_application("p.submitted_at IS NOT NULL")
OF_DECIDED = (
    f"{OWN_PROVIDER} AND EXISTS (SELECT 1 FROM qualification_answer a JOIN"
    " qualification_application p ON p.id = a.application_id"
    " WHERE a.id = answer_id AND p.decided_at IS NOT NULL)"
)
OF_OWN_ESTABLISHMENT = (
    "EXISTS (SELECT 1 FROM providers_establishment e WHERE e.id = establishment_id"
    " AND e.provider_id = nullif(current_setting('app.provider_id', true), '')::uuid)"
)
SYSTEM_ALL = Policy(Kind.SYSTEM, ALL, EVERY_ROW)
READ_BY_AUTHORITIES = Policy(Kind.AUTHORITY, READ, EVERY_ROW)

# Written until the application is sent, read by the central team from then on.
DRAFTED = (
    SYSTEM_ALL,
    Policy(Kind.CENTRAL, READ, OF_SENT),
    Policy(Kind.PROVIDER, READ, OWN_PROVIDER),
    Policy(Kind.PROVIDER, ("INSERT", "UPDATE", "DELETE"), IN_DRAFT),
)

TABLES = [
    Open("qualification.Criterion", "criteria are published", write=(Kind.SYSTEM, Kind.CENTRAL)),
    Open(
        "qualification.CostHead",
        "cost schedules are published",
        write=(Kind.SYSTEM, Kind.CENTRAL),
    ),
    Guarded(
        "qualification.Application",
        (
            SYSTEM_ALL,
            Policy(Kind.CENTRAL, ("SELECT", "UPDATE"), SENT),
            Policy(Kind.PROVIDER, READ, OWN_PROVIDER),
            Policy(Kind.PROVIDER, ("INSERT",), f"{OWN_PROVIDER} AND state = 'draft'"),
            Policy(Kind.PROVIDER, ("UPDATE",), OWN_PROVIDER, check=UNDECIDED),
        ),
    ),
    Guarded("qualification.Answer", DRAFTED),
    Guarded("qualification.CoreCostLine", DRAFTED),
    Guarded(
        "qualification.StatementGrade",
        (
            SYSTEM_ALL,
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, READ, OF_DECIDED),
        ),
    ),
    Open(
        "qualification.Qualification",
        "the qualified list is public",
        write=(Kind.SYSTEM, Kind.CENTRAL),
    ),
    Guarded(
        "qualification.CompetencyScore",
        (
            SYSTEM_ALL,
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, READ, OWN_PROVIDER),
            READ_BY_AUTHORITIES,
        ),
    ),
    Guarded(
        "qualification.Suspension",
        (
            SYSTEM_ALL,
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, READ, OF_OWN_ESTABLISHMENT),
            READ_BY_AUTHORITIES,
        ),
    ),
    Also(
        "dps.OwedJob",
        (Policy(Kind.CENTRAL, ("INSERT",), TOLD_OF), Policy(Kind.SYSTEM, ("INSERT",), TOLD_OF)),
    ),
]
