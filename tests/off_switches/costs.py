"""Core costs, discounts and caps: who reads them, and two people who save at once."""

from dps.actors import Kind
from tests.off_switches.kinds import Granted, InFunction, Opened, RowLock
from tests.off_switches.switch import Switch

OWN = "AND p.authority_id = nullif(current_setting('app.authority_id', true), '')::bigint"

COSTS = [
    Switch(
        "draft-row-of-costs",
        "of two who save costs or discounts of a draft at once the second sees what the first did",
        RowLock("qualification.services.costs.draft_for_writing"),
    ),
    Switch(
        "core-costs-hidden-from-councils",
        "a council reads no core costs, which go into sealed bids",
        Opened(Kind.AUTHORITY, ("qualification.CoreCostLine",)),
    ),
    Switch(
        "totals-hidden-from-councils",
        "a council is not told what those cost who are within its cap",
        Granted("EXECUTE ON FUNCTION listed_core_costs(uuid)", "dps_authority"),
    ),
    Switch(
        "own-cap-alone",
        "a council is told of those above its own cap, not above another's",
        InFunction("above_own_cap", OWN),
    ),
    Switch(
        "discounts-of-those-on-a-list",
        "councils read no discounts of those who have not qualified",
        Opened(Kind.AUTHORITY, ("qualification.Discount",)),
    ),
    Switch(
        "discounts-of-own-draft",
        "nobody writes a discount into a rival's application",
        Opened(Kind.PROVIDER, ("qualification.Discount",), "INSERT"),
    ),
]
