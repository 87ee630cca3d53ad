"""Directories that belong to one installation, made and checked before anything is put there."""

import os
import shutil
import stat
from pathlib import Path

from dps.embedded.children import CannotStart, RunAs, unprivileged_user
from dps.embedded.places import Places


def make_all(places: Places, run_as: RunAs | None) -> None:
    """
    Make the directories of an installation, with their owners and modes.

    :raises CannotStart: a directory exists and is not ours, or cannot be made.
    """
    try:
        places.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        places.logs.mkdir(exist_ok=True)
        if places.servers != places.state:
            _make_private(places.servers, mode=0o711)
        _make_private(places.sockets, mode=0o700, run_as=run_as)
        places.redis_data.mkdir(exist_ok=True, mode=0o700)
        if run_as:
            os.chown(places.redis_data, run_as.uid, run_as.gid)
    except OSError as error:
        raise CannotStart(f"Cannot keep data in {error.filename}: {error.strerror}.") from error


def remove_data(places: Places) -> None:
    """
    Remove the servers' data and sockets; what the application keeps in `state` stays.

    :raises CannotStart: a directory is not ours.
    """
    data = [places.postgres_data, places.redis_data, places.programs, places.sockets]
    if places.servers != places.state:
        data.append(places.servers)
    for directory in data:
        if directory.exists():
            _check_owner(directory, unprivileged_user())
            shutil.rmtree(directory)


def _make_private(directory: Path, *, mode: int, run_as: RunAs | None = None) -> None:
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        _check_owner(directory, run_as)
    directory.chmod(mode)
    if run_as:
        os.chown(directory, run_as.uid, run_as.gid)


def _check_owner(directory: Path, run_as: RunAs | None) -> None:
    """A name below /tmp can be taken first by anybody."""
    found = directory.lstat()
    allowed = {os.geteuid(), run_as.uid if run_as else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise CannotStart(f"{directory} belongs to somebody else: remove it and try again.")
