"""Valkey, which speaks Redis, as a child process: the broker. It keeps nothing, PostgreSQL does."""

import socket
import time

from dps.embedded.children import CannotStart, Child, spawn, unprivileged_user
from dps.embedded.directories import make_all
from dps.embedded.places import Places
from dps.embedded.programs import valkey_program, within_reach

SECONDS_TO_START = 20
SECONDS_TO_STOP = 10


class Valkey:
    """A broker on `places.redis_socket`."""

    name = "Valkey"

    def __init__(self, places: Places) -> None:
        self.places = places
        self.run_as = unprivileged_user()
        self.child: Child | None = None

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.is_running

    def start(self) -> None:
        """
        Start the server and wait until it answers.

        :raises CannotStart: it does not.
        """
        make_all(self.places, self.run_as)
        self.places.redis_socket.unlink(missing_ok=True)
        self.child = spawn(
            "valkey",
            [
                within_reach(valkey_program(), self.places.programs, self.run_as),
                *("--port", "0"),
                *("--unixsocket", self.places.redis_socket, "--unixsocketperm", "700"),
                *("--dir", self.places.redis_data, "--save", "", "--appendonly", "no"),
                *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
            ],
            log=self.places.logs / "valkey.log",
            run_as=self.run_as,
        )
        self._wait_until_ready(self.child)

    def stop(self) -> None:
        if self.child is not None:
            self.child.ask_to_stop()
            self.child.wait_until_stopped(seconds=SECONDS_TO_STOP)

    def _wait_until_ready(self, server: Child) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if not server.is_running or time.monotonic() > deadline:
                server.kill()
                raise CannotStart(f"Valkey did not start:\n{server.last_words()}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.places.redis_socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
