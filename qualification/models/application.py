"""An establishment's application to join a category: answers, core costs, grades."""

from django.db import models
from django.db.models import Q

from dps.tenancy.models import IdentifiedModel
from qualification.states import WORDS, ApplicationState


class Application(IdentifiedModel):
    """One establishment's application for one category, with its decision (BC 7.6)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=[(state.value, words) for state, words in WORDS.items()],
        default=ApplicationState.DRAFT,
    )
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    # Hundredths of a point out of 100, of the graded method statements.
    score = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                # By provider: a false claim must not shut the true owner out.
                fields=["provider", "establishment", "category"],
                condition=Q(state__in=["draft", "submitted"]),
                name="application_one_in_progress",
            ),
            models.CheckConstraint(
                name="application_submitted_when_and_by_whom",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="application_decided_with_a_reason",
                condition=~Q(state__in=["qualified", "rejected"])
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "state"], name="application_provider"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(state="submitted"),
                name="application_waiting",
            ),
        ]


class Answer(IdentifiedModel):
    """An answer to one criterion: yes or no for pass/fail, words for a method statement."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(
        "qualification.Criterion", on_delete=models.PROTECT, related_name="+"
    )
    passes = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion"], name="answer_once_a_criterion"
            )
        ]


class CoreCostLine(IdentifiedModel):
    """One core cost of the establishment, carried into every referral, never raised there (Q5)."""

    class Basis(models.TextChoices):
        WEEK = "week", "a week"
        MONTH = "month", "a month"
        YEAR = "year", "a year"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    head = models.ForeignKey("qualification.CostHead", on_delete=models.PROTECT, related_name="+")
    amount_pence = models.BigIntegerField()
    basis = models.CharField(max_length=5, choices=Basis)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "head"], name="core_cost_once_a_head"),
            models.CheckConstraint(
                condition=Q(amount_pence__gte=0, amount_pence__lte=999_999_999),
                name="core_cost_within_bounds",
            ),
        ]


class StatementGrade(IdentifiedModel):
    """The grade 0 to 5 of a method statement, with the reason and who gave it last."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")
    graded_by = models.ForeignKey("dps.Person", on_delete=models.PROTECT, related_name="+")
    graded_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField()
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer"], name="statement_graded_once"),
            models.CheckConstraint(condition=Q(grade__lte=5), name="statement_grade_0_to_5"),
        ]
