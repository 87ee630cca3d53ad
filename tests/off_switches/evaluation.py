"""Checking, grading, moderating and deciding: two at once, and who sees which grade."""

from dps.actors import Kind
from tests.off_switches.kinds import Opened, RowLock
from tests.off_switches.switch import Switch

EVALUATION = [
    Switch(
        "application-row-of-checking",
        "nothing is found behind the decision",
        RowLock("qualification.services.checking._locked"),
    ),
    Switch(
        "application-row-of-stage-1",
        "stage 1 is passed once",
        RowLock("qualification.services.checking.pass_stage_one"),
    ),
    Switch(
        "point-rows-of-replying",
        "a question is replied to once, and the second is told so",
        RowLock("qualification.services.checking.reply"),
    ),
    Switch(
        "application-rows-of-asking",
        "the same people asked by two officers are asked once",
        RowLock("qualification.services.evaluators._lock"),
    ),
    Switch(
        "evaluator-row",
        "whoever is being released hands nothing in",
        RowLock("qualification.services.evaluators.own_locked"),
    ),
    Switch(
        "evaluator-row-of-releasing",
        "nobody is released who is handing in",
        RowLock("qualification.services.evaluators.release_evaluator"),
    ),
    Switch(
        "application-row-of-moderating",
        "the grading is closed once",
        RowLock("qualification.services.agreeing.moderate"),
    ),
    Switch(
        "application-row-of-grading-again",
        "what is being decided is not opened again",
        RowLock("qualification.services.agreeing.grade_again"),
    ),
    Switch(
        "statement-grades-are-blind",
        "no officer reads another's grade before all are in",
        Opened(Kind.CENTRAL, ("qualification.Grade",)),
    ),
    Switch(
        "councils-read-own-statement-grades",
        "no evaluator of a council reads another's grade at any time",
        Opened(Kind.AUTHORITY, ("qualification.Grade",)),
    ),
    Switch(
        "statement-grades-stand-once-handed-in",
        "nobody changes a grade that was handed in",
        Opened(Kind.CENTRAL, ("qualification.Grade",), "UPDATE"),
    ),
    Switch(
        "statement-grades-in-own-name",
        "nobody grades in another's name, or unasked",
        Opened(Kind.CENTRAL, ("qualification.Grade",), "INSERT"),
    ),
    Switch(
        "agreed-by-nobody-who-is-blind",
        "no grade is agreed before all are in",
        Opened(Kind.CENTRAL, ("qualification.AgreedGrade",), "INSERT"),
    ),
    Switch(
        "evaluators-read-what-they-were-asked-for",
        "an evaluator of a council reads the statements they were asked for alone",
        Opened(Kind.AUTHORITY, ("qualification.Answer",)),
    ),
    Switch(
        "released-evaluators-stay-released",
        "whoever has a conflict of interest does not come back",
        Opened(Kind.AUTHORITY, ("qualification.Evaluator",), "UPDATE"),
    ),
    Switch(
        "replies-stand",
        "a provider does not rewrite its reply",
        Opened(Kind.PROVIDER, ("qualification.PointToClear",), "UPDATE"),
    ),
]
