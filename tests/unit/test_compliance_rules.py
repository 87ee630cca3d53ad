"""What passes, what is due, and what there is to do, on each day that matters."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.compliance import (
    WARN_DAYS,
    Certificate,
    Facts,
    Failure,
    Found,
    Inspected,
    Item,
    Plan,
    Warn,
    covered_by,
    failures,
    plan,
    warnings_due,
)
from contracts.compliance.insurance import how_to_put_right, lapses, sum_words
from qualification.models import Suspension
from qualification.scoring import SHIPPED_RULES

TODAY = date(2026, 11, 2)
RULES = tuple(SHIPPED_RULES.values())
PUBLIC, EMPLOYERS, INDEMNITY = "public_liability", "employers_liability", "professional_indemnity"
TEN, FIVE = 10_000_000_00, 5_000_000_00
WANTED = {PUBLIC: TEN, EMPLOYERS: TEN}
GOOD = Inspected("ofsted_overall_grade", "good", date(2025, 3, 4))


def days(number):
    return TODAY + timedelta(days=number)


def certificate(kind, expires, *, issued=None, pence=10_000_000_00, number=1):
    issued_on = days(expires - 365 if issued is None else issued)
    return Certificate(UUID(int=number), kind, issued_on, days(expires), pence)


def insured(expires=100):
    return (certificate(PUBLIC, expires, number=1), certificate(EMPLOYERS, 100, number=2))


def words_of(certificates=None, inspection=GOOD, *, is_open=True, wanted=WANTED):
    held = insured() if certificates is None else certificates
    found = failures(Facts(is_open, held, inspection, wanted), TODAY, RULES)
    return {failure.item: failure.words for failure in found}


def test_the_names_of_items_are_those_of_suspensions():
    assert set(Item) <= set(Suspension.Cause.values)


def test_all_in_order_finds_nothing():
    assert words_of() == {}


def test_never_inspected_passes():
    assert words_of(inspection=None) == {}


def test_insurance_that_expires_today_is_valid_and_yesterday_s_is_not():
    assert words_of(insured(0)) == {}
    assert words_of(insured(-1)) == {
        Item.INSURANCE: "Its public liability insurance expired on 1 November 2026."
    }


def test_ten_million_pounds_are_enough_and_a_penny_less_is_not():
    employers = certificate(EMPLOYERS, 9, number=2)

    assert words_of((certificate(PUBLIC, 9, pence=10_000_000_00), employers)) == {}
    assert words_of((certificate(PUBLIC, 9, pence=9_999_999_99), employers)) == {
        Item.INSURANCE: "Its public liability insurance is for less than £10 million."
    }


def test_the_sum_asked_for_is_enough_where_less_is_asked_for():
    held = (certificate(PUBLIC, 9, pence=FIVE), certificate(EMPLOYERS, 9, pence=FIVE, number=2))

    assert words_of(held, wanted={PUBLIC: FIVE, EMPLOYERS: FIVE}) == {}
    assert words_of(held, wanted={PUBLIC: FIVE, EMPLOYERS: TEN}) == {
        Item.INSURANCE: "Its employers’ liability insurance is for less than £10 million."
    }


def test_what_no_list_asks_for_is_not_missed():
    assert words_of((), wanted={}) == {}
    assert words_of((certificate(PUBLIC, 9, pence=None),), wanted={PUBLIC: 0}) == {}


def test_every_kind_asked_for_is_looked_at():
    assert words_of(wanted=WANTED | {INDEMNITY: FIVE}) == {
        Item.INSURANCE: "No certificate of professional indemnity insurance is on record."
    }


def remedy(wanted):
    return how_to_put_right(lapses((), wanted, TODAY))


def test_the_remedy_names_each_sum_where_they_differ():
    assert remedy(WANTED) == (
        "Add a valid certificate of £10 million or more on the establishment’s page."
    )
    assert remedy({PUBLIC: 0}) == "Add a valid certificate on the establishment’s page."
    assert remedy({PUBLIC: TEN, INDEMNITY: FIVE}) == (
        "Add valid certificates on the establishment’s page: public liability insurance of"
        " £10 million or more and professional indemnity insurance of £5 million or more."
    )


def test_sums_are_said_in_millions_where_they_are_whole():
    assert [sum_words(pence) for pence in (TEN, 2_500_000_00, 99)] == [
        "£10 million",
        "£2,500,000.00",
        "£0.99",
    ]


def test_both_kinds_are_needed():
    no_employers = "No certificate of employers’ liability insurance is on record."

    assert words_of((certificate(PUBLIC, 9),)) == {Item.INSURANCE: no_employers}
    assert words_of(()) == {
        Item.INSURANCE: "No certificate of public liability insurance is on record. " + no_employers
    }


def test_insurance_that_has_not_begun_does_not_count():
    later = (certificate(PUBLIC, 366, issued=1), certificate(EMPLOYERS, 9, number=2))

    assert words_of(later) == {
        Item.INSURANCE: "Its public liability insurance starts only on 3 November 2026."
    }


def test_a_closed_register_entry_and_a_failed_inspection():
    bad = Inspected("ofsted_overall_grade", "inadequate", date(2026, 10, 12))

    assert words_of(inspection=bad, is_open=False) == {
        Item.INSPECTION: "Its latest inspection, on 12 October 2026, does not pass:"
        " overall effectiveness: inadequate.",
        Item.REGISTRATION: "The register says that it is closed.",
    }


def test_an_inspection_that_no_rule_covers_goes_to_an_officer():
    odd = Inspected("estyn", "good", date(2026, 10, 12))

    (failure,) = failures(Facts(True, insured(), odd, WANTED), TODAY, RULES)  # noqa: FBT003

    assert (failure.item, failure.suspends) == (Item.INSPECTION, False)


def test_words_fit_into_the_finding_at_their_longest():
    worst = Inspected("ofsted_independent_school", "urgent improvement", date(2026, 9, 12))

    words = words_of(inspection=worst)[Item.INSPECTION]

    assert words.endswith("and 3 more.")
    assert len(words) < 300


def test_cover_goes_on_with_next_year_s_certificate():
    this, following = certificate(PUBLIC, 5), certificate(PUBLIC, 370, issued=6, number=2)
    gap = certificate(PUBLIC, 370, issued=7, number=2)

    assert covered_by([this, following], PUBLIC, TEN, TODAY) == following
    assert covered_by([following, this], PUBLIC, TEN, TODAY) == following
    assert covered_by([this, gap], PUBLIC, TEN, TODAY) == this
    assert covered_by([gap], PUBLIC, TEN, TODAY) is None


def due(left, sent=()):
    held = certificate(PUBLIC, left)
    return [warn.days for warn in warnings_due([held], WANTED, {held.id: sent}, TODAY)]


@pytest.mark.parametrize(
    ("left", "sent", "expected"),
    [
        (61, (), []),
        (60, (), [60]),
        (59, (60,), []),
        (31, (60,), []),
        (30, (60,), [30]),
        (8, (60, 30), []),
        (7, (60, 30), [7]),
        (0, (60, 30), [7]),
        (0, (60, 30, 7), []),
        (-1, (60, 30), []),
        # The audit missed a day, a month, or all of the time.
        (29, (60,), [30]),
        (6, (60,), [7]),
        (6, (), [7]),
        (25, (), [30]),
    ],
)
def test_one_warning_at_60_30_and_7_days_or_the_first_day_after(left, sent, expected):
    assert due(left, sent) == expected


def test_every_day_until_expiry_gives_each_warning_once():
    sent = []
    for left in range(90, -3, -1):
        sent += due(left, sent)

    assert sent == list(WARN_DAYS)


def test_no_warning_when_next_year_s_certificate_is_on_record():
    held = [certificate(PUBLIC, 5), certificate(PUBLIC, 370, issued=3, number=2)]

    assert list(warnings_due(held, WANTED, {}, TODAY)) == []


INSURANCE = Failure(Item.INSURANCE, "It expired.", "Renew it.")
OPEN = {Item.INSURANCE: Found("It expired.", suspends=True)}


def planned(failing, found=(), by_rule=(), warnings=()):
    return plan(failing, open_findings=dict(found), suspended_by_rule=by_rule, warnings=warnings)


def test_what_is_new_is_found_and_what_stands_is_left_alone():
    assert planned([INSURANCE]) == Plan(find=(INSURANCE,))
    assert planned([INSURANCE], OPEN, [Item.INSURANCE]).is_empty


def test_an_officer_who_lifted_by_hand_is_not_overruled():
    assert planned([INSURANCE], OPEN, by_rule=[]).is_empty


def test_what_is_over_is_resolved_and_lifted():
    assert planned([], OPEN, [Item.INSURANCE]) == Plan(
        resolve=(Item.INSURANCE,), lift=(Item.INSURANCE,)
    )


def test_another_fault_of_the_same_item_is_a_new_finding_and_lifts_nothing():
    other = Failure(Item.INSURANCE, "It is too small.", "Raise it.")

    assert planned([other], OPEN, [Item.INSURANCE]) == Plan(
        resolve=(Item.INSURANCE,), find=(other,)
    )


def test_items_do_not_lift_each_other():
    inspection = Failure(Item.INSPECTION, "It failed.", "Improve.")
    both = OPEN | {Item.INSPECTION: Found("It failed.", suspends=True)}

    assert planned([inspection], both, [Item.INSURANCE, Item.INSPECTION]) == Plan(
        resolve=(Item.INSURANCE,), lift=(Item.INSURANCE,)
    )


def test_a_warning_alone_is_something_to_do():
    warn = Warn(certificate(PUBLIC, 7), 7, TEN)

    assert planned([], warnings=[warn]) == Plan(warn=(warn,))
