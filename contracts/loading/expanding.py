"""Day schools that apply to board as well: one joining at each stage, of people who can sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

from contracts.loading.qualifying import (
    FAILS,
    Applicant,
    agree_all,
    find,
    grade_all,
    write_answers,
    write_costs,
)
from contracts.loading.story import Story
from dps.actors import Actor, Role
from dps.clock import london
from dps.demo import texts
from dps.demo.establishments import establishments
from qualification.models import Application
from qualification.places import Place
from qualification.queries.applications import contents_of
from qualification.services.agreeing import moderate
from qualification.services.answering import answer
from qualification.services.applying import submit_applications
from qualification.services.checking import ask_provider, not_clear, pass_stage_one
from qualification.services.deciding import decide
from qualification.services.evaluators import ask_evaluators, declare
from qualification.services.people import person_of
from qualification.services.starting import add_applications, start_joining

CATEGORY = "sen-residential"
STATEMENTS = ("workforce", "outcomes", "contract_management", "young_people")


class Reached(IntEnum):
    """How far a joining has come; each stage includes those before it."""

    DRAFT = 1
    ASKED = 2
    GRADING = 3
    GRADED = 4
    MODERATED = 5
    REJECTED = 6


@dataclass(frozen=True)
class Expansion:
    """Some schools of one provider, and how far their application has come."""

    schools: tuple[str, ...]
    reached: Reached
    days_ago: int


EXPANSIONS = (
    Expansion(("thimblewood-school", "otterlatch-school", "pippinfold-school"), Reached.DRAFT, 4),
    Expansion(("chalkwren-school", "little-chalkwren"), Reached.ASKED, 6),
    Expansion(("barleymow-field-school", "shinglefold-school"), Reached.GRADING, 12),
    Expansion(("copperhithe-school",), Reached.GRADED, 15),
    Expansion(("sedgeling-school",), Reached.MODERATED, 18),
    Expansion(("heronspool-school",), Reached.REJECTED, 40),
)


def expand(story: Story) -> None:
    for one in EXPANSIONS:
        _expand(story, one)


def _expand(story: Story, one: Expansion) -> None:
    at = story.ago(days=one.days_ago)
    schools = [each for each in establishments() if each.key in one.schools]
    owner = story.providers[schools[0].provider.key]
    grades = {code: 3 + number % 3 for number, code in enumerate(STATEMENTS)}
    applicants = [Applicant(each.key, CATEGORY, "weekly", each.places, grades) for each in schools]
    with story.acting(owner, at):
        applications = _begin(story, owner, applicants, at)
        write_answers(applications[0], owner=owner, at=at, number=one.days_ago)
        if len(applications) > 1:
            _differ(applications[-1], owner=owner, at=at)
        for applicant, application in zip(applicants, applications, strict=True):
            if one.reached > Reached.DRAFT or applicant is applicants[0]:
                write_costs(applicant, application, owner=owner, at=at)
        if one.reached > Reached.DRAFT:
            submit_applications(
                joining_id=applications[0].joining_id,
                application_ids=[each.id for each in applications],
                actor=owner,
                now=at,
            )
    if one.reached > Reached.DRAFT:
        _go_on(story, one, applicants[0], applications, at + timedelta(days=1))


def _begin(
    story: Story, owner: Actor, applicants: list[Applicant], at: datetime
) -> list[Application]:
    category_id: UUID = story.categories[CATEGORY].id
    joining = start_joining(actor=owner, now=at)
    wanted = [Place(story.establishments[each.key], category_id) for each in applicants]
    return add_applications(joining_id=joining.id, wanted=wanted, actor=owner, now=at)


def _differ(application: Application, *, owner: Actor, at: datetime) -> None:
    """One of several says something else of its staff."""
    found = next(
        each for each in contents_of(application).answered if each.criterion.code == STATEMENTS[0]
    )
    answer(
        joining_id=application.joining_id,
        question_id=found.criterion.question_id,
        establishment_id=application.establishment_id,
        text=texts.qualification_statements(STATEMENTS[0])[0].words,
        actor=owner,
        now=at,
    )


def _go_on(
    story: Story,
    one: Expansion,
    applicant: Applicant,
    applications: list[Application],
    at: datetime,
) -> None:
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    if one.reached is Reached.ASKED:
        with story.acting(officer, at):
            ask_provider(
                application_id=applications[0].id,
                code=FAILS,
                text="Your certificate names the school’s former address. Is the new one covered?",
                reply_by=london(story.now + timedelta(days=7)).date(),
                actor=officer,
                now=at,
            )
        return
    _check(story, one, applications, officer, at)
    _grade(story, one, applicant, applications[0].joining_id, at)
    if one.reached >= Reached.MODERATED:
        with story.acting(officer, at):
            agree_all(applicant, applications[0].joining_id, officer=officer, at=at)
            moderate(application_id=applications[0].id, actor=officer, now=at)
    if one.reached is Reached.REJECTED:
        _reject(story, applications[0], officer, at)


def _check(
    story: Story, one: Expansion, applications: list[Application], officer: Actor, at: datetime
) -> None:
    senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    asked = [person_of(officer), person_of(senior)]
    if one.reached is Reached.GRADING:
        for authority in ("west-sussex", "kent"):
            asked.append(person_of(story.person(authority, Role.EVALUATOR)))
    with story.acting(officer, at):
        for each in applications:
            for unclear in not_clear(contents_of(each)):
                find(each, unclear.criterion.code, "clear", officer=officer, at=at)
            pass_stage_one(application_id=each.id, actor=officer, now=at)
        joining_id = applications[0].joining_id
        ask_evaluators(joining_id=joining_id, person_ids=asked, actor=officer, now=at)


def _grade(
    story: Story, one: Expansion, applicant: Applicant, joining_id: UUID, at: datetime
) -> None:
    """Where grading goes on, one has handed in, one has begun, the councils' have not answered."""
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    grade_all(applicant, joining_id, story=story, grader=officer, at=at)
    if one.reached is not Reached.GRADING:
        grade_all(applicant, joining_id, story=story, grader=senior, at=at)
        return
    with story.acting(senior, at):
        declare(joining_id=joining_id, has_conflict=False, actor=senior, now=at)


def _reject(story: Story, application: Application, officer: Actor, at: datetime) -> None:
    senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    with story.acting(officer, at):
        find(application, FAILS, "fails", officer=officer, at=at)
    with story.acting(senior, at):
        decide(
            application_id=application.id,
            qualifies=False,
            reason=texts.decision_reasons("rejected")[0],
            failed=(FAILS,),
            actor=senior,
            now=at,
        )
