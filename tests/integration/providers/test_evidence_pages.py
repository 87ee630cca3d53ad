"""The vault through its pages: the list, one piece, replacing, taking back, and whose it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dps.tenancy.identity import acting_as
from providers.models import Evidence
from providers.services.evidence import add_evidence
from tests.factories.evidence import (
    SYSTEM,
    in_days,
    insurance,
    make_evidence,
    policy,
)
from tests.factories.files import EICAR, docx, pdf
from tests.factories.kernel import NOON
from tests.factories.providers import make_administrator, make_establishment, make_provider
from tests.integration.providers.vault import (
    FAR,
    TYPED,
    add_page,
    address,
    errors,
    file,
    kept,
    scan_all,
    uploads,
    waiting_for,
)


def test_a_piece_is_replaced_and_the_old_one_is_history(administrator, mine, signed_in):
    old = make_evidence(administrator)
    browser = signed_in(administrator)
    page = address("replace_evidence", old.pk)
    first = browser.get(page)

    done = browser.post(page, TYPED | {"number": "PL 78", "file": file()}, follow=True)

    gone, new = kept()
    assert 'value="PL 1"' in first.content.decode()
    assert "replaces" not in first.context["form"].fields
    assert (gone.replaced_by_id, new.number) == (new.pk, "PL 78")
    assert done.redirect_chain == [(address("evidence_detail", new.pk), 302)]
    assert [row[1] for row in done.context["history"]] == ["PL 78", "PL 1"]
    older = browser.get(address("evidence_detail", old.pk)).content.decode()
    assert "A newer one has taken its place" in older
    assert address("replace_evidence", old.pk) not in older


def test_replacing_asks_for_which_of_several(administrator, provider, mine, signed_in):
    second = make_establishment("Our Second School", provider=provider)
    with acting_as(administrator):
        both = add_evidence(
            insurance(administrator),
            establishment_ids=[mine.pk, second.pk],
            actor=administrator,
            now=NOON,
        )
    page = address("replace_evidence", both[0].pk)
    browser = signed_in(administrator)
    shown = browser.get(page).content.decode()

    none = browser.post(page, TYPED | {"file": file()})
    browser.post(page, TYPED | {"replaces": str(both[1].pk), "file": file()})

    assert len(re.findall(r'name="replaces" type="checkbox" value="[^"]*" checked', shown)) == 2
    assert errors(none) == {"replaces": ["Select at least one"]}
    assert [piece.is_replaced for piece in kept()] == [False, True, False]


def test_taking_back_asks_why(administrator, mine, signed_in):
    piece = make_evidence(administrator)
    browser = signed_in(administrator)
    page = address("withdraw_evidence", piece.pk)

    silent = browser.post(page, {"reason": " "})
    done = browser.post(page, {"reason": "Added for the wrong school"}, follow=True)
    again = browser.post(page, {"reason": "Again"})

    assert errors(silent) == {"reason": ["Enter why you take it back"]}
    assert "taken back. It counts no more." in done.content.decode()
    assert (again.status_code, list(errors(again))) == (409, ["__all__"])
    detail = browser.get(address("evidence_detail", piece.pk)).content.decode()
    assert "Added for the wrong school" in detail
    assert kept()[0].is_withdrawn


def test_a_refused_file_says_so_and_counts_as_missing(administrator, mine, signed_in):
    infected = file(docx({"word/media/image1.png": EICAR}), "policy.docx")
    browser = signed_in(administrator)
    browser.post(add_page(), TYPED | {"file": infected})
    scan_all()

    (piece,) = kept()
    detail = browser.get(address("evidence_detail", piece.pk)).content.decode()
    assert (piece.upload.state, uploads(state="clean")) == ("refused", 0)
    assert "Document refused" in browser.get(address("vault")).content.decode()
    assert "The virus scanner found “Eicar-Test-Signature” in it." in detail
    assert browser.get(reverse("upload", args=[piece.upload_id])).status_code == 410
    assert "Send the document again: Public liability insurance" in waiting_for(administrator)


def test_the_start_page_says_what_runs_out_and_what_several_lack(
    administrator, provider, mine, signed_in
):
    second = make_establishment("Our Second School", provider=provider)
    make_evidence(administrator, insurance(administrator, expires_on=in_days(20)))
    driving = insurance(administrator, kind="motor", expires_on=in_days(30))
    make_evidence(administrator, driving, mine.pk, second.pk)
    make_evidence(administrator, policy(administrator, expires_on=in_days(-1)), mine.pk)

    assert waiting_for(administrator)[:4] == [
        "Safeguarding policy of Our School has expired",
        "Public liability insurance of your whole organisation expires on 22 November 2026",
        "Motor insurance of 2 establishments expires on 2 December 2026",
        "Add the employers’ liability insurance: 2 establishments have none",
    ]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {"1", "2", "4"}),
        ({"kind": "motor"}, {"2"}),
        ({"establishment": "all"}, {"2", "4"}),
        ({"state": "expires_soon"}, {"2"}),
        ({"state": "replaced"}, {"3"}),
        ({"state": "valid", "establishment": "all"}, {"4"}),
    ],
)
def test_the_list_is_filtered(administrator, mine, signed_in, query, numbers):
    soon = timezone.now().date() + timedelta(days=10)
    for number, changes, places in (
        ("1", {}, [mine.pk]),
        ("2", {"kind": "motor", "expires_on": soon}, []),
        ("3", {}, []),
        ("4", {}, []),
    ):
        said = insurance(administrator, **({"number": number, "expires_on": FAR} | changes))
        make_evidence(administrator, said, *places)
    _, _, third, fourth = kept()
    with acting_as(SYSTEM):
        Evidence.objects.filter(pk=third.pk).update(replaced_by=fourth, replaced_at=NOON)

    page = signed_in(administrator).get(address("vault"), query)

    with acting_as(administrator):
        assert {row.record.number for row in page.context["table"].rows} == numbers


@pytest.mark.parametrize("query", [{"state": "nothing"}, {"establishment": "x"}, {"kind": "x"}])
def test_a_filter_that_is_none_says_so(administrator, signed_in, query):
    response = signed_in(administrator).get(address("vault"), query)

    assert (response.status_code, list(errors(response))) == (400, list(query))


def test_the_list_takes_as_many_queries_for_forty_establishments_as_for_one(
    administrator, provider, signed_in, django_assert_max_num_queries
):
    places = [make_establishment(f"School {n}", provider=provider).pk for n in range(40)]
    with acting_as(administrator):
        for said in (insurance(administrator), policy(administrator)):
            add_evidence(said, establishment_ids=places, actor=administrator, now=NOON)
    browser = signed_in(administrator)

    for page in (address("vault"), address("choose_kind"), add_page(), address("mine")):
        browser.get(page)
        with django_assert_max_num_queries(16):  # 12, and those of session and identity
            browser.get(page)
    assert browser.get(address("vault")).context["table"].paginator.count == 80


@pytest.mark.parametrize("name", ["evidence_detail", "replace_evidence", "withdraw_evidence"])
def test_anothers_piece_is_not_there(administrator, signed_in, name):
    piece = make_evidence(administrator)
    rival = make_administrator(make_provider("Rival Ltd"))
    page = address(name, piece.pk)
    browser = signed_in(rival)

    assert browser.get(page).status_code == 404
    answers = TYPED | {"file": file(), "reason": "Mine now"}
    assert browser.post(page, answers).status_code in (404, 405)
    assert [each.is_replaced or each.is_withdrawn for each in kept()] == [False]


def test_who_has_no_vault(officer, commissioner, signed_in):
    for actor in (officer, commissioner):
        assert [
            signed_in(actor).get(page).status_code
            for page in (address("vault"), address("choose_kind"), add_page())
        ] == [403, 403, 403]


def test_the_contract_team_reads_the_evidence_of_an_establishment_with_its_files(
    administrator, mine, officer, commissioner, signed_in
):
    piece = make_evidence(administrator, insurance(administrator, expires_on=FAR))
    page = address("establishment", mine.pk)
    link = reverse("upload", args=[piece.upload_id])

    def told(actor):
        return signed_in(actor).get(page).content.decode()

    assert "Public liability insurance (whole organisation)" in told(officer)
    assert [link in told(who) for who in (officer, administrator, commissioner)] == [
        True,
        True,
        False,
    ]
    assert signed_in(officer).get(link).content == pdf()


def test_a_page_of_one_establishment_shows_what_counts_for_it(administrator, mine, signed_in):
    make_evidence(administrator)

    page = signed_in(administrator).get(address("evidence", mine.pk)).content.decode()

    assert "Public liability insurance (whole organisation)" in page
    assert "Employers’ liability insurance: no certificate added" in page


@pytest.mark.parametrize(("scanner", "is_said"), [("", True), ("tcp://clamav:3310", False)])
def test_the_pages_say_which_scanner_is_running(
    administrator, mine, signed_in, settings, scanner, is_said
):
    settings.CLAMAV_ADDRESS = scanner
    browser = signed_in(administrator)

    for page in (address("vault"), add_page()):
        said = "A stand-in checks files" in browser.get(page).content.decode()
        assert said is is_said
