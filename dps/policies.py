"""Who may read and write the kernel's tables. The reasons stand beside each entry."""

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

A, P, C, F, U, S = (
    Kind.AUTHORITY,
    Kind.PROVIDER,
    Kind.CENTRAL,
    Kind.PARENT,
    Kind.PUBLIC,
    Kind.SYSTEM,
)
REGION = "authority_id = 0"
REGIONAL = (
    "(is_central OR provider_id IS NOT NULL) AND current_setting('app.authority_id', true) = '0'"
)
UNSEALED = "sealed_referral_id IS NULL"
OWED = SENT = ("INSERT",)
QUARANTINED = "state = 'quarantined'"
OF_UPLOAD = "EXISTS (SELECT 1 FROM dps_upload u WHERE u.id = upload_id"
SIGN_IN = ("SELECT", "INSERT", "UPDATE", "DELETE")


def owing() -> tuple[Policy, ...]:
    """Everybody may owe work to the chain in which they act; only the system reads what is owed."""
    return (
        Policy(S, ALL, OWN_AUTHORITY),
        Policy(A, OWED, OWN_AUTHORITY),
        Policy(C, OWED, REGION),
        Policy(P, OWED, REGION),
        Policy(F, OWED, OWN_AUTHORITY),
        Policy(U, OWED, REGION),
    )


TABLES = [
    Open("dps.Authority", "names, colours and contacts of councils are public", write=(S,)),
    Open("dps.Market", "the legal tools and their terms are published", write=(S, C)),
    Open("dps.MarketChange", "changes of a market are published", write=(S, C)),
    Open("dps.EntryWindow", "when applications are taken is published", write=(S, C)),
    Open("dps.Category", "categories are published", write=(S,)),
    Open("dps.Adoption", "which council uses which category is published", write=(S,)),
    Open("dps.WeightTemplate", "weights are published", write=(S,)),
    Open(
        "dps.Person",
        "names of people, so that every page can say who did what; nothing else about them",
        write=(S,),
        login=SIGN_IN,
    ),
    Open(
        "dps.Membership",
        "who holds which role where, so that work can be addressed to them",
        read=(A, P, C, S),
        write=(S,),
        login=SIGN_IN,
    ),
    Open(
        "dps.Account",
        "sign-in happens before there is an actor: the bare login role alone reads it whole",
        read=(),
        login=SIGN_IN,
        columns={S: ("id", "person_id", "email", "is_active")},
    ),
    # Who is invited has no account yet: the login role finds the link, as it finds accounts.
    Guarded(
        "dps.JoiningLink",
        (
            Policy(A, WRITE, f"{OWN_AUTHORITY} AND NOT is_central"),
            Policy(P, WRITE, OWN_PROVIDER),
            Policy(C, WRITE, "is_central"),
            # The job that sends it runs for the chain in which it was asked for.
            Policy(S, ("SELECT", "UPDATE"), f"{OWN_AUTHORITY} AND NOT is_central OR {REGIONAL}"),
        ),
        login=("SELECT", "UPDATE"),
    ),
    Open("dps.AuditHead", "written by the linking trigger only", read=(S,), login=()),
    Guarded(
        "dps.AuditEvent",
        (
            Policy(S, ("SELECT", "INSERT"), OWN_AUTHORITY),
            Policy(A, READ, f"{OWN_AUTHORITY} AND {UNSEALED}"),
            Policy(A, OWED, OWN_AUTHORITY),
            Policy(C, READ, f"{REGION} AND {UNSEALED}"),
            Policy(C, OWED, REGION),
            Policy(P, OWED, REGION),
            Policy(F, OWED, OWN_AUTHORITY),
            Policy(U, OWED, REGION),
        ),
    ),
    Guarded("dps.AuditLink", (Policy(S, READ, OWN_AUTHORITY),)),
    Guarded("dps.OwedJob", owing()),
    Guarded("dps.Message", owing()),
    Guarded(
        "dps.AuthorityKey",
        (
            Policy(S, ALL, OWN_AUTHORITY),
            Policy(A, READ, OWN_AUTHORITY),
            Policy(F, READ, OWN_AUTHORITY),
        ),
    ),
    Guarded(
        "dps.ChildKey",
        (
            Policy(S, ALL, OWN_AUTHORITY),
            Policy(A, ALL, OWN_AUTHORITY),
            Policy(F, READ, OWN_AUTHORITY),
        ),
    ),
    Guarded(
        "dps.Document",
        (
            Policy(S, ALL, OWN_AUTHORITY),
            Policy(A, READ, OWN_AUTHORITY),
            Policy(C, READ, REGION),
            Policy(P, READ, OWN_PROVIDER),
        ),
    ),
    Guarded(
        "dps.Upload",
        (
            # Only the system decides about a file; whoever sends one can send it into quarantine.
            Policy(S, ALL, EVERY_ROW),
            Policy(P, READ, OWN_PROVIDER),
            Policy(P, SENT, f"{OWN_PROVIDER} AND {QUARANTINED}"),
            Policy(C, READ, EVERY_ROW),
            Policy(C, SENT, QUARANTINED),
        ),
    ),
    Guarded(
        "dps.UploadContent",
        (
            # The inner query sees only the uploads that the actor may see.
            Policy(S, ALL, EVERY_ROW),
            Policy(P, READ, f"{OF_UPLOAD} AND u.state = 'clean')"),
            Policy(P, SENT, f"{OF_UPLOAD} AND u.{QUARANTINED})"),
            Policy(C, READ, f"{OF_UPLOAD} AND u.state = 'clean')"),
            Policy(C, SENT, f"{OF_UPLOAD} AND u.{QUARANTINED})"),
        ),
    ),
    *(
        Open(model, "sign-in and sessions: the bare login role alone", read=(), login=SIGN_IN)
        for model in (
            "sessions.Session",
            "account.EmailAddress",
            "account.EmailConfirmation",
            "mfa.Authenticator",
        )
    ),
    *(
        Open(model, "Django's own; holds no row of ours", read=(), login=READ)
        for model in ("contenttypes.ContentType", "auth.Permission", "auth.Group")
    ),
]
