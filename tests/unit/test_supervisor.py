"""The supervisor, its children and the checks before a start, with real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dps.embedded.address import OneAtATime, check_port
from dps.embedded.children import CannotStart, spawn
from dps.embedded.supervisor import Program, StopAsked, Supervisor, stop_on_request

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(logs=tmp_path, say=lambda _: None)
    yield made
    made.stop_all()


def wait_until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def test_children_die_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent_of_one = (
        "import sys, time; from pathlib import Path; from dps.embedded.children import spawn\n"
        "child = spawn('sleep', ['sleep', '600'])\n"
        f"Path({str(tmp_path / 'pid')!r}).write_text(str(child.process.pid) + ' ')\n"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_of_one], cwd=PROJECT)
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    child = int((tmp_path / "pid").read_text())
    assert is_running(child)

    parent.kill()
    parent.wait()

    wait_until(lambda: not is_running(child))


def test_program_that_is_not_there_gets_one_line() -> None:
    with pytest.raises(CannotStart, match="Cannot run /nowhere/postgres"):
        spawn("postgres", ["/nowhere/postgres"])


def test_supervisor_starts_again_what_dies(supervisor: Supervisor) -> None:
    program = Program("sleeper", ("sleep", "600"))
    supervisor.start_program(program, environment={"PATH": os.environ["PATH"]})
    assert program.child
    first = program.child.process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not program.is_running)

    supervisor.restart_the_dead(environment={"PATH": os.environ["PATH"]})

    assert program.is_running
    assert program.child.process.pid != first


def test_supervisor_gives_up_on_what_keeps_dying(supervisor: Supervisor) -> None:
    program = Program("broken", ("sh", "-c", "echo no such table; exit 3"))
    supervisor.start_program(program, environment={"PATH": os.environ["PATH"]})

    def restart_for_ever() -> None:
        for _ in range(20):
            wait_until(lambda: not program.is_running)
            supervisor.restart_the_dead(environment={"PATH": os.environ["PATH"]})

    with pytest.raises(CannotStart, match="broken keeps dying:\nno such table"):
        restart_for_ever()


def test_supervisor_stops_even_what_does_not_listen(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dps.embedded.supervisor.SECONDS_TO_STOP", 0.3)
    deaf = Program("deaf", ("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"))
    supervisor.start_program(deaf, environment={"PATH": os.environ["PATH"]})
    wait_until(lambda: "ready" in (supervisor.logs / "deaf.log").read_text())

    supervisor.stop_all()

    assert not deaf.is_running


def test_step_that_fails_says_why(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match=r"migrate failed \(status 4\)\.\nrelation exists"):
        supervisor.run_to_the_end(
            "migrate",
            ("sh", "-c", "echo relation exists; exit 4"),
            environment={"PATH": os.environ["PATH"]},
            log=True,
        )


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_request_to_stop_is_heard_even_where_it_was_ignored(
    request_to_stop: signal.Signals,
) -> None:
    before = signal.signal(request_to_stop, signal.SIG_IGN)
    try:
        with pytest.raises(StopAsked), stop_on_request():
            signal.raise_signal(request_to_stop)
        assert signal.getsignal(request_to_stop) is signal.SIG_IGN
    finally:
        signal.signal(request_to_stop, before)


# The address


def test_taken_port_gets_one_line_that_says_what_to_type() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=rf"Port {port} is taken by another program\.") as no:
            check_port("127.0.0.1", port, patience=0)

    assert "Try `make demo PORT=" in str(no.value)
    check_port("127.0.0.1", port, patience=5)


def test_second_demonstration_on_the_same_data_is_sent_to_the_first(tmp_path: Path) -> None:
    first = OneAtATime(tmp_path / "lock", address="http://127.0.0.1:8000")

    with pytest.raises(CannotStart, match=r"already runs at http://127\.0\.0\.1:8000: stop it"):
        OneAtATime(tmp_path / "lock", address="http://127.0.0.1:8001")

    first.release()
    second = OneAtATime(tmp_path / "lock", address="http://127.0.0.1:8001")
    assert second.last_one_was_killed is False
    second.release()


def test_demonstration_that_was_killed_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("http://127.0.0.1:8000")

    lock = OneAtATime(tmp_path / "lock", address="http://127.0.0.1:8000")

    assert lock.last_one_was_killed is True
    lock.release()
