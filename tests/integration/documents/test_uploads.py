"""A file is in quarantine until it was scanned, and is nobody's but its own after that."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.documents import scanner
from dps.documents.file_refusals import EmptyFile, WrongKindOfFile
from dps.documents.scanner import ScannerAway
from dps.documents.uploads import (
    FileBeingChecked,
    FileNotKept,
    NewUpload,
    read_upload,
    receive_upload,
    scan_upload,
)
from dps.models import Account, AuditEvent, Message, OwedJob, Upload, UploadContent
from dps.outbox import relay
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from tests.at_once import act, in_turn, refusals
from tests.factories.files import EICAR, docx, pdf, picture
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.providers import make_administrator, make_provider

SYSTEM = system(REGION_ID)
LATER = NOON + timedelta(minutes=1)
INFECTED = docx({"word/media/image1.png": EICAR})


@pytest.fixture
def provider(region):
    return make_provider()


@pytest.fixture
def mine(provider):
    return make_administrator(provider)


@pytest.fixture
def rival(region):
    return make_administrator(make_provider("Rival Ltd"))


@pytest.fixture
def officer(region):
    return make_person(Role.CONTRACTS_OFFICER, authority=region.west)


@pytest.fixture
def commissioner(region):
    return make_person(Role.COMMISSIONER, authority=region.west)


@pytest.fixture
def signed_in(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return sign_in


def send(actor, content=None, name="policy.pdf", **facts):
    new = NewUpload(name, pdf() if content is None else content, "application/x-claimed", **facts)
    with acting_as(actor):
        return receive_upload(new, actor=actor, now=NOON)


def scan_all(now=LATER):
    return [relay.run(REGION_ID, job_id, now=now) for job_id in relay.lease(REGION_ID, now=now)]


def sent_and_scanned(actor, content=None, **facts):
    upload = send(actor, content, **facts)
    scan_all()
    return found(upload)


def found(upload):
    with acting_as(SYSTEM):
        return Upload.objects.get(pk=upload.pk)


def stored():
    with acting_as(SYSTEM):
        return Upload.objects.count(), UploadContent.objects.count(), OwedJob.objects.count()


def events(upload):
    with acting_as(SYSTEM):
        rows = AuditEvent.objects.filter(subject_id=str(upload.pk)).order_by("id")
        return list(rows.values_list("action", flat=True))


def read(actor, upload):
    with acting_as(actor):
        return read_upload(upload_id=upload.pk, actor=actor, now=LATER)


def test_a_file_is_taken_into_quarantine_and_its_scanning_is_owed(mine, provider):
    content = pdf()
    upload = send(mine, content, name="../My policy.docx")

    upload = found(upload)
    assert (upload.provider_id, upload.name, upload.state) == (
        provider.id,
        "My policy.pdf",
        "quarantined",
    )
    assert (upload.claimed_type, upload.found_type) == ("application/x-claimed", "application/pdf")
    assert (upload.size, upload.sha256) == (len(content), sha256(content).hexdigest())
    assert (upload.uploaded_by_id, upload.uploaded_at) == (mine.person_id, NOON)
    assert (stored(), events(upload)) == ((1, 1, 1), ["upload.received"])


def test_after_the_scan_its_own_and_the_contract_team_read_it_and_nobody_else(
    mine, rival, officer, commissioner
):
    content = pdf()
    upload = sent_and_scanned(mine, content)

    assert (upload.state, upload.scanner, upload.scanned_at) == ("clean", "stand-in", LATER)
    assert [read(who, upload)[1] for who in (mine, officer)] == [content, content]
    with pytest.raises(Upload.DoesNotExist):
        read(rival, upload)
    with pytest.raises(NotPermitted):
        read(commissioner, upload)
    assert events(upload) == ["upload.received", "upload.passed", "upload.read", "upload.read"]


@pytest.mark.off_switch("pictures-drawn-anew")
def test_a_picture_is_kept_as_it_was_drawn_anew(mine):
    upload = sent_and_scanned(mine, picture() + b"<script>", name="a.png")

    _, content = read(mine, upload)
    assert b"<script>" not in content
    assert (upload.size, upload.sha256) == (len(content), sha256(content).hexdigest())


@pytest.mark.parametrize(("content", "refusal"), [(b"", EmptyFile), (EICAR, WrongKindOfFile)])
def test_what_is_refused_leaves_nothing(mine, content, refusal):
    with pytest.raises(refusal):
        send(mine, content)

    assert stored() == (0, 0, 0)


def test_who_may_send_files(commissioner, officer, provider, rival):
    with pytest.raises(NotPermitted):
        send(commissioner)
    theirs = send(officer, provider_id=provider.id)
    pretended = send(rival, provider_id=provider.id)

    assert found(theirs).provider_id == provider.id
    assert found(pretended).provider_id == rival.provider_id


@pytest.mark.off_switch("files-scanned")
def test_an_infected_file_is_refused_deleted_and_its_sender_told(mine, officer):
    upload = sent_and_scanned(mine, INFECTED, name="policy.docx")

    assert (upload.state, upload.why) == (
        "refused",
        "The virus scanner found “Eicar-Test-Signature” in it.",
    )
    for who in (mine, officer):
        with pytest.raises(FileNotKept):
            read(who, upload)
    assert events(upload) == ["upload.received", "upload.refused"]
    scan_all(LATER + timedelta(minutes=1))
    with acting_as(SYSTEM):
        assert UploadContent.objects.count() == 0
        letter = Message.objects.get(template="dps/file_refused")
    assert letter.to_person_id == mine.person_id
    assert letter.subject == "We could not keep the file “policy.docx”"
    assert "Eicar-Test-Signature" in letter.body


def test_an_infected_file_of_nobody_is_refused_too(region):
    upload = sent_and_scanned(SYSTEM, INFECTED, name="policy.docx")

    assert upload.state == "refused"
    with acting_as(SYSTEM):
        assert Message.objects.count() == 0


def test_while_the_scanner_is_away_the_file_stays_in_quarantine(mine, monkeypatch):
    upload = send(mine)

    def away(content):
        raise ScannerAway

    monkeypatch.setattr(scanner, "scan", away)
    with pytest.raises(ScannerAway):
        scan_all()

    assert (found(upload).state, events(upload)) == ("quarantined", ["upload.received"])
    with pytest.raises(FileBeingChecked):
        read(mine, upload)
    monkeypatch.undo()
    assert scan_all(LATER + timedelta(minutes=1)) == [True]
    assert found(upload).state == "clean"


def test_scanning_again_changes_nothing(mine, monkeypatch):
    upload = sent_and_scanned(mine)
    monkeypatch.setattr(scanner, "scan", lambda _: pytest.fail("it was scanned already"))

    with acting_as(SYSTEM):
        scan_upload(upload_id=str(upload.pk), actor=SYSTEM, now=LATER + timedelta(days=1))

    assert (found(upload).scanned_at, events(upload)) == (
        LATER,
        ["upload.received", "upload.passed"],
    )


@pytest.mark.off_switch("bytes-in-quarantine")
def test_bytes_in_quarantine_are_closed_to_everybody_by_the_database(
    mine, rival, officer, commissioner
):
    """With no query of ours between: the policies alone."""
    waiting = send(mine)
    clean = sent_and_scanned(mine)
    with acting_as(SYSTEM):
        Upload.objects.filter(pk=waiting.pk).update(state="quarantined", scanned_at=None)

    def seen_by(actor):
        with acting_as(actor), connection.cursor() as cursor:
            cursor.execute("SELECT upload_id FROM dps_uploadcontent")
            contents = {row[0] for row in cursor.fetchall()}
            cursor.execute("SELECT id FROM dps_upload")
            return {row[0] for row in cursor.fetchall()}, contents

    both = {waiting.pk, clean.pk}
    assert [seen_by(who) for who in (SYSTEM, mine, officer, rival)] == [
        (both, both),
        (both, {clean.pk}),
        (both, {clean.pk}),
        (set(), set()),
    ]
    with acting_as(commissioner):
        assert Upload.objects.count() == 0
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            UploadContent.objects.count()


@pytest.mark.parametrize("who", ["mine", "rival", "officer"])
def test_nobody_but_the_system_declares_a_file_clean(who, request, mine):
    upload = send(mine)
    actor = request.getfixturevalue(who)

    for statement in (
        "UPDATE dps_upload SET state = 'clean', scanned_at = now()",
        "UPDATE dps_uploadcontent SET content = 'x'",
        "DELETE FROM dps_uploadcontent",
        "DELETE FROM dps_upload",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), acting_as(actor):
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert found(upload).state == "quarantined"


@pytest.mark.off_switch("sent-into-quarantine")
def test_nobody_who_sends_a_file_declares_it_clean(mine):
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(mine):
        Upload.objects.create(
            provider_id=mine.provider_id,
            name="x.pdf",
            found_type="application/pdf",
            size=1,
            sha256="0" * 64,
            state="clean",
            uploaded_at=NOON,
            scanned_at=NOON,
        )


def test_a_provider_sends_for_nobody_else(rival, provider, mine):
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival):
        Upload.objects.create(
            provider_id=provider.id,
            name="x.pdf",
            found_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at=NOON,
        )
    theirs = send(mine)
    with acting_as(SYSTEM):
        UploadContent.objects.filter(upload=theirs).delete()
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(rival):
        UploadContent.objects.create(upload_id=theirs.pk, content=b"MZ")


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"size": 0}, "upload_not_empty"),
        ({"state": "clean", "scanned_at": None}, "upload_decided_only_when_scanned"),
        ({"scanned_at": NOON}, "upload_decided_only_when_scanned"),
        ({"state": "refused", "scanned_at": NOON}, "upload_refused_with_a_reason"),
        ({"why": "It is odd."}, "upload_refused_with_a_reason"),
    ],
)
def test_the_database_keeps_uploads_whole(mine, facts, constraint):
    upload = send(mine)

    with pytest.raises(IntegrityError, match=constraint), acting_as(SYSTEM):
        Upload.objects.filter(pk=upload.pk).update(**facts)


def page(upload):
    return reverse("upload", args=[upload.pk])


def test_a_clean_file_is_handed_out_as_a_file_and_never_shown(mine, signed_in):
    content = docx()
    upload = sent_and_scanned(mine, content, name="Größe “1”.docx")

    response = signed_in(mine).get(page(upload))

    assert (response.status_code, response.content) == (200, content)
    assert {
        name: response[name]
        for name in (
            "Content-Type",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
        )
    } == {
        "Content-Type": upload.found_type,
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr")


def test_what_is_not_ready_says_so_in_plain_words(mine, signed_in):
    waiting = send(mine)

    early = signed_in(mine).get(page(waiting))
    infected = sent_and_scanned(mine, INFECTED, name="policy.docx")
    late = signed_in(mine).get(page(infected))

    assert (early.status_code, late.status_code) == (409, 410)
    assert "This file is still being checked" in early.content.decode()
    assert "try to open it again" in early.content.decode()
    assert "This file was refused" in late.content.decode()


def test_a_strangers_file_is_not_there(mine, rival, commissioner, officer, signed_in, client):
    upload = sent_and_scanned(mine)
    waiting = send(mine)
    nobodys = uuid4()

    assert [
        signed_in(who).get(reverse("upload", args=[one])).status_code
        for who in (rival, commissioner, officer)
        for one in (upload.pk, waiting.pk, nobodys)
    ] == [404, 404, 404, 403, 403, 403, 200, 409, 404]
    client.logout()
    assert client.get(page(upload)).status_code == 302
    assert signed_in(mine).post(page(upload)).status_code == 405


@pytest.mark.race
@pytest.mark.off_switch("upload-row")
@pytest.mark.django_db(transaction=True)
def test_two_who_scan_one_file_together_decide_once():
    make_region()
    upload = send(make_administrator(make_provider()))
    scanning = act(scan_upload, actor=SYSTEM, now=LATER, upload_id=str(upload.pk))

    done = in_turn(scanning, scanning)

    assert refusals(done.both) == []
    assert events(upload) == ["upload.received", "upload.passed"]
