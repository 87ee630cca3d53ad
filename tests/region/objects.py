"""
Whose objects the addresses name: one with its owner's home, and one that is somebody else's.

Read by the owner of the database, past every policy: a wrong policy cannot hide a wrong cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

Home = int | str | None
"""The authority (a number) or the provider for which people act; None: the usual one."""


@dataclass(frozen=True)
class Thing:
    """Values for the parameters of an address, whose they are, and what follows the "?"."""

    values: dict[str, Any]
    home: Home = None
    query: str = ""


# Applications with the statements that they are asked for.
ASKED = (
    "qualification_application i JOIN qualification_criterion c ON c.rule_set_id = i.rule_set_id"
    " JOIN qualification_question q ON q.id = c.question_id AND q.kind = 'statement'"
)
# What evaluators of a joining grade: the statements with which it was sent.
GRADED = (
    "qualification_application i JOIN qualification_sentanswer t ON t.application_id = i.id"
    " JOIN qualification_criterion c ON c.id = t.criterion_id"
    " JOIN qualification_question q ON q.id = c.question_id AND q.kind = 'statement'"
)
# For the parameters of an address: rows of values, each with its home where it has one.
# {stage} is the condition under which the page of that address exists.
AUTHORITY: dict[tuple[str, ...], str] = {
    ("referral_id",): "SELECT r.authority_id AS home, r.id AS referral_id"
    " FROM referrals_referral r WHERE {stage} ORDER BY r.raised_at DESC, r.id",
    ("authority_id", "agreement_id"): "SELECT authority_id AS home, authority_id,"
    " id AS agreement_id FROM contracts_agreement WHERE {stage}",
    ("authority_id", "document_id"): "SELECT authority_id AS home, authority_id,"
    " id AS document_id FROM dps_document WHERE authority_id > 0 AND {stage}",
    ("referral_id", "bid_id"): "SELECT p.authority_id AS home, p.referral_id, p.bid_id"
    " FROM referrals_gradingpaper p JOIN referrals_referral r"
    " ON (r.authority_id, r.id) = (p.authority_id, p.referral_id) WHERE {stage}",
}
AUTHORITY[("cap_id",)] = (
    "SELECT coalesce(authority_id, 0) AS home, id AS cap_id FROM qualification_cap"
    " WHERE until_date IS NULL ORDER BY authority_id"
)
AUTHORITY[("membership_id",)] = (
    "SELECT authority_id AS home, id AS membership_id FROM dps_membership"
    " WHERE authority_id IS NOT NULL AND NOT is_central AND is_active"
)
AUTHORITY[("link_id",)] = (
    "SELECT authority_id AS home, id AS link_id FROM dps_joininglink WHERE authority_id IS NOT NULL"
    " AND NOT is_central AND used_at IS NULL AND ended_at IS NULL"
)
PROVIDER: dict[tuple[str, ...], str] = {
    ("invitation_id",): "SELECT i.provider_id AS home, i.id AS invitation_id"
    " FROM referrals_invitation i WHERE {people} AND {stage} ORDER BY i.invited_at DESC, i.id",
    ("invitation_id", "revision"): "SELECT i.provider_id AS home, i.invitation_id, i.revision"
    " FROM referrals_sealedbid i WHERE {people} AND {stage}",
    ("application_id",): "SELECT i.provider_id AS home, i.id AS application_id"
    " FROM qualification_application i WHERE {people} AND {stage}",
    ("joining_id",): "SELECT i.provider_id AS home, i.joining_id, {query} AS query"
    " FROM qualification_application i WHERE {people} AND {stage}",
    ("joining_id", "question_id"): "SELECT i.provider_id AS home, i.joining_id, c.question_id"
    f" FROM {ASKED} WHERE {{people}} AND {{stage}}",
    ("joining_id", "question_id", "establishment_id"): "SELECT i.provider_id AS home,"
    f" i.joining_id, c.question_id, i.establishment_id FROM {ASKED}"
    " WHERE {people} AND {stage}",
    ("point_id",): "SELECT i.provider_id AS home, i.id AS point_id"
    " FROM qualification_pointtoclear i WHERE {people} AND i.replied_at IS NULL",
    ("authority_id", "agreement_id"): "SELECT i.provider_id AS home, i.authority_id,"
    " i.id AS agreement_id FROM contracts_agreement i WHERE {people} AND {stage}",
    ("authority_id", "document_id"): "SELECT i.provider_id AS home, i.authority_id,"
    " i.id AS document_id FROM dps_document i WHERE {people} AND {stage}",
    ("establishment_id",): "SELECT i.provider_id AS home, i.id AS establishment_id"
    " FROM providers_establishment i WHERE {people} AND {stage}",
}
PROVIDER[("membership_id",)] = (
    "SELECT i.provider_id AS home, i.id AS membership_id FROM dps_membership i WHERE {people}"
)
PROVIDER[("link_id",)] = (
    "SELECT i.provider_id AS home, i.id AS link_id FROM dps_joininglink i WHERE {people}"
    " AND i.used_at IS NULL AND i.ended_at IS NULL"
)
PROVIDER[("evidence_id",)] = (
    "SELECT i.provider_id AS home, i.id AS evidence_id FROM providers_evidence i"
    " WHERE {people} AND {stage}"
)
PROVIDER[("review_id",)] = (
    "SELECT i.provider_id AS home, i.id AS review_id FROM qualification_scorereview i"
    " WHERE {people} AND {stage}"
)
PROVIDER[("suspension_id",)] = (
    "SELECT i.provider_id AS home, s.id AS suspension_id FROM providers_establishment i"
    " JOIN qualification_suspension s ON s.establishment_id = i.id AND s.lifted_at IS NULL"
    " WHERE {people}"
)
PROVIDER[("upload_id",)] = (
    "SELECT i.provider_id AS home, i.id AS upload_id FROM dps_upload i WHERE {people}"
)
REGIONAL: dict[tuple[str, ...], str] = {
    ("establishment_id",): "SELECT i.id AS establishment_id FROM providers_establishment i"
    " WHERE {stage}",
    ("membership_id",): "SELECT id AS membership_id FROM dps_membership WHERE is_central",
    ("link_id",): "SELECT id AS link_id FROM dps_joininglink WHERE is_central",
    ("claim_id",): "SELECT id AS claim_id FROM providers_claim",
    ("addition_id",): "SELECT id AS addition_id FROM providers_addition",
    ("application_id",): "SELECT i.id AS application_id FROM qualification_application i"
    " WHERE i.submitted_at IS NOT NULL AND {stage}",
    ("joining_id",): "SELECT i.joining_id, {query} AS query"
    " FROM qualification_application i WHERE i.submitted_at IS NOT NULL AND {stage}",
    ("application_id", "code"): "SELECT i.id AS application_id, 'insurances' AS code"
    " FROM qualification_application i WHERE i.state = 'submitted'",
    ("evaluator_id",): "SELECT v.id AS evaluator_id FROM qualification_evaluator v"
    " WHERE v.declared_at IS NULL",
    ("joining_id", "answer_id"): f"SELECT i.joining_id, t.answer_id FROM {GRADED}"
    " WHERE i.state = 'evaluation' AND q.graded_by = 'evaluators' AND {stage}",
    ("answer_id",): f"SELECT t.answer_id FROM {GRADED} WHERE i.state = 'evaluation' AND {{stage}}",
    ("question_id",): "SELECT id AS question_id FROM qualification_askedquestion"
    " WHERE closed_at IS NULL",
    ("number",): "SELECT number FROM qualification_terms ORDER BY number DESC",
    ("qualification_id",): "SELECT q.id AS qualification_id FROM qualification_qualification q"
    " WHERE q.ended_at IS NULL AND NOT EXISTS"
    " (SELECT FROM qualification_scorereview v WHERE v.qualification_id = q.id)",
    ("review_id",): "SELECT i.id AS review_id FROM qualification_scorereview i WHERE {stage}",
    ("suspension_id",): "SELECT id AS suspension_id FROM qualification_suspension"
    " WHERE lifted_at IS NULL",
    ("authority_id", "document_id"): "SELECT authority_id, id AS document_id FROM dps_document"
    " WHERE authority_id = 0",
    ("upload_id",): "SELECT id AS upload_id FROM dps_upload",
    ("kind",): "SELECT 'public_liability' AS kind",
    ("quarter",): "SELECT quarter FROM contracts_publication",
    ("code",): "SELECT code FROM dps_authority WHERE kind <> 'region'",
    ("name",): "SELECT 'help' AS name",
    ("market_code",): "SELECT code AS market_code FROM dps_market",
    ("category_code",): "SELECT code AS category_code FROM dps_category WHERE code = 'sen-day'",
    ("window_id",): "SELECT id AS window_id FROM dps_entrywindow WHERE closes_on IS NULL",
    ("rule_set_id",): "SELECT id AS rule_set_id FROM qualification_ruleset WHERE {stage}",
    ("criterion_id",): "SELECT c.id AS criterion_id FROM qualification_criterion c"
    " JOIN qualification_ruleset r ON r.id = c.rule_set_id WHERE r.published_at IS NULL",
    ("head_id",): "SELECT h.id AS head_id FROM qualification_costhead h"
    " JOIN qualification_ruleset r ON r.id = h.rule_set_id WHERE r.published_at IS NULL",
    ("scale",): "SELECT 'ofsted_report_card' AS scale",
    ("cap_id",): "SELECT id AS cap_id FROM qualification_cap WHERE until_date IS NULL",
    ("authority_id", "message_id"): "SELECT authority_id, id AS message_id FROM dps_message"
    " WHERE sent_at IS NOT NULL",
}
# Somebody of theirs can sign in.
PEOPLE = (
    "EXISTS (SELECT FROM dps_membership m WHERE m.provider_id = i.provider_id"
    " AND 'provider_administrator' = ANY (m.roles))"
)
# The person who asks grades the joining, and has declared that nothing stands against it.
GRADER = (
    "i.state = 'evaluation' AND EXISTS (SELECT FROM qualification_evaluator v"
    " WHERE v.joining_id = i.joining_id AND v.person_id = '{person}'"
    " AND NOT v.has_conflict AND v.released_at IS NULL)"
)
# A parent's token is known to its email alone: here it is always one that names nothing.
SECRET = {("token",)}

OPEN = "i.referral_state = 'open' AND i.bids_close_at > now() AND i.declined_at IS NULL"
BID = (
    "EXISTS (SELECT FROM referrals_sealedbid s WHERE s.invitation_id = i.id AND NOT is_withdrawal)"
)
DRAFT = "i.state = 'draft'"
TASKS = ("tasks", "task_child", "task_family", "task_needs", "task_features", "task_outcomes",
         "task_placement", "task_weights", "task_limit", "task_deadline", "check")  # fmt: skip
WRITING = ("joining", "add", "grounds", "ground_details", "answer", "keep", "differently",
           "answer_at", "keep_at", "as_the_others", "check", "remove", "withdraw", "core_costs",
           "core_cost_totals", "copy_costs", "discounts", "cost_sheets", "cost_sheets_download",
           "cost_sheets_save")  # fmt: skip
# Pages that exist at one stage only, and the stage.
STAGES = {
    **{f"referrals:{name}": "r.state = 'draft'" for name in TASKS},
    "referrals:reach": "r.issued_at IS NOT NULL",
    "referrals:withdraw": "r.state = 'open'",
    "referrals:opening": "r.state = 'open' AND r.bids_close_at < now() - interval '2 minutes'",
    "referrals:release_grader": "r.state = 'grading' AND r.grades_in_at IS NULL",
    "referrals:evaluation": "r.ranked_at IS NOT NULL",
    "referrals:offer_choice": "r.state = 'ranked'",
    "referrals:not_offer_choice": "r.state = 'ranked'",
    "referrals:choice_progress": "r.state = 'choosing'",
    "referrals:make_choice_code": "r.state = 'choosing'",
    "referrals:record_choice": "r.state = 'choosing'",
    "referrals:close_choice": "r.state = 'choosing'",
    "referrals:recommend_award": "r.state = 'chosen'",
    "referrals:decide_award": "r.state = 'recommended'",
    "referrals:grading": "r.state = 'grading'",
    "referrals:grading_paper": "r.state = 'grading' AND r.grades_in_at IS NULL",
    "referrals:agree": "r.state = 'grading' AND r.grades_in_at IS NOT NULL",
    "referrals:confirm_grades": "r.state = 'grading' AND r.grades_in_at IS NOT NULL",
    "referrals:hand_in": "r.state = 'grading' AND r.grades_in_at IS NULL",
    "referrals:step_back": "r.state = 'grading' AND r.grades_in_at IS NULL",
    "referrals:bid": OPEN,
    "referrals:bid_cost": OPEN,
    "referrals:bid_autosave": OPEN,
    "referrals:bid_check": f"{OPEN} AND EXISTS (SELECT FROM referrals_biddraft d"
    " WHERE d.invitation_id = i.id)",
    "referrals:bid_withdraw": f"{OPEN} AND {BID}",
    "referrals:decline": f"{OPEN} AND NOT {BID}",
    "referrals:take_back": "i.declined_at IS NOT NULL",
    "referrals:result": "i.referral_state = 'awarded' AND EXISTS"
    " (SELECT FROM referrals_awardletter l WHERE l.invitation_id = i.id)",
    **{f"qualification:{name}": DRAFT for name in WRITING},
    "qualification:sent": "i.state = 'submitted'",
    "qualification:outcome": "i.decided_at IS NOT NULL",
    "qualification:again": "i.state = 'rejected'",
    "qualification:put_right": "i.state = 'rejected'",
    "qualification:step": "i.state = 'submitted'",
    "qualification:pass_stage_one": "i.state = 'submitted'",
    "qualification:ask_evaluators": "i.state = 'evaluation'",
    "qualification:decide_together": "i.state = 'moderated'",
    "qualification:decision": "i.state = 'moderated'",
    "qualification:reopen": "i.state = 'moderated'",
    **{
        f"qualification:{name}": GRADER
        for name in ("grading_one", "hand_in", "grade_statement", "keep_grade")
    },
    "qualification:agree": "q.graded_by = 'evaluators' AND statement_grades_are_in(t.answer_id)",
    "qualification:panel": "q.graded_by = 'panel'",
    "qualification:decide_review": "i.decided_at IS NULL AND i.replied_at IS NOT NULL",
    "qualification:reply_to_review": "i.decided_at IS NULL AND i.replied_at IS NULL",
    "qualification:suspend": "i.provider_id IS NOT NULL AND NOT EXISTS"
    " (SELECT FROM qualification_suspension s WHERE s.establishment_id = i.id)",
    **{
        f"qualification:{name}": "published_at IS NULL"
        for name in (
            "publish_rules",
            "discard_rules",
            "rule_weights",
            "new_rule_question",
            "new_rule_cost_line",
        )
    },
    "contracts:sign_for_council": "state = 'to_sign'",
    "contracts:sign_for_provider": "i.state = 'to_sign'",
    "providers:replace_evidence": "i.replaced_by_id IS NULL AND i.withdrawn_at IS NULL",
    "providers:claim": "i.provider_id IS NULL AND i.is_open AND i.is_procured",
}
# What follows the "?" on pages that ask for it.
QUERIES = {
    "qualification:decide_together": "'a=' || i.id",
    "qualification:ground_details": "'ground=tax_offences'",
}
# Pages on which a provider reads about everybody's establishments.
SHARED = {"providers:establishment", "providers:claim"}


NOBODY = UUID(int=0)


class Objects:
    """Finds values for the parameters of an address."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self.owner = owner

    def own(
        self, name: str, parameters: tuple[str, ...], side: str, *, person: object = NOBODY
    ) -> Thing | None:
        """The first that there is; whoever asks is then one of those whose it is."""
        found = self.rows(name, parameters, side, person=person)
        return found[0] if found else None

    def foreign(
        self, name: str, parameters: tuple[str, ...], side: str, home: Home
    ) -> Thing | None:
        """None where such objects belong to nobody: everybody who may read one may read all."""
        return next((one for one in self.rows(name, parameters, side) if one.home != home), None)

    def rows(
        self, name: str, parameters: tuple[str, ...], side: str, *, person: object = NOBODY
    ) -> list[Thing]:
        """All that there are; `person` asks where an object is somebody's own work."""
        if parameters in SECRET:
            return []
        mine = {"authority": AUTHORITY, "provider": PROVIDER}.get(side, {})
        query = (None if name in SHARED else mine.get(parameters)) or REGIONAL.get(parameters)
        if query is None:
            raise KeyError(f"no object for {parameters} of {side}: add it to tests/region/objects")
        text = query.replace("{people}", PEOPLE).replace("{stage}", STAGES.get(name, "true"))
        text = text.replace("{query}", QUERIES.get(name, "''")).replace("{person}", str(person))
        cursor = self.owner.execute(text)  # type: ignore[arg-type]
        names = [column.name for column in cursor.description or ()]
        rows = (dict(zip(names, row, strict=True)) for row in cursor)
        return [Thing(row, row.pop("home", None), row.pop("query", "")) for row in rows]
