"""What a provider writes is its own and the central team's; the qualified list is public."""

from dps.actors import Kind
from dps.tenancy.policies import (
    ALL,
    EVERY_ROW,
    OWN_AUTHORITY,
    OWN_PERSON,
    OWN_PROVIDER,
    READ,
    WRITE,
    Also,
    Guarded,
    Open,
    Policy,
)

A, C, P, S = Kind.AUTHORITY, Kind.CENTRAL, Kind.PROVIDER, Kind.SYSTEM
TOLD_OF = (
    "job IN ('qualification.tell_authority_of_suspension',"
    " 'qualification.tell_authority_of_reinstatement')"
)
"""A suspension is a regional act that owes one job to every authority."""

OF_REGION = "authority_id = 0"
EVALUATION_JOBS = "('qualification.look_at_grades', 'qualification.tell_of_conflict')"
EVALUATION_ACTS = "('evaluator.declared', 'statement.graded', 'grades.handed_in')"

# What a provider can never make of its own application, whatever the code above does.
UNDECIDED = (
    f"{OWN_PROVIDER} AND state IN ('draft', 'submitted', 'withdrawn')"
    " AND checked_at IS NULL AND moderated_at IS NULL AND decided_at IS NULL AND score IS NULL"
)
WITHDRAWN = f"{OWN_PROVIDER} AND state = 'withdrawn' AND decided_at IS NULL AND score IS NULL"
SENT = "submitted_at IS NOT NULL"
ANSWER_SENT = "sent_at IS NOT NULL"


def of_application(condition: str) -> str:
    """The row's application is in this condition."""
    return (
        "EXISTS (SELECT 1 FROM qualification_application p"
        f" WHERE p.id = application_id AND {condition})"
    )


def graded_by_me(joining: str) -> str:
    """Whoever was asked to grade a joining and has declared that nothing stands against it."""
    return (
        "EXISTS (SELECT 1 FROM qualification_evaluator v"
        f" WHERE v.joining_id = {joining} AND v.person_id = {OWN_PERSON}"
        " AND v.has_conflict = false AND v.released_at IS NULL)"
    )


def of_answer(condition: str) -> str:
    """The row's answer is in this condition."""
    return f"EXISTS (SELECT 1 FROM qualification_answer a WHERE a.id = answer_id AND {condition})"


GRADED_STATEMENT = (
    "EXISTS (SELECT 1 FROM qualification_question q WHERE q.id = question_id"
    " AND q.kind = 'statement' AND q.graded_by = 'evaluators')"
)
OWN_GRADE = f"graded_by_id = {OWN_PERSON}"
# Asked by a function: whoever grades may not look at the others' rows to find out.
GRADES_IN = "statement_grades_are_in(answer_id)"
OPEN_GRADE = (
    f"{OWN_GRADE} AND handed_in_at IS NULL AND NOT {GRADES_IN}"
    f" AND {of_answer(graded_by_me('a.joining_id'))}"
)
ASKED_TO_GRADE = (
    "EXISTS (SELECT 1 FROM qualification_evaluator v"
    f" WHERE v.joining_id = qualification_joining.id AND v.person_id = {OWN_PERSON})"
)
IN_DRAFT = OWN_PROVIDER + " AND " + of_application("p.state = 'draft'")
OF_SENT = of_application("p.submitted_at IS NOT NULL")
OF_DECIDED = (
    f"{OWN_PROVIDER} AND EXISTS (SELECT 1 FROM qualification_sentanswer t JOIN"
    " qualification_application p ON p.id = t.application_id"
    f" WHERE t.answer_id = {{table}}.answer_id AND p.decided_at IS NOT NULL)"
)
JOINING_SENT = (
    "EXISTS (SELECT 1 FROM qualification_application p"
    " WHERE p.joining_id = {joining} AND p.submitted_at IS NOT NULL)"
)
OF_OWN_ESTABLISHMENT = (
    "EXISTS (SELECT 1 FROM providers_establishment e WHERE e.id = establishment_id"
    " AND e.provider_id = nullif(current_setting('app.provider_id', true), '')::uuid)"
)
ASKED_NOW = f"asked_by_id = {OWN_PERSON} AND closed_at IS NULL"
SYSTEM_ALL = Policy(S, ALL, EVERY_ROW)
CENTRAL_WRITES = Policy(C, WRITE, EVERY_ROW)
PROVIDER_READS = Policy(P, READ, OWN_PROVIDER)
READ_BY_AUTHORITIES = Policy(A, READ, EVERY_ROW)

# Written until the application is sent, read by the central team from then on.
DRAFTED = (
    SYSTEM_ALL,
    Policy(C, READ, OF_SENT),
    PROVIDER_READS,
    Policy(P, ("INSERT", "UPDATE", "DELETE"), IN_DRAFT),
)
DISCOUNT_OF_LISTED = (
    "EXISTS (SELECT 1 FROM qualification_qualification q"
    " WHERE q.application_id = qualification_discount.application_id AND q.ended_at IS NULL)"
)
PUBLISHED = (S, C)

TABLES = [
    Open("qualification.RuleSet", "what is asked is published", write=PUBLISHED),
    Open("qualification.Question", "questions are published", write=PUBLISHED),
    Open("qualification.Criterion", "criteria are published", write=PUBLISHED),
    Open("qualification.EvidenceRule", "the evidence asked for is published", write=PUBLISHED),
    Open("qualification.CostHead", "cost schedules are published", write=PUBLISHED),
    Open("qualification.InspectionRule", "what passes is published", write=PUBLISHED),
    Open("qualification.ReviewRule", "how often scores are reviewed is published", write=PUBLISHED),
    Open("qualification.Clarification", "questions and answers go to all", insert=PUBLISHED),
    Open("qualification.Terms", "the contract terms are published", insert=PUBLISHED),
    Guarded(
        "qualification.Cap",  # published; a council sets its own and nobody else's
        (
            SYSTEM_ALL,
            CENTRAL_WRITES,
            *(Policy(kind, READ, EVERY_ROW) for kind in (A, P, Kind.PUBLIC)),
            Policy(A, ("INSERT", "UPDATE"), OWN_AUTHORITY),
        ),
    ),
    Guarded(
        "qualification.Joining",
        (
            SYSTEM_ALL,
            Policy(C, READ, JOINING_SENT.format(joining="qualification_joining.id")),
            Policy(P, WRITE, OWN_PROVIDER),
            Policy(A, READ, ASKED_TO_GRADE),
        ),
    ),
    Guarded(
        "qualification.Application",
        (
            SYSTEM_ALL,
            Policy(C, ("SELECT", "UPDATE"), SENT),
            PROVIDER_READS,
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND state = 'draft'"),
            Policy(P, ("UPDATE",), OWN_PROVIDER, check=f"({UNDECIDED}) OR ({WITHDRAWN})"),
            Policy(A, READ, f"{SENT} AND {graded_by_me('qualification_application.joining_id')}"),
        ),
    ),
    Guarded(
        "qualification.Answer",
        (
            SYSTEM_ALL,
            Policy(C, READ, ANSWER_SENT),
            PROVIDER_READS,
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND sent_at IS NULL"),
            Policy(P, ("UPDATE",), f"{OWN_PROVIDER} AND sent_at IS NULL", check=OWN_PROVIDER),
            Policy(P, ("DELETE",), f"{OWN_PROVIDER} AND sent_at IS NULL"),
            # The statements alone: nothing that passes or fails, and no costs.
            Policy(
                A,
                READ,
                f"{ANSWER_SENT} AND {GRADED_STATEMENT}"
                f" AND {graded_by_me('qualification_answer.joining_id')}",
            ),
        ),
    ),
    Guarded(
        "qualification.SentAnswer",
        (
            SYSTEM_ALL,
            Policy(C, READ, EVERY_ROW),
            PROVIDER_READS,
            Policy(P, ("INSERT",), IN_DRAFT),
            Policy(A, READ, of_answer(graded_by_me("a.joining_id"))),
        ),
    ),
    Guarded(
        "qualification.Ground",
        (
            SYSTEM_ALL,
            Policy(C, READ, of_answer("a.sent_at IS NOT NULL")),
            PROVIDER_READS,
            Policy(
                P,
                ("INSERT", "UPDATE", "DELETE"),
                OWN_PROVIDER + " AND " + of_answer("a.sent_at IS NULL"),
            ),
        ),
    ),
    # Councils learn from functions who is above a cap (sql/30_caps.sql), and read no costs.
    Guarded("qualification.CoreCostLine", DRAFTED),
    Guarded("qualification.Discount", (*DRAFTED, Policy(A, READ, DISCOUNT_OF_LISTED))),
    Guarded(
        "qualification.Check",
        (
            SYSTEM_ALL,
            Policy(C, WRITE, OF_SENT),
            Policy(P, READ, OWN_PROVIDER + " AND " + of_application("p.decided_at IS NOT NULL")),
        ),
    ),
    Guarded(
        "qualification.PointToClear",
        (
            SYSTEM_ALL,
            CENTRAL_WRITES,
            PROVIDER_READS,
            Policy(P, ("UPDATE",), f"{OWN_PROVIDER} AND replied_at IS NULL", check=OWN_PROVIDER),
        ),
    ),
    Guarded(
        "qualification.Evaluator",
        (
            SYSTEM_ALL,
            CENTRAL_WRITES,
            Policy(A, READ, f"person_id = {OWN_PERSON}"),
            # Whoever is released, for a conflict too, does not come back by their own hand.
            Policy(
                A,
                ("UPDATE",),
                f"person_id = {OWN_PERSON} AND released_at IS NULL",
                check=f"person_id = {OWN_PERSON}",
            ),
        ),
    ),
    # Blind: nobody reads another's grade until all are in; then the central team reads them all.
    Guarded(
        "qualification.Grade",
        (
            SYSTEM_ALL,
            Policy(A, READ, OWN_GRADE),
            Policy(C, READ, f"{OWN_GRADE} OR {GRADES_IN}"),
            *(
                policy
                for kind in (A, C)
                for policy in (
                    Policy(kind, ("INSERT",), OPEN_GRADE),
                    Policy(kind, ("UPDATE",), OPEN_GRADE, check=OWN_GRADE),
                )
            ),
        ),
    ),
    # Agreed by nobody who could not see the grades.
    Guarded(
        "qualification.AgreedGrade",
        (
            SYSTEM_ALL,
            Policy(C, READ, EVERY_ROW),
            Policy(C, ("INSERT", "UPDATE"), f"is_of_panel OR {GRADES_IN}"),
            Policy(P, READ, OF_DECIDED.format(table="qualification_agreedgrade")),
        ),
    ),
    Open(
        "qualification.Qualification",
        "the qualified list is public",
        write=(S, C),
    ),
    Guarded(
        "qualification.CompetencyScore",
        (  # every version is kept: added to, never changed
            Policy(S, ("SELECT", "INSERT"), EVERY_ROW),
            Policy(C, ("SELECT", "INSERT"), EVERY_ROW),
            PROVIDER_READS,
            READ_BY_AUTHORITIES,
        ),
    ),
    Guarded(
        "qualification.ScoreReview",
        (
            SYSTEM_ALL,
            CENTRAL_WRITES,
            PROVIDER_READS,
            # A reply, once: what was proposed and decided stands (sql/40_reviews.sql).
            Policy(
                P,
                ("UPDATE",),
                f"{OWN_PROVIDER} AND replied_at IS NULL AND decided_at IS NULL",
                check=f"{OWN_PROVIDER} AND decided_at IS NULL",
            ),
        ),
    ),
    Guarded(
        "qualification.Suspension",
        (
            SYSTEM_ALL,
            CENTRAL_WRITES,
            Policy(P, READ, OF_OWN_ESTABLISHMENT),
            READ_BY_AUTHORITIES,
        ),
    ),
    Guarded(
        "qualification.AskedQuestion",
        (
            SYSTEM_ALL,
            Policy(C, ("SELECT", "UPDATE"), EVERY_ROW),
            PROVIDER_READS,
            # In one's own name, and neither answered nor closed.
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND {ASKED_NOW}"),
        ),
    ),
    Guarded(
        "qualification.Acceptance",
        (
            SYSTEM_ALL,
            Policy(C, READ, EVERY_ROW),
            PROVIDER_READS,
            Policy(P, ("INSERT",), f"{OWN_PROVIDER} AND accepted_by_id = {OWN_PERSON}"),
            READ_BY_AUTHORITIES,
        ),
    ),
    Also(
        "dps.OwedJob",
        (
            Policy(C, ("INSERT",), TOLD_OF),
            Policy(S, ("INSERT",), TOLD_OF),
            Policy(A, ("INSERT",), f"{OF_REGION} AND job IN {EVALUATION_JOBS}"),
        ),
    ),
    # What evaluators of councils do is the region's business, and stands in its trail.
    Also(
        "dps.AuditEvent",
        (
            Policy(
                A,
                ("INSERT",),
                f"{OF_REGION} AND person_id = {OWN_PERSON} AND action IN {EVALUATION_ACTS}",
            ),
        ),
    ),
]
