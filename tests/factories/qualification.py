"""Providers with establishments, and applications at each stage, through the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from dps.actors import REGION_ID, Actor, Role, system
from dps.models import AuditEvent
from dps.money import Basis
from dps.tenancy.identity import acting_as
from providers.evidence_kinds import BY_CODE, Need
from providers.models import Claim, Establishment, Evidence, Provider
from qualification.core_costs import CostEntry
from qualification.models import Answer, Application, Evaluator, Question, RuleSet
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services import agreeing, applying, deciding, setting_up
from qualification.shipped_costs import SEN_HEADS
from tests.factories import grading as evaluation
from tests.factories.kernel import NOON, Region, make_person

BOSS = system(REGION_ID)
RULES_FROM = date(2026, 1, 1)
COSTS = tuple(
    CostEntry(code, 1_000_00 * number, Basis.YEAR)
    for number, code in enumerate((head.code for head in SEN_HEADS), 1)
)


@dataclass
class Applying:
    """
    A provider with one establishment and its two people; SEN day has its rules.

    The officer checks and moderates, the second decides, two graders of councils grade.
    """

    region: Region
    provider: Provider
    establishment: Establishment
    head: Actor
    writer: Actor
    officer: Actor
    second: Actor
    graders: tuple[Actor, ...]
    extra: list[Establishment] = field(default_factory=list)

    def start(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        with acting_as(self.head):
            return applying.start_application(
                establishment_id=establishment or self.establishment.id,
                category_id=self.region.category.id,
                actor=self.head,
                now=now,
            )

    def complete(self, application: Application, *, now: datetime = NOON) -> None:
        """Answer everything with yes or a few words, and give all nine costs."""
        with acting_as(self.head):
            applying.declare_grounds(
                joining_id=application.joining_id, grounds=[], actor=self.head, now=now
            )
            for each in contents_of(self.fresh(application)).answered:
                if each.criterion.kind == Question.Kind.EXCLUSIONS:
                    continue
                applying.answer(
                    joining_id=application.joining_id,
                    question_id=each.criterion.question_id,
                    passes=None if each.is_statement else True,
                    text=f"What we do about {each.criterion.code}." if each.is_statement else "",
                    actor=self.head,
                    now=now,
                )
            applying.set_core_costs(
                application_id=application.id, lines=COSTS, actor=self.head, now=now
            )

    def open_stage_two(self, application: Application) -> None:
        """All of stage 1 answered so that it passes, and nothing else."""
        with acting_as(self.head):
            applying.declare_grounds(
                joining_id=application.joining_id, grounds=[], actor=self.head, now=NOON
            )
        for code in ("registration", "inspection"):
            self.save(application, code, passes=True)

    def lose_evidence(self, kind: str) -> None:
        with acting_as(BOSS):
            Evidence.objects.filter(provider=self.provider, kind=kind).delete()

    def save(
        self, application: Application, code: str, *, actor: Actor | None = None, **given: Any
    ) -> Answer:
        """One answer by the code of its question."""
        actor = actor or self.head
        with acting_as(actor):
            return applying.answer(
                joining_id=application.joining_id,
                question_id=Question.objects.get(code=code).id,
                actor=actor,
                now=NOON,
                **given,
            )

    def put(
        self,
        application: Application,
        *lines: CostEntry,
        seen: str | None = None,
        actor: Actor | None = None,
    ) -> None:
        """The core costs, in place of those before."""
        actor = actor or self.head
        with acting_as(actor):
            applying.set_core_costs(
                application_id=application.id, lines=lines, seen=seen, actor=actor, now=NOON
            )

    def submitted(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        application = self.start(now=now, establishment=establishment)
        self.complete(application, now=now)
        with acting_as(self.head):
            return applying.submit_application(
                application_id=application.id, actor=self.head, now=now
            )

    def checked(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        """Everything found clear, and at the stage of being graded."""
        application = self.submitted(now=now, establishment=establishment)
        evaluation.pass_stage_one(application, actor=self.officer, now=now)
        return self.seen(application)

    def graded(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        """Every grade handed in and agreed."""
        application = self.submitted(now=now, establishment=establishment)
        self.grade(application, now=now)
        return self.seen(application)

    def grade(self, application: Application, *, grade: int = 4, now: datetime = NOON) -> None:
        """From wherever the team has it to agreed grades, by two evaluators and the panel."""
        evaluation.pass_stage_one(application, actor=self.officer, now=now)
        joining_id = application.joining_id
        with acting_as(BOSS):
            is_asked = Evaluator.objects.filter(joining_id=joining_id).exists()
        if not is_asked:
            evaluation.ask(joining_id, self.graders, actor=self.officer, now=now)
        for grader in self.graders:
            evaluation.grade_all(joining_id, grader, grade=grade, now=now)
        evaluation.agree_all(joining_id, actor=self.officer, grade=grade, now=now)

    def moderated(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        application = self.graded(now=now, establishment=establishment)
        return self.moderate(application, now=now)

    def moderate(self, application: Application, *, now: datetime = NOON) -> Application:
        with acting_as(self.officer):
            return agreeing.moderate(application_id=application.id, actor=self.officer, now=now)

    def decided(
        self,
        *,
        qualifies: bool = True,
        now: datetime = NOON,
        establishment: UUID | None = None,
        failed: tuple[str, ...] = ("insurances",),
    ) -> Application:
        """Decided by a second person; not qualified, it fails in what `failed` names."""
        application = self.moderated(now=now, establishment=establishment)
        for code in () if qualifies else failed:
            evaluation.fails(application, code, actor=self.officer, now=now)
        with acting_as(self.second):
            return deciding.decide(
                application_id=application.id,
                qualifies=qualifies,
                reason="All is met." if qualifies else "Send a new insurance certificate.",
                failed=() if qualifies else failed,
                actor=self.second,
                now=now,
            )

    def seen(self, application: Application) -> Application:
        with acting_as(self.officer):
            return self.fresh(application)

    def fresh(self, application: Application) -> Application:
        return with_names().get(pk=application.pk)

    def contents(self, application: Application, *, actor: Actor | None = None) -> Contents:
        with acting_as(actor or self.head):
            return contents_of(self.fresh(application))

    def another_establishment(self, name: str) -> Establishment:
        with acting_as(BOSS):
            return make_establishment(name, provider=self.provider)


def verbs() -> list[str]:
    """The regional audit trail so far: what was done, in order."""
    with acting_as(BOSS):
        return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


HELD = (
    "public_liability",
    "employers_liability",
    "professional_indemnity",
    "safeguarding",
    "business_continuity",
    "health_and_safety",
    "equalities",
    "data_protection",
    "accounts",
)


def hold_evidence(provider: Provider, *, until: date = date(2028, 12, 31)) -> None:
    """All that any category wants, for the whole organisation, for £20 million each."""
    with acting_as(BOSS):
        Evidence.objects.bulk_create(
            Evidence(
                provider=provider,
                kind=kind,
                number="P 1",
                sum_insured_pence=20_000_000_00 if BY_CODE[kind].is_insurance else None,
                issued_on=date(2026, 1, 1),
                expires_on=None if BY_CODE[kind].expiry is Need.NOT_ASKED else until,
                recorded_at=NOON,
            )
            for kind in HELD
        )


def make_establishment(
    name: str, *, provider: Provider | None = None, **columns: object
) -> Establishment:
    """An open independent special school at a point in West Sussex."""
    usual: dict[str, object] = {
        "kind": Establishment.Kind.INDEPENDENT_SPECIAL,
        "la_name": "West Sussex",
        "easting": 510_000,
        "northing": 115_000,
        "placed_by": "register",
        "low_age": 5,
        "high_age": 16,
    }
    return Establishment.objects.create(name=name, provider=provider, **usual | columns)


def make_applying(
    region: Region, name: str = "Oak Trust", *, is_confirmed: bool = True
) -> Applying:
    """Safe to call twice in one region: the second provider is a rival of the first."""
    with acting_as(BOSS):
        provider = Provider.objects.create(name=name, registered_at=NOON)
        establishment = make_establishment(
            f"{name} School", provider=provider if is_confirmed else None
        )
    head = make_person(Role.PROVIDER_ADMINISTRATOR, provider_id=provider.id, name=f"{name} head")
    writer = make_person(Role.BID_WRITER, provider_id=provider.id, name=f"{name} writer")
    officer = make_person(Role.CONTRACTS_OFFICER, authority=region.west, name=f"{name} officer")
    second = make_person(
        Role.SENIOR_CONTRACTS_OFFICER, authority=region.west, name=f"{name} second"
    )
    graders = tuple(
        make_person(Role.EVALUATOR, authority=council, name=f"{name} grader {council.code}")
        for council in (region.west, region.east)
    )
    hold_evidence(provider)
    with acting_as(BOSS):
        Claim.objects.create(
            provider=provider,
            establishment=establishment,
            state=Claim.State.CONFIRMED if is_confirmed else Claim.State.WAITING,
            claimed_by_id=head.person_id,
            claimed_at=NOON,
            decided_by_id=officer.person_id if is_confirmed else None,
            decided_at=NOON if is_confirmed else None,
        )
        if not RuleSet.objects.filter(category=region.category).exists():
            setting_up.install_rules(
                category=region.category, from_date=RULES_FROM, actor=BOSS, now=NOON
            )
    return Applying(region, provider, establishment, head, writer, officer, second, graders)
