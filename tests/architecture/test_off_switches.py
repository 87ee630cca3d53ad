"""Each lock, trigger and sealing rule of the code has a switch, and each switch a test."""

import ast
import re
from pathlib import Path

import pytest

from tests.off_switches.kinds import (
    AdvisoryLock,
    InFunction,
    RowLock,
    Unconstrained,
    Untriggered,
)
from tests.off_switches.listed import FAMILIES, SWITCHES, page
from tests.off_switches.locks import BEHIND_ANOTHER

ROOT = Path(__file__).parents[2]
APPS = ("dps", "providers", "qualification", "referrals", "contracts")
MODULES = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
SQL = "\n".join(path.read_text() for app in APPS for path in (ROOT / app).glob("sql/*.sql"))
NAMED_LOCK = re.compile(r"advisory_xact_lock\w*\(hashtext\('([\w.]+)'\)")
HELD_BY_NUMBER = "hashtextextended"
FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(.*?\$f\$(.*?)\$f\$", re.DOTALL)
TRIGGER = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)")
SWITCHED = re.compile(r'off_switch\(\s*"([\w-]+)"')


def protections(kind):
    found = [switch.protection for switch in SWITCHES.values()]
    return [one for one in found if isinstance(one, kind)]


def row_locks():
    """Every function in which `select_for_update` is asked for."""
    for path in MODULES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(node, ast.Attribute) and node.attr == "select_for_update"
                for node in ast.walk(function)
            ):
                yield f"{module}.{function.name}"


def named_locks():
    # A name may be put together of two pieces, of which the second says it.
    text = "\n".join(path.read_text() for path in MODULES)
    whole = re.sub(r"\{lock\}", "advisory_xact_lock", text)
    yield from NAMED_LOCK.findall(whole)
    if HELD_BY_NUMBER in text:
        yield HELD_BY_NUMBER


def test_every_row_lock_has_a_switch():
    switched = {lock.site for lock in protections(RowLock)} | set(BEHIND_ANOTHER)

    assert set(row_locks()) - switched == set()
    assert {lock.site for lock in protections(RowLock)} - set(row_locks()) == set()


def test_every_lock_on_a_name_has_a_switch():
    switched = {lock.words for lock in protections(AdvisoryLock)} | set(BEHIND_ANOTHER)

    assert set(named_locks()) - switched == set()


def test_every_lock_of_a_database_function_has_a_switch():
    held = {
        name: len(re.findall(r"FOR (?:UPDATE|SHARE)", body)) for name, body in FUNCTION.findall(SQL)
    }
    switched = dict.fromkeys(held, 0)
    for change in protections(InFunction):
        locks = "FOR (?:UPDATE|SHARE)"
        switched[change.function] += len(re.findall(locks, change.old))
        switched[change.function] -= len(re.findall(locks, change.new))

    assert switched == held


def test_every_trigger_has_a_switch():
    assert {one.trigger for one in protections(Untriggered)} == set(TRIGGER.findall(SQL))


def test_a_lock_behind_another_names_one_that_is_there():
    assert set(BEHIND_ANOTHER.values()) - set(SWITCHES) == set()


def test_every_switch_is_used_by_a_test():
    used = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        used |= set(SWITCHED.findall(path.read_text()))

    assert set(SWITCHES) - used == set()


def test_names_are_given_once():
    assert sum(map(len, FAMILIES.values())) == len(SWITCHES)


def test_the_page_about_protections_says_what_there_is():
    written = (ROOT / "docs/protections.md").read_text(encoding="utf-8")

    if page() not in written:
        pytest.fail(f"docs/protections.md should hold:\n\n{page()}", pytrace=False)


def test_the_constraints_that_are_switched_are_there():
    text = "\n".join(path.read_text() for path in MODULES)

    assert [one for one in protections(Unconstrained) if f'"{one.constraint}"' not in text] == []
