"""What stands between a request and the services, and what comes out to people."""

from datetime import timedelta
from typing import Any

from tests.off_switches.kinds import InRenderer, Patched, WithoutMiddleware
from tests.off_switches.switch import Switch


def yes(*_: Any, **__: Any) -> bool:
    return True


def no(*_: Any, **__: Any) -> bool:
    return False


def nothing(*_: Any, **__: Any) -> None:
    return None


def nobody(*_: Any, **__: Any) -> frozenset[Any]:
    return frozenset()


def as_it_is(text: str) -> str:
    return text


PAGES = [
    # Who may
    Switch(
        "permission-of-services",
        "a service refuses whom the permission table does not name",
        Patched("dps.permissions.may", yes),
    ),
    Switch(
        "permission-of-pages",
        "a page refuses whom the permission table does not name",
        Patched("dps.views.access.may", yes),
    ),
    Switch(
        "second-factor",
        "nobody who signs in gets past setting up a second factor",
        Patched("dps.views.second_factor.is_missing", no),
    ),
    Switch(
        "password-again",
        "opening, signing and awarding ask for the password again",
        Patched("allauth.account.internal.flows.reauthentication.is_reauthentication_required", no),
    ),
    Switch(
        "approver-is-another",
        "who raised, opened or recommended does not approve",
        Patched("referrals.services.awarding.check_may_decide", nothing),
    ),
    Switch(
        "own-answer-held",
        "who recorded another answer than the parent’s own does not close the choice at once",
        Patched("referrals.services.closing_choice.held_until", nothing),
    ),
    Switch(
        "choice-for-one-ranking",
        "what a parent said of one ranking decides no other",
        Patched("referrals.queries.choice.counts_for", yes),
    ),
    Switch(
        "reason-for-one-ranking",
        "why one near tie was not offered is no reason for the next",
        Patched("referrals.services.awarding.leaves_unsettled", no),
    ),
    Switch(
        "grader-did-not-open",
        "who opened the bids does not grade them",
        Patched("referrals.services.grading.openers_of", nobody),
    ),
    Switch(
        "refusals-on-record",
        "an attempt that is refused stands in the trail",
        Patched("dps.views.access.record_refusal", nothing),
    ),
    # What comes in
    Switch(
        "clean-requests",
        "bytes that are no text, and bodies that are no message, get no further",
        Patched("dps.views.hygiene._is_unclean", no),
    ),
    Switch(
        "clean-requests-everywhere",
        "every page is behind that",
        WithoutMiddleware("dps.views.hygiene.HygieneMiddleware"),
    ),
    Switch(
        "forms-of-our-own-pages",
        "another site cannot send a form in somebody's name",
        WithoutMiddleware("django.middleware.csrf.CsrfViewMiddleware"),
    ),
    Switch(
        "edge-stamp",
        "a client does not say when its request was received",
        Patched(
            "dps.edge.EdgeStamp.__call__",
            lambda layer, environ, start: layer.application(environ, start),
        ),
    ),
    Switch(
        "deadline-rule",
        "what was received at the deadline is late, and is told so",
        Patched("referrals.services.bidding.is_before_deadline", yes),
    ),
    # What goes out
    Switch(
        "content-security-policy",
        "a page runs no script and shows in no frame but as its own policy says",
        WithoutMiddleware("csp.middleware.CSPMiddleware"),
    ),
    Switch(
        "frames-refused",
        "a page shows in no frame",
        WithoutMiddleware("django.middleware.clickjacking.XFrameOptionsMiddleware"),
    ),
    Switch(
        "security-headers",
        "types are not guessed, and other sites are not told the address",
        WithoutMiddleware("django.middleware.security.SecurityMiddleware"),
    ),
    Switch(
        "nothing-stored",
        "no browser or proxy keeps a page",
        WithoutMiddleware("dps.views.hygiene.NoStoreMiddleware"),
    ),
    Switch(
        "no-formulas",
        "nothing in a download acts as a formula",
        Patched("dps.views.downloads.harmless", as_it_is),
    ),
    Switch(
        "small-totals-hidden",
        "a published total tells nothing of one child",
        Patched("contracts.publication.totals.LEAST_SHOWN", 0),
    ),
    Switch(
        "submitted-once",
        "a button pressed several times submits one bid",
        Patched("referrals.services.bidding._is_sent_again", no),
    ),
    Switch(
        "low-price-explained",
        "a price that looks too low is explained before an award",
        Patched("referrals.services.awarding.low_price_of", nothing),
    ),
    # The parent's link and code
    Switch(
        "link-hashed",
        "who reads the table cannot follow a parent's link",
        Patched("referrals.services.parent_links.hash_of", as_it_is),
    ),
    Switch(
        "code-hashed",
        "who reads the table cannot enter a parent's code",
        Patched("referrals.services.parent_links._code_hash", lambda _row, code: code),
    ),
    Switch(
        "code-a-minute",
        "a press too many sends no second text, and the page says so",
        Patched("referrals.services.parent_links.BETWEEN_TEXTS", timedelta()),
    ),
    Switch(
        "five-tries",
        "a code cannot be guessed",
        Patched("referrals.services.parent_links.MOST_TRIES", 1_000),
    ),
    Switch(
        "ten-codes-a-day",
        "nobody is flooded with text messages",
        Patched("referrals.services.parent_links.MOST_TEXTED_A_DAY", 1_000),
    ),
    Switch(
        "unknown-links-counted",
        "a network that tries links nobody was sent waits a minute",
        Patched("dps.views.limits.MOST_A_MINUTE", 10**9),
    ),
    Switch(
        "joining-link-hashed",
        "who reads the table cannot join by another's link",
        Patched("dps.services.joining.hash_of", as_it_is),
    ),
    # Documents and secrets
    Switch(
        "renderer-fetches-nothing",
        "what strangers write reaches no network and no file through a PDF",
        InRenderer("url_fetcher=FetchesNothing()", "url_fetcher=URLFetcher()"),
    ),
    Switch(
        "renderer-limited",
        "what strangers write takes no more than seconds and a gigabyte",
        InRenderer("    limit_this_process()\n    html", "    html"),
    ),
    Switch(
        "renderer-without-secrets",
        "the program that prints knows none of the application's secrets",
        Patched("dps.documents.printing.ENVIRONMENT", None),
    ),
    Switch(
        "print-again-after-a-crash",
        "a library that crashes once in thousands of prints costs nobody a letter",
        Patched("dps.documents.printing.CRASHES", frozenset()),
    ),
    Switch(
        "longest-text",
        "a text that is too long is not even tried",
        Patched("dps.documents.printing.LONGEST_HTML", 10**9),
    ),
    Switch(
        "boxes-know-their-place",
        "an encrypted value that was moved elsewhere cannot be read",
        Patched("dps.crypto.boxes.Place.bytes", property(lambda _place: b"")),
    ),
]
