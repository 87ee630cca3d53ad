"""Certificates, places, inspections, and establishments added by hand."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from dps.actors import REGION_ID, Role, system
from dps.models import AuditEvent
from dps.refusals import NotPermitted
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Evidence, Inspection
from providers.queries.evidence import latest
from providers.services.establishments import (
    MoreVacanciesThanPlaces,
    NewEstablishment,
    UrnTaken,
    add_establishment,
    say_places,
)
from providers.services.evidence import NewEvidence, NobodyRunsIt, record_evidence
from providers.services.inspections import (
    InspectionInFuture,
    InspectionRecorded,
    NewInspection,
    record_inspection,
)
from providers.services.particulars import ExpiresBeforeIssue, NotHeldThatWay, SumMissing
from tests.factories.kernel import NOON, make_person
from tests.factories.providers import make_administrator, make_provider

TODAY = NOON.date()
LIABILITY = Evidence.Kind.PUBLIC_LIABILITY
SYSTEM = system(REGION_ID)


def certificate(school, **changes):
    usual = {
        "kind": LIABILITY,
        "number": "PL 1",
        "sum_insured_pence": 1_000_000_000,
        "issued_on": TODAY,
        "expires_on": TODAY + timedelta(days=365),
    }
    return NewEvidence(school.pk, **(usual | changes))


def record(actor, new):
    with acting_as(actor):
        return record_evidence(new, actor=actor, now=NOON)


def held():
    with acting_as(SYSTEM):
        return Evidence.objects.count()


def say(actor, school, places, vacancies):
    with acting_as(actor):
        return say_places(
            establishment_id=school.pk, places=places, vacancies=vacancies, actor=actor, now=NOON
        )


def figures(school):
    return Establishment.objects.values_list("places", "vacancies", "places_said_at").get(
        pk=school.pk
    )


def actions(school):
    with acting_as(SYSTEM):
        rows = AuditEvent.objects.filter(subject_id=str(school.pk)).order_by("id")
        return list(rows.values_list("action", flat=True))


def test_the_certificate_that_expires_last_counts(administrator, mine):
    longer = record(administrator, certificate(mine, number="PL 2"))
    record(administrator, certificate(mine, expires_on=TODAY + timedelta(days=10), number="PL 1"))
    policy = record(
        administrator,
        certificate(mine, kind=Evidence.Kind.SAFEGUARDING, sum_insured_pence=None),
    )

    with acting_as(administrator):
        assert latest(mine.pk) == {"public_liability": longer, "safeguarding": policy}


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"expires_on": TODAY}, ExpiresBeforeIssue, "expires_on"),
        ({"sum_insured_pence": None}, SumMissing, "sum_insured"),
        ({"sum_insured_pence": 0}, SumMissing, "sum_insured"),
        ({"kind": "accounts"}, NotHeldThatWay, "establishments"),
    ],
)
def test_a_certificate_that_cannot_be_right_is_refused(administrator, mine, change, refusal, field):
    with pytest.raises(refusal) as caught:
        record(administrator, certificate(mine, **change))

    assert (caught.value.field, held()) == (field, 0)


def test_evidence_is_for_those_who_run_it(administrator, commissioner, mine, school):
    rival = make_administrator(make_provider("Rival Ltd"))
    with pytest.raises(Establishment.DoesNotExist):
        record(rival, certificate(mine))
    with pytest.raises(NotPermitted):
        record(commissioner, certificate(mine))
    with pytest.raises(NobodyRunsIt):
        record(SYSTEM, certificate(school))

    assert held() == 0


def test_who_reads_evidence(administrator, officer, commissioner, mine):
    made = record(administrator, certificate(mine))
    rival = make_administrator(make_provider("Rival Ltd"))

    def seen_by(actor):
        with acting_as(actor):
            return list(Evidence.objects.all())

    assert [seen_by(who) for who in (administrator, officer, commissioner, rival)] == [
        [made],
        [made],
        [made],
        [],
    ]


def test_a_provider_says_its_places_and_nothing_else_moves(administrator, mine):
    say(administrator, mine, 40, 3)

    assert figures(mine) == (40, 3, NOON)
    assert actions(mine) == ["establishment.places_said"]


def test_places_of_others_are_not_said(administrator, commissioner, mine, school):
    rival = make_administrator(make_provider("Rival Ltd"))
    for actor, theirs in ((rival, mine), (administrator, school)):
        with pytest.raises(Establishment.DoesNotExist):
            say(actor, theirs, 40, 3)
    with pytest.raises(NotPermitted):
        say(commissioner, mine, 40, 3)

    assert figures(mine) == figures(school) == (None, None, None)


@pytest.mark.off_switch("own-places")
def test_the_database_lets_a_provider_say_its_own_places_alone(administrator, mine, school):
    with acting_as(administrator), connection.cursor() as cursor:
        for one in (mine, school):
            cursor.execute("SELECT say_places(%s, 40, 3, %s)", [one.pk, NOON])

    assert (figures(mine), figures(school)) == ((40, 3, NOON), (None, None, None))


def test_more_vacancies_than_places_are_refused(administrator, mine):
    with pytest.raises(MoreVacanciesThanPlaces):
        say(administrator, mine, 3, 4)

    assert figures(mine) == (None, None, None)


def test_the_central_team_may_say_the_places_of_any(officer, school):
    say(officer, school, 10, 10)

    assert figures(school) == (10, 10, NOON)


def test_an_establishment_is_added_by_hand_and_placed_by_its_postcode(officer, provider):
    new = NewEstablishment(
        name="Gorse House",
        kind=Establishment.Kind.CHILDRENS_HOME,
        provider_id=provider.id,
        postcode="BN11 9ZZ",
        needs=("SEMH",),
        places=4,
        vacancies=1,
    )

    with acting_as(officer):
        made = add_establishment(new, actor=officer, now=NOON)

    made = Establishment.objects.get(pk=made.pk)
    assert (made.provider, made.placed_by, made.needs, made.places_said_at) == (
        provider,
        "outward_code",
        ["SEMH"],
        NOON,
    )
    assert actions(made) == ["establishment.added"]


def test_who_may_add_and_a_urn_stands_once(officer, administrator):
    new = NewEstablishment(name="Gorse House", kind="childrens_home", urn="125001")
    with acting_as(officer):
        add_establishment(new, actor=officer, now=NOON)
        with pytest.raises(UrnTaken):
            add_establishment(new, actor=officer, now=NOON)
    with acting_as(administrator), pytest.raises(NotPermitted):
        add_establishment(new, actor=administrator, now=NOON)

    assert Establishment.objects.count() == 1


def test_an_inspection_is_recorded_once(officer, administrator, school):
    new = NewInspection(school.pk, "Ofsted", "ofsted_overall_grade", "good", date(2026, 3, 1))
    with acting_as(officer):
        record_inspection(new, actor=officer, now=NOON)
        with pytest.raises(InspectionRecorded):
            record_inspection(new, actor=officer, now=NOON)
        later = NewInspection(school.pk, "Ofsted", "x", "good", TODAY + timedelta(days=1))
        with pytest.raises(InspectionInFuture):
            record_inspection(later, actor=officer, now=NOON)
    with acting_as(administrator), pytest.raises(NotPermitted):
        record_inspection(new, actor=administrator, now=NOON)

    assert Inspection.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"places": 3, "vacancies": 4}, "establishment_vacancies_at_most_places"),
        ({"low_age": 9, "high_age": 8}, "establishment_ages_in_order"),
        ({"easting": None}, "establishment_placed_wholly_or_not"),
    ],
)
def test_the_database_keeps_establishments_whole(school, facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), acting_as(SYSTEM):
        Establishment.objects.filter(pk=school.pk).update(**facts)


def test_the_roles_of_a_provider_may_both_say_places(provider, mine):
    say(make_person(Role.BID_WRITER, provider_id=provider.id), mine, 5, 0)

    assert figures(mine) == (5, 0, NOON)
