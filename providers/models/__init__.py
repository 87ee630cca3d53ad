from providers.models.directory import Establishment, Inspection, Provider
from providers.models.evidence import Evidence
from providers.models.register import Addition, Claim, RegisterRun

__all__ = [
    "Addition",
    "Claim",
    "Establishment",
    "Evidence",
    "Inspection",
    "Provider",
    "RegisterRun",
]
