"""
One award as one release of the Open Contracting Data Standard 1.1 (BC 5.7).

Pure. What goes in is all that can come out: council, category, provider, establishment, the value
of a year and the quarter. No date, age, need, distance or number of weeks, and no id from which a
date could be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from contracts.publication.quarters import Quarter
from dps.regimes import RegimeKey

SPECIAL_EDUCATION = ("80340000", "Special education services")
EDUCATION = ("80000000", "Education and training services")
WELFARE = ("85311300", "Welfare services for children and young people")
CPV = {
    "sen-day": SPECIAL_EDUCATION,
    "sen-residential": SPECIAL_EDUCATION,
    "alternative-education": EDUCATION,
}
LEGAL_BASIS = {
    RegimeKey.PCR_2015_DPS: {"scheme": "CELEX", "id": "32014L0024"},
    RegimeKey.PA_2023_DYNAMIC_MARKET: {"scheme": "UKPGA", "id": "2023/54"},
    RegimeKey.PA_2023_OPEN_FRAMEWORK: {"scheme": "UKPGA", "id": "2023/54"},
    RegimeKey.PA_2023_USER_CHOICE: {"scheme": "UKPGA", "id": "2023/54"},
}
TECHNIQUES = {
    RegimeKey.PCR_2015_DPS: {"hasDynamicPurchasingSystem": True},
    RegimeKey.PA_2023_OPEN_FRAMEWORK: {"hasFrameworkAgreement": True},
}
HOW = "Mini-competition among the establishments that have qualified for the category"

_COMPANY = re.compile(r"[A-Z0-9]{8}")


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """What is published of one award; the value is that of one year, in pence."""

    ocid: str
    authority_code: str
    authority: str
    category_code: str
    category: str
    service: str
    provider_id: UUID
    provider: str
    company_number: str
    establishment: str
    annual_value_pence: int
    signed_in: Quarter
    regime: RegimeKey


def ocid_of(prefix: str, authority_id: int, award_id: UUID) -> str:
    """The award's public id for ever; nothing can be read from it."""
    digest = sha256(f"{authority_id}:{award_id}".encode()).hexdigest()
    return f"{prefix}-{digest[:24]}"


def release_of(award: AwardFacts, *, published_at: datetime) -> dict[str, object]:
    """The award and its contract in one release, as the profile wants it."""
    value = _value(award.annual_value_pence)
    buyer = {"id": f"GB-DPS-{award.authority_code}", "name": award.authority}
    supplier = {"id": _supplier_id(award), "name": award.provider}
    award_id = f"{award.ocid}-award"
    return {
        "ocid": award.ocid,
        "id": f"{award.ocid}-1",
        "date": instant(published_at),
        "tag": ["award", "contract"],
        "initiationType": "tender",
        "language": "en",
        "parties": [_buyer_party(buyer), _supplier_party(supplier, award)],
        "buyer": buyer,
        "tender": _tender(award),
        "awards": [
            {
                "id": award_id,
                "title": f"{award.category}: a place at {award.establishment}",
                "description": f"Signed by both sides in {award.signed_in.label}."
                " The value is that of one year.",
                "status": "active",
                "value": value,
                "suppliers": [supplier],
                "items": [_item(award)],
            }
        ],
        "contracts": [
            {
                "id": f"{award.ocid}-contract",
                "awardID": award_id,
                "title": "Individual placement agreement",
                "status": "active",
                "value": value,
            }
        ],
    }


def instant(at: datetime) -> str:
    """As "2026-10-01T05:00:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _value(pence: int) -> dict[str, object]:
    """Such services are exempt from VAT, so that the gross amount is the same."""
    pounds = pence // 100 if pence % 100 == 0 else pence / 100
    return {"amount": pounds, "amountGross": pounds, "currency": "GBP"}


def _tender(award: AwardFacts) -> dict[str, object]:
    tender: dict[str, object] = {
        "id": f"{award.ocid}-tender",
        "title": f"{award.service}: {award.category}",
        "status": "complete",
        "procurementMethod": "selective",
        "procurementMethodDetails": HOW,
        "mainProcurementCategory": "services",
        "specialRegime": ["lightTouch"],
    }
    if award.regime in LEGAL_BASIS:
        tender["legalBasis"] = LEGAL_BASIS[award.regime]
    if award.regime in TECHNIQUES:
        tender["techniques"] = TECHNIQUES[award.regime]
    return tender


def _item(award: AwardFacts) -> dict[str, object]:
    code, words = CPV.get(award.category_code, WELFARE)
    return {
        "id": "1",
        "description": f"{award.service}: {award.category}",
        "classification": {"scheme": "CPV", "id": code, "description": words},
    }


def _buyer_party(buyer: dict[str, str]) -> dict[str, object]:
    council = {"scheme": "UK_CA_TYPE", "id": "publicAuthoritySubCentralGovernment"}
    return {**buyer, "roles": ["buyer"], "details": {"classifications": [council]}}


def _supplier_party(supplier: dict[str, str], award: AwardFacts) -> dict[str, object]:
    party: dict[str, object] = {**supplier, "roles": ["supplier"]}
    if _COMPANY.fullmatch(award.company_number):
        party["identifier"] = {
            "scheme": "GB-COH",
            "id": award.company_number,
            "legalName": award.provider,
        }
    return party


def _supplier_id(award: AwardFacts) -> str:
    if _COMPANY.fullmatch(award.company_number):
        return f"GB-COH-{award.company_number}"
    return f"GB-DPS-{sha256(award.provider_id.bytes).hexdigest()[:16]}"
