"""Published awards for other systems: read-only, without an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from contracts.models import Publication
from contracts.publication.quarters import NoSuchQuarter, Quarter
from contracts.queries.publications import package_of, publication_of, publications, table_of
from dps.views.access import public

WHY = "awards made with public money are published"
NOT_FOUND = {"detail": "No such quarter has been published"}


class PublicationSerializer(serializers.Serializer[Publication]):
    """One quarter: what was published, when, and the hashes of its two files."""

    quarter = serializers.CharField()
    published_at = serializers.DateTimeField()
    award_count = serializers.IntegerField()
    package = serializers.SerializerMethodField()
    package_sha256 = serializers.CharField()
    table = serializers.SerializerMethodField()
    table_sha256 = serializers.CharField()

    def get_package(self, publication: Publication) -> str:
        return self._address("package", publication)

    def get_table(self, publication: Publication) -> str:
        return self._address("table", publication)

    def _address(self, name: str, publication: Publication) -> str:
        return reverse(f"contracts:publication_{name}", args=[publication.quarter])


@require_safe
@public(WHY)
@api_view(["GET", "HEAD"])
def publication_list(_request: Any) -> Response:
    return Response({"publications": PublicationSerializer(publications(), many=True).data})


@require_safe
@public(WHY)
@api_view(["GET", "HEAD"])
def publication(_request: Any, quarter: str) -> Response:
    found = _find(quarter)
    if found is None:
        return Response(NOT_FOUND, status=404)
    return Response(PublicationSerializer(found).data)


@require_safe
@public(WHY)
@api_view(["GET", "HEAD"])
def publication_package(_request: Any, quarter: str) -> HttpResponse:
    found = _find(quarter)
    if found is None:
        return Response(NOT_FOUND, status=404)
    name = f"awards-{found.quarter}.json"
    return _file(package_of(found), "application/json", name, found.package_sha256)


@require_safe
@public(WHY)
@api_view(["GET", "HEAD"])
def publication_table(_request: Any, quarter: str) -> HttpResponse:
    found = _find(quarter)
    if found is None:
        return Response(NOT_FOUND, status=404)
    name = f"awards-{found.quarter}.csv"
    return _file(table_of(found), "text/csv; charset=utf-8", name, found.table_sha256)


def _find(quarter: str) -> Publication | None:
    try:
        return publication_of(Quarter.parse(quarter))
    except (NoSuchQuarter, Publication.DoesNotExist):
        return None


def _file(parts: Iterator[bytes], media_type: str, name: str, digest: str) -> HttpResponse:
    """What was published never changes, so that anybody may keep it; the tag is its hash."""
    return HttpResponse(
        b"".join(parts),
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "public, max-age=86400, immutable",
            "ETag": f'"{digest}"',
        },
    )
