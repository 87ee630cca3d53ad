"""The inside of a Word or Excel file: a zip whose every part is unpacked and counted. Pure.

Unpacked here with zlib, not by the zip library, which believes the sizes that a file declares.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from dps.documents.file_refusals import (
    MEGABYTE,
    DamagedFile,
    HasFilesInside,
    HasPrograms,
    LoadsFromElsewhere,
    NeedsPassword,
    TooMuchInside,
    WrongKindOfFile,
)

MOST_MEMBERS = 200
MOST_UNPACKED = 50 * MEGABYTE
CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "excel",
}
MACROS = ("macroenabled", "vbaproject", "macrosheet", "activex")
"""In a part's content type or name, whatever its case."""
PASSIVE = {
    "xml", "rels", "vml", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp",
    "odttf", "fntdata", "bin",
}  # fmt: skip
"""Endings of parts that no program runs; .bin is looked at by its first bytes."""
CARRIERS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!", b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0", b"%PDF-", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MSCF", b"{\\rtf",
)  # fmt: skip
"""First bytes of programs, archives and documents."""
ENCRYPTED, UTF8_NAME = 0x1, 0x800
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
END_RECORD = struct.Struct("<4s4H2IH")


def check_office_file(content: bytes) -> str:
    """ "word" or "excel", once every part has been unpacked and looked at.

    :raises FileRefused: it is another zip, damaged, too much, or has in it what may act.
    """
    members = _members(content)
    names = {member.filename.lower() for member in members}
    if CONTENT_TYPES.lower() not in names:
        raise WrongKindOfFile(
            "This is a ZIP folder, or a document of another program. Send the files in it one by"
            " one, or save the document as PDF and send that"
        )
    for name in names:
        if any(word in name for word in MACROS):
            raise HasPrograms
    left, kind = MOST_UNPACKED, ""
    for member in members:
        part = _unpacked(content, member, most=left)
        left -= len(part)
        kind = _look_at(member.filename.lower(), part) or kind
    if not kind:
        raise WrongKindOfFile(
            "This is neither a Word document nor an Excel workbook. Save it as PDF and send that"
        )
    return kind


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    """What the directory of the zip says, where nothing in it is odd."""
    # Before the library makes an object of every entry.
    if content.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise TooMuchInside
    _check_end(content)
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise DamagedFile from None
    names = [member.filename.lower() for member in members]
    if len(set(names)) < len(names) or any(_is_odd(member) for member in members):
        raise DamagedFile
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise NeedsPassword
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise TooMuchInside
    return members


def _check_end(content: bytes) -> None:
    """The directory ends where the file ends, so that every program reads the same directory."""
    end = len(content) - END_RECORD.size
    if end < 0:
        raise DamagedFile
    mark, _disk, _start, _here, _all, size, offset, comment = END_RECORD.unpack(content[end:])
    if mark != b"PK\x05\x06" or comment or offset + size != end:
        raise DamagedFile


def _is_odd(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    path = PurePosixPath(name)
    is_outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    return is_outside or name != member.orig_filename


def _unpacked(content: bytes, member: zipfile.ZipInfo, *, most: int) -> bytes:
    """One part, of which no byte more than `most` is ever made."""
    packed = _packed(content, member)
    if member.compress_type == zipfile.ZIP_STORED:
        part = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        part = _inflated(packed, most)
    else:
        raise DamagedFile
    if len(part) > most:
        raise TooMuchInside
    if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise DamagedFile
    return part


def _inflated(packed: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = unpacking.decompress(packed, most + 1)
    except zlib.error:
        raise DamagedFile from None
    if len(part) <= most and not (unpacking.eof and not unpacking.unused_data):
        raise DamagedFile
    return part


def _packed(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one part, where directory and part agree on whose they are."""
    start = member.header_offset
    header = content[start : start + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size:
        raise DamagedFile
    mark, *_rest, name_length, extra_length = LOCAL_HEADER.unpack(header)
    begin = start + LOCAL_HEADER.size
    name = content[begin : begin + name_length]
    encoding = "utf-8" if member.flag_bits & UTF8_NAME else "cp437"
    if mark != b"PK\x03\x04" or name != member.orig_filename.encode(encoding, "replace"):
        raise DamagedFile
    begin += name_length + extra_length
    return content[begin : begin + member.compress_size]


def _look_at(name: str, part: bytes) -> str:
    """What kind of document a part makes of the whole, "" for most; refuses what may act."""
    if name.endswith("/"):
        if part:
            raise DamagedFile
        return ""
    ending = name.rpartition(".")[2]
    if part.startswith(CARRIERS) or ending not in PASSIVE:
        raise HasFilesInside
    if name.startswith("xl/externallinks/"):
        raise LoadsFromElsewhere
    if name == CONTENT_TYPES.lower():
        return _kind_from(_attributes(part))
    if ending == "rels":
        _check_relations(_attributes(part))
    elif ending == "xml":
        _read_xml(part)
    return ""


def _kind_from(content_types: list[dict[str, str]]) -> str:
    types = [each.get("ContentType", "") for each in content_types]
    if any(word in media_type.lower() for media_type in types for word in MACROS):
        raise HasPrograms
    return next((MAIN_PARTS[media_type] for media_type in types if media_type in MAIN_PARTS), "")


def _check_relations(relations: list[dict[str, str]]) -> None:
    """A link out of the file that a person follows is harmless; what is fetched is not."""
    for relation in relations:
        kind = relation.get("Type", "").rpartition("/")[2].lower()
        if any(word in kind for word in MACROS):
            raise HasPrograms
        if relation.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise LoadsFromElsewhere


def _attributes(part: bytes) -> list[dict[str, str]]:
    """The attributes of each element of a part that lists the others."""
    if len(part) > MEGABYTE:
        raise TooMuchInside
    found: list[dict[str, str]] = []
    _read_xml(part, lambda _name, attributes: found.append(attributes))
    return found


def _read_xml(part: bytes, on_element: Callable[[str, Any], None] | None = None) -> None:
    """Well-formed XML that declares nothing of its own.

    Without a document type there are no entities, so that nothing is fetched and nothing grows.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    if on_element:
        parser.StartElementHandler = on_element
    try:
        parser.Parse(part, True)  # noqa: FBT003 -- the library's own signature
    except expat.ExpatError:
        raise DamagedFile from None


def _refuse_declarations(*_declared: Any) -> None:
    raise LoadsFromElsewhere
