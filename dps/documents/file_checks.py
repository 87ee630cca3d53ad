"""Which kind a file is, told by its content and never by its name, and whether it may be taken.

Pure. What needs a library that strangers' bytes could harm happens in a process of its own:
dps/documents/examining.py.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from enum import Enum

from dps.documents.file_names import clean_name
from dps.documents.file_refusals import (
    MOST_BYTES,
    TAKEN,
    DamagedFile,
    EmptyFile,
    FileTooLarge,
    HasPrograms,
    NeedsPassword,
    TwoKindsAtOnce,
    WrongKindOfFile,
)
from dps.documents.office_files import check_office_file

OFFICE = "application/vnd.openxmlformats-officedocument"


class FileKind(Enum):
    """What is taken: its media type, the ending of its name, and its word."""

    PDF = ("application/pdf", ".pdf", "PDF")
    PNG = ("image/png", ".png", "PNG picture")
    JPEG = ("image/jpeg", ".jpg", "JPEG picture")
    DOCX = (f"{OFFICE}.wordprocessingml.document", ".docx", "Word document")
    XLSX = (f"{OFFICE}.spreadsheetml.sheet", ".xlsx", "Excel workbook")

    def __init__(self, media_type: str, ending: str, words: str) -> None:
        self.media_type = media_type
        self.ending = ending
        self.words = words


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that passed so far: its kind, and a name that is safe to show and to save."""

    kind: FileKind
    name: str


PDF_START, ZIP_START = b"%PDF-", b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
STARTS = (
    (PDF_START, FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
)
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
PDF_TAIL = 2048
"""A reader looks for the end mark in the last 1024 bytes; some writers pad a little more."""

_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|img|meta)", re.I)
_HEIC = re.compile(rb"....ftyp(?:heic|heix|hevc|mif1|msf1|avif)", re.DOTALL)
_SPACES = b"\xef\xbb\xbf\xfe\xff \t\r\n\x00"


def check_file(name: str, content: bytes) -> Checked:
    """Look at size, kind and inside of a file.

    :raises FileRefused: it cannot be taken; the message says what to do.
    """
    if not content:
        raise EmptyFile
    if len(content) > MOST_BYTES:
        raise FileTooLarge(len(content))
    kind = kind_of(content)
    if kind is FileKind.PDF:
        _check_pdf(content)
    return Checked(kind, clean_name(name, kind.ending))


def kind_of(content: bytes) -> FileKind:
    """The kind that the first bytes tell; of a zip, what its parts tell.

    :raises FileRefused: it is none of ours.
    """
    for start, kind in STARTS:
        if content.startswith(start):
            return kind
    if content.startswith(ZIP_START):
        return FileKind.DOCX if check_office_file(content) == "word" else FileKind.XLSX
    raise _none_of_ours(content)


def _none_of_ours(content: bytes) -> WrongKindOfFile | NeedsPassword | HasPrograms:
    """Name the frequent ones, so that the person knows what to do."""
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED_PACKAGE in content:
            return NeedsPassword()
        return WrongKindOfFile(
            "This is a Word, Excel or Outlook file of an old kind. Save it as PDF and send that"
        )
    if content.startswith(PROGRAMS):
        return HasPrograms(f"This is a program, not a document. Choose {TAKEN}")
    if _HEIC.match(content):
        return WrongKindOfFile("This is a photo in the HEIC format. Save it as JPEG and send that")
    if _MARKUP.search(content.lstrip(_SPACES)[:1024].replace(b"\x00", b"")):
        return WrongKindOfFile(
            "This is a web page or a drawing (HTML or SVG). Save it as PDF and send that"
        )
    return WrongKindOfFile(f"The file must be {TAKEN}. This one is something else inside")


def _check_pdf(content: bytes) -> None:
    """Complete, and nothing else at the same time; the rest is seen when it is opened."""
    if b"%%EOF" not in content[-PDF_TAIL:]:
        raise DamagedFile
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise TwoKindsAtOnce
