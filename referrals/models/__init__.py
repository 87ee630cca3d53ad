from referrals.models.award import Award, AwardLetter
from referrals.models.bid import Bid, BidDraft, BidProgress, OpeningApproval, SealedBid
from referrals.models.choice import ChoiceOffer, ChoiceOption, ParentChoice, ParentCode, ParentLink
from referrals.models.evaluation import (
    ConsensusConfirmation,
    ConsensusGrade,
    Evaluation,
    GradeSheet,
    GradingPaper,
    OutcomeGrade,
)
from referrals.models.invitation import Consideration, Invitation
from referrals.models.referral import ChildIdentity, Feature, Need, Outcome, Referral

__all__ = [
    "Award",
    "AwardLetter",
    "Bid",
    "BidDraft",
    "BidProgress",
    "ChildIdentity",
    "ChoiceOffer",
    "ChoiceOption",
    "ConsensusConfirmation",
    "ConsensusGrade",
    "Consideration",
    "Evaluation",
    "Feature",
    "GradeSheet",
    "GradingPaper",
    "Invitation",
    "Need",
    "OpeningApproval",
    "Outcome",
    "OutcomeGrade",
    "ParentChoice",
    "ParentCode",
    "ParentLink",
    "Referral",
    "SealedBid",
]
