"""Forty establishments in three categories: the same few queries as for one, and a page of use."""

import re
from datetime import date

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.models import Account, Category
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Inspection
from qualification.models import Application, Question
from qualification.places import Place
from qualification.queries.progress import followed, progress_of_all
from qualification.services import applying, setting_up
from qualification.stage_one import Result
from tests.factories.kernel import NOON
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
MOST = 12


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


def text_of(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(words.split())


def three_categories(oak):
    codes = (("residential-care", "Residential care"), ("foster-care", "Foster care"))
    with acting_as(BOSS):
        made = [
            Category.objects.create(
                market=oak.region.category.market, code=code, service=name, name=name, position=n
            )
            for n, (code, name) in enumerate(codes, 1)
        ]
        for each in made:
            setting_up.install_rules(
                category=each, from_date=date(2026, 1, 1), actor=BOSS, now=NOON
            )
    return [oak.region.category, *made]


def apply_for(oak, homes, categories):
    establishments = [oak.another_establishment(f"Oak House {n:02}") for n in range(homes)]
    with acting_as(oak.head):
        joining = applying.start_joining(actor=oak.head, now=NOON)
        wanted = [Place(one.id, each.id) for one in establishments for each in categories]
        applying.add_applications(joining_id=joining.id, wanted=wanted, actor=oak.head, now=NOON)
    return joining


@pytest.mark.parametrize("homes", [1, 40])
def test_all_of_it_at_a_glance_in_twelve_queries(oak, client, homes, django_assert_max_num_queries):
    categories = three_categories(oak)[: 1 if homes == 1 else 3]
    joining = apply_for(oak, homes, categories)
    client.force_login(Account.objects.get(person_id=oak.head.person_id))
    here = reverse("qualification:joining", args=[joining.id])
    client.get(here)

    with django_assert_max_num_queries(MOST) as captured:
        response = client.get(here)

    assert response.status_code == 200
    assert len(captured) < MOST
    rows = response.content.decode().count('scope="row"')
    assert rows == min(homes * len(categories), 25)


def test_the_table_is_narrowed_and_paged(oak, client):
    categories = three_categories(oak)
    joining = apply_for(oak, 12, categories)
    client.force_login(Account.objects.get(person_id=oak.head.person_id))
    here = reverse("qualification:joining", args=[joining.id])
    with acting_as(BOSS):
        some = Application.objects.filter(joining=joining, establishment__name="Oak House 03")
        some.update(state="withdrawn", submitted_at=NOON, submitted_by_id=oak.head.person_id)

    def names(query):
        shown = client.get(here + query)
        return re.findall(r'scope="row".*?>(Oak House \d+)<', shown.content.decode())

    assert len(names("")) == 25
    assert len(names("?page=2")) == 11
    assert len(names(f"?category={categories[1].id}")) == 12
    assert names("?q=house 07") == ["Oak House 07"] * 3
    assert names("?state=withdrawn") == ["Oak House 03"] * 3
    assert len(names(f"?missing=on&category={categories[0].id}")) == 11
    assert names("?q=nothing") == []
    assert "Nothing fits the filter" in text_of(client.get(here + "?q=nothing"))
    assert client.get(here + "?category=x&page=zzz").status_code == 200


def test_a_question_shared_by_categories_says_so_and_is_answered_once(oak, client):
    joining = apply_for(oak, 3, three_categories(oak))
    client.force_login(Account.objects.get(person_id=oak.head.person_id))
    here = reverse("qualification:joining", args=[joining.id])

    shown = text_of(client.get(here))

    assert "3 establishments for SEN day, Residential care and Foster care." in shown
    assert "Inspection result For SEN day, Residential care and Foster care, 3 est" in shown


def inspect(name, result):
    with acting_as(BOSS):
        place = Establishment.objects.get(name=name)
        Inspection.objects.create(
            establishment=place,
            inspector="Ofsted",
            scale="ofsted_social_care",
            result=result,
            inspected_on=date(2026, 9, 1),
            recorded_at=NOON,
        )
    return place


def say(oak, joining, text, place=None):
    with acting_as(oak.head):
        applying.answer(
            joining_id=joining.id,
            question_id=Question.objects.get(code="inspection").id,
            establishment_id=place.id if place else None,
            passes=True,
            text=text,
            actor=oak.head,
            now=NOON,
        )


def inspection_results(oak, joining):
    """By establishment, what stage 1 says of the inspection."""
    with acting_as(oak.head):
        rows = followed(joining.id).order_by("establishment__name")
        return {
            each.application.establishment.name: next(
                part.finding.result for part in each.progress.parts if part.code == "inspection"
            )
            for each in progress_of_all(rows, NOON.date())
        }


def test_a_note_beside_a_common_answer_excuses_no_home_that_fails(oak):
    joining = apply_for(oak, 3, [oak.region.category])
    inspect("Oak House 00", "good")
    inspect("Oak House 01", "inadequate")
    other = inspect("Oak House 02", "inadequate")
    say(oak, joining, "One of them is good since June.")
    together = inspection_results(oak, joining)

    say(oak, joining, "This one is good since June.", place=other)

    assert list(together.values()) == [Result.PASSES, Result.FAILS, Result.FAILS]
    assert list(inspection_results(oak, joining).values()) == [
        Result.PASSES,
        Result.FAILS,
        Result.LOOK_AT,
    ]


def test_the_common_answer_of_one_home_alone_is_its_own(oak):
    joining = apply_for(oak, 1, three_categories(oak))
    inspect("Oak House 00", "inadequate")
    say(oak, joining, "It is good since June.")

    assert inspection_results(oak, joining) == {"Oak House 00": Result.LOOK_AT}
