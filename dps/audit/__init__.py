"""The audit trail: every act that changes anything (BC 4.11, 5.6)."""

from dps.audit.record import Act, record

__all__ = ["Act", "record"]
