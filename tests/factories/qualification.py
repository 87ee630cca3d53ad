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
from providers.models import Claim, Establishment, Provider
from qualification.core_costs import CostEntry
from qualification.models import Answer, Application, Question, RuleSet, SentAnswer
from qualification.queries.applications import Contents, contents_of, with_names
from qualification.services import applying, deciding, setting_up
from qualification.shipped import SEN_HEADS
from tests.factories.kernel import NOON, Region, make_person

BOSS = system(REGION_ID)
RULES_FROM = date(2026, 1, 1)
COSTS = tuple(
    CostEntry(code, 1_000_00 * number, Basis.YEAR)
    for number, code in enumerate((head.code for head in SEN_HEADS), 1)
)


@dataclass
class Applying:
    """A provider with one establishment, its two people, and an officer; SEN day has its rules."""

    region: Region
    provider: Provider
    establishment: Establishment
    head: Actor
    writer: Actor
    officer: Actor
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
                    passes=None if each.is_written else True,
                    text=f"What we do about {each.criterion.code}." if each.is_written else "",
                    actor=self.head,
                    now=now,
                )
            applying.set_core_costs(
                application_id=application.id, lines=COSTS, actor=self.head, now=now
            )

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

    def graded(self, *, now: datetime = NOON, establishment: UUID | None = None) -> Application:
        application = self.submitted(now=now, establishment=establishment)
        self.grade(application, now=now)
        return application

    def grade(self, application: Application, *, grade: int = 4, now: datetime = NOON) -> None:
        with acting_as(self.officer):
            sent = SentAnswer.objects.filter(application=application)
            statements = Answer.objects.filter(
                id__in=sent.values("answer_id"), question__kind=Question.Kind.STATEMENT
            )
            for answer in statements:
                deciding.grade_statement(
                    answer_id=answer.id,
                    grade=grade,
                    reason="Clear, with results.",
                    actor=self.officer,
                    now=now,
                )

    def decided(
        self,
        *,
        qualifies: bool = True,
        now: datetime = NOON,
        establishment: UUID | None = None,
    ) -> Application:
        application = self.graded(now=now, establishment=establishment)
        with acting_as(self.officer):
            return deciding.decide(
                application_id=application.id,
                qualifies=qualifies,
                reason="All is met." if qualifies else "Send a new insurance certificate.",
                actor=self.officer,
                now=now,
            )

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
    return Applying(region, provider, establishment, head, writer, officer)
