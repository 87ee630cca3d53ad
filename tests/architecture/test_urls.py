"""Every address of ours says who may open it."""

from django.urls import URLPattern, URLResolver, get_resolver

THEIRS = "account/"
"""django-allauth's own pages: signing in comes before anybody is known."""


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


OURS = [(route, entry) for route, entry in patterns(get_resolver()) if not route.startswith(THEIRS)]


def test_every_view_declares_its_action_or_why_it_is_public():
    undeclared = [
        route
        for route, entry in OURS
        if not (
            getattr(entry.callback, "action", None) or getattr(entry.callback, "why_public", "")
        )
    ]

    assert undeclared == []


def test_every_view_names_the_methods_it_answers():
    """A view without a list of methods answers anything: `require_http_methods` wraps outermost."""
    loose = [
        route
        for route, entry in OURS
        if not hasattr(entry.callback, "__wrapped__") or not _limits_methods(entry.callback)
    ]

    assert loose == []


def _limits_methods(view):
    return "request_method_list" in view.__code__.co_freevars


def test_every_address_has_a_name():
    assert [route for route, entry in OURS if not entry.name] == []
