"""A provider describes an establishment that no register lists; the central team adds it."""

import pytest
from django.urls import reverse

from dps.actors import REGION_ID, system
from dps.models import AuditEvent, Message
from dps.refusals import IllegalTransition, NotPermitted
from dps.tenancy.identity import acting_as
from dps.waiting import sections_for
from providers.models import Addition, Establishment
from providers.services.additions import (
    AgesOutOfOrder,
    AskedAlready,
    InTheDirectory,
    NowhereKnown,
    Wanted,
    ask_for_addition,
    confirm_addition,
    refuse_addition,
)
from providers.services.claims import ReasonMissing
from tests.factories.kernel import NOON
from tests.factories.providers import make_establishment

HOME = {
    "name": "Tern House",
    "kind": "childrens_home",
    "number": "SC012345",
    "street": "4 Shingle Walk",
    "town": "Worthing",
    "postcode": "BN11 1AA",
    "phone": "01632 960200",
    "low_age": 8,
    "high_age": 17,
}
ADD = reverse("providers:add_establishment")


def ask(actor, **changes):
    with acting_as(actor):
        return ask_for_addition(Wanted(**HOME | changes), actor=actor, now=NOON)


def confirm(actor, addition):
    with acting_as(actor):
        return confirm_addition(addition_id=addition.pk, actor=actor, now=NOON)


def refuse(actor, addition, reason="Ofsted has no home of this name."):
    with acting_as(actor):
        return refuse_addition(addition_id=addition.pk, reason=reason, actor=actor, now=NOON)


def letters():
    with acting_as(system(REGION_ID)):
        return sorted(Message.objects.values_list("template", "to_person_id"))


def test_it_waits_and_the_central_team_is_told(administrator, officer):
    made = ask(administrator)

    assert (made.state, made.establishment_id) == ("waiting", None)
    assert Establishment.objects.count() == 0
    assert letters() == [("providers/addition_asked", officer.person_id)]


def test_once_confirmed_it_stands_in_the_directory_as_the_providers_own(
    administrator, officer, provider
):
    confirm(officer, ask(administrator))

    (home,) = Establishment.objects.all()
    facts = (home.name, home.kind, home.urn, home.low_age, home.high_age, home.provider_id)
    assert facts == ("Tern House", "childrens_home", "SC012345", 8, 17, provider.pk)
    assert home.grid_point is not None
    assert ("providers/claim_confirmed", administrator.person_id) in letters()


def test_a_refusal_has_a_reason_and_it_can_be_asked_for_again(administrator, officer):
    asked = ask(administrator)
    with pytest.raises(ReasonMissing):
        refuse(officer, asked, reason=" ")

    assert refuse(officer, asked).reason == "Ofsted has no home of this name."
    assert ("providers/addition_refused", administrator.person_id) in letters()
    assert ask(administrator).state == "waiting"


def test_each_step_stands_in_the_regions_chain(administrator, officer):
    confirm(officer, ask(administrator))

    with acting_as(system(REGION_ID)):
        verbs = list(AuditEvent.objects.order_by("at", "id").values_list("action", flat=True))
    assert [verb for verb in verbs if verb.startswith(("addition", "establishment"))] == [
        "addition.asked",
        "establishment.added",
        "addition.confirmed",
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": "125001"}, InTheDirectory),
        ({"postcode": "ZZ99 9ZZ"}, NowhereKnown),
        ({"low_age": 12, "high_age": 11}, AgesOutOfOrder),
        ({"high_age": 26}, AgesOutOfOrder),
    ],
)
def test_what_cannot_be_added(administrator, changes, refusal):
    make_establishment("Known School", urn="125001")

    with pytest.raises(refusal):
        ask(administrator, **changes)


def test_it_is_asked_for_once(administrator):
    ask(administrator)

    with pytest.raises(AskedAlready):
        ask(administrator)


def test_what_is_decided_stays_so(administrator, officer):
    asked = ask(administrator)
    confirm(officer, asked)

    with pytest.raises(IllegalTransition):
        refuse(officer, asked)


def test_who_may_neither_ask_nor_decide(administrator, commissioner):
    asked = ask(administrator)

    with pytest.raises(NotPermitted):
        ask(commissioner)
    with pytest.raises(NotPermitted):
        confirm(administrator, asked)


@pytest.mark.off_switch("addition-of-own-provider")
def test_no_provider_reads_what_another_asks_for(administrator, rival):
    ask(administrator)

    with acting_as(rival):
        assert list(Addition.objects.all()) == []


def test_from_the_search_to_the_decision(administrator, officer, signed_in):
    search = signed_in(administrator).get(reverse("providers:claim_search"), {"search": "tern"})
    assert ADD in search.content.decode()
    done = signed_in(administrator).post(ADD, HOME | {"postcode": "bn111aa"}, follow=True)
    assert "You have told us of Tern House" in done.content.decode()
    with acting_as(system(REGION_ID)):
        (asked,) = Addition.objects.all()
    with acting_as(officer):
        (waiting,) = [
            item
            for section in sections_for(officer, NOON)
            for item in section.items
            if "Tern House" in item.text
        ]
    page = reverse("providers:decide_addition", args=[asked.pk])
    assert waiting.href == page
    assert page in signed_in(officer).get(reverse("providers:claims")).content.decode()
    assert "SC012345" in signed_in(officer).get(page).content.decode()

    decided = signed_in(officer).post(page, {"decision": "confirm"}, follow=True)

    assert "Decided" in decided.content.decode()
    mine = signed_in(administrator).get(reverse("providers:mine")).content.decode()
    assert "You can apply to qualify for it" in mine


def test_an_empty_description_says_what_to_enter(administrator, signed_in):
    response = signed_in(administrator).post(ADD, {})

    assert response.status_code == 400
    assert {name: list(words) for name, words in response.context["form"].errors.items()} == {
        "name": ["Enter the name of the establishment"],
        "kind": ["Select what kind of establishment it is"],
        "street": ["Enter the building and street"],
        "town": ["Enter the town or city"],
        "postcode": ["Enter the postcode"],
        "phone": ["Enter the telephone number"],
        "low_age": ["Enter the lowest age"],
        "high_age": ["Enter the highest age"],
    }


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("postcode", "somewhere"),
        ("postcode", "ZZ99 9ZZ"),
        ("number", "n/a"),
        ("high_age", "٣"),
        ("high_age", "7"),
        ("name", "Tern\x07House"),
        ("kind", "castle"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_the_rest_kept(
    administrator, signed_in, name, typed
):
    response = signed_in(administrator).post(ADD, HOME | {name: typed})

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [name]
    assert "4 Shingle Walk" in response.content.decode()


def test_a_number_in_the_directory_is_claimed_instead(administrator, signed_in, school):
    make_establishment("Known Home", urn="SC012345")

    response = signed_in(administrator).post(ADD, HOME)

    assert response.status_code == 409
    assert "Search for it instead" in response.content.decode()
