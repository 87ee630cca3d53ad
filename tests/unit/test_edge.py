"""The receipt time of a request, in the demonstration's own edge."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from dps import edge

NOON = 1_700_000_000.25
STAMPED_AT_NOON = "1700000000.250000"


class Slow(BytesIO):
    """A body whose last byte arrives ten seconds after its first."""

    def __init__(self, body: bytes, clock: list[float]) -> None:
        super().__init__(body)
        self.clock = clock

    def read(self, size: int | None = -1) -> bytes:
        self.clock[0] += 1
        return super().read(1 if self.tell() < 9 else size)


class Seen:
    """An application that remembers what reached it."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}
        self.body = b""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        self.environ = environ
        self.body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]


def ask(
    application: Seen,
    body: bytes = b"",
    *,
    clock: Callable[[], float] = lambda: NOON,
    stream: BytesIO | None = None,
    **headers: str,
) -> tuple[str, bytes]:
    answers: list[str] = []
    environ = {"wsgi.input": stream or BytesIO(body), "CONTENT_LENGTH": str(len(body)), **headers}
    layer = edge.EdgeStamp(application, clock=clock)
    parts = layer(environ, lambda status, _headers: answers.append(status))  # type: ignore[arg-type]
    page = b"".join(parts)
    close = getattr(parts, "close", None)
    if close:
        close()
    return answers[0], page


def test_request_is_stamped_with_the_edge_clock() -> None:
    seen = Seen()

    status, page = ask(seen, b"price=90000")

    assert (status, page, seen.body) == ("200 OK", b"done", b"price=90000")
    assert seen.environ[edge.KEY] == STAMPED_AT_NOON


def test_stamp_of_a_client_is_overwritten() -> None:
    seen = Seen()

    ask(seen, HTTP_X_RECEIVED_AT="1600000000.000000")

    assert seen.environ[edge.KEY] == STAMPED_AT_NOON


def test_stamp_is_taken_when_the_last_byte_has_arrived() -> None:
    seen = Seen()
    clock = [NOON]

    ask(seen, b"0123456789", stream=Slow(b"0123456789", clock), clock=lambda: clock[0])

    assert (seen.environ[edge.KEY], seen.body) == ("1700000010.250000", b"0123456789")


def test_body_without_a_length_reaches_the_application_whole() -> None:
    seen = Seen()
    body = b"x" * 200_000

    ask(seen, stream=BytesIO(body), CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert (len(seen.body), seen.environ["CONTENT_LENGTH"]) == (200_000, "200000")
    assert "HTTP_TRANSFER_ENCODING" not in seen.environ


SIZES = [("/your-evidence/", edge.LARGEST_BODY), ("/add/upload/", edge.LARGEST_UPLOAD)]


@pytest.mark.parametrize(("path", "most"), SIZES)
def test_largest_body_is_let_through(path: str, most: int) -> None:
    seen = Seen()

    status, _ = ask(seen, b"x" * most, PATH_INFO=path)

    assert (status, len(seen.body)) == ("200 OK", most)


@pytest.mark.parametrize("is_promised", [True, False])
@pytest.mark.parametrize(("path", "most"), SIZES)
def test_larger_body_is_refused_in_plain_words(path: str, most: int, *, is_promised: bool) -> None:
    seen = Seen()
    body = BytesIO(b"x" * (most + 1))
    length = str(most + 1) if is_promised else ""

    status, page = ask(
        seen,
        stream=body,
        PATH_INFO=path,
        CONTENT_LENGTH=length,
        HTTP_TRANSFER_ENCODING="" if length else "chunked",
    )

    assert (status, seen.environ) == ("400 Bad Request", {})
    heading = f"<h1>What you sent is larger than {most // edge.MEGABYTE} megabytes</h1>"
    assert heading.encode() in page
    assert body.read() == b"", "a browser shows the answer only after it has sent everything"


def test_a_length_of_thousands_of_digits_is_refused_as_too_large() -> None:
    status, page = ask(Seen(), CONTENT_LENGTH="9" * 5_000)

    assert (status[:3], b"larger than 2 megabytes" in page) == ("400", True)


def test_body_that_breaks_off_is_not_taken_for_the_whole() -> None:
    seen = Seen()

    status, page = ask(seen, stream=BytesIO(b"price=9"), CONTENT_LENGTH="11")

    assert (status, seen.environ) == ("400 Bad Request", {})
    assert b"<h1>What you sent did not arrive completely</h1>" in page


def test_body_stays_open_until_the_answer_is_sent() -> None:
    def application(environ: dict[str, Any], start: Callable[..., object]) -> Iterator[bytes]:
        start("200 OK", [])
        yield environ["wsgi.input"].read()

    parts = edge.EdgeStamp(application)(  # type: ignore[arg-type]
        {"wsgi.input": BytesIO(b"late"), "CONTENT_LENGTH": "4"},
        lambda *_: None,  # type: ignore[arg-type, return-value]
    )

    assert list(parts) == [b"late"]
    parts.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("stamp", "instant"),
    [
        ("1700000000.250000", datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=UTC)),
        ("1700000000.999", datetime(2023, 11, 14, 22, 13, 20, 999000, tzinfo=UTC)),
        (None, None),
    ],
)
def test_received_at_reads_both_edges(stamp: str | None, instant: datetime | None) -> None:
    environ = {} if stamp is None else {edge.KEY: stamp}

    assert edge.received_at(environ) == instant


@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "noon",
        "1700000000",
        "1700000000.250,1600000000.250",
        "-1700000000.250",
        "\N{ARABIC-INDIC DIGIT ONE}700000000.250",
    ],
)
def test_received_at_refuses_what_no_edge_writes(stamp: str) -> None:
    with pytest.raises(edge.NotStamped):
        edge.received_at({edge.KEY: stamp})


@pytest.mark.parametrize("charset", ["rot13", "utf-16", '"utf-7"', "nonsense", ""])
def test_what_is_in_another_encoding_is_refused_before_the_application(charset):
    seen, answered = Seen(), []
    environ = {
        "CONTENT_TYPE": f"application/x-www-form-urlencoded; CharSet={charset}",
        "QUERY_STRING": "page=2",
    }

    (page,) = edge.InUtf8(seen)(environ, lambda status, _: answered.append(status))

    assert (answered, seen.environ) == (["400 Bad Request"], {})
    assert "Nothing was saved" in page.decode()


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "text/plain; charset=UTF-8", "a/b; charset=utf8"]
)
def test_what_is_in_ours_passes(kind):
    seen = Seen()

    edge.InUtf8(seen)(
        {"CONTENT_TYPE": kind, "CONTENT_LENGTH": "1", "wsgi.input": BytesIO(b"x")}, lambda *_: None
    )

    assert seen.body == b"x"


def test_the_service_is_behind_it():
    from dps.wsgi import application  # noqa: PLC0415 -- settings are ready when the test runs

    within = application.application if isinstance(application, edge.EdgeStamp) else application
    assert isinstance(within, edge.InUtf8)
