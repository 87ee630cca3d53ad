"""Markets of any size: one school qualified by the factories, and thousands like it."""

from __future__ import annotations

from dps.tenancy.identity import acting_as
from providers.models import Evidence, Inspection
from qualification.models import CompetencyScore, CoreCostLine, Qualification
from tests.bench.rows import Mass, copied
from tests.factories.kernel import Region
from tests.factories.referrals import BOSS, School, make_school

AROUND = "t.easting + (n * 7919) % 40000 - 20000", "t.northing + (n * 6971) % 40000 - 20000"
"""Spread over forty kilometres each way, the same in every run."""


def many_schools(
    region: Region, mass: Mass, number: int, *, school: School | None = None
) -> School:
    """So many more qualified schools like this one, each of its own provider."""
    school = school or make_school(region)
    place, provider = school.establishment.id, school.provider.id
    with acting_as(BOSS):
        listed = Qualification.objects.get(establishment_id=place)
        score = CompetencyScore.objects.get(qualification=listed)
        lines = list(CoreCostLine.objects.filter(application_id=listed.application_id))
    own = {"provider_id": copied(provider)}
    there = {"establishment_id": copied(place)}
    easting, northing = AROUND
    mass.copy(
        "providers_provider", provider, number, name="t.name || ' ' || n", company_number="''"
    )
    mass.copy(
        "providers_establishment", place, number,
        name="t.name || ' ' || n", easting=easting, northing=northing, urn="NULL", **own,
    )  # fmt: skip
    application = {"application_id": copied(listed.application_id)}
    mass.copy("qualification_application", listed.application_id, number, **own, **there)
    for line in lines:
        mass.copy("qualification_corecostline", line.id, number, **own, **application)
    mass.copy("qualification_qualification", listed.id, number, **there, **application)
    qualified = {"qualification_id": copied(listed.id)}
    mass.copy("qualification_competencyscore", score.id, number, **own, **qualified)
    return school


def many_insured(region: Region, mass: Mass, number: int, school: School) -> None:
    """The same with the school's certificates and inspections."""
    many_schools(region, mass, number, school=school)
    place, provider = school.establishment.id, school.provider.id
    own = {"provider_id": copied(provider), "establishment_id": copied(place)}
    with acting_as(BOSS):
        held = list(Evidence.objects.filter(establishment_id=place))
        inspected = list(Inspection.objects.filter(establishment_id=place))
    for certificate in held:
        mass.copy("providers_evidence", certificate.id, number, **own)
    for inspection in inspected:
        mass.copy("providers_inspection", inspection.id, number, establishment_id=copied(place))
