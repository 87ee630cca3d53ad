"""
A pytest plugin: what a protection holds is shown by taking it away.

A test marked `@pytest.mark.off_switch("name")` runs twice: as it stands, and as
`test[without name]`, with that protection taken away, when its assertions must fail. One that
still passes fails the run. A failure of anything but an assertion counts for nothing, unless the
mark names it: `off_switch("name", raises=SomeError)`.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.off_switches.kinds import InDatabase, InProcess, owner_of
from tests.off_switches.listed import SWITCHES, Switch

MARK = "off_switch"
PARAMETER = "without"
OPENS_THE_DATABASE = "_django_db_helper"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "off_switch(name, raises=...): fails when that protection is taken away"
    )


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marks = list(metafunc.definition.iter_markers(MARK))
    if not marks:
        return
    unknown = {mark.args[0] for mark in marks} - set(SWITCHES)
    if unknown:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: no such switch: {unknown}")
    metafunc.fixturenames.append(PARAMETER)
    metafunc.parametrize(
        PARAMETER,
        [
            pytest.param(None, id=pytest.HIDDEN_PARAM),
            *(pytest.param(mark.args[0], id=f"without {mark.args[0]}") for mark in marks),
        ],
        indirect=True,
    )


@pytest.fixture
def without(request: pytest.FixtureRequest) -> str | None:
    """The name of the protection that this run of the test does without."""
    name: str | None = request.param
    return name


def switch_of(item: Any) -> Switch | None:
    name = item.callspec.params.get(PARAMETER) if hasattr(item, "callspec") else None
    return SWITCHES[name] if name else None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Before the test's transaction begins, and until after its end."""
    if fixturedef.argname == OPENS_THE_DATABASE:
        switch = switch_of(request.node)
        if switch and isinstance(switch.protection, InDatabase):
            stack = ExitStack()
            fixturedef.addfinalizer(stack.close)
            owner = owner_of(request.getfixturevalue("django_db_setup").owner_url)
            stack.enter_context(owner)
            stack.enter_context(switch.protection.off(owner))
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    switch = switch_of(item)
    if switch is None:
        return (yield)
    try:
        with ExitStack() as stack:
            if isinstance(switch.protection, InProcess):
                stack.enter_context(switch.protection.off())
            yield
    except _failures_that_count(item, switch.name) as failure:
        # Shown by `pytest -rP`.
        item.add_report_section("call", f"without {switch.name}", f"{failure}\n")
        return None
    pytest.fail(f"passes without {switch.name}: {switch.holds}", pytrace=False)


def _failures_that_count(item: pytest.Item, name: str) -> tuple[type[BaseException], ...]:
    marks = [mark for mark in item.iter_markers(MARK) if mark.args[0] == name]
    named = tuple(mark.kwargs["raises"] for mark in marks if "raises" in mark.kwargs)
    return (AssertionError, pytest.fail.Exception, *named)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed = terminalreporter.stats.get("passed", [])
    noticed = [report.nodeid for report in passed if f"{PARAMETER} " in report.nodeid]
    if noticed:
        names = {name for node in noticed for name in SWITCHES if f"without {name}]" in node}
        terminalreporter.write_line(
            f"{len(names)} protections were taken away, {len(noticed)} tests noticed it"
        )
