"""A document is kept as it was made, and handed to those whose it is alone."""

import io
from hashlib import sha256
from uuid import UUID

import pypdf
import pytest
from django.db import connection
from django.urls import reverse

from dps.actors import Role, system
from dps.documents import NewDocument, make
from dps.models import Account, AuditEvent, AuditHead, Document
from dps.tenancy.identity import acting_as
from providers.models import Provider
from tests.factories.kernel import NOON, make_person

SUBJECT = UUID("0192f3c1-0000-7000-8000-000000000001")


def letter(region, **changes):
    values = {
        "kind": "letter",
        "subject_id": SUBJECT,
        "authority_id": region.west.id,
        "title": "A letter <b>to all</b>",
        "file_name": "letter.pdf",
        "template": "dps/pdf.html",
    }
    return NewDocument(**(values | changes))


def made(region, **changes):
    new = letter(region, **changes)
    with acting_as(system(new.authority_id)):
        return make(new, now=NOON)


def test_make_keeps_the_bytes_and_their_hash(region):
    document = made(region)

    with acting_as(system(region.west.id)):
        kept = Document.objects.get()
    assert bytes(kept.content)[:5] == b"%PDF-"
    assert (kept.sha256, kept.version, kept.made_at) == (
        sha256(bytes(kept.content)).hexdigest(),
        1,
        NOON,
    )
    assert kept.id == document.id


def test_the_letterhead_names_council_date_page_and_audit_head(region):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the trail is linked as at a commit
    with acting_as(system(region.west.id)):
        head = bytes(AuditHead.objects.get(authority=region.west).hash).hex()

    document = made(region)

    reader = pypdf.PdfReader(io.BytesIO(document.content))
    lines = reader.pages[0].extract_text().splitlines()
    assert sorted(lines) == sorted(
        [
            "West Sussex",
            "2 November 2026",
            "A letter <b>to all</b>",
            "West Sussex. A letter <b>to all</b>",
            f"Head of the audit trail when this was made: {head[:32]}",
            "Page 1 of 1",
        ]
    )


def test_the_same_subject_again_is_its_next_version(region):
    versions = [made(region).version for _ in range(2)]

    assert versions == [1, 2]


def signed_in(client, actor):
    client.force_login(Account.objects.get(person_id=actor.person_id))
    return client


def address_of(document):
    return reverse("document", args=[document.authority_id, document.id])


@pytest.fixture
def _signed_in_with_a_password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


pytestmark = pytest.mark.usefixtures("_signed_in_with_a_password_alone")


def test_a_document_is_handed_out_as_a_file_and_the_reading_is_on_record(region, client):
    document = made(region)
    reader = make_person(Role.COMMISSIONER, authority=region.west, name="Ann Reader")

    response = signed_in(client, reader).get(address_of(document))

    assert response.status_code == 200
    assert response.content == document.content
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")
    assert [response[name] for name in names] == [
        "application/pdf",
        'attachment; filename="letter.pdf"',
        "nosniff",
        "no-store",
    ]
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Content-Security-Policy"] == policy
    with acting_as(system(region.west.id)):
        event = AuditEvent.objects.get(action="document.read")
    assert (event.actor_name, event.subject_id) == ("Ann Reader", str(document.id))


def test_another_councils_document_does_not_exist(region, client):
    document = made(region)
    stranger = make_person(Role.APPROVER, authority=region.east)

    response = signed_in(client, stranger).get(address_of(document))

    assert response.status_code == 404
    with acting_as(system(region.west.id)):
        assert not AuditEvent.objects.filter(action="document.read").exists()


def test_another_providers_letter_does_not_exist(region, client):
    mine, rival = make_provider("Mine"), make_provider("Rival")
    document = made(region, provider_id=mine.id, authority_id=0)
    as_mine = make_person(Role.BID_WRITER, provider_id=mine.id)
    as_rival = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=rival.id)

    statuses = [
        signed_in(client, actor).get(address_of(document)).status_code
        for actor in (as_mine, as_rival)
    ]

    assert statuses == [200, 404]


def test_an_authority_that_cannot_be_is_not_found(region, client):
    document = made(region)
    reader = make_person(Role.COMMISSIONER, authority=region.west)

    response = signed_in(client, reader).get(f"/documents/{10**30}/{document.id}/")

    assert response.status_code == 404


def make_provider(name):
    with acting_as(system(0)):
        return Provider.objects.create(name=name, registered_at=NOON)
