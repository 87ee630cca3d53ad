"""Who may read and write a referral and its parts. The seal is the absence of a policy."""

from dps.actors import Kind
from dps.tenancy.policies import (
    ALL,
    OWN_AUTHORITY,
    OWN_CHOICE,
    OWN_PERSON,
    OWN_PROVIDER,
    READ,
    Also,
    Guarded,
    Policy,
)

A, P, C, F, S = Kind.AUTHORITY, Kind.PROVIDER, Kind.CENTRAL, Kind.PARENT, Kind.SYSTEM
MINE = "nullif(current_setting('app.provider_id', true), '')::uuid"


def invited(table: str, referral: str) -> str:
    """The provider was invited to the referral of this row."""
    return (
        f"EXISTS (SELECT 1 FROM referrals_invitation i WHERE i.provider_id = {MINE}"
        f" AND i.authority_id = {table}.authority_id AND i.referral_id = {table}.{referral})"
    )


def offered(table: str, referral: str) -> str:
    """The parent's link is for the offer of this referral."""
    return (
        f"{OWN_AUTHORITY} AND EXISTS (SELECT 1 FROM referrals_choiceoffer o"
        f" WHERE o.id = {OWN_CHOICE} AND o.authority_id = {table}.authority_id"
        f" AND o.referral_id = {table}.{referral})"
    )


def invited_by(table: str) -> str:
    """The provider has an invitation of the authority of this row."""
    return (
        f"EXISTS (SELECT 1 FROM referrals_invitation i WHERE i.provider_id = {MINE}"
        f" AND i.authority_id = {table}.authority_id)"
    )


# While the bids are graded, an approver who is an evaluator too reads the trail: not who bid.
SINCE_GRADED = (
    "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = sealed_referral_id"
    " AND r.authority_id = dps_auditevent.authority_id AND r.opened_at IS NOT NULL"
    " AND r.state <> 'grading')"
)
# Past the award a bidder reads its own bid with its scores.
AWARDED = (
    "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.referral_id"
    " AND r.authority_id = {table}.authority_id AND r.awarded_at IS NOT NULL)"
)
RANKED = (
    "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = {table}.referral_id"
    " AND r.authority_id = {table}.authority_id AND r.ranked_at IS NOT NULL)"
)
# Asked by a function: as a subquery it would look into every authority's partition.
GRADES_IN = "grades_are_in(authority_id, referral_id)"
OFFER = f"{OWN_AUTHORITY} AND offer_id = {OWN_CHOICE}"
OWNED = (Policy(A, ALL, OWN_AUTHORITY), Policy(S, ALL, OWN_AUTHORITY))


def kept_once_ranked(model: str, table: str) -> Guarded:
    """What led to the ranking is changed by nobody after it."""
    still = f"{OWN_AUTHORITY} AND NOT {RANKED.format(table=table)}"
    return Guarded(
        model,
        (
            Policy(A, READ, OWN_AUTHORITY),
            Policy(A, ("INSERT", "UPDATE", "DELETE"), still),
            Policy(S, READ, OWN_AUTHORITY),
        ),
    )


def asked(model: str, table: str) -> Guarded:
    """A list that the referral publishes to those invited."""
    return Guarded(model, (*OWNED, Policy(P, READ, invited(table, "referral_id"))))


TABLES = [
    Guarded(
        "referrals.Referral",
        (
            *OWNED,
            Policy(P, READ, invited("referrals_referral", "id")),
        ),
    ),
    # No policy for provider, central or system: they never see who the child is.
    Guarded(
        "referrals.ChildIdentity",
        (Policy(A, ALL, OWN_AUTHORITY),),
    ),
    asked("referrals.Need", "referrals_need"),
    asked("referrals.Feature", "referrals_feature"),
    asked("referrals.Outcome", "referrals_outcome"),
    Guarded("referrals.Consideration", OWNED),
    Guarded(
        "referrals.Invitation",
        (*OWNED, Policy(P, ("SELECT", "UPDATE"), OWN_PROVIDER)),
    ),
    Guarded("referrals.BidDraft", (Policy(P, ALL, OWN_PROVIDER),)),
    # Shared, and as sealed as the bids: which invitations a provider answers is its own business.
    Guarded("referrals.BidProgress", (Policy(P, ALL, OWN_PROVIDER),)),
    # Sealed: its own provider reads and appends; nobody else has a policy, the system neither.
    Guarded(
        "referrals.SealedBid",
        (
            Policy(P, READ, OWN_PROVIDER),
            Policy(
                P,
                ("INSERT",),
                OWN_PROVIDER,
                check=f"{OWN_PROVIDER} AND {invited('referrals_sealedbid', 'referral_id')}",
            ),
        ),
    ),
    # Each person approves in their own name alone.
    Guarded(
        "referrals.OpeningApproval",
        (
            Policy(A, READ, OWN_AUTHORITY),
            Policy(A, ("INSERT", "UPDATE"), f"{OWN_AUTHORITY} AND person_id = {OWN_PERSON}"),
            Policy(S, READ, OWN_AUTHORITY),
        ),
    ),
    Guarded(
        "referrals.Bid",
        (
            Policy(A, READ, OWN_AUTHORITY),
            # The scores of an awarded referral stand for ever.
            Policy(
                A,
                ("UPDATE",),
                f"{OWN_AUTHORITY} AND NOT {AWARDED.format(table='referrals_bid')}",
            ),
            Policy(S, READ, OWN_AUTHORITY),
            Policy(P, READ, f"{OWN_PROVIDER} AND {AWARDED.format(table='referrals_bid')}"),
        ),
    ),
    Guarded(
        "referrals.GradingPaper", (Policy(A, READ, OWN_AUTHORITY), Policy(S, READ, OWN_AUTHORITY))
    ),
    kept_once_ranked("referrals.GradeSheet", "referrals_gradesheet"),
    # Blind: an evaluator reads their own grades alone until all are in.
    Guarded(
        "referrals.OutcomeGrade",
        (
            Policy(A, READ, f"{OWN_AUTHORITY} AND (evaluator_id = {OWN_PERSON} OR {GRADES_IN})"),
            Policy(
                A,
                ("INSERT", "UPDATE", "DELETE"),
                f"{OWN_AUTHORITY} AND evaluator_id = {OWN_PERSON} AND NOT {GRADES_IN}",
            ),
        ),
    ),
    kept_once_ranked("referrals.ConsensusGrade", "referrals_consensusgrade"),
    kept_once_ranked("referrals.ConsensusConfirmation", "referrals_consensusconfirmation"),
    Guarded(
        "referrals.Evaluation",
        (Policy(A, ("SELECT", "INSERT"), OWN_AUTHORITY), Policy(S, READ, OWN_AUTHORITY)),
    ),
    Guarded(
        "referrals.ChoiceOffer",
        (*OWNED, Policy(F, ("SELECT",), f"{OWN_AUTHORITY} AND id = {OWN_CHOICE}")),
    ),
    Guarded("referrals.ChoiceOption", (*OWNED, Policy(F, READ, OFFER))),
    Guarded("referrals.ParentLink", (*OWNED, Policy(F, READ, OFFER))),
    Guarded("referrals.ParentCode", (*OWNED, Policy(F, ("SELECT", "UPDATE"), OFFER))),
    Guarded("referrals.ParentChoice", (*OWNED, Policy(F, ("SELECT", "INSERT"), OFFER))),
    Guarded(
        "referrals.Award",
        (
            *OWNED,
            Policy(C, READ, "state = 'approved'"),
            Policy(P, READ, f"{OWN_PROVIDER} AND state = 'approved'"),
        ),
    ),
    Guarded(
        "referrals.AwardLetter",
        (
            Policy(A, READ, OWN_AUTHORITY),
            Policy(S, ("SELECT", "INSERT"), OWN_AUTHORITY),
            Policy(P, READ, OWN_PROVIDER),
        ),
    ),
    # What concerns a bid stays out of the authority's trail until the bids are opened and graded.
    Also(
        "dps.AuditEvent",
        (
            Policy(A, READ, f"{OWN_AUTHORITY} AND {SINCE_GRADED}"),
            Policy(P, ("INSERT",), invited_by("dps_auditevent")),
        ),
    ),
    Also("dps.OwedJob", (Policy(P, ("INSERT",), invited_by("dps_owedjob")),)),
    Also("dps.Message", (Policy(P, ("INSERT",), invited_by("dps_message")),)),
]
