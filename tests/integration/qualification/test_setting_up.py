"""The market, its categories and rules; what the directory is told; the outcome letter."""

from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest

from dps.actors import REGION_ID, Role, public, system
from dps.models import Adoption, Category, Document, Market, Message, WeightTemplate
from dps.outbox import relay
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from qualification import shipped
from qualification.models import Criterion, EvidenceRule, InspectionRule, Question, RuleSet
from qualification.presenters import establishment_facts
from qualification.queries.inspection_rules import inspection_rules
from qualification.queries.rules import criteria_of
from qualification.scoring import SHIPPED_RULES, Scale
from qualification.services import setting_up, suspending
from qualification.services.letters import make_outcome_letter
from tests.factories.kernel import NOON, make_person
from tests.factories.qualification import make_applying

BOSS = system(REGION_ID)


def test_make_categories_sets_up_the_market_once(region):
    with acting_as(BOSS):
        Adoption.objects.all().delete()
        Category.objects.all().delete()
        Market.objects.all().delete()
        made = setting_up.make_categories(actor=BOSS, now=NOON)
        weights = WeightTemplate.objects.filter(category__code="sen-day").get()
        with pytest.raises(setting_up.MarketAlreadySetUp):
            setting_up.make_categories(actor=BOSS, now=NOON)

    assert [each.code for each in made] == [
        "sen-day",
        "sen-residential",
        "foster-care",
        "residential-care",
        "alternative-education",
    ]
    assert [each.offers_choice for each in made] == [True, True, False, False, False]
    assert (weights.price, weights.core_competency, weights.location) == (50, 20, 5)


def test_a_category_is_adopted_once_a_day(region):
    with acting_as(BOSS):
        for _ in range(2):
            setting_up.adopt_category(
                authority_id=region.west.id,
                category=region.category,
                from_date=date(2026, 3, 1),
                actor=BOSS,
                now=NOON,
            )
        assert Adoption.objects.filter(from_date=date(2026, 3, 1)).count() == 1


def test_rules_are_installed_once(region):
    day = date(2026, 1, 1)
    with acting_as(BOSS):
        rules = setting_up.install_rules(
            category=region.category, from_date=day, actor=BOSS, now=NOON
        )
        with pytest.raises(setting_up.RulesAlreadySet):
            setting_up.install_rules(
                category=region.category, from_date=date(2026, 6, 1), actor=BOSS, now=NOON
            )
        codes = [each.code for each in criteria_of([rules.pk])[rules.pk]]

    assert (rules.number, rules.from_date, rules.is_published) == (1, day, True)
    assert codes == [
        "exclusions",
        "registration",
        "inspection",
        "financial_standing",
        "insurances",
        "law",
        "safeguarding",
        "data_protection",
        "social_value",
        "workforce",
        "outcomes",
        "contract_management",
        "young_people",
    ]


def test_all_five_categories_have_rules_and_share_their_questions(region):
    with acting_as(BOSS):
        for each in shipped.CATEGORIES:
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
        totals = {
            rules.category.code: sum(each.weight for each in rules.criteria.all())
            for rules in RuleSet.objects.select_related("category")
        }
        asked = Question.objects.count(), Criterion.objects.count()
        schemes = set(InspectionRule.objects.values_list("scale", flat=True))
        sums = {
            (each.criterion.rule_set.category.code, each.kind): each.least_sum_pence
            for each in EvidenceRule.objects.filter(kind="public_liability").select_related(
                "criterion__rule_set__category"
            )
        }

    assert totals == dict.fromkeys((each.code for each in shipped.CATEGORIES), 100_00)
    assert asked[0] < asked[1] // 2
    assert schemes == {scale.value for scale in Scale}
    assert inspection_rules_as(BOSS) == {
        replace(rule, in_force_until=None) for rule in SHIPPED_RULES.values()
    }
    assert sums["sen-day", "public_liability"] == 10_000_000_00
    assert sums["alternative-education", "public_liability"] == 5_000_000_00


def inspection_rules_as(actor):
    with acting_as(actor):
        return set(inspection_rules())


def test_a_category_without_shipped_rules_gets_none(region):
    with acting_as(BOSS):
        other = Category.objects.create(
            market=region.category.market, code="secure-homes", service="Secure", name="S"
        )
        with pytest.raises(setting_up.NoRulesShipped):
            setting_up.install_rules(
                category=other, from_date=date(2026, 1, 1), actor=BOSS, now=NOON
            )
        assert not Criterion.objects.exists()


def test_nobody_but_the_dps_manager_and_the_system_sets_up(region):
    officer = make_person(Role.SENIOR_CONTRACTS_OFFICER, authority=region.west)
    given = {"actor": officer, "now": NOON}

    with acting_as(officer):
        with pytest.raises(NotPermitted):
            setting_up.make_categories(**given)
        with pytest.raises(NotPermitted):
            setting_up.install_rules(category=region.category, from_date=date(2026, 1, 1), **given)
        with pytest.raises(NotPermitted):
            setting_up.adopt_category(
                authority_id=region.west.id,
                category=region.category,
                from_date=date(2026, 1, 1),
                **given,
            )


def told(oak, actor):
    with acting_as(actor):
        found = establishment_facts.facts([oak.establishment.id], actor)
    return [
        (fact.label, fact.value, fact.tag_colour, fact.action)
        for fact in found.get(oak.establishment.id, [])
    ]


def test_facts_for_the_directory_by_who_asks(region):
    oak = make_applying(region)
    oak.decided()
    manager = make_person(Role.DPS_MANAGER, authority=region.west)
    reader = make_person(Role.COMMISSIONER, authority=region.east)
    rival = make_applying(region, "Rival Trust")

    assert told(oak, reader) == [("SEN day", "Qualified", "green", "")]
    assert told(oak, manager) == [("SEN day", "Qualified", "green", "Suspend")]

    with acting_as(manager):
        suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="Ran out.",
            actor=manager,
            now=NOON,
        )
    out = ("SEN day", "Qualified, paused", "grey", "")
    assert told(oak, reader) == [("Suspended", "Insurance has expired", "red", ""), out]
    assert told(oak, manager) == [("Suspended", "Insurance has expired", "red", "Reinstate"), out]
    assert told(oak, oak.head) == told(oak, reader)
    # A rival and the public learn of the list alone.
    assert told(oak, rival.head) == told(oak, public()) == [("SEN day", "Qualified", "green", "")]
    with acting_as(reader):
        listed = establishment_facts.ids_qualified_in("sen-day")
    assert listed == {oak.establishment.id}


def run_jobs(now=NOON):
    for job_id in relay.lease(REGION_ID, now=now):
        relay.run(REGION_ID, job_id, now=now)


@pytest.mark.parametrize(
    ("qualifies", "words"),
    [(True, "Oak Trust School has qualified"), (False, "Send a new insurance certificate.")],
)
def test_the_letter_and_the_messages_are_made_by_their_jobs(region, qualifies, words, tmp_path):
    oak = make_applying(region)
    application = oak.decided(qualifies=qualifies)

    run_jobs()

    with acting_as(oak.writer):
        [letter] = Document.objects.of(REGION_ID)
    (tmp_path / "letter.pdf").write_bytes(bytes(letter.content))
    pages = pypdf.PdfReader(tmp_path / "letter.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert words in text
    assert "80.00" in text
    assert (letter.subject_id, letter.provider_id) == (application.id, oak.provider.id)
    with acting_as(BOSS):
        messages = list(Message.objects.order_by("id"))
    assert {message.sent_at for message in messages} == {NOON}
    outcome = next(m for m in messages if m.template.endswith(("qualified", "rejected")))
    assert f"/your-applications/{application.id}/outcome/" in outcome.body
    rival = make_applying(region, "Rival Trust")
    with acting_as(rival.head):
        assert not Document.objects.of(REGION_ID).exists()


def test_a_letter_is_made_once(region):
    oak = make_applying(region)
    application = oak.decided()
    run_jobs()
    with acting_as(BOSS):
        make_outcome_letter(
            application_id=str(application.id), actor=BOSS, now=NOON + timedelta(days=1)
        )
        assert Document.objects.of(REGION_ID).count() == 1


def test_messages_of_a_suspension_read_plainly(region):
    oak = make_applying(region, "O’Neil & Sons")
    oak.decided()
    manager = make_person(Role.DPS_MANAGER, authority=region.west)
    with acting_as(manager):
        suspension = suspending.suspend(
            establishment_id=oak.establishment.id,
            cause="insurance",
            reason="The certificate ran out.",
            actor=manager,
            now=NOON,
        )
        suspending.reinstate(
            suspension_id=suspension.id,
            reason="A new one came.",
            actor=manager,
            now=NOON,
        )
    run_jobs()

    with acting_as(BOSS):
        sent = Message.objects.filter(template__regex="suspended|reinstated")
        subjects = set(sent.values_list("subject", flat=True))
    assert subjects == {
        "O’Neil & Sons School is suspended",
        "The suspension of O’Neil & Sons School is lifted",
    }
