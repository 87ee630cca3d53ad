"""Tags for charts and maps: the picture always comes with its words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from dps.govuk.charts import Chart, chart_svg
from dps.govuk.map import Map, map_svg

register = template.Library()


@register.inclusion_tag("govuk/chart.html")
def govuk_chart(chart: Chart) -> dict[str, Any]:
    """A chart, and below it the same numbers as a table that opens."""
    number = {"numeric": True}
    several = len(chart.part_names) > 1
    names = chart.part_names if several else ()
    values = [{"text": name, **number} for name in names]
    values.append({"text": "All" if several else chart.unit, **number})
    rows = [
        [bar.label, *(f"{part:,}" for part in bar.parts if several), bar.words]
        for bar in chart.bars
    ]
    return {
        "chart": chart,
        "svg": chart_svg(chart),
        "table_words": f"{chart.title} as a table",
        "head": [chart.head, *values],
        "rows": rows,
    }


@register.simple_tag
def govuk_map(plan: Map) -> SafeString:
    """A map; the page puts the list of its places beside it, with the id `plan.list_id`."""
    return map_svg(plan)
