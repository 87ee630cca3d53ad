"""A suspended establishment sends again what failed; the decision lifts the suspension."""

from datetime import timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.models import Category, EntryWindow, Message, OwedJob
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification.models import (
    AgreedGrade,
    Application,
    Cap,
    CompetencyScore,
    Qualification,
    Question,
    RuleSet,
    SentAnswer,
    Suspension,
)
from qualification.queries.applications import contents_of
from qualification.services import applying, deciding, lifting, putting_right, setting_up
from qualification.services.answering import KeptFromBefore
from qualification.services.lifting import put_suspension_right, what_fails
from qualification.services.starting import AlreadyApplying
from qualification.services.suspending import AlreadyLifted, reinstate, suspend
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import RULES_FROM, make_applying, verbs

BOSS = system(REGION_ID)
LATER = NOON + timedelta(days=30)


@pytest.fixture
def oak(region):
    one = make_applying(region)
    one.decided()
    return one


def suspended(oak, cause="insurance", **changes):
    with acting_as(oak.second):
        return suspend(
            establishment_id=oak.establishment.id,
            cause=cause,
            reason="It ran out.",
            actor=oak.second,
            now=NOON,
            **changes,
        )


def put_right(oak, suspension, *, actor=None):
    actor = actor or oak.writer
    with acting_as(actor):
        return put_suspension_right(suspension_id=suspension.id, actor=actor, now=LATER)


def send(oak, application):
    """Answer with yes what is asked, and send it."""
    with acting_as(oak.head):
        for each in contents_of(oak.fresh(application)).answered:
            if not each.is_kept:
                applying.answer(
                    joining_id=application.joining_id,
                    question_id=each.criterion.question_id,
                    passes=True,
                    actor=oak.head,
                    now=LATER,
                )
        return applying.submit_application(application_id=application.id, actor=oak.head, now=LATER)


def check(oak, application):
    """As an officer has it: checked, and waiting for a decision."""
    evaluation.pass_stage_one(application, actor=oak.officer, now=LATER)
    oak.moderate(application, now=LATER)


def decide(oak, application, *, qualifies=True, actor=None, failed=()):
    actor = actor or oak.second
    with acting_as(actor):
        return deciding.decide(
            application_id=application.id,
            qualifies=qualifies,
            reason="The new certificate covers it." if qualifies else "Not enough.",
            failed=failed,
            actor=actor,
            now=LATER,
        )


def is_lifted():
    with acting_as(BOSS):
        return Suspension.objects.get().lifted_at is not None


def on_residential_too(oak):
    """The establishment on the list of a second category, from an application of its own."""
    with acting_as(BOSS):
        category = Category.objects.create(
            market=oak.region.category.market,
            code="sen-residential",
            service="Special educational needs",
            name="SEN residential",
            is_residential=True,
        )
        rules = setting_up.install_rules(
            category=category, from_date=RULES_FROM, actor=BOSS, now=NOON
        )
        first = Application.objects.get()
        second = Application.objects.get()
        second.pk = None
        second.id = Application._meta.get_field("id").default()
        second.category, second.rule_set, second._state.adding = category, rules, True
        second.save()
        for row in SentAnswer.objects.filter(application=first).select_related("criterion"):
            criterion = rules.criteria.get(question=row.criterion.question_id)
            SentAnswer.objects.create(
                provider_id=row.provider_id,
                application=second,
                criterion=criterion,
                answer_id=row.answer_id,
            )
        Qualification.objects.create(
            establishment=oak.establishment,
            category=category,
            application_id=second.id,
            rule_set=rules,
            qualified_at=NOON,
        )


def test_only_what_failed_is_asked_and_the_decision_lifts_the_suspension(oak):
    suspension = suspended(oak)

    (application,) = put_right(oak, suspension)

    assert (application.to_put_right, application.state) == (["insurances"], "draft")
    with pytest.raises(KeptFromBefore):
        oak.save(application, "workforce", text="Changed.")
    send(oak, application)
    check(oak, application)
    assert not is_lifted()
    decide(oak, application)
    with acting_as(BOSS):
        lifted = Suspension.objects.get()
        assert (lifted.lifted_by_id, lifted.lift_reason) == (
            oak.second.person_id,
            "It was put right. The new certificate covers it.",
        )
        # On the list as before, with the costs of what was sent last; no second invitation.
        listed = Qualification.objects.get()
        assert (listed.application_id, listed.qualified_at) == (application.id, NOON)
        assert OwedJob.objects.filter(job=deciding.INVITE_NEWLY_QUALIFIED).count() == 1
        assert Message.objects.filter(template="qualification/reinstated").exists()
    assert verbs()[-2:] == ["establishment.reinstated", "application.qualified"]


def test_the_score_and_the_grades_stay_as_they_are(oak):
    (application,) = put_right(oak, suspended(oak))
    send(oak, application)
    with acting_as(BOSS):
        assert AgreedGrade.objects.count() == 4
    check(oak, application)

    decide(oak, application)

    with acting_as(BOSS):
        assert list(CompetencyScore.objects.values_list("score", flat=True)) == [80_00]
        assert AgreedGrade.objects.count() == 4


def test_it_is_refused_and_put_right_again_without_waiting(oak):
    (application,) = put_right(oak, suspended(oak))
    send(oak, application)
    evaluation.pass_stage_one(application, actor=oak.officer, now=LATER)
    evaluation.fails(application, "insurances", actor=oak.officer, now=LATER)
    decide(oak, application, qualifies=False, failed=["insurances"])
    assert not is_lifted()

    with acting_as(oak.writer):
        again = putting_right.put_right(application_id=application.id, actor=oak.writer, now=LATER)

    assert (again.to_put_right, again.suspension_id) == (["insurances"], application.suspension_id)
    send(oak, again)
    check(oak, again)
    decide(oak, again)
    assert is_lifted()


def test_no_entry_window_and_no_new_rules_keep_it_out(oak):
    suspension = suspended(oak)
    with acting_as(BOSS):
        EntryWindow.objects.create(
            market=oak.region.category.market,
            opens_on=(NOON + timedelta(days=9999)).date(),
            made_at=NOON,
        )
        old = Qualification.objects.get().rule_set_id
        RuleSet.objects.filter(pk=old).update(until_date=LATER.date())

    (application,) = put_right(oak, suspension)

    assert application.rule_set_id == old
    assert send(oak, application).state == "submitted"


def test_a_cap_that_came_later_does_not_keep_it_out(oak):
    (application,) = put_right(oak, suspended(oak))
    with acting_as(BOSS):
        Cap.objects.create(
            category=oak.region.category,
            year_pence=1_00,
            from_date=NOON.date(),
            reason="x",
            made_at=NOON,
        )
    send(oak, application)
    check(oak, application)

    assert decide(oak, application).state == "qualified"


@pytest.mark.parametrize(
    ("cause", "failed", "asked"),
    [
        ("inspection", (), ["inspection"]),
        ("registration", (), ["registration"]),
        ("other", ("law", "safeguarding"), ["law", "safeguarding"]),
        ("other", ("costs",), ["costs"]),
    ],
)
def test_the_cause_or_the_officer_says_what_failed(oak, cause, failed, asked):
    (application,) = put_right(oak, suspended(oak, cause, failed=failed))

    assert application.to_put_right == asked


def test_where_nobody_said_it_all_that_passes_or_fails_is_asked_and_no_statement(oak):
    suspension = suspended(oak, "other")

    (application,) = put_right(oak, suspension)

    with acting_as(BOSS):
        kinds = set(
            Question.objects.filter(code__in=application.to_put_right).values_list(
                "kind", flat=True
            )
        )
        found = what_fails([suspension], Qualification.objects.all())
    assert "statement" not in kinds
    titles = found[suspension.id]
    assert "Insurances" in titles
    assert "Workforce" not in titles


def test_a_closed_establishment_sends_and_qualifies_once_it_is_open(oak):
    suspension = suspended(oak, "registration")
    with acting_as(BOSS):
        oak.establishment.is_open = False
        oak.establishment.save()

    (application,) = put_right(oak, suspension)

    assert application.to_put_right == ["registration"]


def test_it_is_put_right_once_at_a_time_and_anew_after_it_was_taken_back(oak):
    suspension = suspended(oak)
    (application,) = put_right(oak, suspension)
    with pytest.raises(AlreadyApplying):
        put_right(oak, suspension)
    with acting_as(oak.head):
        applying.withdraw_application(application_id=application.id, actor=oak.head, now=LATER)

    assert len(put_right(oak, suspension)) == 1


def test_nothing_is_put_right_that_is_lifted_or_of_another_provider(oak):
    suspension = suspended(oak)
    rival = make_applying(oak.region, "Rival Trust")
    with pytest.raises(Suspension.DoesNotExist):
        put_right(oak, suspension, actor=rival.head)
    with pytest.raises(NotPermitted):
        put_right(oak, suspension, actor=oak.officer)
    with acting_as(oak.second):
        reinstate(suspension_id=suspension.id, reason="Seen.", actor=oak.second, now=LATER)
    with pytest.raises(AlreadyLifted):
        put_right(oak, suspension)


def test_who_may_not_lift_a_suspension_does_not_decide_that_it_passes(oak):
    (application,) = put_right(oak, suspended(oak))
    send(oak, application)
    check(oak, application)
    other = make_person(Role.CONTRACTS_OFFICER, authority=oak.region.west, name="Other")

    with pytest.raises(lifting.OnlyASeniorLifts):
        decide(oak, application, actor=other)
    assert not is_lifted()


def test_what_was_lifted_by_hand_meanwhile_is_decided_all_the_same(oak):
    suspension = suspended(oak)
    (application,) = put_right(oak, suspension)
    send(oak, application)
    check(oak, application)
    with acting_as(oak.second):
        reinstate(suspension_id=suspension.id, reason="Seen.", actor=oak.second, now=LATER)

    assert decide(oak, application).state == "qualified"
    assert verbs().count("establishment.reinstated") == 1


def test_in_two_categories_it_is_lifted_with_the_last_of_them(oak):
    on_residential_too(oak)
    first, second = put_right(oak, suspended(oak))
    assert first.joining_id == second.joining_id
    send(oak, first)
    send(oak, second)
    for one in (first, second):
        check(oak, one)

    decide(oak, first)
    assert not is_lifted()
    decide(oak, second)
    assert is_lifted()


def test_a_category_that_was_taken_back_keeps_it_suspended(oak):
    on_residential_too(oak)
    suspension = suspended(oak)
    first, second = put_right(oak, suspension)
    with acting_as(oak.head):
        applying.withdraw_application(application_id=second.id, actor=oak.head, now=LATER)
    send(oak, first)
    check(oak, first)
    decide(oak, first)
    assert not is_lifted()

    (rest,) = put_right(oak, suspension)

    assert rest.category_id == second.category_id
