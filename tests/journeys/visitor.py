"""A person at a browser: signs in with a second factor, reads, fills in, sees no fault."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

from dps.models import Account
from tests.journeys.site import Site

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PASSWORD = "placement-demo-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE_SECONDS = 30
# The Design System stands back links and the phase banner before <main>, in no landmark, and lets
# a radio say whether what it reveals is open (its issue 979).
RUN_AXE = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: {region: {enabled: false}}
}).then(found => found.violations.flatMap(one => one.nodes
  .filter(node => one.id !== "aria-allowed-attr" || !/govuk-radios__input/.test(node.html))
  .map(node => one.id + ": " + node.html.slice(0, 300))))"""
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
TALLEST, COLOURS = 1600, 96
SEND = "main form:not([method=get]) button.govuk-button:not(.govuk-button--secondary)"


@dataclass
class Visitor:
    """One browser of one person."""

    site: Site
    page: Page
    secret: str = SECRET
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._look_at)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._hear)

    def goes_to(self, path: str) -> Visitor:
        address = path if path.startswith("http") else self.site.address + path
        self.page.goto(address, wait_until="load")
        return self

    def clicks(self, text: str) -> Visitor:
        """A link or a button, by the beginning of its words, that leads to a page."""
        pattern = re.compile(rf"^\s*{re.escape(text)}", re.IGNORECASE)
        for role in ("link", "button"):
            found = self.page.get_by_role(role, name=pattern)  # type: ignore[arg-type]
            if found.count():
                return self.follows(found.first)
        raise AssertionError(f"nothing says {text!r} on {self.page.url}:\n{self.words[:3000]}")

    def sends(self) -> Visitor:
        """The button that the page is about."""
        return self.follows(self.page.locator(SEND).last)

    def opens(self, summary: str) -> Visitor:
        """A part of the page that is folded away."""
        self.page.locator("summary", has_text=summary).first.click()
        return self

    def fills(self, **values: str) -> Visitor:
        """Fields by their names; a date by the name of the field."""
        for name, value in values.items():
            self.page.locator(f"[name='{name}']").first.fill(value)
        return self

    def dates(self, **days: date) -> Visitor:
        for name, day in days.items():
            parts = {"day": day.day, "month": day.month, "year": day.year}
            self.fills(**{f"{name}_{part}": str(value) for part, value in parts.items()})
        return self

    def picks(self, **values: str) -> Visitor:
        """Radios by their names and values, and lists to select from."""
        for name, value in values.items():
            radio = self.page.locator(f"input[name='{name}'][value='{value}']")
            if radio.count():
                radio.first.check(force=True)
            else:
                self.page.locator(f"select[name='{name}']").select_option(value)
        return self

    def ticks(self, *labels: str) -> Visitor:
        """Radios and boxes, by their labels."""
        for label in labels:
            self.page.get_by_label(label, exact=False).first.check(force=True)
        return self

    def ticks_all(self, name: str) -> Visitor:
        for box in self.page.locator(f"input[type=checkbox][name='{name}']").all():
            box.check(force=True)
        return self

    def signs_in(self, email: str, password: str = PASSWORD) -> Visitor:
        """With password and, if one is set up, a code from an authenticator app."""
        self.goes_to("/account/login/").fills(login=email, password=password).sends()
        if self.page.locator("[name=code]").count() and "activate" not in self.page.url:
            self.fills(code=code_now(self.secret)).sends()
            if self.page.url.endswith("/2fa/authenticate/"):
                # The code of this half minute has been used, in a journey just before.
                time.sleep(CODE_SECONDS - time.time() % CODE_SECONDS + 1)
                self.fills(code=code_now(self.secret)).sends()
        return self

    def comes_as(self, client: Client) -> Visitor:
        """Signed in already, with the session of a client of the tests."""
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.site.address}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return self

    def confirms_password(self) -> Visitor:
        """Where the page asks again who it is."""
        assert "reauthenticate" in self.page.url, self.page.url
        return self.fills(password=PASSWORD).sends()

    def sends_along(self, **files: tuple[str, bytes]) -> Visitor:
        """Files, each with its name, by the names of their fields."""
        for field_name, (name, content) in files.items():
            payload = {"name": name, "mimeType": "application/pdf", "buffer": content}
            self.page.locator(f"input[type=file][name='{field_name}']").set_input_files(payload)  # type: ignore[arg-type]
        return self

    @property
    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, *texts: str) -> Visitor:
        words = self.words
        for text in texts:
            assert text in words, f"{text!r} is not on {self.page.url}:\n{words[:3000]}"
        return self

    def keeps(self, **values: str) -> Visitor:
        """What was typed still stands in its fields."""
        for name, value in values.items():
            assert self.page.locator(f"[name='{name}']").first.input_value() == value, name
        return self

    def does_not_see(self, *texts: str) -> Visitor:
        words = self.page.content()
        for text in texts:
            assert text not in words, f"{text!r} is on {self.page.url}"
        return self

    def looks(self, picture: str = "") -> Visitor:
        """Axe finds nothing, nothing sticks out at 320 pixels, and a picture is kept if wanted."""
        complaints = self.complaints()
        assert complaints == [], complaints
        self._keep(picture)
        return self

    def complaints(self) -> list[str]:
        """What is wrong with the page as it is: for axe, and on a narrow telephone."""
        self.page.evaluate(AXE)
        found = [f"{self.page.url}: {one}" for one in self.page.evaluate(RUN_AXE)]
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        if width > NARROW["width"]:
            found.append(f"{self.page.url} is {width} pixels wide on a telephone")
        return found

    def follows(self, target: Locator) -> Visitor:
        """Click what leads to a page."""
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        return self

    def _keep(self, picture: str) -> None:
        """The upper part of the page, on a desk and on a telephone, in few colours."""
        folder = os.environ.get("DPS_SCREENSHOTS")
        if not folder or not picture:
            return
        for name, size in ((picture, WIDE), (f"{picture}-phone", NARROW)):
            path = ROOT / folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            height = self.page.evaluate("document.documentElement.scrollHeight")
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)}
            self.page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def _look_at(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)


@contextmanager
def visiting(browser: Browser, site: Site, **options: Any) -> Iterator[Visitor]:
    context = browser.new_context(viewport=WIDE, **options)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    visitor = Visitor(site, context.new_page())
    yield visitor
    context.close()
    assert visitor.faults == []


def give_second_factor(email: str) -> None:
    """An authenticator app, as if the person had set it up long ago."""
    account = Account.objects.get(email__iexact=email)
    data = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.get_or_create(
        user=account, type=Authenticator.Type.TOTP, defaults={"data": data}
    )


def code_now(secret: str = SECRET) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))
