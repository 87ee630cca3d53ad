"""Bar charts as SVG drawn here: no script, no style attribute, each with its table beside.

Lengths across are percentages, so that words keep their size on a narrow page.
"""

from dataclasses import dataclass
from textwrap import wrap

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

BAR = 26
LABEL = 24
GAP = 16
LINE = 20
MOST_LINES = 2
ROOM = 32
"""Characters of a label and its number together at 320 pixels, with a gap between them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label and the value of each of its parts; `shown` replaces the number."""

    label: str
    parts: tuple[int, ...]
    shown: str = ""

    @property
    def total(self) -> int:
        return sum(self.parts)

    @property
    def words(self) -> str:
        return self.shown or f"{self.total:,}"


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says: a title, what is measured, the bars, names for their parts.

    `head` is the heading of the labels' column in the table; `most` is the value of a bar as long
    as the page is wide, if the longest bar is not.
    """

    title: str
    unit: str
    bars: tuple[Bar, ...]
    part_names: tuple[str, ...] = ()
    key: str = "chart"
    head: str = "Name"
    most: int = 0

    def __post_init__(self) -> None:
        lengths = {len(bar.parts) for bar in self.bars}
        if len(lengths) > 1 or (self.part_names and lengths - {len(self.part_names)}):
            raise ValueError(f"the bars of {self.title!r} have different numbers of parts")
        if any(part < 0 for bar in self.bars for part in bar.parts):
            raise ValueError(f"{self.title!r} has a bar below nothing")

    @property
    def description(self) -> str:
        """The whole chart in one sentence, for those who hear it."""
        said = ", ".join(f"{bar.label} {bar.words}" for bar in self.bars)
        return f"{self.unit}: {said or 'nothing to show'}."


def bar_chart(
    title: str, unit: str, rows: list[tuple[str, int]], *, key: str = "chart", head: str = "Name"
) -> Chart:
    """One bar for each label and value."""
    bars = tuple(Bar(label, (value,)) for label, value in rows)
    return Chart(title, unit, bars, key=key, head=head)


def stacked_chart(
    title: str,
    unit: str,
    part_names: tuple[str, ...],
    rows: list[tuple[str, tuple[int, ...]]],
    *,
    key: str = "chart",
    head: str = "Name",
) -> Chart:
    """Bars of several parts beside each other, with a key; at most four parts."""
    if len(part_names) > 4:
        raise ValueError("more than four parts cannot be told apart")
    return Chart(title, unit, tuple(Bar(*row) for row in rows), part_names, key, head)


def chart_svg(chart: Chart) -> SafeString:
    """The picture alone, for a page or a PDF that has the table already."""
    longest = max((chart.most, *(bar.total for bar in chart.bars))) or 1
    top = 0
    rows = []
    for bar in chart.bars:
        lines = _lines(bar)
        baselines = [top + LABEL - 7 + at * LINE for at in range(len(lines))]
        top = baselines[-1] + 7
        rows.append(
            {
                "lines": list(zip(lines, baselines, strict=True)),
                "words": bar.words,
                "baseline": baselines[-1],
                "top": top,
                "pieces": _pieces(bar, longest),
            }
        )
        top += BAR + GAP
    height = max(top - GAP, BAR)
    context = {"chart": chart, "rows": rows, "height": height, "bar": BAR}
    return SafeString(render_to_string("govuk/chart_svg.html", context))


def _pieces(bar: Bar, longest: int) -> list[dict[str, str | int]]:
    pieces: list[dict[str, str | int]] = []
    before = 0
    for number, part in enumerate(bar.parts, 1):
        if part:
            left, width = (f"{value * 100 / longest:.2f}%" for value in (before, part))
            pieces.append({"left": left, "width": width, "number": number})
        before += part
    return pieces


def _lines(bar: Bar) -> list[str]:
    """The label, beside its number on the narrowest page; what two lines do not hold is cut."""
    room = ROOM - len(bar.words)
    lines = wrap(bar.label, room) or [bar.label]
    if len(lines) <= MOST_LINES:
        return lines
    last = lines[MOST_LINES - 1]
    return [*lines[: MOST_LINES - 1], f"{last[: room - 1].rstrip()}…"]
