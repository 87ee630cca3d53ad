"""Lay out the third-party CSS and JavaScript that the pages use. No Sass, no bundler.

    npm ci                  # in this folder: downloads the packages
    python static/build.py  # fills static/vendor, which git ignores

The result is served beside static/src. gov.uk alone may use the crown and its typeface, so
both are taken out, and the build stops when a new release of the packages brings one back.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
OUT = HERE / "vendor" / "govuk"
GOVUK = MODULES / "govuk-frontend/dist/govuk"
MOJ = MODULES / "@ministryofjustice/frontend/moj"
BRAND = "#00594f"
FONT = '"Helvetica Neue",Helvetica,Arial,sans-serif'
MOJ_PARTS = ("moj-timeline", "moj-filter")
FORBIDDEN = ("GDS Transport", "crest", "/assets/")


def main() -> None:
    if not GOVUK.is_dir():
        sys.exit("The packages are missing. In the folder static/ run: npm ci")
    shutil.rmtree(OUT.parent, ignore_errors=True)
    (OUT / "images").mkdir(parents=True)

    css = stylesheet()
    write("govuk.css", css)
    write("govuk-frontend.min.js", (GOVUK / "govuk-frontend.min.js").read_text())
    for name in sorted(set(re.findall(r"url\(images/([^)]+)\)", css))):
        shutil.copy2(MOJ / "assets/images" / name, OUT / "images" / name)

    made = sum(1 for path in OUT.rglob("*") if path.is_file())
    print(f"{made} files in {OUT.parent.relative_to(HERE.parent)}")


def stylesheet() -> str:
    """The Design System and two parts of the Ministry of Justice's, without gov.uk's brand."""
    govuk = unbrand((GOVUK / "govuk-frontend.min.css").read_text())
    moj = pick(unbrand((MOJ / "moj-frontend.min.css").read_text()), MOJ_PARTS)
    css = govuk + moj.replace("url(/assets/images/", "url(images/")
    css = f"{css}:root{{--govuk-brand-colour:{BRAND}}}"
    for word in FORBIDDEN:
        if word in css:
            sys.exit(f"{word!r} is left in the CSS: the package has changed, look at unbrand()")
    return css


def unbrand(css: str) -> str:
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", FONT)
    return re.sub(r"[a-z-]+:url\(/assets/images/govuk-crest\.svg\);?", "", css)


def pick(css: str, names: tuple[str, ...]) -> str:
    """Only the rules whose selector holds one of the names, inside media queries too."""
    kept = []
    for block in blocks(css):
        head, _, body = block.partition("{")
        if head.startswith(("@media", "@supports")):
            inner = pick(body[:-1], names)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif any(name in head for name in names):
            kept.append(block)
    return "".join(kept)


def blocks(css: str) -> Iterator[str]:
    depth = start = 0
    for at, character in enumerate(css):
        depth += (character == "{") - (character == "}")
        if character == "}" and depth == 0:
            yield css[start : at + 1]
            start = at + 1


def write(name: str, text: str) -> None:
    # The source maps are not copied, and the hashed storage would look for them.
    text = re.sub(r"//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/", "", text)
    (OUT / name).write_text(text.rstrip() + "\n")


if __name__ == "__main__":
    main()
