"""The locks: two people at once, and each act is done once, or refused in words."""

from tests.off_switches.kinds import AdvisoryLock, InFunction, RowLock
from tests.off_switches.switch import Switch

SEALED = "sealed_bid_check"
MAKE_HEAD = (
    "INSERT INTO dps_audithead (authority_id, seq, hash) VALUES (new.authority_id, 0, '\\x00')"
)
READ_HEAD = (
    "SELECT * INTO STRICT head FROM dps_audithead WHERE authority_id = new.authority_id{lock};"
)
# To make a row where there may be one waits for whoever changes it, as the lock does.
HEAD = f"{MAKE_HEAD}\n    ON CONFLICT DO NOTHING;\n  {READ_HEAD.format(lock=' FOR UPDATE')}"
HEAD_UNLOCKED = (
    "IF NOT EXISTS (SELECT 1 FROM dps_audithead WHERE authority_id = new.authority_id) THEN"
    f" {MAKE_HEAD}; END IF; {READ_HEAD.format(lock='')}"
)
LOCKS = [
    # A referral and its bids
    Switch(
        "referral-row",
        "two steps of one referral follow each other: opening to award",
        RowLock("referrals.services.stages.locked"),
    ),
    Switch(
        "referral-row-of-issuing",
        "a referral is sent once",
        RowLock("referrals.services.issuing._locked_with_adoption"),
    ),
    Switch(
        "qualified-list",
        "who qualifies while a referral is sent is found by the one or the other",
        AdvisoryLock("referrals.reach"),
    ),
    Switch(
        "open-referral-rows",
        "nobody is invited to a referral that is being withdrawn",
        RowLock("referrals.services.inviting._open_referrals"),
    ),
    Switch(
        "next-reference",
        "each referral has a number of its own",
        AdvisoryLock("referrals.reference"),
    ),
    Switch(
        "invitation",
        "a provider's people answer one invitation one after the other",
        AdvisoryLock("hashtextextended"),
    ),
    Switch(
        "bid-shares-referral",
        "a bid is in the opened set, or refused: never neither",
        InFunction(
            SEALED,
            "AND authority_id = new.authority_id FOR SHARE",
            "AND authority_id = new.authority_id",
        ),
    ),
    Switch(
        "bid-shares-establishment",
        "a bid is before a suspension, or refused",
        InFunction(
            SEALED, "WHERE id = new.establishment_id FOR SHARE", "WHERE id = new.establishment_id"
        ),
    ),
    Switch(
        "opening-holds-referral",
        "the database's function opens once",
        InFunction(
            "open_sealed_bids", "AND authority_id = aid FOR UPDATE", "AND authority_id = aid"
        ),
    ),
    # The parent's choice
    Switch(
        "offer-row-of-parent",
        "no choice is made behind the closing of its window; tries at a code are all counted",
        InFunction("lock_choice_offer", "FOR UPDATE", ""),
    ),
    Switch(
        "offer-row-of-officer",
        "a closing counts the choice that is being made",
        RowLock("referrals.services.choosing.locked_offer"),
    ),
    Switch(
        "offer-row-of-link",
        "a parent is sent one link",
        RowLock("referrals.services.parent_links.send_link"),
    ),
    Switch(
        "offer-row-of-code",
        "no code is sent for a window that is being closed",
        RowLock("referrals.services.parent_links.send_code"),
    ),
    # Providers and qualification
    Switch(
        "claimed-establishment-row",
        "an establishment is given to one provider",
        RowLock("providers.services.claims._locked"),
    ),
    Switch(
        "addition-row",
        "an establishment that no register lists is added once",
        RowLock("providers.services.additions._locked"),
    ),
    Switch(
        "inspected-establishment-row",
        "an inspection is recorded once, and the second is told so",
        RowLock("providers.services.inspections.record_inspection"),
    ),
    Switch(
        "register-import",
        "one import of the register runs at a time",
        AdvisoryLock("providers.import_register"),
    ),
    Switch(
        "application-row-of-removing",
        "a draft that is being sent is not taken out",
        RowLock("qualification.services.starting.remove_application"),
    ),
    Switch(
        "joining-number",
        "each application of a provider has a number of its own",
        AdvisoryLock("hashtextextended"),
    ),
    Switch(
        "joining-row",
        "nothing is changed in an application that is being sent",
        RowLock("qualification.services.joining_row.locked_joining"),
    ),
    Switch(
        "application-row-of-sending",
        "an application that is being withdrawn is not sent",
        RowLock("qualification.services.applying.submit_applications"),
    ),
    Switch(
        "application-row-of-withdrawing",
        "the record says from which stage an application was withdrawn",
        RowLock("qualification.services.applying.withdraw_application"),
    ),
    Switch(
        "application-row-of-grading",
        "nothing is agreed behind the moderation",
        RowLock("qualification.services.agreeing._locked"),
    ),
    Switch(
        "application-row-of-deciding",
        "an application is decided once",
        RowLock("qualification.services.deciding.decide"),
    ),
    Switch(
        "deciding-establishment-row",
        "a decision knows the claim that is being confirmed",
        RowLock("qualification.services.deciding._refuse_unless_it_can_qualify"),
    ),
    Switch(
        "suspending-establishment-row",
        "a suspension waits for the bid before it, and is made once",
        RowLock("qualification.services.suspending.suspend"),
    ),
    Switch(
        "reinstating-establishment-row",
        "a suspension is lifted once",
        RowLock("qualification.services.suspending.reinstate"),
    ),
    # Contracts
    Switch(
        "award-row-of-agreement",
        "an award leads to one agreement",
        RowLock("contracts.services.agreements.make_agreement"),
    ),
    Switch(
        "agreement-row",
        "each side signs once, and the second signature completes",
        RowLock("contracts.services.signing.sign"),
    ),
    Switch(
        "publication",
        "a quarter is published once",
        AdvisoryLock("contracts.publish_quarter"),
    ),
    Switch(
        "audited-establishment-row",
        "the audit does not suspend whom a person is suspending",
        RowLock("contracts.services.compliance._put_in_order"),
    ),
    # The kernel
    Switch(
        "joining-link-row-of-sending",
        "who is invited to join is sent one link",
        RowLock("dps.services.joining.send_joining_link"),
    ),
    Switch(
        "joining-link-row",
        "a joining link is used once",
        RowLock("dps.services.joining.join"),
    ),
    Switch(
        "joining-link-row-of-cancelling",
        "a joining link that is being used is not cancelled",
        RowLock("dps.services.colleagues.cancel_invitation"),
    ),
    Switch(
        "rows-of-colleagues",
        "of two who remove each other one stays",
        RowLock("dps.services.colleagues.remove_colleague"),
    ),
    Switch(
        "message-row",
        "a message is sent once",
        RowLock("dps.services.messages.deliver"),
    ),
    Switch(
        "leased-rows",
        "two relays hand out each job once",
        RowLock("dps.outbox.relay.lease"),
    ),
    Switch(
        "owed-row",
        "a job that two workers have is done by one",
        RowLock("dps.outbox.relay.run"),
    ),
    Switch(
        "audit-head-row",
        "two acts at once make one chain",
        InFunction("audit_link_event", HEAD, HEAD_UNLOCKED),
    ),
    Switch(
        "next-authority",
        "two authorities that join at once have numbers of their own",
        AdvisoryLock("dps.add_authority"),
    ),
]
BEHIND_ANOTHER = {
    "referrals.services.identity.keep_identity": "referral-row",
    "qualification.services.cost_sheets.save_cost_sheets": "draft-row-of-costs",
    "contracts.compliance_audit": "audited-establishment-row",
}
"""Locks beside another that does all that they do, and which."""
