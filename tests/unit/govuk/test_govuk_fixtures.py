"""Our markup against the expected HTML that govuk-frontend ships with its components."""

import json
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from lxml import html

from dps.govuk.forms import Choice, DateField, GovForm

STATIC = Path(__file__).resolve().parents[3] / "static"
COMPONENTS = STATIC / "node_modules/govuk-frontend/dist/govuk/components"
pytestmark = pytest.mark.skipif(
    not COMPONENTS.exists(), reason="the front-end packages are missing: run npm ci in static/"
)
# Ids, names and the addresses of links are ours; the rest of the markup is theirs.
COMPARED = {
    "class", "type", "role", "data-module", "aria-hidden", "hidden", "inputmode", "checked",
    "aria-label", "data-behaviour", "data-maxlength", "data-count-type", "aria-current", "rel",
    "draggable", "disabled", "spellcheck", "autocapitalize", "autocomplete",
}  # fmt: skip


def shape(markup):
    """Depth, tag, attributes and words of each element."""
    found = []

    def walk(element, depth):
        if isinstance(element.tag, str):
            attrs = {k: v for k, v in element.attrib.items() if k in COMPARED}
            if "class" in attrs:
                attrs["class"] = " ".join(sorted(attrs["class"].split()))
            words = " ".join((element.text or "").split())
            found.append((depth, element.tag, tuple(sorted(attrs.items())), words))
            for child in element:
                walk(child, depth + 1)

    for fragment in html.fragments_fromstring(markup.strip()):
        if not isinstance(fragment, str):
            walk(fragment, 0)
    return found


def fixture(component, name):
    known = json.loads((COMPONENTS / component / "fixtures.json").read_text())["fixtures"]
    return next(one for one in known if one["name"] == name)


def draw(source, **context):
    return Template("{% load govuk %}" + source).render(Context(context))


def draw_field(field, data=None, **options):
    form = type("OneField", (GovForm,), {"x": field, "y": forms.CharField(required=False)})(data)
    asked = " ".join(f"{key}={value!r}" for key, value in options.items())
    return draw("{% govuk_field form.x " + asked + " %}", form=form)


def text_of(options, *path):
    for key in path:
        options = options[key]
    return options["text"]


def words(options, **more):
    """A field's label and hint as the fixture has them."""
    named = options.get("fieldset", {}).get("legend") or options.get("label", {"text": ""})
    return {"label": named["text"], "help_text": options.get("hint", {}).get("text", ""), **more}


def missing(options):
    """What Django says when the answer is missing: the fixture's own message."""
    return {"error_messages": {"required": text_of(options, "errorMessage")}}


def choices(options):
    made, divider = [], ""
    for item in options["items"]:
        if "divider" in item:
            divider = item["divider"]
            continue
        exclusive = item.get("behaviour") == "exclusive"
        hint = item.get("hint", {}).get("text", "")
        made.append(
            (item["value"], Choice(item["text"], hint, divider=divider, exclusive=exclusive))
        )
        divider = ""
    return made


def character(options):
    return forms.CharField(**words(options)), None, {}


def textarea(options):
    return forms.CharField(widget=forms.Textarea, **words(options)), None, {}


def wrong_text(options):
    return forms.CharField(**words(options), **missing(options)), {}, {}


def wrong_textarea(options):
    field = forms.CharField(widget=forms.Textarea, **words(options), **missing(options))
    return field, {}, {}


def counted(options):
    area = forms.Textarea
    return forms.CharField(widget=area, max_length=options["maxlength"], **words(options)), None, {}


def prefixed(options):
    return forms.CharField(**words(options)), None, {"prefix": text_of(options, "prefix")}


def suffixed(options):
    return forms.CharField(**words(options)), None, {"suffix": text_of(options, "suffix")}


def wide(options):
    return forms.CharField(**words(options)), None, {"width": options["classes"].rsplit("-", 1)[1]}


def password(options):
    return forms.CharField(widget=forms.PasswordInput, **words(options)), None, {}


def file(options):
    return forms.FileField(**words(options)), None, {}


def wrong_file(options):
    return forms.FileField(**words(options), **missing(options)), {}, {}


def radios(options):
    field = forms.ChoiceField(widget=forms.RadioSelect, choices=choices(options), **words(options))
    heading = options["fieldset"]["legend"].get("isPageHeading", False)
    return field, None, {"heading": True, "label_size": "l"} if heading else {}


def inline_radios(options):
    field = forms.ChoiceField(widget=forms.RadioSelect, choices=choices(options), **words(options))
    chosen = next(item["value"] for item in options["items"] if item.get("checked"))
    return field, {"x": chosen}, {"inline": True}


def checkboxes(options):
    boxes = forms.CheckboxSelectMultiple
    return (
        forms.MultipleChoiceField(widget=boxes, choices=choices(options), **words(options)),
        None,
        {},
    )


def date(options):
    return DateField(**words(options)), None, {}


def wrong_date(options):
    return DateField(**words(options), **missing(options)), {}, {}


FIELDS = [
    ("input", "default", character),
    ("input", "with hint text", character),
    ("input", "with error message", wrong_text),
    ("input", "with prefix", prefixed),
    ("input", "with suffix", suffixed),
    ("input", "with width-10 class", wide),
    ("textarea", "default", textarea),
    ("textarea", "with hint", textarea),
    ("textarea", "with error message", wrong_textarea),
    ("character-count", "default", counted),
    ("character-count", "with hint", counted),
    ("file-upload", "default", file),
    ("file-upload", "with error message and hint", wrong_file),
    ("password-input", "default", password),
    ("radios", "default", radios),
    ("radios", "inline", inline_radios),
    ("radios", "with a divider", radios),
    ("radios", "with hints on items", radios),
    ("checkboxes", "with divider and None", checkboxes),
    ("date-input", "default", date),
    ("date-input", "with error message and hint", wrong_date),
]


@pytest.mark.parametrize(
    ("component", "name", "make"), FIELDS, ids=[f"{c}: {n}" for c, n, _ in FIELDS]
)
def test_a_field_is_drawn_as_the_design_system_draws_it(component, name, make):
    expected = fixture(component, name)
    field, data, options = make(expected["options"])

    assert shape(draw_field(field, data, **options)) == shape(expected["html"])


def page_of_three():
    request = RequestFactory().get("/")
    page = Paginator(range(3), 1).get_page(2)
    return draw("{% govuk_pagination page %}", page=page, request=request)


BANNER = '<p class="govuk-notification-banner__heading">{{ text }}</p>{% end_govuk_notification %}'
PARTS = [
    ("button", "default", "{% govuk_button text once=False %}"),
    ("button", "secondary", '{% govuk_button text kind="secondary" once=False %}'),
    ("button", "warning", '{% govuk_button text kind="warning" once=False %}'),
    ("button", "link", "{% govuk_button text href=href %}"),
    ("tag", "grey", '{% govuk_tag text "grey" %}'),
    ("inset-text", "default", "{% govuk_inset %}{{ text }}{% end_govuk_inset %}"),
    ("details", "default", "{% govuk_details summaryText %}{{ text }}{% end_govuk_details %}"),
    ("warning-text", "default", "{% govuk_warning text %}"),
    ("back-link", "default", '{% govuk_back_link "#" %}'),
    ("breadcrumbs", "default", "{% govuk_breadcrumbs items %}"),
    ("breadcrumbs", "with last breadcrumb as current page", "{% govuk_breadcrumbs items %}"),
    (
        "panel",
        "default",
        '{% govuk_panel titleHtml "Your reference number" "HDJ2123F" %}',
    ),
    ("notification-banner", "default", "{% govuk_notification %}" + BANNER),
    (
        "notification-banner",
        "with type as success",
        '{% govuk_notification kind="success" %}' + BANNER,
    ),
]


@pytest.mark.parametrize(
    ("component", "name", "source"), PARTS, ids=[f"{c}: {n}" for c, n, *_ in PARTS]
)
def test_a_part_is_drawn_as_the_design_system_draws_it(component, name, source):
    expected = fixture(component, name)

    drawn = draw(source, **expected["options"])

    assert shape(drawn) == shape(expected["html"])


def test_pagination_is_drawn_as_the_design_system_draws_it():
    expected = fixture("pagination", "default")

    assert shape(page_of_three()) == shape(expected["html"])


def test_a_summary_list_is_drawn_as_the_design_system_draws_it():
    expected = fixture("summary-list", "default")
    rows = [
        {"key": row["key"]["text"], "value": row["value"].get("text") or "x"}
        for row in expected["options"]["rows"][:2]
    ]

    drawn = shape(draw("{% govuk_summary rows %}", rows=rows))

    assert drawn == shape(expected["html"])[: len(drawn)]


def test_a_select_is_drawn_as_the_design_system_draws_it():
    expected = fixture("select", "with hint text and error message")
    options = expected["options"]
    listed = [(item["value"], item["text"]) for item in options["items"]]
    field = forms.ChoiceField(choices=listed, **words(options), **missing(options))

    assert shape(draw_field(field, {})) == shape(expected["html"])


def test_a_choice_reveals_the_field_it_names():
    field = forms.ChoiceField(
        label="How?",
        widget=forms.RadioSelect,
        choices=[("post", "Post"), ("other", Choice("Another way", reveals="y"))],
    )

    hidden = html.fromstring(draw_field(field)).xpath("//*[contains(@class,'__conditional')]")
    shown = html.fromstring(draw_field(field, {"x": "other"})).xpath(
        "//*[contains(@class,'__conditional')]"
    )

    assert [(e.get("id"), e.get("class")) for e in hidden + shown] == [
        ("conditional-id_x_1", "govuk-radios__conditional govuk-radios__conditional--hidden"),
        ("conditional-id_x_1", "govuk-radios__conditional"),
    ]
    assert hidden[0].xpath(".//input/@name") == ["y"]
