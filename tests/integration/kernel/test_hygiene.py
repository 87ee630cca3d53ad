"""Bytes that are no text, and bodies that are no message, are answered with 400."""

import json

import pytest
from django.test import Client, RequestFactory

from dps.views.hygiene import HygieneMiddleware

FORM = "application/x-www-form-urlencoded"
DEEP = "[" * 100 + "]" * 100
REQUESTS = RequestFactory()
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def answer(request):
    from django.http import HttpResponse  # noqa: PLC0415

    return HygieneMiddleware(lambda _request: HttpResponse("through"))(request).status_code


@pytest.mark.off_switch("clean-requests")
@pytest.mark.parametrize(
    "request_",
    [
        REQUESTS.get("/", {"page": "1\x00"}),
        REQUESTS.get("/", {"page\x00": "1"}),
        REQUESTS.get("/start/\x00"),
        REQUESTS.post("/", {"name": "a\x00b"}),
        REQUESTS.post("/", {"name": "a"} | {f"f{n}": "x" for n in range(2100)}),
        REQUESTS.post("/", {"name": "a" * 2_000_000}),
        REQUESTS.get(
            "/", headers={"Cookie": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"'}
        ),
        REQUESTS.generic("POST", "/", "a=b", FORM, CONTENT_LENGTH="some"),
        REQUESTS.post("/", DEEP, content_type="application/json"),
        REQUESTS.post("/", "[" * 5000, content_type="application/json"),
        REQUESTS.post("/", '{"a": "\\u0000"}', content_type="application/json"),
        REQUESTS.post("/", '{"a": "\\ud800"}', content_type="application/json"),
        REQUESTS.post("/", '{"\\u0000": 1}', content_type="application/json"),
    ],
    ids=range(13),
)
def test_what_is_no_text_is_refused(request_, db):
    assert answer(request_) == 400


@pytest.mark.off_switch("clean-requests-everywhere", raises=ValueError)
def test_no_page_is_reached_by_it(client, db):
    assert client.get("/", {"page": "1\x00"}).status_code == 400
    assert client.post("/account/login/", {"login": "a\x00b"}).status_code == 400


@pytest.mark.off_switch("forms-of-our-own-pages")
def test_another_site_cannot_send_a_form(db):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@b.example"})

    assert response.status_code == 403


@pytest.mark.parametrize(
    "request_",
    [
        REQUESTS.get("/", {"page": "2", "name": "Zoë 🦊"}),
        REQUESTS.post("/", {"name": "line\r\nline"}),
        REQUESTS.post("/", json.dumps({"a": [1, {"b": "c"}]}), content_type="application/json"),
    ],
    ids=range(3),
)
def test_ordinary_requests_go_through(request_):
    assert answer(request_) == 200


@pytest.mark.off_switch("content-security-policy")
@pytest.mark.off_switch("frames-refused")
@pytest.mark.off_switch("security-headers")
@pytest.mark.off_switch("nothing-stored")
def test_every_answer_carries_the_headers(client, db):
    response = client.get("/")

    found = {name: response.headers.get(name) for name in HEADERS}
    policy = response.headers.get("Content-Security-Policy", "")
    assert (response.status_code, found) == (200, HEADERS)
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.off_switch("edge-stamp")
def test_a_client_cannot_say_when_its_request_was_received(client, db):
    """Behind the edge the stamp is overwritten; a stamp that is none is a fault, never a time."""
    from dps.edge import KEY, EdgeStamp  # noqa: PLC0415

    seen = []

    def application(environ, start_response):
        seen.append(environ[KEY])
        start_response("200 OK", [])
        return [b""]

    environ = REQUESTS.get("/").environ | {KEY: "1000000000.000000"}
    answer = EdgeStamp(application)(environ, lambda *_: None)
    list(answer)
    getattr(answer, "close", lambda: None)()

    assert seen != ["1000000000.000000"]


def test_a_method_that_a_page_does_not_answer_gets_a_page(client, db):
    response = client.post("/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert b"<h1" in response.content
