from qualification.models.application import (
    Answer,
    Application,
    CoreCostLine,
    StatementGrade,
)
from qualification.models.qualified import CompetencyScore, Qualification, Suspension
from qualification.models.rules import CostHead, Criterion

__all__ = [
    "Answer",
    "Application",
    "CompetencyScore",
    "CoreCostLine",
    "CostHead",
    "Criterion",
    "Qualification",
    "StatementGrade",
    "Suspension",
]
