"""Writing a draft of a category's rules: its questions, weights, evidence, order and cost lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from dps import audit
from dps.actors import Actor
from dps.audit import Act
from dps.money import MOST_PENCE
from dps.permissions import Action, require
from dps.refusals import NotUnderstood, Refusal
from providers.evidence_kinds import BY_CODE
from qualification.models import CostDriver, CostHead, Criterion, EvidenceRule, Question, RuleSet
from qualification.rule_changes import weights_words
from qualification.scoring import FULL_WEIGHT
from qualification.services.rule_sets import draft_for_change

LONGEST_CODE = 50


class WeightsDoNotAddUp(NotUnderstood):
    message = "The weights must add up to 100.00"


class WrongEvidence(NotUnderstood):
    message = "This evidence cannot be asked for"


class StayOfNoResidence(NotUnderstood):
    message = "Places of this category are not residential, so it has no residential schedules"
    field = "stay"


class StayNeedsAHeading(NotUnderstood):
    message = "Enter the heading of the residential schedule"
    field = "schedule"


class QuestionAskedAlready(Refusal):
    message = "This version asks a question with that title already"
    field = "title"


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question as it is written; the kinds are those of `Question.Kind`."""

    kind: str
    stage: int
    title: str
    text: str
    guidance: str = ""
    topics: str = ""
    word_limit: int = 0
    graded_by: str = Question.GradedBy.EVALUATORS.value

    @property
    def is_statement(self) -> bool:
        return self.kind == Question.Kind.STATEMENT


@dataclass(frozen=True, slots=True)
class WantedEvidence:
    kind: str
    least_sum_pence: int | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class CostLineWords:
    title: str
    guidance: str = ""
    schedule: str = ""
    driver: str = CostDriver.OTHER.value
    is_optional: bool = False
    stay: str = ""
    """The residential schedule that it is a line of; empty for what every place costs."""


@transaction.atomic
def change_question(
    *, criterion_id: UUID, words: QuestionWords, actor: Actor, now: datetime
) -> Criterion:
    """Change a question of a draft: what others ask stays, so that it becomes a new version.

    :raises NotPermitted, NotADraftOfRules: not allowed, or its rule set is published.
    """
    require(actor, Action.SET_UP_MARKET)
    criterion = _criterion(criterion_id)
    if _words_of(criterion.question) == words:
        return criterion
    if _is_asked_elsewhere(criterion):
        criterion.question = _next_version(criterion.question.code, words)
    else:
        _write(criterion.question, words)
    if not words.is_statement:
        criterion.weight = 0
    criterion.save(update_fields=["question", "weight"])
    _record("question_changed", criterion.rule_set, criterion, actor, now)
    return criterion


@transaction.atomic
def add_question(
    *, rule_set_id: UUID, words: QuestionWords, actor: Actor, now: datetime
) -> Criterion:
    """Ask one question more in a draft, at the end; a statement has no weight yet.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    :raises QuestionAskedAlready: the draft has a question of that title.
    """
    require(actor, Action.SET_UP_MARKET)
    draft = draft_for_change(rule_set_id)
    code = slugify(words.title).replace("-", "_")[:LONGEST_CODE] or "question"
    existing = Criterion.objects.filter(rule_set=draft)
    if existing.filter(question__code=code).exists():
        raise QuestionAskedAlready
    last = existing.order_by("-position").values_list("position", flat=True).first() or 0
    criterion = Criterion.objects.create(
        rule_set=draft, question=_next_version(code, words), position=last + 1
    )
    _record("question_added", draft, criterion, actor, now)
    return criterion


@transaction.atomic
def drop_question(*, criterion_id: UUID, actor: Actor, now: datetime) -> None:
    """Ask a question no more in a draft; other versions go on asking it.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    """
    require(actor, Action.SET_UP_MARKET)
    criterion = _criterion(criterion_id)
    _record("question_dropped", criterion.rule_set, criterion, actor, now)
    criterion.delete()


@transaction.atomic
def move_question(*, criterion_id: UUID, up: bool, actor: Actor, now: datetime) -> None:
    """Change places with the question before or after; at the end nothing happens.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    """
    require(actor, Action.SET_UP_MARKET)
    criterion = _criterion(criterion_id)
    order = list(Criterion.objects.filter(rule_set_id=criterion.rule_set_id))
    at = order.index(criterion)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, each in enumerate(order, 1):
        each.position = position
    Criterion.objects.bulk_update(order, ["position"])
    _record("question_moved", criterion.rule_set, criterion, actor, now)


@transaction.atomic
def set_weights(
    *, rule_set_id: UUID, weights: Mapping[UUID, int], actor: Actor, now: datetime
) -> RuleSet:
    """Weigh every statement of a draft, in hundredths of a point by criterion (BC 7.10).

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    :raises WeightsDoNotAddUp: they are not of its statements, or do not add up to 100.00.
    """
    require(actor, Action.SET_UP_MARKET)
    draft = draft_for_change(rule_set_id)
    statements = Criterion.objects.filter(
        rule_set=draft, question__kind=Question.Kind.STATEMENT
    ).in_bulk()
    if set(weights) != set(statements):
        raise WeightsDoNotAddUp("The questions have changed meanwhile. Look again")
    if min(weights.values(), default=0) < 0 or sum(weights.values()) != FULL_WEIGHT:
        raise WeightsDoNotAddUp(weights_words(sum(weights.values())))
    for criterion_id, weight in weights.items():
        statements[criterion_id].weight = weight
    Criterion.objects.bulk_update(statements.values(), ["weight"])
    facts = {"weights": {str(key): weight for key, weight in sorted(weights.items())}}
    audit.record(Act("rules.weights_set", draft, facts), actor=actor, at=now)
    return draft


@transaction.atomic
def want_evidence(
    *, criterion_id: UUID, wanted: Sequence[WantedEvidence], actor: Actor, now: datetime
) -> None:
    """Say which evidence a question of a draft wants, in place of that before (Q2).

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    :raises WrongEvidence: an unknown kind, one twice, or a sum out of bounds.
    """
    require(actor, Action.SET_UP_MARKET)
    criterion = _criterion(criterion_id)
    _refuse_wrong_evidence(wanted)
    criterion.evidence.all().delete()
    EvidenceRule.objects.bulk_create(
        EvidenceRule(criterion=criterion, **asdict(each)) for each in wanted
    )
    _record("evidence_wanted", criterion.rule_set, criterion, actor, now)


def _refuse_wrong_evidence(wanted: Sequence[WantedEvidence]) -> None:
    if len({each.kind for each in wanted}) != len(wanted):
        raise WrongEvidence("The same kind of evidence is asked for twice")
    for each in wanted:
        kind = BY_CODE.get(each.kind)
        if kind is None:
            raise WrongEvidence
        if each.least_sum_pence is None:
            continue
        if not kind.is_insurance or not 0 < each.least_sum_pence <= MOST_PENCE * 10:
            raise WrongEvidence(f"Enter another least sum for {kind.name_inside}")


@transaction.atomic
def save_cost_line(
    *,
    rule_set_id: UUID,
    words: CostLineWords,
    head_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> CostHead:
    """Change a line of a draft's cost schedule, or add one at its end (BC 7.4).

    A line of a residential schedule may always stay empty: an establishment fills those it offers.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    :raises StayOfNoResidence, StayNeedsAHeading: it cannot be of that residential schedule.
    :raises QuestionAskedAlready: a new line has the title of one that is there.
    """
    require(actor, Action.SET_UP_MARKET)
    draft = draft_for_change(rule_set_id)
    _refuse_wrong_stay(draft, words)
    heads = CostHead.objects.filter(rule_set=draft)
    if head_id:
        head = heads.get(pk=head_id)
    else:
        code = slugify(words.title).replace("-", "_")[:LONGEST_CODE] or "line"
        if heads.filter(code=code).exists():
            raise QuestionAskedAlready("The schedule has a line with that title already")
        last = heads.order_by("-position").values_list("position", flat=True).first() or 0
        head = CostHead(rule_set=draft, code=code, position=last + 1)
    for name, value in asdict(words).items():
        setattr(head, name, value)
    head.is_optional = words.is_optional or bool(words.stay)
    head.save()
    facts = {"code": head.code, "title": head.title}
    audit.record(Act("rules.cost_line_saved", draft, facts), actor=actor, at=now)
    return head


def _refuse_wrong_stay(draft: RuleSet, words: CostLineWords) -> None:
    if not words.stay:
        return
    if not draft.category.is_residential:
        raise StayOfNoResidence
    if not words.schedule.strip():
        raise StayNeedsAHeading


@transaction.atomic
def drop_cost_line(*, head_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a line out of a draft's cost schedule.

    :raises NotPermitted, NotADraftOfRules: not allowed, or it is published.
    """
    require(actor, Action.SET_UP_MARKET)
    head = CostHead.objects.get(pk=head_id)
    draft = draft_for_change(head.rule_set_id)
    facts = {"code": head.code, "title": head.title}
    audit.record(Act("rules.cost_line_dropped", draft, facts), actor=actor, at=now)
    head.delete()


def _criterion(criterion_id: UUID) -> Criterion:
    """A criterion of a draft, of which the rule set is locked."""
    draft_for_change(Criterion.objects.values_list("rule_set_id", flat=True).get(pk=criterion_id))
    return Criterion.objects.select_related("question", "rule_set").get(pk=criterion_id)


def _words_of(question: Question) -> QuestionWords:
    return QuestionWords(
        kind=question.kind,
        stage=question.stage,
        title=question.title,
        text=question.text,
        guidance=question.guidance,
        topics=question.topics,
        word_limit=question.word_limit,
        graded_by=question.graded_by,
    )


def _is_asked_elsewhere(criterion: Criterion) -> bool:
    same = Criterion.objects.filter(question_id=criterion.question_id)
    return same.exclude(pk=criterion.pk).exists()


def _next_version(code: str, words: QuestionWords) -> Question:
    versions = Question.objects.filter(code=code).values_list("version", flat=True)
    question = Question(code=code, version=max(versions, default=0) + 1)
    return _write(question, words)


def _write(question: Question, words: QuestionWords) -> Question:
    for name, value in asdict(words).items():
        setattr(question, name, value)
    question.save()
    return question


def _record(what: str, rules: RuleSet, criterion: Criterion, actor: Actor, now: datetime) -> None:
    question = criterion.question
    facts = {"code": question.code, "version": question.version, "number": rules.number}
    audit.record(Act(f"rules.{what}", rules, facts), actor=actor, at=now)
