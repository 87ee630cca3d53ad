"""The stages of a referral and the steps between them. Drawn into docs/states/ by a command."""

from __future__ import annotations

import enum

from dps.lifecycle import Lifecycle


class ReferralState(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    GRADING = "grading"
    RANKED = "ranked"
    CHOOSING = "choosing"
    CHOSEN = "chosen"
    RECOMMENDED = "recommended"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


class ReferralStep(enum.StrEnum):
    ISSUE = "issue"
    OPEN_BIDS = "open bids"
    RANK = "rank"
    RANK_AGAIN = "rank again"
    OFFER_CHOICE = "offer choice"
    CLOSE_CHOICE = "close choice"
    RECOMMEND = "recommend"
    RETURN = "return"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


_S, _A = ReferralState, ReferralStep
BEFORE_AWARD = (
    _S.DRAFT,
    _S.OPEN,
    _S.GRADING,
    _S.RANKED,
    _S.CHOOSING,
    _S.CHOSEN,
    _S.RECOMMENDED,
)

REFERRAL = Lifecycle(
    start=_S.DRAFT,
    edges={
        (_S.DRAFT, _A.ISSUE): _S.OPEN,
        (_S.OPEN, _A.OPEN_BIDS): _S.GRADING,
        (_S.GRADING, _A.RANK): _S.RANKED,
        # Without an establishment that was suspended since. The parent may have to be asked again.
        (_S.RANKED, _A.RANK_AGAIN): _S.RANKED,
        (_S.CHOOSING, _A.RANK_AGAIN): _S.RANKED,
        (_S.CHOSEN, _A.RANK_AGAIN): _S.RANKED,
        (_S.RANKED, _A.OFFER_CHOICE): _S.CHOOSING,
        (_S.CHOOSING, _A.CLOSE_CHOICE): _S.CHOSEN,
        (_S.RANKED, _A.RECOMMEND): _S.RECOMMENDED,
        (_S.CHOSEN, _A.RECOMMEND): _S.RECOMMENDED,
        (_S.RECOMMENDED, _A.RETURN): _S.RANKED,
        (_S.RECOMMENDED, _A.APPROVE): _S.AWARDED,
        **{(state, _A.WITHDRAW): _S.WITHDRAWN for state in BEFORE_AWARD},
    },
)

WORDS = {
    _S.DRAFT: "Draft",
    _S.OPEN: "Open for bids",
    _S.GRADING: "Evaluating",
    _S.RANKED: "Ranked",
    _S.CHOOSING: "With the parent",
    _S.CHOSEN: "Parent has chosen",
    _S.RECOMMENDED: "Waiting for approval",
    _S.AWARDED: "Awarded",
    _S.WITHDRAWN: "Withdrawn",
}
"""What people read. An open referral whose deadline has passed reads "Bidding closed"."""
