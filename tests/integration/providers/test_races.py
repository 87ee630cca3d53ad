"""Two at once over one establishment or one register: one succeeds, the other is told why not."""

from datetime import date

import pytest

from dps.actors import REGION_ID, Role, system
from dps.refusals import IllegalTransition
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Inspection
from providers.services.additions import Wanted, ask_for_addition, confirm_addition
from providers.services.claims import RunByAnother, claim_establishment, confirm_claim
from providers.services.inspections import (
    InspectionRecorded,
    NewInspection,
    record_inspection,
)
from providers.services.registers import ImportAlreadyRunning, import_register
from tests.at_once import act, in_turn, refusals
from tests.factories.kernel import NOON, make_person, make_region
from tests.factories.providers import (
    gias_file,
    gias_row,
    make_administrator,
    make_establishment,
    make_provider,
)

SYSTEM = system(REGION_ID)
pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def region():
    return make_region()


@pytest.fixture
def officer(region):
    return make_person(Role.CONTRACTS_OFFICER, authority=region.west)


@pytest.fixture
def school(region):
    with acting_as(SYSTEM):
        return make_establishment()


@pytest.mark.off_switch("claimed-establishment-row")
def test_of_two_claims_confirmed_at_once_one_is(officer, school):
    claims = []
    for name in ("Ash Ltd", "Birch Ltd"):
        actor = make_administrator(make_provider(name))
        claims.append(act(claim_establishment, actor=actor, now=NOON, establishment_id=school.pk)())

    done = in_turn(
        *(act(confirm_claim, actor=officer, now=NOON, claim_id=claim.pk) for claim in claims)
    )

    assert refusals(done.both) == [RunByAnother]
    assert Establishment.objects.get().provider_id == claims[0].provider_id


@pytest.mark.off_switch("inspected-establishment-row")
def test_an_inspection_recorded_twice_at_once_stands_once(officer, school):
    new = NewInspection(school.pk, "Ofsted", "ofsted_overall_grade", "good", date(2026, 3, 1))
    record = act(record_inspection, new, actor=officer, now=NOON)

    done = in_turn(record, record)

    assert refusals(done.both) == [InspectionRecorded]
    assert Inspection.objects.count() == 1


@pytest.mark.off_switch("register-import")
def test_the_second_of_two_imports_is_refused_at_once(region, tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(gias_file([gias_row()]))
    bring_in = act(import_register, path, actor=SYSTEM, now=NOON)

    done = in_turn(bring_in, bring_in)

    assert (refusals(done.both), done.waited) == ([ImportAlreadyRunning], False)
    assert list(Establishment.objects.values_list("urn", flat=True)) == ["125001"]
    assert bring_in().unchanged == 1


@pytest.mark.off_switch("addition-row")
def test_what_two_officers_add_at_once_is_added_once(officer):
    asking = make_administrator(make_provider("Ash Ltd"))
    wanted = Wanted(
        name="Tern House",
        kind="childrens_home",
        street="4 Shingle Walk",
        town="Worthing",
        postcode="BN11 1AA",
        phone="01632 960200",
        low_age=8,
        high_age=17,
    )
    with acting_as(asking):
        addition = ask_for_addition(wanted, actor=asking, now=NOON)

    done = in_turn(
        *(act(confirm_addition, actor=officer, now=NOON, addition_id=addition.pk) for _ in "12")
    )

    assert refusals(done.both) == [IllegalTransition]
    assert Establishment.objects.count() == 1
