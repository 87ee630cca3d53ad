"""The pages of core costs and discounts, as a provider fills them in; and who can invite it."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account
from dps.money import Basis
from dps.tenancy.identity import acting_as
from qualification.core_costs import CostEntry, Driver
from qualification.discounts import DiscountKind, Step
from qualification.models import Cap
from qualification.queries.discounts import steps_of
from qualification.services import applying
from qualification.shipped_costs import SEN_HEADS
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)
PREMISES = CostEntry("premises", 100_00, Basis.WEEK, Driver.ENERGY)
SIBLINGS = DiscountKind.SIBLINGS
QUERIES = 11


@pytest.fixture
def oak(region, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    return make_applying(region)


@pytest.fixture
def sign_in(client):
    def as_actor(actor):
        client.force_login(Account.objects.get(person_id=actor.person_id))
        return client

    return as_actor


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(words.split())


def page(name, one):
    return reverse(f"qualification:{name}", args=[one.id])


def seen_on(response):
    return re.search(r'name="seen" value="(\w*)"', response.content.decode())[1]


def costs(amount="", **others):
    typed = {"seen": ""}
    for head in SEN_HEADS:
        typed |= {f"amount_{head.code}": amount, f"basis_{head.code}": "year"}
    return typed | others


def cap(oak, authority, year_pence):
    with acting_as(BOSS):
        Cap.objects.create(
            category=oak.region.category,
            authority=authority,
            year_pence=year_pence,
            from_date=NOON.date().replace(month=1),
            reason="Benchmarked.",
            made_at=NOON,
        )


def test_lines_stand_under_their_heading_with_what_usually_moves_them(oak, sign_in):
    response = sign_in(oak.head).get(page("core_costs", oak.start()))

    body = response.content.decode()
    assert "Core costs of every place" in body
    usual = re.findall(r'name="driver_(\w+)".*?<option value="(\w+)" selected', body, flags=re.S)
    assert dict(usual) == {head.code: head.driver.value for head in SEN_HEADS}


@pytest.mark.parametrize(
    ("typed", "pence"), [("£100", 100_00), ("£1,234.50", 1_234_50), (" 0.5 ", 50), ("0", 0)]
)
def test_amount_basis_and_driver_are_saved(oak, sign_in, typed, pence):
    application = oak.start()
    given = costs(amount_premises=typed, basis_premises="week", driver_premises="energy")

    saved = sign_in(oak.head).post(page("core_costs", application), given)

    assert saved.headers["Location"] == page("joining", application.joining)
    assert oak.contents(application).entries == (replace(PREMISES, amount_pence=pence),)


def test_totals_and_what_moves_them_are_worked_out_without_scripts(oak, sign_in):
    application = oak.start()
    given = costs(
        amount_premises="£1,000.50", basis_premises="week", amount_central="20", totals="1"
    )

    response = sign_in(oak.head).post(page("core_costs", application), given)

    shown = text_of(response)
    assert response.status_code == 200
    assert "£38,039.00 a year £1,001.03 a week, for 38 weeks a year" in shown
    assert "Premises £38,019 (99.95%)" in shown
    assert oak.contents(application).entries == ()


def test_the_piece_of_the_page_names_what_cannot_be_read(oak, sign_in):
    given = costs(amount_premises="ten", amount_central="20")

    response = sign_in(oak.head).post(page("core_cost_totals", oak.start()), given)

    shown = text_of(response)
    assert "£20.00 a year £0.53 a week" in shown
    assert "Not counted, because we cannot read the amount: Premises." in shown


@pytest.mark.parametrize(
    "typed", ["-1", "NaN", "1e9", "١٢", "10000000", "1.234", "£", "1,2,3", "9" * 5000]
)
def test_a_cost_that_cannot_be_read_is_refused_at_its_field(oak, sign_in, typed):
    application = oak.start()
    oak.put(application, PREMISES)

    response = sign_in(oak.head).post(page("core_costs", application), costs(amount_premises=typed))

    body = response.content.decode()
    assert (response.status_code, 'href="#id_amount_premises"' in body) == (400, True)
    assert f'value="{typed}"' in body
    assert oak.contents(application).entries == (PREMISES,)


def test_a_driver_that_was_not_offered_is_refused_at_its_field(oak, sign_in):
    application = oak.start()
    given = costs("1", driver_premises="luck")

    response = sign_in(oak.head).post(page("core_costs", application), given)

    assert response.status_code == 400
    assert 'href="#id_driver_premises"' in response.content.decode()


def test_costs_that_a_colleague_changed_are_shown_before_they_are_replaced(oak, sign_in):
    href = page("core_costs", oak.start())
    seen = seen_on(sign_in(oak.head).get(href))
    sign_in(oak.writer).post(href, costs("500", seen=seen))

    refused = sign_in(oak.head).post(href, costs("700", seen=seen))

    body = refused.content.decode()
    assert (refused.status_code, "£500.00" in body, 'value="700"' in body) == (409, True, True)
    assert sign_in(oak.head).post(href, costs("700", seen=seen_on(refused))).status_code == 302


@pytest.mark.parametrize(
    ("common", "own", "words"),
    [
        (99_99, 99_99, "With these costs the application fails: they are £0.01 a year above"),
        (100_00, 99_99, "You can join, but West Sussex cannot invite you: your core costs are"),
        (100_00, 100_00, "The cap that all councils share is £100.00 a year. Your core costs are"),
    ],
)
def test_what_the_caps_do_is_told_before_it_is_sent(oak, sign_in, common, own, words):
    application = oak.start()
    cap(oak, None, common)
    cap(oak, oak.region.west, own)

    shown = text_of(
        sign_in(oak.head).post(page("core_cost_totals", application), costs(amount_premises="100"))
    )

    assert words in shown
    assert ("You can join" in shown) == (common == 100_00 and own == 99_99)


def test_costs_of_another_establishment_are_taken_in_one_step(oak, sign_in):
    first, second = oak.start(), oak.start(establishment=oak.another_establishment("Annexe").id)
    oak.put(first, PREMISES)
    client = sign_in(oak.head)
    opened = client.get(page("core_costs", second))
    assert "Oak Trust School, £3,800.00 a year (draft)" in opened.content.decode()

    given = {"source": str(first.id), "seen": seen_on(opened)}
    copied = client.post(page("copy_costs", second), given)

    assert copied.headers["Location"] == page("core_costs", second)
    assert oak.contents(second).entries == (PREMISES,)


def test_only_what_was_offered_can_be_copied(oak, sign_in):
    application = oak.start()
    rival = make_applying(oak.region, "Rival Trust")
    theirs = rival.start()
    rival.put(theirs, PREMISES)

    for source in (str(theirs.id), str(application.id), "", "x"):
        response = sign_in(oak.head).post(page("copy_costs", application), {"source": source})
        assert response.status_code == 400
    assert oak.contents(application).entries == ()


def test_discounts_are_saved_and_stand_on_the_page_of_the_costs(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)
    given = {"siblings_1_children": "2", "siblings_1_percent": "12.5", "seen": ""}

    client.post(page("discounts", application), given)

    with acting_as(BOSS):
        assert steps_of(application.id) == (Step(SIBLINGS, 2, 12_50),)
    shown = text_of(client.get(page("core_costs", application)))
    assert "Brothers and sisters 2 children 12.5%" in shown


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"siblings_1_children": "1"}, "siblings_1_children", "must be 2 or more"),
        ({"siblings_1_children": "2"}, "siblings_1_percent", "Enter the discount, or empty"),
        ({"cohort_2_percent": "5"}, "cohort_2_children", "Enter the number of children"),
        (
            {"cohort_2_percent": "1e2", "cohort_2_children": "4"},
            "cohort_2_percent",
            "must be a number with at most 2 decimal places",
        ),
        (
            {
                "siblings_1_children": "2",
                "siblings_1_percent": "5",
                "siblings_2_children": "3",
                "siblings_2_percent": "4.99",
            },
            "siblings_2_percent",
            "from 3 children on the discount is 4.99%, less than the 5% from 2 children on",
        ),
    ],
)
def test_a_discount_that_cannot_stand_is_refused_at_its_field(oak, sign_in, given, field, words):
    application = oak.start()

    response = sign_in(oak.head).post(page("discounts", application), {"seen": ""} | given)

    body = response.content.decode()
    assert (response.status_code, f'href="#id_{field}"' in body) == (400, True)
    assert words in body
    assert all(f'value="{typed}"' in body for typed in given.values())
    with acting_as(BOSS):
        assert steps_of(application.id) == ()


def test_discounts_that_a_colleague_changed_are_shown_before_they_are_replaced(oak, sign_in):
    href = page("discounts", oak.start())
    typed = {"siblings_1_children": "2", "siblings_1_percent": "5"}
    seen = seen_on(sign_in(oak.head).get(href))
    sign_in(oak.writer).post(href, typed | {"siblings_1_percent": "9", "seen": seen})

    refused = sign_in(oak.head).post(href, typed | {"seen": seen})

    assert (refused.status_code, "9%" in text_of(refused)) == (409, True)
    assert sign_in(oak.head).post(href, typed | {"seen": seen_on(refused)}).status_code == 302


def test_what_was_sent_and_what_is_others_is_not_changed_by_page(oak, sign_in):
    sent = oak.submitted()
    client = sign_in(oak.head)
    for name in ("core_costs", "discounts"):
        assert client.get(page(name, sent)).headers["Location"] == page("application", sent)
    offered = {"siblings_1_children": "2", "siblings_1_percent": "5", "seen": ""}
    assert client.post(page("discounts", sent), offered).status_code == 409
    assert client.post(page("core_costs", sent), costs("1")).status_code == 409

    rival = sign_in(make_applying(oak.region, "Rival Trust").head)
    for name in ("core_costs", "discounts"):
        assert rival.get(page(name, sent)).status_code == 404
    for name in ("core_costs", "core_cost_totals", "copy_costs", "discounts"):
        assert rival.post(page(name, sent), {}).status_code == 404
    assert rival.get(page("invitable", oak.establishment)).status_code == 404


def test_a_provider_sees_which_council_cannot_invite_it_and_why(oak, sign_in):
    oak.decided()
    cap(oak, oak.region.west, 45_000_00 - 1)
    cap(oak, oak.region.east, 45_000_00)

    shown = text_of(sign_in(oak.writer).get(page("invitable", oak.establishment)))

    assert "Your core costs come to £45,000.00 a year." in shown
    assert "East Sussex Yes Its cap is £45,000.00 a year" in shown
    assert "West Sussex No Your core costs are £0.01 a year above its cap of £44,999.99" in shown


def test_who_can_invite_is_for_providers_alone(oak, sign_in):
    council = make_person(Role.COMMISSIONER, authority=oak.region.west)

    response = sign_in(council).get(page("invitable", oak.establishment))

    assert response.status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_with_one_and_with_three_to_copy_from(
    oak, sign_in, number, django_assert_max_num_queries
):
    application = oak.start()
    for extra in range(number):
        oak.put(oak.start(establishment=oak.another_establishment(f"House {extra}").id), PREMISES)
    client = sign_in(oak.head)
    client.get(page("core_costs", application))

    with django_assert_max_num_queries(QUERIES) as captured:
        client.get(page("core_costs", application))

    assert len(captured) == QUERIES


def test_officers_read_the_discounts_beside_the_costs(oak, sign_in):
    application = oak.start()
    client = sign_in(oak.head)
    given = {"siblings_1_children": "3", "siblings_1_percent": "7.25", "seen": ""}
    client.post(page("discounts", application), given)
    oak.complete(application)
    with acting_as(oak.head):
        applying.submit_application(application_id=application.id, actor=oak.head, now=NOON)

    shown = text_of(sign_in(oak.officer).get(page("review", application)))

    assert "Brothers and sisters 3 children 7.25%" in shown
    assert "Assessment of suitability £1,000.00 Year Pay" in shown
