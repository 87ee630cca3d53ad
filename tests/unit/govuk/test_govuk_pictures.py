"""Colours, charts and the map: what is drawn, and what is said to those who do not see it."""

import pytest
from django.template import Context, Template
from lxml import etree, html

from dps.govuk.charts import Bar, Chart, bar_chart, chart_svg, stacked_chart
from dps.govuk.colour import ColourRefused, brand_colour, contrast
from dps.govuk.map import Circle, Frame, Map, Point, map_svg

SVG = {"s": "http://www.w3.org/2000/svg"}


@pytest.mark.parametrize(
    ("colour", "reached"),
    [("#ffffff", 1.0), ("#000000", 21.0), ("#00594f", 8.26), ("#1d70b8", 5.17), ("#FF6600", 2.94)],
)
def test_contrast_with_white_is_that_of_wcag(colour, reached):
    assert round(contrast(colour), 2) == reached


def test_contrast_is_the_same_both_ways():
    assert contrast("#1d70b8", "#ffdd00") == contrast("#ffdd00", "#1d70b8")


def test_a_councils_colour_must_carry_white_words():
    assert brand_colour("#00594F") == "#00594f"
    assert brand_colour("#767676") == "#767676"
    with pytest.raises(ColourRefused, match=r"#777777 is too light: .* 4\.48 to 1"):
        brand_colour("#777777")


@pytest.mark.parametrize(
    "colour", ["", "red", "#fff", "#12345g", "#00594f;}", "#00594f\n", "#" + "\u0660" * 6]
)
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ColourRefused):
        contrast(colour)


def bars(svg):
    tree = etree.fromstring(svg)
    return [
        (rect.get("class"), rect.get("x"), rect.get("width"))
        for rect in tree.xpath("//s:rect[@class]", namespaces=SVG)
    ]


def test_the_longest_bar_fills_the_width_and_the_rest_keep_their_share():
    chart = bar_chart("Spend", "Pounds", [("Adur", 400), ("Arun", 100), ("Crawley", 0)])

    assert bars(chart_svg(chart)) == [
        ("app-chart__part-1", "0.00%", "100.00%"),
        ("app-chart__part-1", "0.00%", "25.00%"),
    ]


def test_the_parts_of_a_bar_stand_end_to_end():
    chart = stacked_chart("Results", "Referrals", ("Placed", "Open"), [("Autumn", (3, 1))])

    assert bars(chart_svg(chart)) == [
        ("app-chart__part-1", "0.00%", "75.00%"),
        ("app-chart__part-2", "75.00%", "25.00%"),
    ]


def test_a_chart_is_spoken_in_full():
    chart = Chart("Spend <1>", "Pounds", (Bar("A & B", (1200,)), Bar("C", (3,), "£3")), key="s")

    tree = etree.fromstring(chart_svg(chart))

    assert tree.get("aria-labelledby") == "s-title s-words"
    assert tree.xpath("//s:title/text()", namespaces=SVG) == ["Spend <1>"]
    assert tree.xpath("//s:desc/text()", namespaces=SVG) == ["Pounds: A & B 1,200, C £3."]


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("1. Oak School", ["1. Oak School"]),
        (
            "2. The Meadows School for Autistic Children",
            ["2. The Meadows School for", "Autistic Children"],
        ),
        (
            "3. St Wilfrid and All Saints Residential Special School and Children’s Home",
            ["3. St Wilfrid and All", "Saints Residential Special…"],
        ),
        ("W" * 60, ["W" * 27, "W" * 26 + "…"]),
    ],
)
def test_a_long_label_goes_on_two_lines_and_never_reaches_its_number(label, lines):
    chart = Chart("Points", "Points", (Bar(label, (9017,), "90.17"), Bar("B", (1,))))

    tree = etree.fromstring(chart_svg(chart))

    texts = tree.xpath("//s:text", namespaces=SVG)
    assert [one.text for one in texts] == [*lines, "90.17", "B", "1"]
    feet = [float(one.get("y")) for one in texts]
    tops = [float(one.get("y")) for one in tree.xpath("//s:rect[@fill='#f3f3f3']", namespaces=SVG)]
    assert feet[: len(lines)] == [17 + 20 * at for at in range(len(lines))]
    assert (tops[0], tops[1]) == (feet[len(lines)] + 7, feet[-1] + 7)
    assert float(tree.get("height")) == tops[1] + 26
    assert label in tree.xpath("string(//s:desc)", namespaces=SVG)


@pytest.mark.parametrize("rows", [[], [("Adur", 0)]])
def test_a_chart_of_nothing_is_still_a_chart(rows):
    etree.fromstring(chart_svg(bar_chart("Spend", "Pounds", rows)))


def test_a_chart_refuses_bars_it_cannot_draw():
    with pytest.raises(ValueError, match="below nothing"):
        bar_chart("Spend", "Pounds", [("Adur", -1)])
    with pytest.raises(ValueError, match="different numbers of parts"):
        stacked_chart("R", "n", ("A", "B"), [("x", (1, 2)), ("y", (1,))])
    with pytest.raises(ValueError, match="more than four"):
        stacked_chart("R", "n", tuple("ABCDE"), [])


def test_a_chart_comes_with_its_table():
    chart = stacked_chart(
        "Results", "Referrals", ("Placed", "Open"), [("Autumn", (3, 1))], head="Season"
    )
    source = "{% load charts %}{% govuk_chart chart %}"

    found = html.fromstring(Template(source).render(Context({"chart": chart})))

    cells = found.xpath("//table//th/text() | //table//td/text()")
    assert [cell.strip() for cell in cells] == [
        "Season",
        "Placed",
        "Open",
        "All",
        "Autumn",
        "3",
        "1",
        "4",
    ]


def test_a_frame_keeps_one_scale_and_points_north_up():
    frame = Frame.around([(500000, 100000), (520000, 110000)])

    assert frame.width == 640
    assert frame.x(520000) - frame.x(500000) == pytest.approx(
        2 * (frame.y(100000) - frame.y(110000))
    )
    assert frame.y(110000) < frame.y(100000)
    assert (frame.x(500000), frame.y(110000)) == (pytest.approx(24), pytest.approx(24))


@pytest.mark.parametrize(
    "places", [[], [(500000, 100000)], [(500000, 100000), (500000, 200000)], [(0, 0), (1, 1)]]
)
def test_a_frame_holds_any_places(places):
    frame = Frame.around(places)

    assert all(
        0 <= frame.x(e) <= frame.width and 0 <= frame.y(n) <= frame.height for e, n in places
    )
    assert frame.height <= 760


def test_a_map_links_each_point_and_tells_kinds_apart_by_shape():
    plan = Map(
        title="Schools",
        points=(
            Point(500000, 100000, "Alder & Co", "/a", "in", 1),
            Point(501000, 101000, "Birch", "/b", "out", 2),
            Point(502000, 101000, "Cedar"),
        ),
        circle=Circle(500000, 100000, 5000, "3 miles"),
        kinds={"in": "invited", "out": "too far"},
        list_id="places",
    )

    found = html.fromstring(map_svg(plan))

    links = found.xpath("//svg//a")
    assert [(a.get("href"), a.get("aria-label")) for a in links] == [
        ("/a", "1: Alder & Co, invited"),
        ("/b", "2: Birch, too far"),
    ]
    marks = [a.xpath(".//*[@class='app-map__mark']")[0].tag for a in links]
    assert marks == ["circle", "rect"]
    assert found.xpath("//*[@role='img']/@aria-label") == ["Cedar"]
    assert found.xpath("//p/a/@href") == ["#places"]
    assert "style" not in {name for e in found.iter() for name in e.attrib}


def test_a_circle_has_its_radius_in_metres():
    plan = Map("Home", circle=Circle(500000, 100000, 10000))
    frame = Frame.around([(490000, 90000), (510000, 110000)])

    circle = html.fromstring(map_svg(plan)).xpath("//circle[@class='app-map__limit']")[0]

    assert float(circle.get("r")) == pytest.approx(10000 * frame.scale, abs=0.05)


def test_a_map_has_at_most_four_kinds():
    with pytest.raises(ValueError, match="more than 4 kinds"):
        Map("M", kinds=dict.fromkeys("abcde", "x"))
