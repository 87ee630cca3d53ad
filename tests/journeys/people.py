"""Everybody in the journey, each at a browser of their own that stays open."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Browser

from dps.clock import london
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor, give_second_factor, visiting

OFFICER = "tess.fallowmere@westsussex.example"
SECOND_OFFICER = "adeel.brackenshaw@westsussex.example"
COMMISSIONER = "nina.candlewick@westsussex.example"
SECOND_COMMISSIONER = "isla.rookhope@westsussex.example"
EVALUATORS = ("owen.featherby@westsussex.example", "ruth.mossington@westsussex.example")
APPROVER = "gareth.plumley-fox@westsussex.example"
APPROVERS_NAME = "Gareth Plumley-Fox"
RIVAL = "sally.goldcrestley@wrenfold.example"
RIVALS_SCHOOL = "Thimblewood School"


@dataclass(frozen=True)
class Newcomer:
    """A provider that nobody knows yet."""

    organisation: str = "Larkfold Learning Limited"
    name: str = "Edith Larkspur"
    email: str = "edith.larkspur@larkfold.example"


@dataclass
class Journey:
    """Where it happens, and what those who act later have to know."""

    browser: Browser
    site: Site
    open_browsers: ExitStack
    newcomer: Newcomer = Newcomer()
    school: str = "Larkfold School"
    costs: dict[str, tuple[int, str]] = field(default_factory=dict)
    reference: str = ""
    referral: str = ""
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def stranger(self) -> Visitor:
        """Somebody who has no account, in a browser that remembers nothing."""
        return self.open_browsers.enter_context(visiting(self.browser, self.site))

    def person(self, email: str) -> Visitor:
        """Somebody of the demo region, signed in, at the page where they start."""
        if email not in self._visitors:
            give_second_factor(email)
            self.introduce(email, self.stranger().signs_in(email))
        return self._visitors[email].goes_to("/start/").sees("What waits for you")

    def visitor(self, email: str) -> Visitor:
        """Somebody who has been here already, at the page where they are."""
        return self._visitors[email]

    def introduce(self, email: str, visitor: Visitor) -> None:
        self._visitors[email] = visitor

    def provider(self) -> Visitor:
        return self.person(self.newcomer.email)

    def day(self, after: int) -> date:
        """The date in London so many days from now."""
        return london(self.site.now + timedelta(days=after)).date()
