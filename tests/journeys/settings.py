"""The tests' settings with the demo's banner: pages that show real schools say what is invented."""

from tests.settings import *  # noqa: F403

DEMO = True
