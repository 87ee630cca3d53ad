"""Every table is partitioned with policies, shared with policies, or open with a reason."""

from collections import Counter

from django.apps import apps

from dps.tenancy.partitioned import Partitioned
from dps.tenancy.policies import Guarded, Open, declared_tables

NOT_OURS = {"django_migrations"}


def models():
    return [m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy]


def test_every_table_is_declared_once():
    declared = Counter(apps.get_model(table.model)._meta.db_table for table in declared_tables())
    links = {"auth_group_permissions"}
    expected = {m._meta.db_table for m in models()} - NOT_OURS - links

    assert set(declared) == expected
    assert [name for name, times in declared.items() if times > 1] == []


def test_partitioned_tables_are_guarded():
    open_ones = [t.model for t in declared_tables() if isinstance(t, Open)]

    assert [name for name in open_ones if issubclass(apps.get_model(name), Partitioned)] == []


def test_open_tables_say_why():
    assert [t.model for t in declared_tables() if isinstance(t, Open) and len(t.why) < 20] == []


def test_guarded_tables_have_a_policy():
    assert [t.model for t in declared_tables() if isinstance(t, Guarded) and not t.policies] == []
