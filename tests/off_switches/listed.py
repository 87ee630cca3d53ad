"""All switches, by family and by name."""

from tests.off_switches.asking import ASKING
from tests.off_switches.costs import COSTS
from tests.off_switches.database import DATABASE
from tests.off_switches.evaluation import EVALUATION
from tests.off_switches.files import FILES
from tests.off_switches.locks import LOCKS
from tests.off_switches.market import MARKET
from tests.off_switches.pages import PAGES
from tests.off_switches.policies import POLICIES
from tests.off_switches.reviews import REVIEWS
from tests.off_switches.switch import Switch

FAMILIES: dict[str, list[Switch]] = {
    "Locks": LOCKS,
    "Row-level security": POLICIES,
    "Rules of the database": DATABASE,
    "Pages, links and documents": PAGES,
    "Files and evidence": FILES,
    "Evaluation": EVALUATION,
    "Market": MARKET,
    "Costs": COSTS,
    "Reviews of scores": REVIEWS,
    "Questions and terms": ASKING,
}
SWITCHES = {switch.name: switch for family in FAMILIES.values() for switch in family}


def page() -> str:
    """The part of docs/protections.md that is compared with the code."""
    rows = ["| family | how many | names |", "|---|---|---|"]
    for family, switches in FAMILIES.items():
        names = ", ".join(f"`{switch.name}`" for switch in switches)
        rows.append(f"| {family} | {len(switches)} | {names} |")
    return "\n".join(rows)


__all__ = ["FAMILIES", "SWITCHES", "Switch", "page"]
