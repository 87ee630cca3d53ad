"""Nothing goes out that our own strict profile of the standard does not list."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jsonschema_rs
import orjson

PROFILE = Path(__file__).with_name("profile.json")


class ReleaseNotValid(RuntimeError):
    """A release does not fit the profile: nothing of the quarter goes out."""


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = orjson.loads(PROFILE.read_bytes())
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def checked(release: dict[str, object]) -> bytes:
    """The release as JSON, with its keys in order: the same release always gives the same bytes.

    :raises ReleaseNotValid: with the place and the rule, without the value.
    """
    faults = [
        f"/{'/'.join(str(step) for step in fault.instance_path)}: {fault.kind.name}"
        for fault in _validator().iter_errors(release)
    ]
    if faults:
        raise ReleaseNotValid(f"{release.get('ocid')}: {'; '.join(sorted(faults))}")
    return orjson.dumps(release, option=orjson.OPT_SORT_KEYS)
