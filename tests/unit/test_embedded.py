"""The embedded servers and the database that the demonstration fills, with real processes."""

import os
import pwd
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.urls import reverse

from dps.embedded import demonstration, fingerprint
from dps.embedded.children import CannotStart
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
from dps.embedded.places import APPLICATION, OWNER, Places, places
from dps.embedded.postgres import UNSAFE_BUT_FAST, Postgres
from dps.embedded.programs import within_reach
from dps.embedded.valkey import Valkey

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Places]:
    made = places(tmp_path / "var")
    yield made
    remove_data(made)


@pytest.fixture
def postgres(installation: Places) -> Iterator[Postgres]:
    server = Postgres(installation, settings=UNSAFE_BUT_FAST)
    server.start()
    yield server
    server.stop()


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


# Places


def test_everything_of_an_ordinary_user_is_in_the_state_directory() -> None:
    found = places("/home/ada/dps/var", root=False)

    assert (found.postgres_data, found.redis_socket, found.logs) == (
        Path("/home/ada/dps/var/postgres"),
        Path("/home/ada/dps/var/run/redis.sock"),
        Path("/home/ada/dps/var/logs"),
    )
    assert found.database_url() == "postgresql://dps_app@/dps?host=/home/ada/dps/var/run"
    assert found.redis_url() == "redis+socket:///home/ada/dps/var/run/redis.sock"


def test_servers_of_root_lie_where_another_user_can_reach_them() -> None:
    found = places("/root/dps/var", root=True)

    assert found.state == Path("/root/dps/var")
    assert found.postgres_data.parent == found.sockets.parent
    assert found.postgres_data.parent.parent == Path("/var/tmp")  # noqa: S108


@pytest.mark.parametrize("state", ["/home/ada/" + "deep/" * 20 + "var", "/home/ada/My Work/var"])
def test_sockets_move_where_their_path_would_be_too_long_or_not_plain(state: str) -> None:
    found = places(state, root=False)

    assert found.postgres_data == Path(state) / "postgres"
    assert found.sockets.parent == Path("/tmp")  # noqa: S108
    assert len(str(found.sockets / ".s.PGSQL.5432.lock")) < 100


def test_two_installations_share_no_place() -> None:
    one, other = (places(f"/srv/{name}/var", root=True) for name in ("one", "other"))

    assert {one.servers, one.sockets}.isdisjoint({other.servers, other.sockets})


def test_directory_that_somebody_else_made_first_is_not_used(installation: Places) -> None:
    installation.sockets.parent.mkdir(parents=True, exist_ok=True)
    installation.sockets.symlink_to("/etc")

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        make_all(installation, None)

    installation.sockets.unlink()


def test_mailbox_stands_where_the_demonstration_says() -> None:
    assert reverse("mailbox") == demonstration.MAILBOX


# PostgreSQL and Valkey


def test_database_answers_its_own_two_roles_and_no_others(postgres: Postgres) -> None:
    with psycopg.connect(postgres.places.database_url(OWNER, "postgres"), autocommit=True) as owner:
        owner.execute("CREATE ROLE stranger LOGIN")
        room = owner.execute("SHOW max_locks_per_transaction").fetchone()

    assert room == ("256",)
    with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer authentication failed"):
        psycopg.connect(postgres.places.database_url("stranger", "postgres"))


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user")
def test_another_user_of_the_machine_is_refused(postgres: Postgres) -> None:
    used = postgres.run_as.name if postgres.run_as else ""
    other = next(user for user in pwd.getpwall() if user.pw_uid and user.pw_name != used)
    postgres.places.sockets.chmod(0o755)
    attempt = (
        f"import psycopg; psycopg.connect('{postgres.places.database_url(OWNER, 'postgres')}')"
    )

    done = subprocess.run(
        ["/usr/bin/python3", "-c", attempt],
        env={"PYTHONPATH": str(Path(psycopg.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"},
        user=other.pw_uid,
        group=other.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "eer authentication failed" in done.stderr


def test_database_keeps_its_data_when_its_process_is_killed(postgres: Postgres) -> None:
    make_database(postgres.places.database_url(OWNER))
    write_mark(postgres.places.database_url(OWNER), Mark(Filling.DONE, "1a2b"))
    assert postgres.child
    os.kill(postgres.child.process.pid, signal.SIGKILL)
    wait_until(lambda: not postgres.is_running)

    postgres.start()

    assert mark_on(postgres.places.database_url(OWNER)) == Mark(Filling.DONE, "1a2b")


def test_lock_of_a_process_that_is_no_database_does_not_stop_a_start(postgres: Postgres) -> None:
    postgres.stop()
    lock = postgres.places.postgres_data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n")

    postgres.start()

    assert postgres.is_running


def test_cluster_that_was_half_made_is_made_again(installation: Places) -> None:
    make_all(installation, None)
    half = installation.postgres_data.with_suffix(".part")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = Postgres(installation, settings=UNSAFE_BUT_FAST)

    server.start()
    server.stop()

    assert (installation.postgres_data / "base").is_dir()
    assert not half.exists()


def test_broker_answers_on_its_socket_and_is_gone_when_stopped(installation: Places) -> None:
    server = Valkey(installation)
    server.start()
    answered = redis.Redis.from_url(installation.cache_url()).ping()

    server.stop()

    assert (answered, server.is_running) == (True, False)
    assert stat.S_IMODE(installation.sockets.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root gives its servers to another user")
def test_program_that_the_other_user_cannot_reach_is_copied(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "true"
    program.write_bytes(Path("/bin/true").read_bytes())
    program.chmod(0o755)
    user = Postgres(places(tmp_path)).run_as

    reachable = within_reach(program, tmp_path / "copies", user)

    assert reachable.parent.parent == tmp_path / "copies"
    assert within_reach(Path("/bin/true"), tmp_path / "copies", user) == Path("/bin/true")


# The database that the demonstration fills


def test_database_remembers_how_far_it_was_filled(postgres: Postgres) -> None:
    url = postgres.places.database_url(OWNER)
    make_database(url)
    make_database(url)
    check_owner(url)
    before = mark_on(url)
    write_mark(url, Mark(Filling.BEGUN))
    with psycopg.connect(url) as owner:
        owner.execute("CREATE TABLE referral (id int)")

    assert (before, mark_on(url)) == (Mark(), Mark(Filling.BEGUN))
    empty(url)
    with psycopg.connect(url) as owner:
        tables = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)


def test_database_of_somebody_else_is_left_alone(postgres: Postgres) -> None:
    url = postgres.places.database_url(OWNER, "ledger")
    make_database(url)
    with psycopg.connect(url) as owner:
        owner.execute("CREATE TABLE invoice (id int)")

    with pytest.raises(CannotStart, match="ledger already holds tables"):
        empty(url)

    with psycopg.connect(url) as owner:
        assert owner.execute("SELECT count(*) FROM invoice").fetchone() == (0,)


def test_application_gets_an_address_of_its_own(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.places.database_url(OWNER)
    make_database(url)
    with psycopg.connect(url) as owner:
        owner.execute(f"CREATE ROLE {APPLICATION} LOGIN")
    file = tmp_path / "password"

    address = application_url(f"{url}&user=postgres", file)

    assert address == f"postgresql://dps_app:{file.read_text()}@/dps?host={postgres.places.sockets}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert application_url(url, file) == address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://ada@127.0.0.1:1/dps", "cannot be reached"),
        ("postgresql://ada@127.0.0.1:1", "must name a database"),
    ],
)
def test_address_that_leads_nowhere_gets_one_line(url: str, words: str) -> None:
    with pytest.raises(CannotStart, match=words) as refused:
        make_database(url)

    assert "\n" not in str(refused.value)


def test_role_that_may_not_make_roles_is_told_so(postgres: Postgres) -> None:
    url = postgres.places.database_url(OWNER)
    make_database(url)
    with psycopg.connect(url) as owner:
        owner.execute(f"CREATE ROLE {APPLICATION} LOGIN")

    with pytest.raises(CannotStart, match="must be the owner"):
        check_owner(postgres.places.database_url())


def test_fingerprint_changes_with_what_it_stands_for_and_with_nothing_else(tmp_path: Path) -> None:
    policies = tmp_path / "referrals" / "policies.py"
    style = tmp_path / "static" / "src" / "app.css"
    for file in (policies, style):
        file.parent.mkdir(parents=True)
        file.write_text("one")
    code, styles = fingerprint.of_code(tmp_path), fingerprint.of_styles(tmp_path)

    policies.write_text("two")

    assert fingerprint.of_code(tmp_path) != code
    assert fingerprint.of_styles(tmp_path) == styles
    style.rename(style.with_name("other.css"))
    assert fingerprint.of_styles(tmp_path) != styles
