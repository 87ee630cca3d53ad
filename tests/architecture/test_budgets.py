"""Files and functions stay small, and no module has a name that says nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("dps", "providers", "qualification", "referrals", "contracts", "tests", "tools")
MODULES = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
# Django looks an engine's wrapper up by this name.
NAMED_BY_DJANGO = {ROOT / "dps/tenancy/db/base.py"}


def test_files_and_functions_keep_to_their_budgets():
    run = subprocess.run(
        [sys.executable, "tools/budgets.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "base", "manager"])
def test_no_module_has_a_vague_name(name):
    assert [p for p in MODULES if p.stem == name and p not in NAMED_BY_DJANGO] == []
