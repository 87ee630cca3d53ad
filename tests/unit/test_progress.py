"""How far a part of a joining is: what its cells say, and what has to be done before it is sent."""

from uuid import UUID

from qualification.evidence_wanted import Fit, Match, WantedEvidence
from qualification.progress import Part, Progress, Section, Status
from qualification.stage_one import Finding, Result

INSURANCE = WantedEvidence("public_liability", "Public liability insurance")
LACKS, HELD = Match(INSURANCE, Fit.NOT_HELD), Match(INSURANCE, Fit.FITS)


def part(code, section=Section.QUESTIONS, **changes):
    usual = {"stage": 2, "is_begun": True, "is_complete": True}
    number = sum(code.encode())
    return Part(UUID(int=number), code, code.capitalize(), section, **usual | changes)


def first(result, **changes):
    usual = {"stage": 1, "finding": Finding(result)}
    return part("inspection", Section.INSPECTION, **usual | changes)


def progress(*parts, costs=True, **changes):
    return Progress(UUID(int=1), parts, costs_are_complete=costs, **changes)


def cells(found):
    return {each.section: (each.status, each.done, each.of) for each in found.cells()}


def test_each_section_shows_the_worst_of_its_parts():
    found = progress(
        first(Result.PASSES),
        part("law"),
        part("safeguarding", is_complete=False),
        part("workforce", Section.STATEMENTS, differs=True),
        costs=False,
    )

    assert cells(found) == {
        Section.INSPECTION: (Status.DONE, 1, 1),
        Section.QUESTIONS: (Status.MISSING, 1, 2),
        Section.STATEMENTS: (Status.DIFFERS, 1, 1),
        Section.COSTS: (Status.MISSING, 0, 1),
    }
    assert found.missing == ("Safeguarding", "Core costs")


def test_evidence_that_lacks_is_missing_though_the_answer_is_given():
    found = progress(part("insurances", matches=(LACKS,)), part("law", matches=(HELD,)))

    assert cells(found) == {
        Section.QUESTIONS: (Status.DONE, 2, 2),
        Section.EVIDENCE: (Status.MISSING, 1, 2),
        Section.COSTS: (Status.DONE, 1, 1),
    }
    assert found.missing == ("Insurances: evidence",)


def test_a_no_is_sent_if_it_must_be_but_shown_as_failing():
    found = progress(part("law", fails=True))

    assert cells(found)[Section.QUESTIONS] == (Status.FAILS, 0, 1)
    assert found.is_complete


def test_who_fails_stage_1_is_not_sent_and_stage_2_stays_shut():
    found = progress(first(Result.FAILS), part("law", is_complete=False))

    assert found.missing == ("Inspection", "Law")
    assert [(each.section, each.is_locked) for each in found.cells()] == [
        (Section.INSPECTION, False),
        (Section.QUESTIONS, True),
        (Section.COSTS, True),
    ]


def test_what_an_officer_looks_at_is_sent():
    found = progress(first(Result.LOOK_AT))

    assert (found.is_complete, found.stage_two_is_open) == (True, True)
    assert cells(found)[Section.INSPECTION] == (Status.LOOKED_AT, 1, 1)


def test_what_is_kept_is_not_asked_but_its_evidence_is_when_it_has_expired():
    kept = {"is_kept": True, "is_complete": False}
    found = progress(
        part("law", **kept),
        part("insurances", matches=(LACKS,), **kept),
        costs=False,
        costs_are_kept=True,
    )

    assert found.missing == ("Insurances: evidence",)
    assert cells(found)[Section.QUESTIONS] == (Status.KEPT, 2, 2)
    assert cells(found)[Section.COSTS] == (Status.KEPT, 1, 1)
