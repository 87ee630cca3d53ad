"""What everybody may read without an account: how to join, what is asked, what passes."""

from datetime import date

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Category, EntryWindow, Market
from dps.tenancy.identity import acting_as
from qualification.models import Cap, InspectionRule, RuleSet
from qualification.services import rule_questions, rule_sets, setting_up
from qualification.shipped import CATEGORIES
from tests.factories.kernel import NOON, make_person
from tests.integration.qualification.market_pages import in_days, text_of, today

BOSS = system(REGION_ID)
JOIN = reverse("qualification:how_to_join")
PASSES = reverse("qualification:what_passes")


@pytest.fixture
def published(region):
    """All five categories, with the rules that are shipped."""
    with acting_as(BOSS):
        for position, each in enumerate(CATEGORIES):
            category, _ = Category.objects.get_or_create(
                code=each.code,
                defaults={
                    "market": region.category.market,
                    "service": each.service,
                    "name": each.name,
                    "position": position,
                },
            )
            setting_up.install_rules(
                category=category, from_date=date(2026, 1, 1), actor=BOSS, now=NOON
            )
    return region


def criteria(code):
    return reverse("qualification:criteria", args=[code])


def test_how_to_join_leads_everywhere(published, client):
    response = client.get(JOIN)
    page = response.content.decode()

    assert response.status_code == 200
    for address in (
        *(criteria(each.code) for each in CATEGORIES),
        PASSES,
        reverse("providers:register"),
        reverse("providers:directory"),
        reverse("contracts:published"),
    ):
        assert f'href="{address}"' in page
    assert "Applications are taken at any time." in text_of(response)
    assert f'href="{JOIN}"' in client.get("/").content.decode()


def test_the_windows_say_when(published, client):
    market = published.category.market
    with acting_as(BOSS):
        for opens, closes, until in (
            (date(2025, 1, 1), date(2025, 3, 31), None),
            (date(2025, 4, 1), in_days(10), in_days(3)),
            (in_days(11), None, None),
        ):
            EntryWindow.objects.create(
                market=market,
                opens_on=opens,
                closes_on=closes,
                questions_until=until,
                made_at=NOON,
            )
    words = text_of(client.get(JOIN))

    assert "31 March 2025" not in words
    assert "Open now From 1 April 2025 to" in words
    assert "Ask questions until" in words
    assert "Opens later From" in words
    with acting_as(BOSS):
        Market.objects.update(starts_on=date(2020, 1, 1), ends_on=in_days(-1))
    assert "No market is open at present." in text_of(client.get(JOIN))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "sen-day",
            (
                "Public liability insurance of £10,000,000 or more",
                "Workforce 30 400 Evaluators",
                "The young people’s question 15 300 The young people’s panel",
                "Somebody who shows me round",
                "5, excellent.",
            ),
        ),
        ("foster-care", ("Foster carers and those who support them 35 400",)),
        (
            "alternative-education",
            (
                "Public liability insurance of £5,000,000 or more",
                "Has a council checked the setting in the last 12 months",
                "The way back to learning 35 400",
            ),
        ),
    ],
)
def test_a_category_says_all_that_is_asked(published, client, code, said):
    response = client.get(criteria(code))
    words = text_of(response)

    assert response.content.count(b"<h1") == 1
    for each in said:
        assert each in words
    assert "Caps on core costs" not in words


def test_caps_and_the_next_version_stand_on_the_page(published, client):
    manager = make_person(Role.DPS_MANAGER, authority=published.west)
    with acting_as(BOSS):
        for authority, pence in ((None, 75_000_00), (published.east, 60_000_00)):
            Cap.objects.create(
                category=published.category,
                authority=authority,
                year_pence=pence,
                from_date=today(),
                reason="As benchmarked",
                made_at=NOON,
            )
    with acting_as(manager):
        draft = rule_sets.draft_rule_set(category_id=published.category.pk, actor=manager, now=NOON)
        first = draft.heads.first()
        rule_questions.save_cost_line(
            rule_set_id=draft.pk,
            head_id=first.pk,
            words=rule_questions.CostLineWords("Assessment of needs"),
            actor=manager,
            now=NOON,
        )
        rule_sets.publish_rule_set(
            rule_set_id=draft.pk,
            from_date=in_days(30),
            change="Nothing but the number.",
            actor=manager,
            now=NOON,
        )
    words = text_of(client.get(criteria("sen-day")))

    assert "Version 1, in force from 1 January 2026." in words
    assert "Nothing but the number. Read version 2" in words
    assert "All councils £75,000" in words
    assert "East Sussex £60,000" in words
    later = text_of(client.get(criteria("sen-day"), {"next": "1"}))
    assert "Version 2, in force from" in later


def test_a_draft_is_nobody_s_to_read_and_what_is_not_published_is_not_there(region, client):
    assert client.get(criteria("sen-day")).status_code == 404
    with acting_as(BOSS):
        RuleSet.objects.create(category=region.category, number=1, made_at=NOON)
    assert client.get(criteria("sen-day")).status_code == 404
    assert client.get(criteria("no-such-category")).status_code == 404
    assert "Nothing is published yet" in text_of(client.get(JOIN))


def test_what_passes_is_said_for_every_scheme(published, client):
    words = text_of(client.get(PASSES))

    assert "Overall effectiveness is “outstanding”, “good” or “requires improvement”." in words
    assert "The result is less than 12 months old." in words
    assert "An officer reads each result." not in words
    with acting_as(BOSS):
        InspectionRule.objects.filter(scale="isi_framework").update(until_date=today())
    assert "An officer reads each result." in text_of(client.get(PASSES))


@pytest.mark.parametrize("number", [1, 5])
def test_pages_ask_as_often_for_five_categories_as_for_one(
    region, client, number, django_assert_max_num_queries
):
    with acting_as(BOSS):
        for each in CATEGORIES[:number]:
            category, _ = Category.objects.get_or_create(
                code=each.code,
                defaults={
                    "market": region.category.market,
                    "service": each.service,
                    "name": each.name,
                },
            )
            setting_up.install_rules(
                category=category, from_date=date(2026, 1, 1), actor=BOSS, now=NOON
            )
    for address in (JOIN, criteria("sen-day"), PASSES):
        with django_assert_max_num_queries(12):
            client.get(address)
