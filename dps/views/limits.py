"""How often one network may try links that nobody was sent: a guess costs time (T13)."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from dps.refusals import NotFound, TooMany
from dps.views.who import address_of

logger = logging.getLogger(__name__)
MOST_A_MINUTE = 20
MINUTE = 60
NETWORK_BITS = 64
"""One household or office holds a whole block of IPv6 addresses."""


class TooManyLinks(TooMany):
    message = "Too many links that do not exist have been tried from your network"


class CannotCount(TooMany):
    """Where a try cannot be counted it is answered no further (T30)."""

    message = "We cannot open links at the moment"


@contextmanager
def unknown_links_counted(request: Any) -> Iterator[None]:
    """
    Around the look-up of a link: each that is not found counts against the caller's network.

    A link that exists opens all the same: whoever holds its 256 bits did not find them by trying,
    so that this tells a guesser nothing, and families behind one mobile network's address do not
    wait for each other. A guess costs one look-up by a hash's index, and then time.

    :raises TooManyLinks: not found, and twenty were not within this minute.
    :raises CannotCount: not found, and there is nothing to count with.
    """
    try:
        yield
    except NotFound:
        key = _key(request)
        if _count(key) >= MOST_A_MINUTE:
            raise TooManyLinks from None
        _add_one(key)
        raise


def _key(request: Any) -> str:
    # The minute is in the name, so that a count which outlives its time bars nobody.
    minute = int(request.received_at.timestamp()) // MINUTE
    return f"unknown-links:{_network(address_of(request))}:{minute}"


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 6:
        return str(ipaddress.ip_network((known, NETWORK_BITS), strict=False).network_address)
    return str(known)


def _count(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except (RedisError, OSError):
        logger.exception("tries of links cannot be counted")
        raise CannotCount from None


def _add_one(key: str) -> None:
    try:
        if not cache.add(key, 1, timeout=2 * MINUTE) and cache.incr(key) == MOST_A_MINUTE:
            logger.warning("a network tries links that do not exist: %s", key)
    except (RedisError, OSError, ValueError):
        logger.exception("tries of links cannot be counted")
        raise CannotCount from None
