"""Files stay under 400 lines and functions under 50: what is longer has more than one purpose."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "dps",
    "providers",
    "qualification",
    "referrals",
    "contracts",
    "tests",
    "tools",
    "static",
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
FILES = [
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if not {"migrations", "node_modules", "vendor"} & set(path.parts)
]


def lines(path):
    return path.read_text(encoding="utf-8").count("\n")


def test_no_file_is_longer_than_its_budget():
    too_long = {str(p.relative_to(ROOT)): lines(p) for p in FILES if lines(p) > LONGEST_FILE}

    assert too_long == {}


def test_no_function_is_longer_than_its_budget():
    too_long = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    too_long.append((str(path.relative_to(ROOT)), node.name, length))

    assert too_long == []


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "base", "manager"])
def test_no_module_has_a_vague_name(name):
    allowed = {ROOT / "dps/tenancy/db/base.py"}  # Django looks an engine's wrapper up by this name

    assert [p for p in FILES if p.stem == name and p not in allowed] == []
