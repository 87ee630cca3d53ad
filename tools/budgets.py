"""
Lists every file and function that is larger than a reader should have to take in at once.

    python tools/budgets.py
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
APPS = ("dps", "providers", "qualification", "referrals", "contracts")
FOLDERS = (*APPS, "tests", "tools", "static")
NOT_OURS = {"node_modules", "vendor", "migrations", "__pycache__"}

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MOST_POSITIONAL_ARGUMENTS = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    problems = [problem for file in sorted(our_files()) for problem in problems_in(file)]
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(f"{len(problems)} over budget.")


def our_files() -> Iterator[Path]:
    yield PROJECT / "manage.py"
    for folder in FOLDERS:
        for file in (PROJECT / folder).rglob("*.py"):
            if NOT_OURS.isdisjoint(file.relative_to(PROJECT).parts):
                yield file


def problems_in(file: Path) -> Iterator[str]:
    text = file.read_text()
    name = file.relative_to(PROJECT)
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{name}: {lines} lines, at most {LONGEST_FILE}"
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, Function):
            yield from (f"{name}:{function.lineno}: {what}" for what in excess_of(function))


def excess_of(function: Function) -> Iterator[str]:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > LONGEST_FUNCTION:
        yield f"{function.name} has {lines} lines, at most {LONGEST_FUNCTION}"
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    positional = len(names) - (names[:1] in (["self"], ["cls"]))
    # A test names its fixtures and cases there; nobody calls it.
    if positional > MOST_POSITIONAL_ARGUMENTS and not function.name.startswith("test_"):
        most = MOST_POSITIONAL_ARGUMENTS
        yield f"{function.name} takes {positional} positional arguments, at most {most}"


if __name__ == "__main__":
    main()
