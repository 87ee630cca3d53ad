"""The DPS manager's pages: markets, windows, versions of rules, inspection rules."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, Role, system
from dps.models import Account, EntryWindow, Market, MarketChange
from dps.tenancy.identity import acting_as
from providers.models import Inspection
from qualification.models import Criterion, InspectionRule, RuleSet
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying
from tests.integration.qualification.market_pages import errors_of, in_days, text_of, typed

BOSS = system(REGION_ID)
MARKET = "south-east-dps"


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


@pytest.fixture
def manager(region):
    return make_person(Role.DPS_MANAGER, authority=region.west)


@pytest.fixture
def browser(oak, manager, sign_in):
    return sign_in(manager)


def page(name, *ids):
    return reverse(f"qualification:{name}", args=ids)


@pytest.fixture
def draft(browser):
    browser.post(page("draft_rules", "sen-day"))
    with acting_as(BOSS):
        return RuleSet.objects.get(published_at__isnull=True)


def criterion(rules, code):
    with acting_as(BOSS):
        return Criterion.objects.get(rule_set=rules, question__code=code).pk


def market():
    with acting_as(BOSS):
        return Market.objects.get(code=MARKET)


def test_every_page_opens(browser, draft):
    question = criterion(draft, "workforce")
    with acting_as(BOSS):
        head = draft.heads.first()
    for address in (
        page("markets"),
        page("market", MARKET),
        *(page(f"change_{what}", MARKET) for what in ("extend", "shorten", "end", "ceiling")),
        page("new_window", MARKET),
        page("category_rules", "sen-day"),
        *(
            page(name, draft.pk)
            for name in (
                "rule_set",
                "preview_rules",
                "publish_rules",
                "discard_rules",
                "rule_weights",
                "new_rule_question",
                "new_rule_cost_line",
            )
        ),
        page("rule_question", question),
        page("rule_evidence", question),
        page("rule_cost_line", head.pk),
        page("inspection_rules"),
        page("new_inspection_rule", "ofsted_report_card"),
    ):
        response = browser.get(address)
        assert response.status_code == 200, address
        assert response.content.count(b"<h1") == 1, address


def test_readers_see_and_change_nothing(oak, draft, sign_in):
    reader = make_person(Role.AUTHORITY_ADMINISTRATOR, authority=oak.region.east)
    browser = sign_in(reader)

    assert browser.get(page("market", MARKET)).status_code == 200
    assert "Change" not in text_of(browser.get(page("rule_set", draft.pk)))
    for address in (
        page("change_end", MARKET),
        page("rule_weights", draft.pk),
        page("publish_rules", draft.pk),
        page("new_inspection_rule", "isi_framework"),
    ):
        assert browser.get(address).status_code == 403
        assert browser.post(address).status_code == 403
    assert sign_in(oak.head).get(page("markets")).status_code == 403


def test_a_ceiling_is_changed_with_its_notice(browser):
    response = browser.post(
        page("change_ceiling", MARKET), {"ceiling": "£250,000,000", "reason": "More categories"}
    )

    assert response["Location"] == page("market", MARKET)
    words = text_of(browser.get(page("market", MARKET)))
    assert "£250,000,000" in words
    assert (
        "From None to £250,000,000. More categories"
        " Publish: Contract notice with the changed terms." in words
    )


@pytest.mark.parametrize(
    ("typed_as", "message"),
    [
        ("NaN", "New value ceiling must be an amount in pounds, like 1250 or 1250.50"),
        ("١٢٣", "New value ceiling must be an amount in pounds, like 1250 or 1250.50"),
        ("-5", "New value ceiling must be an amount in pounds, like 1250 or 1250.50"),
        ("1e9", "New value ceiling must be an amount in pounds, like 1250 or 1250.50"),
        ("0", "New value ceiling must be £0.01 or more"),
        ("99999999999999", "New value ceiling must be £99,999,999,999 or less"),
    ],
)
def test_what_is_no_amount_is_said_at_the_field(browser, typed_as, message):
    response = browser.post(page("change_ceiling", MARKET), {"ceiling": typed_as, "reason": "Why"})

    assert response.status_code == 400
    assert errors_of(response) == [f"Error: {message}"]
    assert typed_as in response.content.decode()
    assert market().ceiling_pence is None


def test_a_saved_system_cannot_run_past_its_law(browser):
    with acting_as(BOSS):
        Market.objects.update(extension_months=24)
    given = typed("ends_on", date(2029, 6, 30)) | {"reason": "It works"}
    response = browser.post(page("change_extend", MARKET), given)

    assert response.status_code == 409
    assert errors_of(response) == []
    assert "it must end by 23 February 2029" in text_of(response)
    assert "It works" in text_of(response)
    assert market().ends_on == date(2029, 2, 22)


def test_an_extension_uses_what_the_notice_allows(browser):
    with acting_as(BOSS):
        Market.objects.update(ends_on=date(2028, 1, 31), extension_months=6)
    given = {"reason": "It works"}
    late = browser.post(page("change_extend", MARKET), given | typed("ends_on", date(2028, 8, 1)))
    browser.post(page("change_extend", MARKET), given | typed("ends_on", date(2028, 4, 30)))

    assert errors_of(late) == ["Error: The market’s notice allows 6 more months"]
    assert (market().ends_on, market().extension_months) == (date(2028, 4, 30), 3)


def test_a_market_is_shortened_and_then_ended(browser):
    day = in_days(90)
    with acting_as(BOSS):
        EntryWindow.objects.create(
            market=market(), opens_on=date(2025, 1, 1), closes_on=in_days(200), made_at=NOON
        )
        EntryWindow.objects.create(market=market(), opens_on=in_days(201), made_at=NOON)
    browser.post(page("change_shorten", MARKET), typed("ends_on", day) | {"reason": "New law"})
    with acting_as(BOSS):
        windows = list(EntryWindow.objects.values_list("opens_on", "closes_on"))
    assert (market().ends_on, windows) == (day, [(date(2025, 1, 1), day)])

    browser.post(page("change_end", MARKET), {"reason": "New law"})
    with acting_as(BOSS):
        kinds = list(MarketChange.objects.order_by("made_at").values_list("kind", flat=True))
    assert (market().ends_on, kinds) == (in_days(0), ["shortened", "ended"])


def test_entry_cannot_be_closed_where_the_law_keeps_it_open(browser):
    given = typed("opens_on", date(2025, 1, 1)) | typed("closes_on", in_days(30))
    response = browser.post(page("new_window", MARKET), given | {"note": "Spring"})

    assert response.status_code == 409
    [message] = errors_of(response)
    assert message.startswith("Error: The system stays open to new providers as long as it lasts")
    assert "Spring" in response.content.decode()
    with acting_as(BOSS):
        assert not EntryWindow.objects.exists()


def test_a_window_is_set_and_its_questions_end_sooner(browser):
    browser.post(page("new_window", MARKET), typed("opens_on", date(2025, 1, 1)))
    with acting_as(BOSS):
        window = EntryWindow.objects.get()
    given = typed("opens_on", date(2025, 1, 1)) | typed("questions_until", in_days(10))
    browser.post(page("window", window.pk), given | {"note": "First round"})

    with acting_as(BOSS):
        window.refresh_from_db()
    assert (window.closes_on, window.questions_until, window.note) == (
        None,
        in_days(10),
        "First round",
    )
    moved = typed("opens_on", date(2025, 2, 1))
    assert errors_of(browser.post(page("window", window.pk), moved)) == [
        "Error: The window is open already: its first day stays"
    ]


def test_weights_of_99_99_are_said_at_the_field_and_kept(browser, draft):
    given = {
        "weight_workforce": "30",
        "weight_outcomes": "30",
        "weight_contract_management": "25",
        "weight_young_people": "14.99",
    }
    response = browser.post(page("rule_weights", draft.pk), given)

    assert response.status_code == 400
    assert errors_of(response) == [
        "Error: The weights add up to 99.99. They must add up to 100.00: 0.01 more"
    ]
    for weight in given.values():
        assert f'value="{weight}"' in response.content.decode()
    browser.post(page("rule_weights", draft.pk), given | {"weight_young_people": "15"})
    assert browser.post(page("rule_weights", draft.pk), given).status_code == 400


@pytest.mark.parametrize("typed_as", ["NaN", "-1", "١٥", "1e9", "15.001", "", "101"])
def test_a_weight_that_is_no_number_is_said_at_its_field(browser, draft, typed_as):
    given = {
        "weight_workforce": "30",
        "weight_outcomes": "30",
        "weight_contract_management": "25",
        "weight_young_people": typed_as,
    }
    response = browser.post(page("rule_weights", draft.pk), given)

    assert (response.status_code, len(errors_of(response))) == (400, 1)


def test_a_version_is_written_previewed_and_published(browser, draft):
    browser.post(
        page("rule_question", criterion(draft, "outcomes")),
        {
            "title": "Outcomes",
            "text": "How do you measure what each child achieves?",
            "kind": "statement",
            "stage": "2",
            "word_limit": "350",
            "graded_by": "evaluators",
            "topics": "Health\r\n\r\nLearning",
        },
    )
    words = text_of(browser.get(page("preview_rules", draft.pk)))
    assert "How do you measure what each child achieves?" in words
    assert "Health Learning" in words
    hub = text_of(browser.get(page("rule_set", draft.pk)))
    assert "What differs from version 1" in hub
    assert "Word limit 400 350" in hub

    late = typed("from_date", in_days(-1)) | {"change": "Shorter answers"}
    response = browser.post(page("publish_rules", draft.pk), late)
    assert (response.status_code, len(errors_of(response))) == (409, 1)
    assert "Shorter answers" in response.content.decode()
    response = browser.post(page("publish_rules", draft.pk), late | typed("from_date", in_days(30)))
    assert response["Location"] == page("category_rules", "sen-day")
    assert "Shorter answers" in text_of(browser.get(page("category_rules", "sen-day")))
    assert browser.get(page("rule_weights", draft.pk)).status_code == 409
    assert browser.post(page("discard_rules", draft.pk)).status_code == 409


def test_a_residential_cost_line_says_of_which_places_it_is(oak, browser, draft):
    here = page("new_rule_cost_line", draft.pk)
    assert 'name="stay"' not in browser.get(here).content.decode()
    with acting_as(BOSS):
        oak.region.category.is_residential = True
        oak.region.category.save(update_fields=["is_residential"])
    given = {"title": "Weekends", "driver": "pay", "stay": "terms"}

    unnamed = browser.post(here, given)
    done = browser.post(here, given | {"schedule": "Weekly and termly"})

    assert errors_of(unnamed) == ["Error: Enter the heading of the residential schedule"]
    assert done.status_code == 302
    with acting_as(BOSS):
        line = draft.heads.get(title="Weekends")
    assert (line.stay, line.is_optional) == ("terms", True)


def test_a_draft_that_changes_nothing_has_no_button(browser, draft):
    shown = browser.get(page("rule_set", draft.pk))
    publish = browser.get(page("publish_rules", draft.pk))

    assert "It asks exactly what the version before it asks." in text_of(shown)
    assert page("publish_rules", draft.pk) not in shown.content.decode()
    assert "<form" not in publish.content.decode().partition("<main")[2]
    assert "Go on with the draft" in text_of(publish)


def test_a_statement_without_a_limit_is_refused_at_the_field(browser, draft):
    response = browser.post(
        page("new_rule_question", draft.pk),
        {"title": "Music", "text": "What do you sing?", "kind": "statement", "stage": "1"},
    )

    assert response.status_code == 400
    assert errors_of(response) == [
        "Error: A method statement is asked at stage 2",
        "Error: Enter the word limit of the method statement",
    ]


def test_a_draft_that_changes_conditions_says_that_it_is_forbidden(browser, draft):
    question = criterion(draft, "insurances")
    given = {"public_liability_asked": "required", "public_liability_sum": "£5,000,000"}
    browser.post(page("rule_evidence", question), given)

    words = text_of(browser.get(page("rule_set", draft.pk)))
    assert "It cannot be published yet." in words
    assert "“Insurances” wants other evidence." in words
    browser.post(page("drop_rule_question", question))
    assert "“Insurances” is not asked any more." in text_of(browser.get(page("rule_set", draft.pk)))


def test_a_new_inspection_rule_is_looked_at_first(oak, browser):
    oak.decided()
    with acting_as(BOSS):
        Inspection.objects.create(
            establishment=oak.establishment,
            inspector="Ofsted",
            scale="ofsted_overall_grade",
            result="requires improvement",
            inspected_on=date(2025, 5, 6),
            recorded_at=NOON,
        )
    given = typed("from_date", in_days(30)) | {
        "area_0": ["outstanding", "good"],
        "reason": "The Board decided",
        "do": "look",
    }
    address = page("new_inspection_rule", "ofsted_overall_grade")
    words = text_of(browser.post(address, given))

    assert "1 would newly fail and 0 would newly pass" in words
    assert "West Sussex 1 0" in words
    assert "Oak Trust School requires improvement, 6 May 2025" in words
    with acting_as(BOSS):
        assert InspectionRule.objects.filter(scale="ofsted_overall_grade").count() == 1
    browser.post(address, given | {"do": "make"})
    with acting_as(BOSS):
        old, new = InspectionRule.objects.filter(scale="ofsted_overall_grade").order_by("from_date")
    assert (old.until_date, new.from_date) == (in_days(30), in_days(30))
    assert new.requirements[0]["accepted"] == ["good", "outstanding"]


def test_an_inspection_rule_speaks_its_own_language_alone(browser):
    address = page("new_inspection_rule", "ofsted_report_card")
    given = typed("from_date", in_days(30)) | {"reason": "Why", "do": "make"}
    wrong = browser.post(address, given | {"others": ["good"]})
    none = browser.post(address, given)

    assert errors_of(wrong) == ["Error: Select one of the answers given"]
    assert errors_of(none) == ["Error: Tick at least one judgement that passes"]
    assert browser.get(page("new_inspection_rule", "no-such-scale")).status_code == 404
    past = browser.post(address, given | typed("from_date", in_days(-1)) | {"area_0": ["met"]})
    assert (past.status_code, len(errors_of(past))) == (409, 1)


@pytest.mark.parametrize("more", [0, 2])
def test_lists_ask_the_database_as_often_for_three_as_for_one(
    browser, draft, more, django_assert_max_num_queries
):
    with acting_as(BOSS):
        for number in range(more):
            EntryWindow.objects.create(
                market=market(),
                opens_on=date(2025, 1, 1) + timedelta(days=number),
                closes_on=date(2025, 1, 1) + timedelta(days=number),
                made_at=NOON,
            )
    for address in (page("markets"), page("market", MARKET), page("rule_set", draft.pk)):
        with django_assert_max_num_queries(12):
            browser.get(address)
