from qualification.models.application import (
    Answer,
    Application,
    CoreCostLine,
    Discount,
    Ground,
    Joining,
    SentAnswer,
)
from qualification.models.asking import Acceptance, AskedQuestion, Clarification, Terms
from qualification.models.evaluation import AgreedGrade, Check, Evaluator, Grade, PointToClear
from qualification.models.qualified import (
    CompetencyScore,
    Qualification,
    Suspension,
)
from qualification.models.reviewing import ReviewRule, ScoreReview
from qualification.models.rules import (
    Cap,
    CostDriver,
    CostHead,
    Criterion,
    EvidenceRule,
    InspectionRule,
    Question,
    RuleSet,
)

__all__ = [
    "Acceptance",
    "AgreedGrade",
    "Answer",
    "Application",
    "AskedQuestion",
    "Cap",
    "Check",
    "Clarification",
    "CompetencyScore",
    "CoreCostLine",
    "CostDriver",
    "CostHead",
    "Criterion",
    "Discount",
    "Evaluator",
    "EvidenceRule",
    "Grade",
    "Ground",
    "InspectionRule",
    "Joining",
    "PointToClear",
    "Qualification",
    "Question",
    "ReviewRule",
    "RuleSet",
    "ScoreReview",
    "SentAnswer",
    "Suspension",
    "Terms",
]
