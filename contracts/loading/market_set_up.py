"""The market as its manager has set it up: when it is open, what may be paid, what is prepared."""

from __future__ import annotations

from datetime import timedelta

from contracts.loading.story import Story
from dps.actors import Role
from dps.clock import london
from dps.services.markets import NewWindow, open_window
from qualification.models import CostDriver
from qualification.services.caps import set_cap
from qualification.services.rule_questions import CostLineWords, save_cost_line
from qualification.services.rule_sets import draft_rule_set

COMMON_CAP = 120_000_00
OWN_CAP = 66_000_00
OWN_CAP_OF = "brighton-hove"
NEW_LINE = CostLineWords(
    title="Travel training",
    guidance="Staff time to teach a child to travel alone. Leave it empty if you do not offer it.",
    driver=CostDriver.PAY.value,
    is_optional=True,
)


def set_up_market(story: Story) -> None:
    """A window without an end, a common cap, a council’s own, and rules being drafted."""
    manager = story.person("central", Role.DPS_MANAGER)
    category = story.categories["sen-day"]
    at = story.ago(days=2)
    with story.acting(manager, at):
        window = NewWindow(
            opens_on=category.market.starts_on,
            questions_until=london(story.now + timedelta(days=60)).date(),
            note="Open to every provider for as long as the system lasts",
        )
        open_window(market_id=category.market_id, new=window, actor=manager, now=at)
        set_cap(
            category_id=category.id,
            authority_id=None,
            year_pence=COMMON_CAP,
            from_date=london(at).date(),
            reason="The Board’s limit for a day place; reviewed every April",
            actor=manager,
            now=at,
        )
        draft = draft_rule_set(category_id=category.id, actor=manager, now=at)
        save_cost_line(rule_set_id=draft.pk, words=NEW_LINE, actor=manager, now=at)
    administrator = story.person(OWN_CAP_OF, Role.AUTHORITY_ADMINISTRATOR)
    with story.acting(administrator, at):
        set_cap(
            category_id=category.id,
            authority_id=story.authorities[OWN_CAP_OF].id,
            year_pence=OWN_CAP,
            from_date=london(at).date(),
            reason="What the council’s budget for specialist places allows this year",
            actor=administrator,
            now=at,
        )
