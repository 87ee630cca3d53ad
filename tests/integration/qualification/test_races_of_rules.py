"""Two people at once on the market's set-up: one changes it, the other is told so in words."""

from datetime import date, timedelta

import pytest

from dps.actors import REGION_ID, Role, system
from dps.market_terms import WrongDate
from dps.models import Market
from dps.services.markets import extend_market
from dps.tenancy.identity import acting_as
from qualification.models import Cap, Criterion, InspectionRule, Question, RuleSet
from qualification.scoring import PassRule, Requirement, Scale
from qualification.services import caps, rule_questions, rule_sets
from qualification.services.inspection_rules import RuleStartsTooEarly, add_inspection_rule
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
SOON = NOON.date() + timedelta(days=30)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def oak():
    return make_applying(make_region())


@pytest.fixture
def two(oak):
    return [
        make_person(Role.DPS_MANAGER, authority=oak.region.west, name=name)
        for name in ("One", "Two")
    ]


@pytest.fixture
def draft(oak, two):
    with acting_as(two[0]):
        made = rule_sets.draft_rule_set(category_id=oak.region.category.id, actor=two[0], now=NOON)
        made.heads.filter(code="premises").update(title="Buildings")
        return made


def each(service, people, **given):
    return [act(service, actor=person, now=NOON, **given) for person in people]


def count(model, **where):
    with acting_as(BOSS):
        return model.objects.filter(**where).count()


def publishing(person, draft):
    return act(
        rule_sets.publish_rule_set,
        actor=person,
        now=NOON,
        rule_set_id=draft.pk,
        from_date=SOON,
        change="Clearer.",
    )


@pytest.mark.off_switch("rule-sets-of-drafting")
def test_two_who_prepare_a_version_prepare_one(oak, two):
    acts = each(rule_sets.draft_rule_set, two, category_id=oak.region.category.id)
    done = in_turn(*acts)

    assert refusals(done.both) == [rule_sets.DraftExists]
    assert count(RuleSet, published_at__isnull=True) == 1


@pytest.mark.off_switch("rule-sets-of-publishing")
def test_two_who_publish_publish_once(draft, two):
    done = in_turn(*(publishing(person, draft) for person in two))

    assert refusals(done.both) == [rule_sets.NotADraftOfRules]


@pytest.mark.off_switch("rule-set-of-writing")
def test_nobody_writes_on_a_version_that_is_being_published(draft, two):
    with acting_as(BOSS):
        asked = Criterion.objects.get(rule_set=draft, question__code="law")
    dropping = act(rule_questions.drop_question, actor=two[1], now=NOON, criterion_id=asked.pk)
    done = in_turn(publishing(two[0], draft), dropping)

    assert refusals(done.both) == [rule_sets.NotADraftOfRules]
    assert count(Criterion, pk=asked.pk) == 1


def slip_in(*, draft, actor, now):
    """What no service does: past all of them, straight into the table."""
    question = Question.objects.create(code="late", kind="shown", title="Late", text="Late?")
    Criterion.objects.create(rule_set=draft, question=question)


@pytest.mark.off_switch("part-waits-for-publishing")
def test_nothing_slips_in_while_a_version_is_published(draft, two):
    done = in_turn(publishing(two[0], draft), act(slip_in, actor=two[1], now=NOON, draft=draft))

    assert (type(done.first), done.waited) == (RuleSet, True)
    assert "does not change" in str(done.second)
    assert count(Criterion, question__code="late") == 0


@pytest.mark.off_switch("inspection-rules-of-a-scheme")
def test_two_rules_of_one_scheme_for_one_day_are_one(two, oak):
    rule = PassRule(
        Scale.ISI_FRAMEWORK, SOON, requirements=(Requirement("safeguarding", frozenset({"met"})),)
    )
    done = in_turn(*each(add_inspection_rule, two, rule=rule, reason="The Board"))

    assert refusals(done.both) == [RuleStartsTooEarly]
    assert count(InspectionRule, scale="isi_framework") == 2


def cap_of(oak, person, pence, day):
    return {
        "category_id": oak.region.category.id,
        "authority_id": None,
        "year_pence": pence,
        "from_date": day,
        "reason": "Benchmarked",
    }


@pytest.fixture
def cap(oak, two):
    with acting_as(two[0]):
        given = cap_of(oak, two[0], 5_00, NOON.date())
        return caps.set_cap(actor=two[0], now=NOON, **given)


@pytest.mark.off_switch("caps-of-a-category")
def test_two_caps_for_one_day_are_one(cap, oak, two):
    done = in_turn(*each(caps.set_cap, two, **cap_of(oak, two[0], 6_00, SOON)))

    assert refusals(done.both) == [caps.CapStartsTooEarly]
    assert count(Cap) == 2


@pytest.mark.off_switch("cap-row-of-lifting")
def test_a_cap_gets_one_last_day(cap, two):
    first, second = two
    days = (SOON, SOON + timedelta(days=1))
    done = in_turn(
        *(
            act(
                caps.lift_cap,
                actor=person,
                now=NOON,
                cap_id=cap.pk,
                until_date=day,
                reason="Too low",
            )
            for person, day in zip((first, second), days, strict=True)
        )
    )

    assert refusals(done.both) == [caps.CapIsOver]
    assert count(Cap, until_date=SOON) == 1


@pytest.mark.off_switch("market-row")
def test_a_market_is_extended_once(oak, two):
    with acting_as(BOSS):
        Market.objects.update(ends_on=date(2028, 1, 31), extension_months=6)
        market = Market.objects.get()
    acts = each(
        extend_market, two, market_id=market.pk, ends_on=date(2028, 4, 30), reason="It works"
    )
    done = in_turn(*acts)

    assert refusals(done.both) == [WrongDate]
    assert count(Market, extension_months=3) == 1
