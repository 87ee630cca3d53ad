"""What marks a partitioned model. Imports no model: the engine reads it while apps load."""

from __future__ import annotations

from typing import Any

KEY = "authority"
KEY_COLUMN = "authority_id"


class Partitioned:
    """A plain mixin: migrations keep it in `bases`, so historical models are recognised too."""

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        """Save by `id` and authority, so that one partition is touched."""
        return super()._do_update(base_qs.filter(**self._own_partition()), *args, **kwargs)  # type: ignore[misc]

    def refresh_from_db(
        self, using: Any = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        rows = from_queryset
        if rows is None:
            rows = type(self)._base_manager.db_manager(using, hints={"instance": self})  # type: ignore[attr-defined]  # noqa: SLF001
        super().refresh_from_db(using, fields, rows.filter(**self._own_partition()))  # type: ignore[misc]

    def _own_partition(self) -> dict[str, int]:
        return {KEY_COLUMN: self.authority_id}  # type: ignore[attr-defined]
