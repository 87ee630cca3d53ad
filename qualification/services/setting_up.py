"""Making the market, its categories, and what a category asks, each from a day on."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.models import Adoption, Category, Market, WeightTemplate
from dps.permissions import Action, require
from dps.refusals import Refusal
from dps.regimes import REGIMES, refuse_unless_in_time
from qualification import shipped, shipped_costs
from qualification.models import (
    CostHead,
    Criterion,
    EvidenceRule,
    InspectionRule,
    Question,
    RuleSet,
)
from qualification.services.inspection_rules import install_inspection_rules
from qualification.shipped_categories import ASKED, Asked
from qualification.shipped_questions import PassFail, Statement


class RulesAlreadySet(Refusal):
    message = "This category has rules from that date already"


class NoRulesShipped(Refusal):
    message = "There are no criteria for this category yet"


class MarketAlreadySetUp(Refusal):
    message = "This market has been set up already"


@transaction.atomic
def make_categories(*, actor: Actor, now: datetime) -> list[Category]:
    """Set up the market, its five categories and their default weights (BC 7.2, 8.7).

    :raises NotPermitted: the actor may not.
    :raises MarketAlreadySetUp: it has been.
    :raises NotUnderThisRegime: the law does not allow a market of these dates.
    """
    require(actor, Action.SET_UP_MARKET)
    new = shipped.MARKET
    if Market.objects.filter(code=new.code).exists():
        raise MarketAlreadySetUp
    refuse_unless_in_time(REGIMES[new.regime], established=new.starts_on, ends=new.ends_on)
    market = Market.objects.create(
        code=new.code,
        name=new.name,
        regime=new.regime.value,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
    )
    made = [_make_category(market, each, n) for n, each in enumerate(shipped.CATEGORIES, 1)]
    facts = {"regime": market.regime, "categories": [each.code for each in made]}
    audit.record(Act("market.set_up", market, facts), actor=actor, at=now)
    return made


def _make_category(market: Market, new: shipped.ShippedCategory, position: int) -> Category:
    category = Category.objects.create(
        market=market,
        code=new.code,
        service=new.service,
        name=new.name,
        is_residential=new.is_residential,
        offers_choice=new.offers_choice,
        position=position,
    )
    usual = shipped.Weights()
    WeightTemplate.objects.create(
        category=category,
        from_date=market.starts_on,
        price=usual.price,
        outcomes=usual.outcomes,
        needs=usual.needs,
        features=usual.features,
        location=usual.location,
        core_competency=usual.core_competency,
        incentive=usual.incentive,
    )
    return category


@transaction.atomic
def adopt_category(
    *, authority_id: int, category: Category, from_date: date, actor: Actor, now: datetime
) -> Adoption:
    """An authority uses a category from a day on (BC 7.2).

    :raises NotPermitted: the actor may not.
    """
    require(actor, Action.SET_UP_MARKET)
    adoption, is_new = Adoption.objects.get_or_create(
        authority_id=authority_id, category=category, from_date=from_date
    )
    if is_new:
        facts = {"authority_id": authority_id, "category": category.code, "from": str(from_date)}
        audit.record(Act("category.adopted", adoption, facts), actor=actor, at=now)
    return adoption


@transaction.atomic
def install_rules(*, category: Category, from_date: date, actor: Actor, now: datetime) -> RuleSet:
    """Publish the shipped rules of a category as its first rule set, from a day on (BC 7.4).

    :raises NotPermitted: the actor may not.
    :raises NoRulesShipped: the category has no criteria yet.
    :raises RulesAlreadySet: it has a rule set already.
    """
    require(actor, Action.SET_UP_MARKET)
    if category.code not in ASKED:
        raise NoRulesShipped
    if RuleSet.objects.filter(category=category).exists():
        raise RulesAlreadySet
    rules = RuleSet.objects.create(category=category, number=1, made_at=now)
    for position, each in enumerate(ASKED[category.code], 1):
        _ask(rules, each, position)
    heads = shipped_costs.HEADS.get(category.code, ())
    CostHead.objects.bulk_create(
        CostHead(
            rule_set=rules,
            code=each.code,
            title=each.title,
            guidance=each.guidance,
            schedule=each.schedule,
            stay=each.stay.value if each.stay else "",
            driver=each.driver.value,
            is_optional=each.is_optional,
            position=position,
        )
        for position, each in enumerate(heads, 1)
    )
    # Last, because nothing of a published set can be written.
    rules.change = "The first rules of this category"
    rules.from_date = from_date
    rules.published_at = now
    rules.published_by_id = actor.person_id
    rules.save(update_fields=["change", "from_date", "published_at", "published_by"])
    facts = {"from": str(from_date), "number": rules.number, "cost_heads": len(heads)}
    audit.record(Act("category.rules_published", rules, facts), actor=actor, at=now)
    if not InspectionRule.objects.exists():
        install_inspection_rules(actor=actor, now=now)
    return rules


def _ask(rules: RuleSet, each: Asked, position: int) -> None:
    question, _ = Question.objects.get_or_create(
        code=each.question.code, version=1, defaults=_words(each.question)
    )
    criterion = Criterion.objects.create(
        rule_set=rules, question=question, weight=each.weight, position=position
    )
    EvidenceRule.objects.bulk_create(
        EvidenceRule(
            criterion=criterion,
            kind=wanted.kind,
            least_sum_pence=wanted.least_sum_pence,
            is_optional=wanted.is_optional,
        )
        for wanted in each.evidence
    )


def _words(new: PassFail | Statement) -> dict[str, object]:
    words: dict[str, object] = {"title": new.title, "text": new.text, "guidance": new.guidance}
    if isinstance(new, PassFail):
        return words | {"kind": new.kind, "stage": new.stage}
    by = Question.GradedBy.PANEL if new.is_graded_by_panel else Question.GradedBy.EVALUATORS
    return words | {
        "kind": Question.Kind.STATEMENT,
        "stage": 2,
        "word_limit": new.word_limit,
        "topics": "\n".join(new.topics),
        "graded_by": by,
    }
