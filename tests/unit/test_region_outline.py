"""The hand-drawn outlines: whole, small, and right about places that lie well inside an area."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from dps.demo.people import AUTHORITIES
from dps.grid import GridPoint, outcode_point

FILE = Path(__file__).parents[2] / "providers" / "data" / "region-outline.json"
AREAS = {area["name"]: area for area in json.loads(FILE.read_text())["authorities"]}

INSIDE = {
    "West Sussex": "BN5 BN11 BN17 BN44 GU28 GU29 PO18 PO19 PO22 RH11 RH12 RH13 RH14 RH16 RH20",
    "East Sussex": "BN7 BN8 BN9 BN22 BN27 TN6 TN20 TN21 TN22 TN31 TN32 TN33 TN37 TN39",
    "Surrey": "CR3 GU1 GU5 GU8 GU9 GU15 GU22 KT12 KT16 KT18 KT22 RH1 RH4 RH7 SM7 TW16 TW18",
    "Kent": "CT1 CT4 CT9 CT14 CT16 CT20 DA3 DA12 ME9 ME10 ME13 ME15 ME19 TN1 TN8 TN13 TN23 TN28",
    "Brighton and Hove": "BN1 BN2 BN3",
    "Medway": "ME1 ME2 ME3 ME4 ME5 ME7 ME8",
    "Essex": "CB10 CM0 CM2 CM6 CM8 CM12 CM15 CM17 CO2 CO5 CO7 CO9 CO15 IG10 SS6 SS8 SS13 SS14",
}
OUTSIDE = "BR6 CB9 CR0 GU14 GU31 KT3 KT9 PO9 RM3 RM16 SG8 SM2 SS1 SS17 TW13 DA8 EN8 IP9"


def is_inside(point: GridPoint, area: str) -> bool:
    """By the even number of borders that a line to the east crosses, or the odd."""
    crossings = 0
    for ring in AREAS[area]["rings"]:
        for (e1, n1), (e2, n2) in pairwise(ring):
            if (n1 > point.northing) != (n2 > point.northing):
                crossings += point.easting < e1 + (e2 - e1) * (point.northing - n1) / (n2 - n1)
    return crossings % 2 == 1


def areas_of(outcode: str) -> list[str]:
    point = outcode_point(outcode)
    assert point is not None
    return [area for area in AREAS if is_inside(point, area)]


def test_outlines_are_of_the_seven_partners() -> None:
    assert {name: area["gss"] for name, area in AREAS.items()} == {
        authority.area: authority.gss for authority in AUTHORITIES
    }


def test_file_is_small_and_its_rings_are_closed() -> None:
    assert FILE.stat().st_size < 60_000
    for area in AREAS.values():
        for ring in area["rings"]:
            assert ring[0] == ring[-1]
            assert 20 <= len(ring) <= 150
            assert all(isinstance(metres, int) for point in ring for metres in point)


@pytest.mark.parametrize("area", INSIDE)
def test_places_well_inside_an_area_are_in_it_alone(area: str) -> None:
    assert {outcode: areas_of(outcode) for outcode in INSIDE[area].split()} == {
        outcode: [area] for outcode in INSIDE[area].split()
    }


def test_places_outside_the_region_are_in_no_area() -> None:
    assert {outcode: areas_of(outcode) for outcode in OUTSIDE.split()} == {
        outcode: [] for outcode in OUTSIDE.split()
    }
