"""The system's identity occurs only in relay, tasks, commands and the few places named here."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("dps", "providers", "qualification", "referrals", "contracts")
NAMED = {
    "dps/actors.py": "defines it",
    "dps/services/authorities.py": "an authority begins: nobody of it exists yet",
    "contracts/services/publishing.py": "a task's service, authority by authority",
    "dps/services/lodging.py": "a task's service, authority by authority",
    "dps/services/mailbox.py": "the demo's mailbox, which no other installation has",
}


def calls_system(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "system"
        for node in ast.walk(tree)
    )


def is_entry_point(path):
    return (
        path.name in ("tasks.py", "relay.py") or "commands" in path.parts or "loading" in path.parts
    )


def test_who_acts_as_the_system():
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if calls_system(path) and not is_entry_point(path)
    }

    assert found - set(NAMED) == set()
