"""Questions about joining and contract terms: who reads and writes, and two at once."""

from dps.actors import Kind
from tests.off_switches.kinds import Opened, RowLock, Unconstrained
from tests.off_switches.switch import Switch

ASKING = [
    Switch(
        "question-row",
        "a question is answered or closed once",
        RowLock("qualification.services.clarifying._open"),
    ),
    Switch(
        "questions-of-own-provider",
        "no provider reads what another has asked, nor who asked what is published",
        Opened(Kind.PROVIDER, ("qualification.AskedQuestion",)),
    ),
    Switch(
        "asked-in-own-name",
        "nobody asks in another's name, or writes an answer into their own question",
        Opened(Kind.PROVIDER, ("qualification.AskedQuestion",), "INSERT"),
    ),
    Switch(
        "acceptances-of-own-provider",
        "no provider reads whether another has accepted the terms",
        Opened(Kind.PROVIDER, ("qualification.Acceptance",)),
    ),
    Switch(
        "accepted-in-own-name",
        "nobody accepts the terms for another provider, or in another's name",
        Opened(Kind.PROVIDER, ("qualification.Acceptance",), "INSERT"),
    ),
    Switch(
        "terms-accepted-once",
        "a provider accepts a version once, and the second is told so",
        Unconstrained("qualification_acceptance", "terms_accepted_once"),
    ),
    Switch(
        "terms-numbered-once",
        "two who publish terms at once publish one version",
        Unconstrained("qualification_terms", "terms_numbered_once"),
    ),
]
