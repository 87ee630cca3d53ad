"""The virus scanner's conversation, and the stand-in's one virus."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dps.documents import scanner
from dps.documents.checks import check_scanner
from dps.documents.scanner import ScannerAway, Verdict, scan
from tests.factories.files import EICAR, docx, packed, pdf

OK = b"stream: OK\0"


def received(connection: socket.socket) -> bytes:
    """What a client streams, put together from its pieces."""
    with connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(length)
        return content


@contextmanager
def clamd(
    listener: socket.socket, answer: bytes, seen: list[bytes] | None = None
) -> Iterator[None]:
    """A scanner of a few lines, for one conversation."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            content = received(connection)
            if seen is not None:
                seen.append(content)
            for start in range(0, len(answer), 5):
                connection.sendall(answer[start : start + 5])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield
    thread.join(10)
    listener.close()


def tcp() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def address_of(listener: socket.socket) -> str:
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def test_the_scanner_gets_the_file_whole_and_its_yes_is_a_verdict(
    settings: Any,
) -> None:
    listener, seen = tcp(), list[bytes]()
    settings.CLAMAV_ADDRESS = address_of(listener)
    content = bytes(range(256)) * 1000

    with clamd(listener, OK, seen):
        verdict = scan(content)

    assert (verdict, seen) == (Verdict("", "ClamAV"), [content])


def test_the_scanner_is_reached_over_a_socket_of_the_machine_too(
    settings: Any, tmp_path: Path
) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "clamd.ctl"))
    listener.listen()
    settings.CLAMAV_ADDRESS = f"unix:{tmp_path}/clamd.ctl"

    with clamd(listener, b"stream: Win.Test.EICAR_HDB-1 FOUND\0"):
        assert scan(EICAR) == Verdict("Win.Test.EICAR_HDB-1", "ClamAV")


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0", b"INSTREAM size limit exceeded. ERROR\0", b"stream: ERROR\0", b"OK but no\0"],
)
def test_what_is_no_verdict_is_none(settings: Any, answer: bytes) -> None:
    listener = tcp()
    settings.CLAMAV_ADDRESS = address_of(listener)

    with clamd(listener, answer), pytest.raises(ScannerAway):
        scan(b"policy")


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:1", "unix:/nowhere/clamd.ctl", "http://127.0.0.1", "nonsense", "tcp://"],
)
def test_a_scanner_that_is_not_there_is_no_verdict(settings: Any, address: str) -> None:
    settings.CLAMAV_ADDRESS = address

    with pytest.raises(ScannerAway):
        scan(b"policy")


def test_a_scanner_that_never_answers_is_no_verdict(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "SECONDS", 0.2)
    with tcp() as listener:
        settings.CLAMAV_ADDRESS = address_of(listener)
        with pytest.raises(ScannerAway):
            scan(b"policy")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (lambda: EICAR, scanner.TEST_FILE),
        (lambda: b" \r\n" + EICAR + b"\n\n", scanner.TEST_FILE),
        (lambda: packed({"eicar.com": EICAR}), scanner.TEST_FILE),
        (lambda: docx({"word/media/image1.png": EICAR}), scanner.TEST_FILE),
        (lambda: docx({"word/media/image1.png": b"x" * 99 + EICAR + b"\n"}), scanner.TEST_FILE),
        (lambda: EICAR[:-1], ""),
        (pdf, ""),
        (docx, ""),
        (lambda: docx()[:-30], ""),
        (lambda: b"PK\x03\x04", ""),
    ],
)
def test_the_stand_in_knows_the_test_file_alone(
    settings: Any, content: Callable[[], bytes], found: str
) -> None:
    settings.CLAMAV_ADDRESS = ""

    assert scan(content()) == Verdict(found, "stand-in")


def test_production_is_refused_without_a_scanner(settings: Any) -> None:
    settings.CLAMAV_ADDRESS = ""
    lacking = check_scanner(app_configs=None)
    settings.CLAMAV_ADDRESS = "tcp://clamav:3310"

    assert [error.id for error in lacking] == ["dps.documents.E001"]
    assert check_scanner(app_configs=None) == []
