"""Chapter seven: the annual audit runs, the ended quarters are published."""

from __future__ import annotations

from datetime import timedelta

from contracts.loading.story import Story
from contracts.publication.quarters import last_ended
from contracts.services.compliance import run_compliance_audit
from contracts.services.publishing import publish_quarter
from dps.actors import REGION_ID, system


def audit(story: Story) -> None:
    run_compliance_audit(actor=system(REGION_ID), now=story.now)


def publish(story: Story) -> None:
    """The last two quarters, each a fortnight after its end."""
    boss, last = system(REGION_ID), last_ended(story.now)
    for quarter in (last.previous, last):
        at = min(quarter.end + timedelta(days=14), story.now)
        with story.acting(boss, at):
            publish_quarter(quarter=quarter, actor=boss, now=at)
