"""The stages of an agreement and the steps between them. Drawn into docs/states/ by a command."""

from __future__ import annotations

import enum

from dps.lifecycle import Lifecycle


class AgreementState(enum.StrEnum):
    TO_SIGN = "to_sign"
    PART_SIGNED = "part_signed"
    SIGNED = "signed"


class AgreementStep(enum.StrEnum):
    SIGN = "sign"


_S, _A = AgreementState, AgreementStep

AGREEMENT = Lifecycle(
    start=_S.TO_SIGN,
    edges={
        (_S.TO_SIGN, _A.SIGN): _S.PART_SIGNED,
        (_S.PART_SIGNED, _A.SIGN): _S.SIGNED,
    },
    name="agreement",
)

WORDS = {
    _S.TO_SIGN: "Waiting for both signatures",
    _S.PART_SIGNED: "Signed by one side",
    _S.SIGNED: "Signed by both sides",
}
