"""The outcome letter: its lines, what is to put right, and the PDF made once."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, system
from dps.models import Document
from dps.tenancy.identity import acting_as
from qualification.models import AgreedGrade
from qualification.queries.applications import contents_of
from qualification.services.letters import make_outcome_letter, outcome_of
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying
from tests.integration.qualification.test_checking import several
from tests.integration.qualification.test_deciding import cap, refuse

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def outcome(oak, application):
    """As the provider itself reads it."""
    with acting_as(oak.head):
        return outcome_of(contents_of(oak.fresh(application)))


def test_the_letter_of_who_qualified_gives_each_grade_with_its_reason(oak):
    letter = outcome(oak, oak.decided())

    assert (letter.is_qualified, letter.to_put_right) == (True, ())
    assert sum(line.weight for line in letter.grades) == 100_00
    assert sum(line.points for line in letter.grades) == 80_00
    assert {(line.grade, line.grade_name, line.reason) for line in letter.grades} == {
        (4, "Good", "Clear, with results.")
    }
    assert [line.is_of_panel for line in letter.grades].count(True) == 1


def test_the_letter_of_who_did_not_says_what_to_put_right_and_how(oak):
    letter = outcome(oak, oak.decided(qualifies=False))

    assert [(item.title, item.how) for item in letter.to_put_right] == [
        ("Insurances", "The certificate has run out. Send the new one.")
    ]
    assert letter.failing == ("Insurances",)


def test_costs_above_the_cap_stand_in_the_letter(oak):
    application = oak.moderated()
    cap(oak, 1_000_00)

    letter = outcome(oak, refuse(oak, application, "costs"))

    [item] = letter.to_put_right
    assert item.title == "Core costs"
    assert item.how.startswith("The core costs come to £45,000.00 a year, above the cap of £1,000")


def test_a_grade_agreed_after_the_decision_is_not_in_the_letter(oak):
    first, second = several(oak, 2)
    evaluation.fails(first, "inspection", actor=oak.officer)
    refuse(oak, first, "inspection")
    later = NOON + timedelta(days=3)
    oak.grade(second, now=later)

    assert outcome(oak, oak.seen(first)).grades == ()
    with acting_as(BOSS):
        assert AgreedGrade.objects.exists()


def test_the_pdf_is_made_once(oak):
    application = oak.decided(qualifies=False)

    for _ in range(2):
        with acting_as(BOSS):
            make_outcome_letter(application_id=str(application.id), actor=BOSS, now=NOON)

    with acting_as(BOSS):
        [made] = Document.objects.filter(kind="qualification_outcome")
    assert bytes(made.content[:5]) == b"%PDF-"
