"""The tags that pages use. Each draws one component; text is escaped."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from dps.govuk.filters import chosen
from dps.govuk.rendering import Options, first_id, kind_of, render_field

register = template.Library()

# Under these names a page's forms are found; the last three are django-allauth's.
PAGE_FORMS = ("form", "forms", "verify_form", "change_form", "webauthn_form")
STACKED_FROM = 4
"""Columns from which on a table does not fit beside a telephone's edge."""
FOOTER_WORDS = {
    "accessibility": "Accessibility statement",
    "privacy": "Privacy notice",
    "cookies": "Cookies",
    "help": "Help and contact",
}


@register.simple_tag
def govuk_field(field: BoundField, **options: Any) -> SafeString:
    """One field of any form; `Options` lists what may be asked."""
    return render_field(field, Options(**options))


@register.simple_tag
def govuk_fields(form: BaseForm, **options: Any) -> SafeString:
    """All fields of a form, hidden ones too; a field that a choice reveals stands there."""
    revealed = {
        getattr(item.data["label"], "reveals", "")
        for field in form.visible_fields()
        if kind_of(field) in ("radios", "checkboxes")
        for item in field.subwidgets
    }
    shown = [field for field in form.visible_fields() if field.name not in revealed]
    drawn = [render_field(field, Options(**options)) for field in (*form.hidden_fields(), *shown)]
    return SafeString("".join(drawn))


@register.inclusion_tag("govuk/error_summary.html")
def govuk_error_summary(*forms: Any) -> dict[str, Any]:
    """The list of all messages, each a link to its field."""
    return {"items": [item for form in _each_form(forms) for item in _problems(form)]}


@register.inclusion_tag("govuk/error_summary.html", takes_context=True)
def govuk_page_errors(context: Context) -> dict[str, Any]:
    """The summary of the page's own `form` or `forms`."""
    return govuk_error_summary(*(context.get(name) for name in PAGE_FORMS))


@register.simple_tag(takes_context=True)
def govuk_error_prefix(context: Context) -> str:
    """ "Error: " for the title of a page with a message in its `form` or `forms`."""
    found = govuk_page_errors(context)["items"]
    return "Error: " if found else ""


@register.inclusion_tag("govuk/button.html")
def govuk_button(text: str, **attrs: Any) -> dict[str, Any]:
    """A button, or with `href` a link that looks like one.

    Takes kind (secondary, warning, inverse), href, name, value, form, id, formaction and
    once (False: may be pressed twice).
    """
    return {"text": text, "once": True, **attrs}


@register.inclusion_tag("govuk/summary.html")
def govuk_summary(rows: Iterable[Any], **look: Any) -> dict[str, Any]:
    """Rows of key, value, href, action; look: card (a title), href, action, no_border."""
    return {"rows": list(rows), **look}


@register.inclusion_tag("govuk/task_list.html")
def govuk_task_list(tasks: Iterable[Any], prefix: str = "task") -> dict[str, Any]:
    """Tasks of text, href, hint, status, colour; one without href cannot be started yet."""
    return {"tasks": list(tasks), "prefix": prefix}


@register.simple_tag
def govuk_tag(text: str, colour: str = "") -> SafeString:
    modifier = f" govuk-tag--{colour}" if colour else ""
    return format_html('<strong class="govuk-tag{}">{}</strong>', modifier, text)


@register.inclusion_tag("govuk/panel.html")
def govuk_panel(title: str, body: str = "", strong: str = "") -> dict[str, Any]:
    """The green confirmation; it is the page's h1."""
    return {"title": title, "body": body, "strong": strong}


@register.inclusion_tag("govuk/warning_text.html")
def govuk_warning(text: str) -> dict[str, Any]:
    return {"text": text}


@register.simple_block_tag(end_name="end_govuk_inset")
def govuk_inset(content: str) -> SafeString:
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag(end_name="end_govuk_details")
def govuk_details(content: str, summary: str, *, is_open: bool = False) -> SafeString:
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        " open" if is_open else "",
        summary,
        content,
    )


@register.simple_block_tag(end_name="end_govuk_notification")
def govuk_notification(content: str, title: str = "Important", kind: str = "") -> SafeString:
    """A banner; kind="success" is green and spoken at once."""
    banner = {"content": content, "title": title, "kind": kind, "id": f"notice-{slugify(title)}"}
    return mark_safe(render_to_string("govuk/notification.html", banner))  # noqa: S308


@register.inclusion_tag("govuk/breadcrumbs.html")
def govuk_breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    """Items of text and href; the last may go without href: the page itself."""
    return {"items": list(items)}


@register.simple_tag
def govuk_back_link(href: str, text: str = "Back") -> SafeString:
    return format_html('<a href="{}" class="govuk-back-link">{}</a>', href, text)


@register.inclusion_tag("govuk/table.html")
def govuk_table(
    caption: str, head: Sequence[Any], rows: Iterable[Sequence[Any]], **look: Any
) -> dict[str, Any]:
    """A table of values; a head or cell may be a dict of text, href, numeric, colour.

    A column is numeric when its head says so. Look: caption_size ("" hides the caption
    from sight), row_heads (first cell of a row is its heading, True), empty (the words for
    no rows), id, stack (on a narrow page each row becomes a list with the heads beside the
    values: usual from four columns on).
    """
    heads = [_cell(head_) for head_ in head]
    lines = [
        [
            {**h, "head": h["text"], "href": "", **_cell(cell)}
            for h, cell in itertools.zip_longest(heads, row, fillvalue={"text": ""})
        ]
        for row in rows
    ]
    usual = {"caption_size": "m", "row_heads": True, "empty": "Nothing to show."}
    look = {**usual, "stack": len(heads) >= STACKED_FROM, **look}
    return {"caption": caption, "heads": heads, "rows": lines, **look}


@register.inclusion_tag("govuk/pagination.html", takes_context=True)
def govuk_pagination(context: Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Links to the pages of a list, with the rest of the query string kept."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    rest = query.urlencode()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    base = f"?{rest}&{parameter}=" if rest else f"?{parameter}="
    return {"page": page, "base": base, "numbers": list(numbers)}


@register.inclusion_tag("govuk/filter.html", takes_context=True)
def govuk_filter(context: Context, filterset: Any, *keep: str) -> dict[str, Any]:
    """The panel beside a list, for a django-filter set; `keep` names query keys, "sort" always."""
    query = context["request"].GET
    form = filterset.form
    kept = [(name, query[name]) for name in ("sort", *keep) if query.get(name)]
    return {"form": form, "chosen": chosen(form, query), "kept": kept}


@register.inclusion_tag("govuk/timeline.html")
def govuk_timeline(events: Iterable[Any]) -> dict[str, Any]:
    """Events of title, by, at (a datetime), text, tag, colour, newest first."""
    return {"events": list(events)}


@register.simple_tag(takes_context=True)
def govuk_footer_links(context: Context) -> list[dict[str, str]]:
    """The page's `footer_links`: names of addresses, or dicts of text and href.

    Without any, the usual four; a name that no address has is left out.
    """
    found = []
    for link in context.get("footer_links") or FOOTER_WORDS:
        if isinstance(link, str):
            words = FOOTER_WORDS.get(link, link.replace("-", " ").capitalize())
            found.append({"text": words, "href": _address(link)})
        else:
            found.append(link)
    return [link for link in found if link["href"]]


@register.filter
def day(value: dt.date | None) -> str:
    """4 December 2026, in London."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y}" if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """4 December 2026 at 5pm, in London."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{day(value)} at {local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


@register.filter
def pounds(pence: int | None) -> str:
    """Integer pence as pounds: 125050 is £1,250.50."""
    if pence is None:
        return ""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02}"


@register.filter
def hundredths(number: int | None) -> str:
    """Integer hundredths with two places: 7525 is 75.25."""
    if number is None:
        return ""
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 100:,}.{abs(number) % 100:02}"


def _each_form(given: Iterable[Any]) -> Iterable[Any]:
    for one in given:
        if isinstance(one, BaseForm):
            yield one
        elif isinstance(one, BaseFormSet):
            yield from one.forms
            yield one
        elif isinstance(one, list | tuple):
            yield from _each_form(one)


def _problems(form: Any) -> Iterable[tuple[str, Any]]:
    if not form.is_bound:
        return
    if isinstance(form, BaseFormSet):
        yield from (("", message) for message in form.non_form_errors())
        return
    visible = form.visible_fields()
    for message in form.non_field_errors():
        yield (first_id(visible[0]) if visible else "", message)
    for field in visible:
        yield from ((first_id(field), message) for message in field.errors)
    for field in form.hidden_fields():
        yield from (("", message) for message in field.errors)


def _cell(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {"text": value}


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
