"""Publishing a quarter's awards: each award once, complete, or nothing (BC 5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Min, OuterRef

from contracts.models import Agreement, Publication, PublishedAward
from contracts.publication.files import (
    package_head,
    package_parts,
    table_line,
    table_parts,
)
from contracts.publication.profile import checked
from contracts.publication.quarters import Quarter, last_ended, quarter_of
from contracts.publication.release import AwardFacts, ocid_of, release_of
from contracts.states import AgreementState
from dps import audit
from dps.actors import REGION_ID, Actor, system
from dps.audit import Act
from dps.models import Authority
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.regimes import RegimeKey
from dps.tenancy.identity import acting_as
from dps.tenancy.many import Row, insert_many
from dps.tenancy.models import uuid7

BATCH = 500


class QuarterNotOver(Refusal):
    message = "This quarter is not over, so its awards cannot be published yet"


class LaterQuarterPublished(Refusal):
    message = "A later quarter has been published, and with it whatever this one had left"


def publish_ended_quarters(*, actor: Actor, now: datetime) -> list[Publication]:
    """Publish each quarter that is over and was not yet, the oldest first, each by itself.

    :raises NotPermitted: the actor may not publish.
    """
    require(actor, Action.PUBLISH_QUARTER)
    with acting_as(actor):
        quarters = _unpublished_quarters(now)
    published = []
    for quarter in quarters:
        with acting_as(actor):
            published.append(publish_quarter(quarter=quarter, actor=actor, now=now))
    return published


def _unpublished_quarters(now: datetime) -> list[Quarter]:
    """From the one after the latest published, or that of the first signature, to the last over."""
    latest = Publication.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    if latest is not None:
        first: Quarter | None = Quarter.parse(latest).next
    else:
        first = _first_signed()
    quarters = []
    while first is not None and first <= last_ended(now):
        quarters.append(first)
        first = first.next
    return quarters


def _first_signed() -> Quarter | None:
    moments: list[datetime] = []
    for authority_id in _authority_ids():
        with acting_as(system(authority_id)):
            first = Agreement.objects.aggregate(first=Min("signed_at"))["first"]
        moments += [first] if first else []
    return quarter_of(min(moments)) if moments else None


@transaction.atomic
def publish_quarter(*, quarter: Quarter, actor: Actor, now: datetime) -> Publication:
    """Publish all awards signed by both sides before the quarter's end that never went out.

    One transaction and one at a time: a second run finds the quarter published, a killed one
    leaves nothing. What is signed meanwhile goes out with the next quarter.

    :raises NotPermitted: the actor may not publish.
    :raises QuarterNotOver: it still runs, in London.
    :raises LaterQuarterPublished: it was passed over.
    :raises ReleaseNotValid: an award does not fit the profile; nothing goes out.
    """
    require(actor, Action.PUBLISH_QUARTER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contracts.publish_quarter'))")
    if not quarter.ended_before(now):
        raise QuarterNotOver
    published = Publication.objects.filter(quarter=quarter.slug).first()
    if published is not None:
        return published
    if Publication.objects.filter(quarter__gt=quarter.slug).exists():
        raise LaterQuarterPublished

    publication = Publication.objects.create(
        quarter=quarter.slug, published_at=now, head=_head(quarter, now)
    )
    writer = _Writer(publication)
    for authority_id in _authority_ids():
        with acting_as(system(authority_id)):
            writer.write_all_of(authority_id, quarter)
    writer.finish()

    facts = {
        "quarter": quarter.slug,
        "awards": publication.award_count,
        "package_sha256": publication.package_sha256,
        "table_sha256": publication.table_sha256,
    }
    act = Act("quarter.published", publication, facts)
    audit.record(act, actor=actor, at=now, authority_id=REGION_ID)
    return publication


def _authority_ids() -> list[int]:
    everybody = Authority.objects.exclude(id=REGION_ID).order_by("id")
    return list(everybody.values_list("id", flat=True))


def _head(quarter: Quarter, now: datetime) -> str:
    lead = Authority.objects.filter(is_lead=True).values_list("name", flat=True).first()
    address = settings.PUBLIC_ADDRESS.rstrip("/")
    return package_head(
        uri=f"{address}/api/v1/publications/{quarter.slug}/package.json",
        publisher=lead or settings.PRODUCT_NAME,
        published_at=now,
    )


class _Writer:
    """Writes awards in batches and hashes both files as it goes, so that memory stays flat."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.count = 0
        self.package, self.table = sha256(), sha256()
        # What stands before the first award and after the last, from an empty quarter's files.
        self.before, self.after = package_parts(publication.head, ())
        self.package.update(self.before)
        for part in table_parts(()):
            self.table.update(part)

    def write_all_of(self, authority_id: int, quarter: Quarter) -> None:
        by_ocid = {
            ocid_of(settings.OCDS_PREFIX, authority_id, award_id): award_id
            for award_id in _unpublished_awards(authority_id, quarter)
        }
        # In the order of the public ids, which says nothing about who was first.
        for ocids in _batches(sorted(by_ocid)):
            award_ids = {by_ocid[ocid]: ocid for ocid in ocids}
            self._write(sorted(_facts_of(award_ids), key=lambda pair: pair[1].ocid))

    def _write(self, awards: list[tuple[Row, AwardFacts]]) -> None:
        rows: list[Row] = []
        for agreement, facts in awards:
            release = release_of(facts, published_at=self.publication.published_at)
            text, line = checked(release).decode(), table_line(facts)
            self.package.update(f",\n{text}".encode() if self.count else text.encode())
            self.table.update(line.encode())
            rows.append(self._row(agreement, facts, text, line))
            self.count += 1
        insert_many(PublishedAward, rows)

    def _row(self, agreement: Row, facts: AwardFacts, release: str, line: str) -> Row:
        return {
            "id": uuid7(),
            "publication_id": self.publication.id,
            "position": self.count,
            "authority_id": agreement["authority_id"],
            "award_id": agreement["award_id"],
            "ocid": facts.ocid,
            "signed_quarter": facts.signed_in.slug,
            "category": facts.category,
            "provider": facts.provider,
            "establishment": facts.establishment,
            "annual_value_pence": facts.annual_value_pence,
            "release": release,
            "line": line,
        }

    def finish(self) -> None:
        self.package.update(self.after)
        self.publication.award_count = self.count
        self.publication.package_sha256 = self.package.hexdigest()
        self.publication.table_sha256 = self.table.hexdigest()
        self.publication.save(update_fields=["award_count", "package_sha256", "table_sha256"])


def _unpublished_awards(authority_id: int, quarter: Quarter) -> Iterable[UUID]:
    """Signed by both before the quarter's end, in whatever quarter, and never published."""
    published = PublishedAward.objects.filter(
        authority_id=authority_id, award_id=OuterRef("award_id")
    )
    signed = Agreement.objects.filter(
        ~Exists(published), state=AgreementState.SIGNED, signed_at__lt=quarter.end
    )
    return signed.order_by().values_list("award_id", flat=True)


NEEDED = (
    "authority_id", "award_id", "provider_id", "annual_value_pence", "signed_at", "made_at",
    "authority__code", "authority__name", "category__code", "category__name", "category__service",
    "provider__name", "provider__company_number", "establishment__name", "referral__regime",
)  # fmt: skip


def _facts_of(ocids: dict[UUID, str]) -> Iterator[tuple[Row, AwardFacts]]:
    """Of agreements of the authority for which the system acts."""
    for row in Agreement.objects.filter(award_id__in=list(ocids)).values(*NEEDED):
        facts = AwardFacts(
            ocid=ocids[row["award_id"]],
            authority_code=row["authority__code"],
            authority=row["authority__name"],
            category_code=row["category__code"],
            category=row["category__name"],
            service=row["category__service"],
            provider_id=row["provider_id"],
            provider=row["provider__name"],
            company_number=row["provider__company_number"],
            establishment=row["establishment__name"],
            annual_value_pence=row["annual_value_pence"],
            signed_in=quarter_of(row["signed_at"] or row["made_at"]),
            regime=RegimeKey(row["referral__regime"]),
        )
        yield row, facts


def _batches(ocids: list[str]) -> Iterator[list[str]]:
    waiting = iter(ocids)
    while batch := list(islice(waiting, BATCH)):
        yield batch
