"""
A picture or PDF on standard input is opened: a program of its own, run in isolation.

    examine.py png|jpeg|pdf

A picture comes out drawn anew, without what else was in its file; of a PDF nothing comes out.
The exit status is the verdict. It imports nothing of this project, reads no file, opens no
connection, and limits itself before it looks at its input, because strangers wrote it.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

GOOD, DAMAGED, TOO_MANY_PIXELS, LOCKED, ACTS, CARRIES, TOO_MUCH = 0, 10, 11, 12, 13, 14, 15
MOST_PIXELS = 40_000_000
SECONDS_OF_CPU = 12
BYTES_OF_MEMORY = 1024**3
JPEG_QUALITY = 90
# Of every action that a PDF may take by itself, these stay inside the document.
HARMLESS_ACTIONS = {"/GoTo", "/Named", "/URI"}


class Refused(Exception):
    def __init__(self, verdict: int) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def limit_this_process() -> None:
    """Give up before the parent has to lose patience."""
    for what, most in (
        (resource.RLIMIT_CPU, SECONDS_OF_CPU),
        (resource.RLIMIT_AS, BYTES_OF_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (within, within))


def redrawn(content: bytes, kind: str) -> bytes:
    """The same picture upright, in plain colours, with nothing hidden in or behind it."""
    from PIL import Image, ImageOps  # noqa: PLC0415 -- after the limits are set

    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, and says so
    with Image.open(io.BytesIO(content), formats=[kind.upper()]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused(TOO_MANY_PIXELS)
        opened.load()
        picture = ImageOps.exif_transpose(opened)
    if picture.mode.startswith("I"):  # 16 bits of grey, which a conversion alone would cut off
        picture = picture.convert("I").point(lambda value: value * (1 / 256))
    picture = picture.convert(_plain_mode(picture, kind))
    picture.info.clear()
    out = io.BytesIO()
    # Level 1: forty megapixels at the usual level take longer than a person waits.
    options: dict[str, Any] = {"quality": JPEG_QUALITY} if kind == "jpeg" else {"compress_level": 1}
    picture.save(out, format=kind.upper(), **options)
    return out.getvalue()


def _plain_mode(picture: Any, kind: str) -> str:
    is_grey = picture.mode in ("1", "L", "I", "LA")
    if kind == "png" and picture.has_transparency_data:
        return "LA" if is_grey else "RGBA"
    return "L" if is_grey else "RGB"


def check_pdf(content: bytes) -> None:
    """It opens without a password, has a page, and neither acts by itself nor carries files."""
    from pypdf import PdfReader  # noqa: PLC0415 -- after the limits are set

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused(LOCKED)
    if not len(reader.pages):
        raise Refused(DAMAGED)
    root = _dictionary(reader.trailer["/Root"])
    names = _dictionary(root.get("/Names"))
    if "/JavaScript" in names or any(_acts(action) for action in _by_itself(root)):
        raise Refused(ACTS)
    if "/EmbeddedFiles" in names or "/Collection" in root:
        raise Refused(CARRIES)


def _by_itself(root: Any) -> Iterator[Any]:
    """What is done on opening, closing, saving and printing, and what is done after that."""
    waiting = [root.get("/OpenAction"), *_dictionary(root.get("/AA")).values()]
    seen = 0
    while waiting and seen < 100:
        seen += 1
        action = _dictionary(waiting.pop())
        yield action
        following = action.get("/Next")
        if following is not None:
            following = following.get_object()
            waiting += following if isinstance(following, list) else [following]


def _acts(action: dict[str, Any]) -> bool:
    return "/S" in action and action["/S"] not in HARMLESS_ACTIONS


def _dictionary(found: Any) -> dict[str, Any]:
    """A destination on opening is a list, which does nothing."""
    value = found.get_object() if found is not None else None
    return value if isinstance(value, dict) else {}


def main() -> int:
    limit_this_process()
    kind = sys.argv[1]
    content = sys.stdin.buffer.read()
    try:
        if kind == "pdf":
            check_pdf(content)
        else:
            sys.stdout.buffer.write(redrawn(content, kind))
    except Refused as refused:
        return refused.verdict
    except MemoryError:
        return TOO_MUCH
    except Exception:
        return DAMAGED
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
