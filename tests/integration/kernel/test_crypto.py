"""A child's details are read with the child's own key, in their own place, or not at all."""

import pytest

from dps.actors import system
from dps.crypto import (
    Place,
    WrongKey,
    child_key,
    decrypt,
    destroy_child_key,
    encrypt,
    make_child_key,
)
from dps.models import ChildKey
from dps.tenancy.identity import acting_as
from tests.factories.kernel import NOON

PLACE = Place("childidentity", "child_name", 1, "row")


@pytest.fixture
def key_id(region):
    with acting_as(system(region.west.id)):
        return make_child_key(authority_id=region.west.id, now=NOON).id


def test_what_is_encrypted_is_read_again(region, key_id):
    with acting_as(system(region.west.id)):
        key = child_key(authority_id=region.west.id, key_id=key_id)

    box = encrypt(key, "Zoë O’Hara", PLACE)

    assert decrypt(key, box, PLACE) == "Zoë O’Hara"
    assert "Zoë".encode() not in box
    assert encrypt(key, "Zoë O’Hara", PLACE) != box


@pytest.mark.off_switch("boxes-know-their-place")
@pytest.mark.parametrize(
    "place",
    [
        Place("childidentity", "postcode", 1, "row"),
        Place("childidentity", "child_name", 2, "row"),
        Place("childidentity", "child_name", 1, "another row"),
        Place("message", "child_name", 1, "row"),
    ],
)
def test_a_value_moved_elsewhere_cannot_be_read(place):
    box = encrypt(b"k" * 32, "secret", PLACE)

    with pytest.raises(WrongKey):
        decrypt(b"k" * 32, box, place)


def test_a_wrong_key_or_a_changed_byte_raises():
    box = encrypt(b"k" * 32, "secret", PLACE)

    for key, value in ((b"x" * 32, box), (b"k" * 32, box[:-1] + b"x"), (b"k" * 32, b"plain")):
        with pytest.raises(WrongKey):
            decrypt(key, value, PLACE)


def test_without_its_key_nothing_about_the_child_can_be_read(region, key_id):
    with acting_as(system(region.west.id)):
        destroy_child_key(authority_id=region.west.id, key_id=key_id)
        with pytest.raises(WrongKey):
            child_key(authority_id=region.west.id, key_id=key_id)


def test_another_authority_cannot_reach_the_key(region, key_id):
    with acting_as(system(region.east.id)), pytest.raises(ChildKey.DoesNotExist):
        child_key(authority_id=region.west.id, key_id=key_id)
