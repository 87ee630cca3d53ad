"""What must happen after a change: owed in its transaction, done by the relay and a task."""

from dps.outbox.owe import owe

__all__ = ["owe"]
