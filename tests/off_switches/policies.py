"""Row-level security: which kind of actor reads and writes which rows, by the database alone."""

from dps.actors import Kind
from dps.tenancy.identity import _IDENTIFY
from dps.tenancy.policies import OWN_AUTHORITY
from tests.off_switches.kinds import InFunction, Opened, Patched
from tests.off_switches.switch import Switch

REFERRAL = tuple(
    f"referrals.{name}"
    for name in (
        "Referral", "Need", "Feature", "Outcome", "Consideration", "Invitation", "OpeningApproval",
        "Bid", "GradingPaper", "GradeSheet", "OutcomeGrade", "ConsensusGrade",
        "ConsensusConfirmation", "Evaluation", "ChoiceOffer", "ChoiceOption", "ParentLink",
        "ParentCode", "ParentChoice", "Award", "AwardLetter",
    )
)  # fmt: skip
QUALIFICATION = tuple(
    f"qualification.{name}"
    for name in (
        "Joining", "Application", "Answer", "SentAnswer", "Ground", "CoreCostLine", "Discount",
        "Check", "PointToClear", "Grade", "AgreedGrade", "CompetencyScore",
    )
)  # fmt: skip
CHILD = ("referrals.ChildIdentity",)
POLICIES = [
    # Who reads
    Switch(
        "authority-reads-its-own",
        "a council reads no referral of another council, nor anything of it",
        Opened(Kind.AUTHORITY, REFERRAL + CHILD),
    ),
    Switch(
        "authority-reads-its-own-trail",
        "a council reads no event of another council",
        Opened(Kind.AUTHORITY, ("dps.AuditEvent",)),
    ),
    Switch(
        "provider-reads-what-it-is-invited-to",
        "a provider reads no referral to which it was not invited, and no rival's invitation",
        Opened(Kind.PROVIDER, REFERRAL),
    ),
    Switch(
        "provider-reads-its-own-application",
        "a provider reads no rival's application, costs, grades or score",
        Opened(Kind.PROVIDER, QUALIFICATION),
    ),
    Switch(
        "central-reads-awards-alone",
        "the contract team reads nothing of a referral but its approved award",
        Opened(Kind.CENTRAL, REFERRAL),
    ),
    Switch(
        "central-reads-what-was-sent",
        "the contract team reads nothing of an application that is being written",
        Opened(Kind.CENTRAL, QUALIFICATION),
    ),
    Switch(
        "parent-reads-own-offer",
        "a parent reads the offer of the link, and no other",
        Opened(Kind.PARENT, REFERRAL),
    ),
    Switch(
        "public-reads-nothing",
        "who has not signed in reads nothing of a referral",
        Opened(Kind.PUBLIC, REFERRAL),
    ),
    Switch(
        "system-acts-for-one-authority",
        "a task of one council reads nothing of another",
        Opened(Kind.SYSTEM, REFERRAL),
    ),
    Switch(
        "child-hidden-from-providers",
        "a provider never reads who the child is",
        Opened(Kind.PROVIDER, CHILD),
    ),
    Switch(
        "child-hidden-from-the-system",
        "a task never reads who the child is",
        Opened(Kind.SYSTEM, CHILD),
    ),
    Switch(
        "bids-sealed-from-the-authority",
        "nobody of the council reads a bid before two people open it",
        Opened(Kind.AUTHORITY, ("referrals.SealedBid",)),
    ),
    Switch(
        "bids-sealed-from-the-system",
        "no task reads a bid before two people open it",
        Opened(Kind.SYSTEM, ("referrals.SealedBid",)),
    ),
    Switch(
        "bids-sealed-from-rivals",
        "a rival reads no bid",
        Opened(Kind.PROVIDER, ("referrals.SealedBid",)),
    ),
    Switch(
        "progress-of-own-bids",
        "nobody but the provider knows which invitations it answers",
        Opened(Kind.AUTHORITY, ("referrals.BidProgress",)),
    ),
    Switch(
        "events-of-bids-sealed",
        "the council's trail says nothing of a bid before the opening",
        Opened(Kind.AUTHORITY, ("dps.AuditEvent",), rows=OWN_AUTHORITY),
    ),
    Switch(
        "blind-grades",
        "an evaluator reads no other's grade before all are in",
        Opened(Kind.AUTHORITY, ("referrals.OutcomeGrade",), rows=OWN_AUTHORITY),
    ),
    Switch(
        "joining-link-of-own-organisation",
        "an organisation reads of those it has invited, and of nobody else's",
        Opened(Kind.AUTHORITY, ("dps.JoiningLink",)),
    ),
    # Who writes
    Switch(
        "events-into-own-chain",
        "a council writes no event of another council",
        Opened(Kind.AUTHORITY, ("dps.AuditEvent",), "INSERT"),
    ),
    Switch(
        "approval-in-own-name",
        "nobody approves an opening in another's name",
        Opened(Kind.AUTHORITY, ("referrals.OpeningApproval",), "INSERT"),
    ),
    Switch(
        "grades-in-own-name",
        "nobody grades in another's name",
        Opened(Kind.AUTHORITY, ("referrals.OutcomeGrade",), "INSERT"),
    ),
    Switch(
        "signature-of-own-side",
        "nobody signs for the other side, or in another's name",
        Opened(Kind.PROVIDER, ("contracts.Signature",), "INSERT"),
    ),
    Switch(
        "addition-of-own-provider",
        "a provider reads nothing of what another asks to be added",
        Opened(Kind.PROVIDER, ("providers.Addition",)),
    ),
    Switch(
        "claim-of-own-provider",
        "nobody claims for another provider",
        Opened(Kind.PROVIDER, ("providers.Claim",), "INSERT"),
    ),
    Switch(
        "application-undecided-by-provider",
        "a provider does not decide on itself",
        Opened(Kind.PROVIDER, ("qualification.Application",), "UPDATE"),
    ),
    Switch(
        "answers-stand-once-sent",
        "a provider does not change what it sent",
        Opened(Kind.PROVIDER, ("qualification.Answer",), "UPDATE"),
    ),
    Switch(
        "grounds-stand-once-sent",
        "a provider does not rewrite the exclusion grounds that it sent",
        Opened(Kind.PROVIDER, ("qualification.Ground",), "UPDATE"),
    ),
    Switch(
        "sent-answers-are-written-in-drafts",
        "a provider adds no answer to what was sent",
        Opened(Kind.PROVIDER, ("qualification.SentAnswer",), "INSERT"),
    ),
    Switch(
        "grades-stand-once-ranked",
        "nobody changes what led to the ranking",
        Opened(Kind.AUTHORITY, ("referrals.ConsensusGrade",), "UPDATE", OWN_AUTHORITY),
    ),
    Switch(
        "scores-stand-once-awarded",
        "nobody changes the scores of an awarded referral",
        Opened(Kind.AUTHORITY, ("referrals.Bid",), "UPDATE", OWN_AUTHORITY),
    ),
    # What carries them
    Switch(
        "identity-ends-with-its-transaction",
        "a connection that is used again knows nobody",
        Patched("dps.tenancy.identity._IDENTIFY", _IDENTIFY.replace("true)", "false)")),
    ),
    Switch(
        "partitions-secured",
        "each partition has row-level security of its own, forced on its owner",
        InFunction(
            "add_partitions",
            "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',"
            " part);",
            "",
        ),
    ),
    Switch(
        "partitions-not-granted",
        "nobody reads a partition past the policies of its table",
        InFunction(
            "add_partitions",
            "made := made + 1;",
            "made := made + 1; EXECUTE format('GRANT SELECT ON %I TO dps_authority', part);",
        ),
    ),
]
