"""The market's set-up: what is published stands, and two people change it one after the other."""

from tests.off_switches.kinds import InFunction, RowLock, Untriggered
from tests.off_switches.switch import Switch

MARKET = [
    # What is published stands
    Switch(
        "published-rules-stand",
        "nobody changes or deletes a published version of the rules",
        Untriggered("qualification_ruleset", "rule_set_stands"),
    ),
    Switch(
        "published-criteria-stand",
        "nothing is asked or weighed otherwise in a published version",
        Untriggered("qualification_criterion", "criterion_stands"),
    ),
    Switch(
        "published-evidence-stands",
        "no other evidence or sum is wanted in a published version",
        Untriggered("qualification_evidencerule", "evidence_rule_stands"),
    ),
    Switch(
        "published-cost-lines-stand",
        "a published cost schedule has the lines it was published with",
        Untriggered("qualification_costhead", "cost_head_stands"),
    ),
    Switch(
        "published-questions-stand",
        "a question that was published keeps its words",
        Untriggered("qualification_question", "question_stands"),
    ),
    Switch(
        "part-waits-for-publishing",
        "nothing slips into a version in the moment in which it is published",
        InFunction("refuse_if_published", "WHERE r.id = wanted FOR SHARE", "WHERE r.id = wanted"),
    ),
    # Two people at once
    Switch(
        "rule-sets-of-drafting",
        "one new version of a category's rules is prepared at a time",
        RowLock("qualification.services.rule_sets.draft_rule_set"),
    ),
    Switch(
        "rule-set-of-writing",
        "a version that is being published is not written on",
        RowLock("qualification.services.rule_sets.draft_for_change"),
    ),
    Switch(
        "rule-sets-of-publishing",
        "a version is published once",
        RowLock("qualification.services.rule_sets.publish_rule_set"),
    ),
    Switch(
        "inspection-rules-of-a-scheme",
        "new rules of one scheme follow each other",
        RowLock("qualification.services.inspection_rules.add_inspection_rule"),
    ),
    Switch(
        "caps-of-a-category",
        "new caps follow each other",
        RowLock("qualification.services.caps.set_cap"),
    ),
    Switch(
        "cap-row-of-lifting",
        "a cap gets one last day",
        RowLock("qualification.services.caps.lift_cap"),
    ),
    Switch(
        "market-row",
        "a market is extended once by the months that its notice allows",
        RowLock("dps.services.markets._market"),
    ),
]
