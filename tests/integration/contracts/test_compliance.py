"""The compliance audit: who is found, warned, suspended and reinstated, and when."""

from datetime import date, timedelta

import pytest

from contracts.models import ComplianceReminder, ComplianceRun
from contracts.services import compliance
from dps.actors import REGION_ID, Role
from dps.models import AuditEvent, Message
from dps.refusals import NotPermitted
from dps.services.messages import deliver
from dps.tenancy.identity import acting_as
from providers.models import Establishment, Evidence
from qualification.models import Qualification, Suspension
from qualification.services.suspending import reinstate, suspend
from tests.factories.compliance import (
    BOSS,
    EMPLOYERS,
    PUBLIC,
    TODAY,
    close,
    inspect,
    insure,
    make_insured,
    open_findings,
    run_audit,
    suspensions,
    warnings_to,
)
from tests.factories.contracts import make_officer
from tests.factories.kernel import NOON
from tests.factories.referrals import make_school

YESTERDAY = TODAY - timedelta(days=1)
IN_FORCE, LIFTED = True, False


def counts(run):
    return (run.checked, run.found, run.resolved, run.reminded)


def test_what_is_in_order_is_checked_and_left_alone(region):
    school = make_insured(region)

    run = run_audit()

    assert counts(run) == (1, 0, 0, 0)
    assert (run.as_of, run.started_at, run.finished_at) == (TODAY, NOON, NOON)
    assert suspensions(school.establishment) == []


def test_expired_insurance_suspends_with_the_reason_and_how_to_put_it_right(region):
    school = make_insured(region, "Oak", expires_on=YESTERDAY)

    run = run_audit()

    assert counts(run) == (1, 1, 0, 0)
    words = (
        "Its public liability insurance expired on 1 November 2026."
        " Its employers’ liability insurance expired on 1 November 2026."
    )
    assert open_findings(school.establishment) == {"insurance": words}
    with acting_as(BOSS):
        suspension = Suspension.objects.get(establishment=school.establishment)
    assert (suspension.cause, suspension.is_automatic, suspension.suspended_by_id) == (
        "insurance",
        True,
        None,
    )
    assert suspension.reason == (
        f"{words} Add a valid certificate of £10 million or more on the establishment’s page."
        " The suspension is lifted within the hour after that."
    )


def test_insurance_that_expires_today_stands_until_tomorrow(region):
    place = make_insured(region, expires_on=TODAY).establishment

    run_audit()
    assert suspensions(place) == []

    run_audit(days=1)
    assert suspensions(place) == [("insurance", True, IN_FORCE)]


def test_today_is_london_s_day(region):
    """A quarter past midnight in summer is still the day before in UTC."""
    place = make_insured(region, expires_on=date(2027, 6, 30)).establishment
    just_after = NOON.replace(year=2027, month=6, day=30, hour=23, minute=15)

    compliance.run_compliance_audit(actor=BOSS, now=just_after)

    assert suspensions(place) == [("insurance", True, IN_FORCE)]


@pytest.mark.parametrize(
    ("result", "expected"),
    [("requires improvement", []), ("inadequate", [("inspection", True, IN_FORCE)])],
)
def test_the_latest_inspection_counts(region, result, expected):
    place = make_insured(region).establishment
    inspect(place, result, date(2026, 10, 12))

    run_audit()

    assert suspensions(place) == expected


def test_an_earlier_failed_inspection_and_one_still_to_come_do_not_count(region):
    place = make_insured(region).establishment
    inspect(place, "inadequate", date(2024, 1, 5))
    inspect(place, "inadequate", TODAY + timedelta(days=1))

    run_audit()

    assert suspensions(place) == []


def test_a_closed_register_entry_suspends(region):
    place = make_insured(region).establishment
    close(place)

    run_audit()

    assert suspensions(place) == [("registration", True, IN_FORCE)]


def test_what_no_rule_covers_is_found_and_suspends_nobody(region):
    place = make_insured(region).establishment
    inspect(place, "Good", date(2026, 10, 12), scale="estyn")

    run_audit()

    assert list(open_findings(place)) == ["inspection"]
    assert suspensions(place) == []


def test_several_causes_suspend_one_by_one_and_are_lifted_one_by_one(region):
    place = make_insured(region, expires_on=YESTERDAY).establishment
    close(place)
    run_audit()

    close(place, is_open=True)
    run = run_audit(hours=1)

    assert counts(run) == (1, 2, 1, 0)
    assert sorted(suspensions(place)) == [
        ("insurance", True, IN_FORCE),
        ("registration", True, LIFTED),
    ]


def test_new_evidence_reinstates_within_the_day_and_resolves_the_finding(region):
    place = make_insured(region, expires_on=YESTERDAY).establishment
    run_audit()
    insure(place, PUBLIC, TODAY + timedelta(days=300))
    run_audit(hours=1)
    assert suspensions(place) == [("insurance", True, IN_FORCE)], "the other kind is missing"

    insure(place, EMPLOYERS, TODAY + timedelta(days=300))
    run_audit(hours=2)

    assert suspensions(place) == [("insurance", True, LIFTED)]
    assert open_findings(place) == {}
    with acting_as(BOSS):
        lifted = Suspension.objects.get(establishment=place)
    assert lifted.lift_reason == "All the insurance that is asked of it is on record again."


def test_a_better_inspection_reinstates(region):
    place = make_insured(region).establishment
    inspect(place, "inadequate", date(2026, 10, 12))
    run_audit()

    inspect(place, "good", TODAY)
    run_audit(days=1)

    assert suspensions(place) == [("inspection", True, LIFTED)]


def test_a_suspension_by_a_person_is_theirs_to_lift(region):
    school = make_insured(region, expires_on=YESTERDAY)
    place, officer = school.establishment, make_officer(Role.SENIOR_CONTRACTS_OFFICER)
    with acting_as(officer):
        suspend(
            establishment_id=place.id,
            cause="insurance",
            reason="They told us by telephone.",
            actor=officer,
            now=NOON,
        )

    run_audit()
    for kind in Evidence.INSURANCES:
        insure(place, kind, TODAY + timedelta(days=300))
    run_audit(hours=1)

    assert suspensions(place) == [("insurance", False, IN_FORCE)]
    assert open_findings(place) == {}


def test_an_officer_who_lifts_by_hand_is_not_overruled_by_the_next_run(region):
    place = make_insured(region, expires_on=YESTERDAY).establishment
    officer = make_officer(Role.SENIOR_CONTRACTS_OFFICER)
    run_audit()
    with acting_as(officer):
        reinstate(
            suspension_id=Suspension.objects.get(establishment=place).pk,
            reason="We have seen the certificate on paper.",
            actor=officer,
            now=NOON,
        )

    run_audit(hours=1)

    assert suspensions(place) == [("insurance", True, LIFTED)]
    assert list(open_findings(place)) == ["insurance"]


def test_who_is_on_no_list_is_not_audited(region):
    place = make_insured(region, expires_on=YESTERDAY).establishment
    with acting_as(BOSS):
        Qualification.objects.filter(establishment=place).update(ended_at=NOON)

    run = run_audit()

    assert counts(run) == (0, 0, 0, 0)


def test_the_provider_is_warned_once_at_60_30_and_7_days(region):
    school = make_insured(region, expires_on=TODAY + timedelta(days=61))

    told = {}
    for day in (0, 1, 2, 30, 31, 32, 53, 54, 55, 61):
        run_audit(days=day)
        run_audit(days=day, hours=1)
        told[day] = warnings_to(school)

    assert told == {0: 0, 1: 1, 2: 1, 30: 1, 31: 2, 32: 2, 53: 2, 54: 3, 55: 3, 61: 3}
    with acting_as(BOSS):
        assert ComplianceReminder.objects.count() == 6, "three for each of the two certificates"


def test_an_audit_that_missed_days_warns_with_the_nearest_number_only(region):
    school = make_insured(region, expires_on=TODAY + timedelta(days=61))

    run_audit()
    run_audit(days=40)

    assert warnings_to(school) == 1
    with acting_as(BOSS):
        assert set(ComplianceReminder.objects.values_list("days", flat=True)) == {30}


def test_the_warning_says_what_runs_out_when_and_what_happens_next(region):
    school = make_insured(region, "Oak", expires_on=TODAY + timedelta(days=7))
    run_audit()

    with acting_as(BOSS):
        key = Message.objects.get(template="contracts/evidence_expiring").key
        deliver(message_key=key, actor=BOSS, now=NOON)
        message = Message.objects.get(key=key)

    assert message.subject == "The insurance of Oak runs out soon"
    assert (
        "- Public liability insurance: until the end of 9 November 2026. The new one must be for"
        " £10 million or more"
    ) in message.body
    assert f"/{school.establishment.id}/" in message.body
    assert "suspended on the day after" in message.body


def test_each_change_is_in_the_region_s_trail(region):
    place = make_insured(region, expires_on=YESTERDAY).establishment
    run_audit()
    insure(place, PUBLIC, TODAY + timedelta(days=30))
    insure(place, EMPLOYERS, TODAY + timedelta(days=300))
    run_audit(hours=1)

    verbs = ("compliance.", "establishment.")
    with acting_as(BOSS):
        trail = AuditEvent.objects.of(REGION_ID).order_by("at", "id")
        told = [each.action for each in trail if each.action.startswith(verbs)]
    assert told == [
        "compliance.found",
        "establishment.suspended",
        "compliance.audited",
        "compliance.resolved",
        "establishment.reinstated",
        "compliance.warned",
    ]


def test_only_the_system_audits(region):
    make_insured(region, expires_on=YESTERDAY)
    officer = make_officer(Role.DPS_MANAGER)

    with pytest.raises(NotPermitted):
        compliance.run_compliance_audit(actor=officer, now=NOON)

    with acting_as(BOSS):
        assert not ComplianceRun.objects.exists()


def test_insurance_of_the_whole_organisation_covers_each_and_is_warned_of_once(region):
    first, second = (make_school(region, name) for name in ("First School", "Second School"))
    with acting_as(BOSS):
        Establishment.objects.filter(pk=second.establishment.pk).update(
            provider=first.establishment.provider
        )
    for school in (first, second):
        inspect(school.establishment, "good", date(2025, 3, 4))
    for kind in Evidence.INSURANCES:
        with acting_as(BOSS):
            Evidence.objects.create(
                provider_id=first.establishment.provider_id,
                kind=kind,
                number="PL-ALL",
                sum_insured_pence=10_000_000_00,
                issued_on=TODAY - timedelta(days=300),
                expires_on=TODAY + timedelta(days=30),
                recorded_at=NOON,
            )

    run = run_audit()

    assert (run.found, suspensions(first.establishment), suspensions(second.establishment)) == (
        0,
        [],
        [],
    )
    assert warnings_to(first) == 1
    run_audit(days=31)
    assert [suspensions(school.establishment) for school in (first, second)] == [
        [("insurance", True, IN_FORCE)],
        [("insurance", True, IN_FORCE)],
    ]


def test_a_certificate_that_was_taken_back_covers_nothing(region):
    school = make_insured(region)
    with acting_as(BOSS):
        Evidence.objects.filter(establishment=school.establishment, kind="public_liability").update(
            withdrawn_at=NOON, withdrawn_because="Not ours."
        )

    run_audit()

    assert suspensions(school.establishment) == [("insurance", True, IN_FORCE)]
