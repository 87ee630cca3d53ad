"""All switches by name."""

from tests.off_switches.locks import LOCKS
from tests.off_switches.switch import Switch

GROUPS: dict[str, list[Switch]] = {"Locks": LOCKS}
SWITCHES = {switch.name: switch for group in GROUPS.values() for switch in group}

__all__ = ["GROUPS", "SWITCHES", "Switch"]
