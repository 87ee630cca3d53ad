"""What is written to the log: no link that somebody was sent."""

from __future__ import annotations

import logging
import re

# As the edge writes its own log: deploy/nginx.conf, $shown_path. An id of ours has 36 characters.
LINK = re.compile(r"(?<=/)[A-Za-z0-9_=-]{40,}(?![A-Za-z0-9_=-])")


class WithoutLinks(logging.Formatter):
    """Whoever holds the link of an email may use it, so that a refused one is not logged whole."""

    def format(self, record: logging.LogRecord) -> str:
        return LINK.sub("***", super().format(record))
