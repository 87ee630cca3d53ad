"""Which piece of evidence counts for an establishment: its own, or the whole organisation's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dps.models import Upload
from providers.evidence_standing import EXPIRING, Standing, best
from providers.models import Establishment, Evidence

REFUSED = Q(upload__state=Upload.State.REFUSED)
GONE = Q(withdrawn_at__isnull=False)
Pieces = Mapping[UUID, list[Evidence]]


def held(
    provider_id: UUID, establishment_ids: Collection[UUID], on: date
) -> Mapping[UUID, Mapping[str, Evidence]]:
    """By establishment and kind, what covers a day: at most one of each kind. One query.

    What the whole organisation holds counts for each establishment; the establishment's own wins.
    A file still being checked counts (its state says so); a refused one does not.
    """
    kept = kept_of(dict.fromkeys(establishment_ids, provider_id))
    return {
        one: {kind: counts for kind, each in _by_kind(pieces) if (counts := best(each, on))}
        for one, pieces in kept.items()
    }


def latest(establishment_id: UUID) -> dict[str, Evidence]:
    """One establishment's piece of each kind that runs longest, expired or not."""
    return latest_of([establishment_id]).get(establishment_id, {})


def latest_of(establishment_ids: Iterable[UUID]) -> dict[UUID, dict[str, Evidence]]:
    """The same for several establishments, in two queries.

    What the whole organisation holds counts for each; of two that end on the same day the
    establishment's own does. What was replaced comes after what was not.
    """
    run = Establishment.objects.filter(pk__in=list(establishment_ids), provider__isnull=False)
    return latest_at(dict(run.values_list("pk", "provider_id")))


def latest_at(providers: Mapping[UUID, UUID]) -> dict[UUID, dict[str, Evidence]]:
    """The same where each establishment's provider is known, in one query."""
    return {
        one: {kind: max(each, key=_runs) for kind, each in _by_kind(pieces)}
        for one, pieces in kept_of(providers).items()
    }


def kept_of(providers: Mapping[UUID, UUID], kinds: Collection[str] = ()) -> Pieces:
    """By establishment, all that it and its whole organisation keep, of some kinds or of all.

    `providers` gives each establishment's. Withdrawn pieces and those whose file was refused are
    left out; expired and replaced ones are not. One query.
    """
    whole = Q(establishment__isnull=True, provider_id__in=set(providers.values()))
    rows = reliable().filter(Q(establishment_id__in=list(providers)) | whole)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    of_one: dict[UUID, list[Evidence]] = defaultdict(list)
    of_all: dict[UUID, list[Evidence]] = defaultdict(list)
    for row in rows.select_related("upload"):
        if row.establishment_id is None:
            of_all[row.provider_id].append(row)
        else:
            of_one[row.establishment_id].append(row)
    return {
        one: [row for row in of_one[one] if row.provider_id == provider_id] + of_all[provider_id]
        for one, provider_id in providers.items()
    }


def reliable() -> QuerySet[Evidence]:
    """All that was not taken back and whose file was not refused, whatever its dates."""
    return Evidence.objects.exclude(GONE).exclude(REFUSED)


def _by_kind(pieces: Iterable[Evidence]) -> Iterable[tuple[str, list[Evidence]]]:
    found: dict[str, list[Evidence]] = defaultdict(list)
    for piece in pieces:
        found[piece.kind].append(piece)
    return found.items()


def _runs(row: Evidence) -> tuple[bool, date, bool, UUID]:
    until = row.expires_on or date.max
    return (not row.is_replaced, until, row.is_for_one_establishment, row.id)


def to_see_to(provider_id: UUID, before: date) -> tuple[list[Evidence], list[Evidence]]:
    """What a provider holds that runs out before a day and that nothing follows, the first first;
    and that of which the file was refused. What has run out already is among the first.
    """
    following = Evidence.objects.filter(
        provider_id=provider_id,
        kind=OuterRef("kind"),
        title=OuterRef("title"),
        expires_on__gt=OuterRef("expires_on"),
    )
    same_holder = following.filter(
        Q(establishment=OuterRef("establishment")) | Q(establishment__isnull=True)
    )
    runs_out = Q(expires_on__lt=before) & ~Exists(same_holder.exclude(GONE).exclude(REFUSED))
    rows = current(provider_id).filter(runs_out | REFUSED)
    refused: list[Evidence] = []
    running_out: list[Evidence] = []
    for one in rows.select_related("establishment", "upload").order_by("expires_on", "kind", "id"):
        is_refused = one.upload is not None and one.upload.state == Upload.State.REFUSED
        (refused if is_refused else running_out).append(one)
    return running_out, refused


def current(provider_id: UUID) -> QuerySet[Evidence]:
    """What a provider keeps now, without what was replaced or withdrawn."""
    return Evidence.objects.filter(provider_id=provider_id, replaced_by__isnull=True).exclude(GONE)


def vault(provider_id: UUID) -> QuerySet[Evidence]:
    """Everything a provider ever kept, with what its list shows."""
    rows = Evidence.objects.filter(provider_id=provider_id)
    return rows.select_related("establishment", "upload", "recorded_by")


def standing_as(rows: QuerySet[Evidence], standing: Standing, on: date) -> QuerySet[Evidence]:
    """Of these, those that stand so on a day: `providers.evidence_standing`, said to the database.

    A test holds the two together.
    """
    quarantined = Q(upload__state=Upload.State.QUARANTINED)
    expired, not_yet = Q(expires_on__lt=on), Q(issued_on__gt=on)
    soon = Q(expires_on__lte=on + EXPIRING)
    steps = (
        (Standing.WITHDRAWN, GONE),
        (Standing.FILE_REFUSED, REFUSED),
        (Standing.REPLACED, Q(replaced_by__isnull=False)),
        (Standing.EXPIRED, expired),
        (Standing.NOT_YET, not_yet),
        (Standing.BEING_CHECKED, quarantined),
        (Standing.EXPIRES_SOON, soon),
    )
    for step, condition in steps:
        if step is standing:
            return rows.filter(condition)
        rows = rows.exclude(condition)
    return rows


def history(evidence: Evidence) -> list[Evidence]:
    """The pieces of the same kind for the same holder, the newest first."""
    rows = vault(evidence.provider_id).filter(
        _is("establishment", evidence.establishment_id), kind=evidence.kind
    )
    if evidence.title:
        rows = rows.filter(title=evidence.title)
    return list(rows.order_by("-recorded_at", "-id"))


def same_document(evidence: Evidence) -> list[Evidence]:
    """The pieces that say the same for other establishments, this one among them, by name."""
    rows = current(evidence.provider_id).filter(
        _is("expires_on", evidence.expires_on),
        _is("upload", evidence.upload_id),
        kind=evidence.kind,
        title=evidence.title,
        number=evidence.number,
        issued_on=evidence.issued_on,
    )
    return list(
        rows.select_related("establishment").order_by(
            F("establishment__name").asc(nulls_first=True), "id"
        )
    )


def _is(name: str, value: object) -> Q:
    """Equal, where nothing equals nothing."""
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
