"""Writes docs/states from the lifecycles in the code, or checks that they agree."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from dps.lifecycle import Lifecycle

FOLDER = Path("docs") / "states"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if stale")
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / FOLDER)

    def handle(self, *args: Any, check: bool, folder: Path, **options: Any) -> None:
        wanted = dict(_pages())
        there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
        stale = sorted(
            name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
        )
        if check:
            for name in stale:
                self.stderr.write(f"{FOLDER / name} differs from the code: `make fix` writes it")
            if stale:
                sys.exit(1)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            _put(folder / name, wanted.get(name))
            self.stdout.write(f"{FOLDER / name}")


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


def _pages() -> Iterator[tuple[str, str]]:
    """The name and the text of one page for each lifecycle of each app."""
    for config in apps.get_app_configs():
        if importlib.util.find_spec(f"{config.name}.states") is None:
            continue
        module = importlib.import_module(f"{config.name}.states")
        for variable, value in vars(module).items():
            if isinstance(value, Lifecycle):
                name = value.name or variable.lower()
                sentence = inspect.cleandoc(module.__doc__ or "").partition(". ")[0]
                words = getattr(module, "WORDS", {})
                yield f"{name.replace(' ', '-')}.md", _page(name, sentence, value, words)


def _page(name: str, sentence: str, table: Lifecycle[Any, Any], words: Mapping[Any, str]) -> str:
    steps = [
        f"| {_say(before, words)} | {_say(action, {})} | {_say(after, words)} |"
        for (before, action), after in table.edges.items()
    ]
    return "\n".join(
        [
            f"# {name.capitalize()}",
            "",
            f"{sentence.rstrip('.')}.",
            "",
            "```mermaid",
            table.mermaid().rstrip("\n"),
            "```",
            "",
            "| From | Step | To |",
            "| --- | --- | --- |",
            *steps,
            "",
        ]
    )


def _say(member: Any, words: Mapping[Any, str]) -> str:
    plain = str(member.value).replace("_", " ")
    return words.get(member) or f"{plain[:1].upper()}{plain[1:]}"
