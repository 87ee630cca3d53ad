"""The database engine: PostgreSQL, with tables partitioned by authority."""

from django.db.backends.postgresql import base, features

from dps.tenancy.db.schema import TenantSchemaEditor
from dps.tenancy.partitioned import Partitioned


class DatabaseFeatures(features.DatabaseFeatures):
    def allows_group_by_selected_pks_on_model(self, model):
        # The database's key is (id, authority_id): columns do not depend on `id` alone.
        return super().allows_group_by_selected_pks_on_model(model) and not issubclass(
            model, Partitioned
        )


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = TenantSchemaEditor
    features_class = DatabaseFeatures
