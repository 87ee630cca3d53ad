"""Before the opening nobody but its provider reads a bid, or learns that there is one."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from dps.actors import Actor, Kind, Role, parent, public, system
from dps.audit.verify import verify
from dps.tenancy.identity import acting_as
from referrals.models import BidProgress, SealedBid
from referrals.services import bidding
from tests.factories.kernel import NOON, make_person
from tests.factories.referrals import (
    DEADLINE,
    a_bid,
    invitation_of,
    make_council,
    make_open,
    make_school,
    submit,
)
from tests.integration.referrals.pages import Browser, words_of

ABOUT_BIDS = {"referrals_sealedbid", "referrals_biddraft", "referrals_bidprogress"}
# The system delivers messages, works jobs off and verifies the chain; people read none of it.
CLOCKWORK = {"dps_auditevent", "dps_auditlink", "dps_audithead", "dps_owedjob", "dps_message"}


@pytest.fixture
def council(region):
    return make_council(region.west)


@pytest.fixture
def mine(region):
    return make_school(region, "Mine")


@pytest.fixture
def referral(region, council, mine):
    return make_open(region, council.commissioner)


def everybody_else(region, council, referral) -> dict[str, Actor]:
    """One of each kind, and a rival who is invited to the same referral."""
    return {
        "commissioner": council.commissioner,
        "approver": council.approver,
        "evaluator": make_person(Role.EVALUATOR, authority=region.west),
        "administrator": make_person(Role.AUTHORITY_ADMINISTRATOR, authority=region.west),
        "another council": make_council(region.east).commissioner,
        "contract team": make_person(Role.DPS_MANAGER, authority=region.west),
        "parent": parent(authority_id=region.west.pk, choice_id=referral.pk),
        "public": public(),
        "system": system(region.west.pk),
        "system of the region": system(0),
    }


def counts() -> dict[str, int | None]:
    """How many rows of each table the present actor reads: None where there is no right at all."""
    found: dict[str, int | None] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
        except DatabaseError:
            found[table] = None
    return found


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def seen_by(actor: Actor) -> dict[str, int | None]:
    with acting_as(actor):
        return counts()


@pytest.mark.off_switch("bids-sealed-from-the-authority")
@pytest.mark.off_switch("bids-sealed-from-the-system")
@pytest.mark.off_switch("bids-sealed-from-rivals")
@pytest.mark.off_switch("progress-of-own-bids")
@pytest.mark.off_switch("events-of-bids-sealed")
def test_no_kind_of_actor_reads_or_counts_a_bid_in_any_table(region, council, mine, referral):
    rival = make_school(region, "Rival")
    others = everybody_else(region, council, referral) | {"rival": rival.head}
    before = {name: seen_by(actor) for name, actor in others.items()}
    invitation = invitation_of(mine, referral)
    submit(mine, referral)
    submit(mine, referral, variable=1_00)
    with acting_as(mine.head, at=NOON):
        bidding.save_draft(
            invitation_id=invitation.pk, content=a_bid(()), actor=mine.head, now=NOON
        )
    # Something is there to be found.
    own = seen_by(mine.head)
    assert {table: own[table] for table in ABOUT_BIDS} == {
        "referrals_sealedbid": 2,
        "referrals_biddraft": 1,
        "referrals_bidprogress": 1,
    }

    after = {name: seen_by(actor) for name, actor in others.items()}

    changed = {
        name: {table for table in after[name] if after[name][table] != before[name][table]}
        for name in others
    }
    assert {name: tables - CLOCKWORK for name, tables in changed.items()} == {
        name: set() for name in others
    }
    people = {name: tables for name, tables in changed.items() if "system" not in name}
    assert people == {name: set() for name in people}
    for name in others:
        assert {after[name][table] or 0 for table in ABOUT_BIDS} == {0}, name


def test_the_bare_login_reads_no_bid(mine, referral):
    submit(mine, referral)

    for table in sorted(ABOUT_BIDS):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(f"SELECT count(*) FROM {table}")


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PROVIDER])
def test_no_other_kind_may_write_or_change_one(mine, referral, kind):
    sealed = submit(mine, referral)
    other = Actor(kind=kind, roles=frozenset(), name="Other", authority_id=referral.authority_id)

    with acting_as(other):
        for sql in (
            "UPDATE referrals_sealedbid SET salt = '' WHERE id = %s",
            "DELETE FROM referrals_sealedbid WHERE id = %s",
            "INSERT INTO referrals_sealedbid SELECT * FROM referrals_sealedbid WHERE id = %s",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                run(sql, sealed.pk)


def test_its_own_provider_appends_and_changes_nothing(mine, referral):
    sealed = submit(mine, referral)

    with acting_as(mine.head):
        for change in (
            lambda: SealedBid.objects.filter(pk=sealed.pk).update(salt=""),
            lambda: SealedBid.objects.filter(pk=sealed.pk).delete(),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()


def test_a_provider_cannot_bid_in_anothers_name_or_without_an_invitation(
    region, council, mine, referral
):
    stranger = make_school(region, "Stranger", miles=90)
    sealed = submit(mine, referral)
    with acting_as(mine.head):
        row = SealedBid.objects.get(pk=sealed.pk)
    row.pk, row.revision = None, 2
    row._state.adding = True

    with acting_as(stranger.head, at=NOON):
        for provider_id in (mine.provider.pk, stranger.provider.pk):
            row.pk = SealedBid._meta.pk.get_default()
            row.provider_id = provider_id
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)


def another_row(school, sealed, **changes):
    """A bid's row, past the services, as its own provider might try to append it."""
    with acting_as(school.head):
        row = SealedBid.objects.get(pk=sealed.pk)
    row.pk, row.revision = SealedBid._meta.pk.get_default(), 2
    for name, value in changes.items():
        setattr(row, name, value)
    row._state.adding = True
    return row


@pytest.mark.off_switch("bid-of-own-invitation")
def test_a_bid_is_of_the_establishment_that_was_invited(region, council, mine):
    second = make_school(region, "Second", provider=mine.provider)
    referral = make_open(region, council.commissioner)
    sealed = submit(mine, referral)
    other = another_row(mine, sealed, establishment_id=second.establishment.pk)

    with acting_as(mine.head, at=other.received_at):
        with pytest.raises(IntegrityError, match="not the invitation"), transaction.atomic():
            other.save(force_insert=True)


@pytest.mark.off_switch("revisions-in-order")
def test_the_revisions_of_a_bid_have_no_gap(mine, referral):
    gap = another_row(mine, submit(mine, referral), revision=3)

    with acting_as(mine.head, at=gap.received_at):
        with pytest.raises(IntegrityError, match="at the same time"), transaction.atomic():
            gap.save(force_insert=True)


def pages_of(browser, referral):
    names = ("detail", "reach")
    paths = [reverse(f"referrals:{name}", args=[referral.pk]) for name in names]
    paths += [reverse("start"), reverse("referrals:list"), reverse("referrals:list_csv")]
    return {path: browser.get(path) for path in paths}


def test_the_councils_pages_are_the_same_to_the_byte_with_none_and_three_bids(
    region, council, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    schools = [make_school(region) for _ in range(3)]
    referral = make_open(region, council.commissioner)
    people = {
        "commissioner": Browser(council.commissioner),
        "approver": Browser(council.approver),
    }
    trail = reverse("audit_trail")

    def look():
        seen = {
            (name, path): (response.status_code, words_of(response))
            for name, browser in people.items()
            for path, response in pages_of(browser, referral).items()
        }
        seen["trail"] = (200, words_of(people["approver"].get(trail)))
        return seen

    look()
    before = look()
    for school in schools:
        submit(school, referral)
    after = look()

    assert {status for status, _ in before.values()} == {200}
    assert after == before


def test_after_the_deadline_it_still_says_nothing_until_opened(region, council, mine, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    referral = make_open(region, council.commissioner)
    empty = make_open(region, council.commissioner)
    submit(mine, referral)
    browser = Browser(council.commissioner, now=DEADLINE)

    def page(one):
        text = words_of(browser.get(reverse("referrals:detail", args=[one.pk])))
        return text.replace(str(one.pk), "").replace(one.reference, "")

    assert page(referral) == page(empty)


def test_the_progress_of_a_bid_is_its_providers_alone(region, council, mine, referral):
    rival = make_school(region, "Rival")
    submit(mine, referral)

    for actor in (rival.head, council.commissioner, system(region.west.pk)):
        with acting_as(actor):
            try:
                with transaction.atomic():
                    seen = BidProgress.objects.count()
            except DatabaseError:
                seen = 0
        assert seen == 0


def test_the_chain_is_sound_with_sealed_events_in_it(region, council, mine, referral):
    submit(mine, referral)

    with acting_as(system(region.west.pk)):
        connection.check_constraints()
        verdict = verify(region.west.pk)

    assert verdict.is_sound
