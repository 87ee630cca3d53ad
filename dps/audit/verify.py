"""Checking a chain: every link recomputed, every column compared with the hashed text."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one authority's chain. Sound when nothing is broken."""

    authority_id: int
    events: int
    broken: int
    unlinked: int
    altered: int
    head_matches: bool
    head: str

    @property
    def is_sound(self) -> bool:
        return self.head_matches and not (self.broken or self.unlinked or self.altered)


_VERIFY = """
WITH links AS (
  SELECT l.seq, l.hash, e.body,
         lag(l.hash, 1, '\\x00'::bytea) OVER (ORDER BY l.seq) AS previous,
         row_number() OVER (ORDER BY l.seq) AS position
    FROM dps_auditlink l
    LEFT JOIN dps_auditevent e ON e.id = l.event_id AND e.authority_id = l.authority_id
   WHERE l.authority_id = %(authority)s
), events AS (
  SELECT e.*, e.body::jsonb AS told FROM dps_auditevent e WHERE e.authority_id = %(authority)s
)
SELECT (SELECT count(*) FROM events),
       (SELECT count(*) FROM links
         WHERE position <> seq OR body IS NULL
            OR hash IS DISTINCT FROM audit_hash(previous, seq, body)),
       (SELECT count(*) FROM events e WHERE NOT EXISTS (
          SELECT 1 FROM dps_auditlink l
           WHERE l.event_id = e.id AND l.authority_id = %(authority)s)),
       (SELECT count(*) FROM events e WHERE (
          e.id::text, e.authority_id::text, e.action, e.actor_name, e.actor_kind,
          e.person_id::text, e.subject_type, e.subject_id, e.at) IS DISTINCT FROM (
          told->>'id', told->>'authority_id', told->>'action', told->'actor'->>'name',
          told->'actor'->>'kind', told->'actor'->>'person_id', told->'subject'->>0,
          told->'subject'->>1, (told->>'at')::timestamptz)),
       coalesce((SELECT (h.seq, h.hash) IS NOT DISTINCT FROM
          (SELECT (l.seq, l.hash) FROM dps_auditlink l
            WHERE l.authority_id = %(authority)s ORDER BY l.seq DESC LIMIT 1)
          FROM dps_audithead h WHERE h.authority_id = %(authority)s),
          NOT EXISTS (SELECT 1 FROM events)),
       (SELECT encode(h.hash, 'hex') FROM dps_audithead h WHERE h.authority_id = %(authority)s)
"""


def verify(authority_id: int) -> Verdict:
    """Recompute one authority's chain inside the database (BC 4.11)."""
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY, {"authority": authority_id})
        row = cursor.fetchone()
    events, broken, unlinked, altered, head_matches, head = row
    return Verdict(authority_id, events, broken, unlinked, altered, head_matches, head or "")
