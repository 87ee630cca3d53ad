"""No page of qualification asks the database more than twelve times, whatever is on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dps.actors import REGION_ID, Role, system
from dps.models import EntryWindow
from dps.tenancy.identity import acting_as
from qualification.models import (
    Criterion,
    Evaluator,
    PointToClear,
    Question,
    RuleSet,
)
from qualification.services import applying, checking, rule_sets, suspending
from qualification.services.starting import Place
from tests.factories import asking, reviewing
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import COSTS, make_applying
from tests.integration.qualification.reading import page
from tests.integration.qualification.test_checking import several

BOSS = system(REGION_ID)
MOST = 12
"""With those of the session, the account, the membership and the identity."""


@pytest.fixture
def oak(region):
    return make_applying(region)


@pytest.fixture
def counted(sign_in):
    """How often each page asks, the second time it is opened."""

    def count(actor, pages):
        client, found = sign_in(actor), {}
        for name, address in pages.items():
            assert (name, client.get(address).status_code) == (name, 200)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found[name] = len(captured)
        return found

    return count


def too_many(found):
    return {name: number for name, number in found.items() if number > MOST}


def ids_of(model, **chosen):
    with acting_as(BOSS):
        return list(model.objects.filter(**chosen).order_by("id").values_list("id", flat=True))


@pytest.mark.parametrize("number", [1, 8])
def test_writing(oak, counted, number):
    places = [oak.another_establishment(f"Elm House {n}").id for n in range(number)]
    with acting_as(oak.head):
        joining = applying.start_joining(actor=oak.head, now=NOON)
        wanted = [Place(place, oak.region.category.id) for place in places]
        made = applying.add_applications(
            joining_id=joining.id, wanted=wanted, actor=oak.head, now=NOON
        )
    one, last = made[0], made[-1]
    for each in made:
        oak.put(each, *COSTS)
    oak.save(one, "registration", passes=True)
    question = Question.objects.get(code="registration").id
    pages = {
        "mine": page("mine"),
        "start": page("start"),
        "joining": page("joining", joining.id),
        "add": page("add", joining.id),
        "grounds": page("grounds", joining.id),
        "answer": page("answer", joining.id, question),
        "answer_at": page("answer_at", joining.id, question, one.establishment_id),
        "differently": page("differently", joining.id, question),
        "check": page("check", joining.id),
        "application": page("application", last.id),
        "remove": page("remove", last.id),
        "withdraw": page("withdraw", last.id),
        "core_costs": page("core_costs", last.id),
        "discounts": page("discounts", last.id),
        "cost_sheets": page("cost_sheets", joining.id),
    }

    assert too_many(counted(oak.head, pages)) == {}


@pytest.mark.parametrize("number", [1, 8])
def test_checking(oak, counted, number):
    made = several(oak, number)
    one = made[-1]
    with acting_as(oak.officer):
        for each in made:
            checking.ask_provider(
                application_id=each.id,
                code="inspection",
                text="Which result do you mean?",
                reply_by=(NOON + timedelta(days=9)).date(),
                actor=oak.officer,
                now=NOON,
            )
    (point, *_) = ids_of(PointToClear, application=one)
    team = {
        "queue": page("queue"),
        "joining_work": page("joining_work", one.joining_id),
        "review": page("review", one.id),
        "checks": page("checks", one.id),
        "check_one": page("check_one", one.id, "inspection"),
        "decision": page("decision", one.id),
        "ask_evaluators": page("ask_evaluators", one.joining_id),
    }
    own = {
        "points": page("points"),
        "point": page("point", point),
        "sent": page("sent", one.joining_id),
        "application": page("application", one.id),
        "withdraw": page("withdraw", one.id),
        "mine": page("mine"),
        "joining": page("joining", one.joining_id),
    }

    assert too_many(counted(oak.officer, team)) == {}
    assert too_many(counted(oak.head, own)) == {}


@pytest.mark.parametrize("number", [1, 8])
def test_grading_and_deciding(oak, counted, number):
    made = several(oak, number)
    one = made[-1]
    for each in made:
        evaluation.pass_stage_one(each, actor=oak.officer)
    evaluation.ask(one.joining_id, oak.graders, actor=oak.officer)
    shown = evaluation.statements(one.joining_id)
    of_people = next(each.answer.id for each in shown if not each.is_for_panel)
    of_panel = next(each.answer.id for each in shown if each.is_for_panel)
    grader = oak.graders[0]
    grading = {
        "grading": page("grading"),
        "grading_one": page("grading_one", one.joining_id),
        "grade_statement": page("grade_statement", one.joining_id, of_people),
    }
    found = counted(grader, grading)
    (evaluator, *_) = ids_of(Evaluator, joining_id=one.joining_id)
    found |= counted(oak.officer, {"release": page("release_evaluator", evaluator)})
    for each in oak.graders:
        evaluation.grade_all(one.joining_id, each)
    statements = {
        "joining_work": page("joining_work", one.joining_id),
        "agree": page("agree", of_people),
        "panel": page("panel", of_panel),
        "queue": page("queue"),
    }
    found |= counted(oak.officer, statements)
    evaluation.agree_all(one.joining_id, actor=oak.officer)
    for each in made:
        oak.moderate(each)
    ticked = "&".join(f"a={each.id}" for each in made)
    deciding = {
        "joining_work of moderated": page("joining_work", one.joining_id),
        "review of moderated": page("review", one.id),
        "checks of moderated": page("checks", one.id),
        "decision": page("decision", one.id),
        "reopen": page("reopen", one.id),
        "decide_together": f"{page('decide_together', one.joining_id)}?{ticked}",
    }
    found |= counted(oak.second, deciding)

    assert too_many(found) == {}


@pytest.mark.parametrize("qualifies", [True, False])
def test_decided(oak, counted, qualifies):
    one = oak.decided(qualifies=qualifies)
    team = {
        "decided": page("decided"),
        "review": page("review", one.id),
        "checks": page("checks", one.id),
        "joining_work": page("joining_work", one.joining_id),
    }
    own = {
        "outcome": page("outcome", one.id),
        "application": page("application", one.id),
        "mine": page("mine"),
        "joining": page("joining", one.joining_id),
        "invitable": page("invitable", one.establishment_id),
    }

    assert too_many(counted(oak.second, team)) == {}
    assert too_many(counted(oak.head, own)) == {}


def test_suspending(oak, counted):
    one = oak.decided()
    found = counted(oak.second, {"suspend": page("suspend", one.establishment_id)})
    with acting_as(oak.second):
        suspension = suspending.suspend(
            establishment_id=one.establishment_id,
            cause="other",
            reason="Fire doors.",
            actor=oak.second,
            now=NOON,
        )
    found |= counted(oak.second, {"reinstate": page("reinstate", suspension.id)})

    assert too_many(found) == {}


@pytest.mark.parametrize("number", [1, 4])
def test_standing_and_reviews(oak, counted, number):
    one = oak.decided()
    for each in range(1, number):
        oak.decided(establishment=oak.another_establishment(f"Elm House {each}").id)
    review = reviewing.propose(oak)
    with acting_as(oak.second):
        suspending.suspend(
            establishment_id=one.establishment_id,
            cause="insurance",
            reason="It ran out.",
            actor=oak.second,
            now=NOON,
        )
    own = {
        "standing": page("standing"),
        "standing_of": page("standing_of", one.establishment_id),
        "own_review": page("own_review", review.id),
    }
    team = {
        "score_reviews": page("score_reviews"),
        "score_review": page("score_review", review.id),
        "propose_review": page("propose_review", reviewing.listed(oak).id),
        "decide_review": page("decide_review", review.id),
        "review_rules": page("review_rules"),
    }

    assert too_many(counted(oak.head, own)) == {}
    assert too_many(counted(oak.second, team)) == {}


@pytest.mark.parametrize("number", [1, 8])
def test_terms_and_asking(oak, counted, number):
    manager = make_person(Role.DPS_MANAGER, authority=oak.region.west)
    day = timedelta(days=1)
    today = NOON.date()
    asking.make_window(
        oak.region, opens_on=today - day, closes_on=today + 20 * day, until=today + 10 * day
    )
    for _ in range(number):
        asked = asking.ask(oak.region, oak.writer)
    oak.decided()
    terms = asking.publish(manager)
    everybody = {
        "questions": page("questions"),
        "terms": page("terms"),
        "terms_version": page("terms_version", terms.number),
    }
    own = {
        "ask": page("ask"),
        "your_questions": page("your_questions"),
        "your_terms": page("your_terms"),
    }
    team = {
        "open_questions": page("open_questions"),
        "answer_question": page("answer_question", asked.pk),
        "decline_question": page("decline_question", asked.pk),
    }
    managed = {
        "terms_versions": page("terms_versions"),
        "new_terms": page("new_terms"),
        "terms_progress": page("terms_progress", terms.number),
    }

    assert too_many(counted(oak.head, everybody | own)) == {}
    assert too_many(counted(oak.officer, team)) == {}
    assert too_many(counted(manager, managed)) == {}


def make_window(market, number):
    opens_on = NOON.date() + timedelta(days=20 * number)
    return EntryWindow.objects.create(
        market=market, opens_on=opens_on, closes_on=opens_on + timedelta(days=9), made_at=NOON
    )


@pytest.mark.parametrize("number", [1, 8])
def test_the_market(oak, counted, number):
    market = oak.region.category.market
    manager = make_person(Role.DPS_MANAGER, authority=oak.region.west)
    code = oak.region.category.code
    with acting_as(BOSS):
        windows = [make_window(market, n) for n in range(number)]
    with acting_as(manager):
        draft = rule_sets.draft_rule_set(
            category_id=oak.region.category.id, actor=manager, now=NOON
        )
        published = RuleSet.objects.get(category=oak.region.category, number=1)
        asked = Criterion.objects.get(rule_set=draft, question__code="insurances")
        head = draft.heads.first()
    pages = {
        name: page(name, market.code)
        for name in (
            *("market", "change_extend", "change_shorten", "change_end", "change_ceiling"),
            "new_window",
        )
    }
    pages |= {
        name: page(name, draft.id)
        for name in (
            *("rule_set", "preview_rules", "publish_rules", "discard_rules", "rule_weights"),
            *("new_rule_question", "new_rule_cost_line"),
        )
    }
    pages |= {
        "markets": page("markets"),
        "window": page("window", windows[-1].id),
        "category_rules": page("category_rules", code),
        "rule_set published": page("rule_set", published.id),
        "rule_question": page("rule_question", asked.id),
        "rule_evidence": page("rule_evidence", asked.id),
        "rule_cost_line": page("rule_cost_line", head.id),
        "inspection_rules": page("inspection_rules"),
        "new_inspection_rule": page("new_inspection_rule", "ofsted_report_card"),
        "how_to_join": page("how_to_join"),
        "criteria": page("criteria", code),
        "what_passes": page("what_passes"),
    }

    assert too_many(counted(manager, pages)) == {}
