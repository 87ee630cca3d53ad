"""
Which kinds of establishment a category's registration is about. Pure (Q2, BC 7.4).

A school with boarders all year is registered as a children's home as well, and some homes are
schools as well: these may apply, once they say so. A fostering agency is neither, ever.
"""

from __future__ import annotations

from enum import StrEnum

from dps.refusals import Refusal

SCHOOLS, CARE = "registration", "ofsted_registration"
"""The questions about the register of schools, and about that of homes and agencies."""
_HOME, _AGENCY = "childrens_home", "fostering_agency"
_SCHOOL_KINDS = frozenset(
    {"independent_special", "non_maintained_special", "special_post_16", "alternative_provision"}
)
REGISTERED_AS = {
    SCHOOLS: "a school",
    CARE: "a children’s home or a fostering agency",
}
"""What an establishment on the register is, by the question that asks about it."""


class Fit(StrEnum):
    FITS = "fits"
    IF_REGISTERED_TWICE = "if_registered_twice"
    NEVER = "never"


class KindDoesNotFit(Refusal):
    message = "A fostering agency is no school, so it cannot join this category"
    field = "categories"


def fit(kind: str, asked: str) -> Fit:
    """Whether such a kind is on the register that a question, by its code, asks about."""
    if asked == SCHOOLS and kind == _AGENCY:
        return Fit.NEVER
    if asked == SCHOOLS and kind == _HOME:
        return Fit.IF_REGISTERED_TWICE
    if asked == CARE and kind in _SCHOOL_KINDS:
        return Fit.IF_REGISTERED_TWICE
    return Fit.FITS
