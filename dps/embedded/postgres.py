"""PostgreSQL as a child process, reachable only through a socket and only by its own users."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from dps.embedded.children import CannotStart, Child, RunAs, spawn, unprivileged_user
from dps.embedded.directories import make_all
from dps.embedded.places import APPLICATION, OWNER, POSTGRES_PORT, Places
from dps.embedded.programs import postgres_programs, within_reach

READY_LINE = 7  # of postmaster.pid
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One lock per partition touched: a national list of authorities passes the default of 64.
    "max_locks_per_transaction": "256",
}
# For throw-away clusters only: a killed process loses nothing, a crash of the machine may.
UNSAFE_BUT_FAST = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster in `places.postgres_data`, made at the first start."""

    name = "PostgreSQL"

    def __init__(self, places: Places, *, settings: dict[str, str] | None = None) -> None:
        self.places = places
        self.settings = SETTINGS | (settings or {})
        self.run_as = unprivileged_user()
        self.child: Child | None = None

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.is_running

    def start(self) -> None:
        """
        Start the server and wait until it answers.

        :raises CannotStart: it does not, or another server has the same data.
        """
        make_all(self.places, self.run_as)
        programs = self._programs()
        if not (self.places.postgres_data / "PG_VERSION").exists():
            self._make_cluster(programs / "initdb")
        self._say_who_may_connect()
        self._wait_for_the_last_server()
        self.child = spawn(
            "postgres",
            [programs / "postgres", "-D", self.places.postgres_data, *self._options()],
            log=self.places.logs / "postgres.log",
            run_as=self.run_as,
            stop_signal=signal.SIGINT,  # its "fast" shutdown: no waiting for clients
        )
        self._wait_until_ready(self.child)

    def stop(self) -> None:
        if self.child is None:
            return
        self.child.ask_to_stop()
        try:
            self.child.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.child.process.send_signal(signal.SIGQUIT)  # its children go too
            self.child.wait_until_stopped(seconds=5)

    def _programs(self) -> Path:
        server = postgres_programs() / "postgres"
        return within_reach(server, self.places.programs, self.run_as).parent

    def _options(self) -> list[str]:
        settings = self.settings | {
            "unix_socket_directories": str(self.places.postgres_socket_dir),
            "port": str(POSTGRES_PORT),
        }
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _make_cluster(self, initdb: Path) -> None:
        """Make it aside and move it, so that an interrupted start leaves no half of a cluster."""
        unfinished = self.places.postgres_data.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give_to(unfinished, self.run_as)
        making = spawn(
            "initdb",
            [
                initdb,
                *("-D", unfinished, "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8"),
                *("--auth-local=peer", "--auth-host=reject", "--no-sync"),
            ],
            log=self.places.logs / "postgres.log",
            run_as=self.run_as,
        )
        if making.process.wait() != 0:
            raise CannotStart(f"The database could not be made:\n{making.last_words()}")
        unfinished.rename(self.places.postgres_data)

    def _say_who_may_connect(self) -> None:
        """Only the system's users who run this may connect, and only as our two roles."""
        users = {pwd.getpwuid(os.geteuid()).pw_name}
        if self.run_as:
            users.add(self.run_as.name)
        roles = (OWNER, APPLICATION)
        ident = "".join(f'dps "{user}" {role}\n' for user in sorted(users) for role in roles)
        self._write("pg_hba.conf", "local all all peer map=dps\n")
        self._write("pg_ident.conf", ident)

    def _write(self, name: str, text: str) -> None:
        path = self.places.postgres_data / name
        path.write_text(text)
        _give_to(path, self.run_as)

    def _wait_for_the_last_server(self) -> None:
        """A server whose supervisor was killed needs a moment to close the data."""
        deadline = time.monotonic() + SECONDS_TO_STOP
        while (owner := self._server_with_our_data()) is not None:
            if time.monotonic() > deadline:
                raise CannotStart(f"Another PostgreSQL (process {owner}) uses the same data.")
            time.sleep(0.1)

    def _server_with_our_data(self) -> int | None:
        """The process that the lock file names, unless it is dead, a zombie, or no PostgreSQL."""
        lock = self.places.postgres_data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        process = Path("/proc") / str(pid)
        try:
            state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
            command = (process / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return None  # PostgreSQL itself removes the lock of a dead process
        if state == "Z" or b"postgres" not in command:
            lock.unlink(missing_ok=True)
            return None
        return pid

    def _wait_until_ready(self, server: Child) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._is_ready(server):
            if not server.is_running or time.monotonic() > deadline:
                server.kill()
                raise CannotStart(f"PostgreSQL did not start:\n{server.last_words()}")
            time.sleep(0.01)

    def _is_ready(self, server: Child) -> bool:
        lock = self.places.postgres_data / "postmaster.pid"
        try:
            lines = lock.read_text().splitlines()
            return int(lines[0]) == server.process.pid and lines[READY_LINE].strip() == "ready"
        except (OSError, ValueError, IndexError):
            return False


def _give_to(path: Path, run_as: RunAs | None) -> None:
    if run_as:
        os.chown(path, run_as.uid, run_as.gid)
