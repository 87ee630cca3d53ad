"""The demonstration from nothing to an address that answers, and back to nothing running."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from dps.embedded import fingerprint
from dps.embedded.address import OneAtATime, check_port, wait_for_an_answer
from dps.embedded.children import CannotStart, unprivileged_user
from dps.embedded.database import (
    Filling,
    Mark,
    application_url,
    check_owner,
    empty,
    make_database,
    mark_on,
    write_mark,
)
from dps.embedded.directories import make_all, remove_data
from dps.embedded.places import OWNER, Places
from dps.embedded.postgres import Postgres
from dps.embedded.supervisor import Program, StopAsked, Supervisor, stop_on_request
from dps.embedded.valkey import Valkey

SECONDS_FOR_A_KILLED_DEMO_TO_END = 10.0
MAILBOX = "/mailbox/"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who starts the demonstration asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    start_afresh: bool = False
    database_url: str | None = None
    redis_url: str | None = None

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{'127.0.0.1' if self.is_for_all else self.host}:{self.port}"

    @property
    def is_for_all(self) -> bool:
        """Whether other machines were meant to reach it too, under whatever name."""
        return self.host in {"0.0.0.0", "::"}  # noqa: S104 -- compared, not bound

    @property
    def names(self) -> str:
        return "*" if self.is_for_all else f"localhost,127.0.0.1,[::1],{self.host}"


class Demonstration:
    """One run of it; `commands` are the management commands that this installation has."""

    def __init__(
        self,
        places: Places,
        wishes: Wishes,
        *,
        project: Path,
        commands: Collection[str],
        write: Callable[[str], None],
    ) -> None:
        self.places = places
        self.wishes = wishes
        self.project = project
        self.commands = commands
        self.write = write
        self.began = time.monotonic()
        self.supervisor = Supervisor(logs=places.logs, say=self.say)

    def run(self) -> None:
        """
        Start everything, keep it running until asked to stop, and stop all of it.

        :raises CannotStart: with one line for the person, and nothing left running.
        """
        os.chdir(self.project)
        make_all(self.places, unprivileged_user())
        lock = OneAtATime(self.places.state / "demo.lock", address=self.wishes.address)
        with stop_on_request():
            try:
                patience = SECONDS_FOR_A_KILLED_DEMO_TO_END if lock.last_one_was_killed else 0.0
                check_port(self.wishes.host, self.wishes.port, patience=patience)
                environment = self._start()
                self.supervisor.watch(environment=environment)
            except StopAsked:
                self.write("")
                self.say("Stopping")
            finally:
                self.supervisor.stop_all()
                lock.release()
        self.say("Stopped. `make demo` continues with this data, `make demo RESET=1` without it.")

    def say(self, text: str) -> None:
        self.write(f"{time.monotonic() - self.began:6.1f} s  {text}")

    def _start(self) -> dict[str, str]:
        owner_url = self._open_servers()
        mark = self._empty_if_asked_or_half_filled(owner_url)
        code = fingerprint.of_code(self.project)
        if mark.code != code:
            self._migrate(owner_url)
            write_mark(owner_url, Mark(mark.filling, code))
        application = self._application(owner_url)
        self._collect_static(application)
        if mark.filling is not Filling.DONE and "load_demo" in self.commands:
            self._fill(application)
            write_mark(owner_url, Mark(Filling.DONE, code))
        self._start_programs(application)
        self._announce(application)
        return application

    def _open_servers(self) -> str:
        """Start the servers that the operator did not give us; return the owner's address."""
        if self.wishes.start_afresh:
            remove_data(self.places)
        if self.wishes.database_url is None:
            self.say("Starting PostgreSQL")
            self.supervisor.start_server(Postgres(self.places))
        if self.wishes.redis_url is None:
            self.say("Starting Valkey")
            self.supervisor.start_server(Valkey(self.places))
        else:
            _check_redis(self.wishes.redis_url)
        owner_url = self.wishes.database_url or self.places.database_url(OWNER)
        make_database(owner_url)
        check_owner(owner_url)
        return owner_url

    def _empty_if_asked_or_half_filled(self, owner_url: str) -> Mark:
        mark = mark_on(owner_url)
        if self.wishes.start_afresh or mark.filling is Filling.BEGUN:
            if mark.filling is Filling.BEGUN:
                self.say("The last loading was interrupted: starting afresh")
            empty(owner_url)
            mark = Mark()
        if mark.filling is Filling.UNTOUCHED:
            mark = Mark(Filling.BEGUN)
            write_mark(owner_url, mark)
        return mark

    def _migrate(self, owner_url: str) -> None:
        self.say("Bringing the database up to date")
        self._manage("migrate", "--verbosity=0", environment=self._environment(owner_url), log=True)

    def _application(self, owner_url: str) -> dict[str, str]:
        """What the application's own login needs in its environment."""
        if self.wishes.database_url is None:
            return self._environment(self.places.database_url())
        password = self.places.state / "dps_app.password"
        return self._environment(application_url(owner_url, password))

    def _collect_static(self, environment: dict[str, str]) -> None:
        stamp = self.places.state / "styles"
        styles = fingerprint.of_styles(self.project)
        if stamp.exists() and stamp.read_text() == styles:
            return
        self.say("Preparing styles and scripts")
        options = ("--noinput", "--clear", "--verbosity=0")
        self._manage("collectstatic", *options, environment=environment, log=True)
        stamp.write_text(styles)

    def _fill(self, environment: dict[str, str]) -> None:
        self.say("Loading the demonstration region (once; about a minute)")
        self._manage("load_demo", environment=environment, log=False)
        self.say("The region is loaded")

    def _start_programs(self, environment: dict[str, str]) -> None:
        self.say("Starting the web server, the relay, the worker and the clock")
        for program in self._programs():
            self.supervisor.start_program(program, environment=environment)

    def _announce(self, environment: dict[str, str]) -> None:
        accounts = self._accounts(environment)
        wait_for_an_answer(
            self.wishes.host,
            self.wishes.port,
            still_alive=lambda: self.supervisor.restart_the_dead(environment=environment),
        )
        self.say("Ready")
        places_to_know = (
            f"  The demonstration is at   {self.wishes.address}\n"
            f"  Emails and text messages  {self.wishes.address}{MAILBOX}\n"
            f"  What the programs say     {self.places.logs}\n"
            "  To stop                   Ctrl-C"
        )
        for part in filter(None, [accounts, places_to_know]):
            self.write(f"\n{part}")

    def _accounts(self, environment: dict[str, str]) -> str:
        if "demo_accounts" not in self.commands:
            return ""
        done = subprocess.run(
            _manage_command("demo_accounts"),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotStart(f"The list of sign-ins cannot be read:\n{done.stderr.strip()}")
        return done.stdout.rstrip()

    def _manage(self, *command: str, environment: dict[str, str], log: bool) -> None:
        self.supervisor.run_to_the_end(
            command[0], _manage_command(*command), environment=environment, log=log
        )

    def _environment(self, database_url: str) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "dps.settings",
            "PYTHONUNBUFFERED": "1",
            "DPS_DEMO": "1",
            "DPS_STATE_DIR": str(self.places.state),
            "DPS_ADDRESS": os.environ.get("DPS_ADDRESS", self.wishes.address),
            "DPS_HOSTS": os.environ.get("DPS_HOSTS", self.wishes.names),
            "DATABASE_URL": database_url,
            "REDIS_URL": self.wishes.redis_url or self.places.redis_url(),
        }

    def _programs(self) -> list[Program]:
        celery = (sys.executable, "-m", "celery", "-A", "dps")
        worker = ("worker", "--loglevel=warning", "--concurrency=2")
        schedule = self.places.state / "beat"
        beat = ("beat", "--loglevel=warning", "--pidfile=", f"--schedule={schedule}")
        programs = [
            Program("web", self._web_command()),
            Program("worker", (*celery, *worker, "--without-gossip", "--without-mingle")),
            Program("beat", (*celery, *beat)),
        ]
        if "relay" in self.commands:
            programs.insert(1, Program("relay", _manage_command("relay")))
        return programs

    def _web_command(self) -> tuple[str, ...]:
        return (
            *(sys.executable, "-m", "gunicorn", "dps.wsgi:application"),
            *("--bind", self.wishes.bind),
            # Threads, so that a slow upload does not hold up everybody else.
            *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
            *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
        )


def _manage_command(*command: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", *command)


def _check_redis(url: str) -> None:
    """
    Make sure that the operator's broker answers.

    :raises CannotStart: it does not.
    """
    plain = url.replace("redis+socket://", "unix://")
    try:
        with redis.Redis.from_url(plain, socket_timeout=5, socket_connect_timeout=5) as broker:
            broker.ping()
    except (redis.RedisError, ValueError) as error:
        shown = urlsplit(url)._replace(query="").geturl().rpartition("@")[2]
        raise CannotStart(f"The broker in REDIS_URL ({shown}) does not answer: {error}") from error
