"""CREATE TABLE … PARTITION BY LIST (authority_id), PRIMARY KEY (id, authority_id), composite keys.

Django believes that `id` is the primary key. Only the DDL differs, so makemigrations sees no drift.
"""

from django.db.backends.ddl_references import Columns
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from dps.tenancy.partitioned import KEY, KEY_COLUMN, Partitioned


def is_partitioned(model):
    return issubclass(model, Partitioned)


class TenantSchemaEditor(DatabaseSchemaEditor):
    def _iter_column_sql(self, column_db_type, params, model, field, *args):
        for part in super()._iter_column_sql(column_db_type, params, model, field, *args):
            if not (is_partitioned(model) and part in ("PRIMARY KEY", "UNIQUE")):
                yield part

    def table_sql(self, model):
        sql, params = super().table_sql(model)
        if is_partitioned(model):
            if not sql.endswith(")"):
                raise NotImplementedError("a partitioned table has no tablespace of its own")
            sql = sql[:-1] + self._partition_clauses(model)
        return sql, params

    def _partition_clauses(self, model):
        key, pk = self.quote_name(KEY_COLUMN), self.quote_name(model._meta.pk.column)
        # The autodetector may put the authority into a later AddField: the column must exist now.
        has_key = any(field.name == KEY for field in model._meta.local_fields)
        column = "" if has_key else f", {key} bigint NOT NULL"
        return f"{column}, PRIMARY KEY ({pk}, {key})) PARTITION BY LIST ({key})"

    def create_model(self, model):
        super().create_model(model)
        if is_partitioned(model):
            # Before the deferred indexes and constraints, which then cascade to the partitions.
            table = self.quote_name(model._meta.db_table)
            self.execute("SELECT add_partitions(NULL, %s::regclass)", [table])

    def _points_to_partitioned(self, field):
        remote = field.remote_field
        return bool(remote) and not field.many_to_many and is_partitioned(remote.model)

    def _create_fk_sql(self, model, field, suffix):
        statement = super()._create_fk_sql(model, field, suffix)
        if self._points_to_partitioned(field):
            target = field.target_field
            table, remote = model._meta.db_table, target.model._meta.db_table
            statement.parts["column"] = Columns(table, [KEY_COLUMN, field.column], self.quote_name)
            statement.parts["to_column"] = Columns(
                remote, [KEY_COLUMN, target.column], self.quote_name
            )
        return statement

    def add_field(self, model, field):
        if is_partitioned(model) and field.name == KEY:
            if field.db_constraint:
                suffix = "_fk_%(to_table)s_%(to_column)s"
                self.deferred_sql.append(self._create_fk_sql(model, field, suffix))
            return None
        if self._points_to_partitioned(field) and field.db_constraint:
            self.sql_create_column_inline_fk = None  # on this instance: use the composite form
            try:
                return super().add_field(model, field)
            finally:
                del self.sql_create_column_inline_fk
        return super().add_field(model, field)

    def remove_field(self, model, field):
        if is_partitioned(model) and field.name == KEY:
            # The autodetector strips foreign keys before it deletes a model.
            for name in self._constraint_names(model, [KEY_COLUMN], foreign_key=True):
                self.execute(self._delete_fk_sql(model, name))
            return
        super().remove_field(model, field)
