"""A file that was sent for a form, and never used, is not kept for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dps.actors import Role
from dps.documents.forgetting import forget_unused_uploads
from dps.models import AuditEvent, Upload, UploadContent
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from tests.factories.evidence import SYSTEM, insurance, make_evidence, make_upload
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_administrator, make_provider


@pytest.fixture
def mine(region):
    return make_administrator(make_provider())


def forget(*, days):
    """How many were forgotten, and which are there then."""
    with acting_as(SYSTEM):
        forgotten = forget_unused_uploads(actor=SYSTEM, now=NOON + timedelta(days=days))
        return forgotten, set(Upload.objects.values_list("pk", flat=True))


def test_a_file_that_nobody_used_is_forgotten_after_a_week(mine):
    unused = make_upload(mine)
    used = make_evidence(mine, insurance(mine)).upload_id

    assert [forget(days=7), forget(days=8), forget(days=8)] == [
        (0, {used, unused.pk}),
        (1, {used}),
        (0, {used}),
    ]
    with acting_as(SYSTEM):
        assert UploadContent.objects.count() == 1
        events = AuditEvent.objects.filter(subject_id=str(unused.pk)).order_by("id")
        assert [event.action for event in events] == ["upload.received", "upload.forgotten"]


def test_only_the_system_forgets(region, mine):
    officer = make_person(Role.DPS_MANAGER, authority=region.west)
    make_upload(mine)

    for who in (mine, officer):
        with pytest.raises(NotPermitted), acting_as(who):
            forget_unused_uploads(actor=who, now=NOON + timedelta(days=99))

    assert forget(days=8)[0] == 1
