"""Files that people send, and the evidence that they are for."""

from typing import Any

from dps.actors import Kind
from dps.documents.scanner import Verdict
from tests.off_switches.kinds import Opened, Patched, RowLock
from tests.off_switches.switch import Switch


def as_it_came(_kind: Any, content: bytes) -> bytes:
    return content


def finds_nothing(_content: bytes) -> Verdict:
    return Verdict("", "none")


def endless(_path: str) -> int:
    return 2**40


FILES = [
    Switch(
        "evidence-rows",
        "a piece of evidence is replaced once",
        RowLock("providers.services.evidence._locked"),
    ),
    Switch(
        "upload-row",
        "a file is decided about once",
        RowLock("dps.documents.uploads.scan_upload"),
    ),
    Switch(
        "evidence-of-own-provider",
        "a provider reads no rival's evidence",
        Opened(Kind.PROVIDER, ("providers.Evidence",)),
    ),
    Switch(
        "evidence-on-own-things",
        "nobody puts evidence on another's establishment, or another's file on theirs",
        Opened(Kind.PROVIDER, ("providers.Evidence",), "INSERT"),
    ),
    Switch(
        "files-of-own-provider",
        "a provider knows of no rival's file",
        Opened(Kind.PROVIDER, ("dps.Upload",)),
    ),
    Switch(
        "bytes-in-quarantine",
        "nobody reads a file before it was scanned",
        Opened(Kind.PROVIDER, ("dps.UploadContent",)),
    ),
    Switch(
        "sent-into-quarantine",
        "nobody who sends a file declares it clean",
        Opened(Kind.PROVIDER, ("dps.Upload",), "INSERT"),
    ),
    Switch(
        "files-scanned",
        "a file with a virus is kept from everybody, and deleted",
        Patched("dps.documents.scanner.scan", finds_nothing),
    ),
    Switch(
        "pictures-drawn-anew",
        "nothing that hides in a picture or behind it is kept",
        Patched("dps.documents.uploads.examine", as_it_came),
    ),
    Switch(
        "bodies-limited",
        "no more is read than an address takes",
        Patched("dps.views.hygiene.largest_body", endless),
    ),
]
