"""
Checks that the lock file is the one that pyproject.toml asks for; needs no network.

    python tools/check_lock.py
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).resolve().parent.parent
LOCK = "requirements.txt"
OTHER_LOCKS = ("requirements-node.txt", "ocds-sdists.txt")
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^]]*\])?==(?P<version>[^ ;\\]+)")
REFRESH = "`make lock` writes it anew."


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock file."""

    name: str
    version: Version
    is_hashed: bool


def main() -> None:
    problems = list(all_problems())
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(f"The lock file does not fit pyproject.toml. {REFRESH}")


def all_problems() -> Iterator[str]:
    for name in (LOCK, *OTHER_LOCKS):
        yield from problems_in(name)
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    pins = {pin.name: pin for pin in pins_in((PROJECT / LOCK).read_text())}
    for text in project["dependencies"]:
        wanted = Requirement(text)
        pin = pins.get(canonicalize_name(wanted.name))
        if pin is None:
            yield f"{LOCK}: {wanted.name} is not pinned"
        elif pin.version not in wanted.specifier:
            yield f"{LOCK}: {wanted.name} is pinned at {pin.version}, not {wanted.specifier}"


def problems_in(name: str) -> Iterator[str]:
    text = (PROJECT / name).read_text()
    for pin in pins_in(text):
        if not pin.is_hashed:
            yield f"{name}: {pin.name} has no hash"
    if "://" in text or "--find-links" in text:
        yield f"{name}: names a host"


def pins_in(text: str) -> Iterator[Pin]:
    for entry in text.replace("\\\n", " ").splitlines():
        found = PIN.match(entry)
        if found:
            version = Version(found["version"])
            yield Pin(canonicalize_name(found["name"]), version, "--hash=sha256:" in entry)


if __name__ == "__main__":
    main()
