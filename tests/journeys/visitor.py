"""A person at a browser: signs in with a second factor, reads, fills in, sees no fault."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, Page, Response

from dps.models import Account
from tests.journeys.site import Site

ROOT = Path(__file__).parents[2]
AXE = ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "placement-demo-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RUN_AXE = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}).then(found => found.violations.map(one => one.id + ": " + one.nodes[0].html))"""
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}


@dataclass
class Visitor:
    """One browser of one person."""

    site: Site
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._look_at)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._hear)

    def goes_to(self, path: str) -> Visitor:
        self._stamp()
        address = path if path.startswith("http") else self.site.address + path
        self.page.goto(address, wait_until="load")
        return self

    def clicks(self, text: str) -> Visitor:
        """A link or a button, by its words."""
        self._stamp()
        pattern = re.compile(rf"^\s*{re.escape(text)}", re.IGNORECASE)
        found = self.page.get_by_role("link", name=pattern)
        if not found.count():
            found = self.page.get_by_role("button", name=pattern)
        found.first.click()
        self.page.wait_for_load_state("load")
        return self

    def fills(self, **values: str) -> Visitor:
        """Fields by their names."""
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").first.fill(value)
        return self

    def ticks(self, *labels: str) -> Visitor:
        """Radios and boxes, by their labels."""
        for label in labels:
            self.page.get_by_label(label, exact=False).first.check(force=True)
        return self

    def signs_in(self, email: str) -> Visitor:
        """With password and a code from an authenticator app."""
        give_second_factor(email)
        self.goes_to("/account/login/").fills(login=email, password=PASSWORD)
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_load_state("load")
        self.fills(code=code_now())
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_load_state("load")
        assert "/start/" in self.page.url, self.page.url + self.words[:500]
        return self

    def confirms_password(self) -> Visitor:
        """Where the page asks again who it is."""
        if "reauthenticate" in self.page.url:
            self._stamp()
            if self.page.locator("[name=password]").count():
                self.fills(password=PASSWORD)
            else:
                self.fills(code=code_now())
            self.page.locator("main form button[type=submit]").first.click()
            self.page.wait_for_load_state("load")
        return self

    @property
    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, *texts: str) -> Visitor:
        for text in texts:
            assert text in self.words, f"{text!r} is not on {self.page.url}:\n{self.words[:1500]}"
        return self

    def looks(self, picture: str = "") -> Visitor:
        """Axe finds nothing, nothing sticks out at 320 pixels, and a picture is kept if wanted."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert self.page.evaluate(RUN_AXE) == [], self.page.url
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW["width"], f"{self.page.url} is {width} px wide on a telephone"
        self._keep(f"{picture}-phone")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        self._keep(picture)
        return self

    def _keep(self, picture: str) -> None:
        folder = os.environ.get("DPS_SCREENSHOTS")
        if folder and not picture.startswith("-") and picture:
            path = ROOT / folder / f"{picture}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=path, full_page=True)

    def _stamp(self) -> None:
        self.page.context.set_extra_http_headers(self.site.headers)

    def _look_at(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)


@contextmanager
def visiting(browser: Browser, site: Site, **options: Any) -> Iterator[Visitor]:
    context = browser.new_context(viewport=WIDE, **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    visitor = Visitor(site, context.new_page())
    yield visitor
    context.close()
    assert visitor.faults == []


def give_second_factor(email: str) -> None:
    account = Account.objects.get(email__iexact=email)
    if not Authenticator.objects.filter(user=account).exists():
        data = {"secret": get_adapter().encrypt(SECRET)}
        Authenticator.objects.create(
            user=account, type=Authenticator.Type.TOTP, data=json.loads(json.dumps(data))
        )


def code_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))
