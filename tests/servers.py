"""
A pytest plugin: one throw-away PostgreSQL and Valkey for the whole run, unless addresses are given.

They die with pytest however it ends; what a killed run left on the disk, the next one removes.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

import pytest

from dps.embedded.directories import remove_data
from dps.embedded.places import OWNER, places
from dps.embedded.postgres import UNSAFE_BUT_FAST, Postgres
from dps.embedded.valkey import Valkey

LOCK = "tests.lock"
SECONDS_TO_LOCK = 600
RUN = pytest.StashKey["ThrowAwayServers"]()


class ThrowAwayServers:
    """The servers of one run and everything they leave."""

    def __init__(self, state: Path) -> None:
        self.places = places(state)
        self.lock = _lock(state)
        self.servers: list[Postgres | Valkey] = []

    def start(self) -> None:
        wanted: list[Postgres | Valkey] = []
        if os.environ["DATABASE_URL"] == self.places.database_url(OWNER):
            wanted.append(Postgres(self.places, settings=UNSAFE_BUT_FAST))
        if os.environ["REDIS_URL"] == self.places.redis_url():
            wanted.append(Valkey(self.places))
        for server in wanted:
            self.servers.append(server)
            server.start()

    def stop_and_remove(self) -> None:
        for server in reversed(self.servers):
            server.stop()
        _remove(self.places.state)
        if self.lock:
            self.lock.close()


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if is_worker or config.option.collectonly or config.option.help:
        return
    _remove_what_killed_runs_left()
    run = ThrowAwayServers(Path(os.environ["DPS_TEST_STATE_DIR"]))
    config.stash[RUN] = run
    run.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run:
        run.stop_and_remove()


def _remove_what_killed_runs_left() -> None:
    for state in Path(tempfile.gettempdir()).glob("dps-tests-*"):
        # A run that ends at this moment removes its own.
        with contextlib.suppress(FileNotFoundError):
            if state.stat().st_uid == os.geteuid() and not _is_in_use(state):
                _remove(state)


def _is_in_use(state: Path) -> bool:
    """A run that has just made its directory has not locked it yet."""
    if not (state / LOCK).exists():
        return time.time() - state.stat().st_mtime < SECONDS_TO_LOCK
    lock = _lock(state)
    if lock:
        lock.close()
    return lock is None


def _lock(state: Path) -> IO[str] | None:
    file = (state / LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _remove(state: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # another run that starts now removes it too
        remove_data(places(state))
    shutil.rmtree(state, ignore_errors=True)
