"""Every job that is owed has a function that does it, and every worker knows that function."""

import ast
import importlib
from pathlib import Path

from dps.outbox.jobs import HANDLERS

ROOT = Path(__file__).parents[2]
APPS = ("dps", "providers", "qualification", "referrals", "contracts")


def owed_names():
    """The first argument of every call of owe(), resolved through its module's constants."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "owe":
                    yield path, node.args[0]


def test_every_owed_job_has_a_handler():
    for app in APPS:
        importlib.import_module(f"{app}.tasks")
    unknown = []
    for path, argument in owed_names():
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        name = argument.value if isinstance(argument, ast.Constant) else _constant(module, argument)
        if name not in HANDLERS:
            unknown.append((str(path.relative_to(ROOT)), name))

    assert unknown == []


def _constant(module, node):
    if isinstance(node, ast.Attribute):
        return getattr(getattr(module, node.value.id), node.attr)
    return getattr(module, node.id)
