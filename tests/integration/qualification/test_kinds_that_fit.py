"""Who applies in a category whose register is not that of its kind is told before it starts."""

import pytest

from dps.actors import REGION_ID, system
from dps.tenancy.identity import acting_as
from providers.models import Establishment
from qualification.kinds import KindDoesNotFit
from qualification.models import Application
from tests.factories.qualification import make_applying
from tests.integration.qualification.reading import page, text_of

BOSS = system(REGION_ID)


@pytest.fixture
def oak(region):
    return make_applying(region)


def of_kind(oak, name, kind):
    made = oak.another_establishment(name)
    with acting_as(BOSS):
        Establishment.objects.filter(pk=made.pk).update(kind=kind)
    return made


def choice(oak, *establishments, **more):
    return {
        "establishments": [str(each.id) for each in establishments],
        "categories": [str(oak.region.category.id)],
    } | more


def started():
    with acting_as(BOSS):
        return Application.objects.count()


def test_a_provider_of_schools_alone_reads_nothing_of_it(oak, sign_in):
    shown = text_of(sign_in(oak.head).get(page("start")))

    assert "Only for establishments" not in shown


def test_a_home_in_a_category_of_schools_is_told_and_may_go_on(oak, sign_in):
    home = of_kind(oak, "Tern House", "childrens_home")
    client = sign_in(oak.head)

    shown = text_of(client.get(page("start")))
    stopped = client.post(page("start"), choice(oak, oak.establishment, home))
    words = text_of(stopped)

    assert "Only for establishments that are registered as a school" in shown
    assert "Tern House Children’s home" in shown
    assert (stopped.status_code, started()) == (400, 0)
    assert (
        "Tern House is on our list as “Children’s home”, and “SEN day” is only for what is"
        " registered as a school. Take it out of what you select, or tick this box if it is"
        " registered there as well" in words
    )
    assert 'href="#id_is_registered_twice"' in stopped.content.decode()
    assert f'value="{home.id}" checked' in stopped.content.decode()

    given = choice(oak, oak.establishment, home, is_registered_twice="on")
    assert (client.post(page("start"), given).status_code, started()) == (302, 2)


def test_an_agency_in_a_category_of_schools_is_refused(oak, sign_in):
    agency = of_kind(oak, "Tern Fostering", "fostering_agency")

    response = sign_in(oak.head).post(page("start"), choice(oak, agency, is_registered_twice="on"))

    assert (response.status_code, started()) == (400, 0)
    assert "“SEN day” is only for what is registered as a school. Take it out" in text_of(response)
    with pytest.raises(KindDoesNotFit):
        oak.start(establishment=agency.id)
