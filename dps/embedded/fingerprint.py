"""Whether a slow step of the start would do again what it did the last time."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGES = ("dps", "providers", "qualification", "referrals", "contracts")


def of_code(project: Path) -> str:
    """Changes whenever the tables, roles or policies might."""
    patterns = [f"{package}/**/*.{kind}" for package in PACKAGES for kind in ("py", "sql")]
    return _fingerprint(project, patterns)


def of_styles(project: Path) -> str:
    """Changes whenever a file that browsers fetch might."""
    patterns = ["static/src/**/*", "static/vendor/**/*"]
    return _fingerprint(project, [*patterns, *(f"{package}/static/**/*" for package in PACKAGES)])


def _fingerprint(project: Path, patterns: Iterable[str]) -> str:
    files = {file for pattern in [*patterns, "requirements.txt"] for file in project.glob(pattern)}
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(project)} {content}\n".encode())
    return digest.hexdigest()[:16]
