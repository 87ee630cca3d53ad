from providers.models.directory import Establishment, Inspection, Provider
from providers.models.evidence import Evidence
from providers.models.register import Claim, RegisterRun

__all__ = ["Claim", "Establishment", "Evidence", "Inspection", "Provider", "RegisterRun"]
