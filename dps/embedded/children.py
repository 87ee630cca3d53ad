"""Child processes that cannot outlive the process that started them."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """Something on this machine stands in the way; the message is one line for the person."""


def die_with_parent(sig: signal.Signals) -> Callable[[], None]:
    """Make the function that a new child runs so that its parent's death sends it `sig`."""
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:  # it died before the tie held
            os._exit(1)

    return tie


@dataclass(frozen=True, slots=True)
class RunAs:
    """The unprivileged user that servers run as when the caller is root."""

    name: str
    uid: int
    gid: int


def unprivileged_user() -> RunAs | None:
    """
    Who the servers run as: None unless the caller is root, whom PostgreSQL refuses.

    :raises CannotStart: root's machine has no user to change to.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return RunAs(name, entry.pw_uid, entry.pw_gid)
    raise CannotStart("PostgreSQL refuses root, and there is no user 'nobody' to run it as.")


@dataclass(slots=True)
class Child:
    """One running program, its log, and the signal that ends it politely."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path | None = None

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_running:
            self.process.send_signal(self.stop_signal)

    def wait_until_stopped(self, *, seconds: float) -> None:
        """Wait for a polite end, then kill the child with everything it started."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, *, lines: int = 12) -> str:
        """The end of the log, for a message about an early death."""
        if self.log is None or not self.log.exists():
            return ""
        text = self.log.read_text(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
    run_as: RunAs | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """
    Start a program that ends when this process does; without a log it speaks on our terminal.

    Its own session keeps the terminal's Ctrl-C away from it: only the supervisor decides.

    :raises CannotStart: the program cannot be run.
    """
    output: BinaryIO | None = log.open("ab") if log else None
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=None if environment is None else dict(environment),
            cwd="/" if run_as else None,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),  # after setuid, which would undo it
            user=run_as.uid if run_as else None,
            group=run_as.gid if run_as else None,
            extra_groups=[] if run_as else None,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"Cannot run {command[0]}: {error}") from error
    finally:
        if output:
            output.close()
    return Child(name, process, stop_signal, log)
