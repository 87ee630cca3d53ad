"""From HTML to PDF in a child process that has no secrets, no network and little time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

RENDER = Path(__file__).with_name("render.py")
SECONDS = 11
LONGEST_HTML = 200_000
LONGEST_RUN = 200
"""Line breaking is quadratic in the length of a word: 100,000 letters take two minutes."""

# The environment of the web application holds its secrets; fonts are all the child needs.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}

_TAG = re.compile(r"(<[^>]*>)")
_RUN = re.compile(rf"(?:&#?\w{{1,32}};|[^ \t\r\n<]){{{LONGEST_RUN}}}")
_MAY_BREAK = "\u200b"


class DocumentNotMade(RuntimeError):
    """The text is too long, or could not be laid out within the limits."""


def print_pdf(html: str) -> bytes:
    """Lay out trusted markup around escaped text, as PDF/UA-1.

    :raises DocumentNotMade: over 200,000 characters, or not done within 11 seconds.
    """
    if len(html) > LONGEST_HTML:
        raise DocumentNotMade(f"{len(html)} characters, at most {LONGEST_HTML}")
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; its input is data
            [sys.executable, "-I", str(RENDER)],
            input=break_long_runs(html).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentNotMade(f"not done after {SECONDS} seconds") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        # Not what the child said: it may quote the text.
        raise DocumentNotMade(f"the renderer ended with {done.returncode}")
    return done.stdout


def break_long_runs(html: str) -> str:
    """Let a line break after every 200 characters that have no space; tags stay as they are."""
    return "".join(
        part if part.startswith("<") else _RUN.sub(lambda run: run[0] + _MAY_BREAK, part)
        for part in _TAG.split(html)
    )
