"""The stand-alone script finds a receipt true, and any change to it false."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from dps.money import Basis
from referrals import sealing
from referrals.bid_content import BidContent, BidLine
from referrals.scoring_terms import LineKind

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "verify_receipt.py"
PARTICULARS = sealing.Particulars(
    referral_id=UUID(int=1),
    invitation_id=UUID(int=2),
    establishment_id=UUID(int=3),
    provider_id=UUID(int=4),
    revision=2,
    received_at=datetime(2026, 11, 2, 13, 0, 0, 123, tzinfo=UTC),
)
BID = BidContent(
    needs_met=("need-1",),
    statement="We’d start slowly.\nThen a little more.",
    has_vacancy=True,
    earliest_start=date(2027, 1, 4),
    lines=(BidLine(LineKind.VARIABLE, "variable-1", "Taxi", Basis.WEEK, 200_00),),
)


def receipt(content=BID):
    sealed = sealing.seal(content, PARTICULARS)
    return {
        "recorded_at": "2026-11-02T13:00:00.200000+00:00",
        **sealing.described(PARTICULARS),
        "salt": sealed.salt,
        "digest": sealed.digest,
        "content": json.loads(sealed.text) if sealed.text else None,
    }


def run(*arguments):
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def verify(tmp_path, told, *digest):
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False), encoding="utf-8")
    return run(str(path), *digest)


@pytest.mark.parametrize("content", [BID, None])
def test_a_true_receipt_is_found_true(tmp_path, content):
    told = receipt(content)

    assert verify(tmp_path, told, told["digest"]) == (
        0,
        f"True: bid 2 received 2026-11-02T13:00:00.000123+00:00 has digest {told['digest']}\n",
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"content": told["content"] | {"statement": "We would start slowly."}},
        lambda told: told | {"received_at": "2026-11-02T12:59:59.000123+00:00"},
        lambda told: told | {"provider": str(UUID(int=9))},
        lambda told: told | {"revision": 1},
        lambda told: told | {"salt": "0" * 64},
        lambda told: told | {"digest": "0" * 64},
    ],
)
def test_a_changed_one_is_found_false(tmp_path, change):
    code, said = verify(tmp_path, change(receipt()))

    assert (code, said.startswith("FALSE: the digest is ")) == (1, True)


def test_another_digest_than_the_one_opened_is_found_false(tmp_path):
    assert verify(tmp_path, receipt(), "0" * 64)[0] == 1


def test_what_is_no_receipt_says_so(tmp_path):
    assert verify(tmp_path, {"salt": "1"}) == (1, "This is not a receipt: 'referral'\n")
    assert verify(tmp_path, [1])[0] == 1
    assert run(str(tmp_path / "nowhere.json"))[0] == 1
    assert run()[1].startswith("Usage:")
