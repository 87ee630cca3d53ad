"""What a provider writes is its own and the central team's; the qualified list is public."""

from dps.actors import Kind
from dps.tenancy.policies import ALL, EVERY_ROW, OWN_PROVIDER, READ, WRITE, Guarded, Open, Policy

OWN_OR_CENTRAL = (
    Policy(Kind.SYSTEM, ALL, EVERY_ROW),
    Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
    Policy(Kind.PROVIDER, ALL, OWN_PROVIDER),
)
OF_DECIDED = (
    f"{OWN_PROVIDER} AND EXISTS (SELECT 1 FROM qualification_answer a JOIN"
    " qualification_application p ON p.id = a.application_id"
    " WHERE a.id = answer_id AND p.decided_at IS NOT NULL)"
)
READ_BY_AUTHORITIES = Policy(Kind.AUTHORITY, READ, EVERY_ROW)

TABLES = [
    Open(
        "qualification.Criterion", "criteria are published", write=(Kind.SYSTEM, Kind.CENTRAL)
    ),
    Open(
        "qualification.CostHead",
        "cost schedules are published",
        write=(Kind.SYSTEM, Kind.CENTRAL),
    ),
    Guarded("qualification.Application", OWN_OR_CENTRAL),
    Guarded("qualification.Answer", OWN_OR_CENTRAL),
    Guarded("qualification.CoreCostLine", OWN_OR_CENTRAL),
    Guarded(
        "qualification.StatementGrade",
        (
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
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
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(Kind.PROVIDER, READ, OWN_PROVIDER),
            READ_BY_AUTHORITIES,
        ),
    ),
    Guarded(
        "qualification.Suspension",
        (
            Policy(Kind.SYSTEM, ALL, EVERY_ROW),
            Policy(Kind.CENTRAL, WRITE, EVERY_ROW),
            Policy(
                Kind.PROVIDER,
                READ,
                "EXISTS (SELECT 1 FROM providers_establishment e WHERE e.id = establishment_id"
                " AND e.provider_id = nullif(current_setting('app.provider_id', true), '')::uuid)",
            ),
            READ_BY_AUTHORITIES,
        ),
    ),
]
