"""
The two files of a quarter: a release package as JSON, and a table as CSV.

Both are a beginning, the texts of the awards in their order, and an end; so that they can be
written, hashed and read again award by award.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson

from contracts.publication.release import AwardFacts, instant
from dps.money import in_pounds
from dps.regimes import REGIMES
from dps.spreadsheets import harmless

LICENCE = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
EXTENSIONS = [
    f"https://raw.githubusercontent.com/{name}/master/extension.json"
    for name in (
        "cabinetoffice/ocds_uk_extension",
        "open-contracting-extensions/ocds_legalBasis_extension",
        "open-contracting-extensions/ocds_organizationClassification_extension",
        "open-contracting-extensions/ocds_techniques_extension",
    )
]
COLUMNS = (
    "ocid",
    "Signed in",
    "Council",
    "Service",
    "Category",
    "Provider",
    "Establishment",
    "Value of one year (GBP)",
    "Legal regime",
)


def package_head(*, uri: str, publisher: str, published_at: datetime) -> str:
    """The release package up to its first release."""
    about = {
        "uri": uri,
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": instant(published_at),
        "publisher": {"name": publisher},
        "license": LICENCE,
    }
    return orjson.dumps(about).decode()[:-1] + ',"releases":['


def package_parts(head: str, releases: Iterable[str]) -> Iterator[bytes]:
    yield head.encode()
    for number, release in enumerate(releases):
        yield (f",\n{release}" if number else release).encode()
    yield b"]}\n"


def table_parts(lines: Iterable[str]) -> Iterator[bytes]:
    yield _line(COLUMNS).encode()
    for line in lines:
        yield line.encode()


def table_line(award: AwardFacts) -> str:
    return _line(
        (
            award.ocid,
            award.signed_in.label,
            award.authority,
            award.service,
            award.category,
            award.provider,
            award.establishment,
            in_pounds(award.annual_value_pence),
            REGIMES[award.regime].name,
        )
    )


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(map(harmless, cells))
    return text.getvalue()
