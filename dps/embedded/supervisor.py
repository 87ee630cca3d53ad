"""Keeps a set of programs running, and takes all of them down together."""

import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from dps.embedded.children import PR_SET_PDEATHSIG, CannotStart, Child, spawn

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_STOP = 15
SECONDS_BETWEEN_LOOKS = 0.2
# One request may arrive twice, from the terminal and handed on by make.
SECONDS_OF_ONE_REQUEST = 1.0
# A program that dies this often is broken, not unlucky.
DEATHS_ALLOWED = 5
DEATHS_WITHIN_SECONDS = 60.0


class StopAsked(BaseException):
    """A person or the system asked for the end; not an error, so nothing may swallow it."""


class Server(Protocol):
    """A database or broker that knows how to start itself."""

    name: str

    @property
    def is_running(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(slots=True)
class Program:
    """A command that should always be running."""

    name: str
    command: Sequence[str]
    child: Child | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_ALLOWED))

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.is_running


class Supervisor:
    """Starts servers, then programs; restarts what dies; stops all in the opposite order."""

    def __init__(self, *, logs: Path, say: Callable[[str], None]) -> None:
        self.logs = logs
        self.say = say
        self.servers: list[Server] = []
        self.programs: list[Program] = []
        self.step: Child | None = None

    def start_server(self, server: Server) -> None:
        self.servers.append(server)
        server.start()

    def run_to_the_end(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], log: bool
    ) -> None:
        """
        Run one step; it speaks on the terminal, or into its own log.

        :raises CannotStart: it failed.
        """
        file = self._fresh_log(name) if log else None
        self.step = spawn(name, command, environment=environment, log=file)
        status = self.step.process.wait()
        if status != 0:
            words = self.step.last_words()
            raise CannotStart(f"{name} failed (status {status}).\n{words}".rstrip())
        self.step = None

    def start_program(self, program: Program, *, environment: Mapping[str, str]) -> None:
        log = self._fresh_log(program.name)
        program.child = spawn(program.name, program.command, environment=environment, log=log)
        if program not in self.programs:
            self.programs.append(program)

    def watch(self, *, environment: Mapping[str, str]) -> None:
        """
        Restart whatever dies, for ever.

        :raises CannotStart: a program dies again and again.
        """
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            self.restart_the_dead(environment=environment)

    def restart_the_dead(self, *, environment: Mapping[str, str]) -> None:
        for server in self.servers:
            if not server.is_running:
                self.say(f"{server.name} died: starting it again")
                server.start()
        for program in self.programs:
            if not program.is_running:
                self._count_death(program)
                self.say(f"{program.name} died: starting it again")
                self.start_program(program, environment=environment)

    def stop_all(self) -> None:
        """Stop everything, politely; a second request to stop kills at once."""
        running = [program.child for program in reversed(self.programs) if program.child]
        if self.step:
            running.insert(0, self.step)

        asked = time.monotonic()

        def hurry(_signal: int, _frame: FrameType | None) -> None:
            if time.monotonic() - asked > SECONDS_OF_ONE_REQUEST:
                for child in running:
                    child.kill()

        with _handling(STOPPING, hurry):
            for child in running:
                child.ask_to_stop()
            deadline = asked + SECONDS_TO_STOP
            for child in running:
                child.wait_until_stopped(seconds=max(0.0, deadline - time.monotonic()))
            for server in reversed(self.servers):
                server.stop()

    def _count_death(self, program: Program) -> None:
        program.deaths.append(time.monotonic())
        often = len(program.deaths) == DEATHS_ALLOWED
        if often and program.deaths[-1] - program.deaths[0] < DEATHS_WITHIN_SECONDS:
            words = program.child.last_words() if program.child else ""
            raise CannotStart(f"{program.name} keeps dying:\n{words}".rstrip())

    def _fresh_log(self, name: str) -> Path:
        """A new log; the one before stays beside it, for the start that went wrong."""
        log = self.logs / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.old"))
        return log


@contextmanager
def stop_on_request() -> Iterator[None]:
    """
    Turn Ctrl-C, a request to terminate and a closed terminal into `StopAsked`.

    Handlers are set even where Python found SIGINT ignored, as under nohup or a shell's `&`.
    """
    _follow_make_into_death()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for sig in STOPPING:  # one request is enough; more must not break the stopping
            signal.signal(sig, signal.SIG_IGN)
        raise StopAsked

    with _handling(STOPPING, stop):
        yield


@contextmanager
def _handling(
    signals: Sequence[signal.Signals], handler: Callable[[int, FrameType | None], None]
) -> Iterator[None]:
    before = {sig: signal.signal(sig, handler) for sig in signals}
    try:
        yield
    finally:
        for sig, old in before.items():
            signal.signal(sig, old)


def _follow_make_into_death() -> None:
    """A `make` that is killed outright tells nobody; without it no Ctrl-C would reach us."""
    parent = Path("/proc") / str(os.getppid()) / "comm"
    if sys.platform == "linux" and parent.exists() and parent.read_text().strip() == "make":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
