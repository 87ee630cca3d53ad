"""A provider's application to join: what it asks for, and what it answers."""

from django.db import models
from django.db.models import F, Q

from dps.money import MOST_PENCE
from dps.tenancy.models import IdentifiedModel
from qualification.models.rules import CostDriver
from qualification.states import WORDS, ApplicationState


class Joining(IdentifiedModel):
    """One application of a provider, for any number of establishments and categories (Q1)."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    """Counts the provider's own: people say "our second application"."""
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    grounds_declared_at = models.DateTimeField(null=True)
    """When the exclusion grounds were last gone through; none apply if there is no Ground."""

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "number"], name="joining_number_once")
        ]


class Application(IdentifiedModel):
    """The part of a joining for one establishment in one category: it is decided by itself."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    joining = models.ForeignKey(Joining, on_delete=models.PROTECT, related_name="applications")
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, related_name="+"
    )
    category = models.ForeignKey("dps.Category", on_delete=models.PROTECT, related_name="+")
    # The version it was started under decides it, whatever is published later.
    rule_set = models.ForeignKey(
        "qualification.RuleSet", on_delete=models.PROTECT, related_name="+"
    )
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The application that is put right by this one: it failed, or what it showed does (Q12)."""
    to_put_right = models.JSONField(null=True)
    """Codes of the questions, and "costs", that have to be put right; null asks everything."""
    suspension = models.ForeignKey(
        "qualification.Suspension", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """The suspension that is lifted once this has succeeded: the establishment is listed."""
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
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    moderated_at = models.DateTimeField(null=True)
    moderated_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    failed = models.JSONField(default=list)
    """Codes of the questions, and "costs", for which it did not qualify."""
    # Hundredths of a point out of 100, of the agreed grades.
    score = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                # By provider: a false claim must not shut the true owner out.
                fields=["provider", "establishment", "category"],
                condition=Q(state__in=["draft", "submitted", "evaluation", "moderated"]),
                name="application_one_in_progress",
            ),
            models.CheckConstraint(
                name="application_of_a_suspension_puts_one_right",
                condition=Q(suspension__isnull=True) | Q(before__isnull=False),
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
            models.CheckConstraint(
                name="application_decided_by_another_than_its_moderator",
                condition=Q(decided_by__isnull=True)
                | Q(moderated_by__isnull=True)
                | ~Q(decided_by=F("moderated_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "state"], name="application_provider"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(state__in=["submitted", "evaluation", "moderated"]),
                name="application_waiting",
            ),
        ]


class Answer(IdentifiedModel):
    """
    An answer to a question, for all of a joining or for one establishment of it (Q1).

    Once sent it never changes: writing on makes the next one.
    """

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    joining = models.ForeignKey(Joining, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(
        "qualification.Question", on_delete=models.PROTECT, related_name="+"
    )
    establishment = models.ForeignKey(
        "providers.Establishment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    """None for the answer common to all establishments; else what differs at this one."""
    passes = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    changed_by = models.ForeignKey(
        "dps.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["joining", "question", "establishment"],
                condition=Q(sent_at__isnull=True),
                nulls_distinct=False,
                name="answer_once_a_question",
            )
        ]
        indexes = [models.Index(fields=["joining", "question"], name="answer_of_joining")]


class SentAnswer(IdentifiedModel):
    """The answer with which an application was sent: shared by those that answered alike."""

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(
        "qualification.Criterion", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion"], name="answer_sent_once_a_criterion"
            )
        ]


class Ground(IdentifiedModel):
    """An exclusion ground that the provider declares, and how it was put right (rules.md 2)."""

    class AppliesTo(models.TextChoices):
        ORGANISATION = "organisation", "The organisation"
        CONNECTED = "connected", "Somebody who runs or owns it"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    joining = models.ForeignKey(Joining, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")
    """The answer to the exclusions question that declares it: frozen with it once that is sent."""
    code = models.CharField(max_length=50)
    applies_to = models.CharField(max_length=12, choices=AppliesTo)
    in_uk = models.BooleanField()
    description = models.TextField()
    put_right = models.TextField(blank=True)
    """What was done so that it does not happen again (self-cleaning)."""
    public_record = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True)
    """When the circumstances ended; None while they continue."""
    contact_email = models.EmailField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at"]


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
    driver = models.CharField(max_length=10, choices=CostDriver, default=CostDriver.OTHER)
    """What moves this cost most, for the annual review of fees."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "head"], name="core_cost_once_a_head"),
            models.CheckConstraint(
                condition=Q(amount_pence__gte=0, amount_pence__lte=MOST_PENCE),
                name="core_cost_within_bounds",
            ),
        ]


class Discount(IdentifiedModel):
    """So many hundredths of a percent off for siblings or a cohort, from so many children (Q6)."""

    class Kind(models.TextChoices):
        SIBLINGS = "siblings", "Brothers and sisters"
        COHORT = "cohort", "A group placed together"

    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    from_children = models.PositiveSmallIntegerField()
    percent = models.PositiveIntegerField()
    """Hundredths of a percent."""

    class Meta:
        ordering = ["kind", "from_children"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind", "from_children"], name="discount_once_a_number"
            ),
            models.CheckConstraint(
                condition=Q(from_children__gte=2, from_children__lte=99),
                name="discount_for_2_or_more_children",
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100_00), name="discount_at_most_whole"
            ),
        ]
