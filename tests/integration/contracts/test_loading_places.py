"""The demo's schools say their places as a provider does: dated, and on record."""

from contracts.loading.directory import claim_real
from contracts.loading.story import Story
from dps.actors import REGION_ID, Role, system
from dps.demo.real_schools import qualified_real_schools
from dps.models import AuditEvent
from dps.tenancy.identity import acting_as
from providers.models import Establishment
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_establishment


def test_a_real_schools_places_are_said_on_the_day_and_in_the_trail(region, monkeypatch):
    school = qualified_real_schools()[0]
    monkeypatch.setattr("contracts.loading.directory.qualified_real_schools", lambda: [school])
    place = make_establishment(urn=school.urn)
    story = Story(now=NOON, say=print)
    officer = make_person(Role.CONTRACTS_OFFICER, authority=region.west)
    story.people["central", Role.CONTRACTS_OFFICER] = [officer]

    claim_real(story)

    said = Establishment.objects.get(pk=place.pk)
    expected = (school.places, school.vacancies, NOON)
    assert (said.places, said.vacancies, said.places_said_at) == expected
    with acting_as(system(REGION_ID)):
        event = AuditEvent.objects.get(action="establishment.places_said")
        assert (event.at, event.subject_id) == (NOON, str(place.pk))
