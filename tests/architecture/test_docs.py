"""The pages of docs tell what is there: links lead somewhere, commands and tests exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))
TWO_SCREENS = 90
# Not in a fresh clone: the operator puts the certificate there, the journeys their pictures.
MADE_LATER = {"deploy/tls/certificate.pem", "deploy/tls/key.pem", "docs/screenshots"}
LONGEST_ADR = 40

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"manage\.py ([a-z][a-z_]*)")
OURS = re.compile(
    r"`((?:dps|providers|qualification|referrals|contracts|tests|tools|docs|deploy|templates|static)"
    r"/[\w./-]+)`"
)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_adr = pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.stem)


def prose(page):
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    headings = HEADING.findall(prose(page))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def is_broken(page, link):
    if re.match(r"[a-z]+:", link):
        return False
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


@each_page
def test_every_link_leads_somewhere(page):
    assert [link for link in LINK.findall(prose(page)) if is_broken(page, link)] == []


@each_page
def test_every_command_that_is_named_exists(page):
    named = set(COMMAND.findall(page.read_text(encoding="utf-8")))

    assert named - set(get_commands()) == set()


@each_page
def test_every_path_that_is_named_exists(page):
    named = {path.rstrip("/") for path in OURS.findall(prose(page))}

    assert sorted(path for path in named - MADE_LATER if not (ROOT / path).exists()) == []


def test_the_readme_is_two_screens_at_most():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= TWO_SCREENS


def test_every_how_to_stands_in_the_index():
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = [page.name for page in (ROOT / "docs/how-to").glob("*.md")]

    assert [name for name in sorted(pages) if f"how-to/{name}" not in index] == []


def test_there_are_decisions():
    assert ADRS != []


@each_adr
def test_a_decision_is_short(adr):
    assert len(adr.read_text(encoding="utf-8").splitlines()) <= LONGEST_ADR


@each_adr
def test_a_decision_ends_with_the_tests_that_hold_it(adr):
    last = adr.read_text(encoding="utf-8").strip().split("\n\n")[-1]
    paths = re.findall(r"`(tests/[\w./-]+)`", last)

    assert last.startswith("Held by:")
    assert paths != []
    assert [path for path in paths if not (ROOT / path).exists()] == []
