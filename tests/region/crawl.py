"""Walking the site by its links, as each of its users, from where they start."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

PER_PATTERN = 3
"""So many pages of one kind are opened: the first, and two that may be in another state."""
MOST_PAGES = 220


@dataclass
class Seen:
    """One page that was opened."""

    url: str
    name: str
    status: int
    has_heading: bool
    leads_on: bool
    opened_from: str


@dataclass
class Walk:
    """What one person found."""

    pages: list[Seen] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {page.name for page in self.pages}

    @property
    def dead(self) -> list[tuple[str, int, str]]:
        return [(p.url, p.status, p.opened_from) for p in self.pages if p.status >= 400]

    @property
    def without_next_step(self) -> list[str]:
        return [p.url for p in self.pages if p.status == 200 and not p.leads_on]

    @property
    def without_one_heading(self) -> list[str]:
        return [p.url for p in self.pages if p.status == 200 and not p.has_heading]


def walk(client: Client, start: str) -> Walk:
    found, queue, opened = Walk(), deque([(start, "")]), {start}
    times: dict[str, int] = {}
    while queue and len(found.pages) < MOST_PAGES:
        url, source = queue.popleft()
        name = name_of(url)
        if name is None or times.get(name, 0) >= PER_PATTERN:
            continue
        times[name] = times.get(name, 0) + 1
        response = client.get(url, follow=True)
        is_page = response.get("Content-Type", "").startswith("text/html")
        tree = html.fromstring(response.content) if is_page and response.content else None
        found.pages.append(_seen(url, name, response.status_code, tree, source))
        for link in _links(tree, response.request["PATH_INFO"]):
            if link not in opened:
                opened.add(link)
                queue.append((link, url))
    return found


def name_of(url: str) -> str | None:
    try:
        match = resolve(urlsplit(url).path)
    except Resolver404:
        return f"no such address: {url}"
    return match.view_name


def _seen(url: str, name: str, status: int, tree: html.HtmlElement | None, source: str) -> Seen:
    if tree is None:
        return Seen(url, name, status, has_heading=True, leads_on=True, opened_from=source)
    headings = tree.xpath("//main//h1")
    steps = tree.xpath("//main//a[@href] | //main//form | //a[contains(@class,'back-link')]")
    return Seen(url, name, status, len(headings) == 1, bool(steps), source)


def _links(tree: html.HtmlElement | None, base: str) -> list[str]:
    if tree is None:
        return []
    links = [urljoin(base, href) for href in tree.xpath("//a/@href")]
    ours = [link.partition("#")[0] for link in links if link.startswith("/")]
    return [link for link in ours if not link.startswith(("/static/", "/account/logout"))]
