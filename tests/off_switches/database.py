"""What the database refuses by itself: triggers, the sealing and opening functions, doubles."""

from tests.off_switches.kinds import InFunction, Unconstrained, Untriggered
from tests.off_switches.switch import Switch

SEALED, OPENING = "sealed_bid_check", "open_sealed_bids"
DATABASE = [
    # Triggers
    Switch(
        "trail-append-only",
        "nobody changes or deletes an event, the database's owner neither",
        Untriggered("dps_auditevent", "audit_event_append_only"),
    ),
    Switch(
        "trail-not-emptied",
        "nobody empties the trail",
        Untriggered("dps_auditevent", "audit_event_no_truncate"),
    ),
    Switch(
        "trail-linked",
        "each event stands in its council's chain",
        Untriggered("dps_auditevent", "audit_event_link"),
    ),
    Switch(
        "sealed-bids-append-only",
        "nobody changes or deletes a sealed bid, the database's owner neither",
        Untriggered("referrals_sealedbid", "sealed_bid_append_only"),
    ),
    Switch(
        "sealed-bids-not-emptied",
        "nobody empties the sealed bids",
        Untriggered("referrals_sealedbid", "sealed_bid_no_truncate"),
    ),
    Switch(
        "sealed-bids-checked",
        "a bid past the deadline's grace is not recorded, whatever the code says",
        Untriggered("referrals_sealedbid", "sealed_bid_in_time"),
    ),
    Switch(
        "deadline-kept",
        "an opening is not dated back or taken back, and a deadline only moves later",
        Untriggered("referrals_referral", "referral_keeps_time"),
    ),
    Switch(
        "agreement-stands",
        "neither side changes what was agreed, or calls it signed",
        Untriggered("contracts_agreement", "agreement_stands"),
    ),
    Switch(
        "signature-fits",
        "a signature is of the agreement's own bytes",
        Untriggered("contracts_signature", "signature_fits"),
    ),
    # What the trigger asks of a bid
    Switch(
        "bid-while-open",
        "no bid is recorded once the opening has begun",
        InFunction(
            SEALED,
            "asked.state IS DISTINCT FROM 'open' OR asked.opened_at IS NOT NULL",
            "false",
        ),
    ),
    Switch(
        "receipt-credible",
        "a time of receipt that the database's clock contradicts is refused",
        InFunction(
            SEALED,
            "new.received_at > new.recorded_at + interval '1 second'\n"
            "     OR new.received_at < new.recorded_at - interval '60 seconds'",
            "false",
        ),
    ),
    Switch(
        "suspended-cannot-bid",
        "an establishment that is being suspended cannot bid",
        InFunction(
            SEALED,
            "IF EXISTS (SELECT 1 FROM qualification_suspension",
            "IF false AND EXISTS (SELECT 1 FROM qualification_suspension",
        ),
    ),
    Switch(
        "bid-of-own-invitation",
        "a bid is of the establishment that was invited",
        InFunction(
            SEALED,
            "IF NOT EXISTS (SELECT 1 FROM referrals_invitation",
            "IF false AND NOT EXISTS (SELECT 1 FROM referrals_invitation",
        ),
    ),
    Switch(
        "revisions-in-order",
        "the revisions of a bid are numbered without a gap",
        InFunction(SEALED, "new.revision <> last_revision + 1", "false"),
    ),
    # What the function asks that opens
    Switch(
        "opened-by-the-authority",
        "only the council itself opens its bids",
        InFunction(OPENING, "current_setting('role') <> 'dps_authority'\n     OR ", "false AND "),
    ),
    Switch(
        "opened-once",
        "bids are opened once",
        InFunction(OPENING, "asked.state <> 'open' OR asked.opened_at IS NOT NULL", "false"),
    ),
    Switch(
        "opened-after-the-deadline",
        "nothing is opened before the deadline and its grace",
        InFunction(OPENING, "dps_now() < asked.bids_close_at + interval '60 seconds'", "false"),
    ),
    Switch(
        "opened-by-two",
        "one person alone opens nothing",
        InFunction(OPENING, "IF approvers < 2 THEN", "IF approvers < 1 THEN"),
    ),
    Switch(
        "opened-within-half-an-hour",
        "approvals half an hour apart do not meet",
        InFunction(OPENING, "\n      AND approved_at > dps_now() - interval '30 minutes'", ""),
    ),
    Switch(
        "own-places",
        "a provider says the places of its own establishments alone",
        InFunction(
            "say_places",
            "AND provider_id = nullif(current_setting('app.provider_id', true), '')::uuid",
            "",
        ),
    ),
    # Doubles; tests/region/test_doubles.py tries every other constraint
    Switch(
        "owed-once-a-key",
        "what is owed twice under one key is done once",
        Unconstrained("dps_owedjob", "owed_job_once_a_key"),
    ),
    Switch(
        "message-once-a-key",
        "what is written twice under one key is sent once",
        Unconstrained("dps_message", "message_once_a_key"),
    ),
    Switch(
        "one-application-in-progress",
        "two people of a provider start one application",
        Unconstrained("qualification_application", "application_one_in_progress"),
    ),
    Switch(
        "choice-open-once",
        "a parent is never asked in two rankings at once",
        Unconstrained("referrals_choiceoffer", "choice_open_once"),
    ),
]
