"""Which kinds of establishment are on the register that a category asks about."""

import pytest

from providers.models import Establishment
from qualification.kinds import CARE, REGISTERED_AS, SCHOOLS, Fit, fit
from qualification.shipped_questions import OFSTED_REGISTRATION, SCHOOL_REGISTRATION

KIND = Establishment.Kind
TEACHES = {
    KIND.INDEPENDENT_SPECIAL,
    KIND.NON_MAINTAINED_SPECIAL,
    KIND.SPECIAL_POST_16,
    KIND.ALTERNATIVE_PROVISION,
}


@pytest.mark.parametrize("kind", KIND)
def test_schools_and_care_are_on_registers_of_their_own(kind):
    of_schools = {KIND.CHILDRENS_HOME: Fit.IF_REGISTERED_TWICE, KIND.FOSTERING_AGENCY: Fit.NEVER}
    of_care = Fit.IF_REGISTERED_TWICE if kind in TEACHES else Fit.FITS

    assert fit(kind, SCHOOLS) is of_schools.get(kind, Fit.FITS)
    assert fit(kind, CARE) is of_care
    assert fit(kind, "setting_registration") is Fit.FITS
    assert fit(kind, "") is Fit.FITS


def test_the_registers_are_those_of_the_shipped_questions():
    assert set(REGISTERED_AS) == {SCHOOL_REGISTRATION.code, OFSTED_REGISTRATION.code}
