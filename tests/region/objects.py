"""
Whose objects the addresses name: one that is the person's own, one that is somebody else's.

Read by the owner of the database, past every policy: a wrong policy cannot hide a wrong cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

Values = dict[str, Any]


@dataclass(frozen=True)
class Home:
    """The authority and the provider for which the people of the matrix act."""

    authority_id: int
    provider_id: str


# For the parameters of an address: the query of one row of values. %(authority)s and %(provider)s
# are the home's; {own} becomes = for the person's own objects, <> for somebody else's.
AUTHORITY: dict[tuple[str, ...], str] = {
    ("referral_id",): "SELECT id AS referral_id FROM referrals_referral"
    " WHERE authority_id {own} %(authority)s AND {stage} ORDER BY raised_at DESC",
    ("authority_id", "agreement_id"): "SELECT authority_id, id AS agreement_id"
    " FROM contracts_agreement WHERE authority_id {own} %(authority)s",
    ("authority_id", "document_id"): "SELECT authority_id, id AS document_id FROM dps_document"
    " WHERE authority_id {own} %(authority)s AND authority_id > 0",
    ("referral_id", "paper_id"): "SELECT referral_id, id AS paper_id FROM referrals_gradingpaper"
    " WHERE authority_id {own} %(authority)s AND referral_id IN"
    " (SELECT id FROM referrals_referral WHERE state = 'grading')",
}
PROVIDER: dict[tuple[str, ...], str] = {
    ("invitation_id",): "SELECT id AS invitation_id FROM referrals_invitation"
    " WHERE provider_id {own} %(provider)s AND {stage} ORDER BY invited_at DESC",
    ("invitation_id", "revision"): "SELECT invitation_id, revision FROM referrals_sealedbid"
    " WHERE provider_id {own} %(provider)s",
    ("application_id",): "SELECT id AS application_id FROM qualification_application"
    " WHERE provider_id {own} %(provider)s AND {stage}",
    ("application_id", "criterion_id"): "SELECT application_id, criterion_id"
    " FROM qualification_answer WHERE provider_id {own} %(provider)s",
    ("authority_id", "agreement_id"): "SELECT authority_id, id AS agreement_id"
    " FROM contracts_agreement WHERE provider_id {own} %(provider)s",
    ("authority_id", "document_id"): "SELECT authority_id, id AS document_id FROM dps_document"
    " WHERE provider_id {own} %(provider)s",
    ("establishment_id",): "SELECT id AS establishment_id FROM providers_establishment"
    " WHERE provider_id {own} %(provider)s",
}
REGIONAL: dict[tuple[str, ...], str] = {
    ("establishment_id",): "SELECT id AS establishment_id FROM providers_establishment"
    " WHERE provider_id IS NOT NULL",
    ("claim_id",): "SELECT id AS claim_id FROM providers_claim",
    ("application_id",): "SELECT id AS application_id FROM qualification_application"
    " WHERE state = 'submitted'",
    ("application_id", "answer_id"): "SELECT a.application_id, a.id AS answer_id"
    " FROM qualification_answer a JOIN qualification_criterion c ON c.id = a.criterion_id"
    " WHERE c.kind = 'statement'",
    ("suspension_id",): "SELECT id AS suspension_id FROM qualification_suspension",
    ("authority_id", "document_id"): "SELECT authority_id, id AS document_id FROM dps_document"
    " WHERE authority_id = 0",
    ("quarter",): "SELECT quarter FROM contracts_publication",
    ("code",): "SELECT code FROM dps_authority",
    ("name",): "SELECT 'help' AS name",
    ("authority_id", "message_id"): "SELECT authority_id, id AS message_id FROM dps_message"
    " WHERE sent_at IS NOT NULL",
}


# Pages that exist at one stage only, and the stage.
STAGES = {
    "referrals:reach": "issued_at IS NOT NULL",
    "referrals:choice_progress": "state = 'choosing'",
    "referrals:make_choice_code": "state = 'choosing'",
    "referrals:record_choice": "state = 'choosing'",
    "referrals:close_choice": "state = 'choosing'",
    "referrals:result": "referral_state = 'awarded' AND id IN"
    " (SELECT invitation_id FROM referrals_bid)",
    "qualification:sent": "state <> 'draft'",
    "qualification:outcome": "decided_at IS NOT NULL",
}
# Pages on which a provider reads about everybody's establishments.
SHARED = {"providers:establishment", "providers:claim"}


class Objects:
    """Finds values for the parameters of an address."""

    def __init__(self, owner: psycopg.Connection[Any], home: Home) -> None:
        self.owner = owner
        self.home = home

    def own(self, name: str, parameters: tuple[str, ...], side: str) -> Values | None:
        return self._first(name, parameters, side, own="=")

    def foreign(self, name: str, parameters: tuple[str, ...], side: str) -> Values | None:
        """None where such objects belong to nobody: everybody who may read one may read all."""
        table = {"authority": AUTHORITY, "provider": PROVIDER}.get(side, {})
        if parameters not in table or name in SHARED:
            return None
        return self._first(name, parameters, side, own="<>")

    def _first(
        self, name: str, parameters: tuple[str, ...], side: str, *, own: str
    ) -> Values | None:
        mine = {"authority": AUTHORITY, "provider": PROVIDER}.get(side, {})
        query = (None if name in SHARED else mine.get(parameters)) or REGIONAL.get(parameters)
        if query is None:
            raise KeyError(f"no object for {parameters} of {side}: add it to tests/region/objects")
        stage = STAGES.get(name, "true")
        text = query.replace("{own}", own).replace("{stage}", stage) + " LIMIT 1"
        values = {"authority": self.home.authority_id, "provider": self.home.provider_id}
        cursor = self.owner.execute(text, values)  # type: ignore[arg-type]
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, row, strict=True)) if row else None
