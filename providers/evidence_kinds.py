"""The kinds of evidence that a provider keeps, and what has to be said of each (Q8). Pure.

A kind says what it needs: a sum insured, a number, a last day, a document. What a kind does not
need is not asked and not kept, so that a form has only the boxes that its certificate fills.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """Whether one particular of a piece of evidence is asked for."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NOT_ASKED = "not_asked"


class HeldBy(StrEnum):
    """Who holds a kind: the organisation, one establishment, or either."""

    ORGANISATION = "organisation"
    ESTABLISHMENT = "establishment"
    EITHER = "either"


class Group(StrEnum):
    """The headings under which kinds are offered."""

    INSURANCE = "Insurance"
    POLICY = "Policies and plans"
    REGISTRATION = "Registrations"
    MONEY = "Money and reputation"
    OTHER = "Anything else"


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """One kind: its words, who holds it, and which particulars it has besides its first day."""

    code: str
    name: str
    group: Group
    held_by: HeldBy
    sum_insured: Need = Need.NOT_ASKED
    number: Need = Need.NOT_ASKED
    expiry: Need = Need.REQUIRED
    document: Need = Need.REQUIRED
    title: Need = Need.NOT_ASKED
    hint: str = ""
    number_label: str = "Number"
    number_hint: str = ""
    issued_label: str = "Valid from"
    issued_hint: str = ""
    issued_missing: str = "Enter the date from which it is valid"
    expiry_label: str = "Last day on which it is valid"
    expiry_hint: str = ""
    expiry_missing: str = "Enter the last day on which it is valid"

    @property
    def is_insurance(self) -> bool:
        return self.sum_insured is Need.REQUIRED

    @property
    def may_start_later(self) -> bool:
        """Next year's insurance is bought before this year's has run out."""
        return self.is_insurance

    @property
    def name_inside(self) -> str:
        """The name inside a sentence: "public liability insurance"."""
        return self.name[:1].lower() + self.name[1:]


def _insurance(code: str, name: str, hint: str) -> EvidenceKind:
    return EvidenceKind(
        code,
        name,
        Group.INSURANCE,
        HeldBy.EITHER,
        sum_insured=Need.REQUIRED,
        number=Need.REQUIRED,
        hint=hint,
        number_label="Policy number",
        issued_hint="As the certificate says. Next year’s certificate may start up to 3 months"
        " from now",
    )


def _policy(code: str, name: str, hint: str) -> EvidenceKind:
    return EvidenceKind(
        code,
        name,
        Group.POLICY,
        HeldBy.EITHER,
        hint=hint,
        issued_label="Agreed on",
        issued_hint="The day on which your governors, directors or trustees agreed it",
        issued_missing="Enter the date on which it was agreed",
        expiry_label="Next review",
        expiry_hint="The last day on which it stands without being looked at again",
        expiry_missing="Enter the date of the next review",
    )


KINDS: tuple[EvidenceKind, ...] = (
    _insurance(
        "public_liability",
        "Public liability insurance",
        "Covers harm to children, visitors and their belongings",
    ),
    _insurance(
        "employers_liability",
        "Employers’ liability insurance",
        "The law asks it of everybody who employs staff",
    ),
    _insurance(
        "professional_indemnity",
        "Professional indemnity insurance",
        "Covers mistakes in professional advice, such as therapy or assessments",
    ),
    _insurance(
        "motor", "Motor insurance", "If children are driven in your vehicles, or in staff’s own"
    ),
    _policy(
        "safeguarding",
        "Safeguarding policy",
        "Names the designated lead, and follows this year’s statutory guidance",
    ),
    _policy(
        "business_continuity",
        "Business continuity plan",
        "What happens to the children if a building or a person is not there",
    ),
    _policy("health_and_safety", "Health and safety policy", "With the name of who is responsible"),
    _policy("equalities", "Equalities policy", "For children, families and staff"),
    EvidenceKind(
        "data_protection",
        "Data protection registration",
        Group.REGISTRATION,
        HeldBy.ORGANISATION,
        number=Need.REQUIRED,
        document=Need.OPTIONAL,
        hint="Your entry in the Information Commissioner’s register. The number is enough",
        number_label="Registration number",
        number_hint="Begins with Z, ZA or ZB, like ZA123456",
        issued_label="Registered on",
        issued_missing="Enter the date of registration",
        expiry_label="Registration runs out on",
        expiry_hint="It is renewed every year",
        expiry_missing="Enter the date on which the registration runs out",
    ),
    EvidenceKind(
        "registration",
        "Registration certificate (Ofsted or Department for Education)",
        Group.REGISTRATION,
        HeldBy.ESTABLISHMENT,
        number=Need.REQUIRED,
        expiry=Need.NOT_ASKED,
        hint="One for each school, home or agency",
        number_label="Registration number",
        number_hint="The number on the certificate: the URN, or Ofsted’s number such as SC123456",
        issued_label="Registered on",
        issued_missing="Enter the date of registration",
    ),
    EvidenceKind(
        "accounts",
        "Accounts for the last financial year",
        Group.MONEY,
        HeldBy.ORGANISATION,
        expiry=Need.NOT_ASKED,
        hint="As they were sent to Companies House or the Charity Commission",
        issued_label="Financial year ended on",
        issued_missing="Enter the last day of the financial year",
    ),
    EvidenceKind(
        "accounts_before",
        "Accounts for the financial year before",
        Group.MONEY,
        HeldBy.ORGANISATION,
        expiry=Need.NOT_ASKED,
        hint="The year before the last",
        issued_label="Financial year ended on",
        issued_missing="Enter the last day of the financial year",
    ),
    EvidenceKind(
        "references",
        "References",
        Group.MONEY,
        HeldBy.EITHER,
        expiry=Need.NOT_ASKED,
        hint="From councils that have placed children with you. Leave out the children’s names",
        issued_label="Written on",
        issued_missing="Enter the date on which they were written",
    ),
    EvidenceKind(
        "other",
        "Another document",
        Group.OTHER,
        HeldBy.EITHER,
        expiry=Need.OPTIONAL,
        title=Need.REQUIRED,
        hint="If the contract team has asked for it. Leave out the children’s names",
        issued_label="Date of the document",
        issued_missing="Enter the date of the document",
        expiry_label="Last day on which it is valid (optional)",
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
INSURANCE_CODES = tuple(kind.code for kind in KINDS if kind.is_insurance)
EXPIRING_CODES = tuple(kind.code for kind in KINDS if kind.expiry is Need.REQUIRED)
OF_ORGANISATIONS = tuple(kind.code for kind in KINDS if kind.held_by is HeldBy.ORGANISATION)
OF_ESTABLISHMENTS = tuple(kind.code for kind in KINDS if kind.held_by is HeldBy.ESTABLISHMENT)


def grouped() -> Iterator[tuple[Group, list[EvidenceKind]]]:
    """Each heading with its kinds, in the order of the table."""
    for group in Group:
        yield group, [kind for kind in KINDS if kind.group is group]
