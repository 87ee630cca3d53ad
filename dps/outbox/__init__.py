"""Work that must happen after a change: owed in the same transaction, done by the relay and a task."""

from dps.outbox.owe import owe

__all__ = ["owe"]
