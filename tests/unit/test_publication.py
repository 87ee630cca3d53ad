"""One award as it is published, the strict profile that it must fit, and totals that hide."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.publication.files import table_line, table_parts
from contracts.publication.profile import ReleaseNotValid, checked
from contracts.publication.quarters import Quarter
from contracts.publication.release import AwardFacts, ocid_of, release_of
from contracts.publication.totals import Group, Totals, totals_by
from dps.regimes import RegimeKey

PUBLISHED = datetime(2027, 1, 1, 5, 0, 0, 123456, tzinfo=UTC)
FACTS = {
    "ocid": ocid_of("ocds-000000", 1, UUID(int=7)),
    "authority_code": "WSX",
    "authority": "West Sussex",
    "category_code": "sen-day",
    "category": "SEN day",
    "service": "Special educational needs",
    "provider_id": UUID(int=9),
    "provider": "Oak Trust",
    "company_number": "01234567",
    "establishment": "Oak School",
    "annual_value_pence": 47_600_50,
    "signed_in": Quarter(2026, 4),
    "regime": RegimeKey.PCR_2015_DPS,
}


def facts(**changes):
    return AwardFacts(**(FACTS | changes))


OCID = facts().ocid
VALUE = {"amount": 47600.5, "amountGross": 47600.5, "currency": "GBP"}
PUBLISHED_AS = {
    "ocid": OCID,
    "id": f"{OCID}-1",
    "date": "2027-01-01T05:00:00Z",
    "tag": ["award", "contract"],
    "initiationType": "tender",
    "language": "en",
    "parties": [
        {
            "id": "GB-DPS-WSX",
            "name": "West Sussex",
            "roles": ["buyer"],
            "details": {
                "classifications": [
                    {"scheme": "UK_CA_TYPE", "id": "publicAuthoritySubCentralGovernment"}
                ]
            },
        },
        {
            "id": "GB-COH-01234567",
            "name": "Oak Trust",
            "roles": ["supplier"],
            "identifier": {"scheme": "GB-COH", "id": "01234567", "legalName": "Oak Trust"},
        },
    ],
    "buyer": {"id": "GB-DPS-WSX", "name": "West Sussex"},
    "tender": {
        "id": f"{OCID}-tender",
        "title": "Special educational needs: SEN day",
        "status": "complete",
        "procurementMethod": "selective",
        "procurementMethodDetails": "Mini-competition among the establishments that have"
        " qualified for the category",
        "mainProcurementCategory": "services",
        "specialRegime": ["lightTouch"],
        "legalBasis": {"scheme": "CELEX", "id": "32014L0024"},
        "techniques": {"hasDynamicPurchasingSystem": True},
    },
    "awards": [
        {
            "id": f"{OCID}-award",
            "title": "SEN day: a place at Oak School",
            "description": "Signed by both sides in 2026 Q4. The value is that of one year.",
            "status": "active",
            "value": VALUE,
            "suppliers": [{"id": "GB-COH-01234567", "name": "Oak Trust"}],
            "items": [
                {
                    "id": "1",
                    "description": "Special educational needs: SEN day",
                    "classification": {
                        "scheme": "CPV",
                        "id": "80340000",
                        "description": "Special education services",
                    },
                }
            ],
        }
    ],
    "contracts": [
        {
            "id": f"{OCID}-contract",
            "awardID": f"{OCID}-award",
            "title": "Individual placement agreement",
            "status": "active",
            "value": VALUE,
        }
    ],
}


def test_an_award_is_published_as_this_and_nothing_else():
    assert release_of(facts(), published_at=PUBLISHED) == PUBLISHED_AS


@pytest.mark.parametrize("regime", RegimeKey)
@pytest.mark.parametrize("category", ["sen-day", "alternative-education", "foster-care"])
def test_every_regime_and_category_fits_the_profile(regime, category):
    release = release_of(
        facts(regime=regime, category_code=category, company_number=""), published_at=PUBLISHED
    )

    assert orjson.loads(checked(release)) == release


# Each a way to say more, or something else, than the profile allows.
SPOILT = (
    (("awards", 0, "date"), "2026-11-02T12:00:00Z"),
    (("awards", 0, "contractPeriod"), {"durationInDays": 273}),
    (("contracts", 0, "dateSigned"), "2026-11-02T12:00:00Z"),
    (("contracts", 0, "period"), {"startDate": "2026-11-02T12:00:00Z"}),
    (("tender", "description"), "A nine-year-old"),
    (("awards", 0, "description"), "For a child of nine"),
    (("child",), {"age": 9}),
    (("awards", 0, "value", "currency"), "EUR"),
    (("awards", 0, "value", "amount"), "47600"),
    (("ocid",), "ocds-000000-1"),
    (("date",), "yesterday"),
    (("tag",), ["award"]),
    (("parties", 1, "contactPoint"), {"name": "Sam"}),
    (("buyer", "name"), ""),
)


@pytest.mark.parametrize(("path", "value"), SPOILT)
def test_what_the_profile_does_not_list_does_not_go_out(path, value):
    release = release_of(facts(), published_at=PUBLISHED)
    place = release
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(ReleaseNotValid) as refusal:
        checked(release)

    assert "nine" not in str(refusal.value)


def test_the_same_release_gives_the_same_bytes_whatever_the_order_of_its_keys():
    release = release_of(facts(), published_at=PUBLISHED)

    assert checked(dict(reversed(release.items()))) == checked(release)


def test_the_public_id_is_the_awards_own_and_says_nothing():
    ids = {
        ocid_of("ocds-000000", authority, UUID(int=award))
        for authority in (1, 2)
        for award in (7, 8)
    }

    assert len(ids) == 4
    assert facts().ocid == "ocds-000000-28e99eaf41c92fa354b88005"


def test_a_line_of_the_table_holds_no_formula():
    line = table_line(facts(provider="=HYPERLINK(1)", establishment='Oak, "the" School'))

    assert line == (
        f"{facts().ocid},2026 Q4,West Sussex,Special educational needs,SEN day,"
        '\'=HYPERLINK(1),"Oak, ""the"" School",47600.50,'
        "Dynamic purchasing system (Public Contracts Regulations 2015)\r\n"
    )
    assert b"".join(table_parts([line])).splitlines()[0] == (
        b"ocid,Signed in,Council,Service,Category,Provider,Establishment,"
        b"Value of one year (GBP),Legal regime"
    )


@pytest.mark.parametrize("name", [" =HYPERLINK(1)", "\n=1+1", "＝1+1", "＠SUM(1)"])
def test_no_name_of_the_table_acts_as_a_formula_in_any_spelling(name):
    assert f"'{name}" in table_line(facts(provider=name))


def rows(**counts):
    return [(name, 100) for name, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("counts", "totals"),
    [
        ({}, Totals((), Group("All", 0, 0))),
        ({"a": 5}, Totals((Group("a", 5, 500),), Group("All", 5, 500))),
        ({"a": 4}, Totals((Group("a", None, None),), Group("All", None, None))),
        (
            {"a": 9, "b": 6, "c": 4},
            Totals(
                (Group("a", 9, 900), Group("b", None, None), Group("c", None, None)),
                Group("All", 19, 1900),
            ),
        ),
        (
            {"a": 9, "b": 1, "c": 1},
            Totals(
                tuple(Group(name, None, None) for name in "abc"),
                Group("All", 11, 1100),
            ),
        ),
        (
            {"a": 9, "b": 1, "c": 4},
            Totals(
                (Group("a", 9, 900), Group("b", None, None), Group("c", None, None)),
                Group("All", 14, 1400),
            ),
        ),
    ],
)
def test_totals_hide_what_is_below_five(counts, totals):
    assert totals_by(rows(**counts)) == totals


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12)))
def test_no_hidden_count_follows_from_the_others(counts):
    totals = totals_by(rows(**counts))

    shown = [group.count for group in totals.groups if not group.is_hidden]
    hidden = [counts[group.name] for group in totals.groups if group.is_hidden]
    assert all(count >= 5 for count in shown)
    assert totals.all.is_hidden == (0 < sum(counts.values()) < 5)
    assert totals.all.is_hidden or not hidden or (len(hidden) > 1 and sum(hidden) >= 5)
