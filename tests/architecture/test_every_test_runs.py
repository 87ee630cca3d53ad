"""`make test` runs every file of tests but the benchmarks, which have a command of their own."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_file_is_in_a_path_that_is_run():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    paths = [ROOT / path for path in settings["tool"]["pytest"]["ini_options"]["testpaths"]]
    files = set((ROOT / "tests").rglob("test_*.py")) - set((ROOT / "tests/bench").rglob("*.py"))

    left_out = {file for file in files if not any(file.is_relative_to(path) for path in paths)}

    assert left_out == set()
