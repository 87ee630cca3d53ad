"""The site behind an edge whose clock the journeys move."""

import os
import time
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from dps.edge import EdgeStamp

CLOCK = Path(os.environ["JOURNEY_CLOCK"])


def moved_clock() -> float:
    return time.time() + float(CLOCK.read_text())


application = EdgeStamp(get_wsgi_application(), clock=moved_clock)
