"""Reviews of scores: written part by part, each once, by whoever it belongs to."""

from dps.actors import Kind
from tests.off_switches.kinds import Opened, RowLock, Untriggered
from tests.off_switches.switch import Switch

REVIEWS = [
    Switch(
        "qualification-row-of-proposing",
        "one review of a score is proposed at a time, and the second is told so",
        RowLock("qualification.services.reviewing.propose_review"),
    ),
    Switch(
        "review-row-of-replying",
        "a review is replied to once, and the second is told so",
        RowLock("qualification.services.reviewing.reply_to_review"),
    ),
    Switch(
        "review-row-of-deciding",
        "a review is decided once",
        RowLock("qualification.services.reviewing.decide_review"),
    ),
    Switch(
        "review-read-by-its-provider",
        "a provider reads no review of a rival's score",
        Opened(Kind.PROVIDER, ("qualification.ScoreReview",)),
    ),
    Switch(
        "review-not-decided-by-its-provider",
        "a provider does not decide on its own score",
        Opened(Kind.PROVIDER, ("qualification.ScoreReview",), "UPDATE"),
    ),
    Switch(
        "review-stands",
        "what was proposed, replied and decided is not rewritten",
        Untriggered("qualification_scorereview", "score_review_stands"),
    ),
]
