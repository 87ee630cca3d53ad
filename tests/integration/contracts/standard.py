"""The Open Contracting schema of release packages, 1.1, out of two pinned source packages."""

from __future__ import annotations

import json
import tarfile
from functools import cache
from hashlib import sha256
from pathlib import Path

import jsonschema_rs

FOLDER = Path(__file__).parents[3] / ".ocds"
RELEASE = (
    "ocdsmerge-0.8.0.tar.gz",
    "a9f6d8f1e854b79d07d378f3effaaefcc2687efd52e9edacd89b6b4a79538160",
    "ocdsmerge-0.8.0/tests/fixtures/release-schema-1__1__4.json",
)
PACKAGE = (
    "ocdskit-1.7.0.tar.gz",
    "02a7d6182bbd7672cfd26cdbcae9726fbacdb917203d2bd5a726caa30040ff76",
    "ocdskit-1.7.0/tests/fixtures/release-package-schema.json",
)


def faults_of(package: dict) -> list[str]:
    """What the standard's own schema finds wrong with a release package."""
    return [error.message for error in _validator().iter_errors(package)]


@cache
def _validator() -> jsonschema_rs.Draft4Validator:
    release, package = _schema(*RELEASE), _schema(*PACKAGE)
    release["id"] = package["properties"]["releases"]["items"]["$ref"]
    registry = jsonschema_rs.Registry([(release["id"], release)])
    return jsonschema_rs.Draft4Validator(package, registry=registry, validate_formats=True)


def _schema(archive: str, digest: str, member: str) -> dict:
    path = FOLDER / archive
    assert path.exists(), f"{path} is missing: `make test` fetches it"
    assert sha256(path.read_bytes()).hexdigest() == digest
    with tarfile.open(path) as sdist:
        return json.load(sdist.extractfile(member))
