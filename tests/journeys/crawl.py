"""Walking the site by its links, as each of its users, from where they start."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

PER_PATTERN = 3
"""So many pages of one kind are opened, and one of each state that the list of them names."""
TAGS = (
    "(ancestor::tr | ancestor::li | ancestor::*[contains(@class,'govuk-summary-card')])[last()]"
    "//*[contains(concat(' ', @class, ' '), ' govuk-tag ')]"
)
MOST_PAGES = 220
SEARCHED = "school"
"""What the walk types into a search box."""
NOT_OPENED = ("/static/", "/account/logout")


@dataclass
class Seen:
    """One page that was opened, and the one that it led on to."""

    url: str
    name: str
    status: int
    opened_from: str
    ended_at: str = ""
    is_html: bool = False
    has_heading: bool = True
    leads_on: bool = True

    @property
    def is_dead(self) -> bool:
        """What an old email leads to may have ended, and says so."""
        has_ended = self.status == 410 and name_of(self.opened_from) == "mailbox_message"
        return self.status >= 400 and not has_ended


@dataclass
class Walk:
    """What one person found."""

    pages: list[Seen] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {name for page in self.pages for name in (page.name, page.ended_at)}

    @property
    def dead(self) -> list[tuple[str, int, str]]:
        return [(p.url, p.status, p.opened_from) for p in self.pages if p.is_dead]

    @property
    def without_next_step(self) -> list[str]:
        return [p.url for p in self.pages if p.status == 200 and not p.leads_on]

    @property
    def without_one_heading(self) -> list[str]:
        return [p.url for p in self.pages if p.status == 200 and not p.has_heading]


def walk(client: Client, start: str) -> Walk:
    found, queue, met = Walk(), deque([(start, "", "")]), {(start, "")}
    opened: set[str] = set()
    times: Counter[tuple[str, ...]] = Counter()
    while queue and len(found.pages) < MOST_PAGES:
        url, state, source = queue.popleft()
        name = name_of(url)
        is_new = bool(state) and not times[name, state]
        if url in opened or (times[name,] >= PER_PATTERN and not is_new):
            continue
        opened.add(url)
        times.update([(name,), (name, state)])
        answer = client.get(url, follow=True)
        seen, tree = _look_at(answer, Seen(url, name, answer.status_code, source))
        if not seen.is_html:  # a file: one is enough
            times[name,] = PER_PATTERN
        found.pages.append(seen)
        for link in _links(tree, answer.request["PATH_INFO"]):
            if link not in met:
                met.add(link)
                queue.append((*link, url))
    return found


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return f"no such address: {url}"


def _look_at(answer: HttpResponse, seen: Seen) -> tuple[Seen, html.HtmlElement | None]:
    seen.ended_at = name_of(answer.request["PATH_INFO"])  # type: ignore[attr-defined]
    seen.is_html = answer.get("Content-Type", "").startswith("text/html")
    if not seen.is_html or not answer.content:
        return seen, None
    tree = html.fromstring(answer.content)
    steps = tree.xpath("//main//a[@href] | //main//form | //a[contains(@class,'back-link')]")
    seen.has_heading = len(tree.xpath("//main//h1")) == 1
    seen.leads_on = bool(steps)
    return seen, tree


def _links(tree: html.HtmlElement | None, base: str) -> Iterator[tuple[str, str]]:
    """Addresses on the page, each with the tags that stand beside it: the state of what it is."""
    if tree is None:
        return
    hrefs = [(one.get("href"), _tags(one)) for one in tree.xpath("//a[@href]")]
    for href, state in (*hrefs, *((each, "") for each in _searches(tree))):
        link = urljoin(base, href.removeprefix(settings.PUBLIC_ADDRESS)).partition("#")[0]
        if link.startswith("/") and not link.startswith(NOT_OPENED):
            yield link, state


def _tags(link: html.HtmlElement) -> str:
    return " ".join(" ".join(tag.text_content().split()) for tag in link.xpath(TAGS))


def _searches(tree: html.HtmlElement) -> list[str]:
    """Where the search boxes of the page lead."""
    forms = tree.xpath("//form[@method='get'][.//input[@name='search']]")
    return [f"{form.get('action', '')}?{urlencode({'search': SEARCHED})}" for form in forms]
