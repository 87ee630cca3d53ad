"""Two imports at once: the second is refused plainly, and nothing is doubled."""

import threading

import pytest
from django.db import connections

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from providers.models import Establishment
from providers.services.registers import ImportAlreadyRunning, import_register
from tests.factories.kernel import NOON, make_region
from tests.factories.providers import gias_file, gias_row

SYSTEM = system(REGION_ID)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_imports_is_refused(tmp_path):
    make_region()
    path = tmp_path / "register.csv"
    path.write_bytes(gias_file([gias_row()]))
    is_writing, may_end = threading.Event(), threading.Event()

    def hold(_done, _of):
        is_writing.set()
        may_end.wait(20)

    def first():
        with acting_as(SYSTEM):
            import_register(path, actor=SYSTEM, now=NOON, progress=hold)
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert is_writing.wait(20)
        with pytest.raises(ImportAlreadyRunning, match="Another import"), acting_as(SYSTEM):
            import_register(path, actor=SYSTEM, now=NOON)
    finally:
        may_end.set()
        thread.join(20)

    assert list(Establishment.objects.values_list("urn", flat=True)) == ["125001"]
    with acting_as(SYSTEM):
        again = import_register(path, actor=SYSTEM, now=NOON)
    assert again.unchanged == 1
