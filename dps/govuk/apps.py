"""The kit as a Django app."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks

STYLESHEET = "govuk/govuk.css"


class GovukConfig(AppConfig):
    name = "dps.govuk"
    label = "govuk"
    verbose_name = "GOV.UK Design System kit"


@checks.register()
def assets_are_built(**_: object) -> list[checks.CheckMessage]:
    """Tell a newcomer what to do when the pages would have no style."""
    collected = Path(settings.STATIC_ROOT or "/nowhere") / STYLESHEET
    if finders.find(STYLESHEET) or collected.exists():
        return []
    hint = "In the folder static/ run: npm ci, then: python static/build.py"
    return [checks.Warning("The pages' stylesheet has not been built.", hint=hint, id="govuk.W001")]
