"""
The settings of the tests: the project's own, pointed at servers of the tests' own.

pytest-django reads settings before any other hook of ours runs, so the places are chosen
here and the servers are started there afterwards (tests/servers.py).
"""

import os
import tempfile

os.environ["DPS_TEST"] = "1"
os.environ["DPS_DEMO"] = "0"

if "DPS_TEST_STATE_DIR" not in os.environ:  # the workers inherit the first process's choice
    os.environ["DPS_TEST_STATE_DIR"] = tempfile.mkdtemp(prefix="dps-tests-")
os.environ["DPS_STATE_DIR"] = os.environ["DPS_TEST_STATE_DIR"]

from dps.embedded.places import OWNER, places

PLACES = places(os.environ["DPS_STATE_DIR"])
# Addresses that the caller gives are the owner's, as for the demonstration.
os.environ.setdefault("DATABASE_URL", PLACES.database_url(OWNER))
os.environ.setdefault("REDIS_URL", PLACES.redis_url())

from dps.settings import *  # noqa: E402, F403
from dps.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, STATIC_ROOT  # noqa: E402

# The tests collect nothing: the sources are served.
STATIC_ROOT.mkdir(exist_ok=True)

# The workers share one broker; each hears only its own messages.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{WORKER}:"
CACHES["default"]["KEY_PREFIX"] = WORKER
