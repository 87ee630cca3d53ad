"""Versions of what a category asks: drafted from the last, published from a day on, then frozen."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from dps import audit
from dps.actors import REGION_ID, Actor
from dps.audit import Act
from dps.clock import london, show_date
from dps.models import Category
from dps.outbox import owe
from dps.outbox.jobs import job
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from dps.regimes import REGIMES, RegimeKey
from dps.services.messages import ProviderLetter, send_to_provider
from qualification.models import CostHead, Criterion, EvidenceRule, RuleSet
from qualification.queries.rule_versions import providers_to_tell, rules_of
from qualification.queries.rules import criteria_of, heads_of
from qualification.rule_changes import NotReadyToPublish, in_the_way, refuse_unless_lawful

TELL_OF_RULES = "qualification.tell_of_rules"


class DraftExists(Refusal):
    message = "A new version is being prepared already"


class NotADraftOfRules(Refusal):
    message = "This version is published and cannot be changed. Prepare a new version"


class ChangeNotSaid(NotUnderstood):
    message = "Enter what is new in this version"
    field = "change"


class RulesStartTooEarly(Refusal):
    message = "The version must start today or later, and after the version before it"
    field = "from_date"


@transaction.atomic
def draft_rule_set(*, category_id: UUID, actor: Actor, now: datetime) -> RuleSet:
    """Prepare a new version of a category's rules, with all that the latest one asks.

    :raises NotPermitted: the actor may not.
    :raises DraftExists: one is being prepared.
    """
    require(actor, Action.SET_UP_MARKET)
    category = Category.objects.get(pk=category_id)
    of_category = RuleSet.objects.filter(category=category)
    list(of_category.select_for_update(of=("self",)))
    # Read again: whoever was waited for may have added one.
    versions = list(of_category)
    if any(not each.is_published for each in versions):
        raise DraftExists
    number = max((each.number for each in versions), default=0) + 1
    draft = RuleSet.objects.create(category=category, number=number, made_at=now)
    latest = max(versions, key=lambda each: each.from_date or date.min, default=None)
    if latest:
        _copy(latest, draft)
    facts = {"category": category.code, "number": number}
    audit.record(Act("category.rules_drafted", draft, facts), actor=actor, at=now)
    return draft


def _copy(source: RuleSet, draft: RuleSet) -> None:
    for each in criteria_of([source.pk])[source.pk]:
        wanted = list(each.evidence.all())
        copy = Criterion.objects.create(
            rule_set=draft, question=each.question, weight=each.weight, position=each.position
        )
        EvidenceRule.objects.bulk_create(
            EvidenceRule(
                criterion=copy,
                kind=one.kind,
                least_sum_pence=one.least_sum_pence,
                is_optional=one.is_optional,
            )
            for one in wanted
        )
    CostHead.objects.bulk_create(
        CostHead(
            rule_set=draft,
            code=head.code,
            title=head.title,
            guidance=head.guidance,
            schedule=head.schedule,
            stay=head.stay,
            driver=head.driver,
            is_optional=head.is_optional,
            position=head.position,
        )
        for head in heads_of([source.pk])[source.pk]
    )


def draft_for_change(rule_set_id: UUID) -> RuleSet:
    """The draft with this id, locked until the end of the transaction.

    :raises NotADraftOfRules: it is published.
    """
    rules = RuleSet.objects.select_for_update(of=("self",)).get(pk=rule_set_id)
    if rules.is_published:
        raise NotADraftOfRules
    return rules


@transaction.atomic
def discard_draft(*, rule_set_id: UUID, actor: Actor, now: datetime) -> None:
    """Throw a draft away; nobody has seen it.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    """
    require(actor, Action.SET_UP_MARKET)
    draft = draft_for_change(rule_set_id)
    facts = {"category_id": str(draft.category_id), "number": draft.number}
    audit.record(Act("category.rules_discarded", draft, facts), actor=actor, at=now)
    draft.delete()


@transaction.atomic
def publish_rule_set(
    *, rule_set_id: UUID, from_date: date, change: str, actor: Actor, now: datetime
) -> RuleSet:
    """Put a draft in force from a day on, freeze it, and tell the providers it concerns (BC 7.4).

    Applications that were started before are decided under the version they began with.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    :raises ChangeNotSaid, RulesStartTooEarly: no words for the notice, or not after the last.
    :raises NotReadyToPublish: its weights do not add up to 100.00, something is missing, or it
        changes nothing.
    :raises ForbiddenByRegime: it changes entry conditions that the market's law keeps.
    """
    require(actor, Action.SET_UP_MARKET)
    category_id = RuleSet.objects.values_list("category_id", flat=True).get(pk=rule_set_id)
    versions = {
        each.pk: each
        for each in RuleSet.objects.select_for_update(of=("self",)).filter(category_id=category_id)
    }
    draft = versions.pop(rule_set_id)
    if draft.is_published:
        raise NotADraftOfRules
    last = max(versions.values(), key=lambda each: each.from_date or date.min, default=None)
    _refuse_unless_ready(draft, last, from_date, change, now)
    if last:
        last.until_date = from_date
        last.save(update_fields=["until_date"])
    draft.change = change
    draft.from_date = from_date
    draft.published_at = now
    draft.published_by_id = actor.person_id
    draft.save(update_fields=["change", "from_date", "published_at", "published_by"])
    facts = {"from": str(from_date), "number": draft.number, "change": change}
    audit.record(Act("category.rules_published", draft, facts), actor=actor, at=now)
    owe(
        TELL_OF_RULES,
        key=f"rules:{draft.pk}",
        authority_id=REGION_ID,
        at=now,
        rule_set_id=str(draft.pk),
    )
    return draft


def _refuse_unless_ready(
    draft: RuleSet, last: RuleSet | None, from_date: date, change: str, now: datetime
) -> None:
    if not change.strip():
        raise ChangeNotSaid
    is_past = from_date < london(now).date()
    if is_past or (last and last.from_date and from_date <= last.from_date):
        raise RulesStartTooEarly
    rules = rules_of(draft.pk)
    before = rules_of(last.pk) if last else None
    problems = in_the_way(rules, before)
    if problems:
        raise NotReadyToPublish(" ".join(problems))
    market = Category.objects.select_related("market").get(pk=draft.category_id).market
    refuse_unless_lawful(REGIMES[RegimeKey(market.regime)], before, rules)


@job(TELL_OF_RULES)
def tell_of_rules(*, rule_set_id: str, actor: Actor, now: datetime) -> None:
    """Tell every provider with a draft or a place on the list; a second run finds it done."""
    rules = RuleSet.objects.select_related("category").get(pk=rule_set_id)
    context = {
        "category": rules.category.name,
        "code": rules.category.code,
        "number": rules.number,
        "from_date": show_date(rules.from_date) if rules.from_date else "",
        "change": rules.change,
    }
    for provider_id in sorted(providers_to_tell(rules.category_id)):
        letter = ProviderLetter("qualification/rules_published", provider_id, context)
        key = f"rules:{rules.pk}:{provider_id}"
        send_to_provider(letter, key=key, authority_id=REGION_ID, now=now)
