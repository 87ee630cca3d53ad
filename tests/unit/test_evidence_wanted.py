"""Whether what is held is what is wanted: the right kind, sum, establishment and dates."""

from datetime import date
from uuid import UUID

import pytest

from qualification.evidence_wanted import Fit, HeldEvidence, WantedEvidence, match

HERE, ELSEWHERE = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 2)
LEAST = 10_000_000_00
WANTED = WantedEvidence("public_liability", "Public liability insurance", LEAST)


def held(**changes):
    usual = {
        "id": UUID(int=9),
        "kind": "public_liability",
        "establishment_id": None,
        "sum_insured_pence": LEAST,
        "expires_on": date(2027, 1, 1),
    }
    return HeldEvidence(**usual | changes)


@pytest.mark.parametrize(
    ("pieces", "fit", "words"),
    [
        ([], Fit.NOT_HELD, "Not held"),
        ([held(kind="motor")], Fit.NOT_HELD, "Not held"),
        ([held(establishment_id=ELSEWHERE)], Fit.NOT_HELD, "Not held"),
        ([held()], Fit.FITS, "Held, valid until 1 January 2027"),
        ([held(establishment_id=HERE)], Fit.FITS, "Held, valid until 1 January 2027"),
        ([held(expires_on=None)], Fit.FITS, "Held"),
        ([held(expires_on=TODAY)], Fit.FITS, "Held, valid until 2 November 2026"),
        ([held(expires_on=date(2026, 11, 1))], Fit.EXPIRED, "Expired on 1 November 2026"),
        (
            [held(sum_insured_pence=LEAST - 1)],
            Fit.SUM_TOO_LOW,
            "The sum must be £10,000,000.00 or more",
        ),
        ([held(sum_insured_pence=None)], Fit.SUM_TOO_LOW, "The sum must be £10,000,000.00 or more"),
        ([held(is_refused=True)], Fit.FILE_REFUSED, "Its file was refused. Send it again"),
        ([held(is_refused=True), held()], Fit.FITS, "Held, valid until 1 January 2027"),
    ],
)
def test_a_piece_fits_or_says_why_not(pieces, fit, words):
    found = match(WANTED, pieces, HERE, TODAY)

    assert (found.fit, found.words, found.lacks) == (fit, words, fit is not Fit.FITS)


def test_of_those_that_fit_the_one_that_runs_longest_is_shown():
    later = held(expires_on=date(2028, 1, 1))

    assert match(WANTED, [held(), later], HERE, TODAY).held == later


def test_what_need_not_be_held_never_lacks():
    wanted = WantedEvidence("motor", "Motor insurance", is_optional=True)

    found = match(wanted, [], HERE, TODAY)

    assert (found.lacks, found.words) == (False, "Not held. You need not have it")
