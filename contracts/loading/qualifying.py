"""Chapter three: applications are written, graded and decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from contracts.loading.authorities import BEGAN, USED
from contracts.loading.story import Story
from dps.actors import Actor, Role
from dps.demo import costs, texts
from dps.demo.establishments import DemoEstablishment, Part, establishments
from dps.demo.real_schools import DemoRealSchool, categories_of, qualified_real_schools
from dps.money import Basis
from providers.models import Establishment
from qualification.core_costs import CostEntry, Driver
from qualification.discounts import DiscountKind, Step
from qualification.models import Application, Question
from qualification.queries.applications import contents_of
from qualification.queries.evaluation import statements_of, to_grade_by
from qualification.services.agreeing import agree, grade_for_panel, moderate
from qualification.services.answering import answer
from qualification.services.applying import submit_application
from qualification.services.checking import check, not_clear, pass_stage_one
from qualification.services.costs import set_core_costs
from qualification.services.deciding import decide
from qualification.services.declaring import declare_grounds
from qualification.services.discounting import set_discounts
from qualification.services.evaluators import ask_evaluators, declare
from qualification.services.grading import hand_in_grades, save_grade
from qualification.services.people import person_of
from qualification.services.starting import start_application
from qualification.services.suspending import suspend

FAILS = "insurances"
"""What those who do not qualify have to put right."""
STATEMENTS = ("workforce", "outcomes", "contract_management", "young_people")


@dataclass(frozen=True)
class Applicant:
    """One establishment applying for one category, and what will come of it."""

    key: str
    category: str
    boarding: str
    places: int
    grades: dict[str, int]
    part: Part = Part.ORDINARY
    said: dict[str, str] = field(default_factory=dict)


def apply_all(story: Story) -> None:
    applicants = [*_real(), *_invented(story.scale)]
    for number, one in enumerate(applicants):
        started = story.ago(days=BEGAN - 40 - number % 60)
        if one.part is Part.IN_PROGRESS:
            started = story.ago(days=3 + number % 5)
        _apply(story, one, started=started, number=number)
        if number % 10 == 9:
            story.say(f"  {number + 1} of {len(applicants)} applications")


def suspend_two(story: Story) -> None:
    """The central team suspends by hand those whose part it is."""
    officer = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    for days, one in enumerate(e for e in establishments() if e.part is Part.SUSPENDED):
        at = story.ago(days=40 + days)
        reason = texts.decision_reasons("suspended")[days % 2]
        with story.acting(officer, at):
            suspend(
                establishment_id=story.establishments[one.key],
                cause="other",
                reason=reason,
                failed=("safeguarding" if days % 2 else FAILS,),
                actor=officer,
                now=at,
            )


def _apply(story: Story, one: Applicant, *, started: datetime, number: int) -> None:
    owner = _owner(story, one.key)
    category = story.categories[one.category]
    with story.acting(owner, started):
        application = start_application(
            establishment_id=story.establishments[one.key],
            category_id=category.id,
            actor=owner,
            now=started,
        )
        write_answers(application, owner=owner, at=started, number=number)
        write_costs(one, application, owner=owner, at=started)
    if one.part is Part.IN_PROGRESS and number % 2:
        return
    sent = started + timedelta(days=2)
    with story.acting(owner, sent):
        submit_application(application_id=application.id, actor=owner, now=sent)
    if one.part is not Part.IN_PROGRESS:
        _decide(story, one, application, at=sent + timedelta(days=9))


def write_answers(application: Application, *, owner: Actor, at: datetime, number: int) -> None:
    """No ground applies, yes to every question, and the statements of the demo's texts."""
    declare_grounds(joining_id=application.joining_id, grounds=[], actor=owner, now=at)
    for each in contents_of(application).answered:
        if each.criterion.kind == Question.Kind.EXCLUSIONS:
            continue
        given: dict[str, object] = {"passes": True}
        if each.is_statement:
            written = texts.qualification_statements(each.criterion.code)
            given = {"text": written[number % len(written)].words}
        answer(
            joining_id=application.joining_id,
            question_id=each.criterion.question_id,
            actor=owner,
            now=at,
            **given,  # type: ignore[arg-type]
        )


def write_costs(one: Applicant, application: Application, *, owner: Actor, at: datetime) -> None:
    setting = costs.setting_for(one.category.replace("-", "_"), one.boarding)
    lines = [
        CostEntry(
            line.head,
            line.pence,
            Basis(line.basis),
            Driver(line.driver) if line.driver else None,
        )
        for line in costs.core_lines(seed=one.key, setting=setting, places=one.places)
    ]
    set_core_costs(application_id=application.id, lines=lines, actor=owner, now=at)
    steps = [
        Step(DiscountKind(each.kind), each.from_children, each.percent)
        for each in costs.discounts(seed=one.key)
    ]
    set_discounts(application_id=application.id, steps=steps, actor=owner, now=at)


def _decide(story: Story, one: Applicant, application: Application, *, at: datetime) -> None:
    _evaluate(story, one, application, at=at)
    senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    qualifies = one.part is not Part.REJECTED
    about = "qualified" if qualifies else "rejected"
    reasons = texts.decision_reasons(about)
    with story.acting(senior, at):
        decide(
            application_id=application.id,
            qualifies=qualifies,
            reason=reasons[len(one.key) % len(reasons)],
            failed=() if qualifies else (FAILS,),
            actor=senior,
            now=at,
        )


def _evaluate(story: Story, one: Applicant, application: Application, *, at: datetime) -> None:
    """Checked by an officer, graded by two people, agreed and closed by the officer."""
    officer = story.person("central", Role.CONTRACTS_OFFICER)
    senior = story.person("central", Role.SENIOR_CONTRACTS_OFFICER)
    joining_id = application.joining_id
    with story.acting(officer, at):
        for each in not_clear(contents_of(application)):
            find(application, each.criterion.code, "clear", officer=officer, at=at)
        pass_stage_one(application_id=application.id, actor=officer, now=at)
        asked = [person_of(each) for each in (officer, senior)]
        ask_evaluators(joining_id=joining_id, person_ids=asked, actor=officer, now=at)
    for grader in (officer, senior):
        grade_all(one, joining_id, story=story, grader=grader, at=at)
    with story.acting(officer, at):
        agree_all(one, joining_id, officer=officer, at=at)
        moderate(application_id=application.id, actor=officer, now=at)
        if one.part is Part.REJECTED:
            find(application, FAILS, "fails", officer=officer, at=at)


def find(application: Application, code: str, result: str, *, officer: Actor, at: datetime) -> None:
    note = texts.decision_reasons("rejected")[0] if result == "fails" else ""
    check(
        application_id=application.id,
        code=code,
        result=result,
        note=note,
        actor=officer,
        now=at,
    )


def agree_all(one: Applicant, joining_id: UUID, *, officer: Actor, at: datetime) -> None:
    for each in statements_of(joining_id):
        if each.agreed is not None:
            continue
        grade = one.grades[each.question.code]
        settle = grade_for_panel if each.is_for_panel else agree
        settle(
            answer_id=each.answer.id,
            grade=grade,
            reason=texts.statement_note(grade),
            actor=officer,
            now=at,
        )


def grade_all(
    one: Applicant, joining_id: UUID, *, story: Story, grader: Actor, at: datetime
) -> None:
    """Nothing stands against it; every statement that waits is graded, and handed in."""
    with story.acting(grader, at):
        if to_grade_by(person_of(grader)).get(joining_id=joining_id).declared_at is None:
            declare(joining_id=joining_id, has_conflict=False, actor=grader, now=at)
        waiting = [
            each for each in statements_of(joining_id) if not (each.is_for_panel or each.are_in)
        ]
        for each in waiting:
            grade = one.grades[each.question.code]
            reason = texts.statement_note(grade)
            save_grade(answer_id=each.answer.id, grade=grade, reason=reason, actor=grader, now=at)
        if waiting:
            hand_in_grades(joining_id=joining_id, actor=grader, now=at)


def _owner(story: Story, key: str):  # type: ignore[no-untyped-def]
    if key in story.providers:
        return story.providers[key]
    name, _, copy = key.partition("#")
    provider = next(e.provider.key for e in establishments() if e.key == name)
    return story.providers[f"{provider}#{copy}" if copy else provider]


def _real() -> list[Applicant]:
    boarders = dict(Establishment.objects.filter(urn__isnull=False).values_list("urn", "boarders"))
    return [
        Applicant(
            key=school.urn,
            category=category.replace("_", "-"),
            boarding="weekly",
            places=school.places,
            grades=_grades_of(school),
        )
        for school in qualified_real_schools()
        for category in categories_of(boarders[school.urn])
    ]


def _grades_of(school: DemoRealSchool) -> dict[str, int]:
    grades = (
        school.workforce_grade,
        school.outcomes_grade,
        school.contract_grade,
        school.young_people_grade,
    )
    return dict(zip(STATEMENTS, grades, strict=True))


def _invented(scale: int) -> list[Applicant]:
    return [
        _applicant(one, category, copy)
        for copy in range(scale)
        for one in establishments()
        for category in (code.replace("_", "-") for code in one.categories)
        if category in USED
    ]


def _applicant(one: DemoEstablishment, category: str, copy: int) -> Applicant:
    drawn = sum(one.key.encode()) + copy
    low = 1 if one.part is Part.REJECTED else 2
    grades = {code: low + (drawn + n * 7) % (6 - low) for n, code in enumerate(STATEMENTS)}
    return Applicant(
        key=one.key if copy == 0 else f"{one.key}#{copy}",
        category=category,
        boarding=one.boarding,
        places=one.places,
        grades=grades,
        part=one.part,
    )
