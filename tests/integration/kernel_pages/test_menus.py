"""What stands in each role's menu, in its order, and that every entry leads to a page."""

import re
from types import SimpleNamespace

import pytest
from django.urls import NoReverseMatch

from dps.actors import AUTHORITY_ROLES, CENTRAL_ROLES, PROVIDER_ROLES, Role
from dps.apps import DpsConfig
from dps.permissions import Action
from dps.views.page import page
from tests.factories.kernel import make_person
from tests.factories.providers import make_provider
from tests.integration.referrals.pages import Browser

R = Role
PROVIDERS = (
    "Directory, Your establishments, Certificates, Your applications, Your standing, Invitations,"
    " Agreements, Published awards"
)
AWARDS = "Master log, Compliance, Awards, Published awards"
OFFICERS = f"Directory, Claims, Applications, Applications to grade, Market, {AWARDS}"
MENUS = {
    R.COMMISSIONER: "Directory, Referrals, Agreements, Master log, Published awards",
    R.EVALUATOR: "Directory, Applications to grade, Grading, Published awards",
    R.APPROVER: "Directory, Referrals, Agreements, Published awards",
    R.AUTHORITY_ADMINISTRATOR: "Directory, Market, Referrals, Agreements, Master log,"
    " Published awards, People",
    R.CONTRACTS_OFFICER: OFFICERS,
    R.SENIOR_CONTRACTS_OFFICER: OFFICERS,
    R.DPS_MANAGER: f"{OFFICERS}, People",
    R.DATA_ANALYST: f"Directory, Applications, Market, {AWARDS}",
    R.PROVIDER_ADMINISTRATOR: f"{PROVIDERS}, People",
    R.BID_WRITER: PROVIDERS,
}


@pytest.fixture(autouse=True)
def password_alone(settings):
    settings.SECOND_FACTOR_REQUIRED = False


def menu(response):
    listed = re.search(r'<ul[^>]*id="navigation".*?</ul>', response.content.decode(), flags=re.S)[0]
    links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', listed, flags=re.S)
    return [(" ".join(re.sub(r"<[^>]+>", "", words).split()), href) for href, words in links]


@pytest.mark.parametrize("role", sorted(AUTHORITY_ROLES | CENTRAL_ROLES | PROVIDER_ROLES))
def test_the_menu_of_a_role_and_where_it_leads(region, role):
    where = (
        {"provider_id": make_provider().id}
        if role in PROVIDER_ROLES
        else {"authority": region.west}
    )
    browser = Browser(make_person(role, **where))

    found = menu(browser.get("/start/"))

    assert ", ".join(words for words, _ in found) == MENUS[role]
    assert {browser.get(href).status_code for _, href in found} == {200}


def test_everybody_finds_what_is_public(region, client):
    found = menu(client.get("/"))

    assert [words for words, _ in found] == [
        "Register as a provider",
        "How to join",
        "Published awards",
    ]
    assert {client.get(href).status_code for _, href in found} == {200}


def test_an_entry_that_leads_nowhere_is_an_error(region, rf, monkeypatch):
    monkeypatch.setattr(DpsConfig, "navigation", [("Lost", "no_such_page", Action.USE_SERVICE)])
    request = rf.get("/start/")
    request.actor = make_person(Role.COMMISSIONER, authority=region.west)
    request.session, request.user = {}, SimpleNamespace(is_authenticated=True)

    with pytest.raises(NoReverseMatch):
        page(request)
