"""A chain as lines that anybody can verify with tools/verify_audit.py and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from dps.models import AuditLink


def export_lines(authority_id: int) -> Iterator[dict[str, object]]:
    links = AuditLink.objects.of(authority_id).select_related("event").order_by("seq")
    for link in links.iterator(chunk_size=2000):
        yield {
            "authority_id": authority_id,
            "seq": link.seq,
            "body": link.event.body,
            "hash": bytes(link.hash).hex(),
        }
