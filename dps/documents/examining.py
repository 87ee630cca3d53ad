"""Opening what strangers send in a child process that has no secrets, no network, little time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from dps.documents import examine as program
from dps.documents.file_checks import FileKind
from dps.documents.file_refusals import (
    DamagedFile,
    FileRefused,
    HasFilesInside,
    HasPrograms,
    NeedsPassword,
    TooManyPixels,
    TooMuchInside,
)
from dps.documents.printing import ENVIRONMENT

EXAMINE = Path(__file__).with_name("examine.py")
SECONDS = 15
LARGEST_RESULT = 25 * 1024 * 1024
WORDS_OF = {FileKind.PDF: "pdf", FileKind.PNG: "png", FileKind.JPEG: "jpeg"}
REFUSALS: dict[int, type[FileRefused]] = {
    program.DAMAGED: DamagedFile,
    program.TOO_MANY_PIXELS: TooManyPixels,
    program.LOCKED: NeedsPassword,
    program.ACTS: HasPrograms,
    program.CARRIES: HasFilesInside,
    program.TOO_MUCH: TooMuchInside,
}


def examine(kind: FileKind, content: bytes) -> bytes:
    """What is kept of a file: a picture is drawn anew, everything else stays as it is.

    :raises FileRefused: it cannot be opened, or not within the limits, or would act by itself.
    """
    if kind not in WORDS_OF:
        return content
    try:
        done = subprocess.run(  # noqa: S603 -- our own program; its input is data
            [sys.executable, "-I", "-B", str(EXAMINE), WORDS_OF[kind]],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooMuchInside from None
    if done.returncode != program.GOOD:
        # A signal is the limit of time or memory.
        raise TooMuchInside if done.returncode < 0 else REFUSALS.get(done.returncode, DamagedFile)
    if len(done.stdout) > LARGEST_RESULT:
        raise TooMuchInside
    return content if kind is FileKind.PDF else done.stdout
