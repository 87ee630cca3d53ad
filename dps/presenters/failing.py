"""Jobs that keep failing, in words."""

from __future__ import annotations

from typing import Any

from dps.clock import show_instant
from dps.queries.failing import FailingJobs

HEAD = ("What fails", "For", "How many", "Since", "Now")


def row_of(one: FailingJobs) -> list[Any]:
    now = "Still tried" if one.given_up == 0 else "No longer tried"
    if 0 < one.given_up < one.how_many:
        now = f"{one.given_up} no longer tried"
    return [words_of(one.job), one.authority, str(one.how_many), show_instant(one.since), now]


def words_of(job: str) -> str:
    """A job's name as people say it: "contracts.make_agreement" is "Make agreement"."""
    return job.partition(".")[2].replace("_", " ").capitalize()
