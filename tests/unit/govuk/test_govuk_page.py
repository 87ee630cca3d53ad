"""The page around the content: title, summary, navigation, banner, footer and the policy."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from dps.govuk import csp
from dps.govuk.filters import chosen
from dps.govuk.forms import DateField, GovForm, TextField

ROOT = Path(__file__).resolve().parents[3]


class Person(GovForm):
    name = TextField(label="Name")
    born = DateField(label="Date of birth")
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])
    token = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Start again"})


def page(**context):
    return html.fromstring(render_to_string("govuk/page.html", context))


def draw(source, **context):
    return Template("{% load govuk %}" + source).render(Context(context))


def words(found):
    return [" ".join(element.text_content().split()) for element in found]


def test_the_policy_allows_exactly_the_one_line_in_the_page():
    scripts = re.findall(r"<script>(.*?)</script>", (ROOT / "templates/base.html").read_text())
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()

    assert scripts == [csp.JS_ENABLED]
    assert f"'sha256-{digest}'" == csp.JS_ENABLED_HASH


# A document of its own, such as a letter made into a PDF, is not a page under the policy.
PAGES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if path.name == "base.html" or "<!DOCTYPE" not in path.read_text()
]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_no_template_has_what_the_policy_refuses(path):
    text = path.read_text()

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text) == []
    plain = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert [
        tag for tag in plain if "application/json" not in tag and path.name != "base.html"
    ] == []


def test_a_page_without_context_still_stands():
    found = page()

    assert words(found.xpath("//title")) == [
        "Placements for children \u2013 Placements for children"
    ]
    assert found.xpath("//main/@id") == ["main-content"]
    assert found.xpath("//nav") == []


def test_a_wrong_form_puts_error_in_the_title_and_links_to_each_field():
    form = Person({"born_day": "1", "born_year": "2014"})

    found = page(form=form)

    assert words(found.xpath("//title"))[0].startswith("Error: ")
    links = found.xpath("//div[contains(@class,'error-summary')]//li")
    assert [
        (w, (li.xpath(".//a/@href") or [""])[0]) for w, li in zip(words(links), links, strict=True)
    ] == [
        ("Enter the name", "#id_name"),
        ("Date of birth must include a month", "#id_born_month"),
        ("Select the kind", "#id_kind_0"),
        ("Start again", ""),
    ]


def test_an_untouched_form_has_no_summary():
    found = page(form=Person())

    assert not words(found.xpath("//title"))[0].startswith("Error")
    assert found.xpath("//div[contains(@class,'error-summary')]") == []


def test_several_forms_and_a_formset_share_one_summary():
    rows = formset_factory(Person, extra=0, min_num=1, validate_min=True)
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}

    found = page(forms=[Person({}), rows(data)])

    links = found.xpath("//div[contains(@class,'error-summary')]//li/a/@href")
    assert links[0] == "#id_name"
    assert "#id_form-0-name" in links


def test_a_message_about_the_whole_form_links_to_its_first_field():
    form = Person({})
    form.add_error(None, "Somebody else has changed this")

    found = page(form=form)

    first = found.xpath("//div[contains(@class,'error-summary')]//li/a")[0]
    assert (first.text, first.get("href")) == ("Somebody else has changed this", "#id_name")


def test_names_and_values_are_escaped():
    form = type("F", (GovForm,), {"x": TextField(label="<b>", help_text="<i>")})(
        {"x": '"><script>'}
    )

    drawn = draw("{% govuk_field form.x %}", form=form)

    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_navigation_marks_where_one_is_and_signs_out_by_post():
    found = page(
        council_name="Northshire",
        product_name="Places",
        navigation=[{"text": "One", "href": "/1", "active": True}, {"text": "Two", "href": "/2"}],
        account_nav=[
            {"text": "Sam"},
            {"text": "Account", "href": "/me"},
            {"text": "Sign out", "href": "/out", "post": True},
        ],
        brand_href="/brand/n.css",
        demo_banner=True,
        csrf_token="t",
    )

    active = found.xpath("//li[contains(@class,'item--active')]/a")
    assert (words(active), active[0].get("aria-current")) == (["One"], "true")
    form = found.xpath("//nav[@aria-label='Your account']//form")[0]
    assert (form.get("method"), form.get("action")) == ("post", "/out")
    assert found.xpath("//link/@href")[-1] == "/brand/n.css"
    assert words(found.xpath("//*[@class='govuk-phase-banner__text']")) == [
        "Scores, prices and decisions shown here are invented."
    ]
    assert words(found.xpath("//title")) == ["Places \u2013 Places \u2013 Northshire"]


def test_footer_takes_links_and_leaves_addresses_that_do_not_exist():
    found = page(footer_links=["no-such-address", {"text": "Help", "href": "/help"}])

    assert words(found.xpath("//footer//a")) == ["Help"]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 500])
def test_an_error_page_stands_alone_and_says_the_refusal(status):
    bare = html.fromstring(render_to_string(f"{status}.html"))

    assert len(bare.xpath("//h1")) == 1
    if status not in (404, 500):
        said = html.fromstring(render_to_string(f"{status}.html", {"message": "Too late"}))
        assert "Too late" in words(said.xpath("//main//p"))


def test_pages_of_a_list_keep_the_query():
    request = RequestFactory().get("/", {"q": "a b", "page": "2"})
    drawn = draw(
        "{% govuk_pagination page %}", page=Paginator(range(40), 10).get_page(2), request=request
    )

    hrefs = html.fromstring(drawn).xpath("//a/@href")
    assert hrefs == [f"?q=a+b&page={n}" for n in (1, 1, 2, 3, 4, 3)]


def test_a_table_says_its_columns_and_its_emptiness():
    head = ["Name", {"text": "Fee", "numeric": True}]

    full = html.fromstring(
        draw(
            "{% govuk_table 'Fees' head rows %}",
            head=head,
            rows=[[{"text": "<A>", "href": "/a"}, "£1"]],
        )
    )
    empty = html.fromstring(
        draw("{% govuk_table 'Fees' head rows empty='None' %}", head=head, rows=[])
    )

    assert words(full.xpath("//tbody//th")) == ["<A>"]
    assert full.xpath("//tbody//td/@class") == ["govuk-table__cell govuk-table__cell--numeric"]
    assert words(empty.xpath("//tbody//td")) == ["None"]


def test_a_task_without_a_link_cannot_be_started():
    tasks = [
        {"text": "Child", "href": "/c", "status": "Completed"},
        {"text": "Send"},
    ]

    found = html.fromstring(draw("{% govuk_task_list tasks %}", tasks=tasks))

    assert words(found.xpath("//*[contains(@class,'__status')]")) == [
        "Completed",
        "Cannot start yet",
    ]
    assert found.xpath("//a/@aria-describedby") == ["task-1-status"]


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|pounds }}", 125050, "£1,250.50"),
        ("{{ v|pounds }}", -5, "-£0.05"),
        ("{{ v|pounds }}", None, ""),
        ("{{ v|hundredths }}", 7525, "75.25"),
    ],
)
def test_numbers_are_shown(source, value, shown):
    assert draw(source, v=value) == shown


def test_chosen_filters_can_each_be_taken_away():
    class Filter(GovForm):
        q = forms.CharField(label="Reference", required=False)
        state = forms.MultipleChoiceField(choices=[("o", "Open"), ("c", "Closed")], required=False)

    query = RequestFactory().get("/?q=WS&state=o&state=c&page=3&sort=q").GET

    assert chosen(Filter(query), query) == [
        {"label": "Reference", "value": "WS", "query": "state=o&state=c&sort=q"},
        {"label": "State", "value": "Open", "query": "q=WS&state=c&sort=q"},
        {"label": "State", "value": "Closed", "query": "q=WS&state=o&sort=q"},
    ]
