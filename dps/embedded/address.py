"""The address that the demo answers on: free, ours alone, and answering."""

import fcntl
import os
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from dps.embedded.children import CannotStart

PORTS_TO_TRY = 50
SECONDS_TO_ANSWER = 60
READY = "/health/ready"
SERVER_ERROR = 500


class OneAtATime:
    """A lock on the state directory that the kernel lifts however its holder ends."""

    def __init__(self, file: Path, *, address: str) -> None:
        """
        Take the lock.

        :raises CannotStart: another demo runs on the same data.
        """
        self._file = file.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            running = self._read()
            self._file.close()
            raise CannotStart(
                f"This demo already runs at {running}: stop it there with Ctrl-C first."
            ) from held
        self.last_one_was_killed = bool(self._read())
        self._write(address)

    def release(self) -> None:
        self._write("")
        self._file.close()

    def _read(self) -> str:
        self._file.seek(0)
        return self._file.read().strip()

    def _write(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()
        os.fsync(self._file.fileno())


def check_port(host: str, port: int, *, patience: float) -> None:
    """
    Make sure the port is free, waiting `patience` seconds for a killed demo to let go of it.

    :raises CannotStart: it is taken, or may not be used.
    """
    deadline = time.monotonic() + patience
    while (problem := _problem_with(host, port)) is not None:
        if time.monotonic() > deadline:
            free = _free_port_after(host, port)
            raise CannotStart(f"Port {port} {problem}. Try `make demo PORT={free}`.")
        time.sleep(0.1)


def wait_for_an_answer(host: str, port: int, *, still_alive: Callable[[], None]) -> None:
    """
    Wait until the web server answers a request; `still_alive` raises when it never will.

    :raises CannotStart: it does not answer in time.
    """
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not _answers(host, port):
        still_alive()
        if time.monotonic() > deadline:
            raise CannotStart(f"The web server does not answer on port {port}.")
        time.sleep(0.1)


def _problem_with(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(place)
            attempt.listen(1)
    except PermissionError:
        return "is for the system's own use"
    except (OSError, OverflowError) as error:
        taken = "is taken by another program"
        return taken if "in use" in str(error) else f"cannot be used on {host}: {error}"
    return None


def _free_port_after(host: str, port: int) -> int:
    start = port if port > 1024 else 8000
    after = range(start + 1, min(start + PORTS_TO_TRY, 65536))
    return next((other for other in after if _problem_with(host, other) is None), 8001)


def _answers(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- read, not bound
    connection = HTTPConnection(reachable, port, timeout=30)
    try:
        connection.request("GET", READY)
        return connection.getresponse().status < SERVER_ERROR
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
