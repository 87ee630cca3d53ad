"""The virus scanner: ClamAV where there is one, and a stand-in where there is none.

The stand-in knows the antivirus industry's harmless test file and nothing else. It is for the
demonstration and the tests: `check --deploy` refuses it, and the pages say that it is running.
"""

from __future__ import annotations

import io
import socket
import struct
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 25
"""Less than the lease of a job, so that nobody else takes it up meanwhile."""
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
MOST_LOOKED_AT = 50 * 1024 * 1024
TEST_FILE = "Eicar-Test-Signature"
# In two halves, or a scanner on a developer's machine would take this module away.
_HALVES = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")


class ScannerAway(RuntimeError):
    """The scanner does not answer, or not to the purpose: the file stays in quarantine."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, "" for nothing, and by which scanner."""

    found: str
    scanner: str


def is_real() -> bool:
    """Whether a scanner is configured, rather than the stand-in."""
    return bool(settings.CLAMAV_ADDRESS)


def scan(content: bytes) -> Verdict:
    """Look for viruses.

    :raises ScannerAway: there is no verdict.
    """
    if is_real():
        return Verdict(_ask_clamav(content, settings.CLAMAV_ADDRESS), "ClamAV")
    return Verdict(_stand_in(content), "stand-in")


def _ask_clamav(content: bytes, address: str) -> str:
    """One INSTREAM conversation: pieces with their length before them, the last of length 0."""
    try:
        with closing(_connect(address)) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), PIECE):
                piece = content[start : start + PIECE]
                connection.sendall(struct.pack("!I", len(piece)) + piece)
            connection.sendall(struct.pack("!I", 0))
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        raise ScannerAway(type(error).__name__) from error
    return _understood(answer)


def _connect(address: str) -> socket.socket:
    """`tcp://host:port`, or `unix:/path/of/the/socket`."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(SECONDS)
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("CLAMAV_ADDRESS begins with tcp:// or unix:/")
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=SECONDS)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _understood(answer: str) -> str:
    """ "stream: OK", or "stream: Win.Test.EICAR_HDB-1 FOUND"; anything else is no verdict."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")[:100]
    raise ScannerAway("no verdict")


def _stand_in(content: bytes) -> str:
    signature = b"".join(_HALVES)
    if signature in content or any(signature in part for part in _parts(content)):
        return TEST_FILE
    return ""


def _parts(content: bytes) -> list[bytes]:
    """What is packed in a zip, up to a limit."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        members = [each for each in packed.infolist() if each.file_size <= MOST_LOOKED_AT]
        return [packed.read(each) for each in members[:1000]]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError):
        return []
