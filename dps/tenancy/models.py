"""Bases of the models that belong to one authority."""

from __future__ import annotations

import os
import time
import uuid
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.sql.where import WhereNode

from dps.tenancy.identity import current
from dps.tenancy.partitioned import KEY, KEY_COLUMN, Partitioned


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (version 7): 48 bits of milliseconds, 74 random bits."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(raw))


class TenantManager(models.Manager):
    """Adds the literal authority: Postgres prunes while planning. Speed; the policy is safety."""

    def get_queryset(self) -> models.QuerySet:
        rows = super().get_queryset()
        actor = current.get()
        if actor is None or actor.authority_id is None or actor.kind.value == "central":
            return rows
        return rows.filter(**{KEY_COLUMN: actor.authority_id})

    def of(self, authority_id: int) -> models.QuerySet:
        """The rows of one named authority, for actors who reach into several."""
        return super().get_queryset().filter(**{KEY_COLUMN: authority_id})


class TenantForeignKey(models.ForeignKey):
    """To a partitioned model: joins match the authority too; the constraint is composite."""

    def get_extra_descriptor_filter(self, instance: Any) -> dict[str, int]:
        return {KEY_COLUMN: instance.authority_id}

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        if not (alias and related_alias):
            return None
        own, remote = self.model._meta.get_field(KEY), self.remote_field.model._meta.get_field(KEY)
        same = own.get_lookup("exact")(own.get_col(related_alias), remote.get_col(alias))
        return WhereNode([same], connector="AND")


class TenantOneToOneField(TenantForeignKey, models.OneToOneField):
    """Unique within the authority: add UniqueConstraint(fields=["authority", <name>])."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unique = False


class IdentifiedModel(models.Model):
    """A row with a time-ordered random id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class TenantModel(Partitioned, IdentifiedModel):
    """A row that belongs to one authority, in that authority's partition."""

    authority = models.ForeignKey(
        "dps.Authority", on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    objects = TenantManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        for field in self._tenant_keys():
            if field.is_cached(self) and getattr(self, field.name) is not None:
                self._share_authority_with(getattr(self, field.name), field.name)
        super().save(*args, **kwargs)

    def _share_authority_with(self, other: Self, name: str) -> None:
        if self.authority_id is None:
            self.authority_id = other.authority_id
        elif other.authority_id != self.authority_id:
            raise ValidationError({name: "belongs to another authority"})

    def _tenant_keys(self) -> list[TenantForeignKey]:
        return [f for f in self._meta.local_fields if isinstance(f, TenantForeignKey)]
