"""What has been published, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from contracts.models import Publication, PublishedAward
from contracts.publication.files import package_parts, table_parts
from contracts.publication.quarters import Quarter


def publications() -> QuerySet[Publication]:
    """The latest quarter first, without the beginnings of their files."""
    return Publication.objects.defer("head").order_by("-quarter")


def publication_of(quarter: Quarter) -> Publication:
    """:raises Publication.DoesNotExist: the quarter has not been published."""
    return Publication.objects.get(quarter=quarter.slug)


def amounts_of(publication: Publication) -> list[tuple[str, str, int]]:
    """Council, category and pence of every award."""
    rows = PublishedAward.objects.filter(publication=publication).order_by()
    return list(rows.values_list("authority__name", "category", "annual_value_pence"))


def awards_of(publication: Publication) -> QuerySet[PublishedAward]:
    """As a page lists them: by council, category and establishment."""
    named = PublishedAward.objects.filter(publication=publication).select_related("authority")
    light = named.defer("release", "line")
    return light.order_by("authority__name", "category", "establishment", "position")


def package_of(publication: Publication) -> Iterator[bytes]:
    """The bytes of the release package, as hashed when it was published."""
    return package_parts(publication.head, _texts(publication, "release"))


def table_of(publication: Publication) -> Iterator[bytes]:
    """The bytes of the CSV file, as hashed when it was published."""
    return table_parts(_texts(publication, "line"))


def _texts(publication: Publication, column: str) -> Iterator[str]:
    rows = PublishedAward.objects.filter(publication=publication).order_by("position")
    return rows.values_list(column, flat=True).iterator(chunk_size=500)
