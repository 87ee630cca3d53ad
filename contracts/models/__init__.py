from contracts.models.agreement import Agreement, Signature
from contracts.models.compliance import ComplianceFinding, ComplianceReminder, ComplianceRun
from contracts.models.publication import Publication, PublishedAward

__all__ = [
    "Agreement",
    "ComplianceFinding",
    "ComplianceReminder",
    "ComplianceRun",
    "Publication",
    "PublishedAward",
    "Signature",
]
