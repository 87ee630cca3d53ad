"""What each role may do: one table. A view names its action, a service requires it."""

from __future__ import annotations

import enum

from dps.actors import AUTHORITY_ROLES, CENTRAL_ROLES, PROVIDER_ROLES, Actor, Role
from dps.refusals import NotPermitted

STAFF = AUTHORITY_ROLES | CENTRAL_ROLES
SIGNED_IN = STAFF | PROVIDER_ROLES
OFFICERS = frozenset({Role.CONTRACTS_OFFICER, Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER})
MANAGERS = frozenset({Role.AUTHORITY_ADMINISTRATOR, Role.DPS_MANAGER, Role.PROVIDER_ADMINISTRATOR})
"""Each looks after the people of the own organisation: authority, central team or provider."""
REFERRAL_READERS = frozenset({Role.COMMISSIONER, Role.APPROVER, Role.AUTHORITY_ADMINISTRATOR})


class Action(enum.StrEnum):
    # Everybody who signs in
    USE_SERVICE = "use_service"
    SEND_FILE = "send_file"
    READ_UPLOAD = "read_upload"
    VIEW_DIRECTORY = "view_directory"
    VIEW_AUDIT_TRAIL = "view_audit_trail"
    MANAGE_PEOPLE = "manage_people"
    VIEW_FAILING_JOBS = "view_failing_jobs"
    # Whoever holds a link that invites them
    JOIN = "join"
    # Providers and qualification
    REGISTER_PROVIDER = "register_provider"
    CLAIM_ESTABLISHMENT = "claim_establishment"
    DECIDE_CLAIM = "decide_claim"
    ADD_ESTABLISHMENT = "add_establishment"
    MANAGE_ESTABLISHMENTS = "manage_establishments"
    UPDATE_PLACES = "update_places"
    RECORD_EVIDENCE = "record_evidence"
    RECORD_INSPECTION = "record_inspection"
    PREPARE_APPLICATION = "prepare_application"
    SUBMIT_APPLICATION = "submit_application"
    VIEW_APPLICATIONS = "view_applications"
    CHECK_APPLICATION = "check_application"
    ASK_EVALUATORS = "ask_evaluators"
    GRADE_APPLICATION = "grade_application"
    GRADE_FOR_PANEL = "grade_for_panel"
    AGREE_GRADES = "agree_grades"
    DECIDE_APPLICATION = "decide_application"
    REPLY_ON_APPLICATION = "reply_on_application"
    VIEW_STANDING = "view_standing"
    PROPOSE_REVIEW = "propose_review"
    DECIDE_REVIEW = "decide_review"
    REPLY_TO_REVIEW = "reply_to_review"
    ASK_ABOUT_JOINING = "ask_about_joining"
    ANSWER_QUESTIONS = "answer_questions"
    ACCEPT_TERMS = "accept_terms"
    PUBLISH_TERMS = "publish_terms"
    FOLLOW_TERMS = "follow_terms"
    VIEW_MARKET = "view_market"
    SET_CAP = "set_cap"
    # Referrals and bids
    VIEW_REFERRALS = "view_referrals"
    RAISE_REFERRAL = "raise_referral"
    ISSUE_REFERRAL = "issue_referral"
    WITHDRAW_REFERRAL = "withdraw_referral"
    VIEW_CHILD = "view_child"
    VIEW_INVITATIONS = "view_invitations"
    PREPARE_BID = "prepare_bid"
    SUBMIT_BID = "submit_bid"
    WITHDRAW_BID = "withdraw_bid"
    DECLINE_INVITATION = "decline_invitation"
    OPEN_BIDS = "open_bids"
    GRADE_BIDS = "grade_bids"
    VIEW_EVALUATION = "view_evaluation"
    OFFER_CHOICE = "offer_choice"
    MAKE_CHOICE = "make_choice"
    RECOMMEND_AWARD = "recommend_award"
    APPROVE_AWARD = "approve_award"
    # Contracts
    VIEW_AGREEMENTS = "view_agreements"
    SIGN_FOR_AUTHORITY = "sign_for_authority"
    SIGN_FOR_PROVIDER = "sign_for_provider"
    READ_DOCUMENT = "read_document"
    # Central team
    VIEW_MASTER_LOG = "view_master_log"
    VIEW_COMPLIANCE = "view_compliance"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    VIEW_REGIONAL_AWARDS = "view_regional_awards"
    # The system's own clockwork
    RUN_COMPLIANCE_AUDIT = "run_compliance_audit"
    PUBLISH_QUARTER = "publish_quarter"
    IMPORT_REGISTER = "import_register"
    ADD_AUTHORITY = "add_authority"
    FORGET_UPLOADS = "forget_uploads"
    SET_UP_MARKET = "set_up_market"


ALLOWED: dict[Action, frozenset[Role]] = {
    Action.USE_SERVICE: SIGNED_IN,
    Action.SEND_FILE: PROVIDER_ROLES | OFFICERS | {Role.SYSTEM},
    Action.READ_UPLOAD: PROVIDER_ROLES | OFFICERS,
    Action.VIEW_DIRECTORY: SIGNED_IN,
    Action.VIEW_AUDIT_TRAIL: frozenset(
        {
            Role.APPROVER,
            Role.AUTHORITY_ADMINISTRATOR,
            Role.SENIOR_CONTRACTS_OFFICER,
            Role.DPS_MANAGER,
        }
    ),
    Action.MANAGE_PEOPLE: MANAGERS,
    Action.VIEW_FAILING_JOBS: frozenset({Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER}),
    Action.JOIN: frozenset({Role.PUBLIC}),
    Action.REGISTER_PROVIDER: frozenset({Role.PUBLIC, Role.SYSTEM}),
    Action.CLAIM_ESTABLISHMENT: frozenset({Role.PROVIDER_ADMINISTRATOR}),
    Action.DECIDE_CLAIM: OFFICERS,
    Action.ADD_ESTABLISHMENT: OFFICERS | {Role.SYSTEM},
    Action.MANAGE_ESTABLISHMENTS: PROVIDER_ROLES,
    Action.UPDATE_PLACES: PROVIDER_ROLES | OFFICERS | {Role.SYSTEM},
    Action.RECORD_EVIDENCE: PROVIDER_ROLES | OFFICERS | {Role.SYSTEM},
    Action.RECORD_INSPECTION: OFFICERS | {Role.SYSTEM},
    Action.PREPARE_APPLICATION: PROVIDER_ROLES,
    Action.SUBMIT_APPLICATION: frozenset({Role.PROVIDER_ADMINISTRATOR}),
    Action.VIEW_APPLICATIONS: OFFICERS | {Role.DATA_ANALYST},
    Action.CHECK_APPLICATION: OFFICERS,
    Action.ASK_EVALUATORS: OFFICERS,
    Action.GRADE_APPLICATION: OFFICERS | {Role.EVALUATOR},
    Action.GRADE_FOR_PANEL: OFFICERS,
    Action.AGREE_GRADES: OFFICERS,
    Action.DECIDE_APPLICATION: OFFICERS,
    Action.REPLY_ON_APPLICATION: PROVIDER_ROLES,
    Action.VIEW_STANDING: PROVIDER_ROLES,
    Action.PROPOSE_REVIEW: OFFICERS,
    Action.DECIDE_REVIEW: frozenset({Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER}),
    Action.REPLY_TO_REVIEW: frozenset({Role.PROVIDER_ADMINISTRATOR}),
    Action.ASK_ABOUT_JOINING: PROVIDER_ROLES,
    Action.ANSWER_QUESTIONS: OFFICERS,
    Action.ACCEPT_TERMS: frozenset({Role.PROVIDER_ADMINISTRATOR}),
    Action.PUBLISH_TERMS: frozenset({Role.DPS_MANAGER}),
    Action.FOLLOW_TERMS: OFFICERS,
    Action.VIEW_MARKET: CENTRAL_ROLES | {Role.AUTHORITY_ADMINISTRATOR},
    Action.SET_CAP: frozenset({Role.AUTHORITY_ADMINISTRATOR, Role.DPS_MANAGER, Role.SYSTEM}),
    Action.VIEW_REFERRALS: REFERRAL_READERS,
    Action.RAISE_REFERRAL: frozenset({Role.COMMISSIONER}),
    Action.ISSUE_REFERRAL: frozenset({Role.COMMISSIONER}),
    Action.WITHDRAW_REFERRAL: frozenset({Role.COMMISSIONER}),
    Action.VIEW_CHILD: frozenset({Role.COMMISSIONER, Role.APPROVER}),
    Action.VIEW_INVITATIONS: PROVIDER_ROLES,
    Action.PREPARE_BID: PROVIDER_ROLES,
    Action.SUBMIT_BID: PROVIDER_ROLES,
    Action.WITHDRAW_BID: PROVIDER_ROLES,
    Action.DECLINE_INVITATION: PROVIDER_ROLES,
    Action.OPEN_BIDS: frozenset({Role.COMMISSIONER, Role.APPROVER}),
    Action.GRADE_BIDS: frozenset({Role.EVALUATOR}),
    Action.VIEW_EVALUATION: REFERRAL_READERS,
    Action.OFFER_CHOICE: frozenset({Role.COMMISSIONER}),
    Action.MAKE_CHOICE: frozenset({Role.PARENT}),
    Action.RECOMMEND_AWARD: frozenset({Role.COMMISSIONER}),
    Action.APPROVE_AWARD: frozenset({Role.APPROVER}),
    Action.VIEW_AGREEMENTS: REFERRAL_READERS | PROVIDER_ROLES,
    Action.SIGN_FOR_AUTHORITY: frozenset({Role.APPROVER}),
    Action.SIGN_FOR_PROVIDER: frozenset({Role.PROVIDER_ADMINISTRATOR}),
    Action.READ_DOCUMENT: REFERRAL_READERS | PROVIDER_ROLES | OFFICERS,
    Action.VIEW_MASTER_LOG: CENTRAL_ROLES | {Role.COMMISSIONER, Role.AUTHORITY_ADMINISTRATOR},
    Action.VIEW_COMPLIANCE: CENTRAL_ROLES,
    Action.SUSPEND: frozenset({Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER, Role.SYSTEM}),
    Action.REINSTATE: frozenset({Role.SENIOR_CONTRACTS_OFFICER, Role.DPS_MANAGER, Role.SYSTEM}),
    Action.VIEW_REGIONAL_AWARDS: CENTRAL_ROLES,
    Action.RUN_COMPLIANCE_AUDIT: frozenset({Role.SYSTEM}),
    Action.PUBLISH_QUARTER: frozenset({Role.SYSTEM}),
    Action.IMPORT_REGISTER: frozenset({Role.SYSTEM}),
    Action.ADD_AUTHORITY: frozenset({Role.SYSTEM}),
    Action.FORGET_UPLOADS: frozenset({Role.SYSTEM}),
    Action.SET_UP_MARKET: frozenset({Role.DPS_MANAGER, Role.SYSTEM}),
}


def may(actor: Actor, action: Action) -> bool:
    return bool(ALLOWED[action] & actor.roles)


def require(actor: Actor, action: Action) -> None:
    """Refuse unless one of the actor's roles may do this (BC 10, 12.1).

    :raises NotPermitted: none of them may.
    """
    if not may(actor, action):
        raise NotPermitted
