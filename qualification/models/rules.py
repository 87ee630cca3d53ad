"""What a category asks: numbered rule sets, each frozen when it is published (Q2, Q3, Q5, Q7)."""

from django.db import models
from django.db.models import F, Q

from dps.money import MOST_PENCE
from dps.tenancy.models import IdentifiedModel
from qualification.core_costs import Stay


class RuleSet(IdentifiedModel):
    """One version of all that a category asks; in force from a day until the next one (BC 7.4)."""

    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="rule_sets")
    number = models.PositiveSmallIntegerField()
    change = models.TextField(blank=True)
    """What is new in it: the words of the notice to providers."""
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["category", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["category", "number"], name="rule_set_number_once"),
            models.UniqueConstraint(
                fields=["category", "from_date"],
                condition=Q(published_at__isnull=False),
                name="rule_set_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(published_at__isnull=True),
                name="rule_set_one_draft_a_category",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(from_date__isnull=False),
                name="rule_set_published_from_a_day",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Question(IdentifiedModel):
    """A question in its exact words; the categories that ask it the same way share it (Q1)."""

    class Kind(models.TextChoices):
        PASS_FAIL = "pass_fail", "Yes or no"
        EXCLUSIONS = "exclusions", "Exclusion grounds"
        REGISTRATION = "registration", "Registration"
        INSPECTION = "inspection", "Inspection result"
        EVIDENCE = "evidence", "Evidence held"
        STATEMENT = "statement", "Method statement"
        SHOWN = "shown", "Asked and shown, never scored"

    class GradedBy(models.TextChoices):
        EVALUATORS = "evaluators", "Evaluators"
        PANEL = "panel", "The young people’s panel"

    code = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    stage = models.PositiveSmallIntegerField(default=2)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120)
    text = models.TextField()
    guidance = models.TextField(blank=True)
    topics = models.TextField(blank=True)
    """What the model answer covers, one topic a line; published with the question."""
    word_limit = models.PositiveSmallIntegerField(default=0)
    graded_by = models.CharField(max_length=10, choices=GradedBy, default=GradedBy.EVALUATORS)

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="question_version_once"),
            models.CheckConstraint(condition=Q(stage__in=[1, 2]), name="question_stage_1_or_2"),
            models.CheckConstraint(
                condition=~Q(kind="statement") | Q(word_limit__gt=0, stage=2),
                name="statement_in_stage_2_with_a_word_limit",
            ),
        ]

    @property
    def is_statement(self) -> bool:
        return self.kind == self.Kind.STATEMENT


class Criterion(IdentifiedModel):
    """A question of a rule set and what it weighs, in hundredths of a point (BC 7.10)."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="criteria")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField(default=0)
    """Those of a rule set's statements add up to 100.00; everything else weighs nothing."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "question__code"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "question"], name="criterion_asked_once"),
            models.CheckConstraint(
                condition=Q(weight__lte=100_00), name="criterion_weighs_at_most_100"
            ),
        ]

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def kind(self) -> str:
        return self.question.kind

    @property
    def title(self) -> str:
        return self.question.title

    @property
    def guidance(self) -> str:
        return self.question.guidance

    @property
    def word_limit(self) -> int:
        return self.question.word_limit


class EvidenceRule(IdentifiedModel):
    """A kind of evidence that a question of a rule set wants, and the least sum insured (Q2)."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30)
    least_sum_pence = models.BigIntegerField(null=True)
    is_optional = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "kind"], name="evidence_asked_once"),
            models.CheckConstraint(
                condition=Q(least_sum_pence__isnull=True) | Q(least_sum_pence__gt=0),
                name="evidence_sum_above_nothing",
            ),
        ]


class CostDriver(models.TextChoices):
    """What moves a cost, for the annual review of fees."""

    PAY = "pay", "Pay"
    PREMISES = "premises", "Premises"
    ENERGY = "energy", "Energy"
    TRANSPORT = "transport", "Transport"
    FOOD = "food", "Food"
    OTHER = "other", "Other"


class ResidentialStay(models.TextChoices):
    """The residential schedules, of which a place costs one (BC 7.4)."""

    TERMS = "terms", "Weekly and termly places"
    ALL_YEAR = "all_year", "42 to 52 week places"


class CostHead(IdentifiedModel):
    """One line of a rule set's core cost schedule (BC 7.4)."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="heads")
    code = models.SlugField()
    title = models.CharField(max_length=120)
    guidance = models.CharField(max_length=200, blank=True)
    schedule = models.CharField(max_length=60, blank=True)
    """The heading under which it stands, where a category has several schedules."""
    stay = models.CharField(max_length=8, choices=ResidentialStay, blank=True)
    """The residential schedule it is a line of; empty for what every place costs."""
    is_optional = models.BooleanField(default=False)
    """Left empty by an establishment that does not offer it."""
    driver = models.CharField(max_length=10, choices=CostDriver, default=CostDriver.OTHER)
    """What moves such a cost most, where a provider says nothing else."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "code"], name="cost_head_once_a_set")
        ]

    @property
    def in_stay(self) -> Stay | None:
        return Stay(self.stay) if self.stay else None


class InspectionRule(IdentifiedModel):
    """What passes on one inspection scheme, from a day on (rules.md 4; the Board decides)."""

    scale = models.CharField(max_length=40)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    requirements = models.JSONField(default=list)
    """[{"area", "accepted": [...], "excused_by": [area, judgement] or null}]"""
    others = models.JSONField(null=True)
    """Judgements accepted in every other area; null where those are not looked at."""
    valid_months = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["scale", "-from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "from_date"], name="inspection_rule_once_a_day"
            )
        ]


class Cap(IdentifiedModel):
    """The most that core costs may come to in a year, for all councils or for one (Q7)."""

    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="caps")
    authority = models.ForeignKey(
        "dps.Authority", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """None for the cap common to all."""
    year_pence = models.BigIntegerField()
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    reason = models.TextField()
    made_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["category", "-from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "authority", "from_date"],
                name="cap_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(year_pence__gt=0, year_pence__lte=MOST_PENCE), name="cap_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date")),
                name="cap_ends_after_it_starts",
            ),
        ]
