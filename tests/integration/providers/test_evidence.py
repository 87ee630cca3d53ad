"""The vault: what is added, replaced and taken back, and which piece counts."""

from __future__ import annotations

from itertools import product

import pytest

from dps.actors import Role
from dps.models import Upload
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Evidence
from providers.queries import evidence as queries
from providers.services.evidence import (
    AlreadyReplaced,
    ReasonMissing,
    replace_evidence,
)
from providers.services.particulars import (
    ExpiresBeforeIssue,
    FileNotUsable,
    NotHeldThatWay,
    ParticularMissing,
    StartsTooLate,
    SumMissing,
    UnknownKind,
)
from tests.at_once import act, in_turn, refusals
from tests.factories.evidence import (
    LATER,
    SYSTEM,
    TODAY,
    actions,
    add,
    held,
    in_days,
    insurance,
    make_evidence,
    make_upload,
    policy,
    replace,
    rows,
    withdraw,
)
from tests.factories.kernel import make_person, make_region
from tests.factories.providers import make_administrator, make_establishment, make_provider

LIABILITY = "public_liability"


def test_what_the_organisation_holds_counts_for_each_and_an_establishments_own_wins(
    administrator, mine, second
):
    (whole,) = add(administrator, insurance(administrator, expires_on=in_days(400)))
    (own,) = add(administrator, insurance(administrator), second)
    (other,) = add(administrator, policy(administrator), mine)

    assert held(administrator, mine, second) == [
        {LIABILITY: whole, "safeguarding": other},
        {LIABILITY: own},
    ]
    assert (whole.establishment_id, own.establishment_id) == (None, second.pk)


def test_one_document_is_added_for_several_at_once(administrator, mine, second):
    made = add(administrator, insurance(administrator), mine, second, mine)

    assert [each.establishment_id for each in made] == [mine.pk, second.pk]
    assert len({each.upload_id for each in made}) == 1
    assert [actions(each) for each in made] == [["evidence.recorded"]] * 2
    with acting_as(administrator):
        assert queries.same_document(made[0]) == made


def test_only_what_covers_the_day_is_held(administrator, mine):
    add(administrator, insurance(administrator, issued_on=in_days(30)))
    add(administrator, policy(administrator, expires_on=in_days(10)))
    refused = make_upload(administrator)
    add(administrator, policy(administrator, kind="equalities", upload_id=refused.pk))
    with acting_as(SYSTEM):
        Upload.objects.filter(pk=refused.pk).update(state="refused", why="Found.")

    def kinds(on):
        return set(held(administrator, mine, on=on)[0])

    assert [kinds(in_days(days)) for days in (0, 10, 11, 30)] == [
        {"safeguarding"},
        {"safeguarding"},
        set(),
        {LIABILITY},
    ]


def test_held_takes_one_query_for_forty_establishments(
    administrator, provider, django_assert_num_queries
):
    places = [make_establishment(f"School {n}", provider=provider) for n in range(40)]
    for said in (insurance(administrator), policy(administrator)):
        add(administrator, said, *places)
        add(administrator, said)

    with acting_as(administrator):
        with django_assert_num_queries(1):
            found = queries.held(provider.pk, [place.pk for place in places], TODAY)
            states = {piece.file_state for pieces in found.values() for piece in pieces.values()}

    assert ({len(pieces) for pieces in found.values()}, states) == ({2}, {"clean"})


def test_a_replaced_piece_is_history_and_counts_until_its_successor_starts(administrator, mine):
    (old,) = add(administrator, insurance(administrator), mine)
    starts = in_days(90)
    (new,) = replace(
        administrator, insurance(administrator, issued_on=starts, expires_on=in_days(455)), old
    )

    with acting_as(administrator):
        old = Evidence.objects.get(pk=old.pk)
        assert queries.history(new) == [new, old]
    assert (old.replaced_by_id, old.replaced_at, new.establishment_id) == (new.pk, LATER, mine.pk)
    assert [held(administrator, mine, on=day)[0][LIABILITY] for day in (TODAY, starts)] == [
        old,
        new,
    ]
    assert actions(old) == ["evidence.recorded", "evidence.replaced"]


def test_several_are_replaced_by_one_document(administrator, mine, second):
    old = add(administrator, insurance(administrator), mine, second)
    new = replace(administrator, insurance(administrator, number="PL 2"), *old)

    assert {each.establishment_id for each in new} == {mine.pk, second.pk}
    assert [pieces[LIABILITY].number for pieces in held(administrator, mine, second)] == [
        "PL 2",
        "PL 2",
    ]


def test_what_is_taken_back_counts_no_more(administrator, mine):
    (old,) = add(administrator, insurance(administrator), mine)

    gone = withdraw(administrator, old)

    assert (gone.withdrawn_at, gone.withdrawn_because) == (LATER, "Added for the wrong school")
    assert held(administrator, mine) == [{}]
    assert actions(old) == ["evidence.recorded", "evidence.withdrawn"]


def test_what_is_history_is_not_changed_again(administrator, mine):
    (old,) = add(administrator, insurance(administrator), mine)
    (new,) = replace(administrator, insurance(administrator), old)
    withdraw(administrator, new)

    for piece, change in product((old, new), ("replace", "withdraw")):
        with pytest.raises(AlreadyReplaced):
            if change == "replace":
                replace(administrator, insurance(administrator), piece)
            else:
                withdraw(administrator, piece)

    assert rows() == 2


def test_taking_back_needs_a_reason(administrator, mine):
    (old,) = add(administrator, insurance(administrator), mine)
    with pytest.raises(ReasonMissing):
        withdraw(administrator, old, reason="  ")

    assert actions(old) == ["evidence.recorded"]


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"kind": "nothing"}, UnknownKind, "kind"),
        ({"sum_insured_pence": None}, SumMissing, "sum_insured"),
        ({"sum_insured_pence": 0}, SumMissing, "sum_insured"),
        ({"number": " "}, ParticularMissing, "number"),
        ({"expires_on": None}, ParticularMissing, "expires_on"),
        ({"expires_on": in_days(-100)}, ExpiresBeforeIssue, "expires_on"),
        ({"issued_on": in_days(93)}, StartsTooLate, "issued_on"),
        ({"upload_id": None}, FileNotUsable, "file"),
        ({"kind": "safeguarding", "issued_on": in_days(1)}, StartsTooLate, "issued_on"),
        ({"kind": "other"}, ParticularMissing, "title"),
        ({"kind": "registration", "expires_on": None}, NotHeldThatWay, "establishments"),
    ],
)
def test_what_cannot_be_right_is_refused(administrator, change, refusal, field):
    with pytest.raises(refusal) as caught:
        add(administrator, insurance(administrator, **change))

    assert (caught.value.field, rows()) == (field, 0)


def test_a_kind_of_the_organisation_is_not_held_by_one_establishment(administrator, mine):
    with pytest.raises(NotHeldThatWay):
        add(administrator, insurance(administrator, kind="accounts", expires_on=None), mine)

    assert rows() == 0


def test_only_what_its_kind_has_is_kept(administrator):
    (accounts,) = add(
        administrator,
        insurance(administrator, kind="accounts", expires_on=in_days(9), title="Ours"),
    )

    assert (
        accounts.sum_insured_pence,
        accounts.number,
        accounts.expires_on,
        accounts.title,
    ) == (None, "", None, "")


def test_a_number_alone_is_enough_where_the_law_wants_no_more(administrator, mine):
    said = insurance(administrator, kind="data_protection", number="ZA123456", upload_id=None)
    (piece,) = add(administrator, said)

    assert held(administrator, mine) == [{"data_protection": piece}]


@pytest.mark.parametrize("state", ["refused", "somebody else’s"])
def test_a_file_that_cannot_be_used_is_refused(administrator, rival, state):
    whose = rival if state == "somebody else’s" else administrator
    upload = make_upload(whose, "clean" if whose is rival else state)

    with pytest.raises(FileNotUsable):
        add(administrator, insurance(administrator, upload_id=upload.pk))

    assert rows() == 0


def test_nobody_adds_replaces_or_takes_back_for_another(
    administrator, rival, mine, officer, commissioner
):
    (old,) = add(administrator, insurance(administrator), mine)

    with pytest.raises(Establishment.DoesNotExist):
        add(rival, insurance(rival), mine)
    with pytest.raises(Evidence.DoesNotExist):
        replace(rival, insurance(rival), old)
    with pytest.raises(Evidence.DoesNotExist):
        withdraw(rival, old)
    for who in (officer, commissioner):
        with pytest.raises(NotPermitted):
            add(who, insurance(administrator), mine)
        with pytest.raises(NotPermitted):
            withdraw(who, old)

    assert (rows(), actions(old)) == (1, ["evidence.recorded"])


def test_a_piece_of_another_kind_is_not_replaced(administrator, mine):
    (old,) = add(administrator, policy(administrator), mine)
    with pytest.raises(Evidence.DoesNotExist):
        replace(administrator, insurance(administrator), old)

    assert actions(old) == ["evidence.recorded"]


@pytest.mark.race
@pytest.mark.off_switch("evidence-rows")
@pytest.mark.django_db(transaction=True)
def test_two_who_replace_the_same_piece_together_make_one_new_one():
    make_region()
    provider = make_provider()
    ada, bea = make_administrator(provider), make_person(Role.BID_WRITER, provider_id=provider.pk)
    old = make_evidence(ada)
    replacing = [
        act(replace_evidence, insurance(who), evidence_ids=[old.pk], actor=who, now=LATER)
        for who in (ada, bea)
    ]

    done = in_turn(*replacing)

    assert refusals(done.both) == [AlreadyReplaced]
    assert rows() == 2
