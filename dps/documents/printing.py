"""From HTML to PDF in a child process that has no secrets, no network and little time."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

RENDER = Path(__file__).with_name("render.py")
SECONDS = 11
LONGEST_HTML = 200_000
LONGEST_RUN = 200
"""Line breaking is quadratic in the length of a word: 100,000 letters take two minutes."""

CRASHES = frozenset({-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT})
"""How a library below WeasyPrint ends, once in thousands of documents, whatever the text."""

# The environment of the web application holds its secrets; fonts are all the child needs.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}

_TAG = re.compile(r"(<[^>]*>)")
_RUN = re.compile(rf"(?:&#?\w{{1,32}};|[^ \t\r\n<]){{{LONGEST_RUN}}}")
_MAY_BREAK = "\u200b"


class DocumentNotMade(RuntimeError):
    """The text is too long, or could not be laid out within the limits."""


def print_pdf(html: str) -> bytes:
    """Lay out trusted markup around escaped text, as PDF/UA-1; once more if a library crashed.

    :raises DocumentNotMade: over 200,000 characters, or not done within 11 seconds.
    """
    if len(html) > LONGEST_HTML:
        raise DocumentNotMade(f"{len(html)} characters, at most {LONGEST_HTML}")
    text = break_long_runs(html).encode()
    latest = time.monotonic() + SECONDS
    done = _run(text, SECONDS)
    if done.returncode in CRASHES:
        done = _run(text, latest - time.monotonic())
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        # Not what the child said: it may quote the text.
        raise DocumentNotMade(f"the renderer ended with {done.returncode}")
    return done.stdout


def _run(text: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 -- our own program; its input is data
            [sys.executable, "-I", str(RENDER)],
            input=text,
            capture_output=True,
            timeout=seconds,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentNotMade(f"not done after {SECONDS} seconds") from None


def break_long_runs(html: str) -> str:
    """Let a line break after every 200 characters that have no space; tags stay as they are."""
    return "".join(
        part if part.startswith("<") else _RUN.sub(lambda run: run[0] + _MAY_BREAK, part)
        for part in _TAG.split(html)
    )
