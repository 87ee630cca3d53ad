from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dps.lifecycle import Lifecycle
from dps.refusals import IllegalTransition


class Door(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    BRICKED_UP = "bricked_up"


class Do(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    BRICK_UP = "brick_up"


EDGES = {
    (Door.SHUT, Do.OPEN): Door.OPEN,
    (Door.SHUT, Do.BRICK_UP): Door.BRICKED_UP,
    (Door.OPEN, Do.SHUT): Door.SHUT,
}
DOOR = Lifecycle(Door.SHUT, EDGES, name="door")


def test_after_follows_the_table():
    assert {move: DOOR.after(*move) for move in EDGES} == EDGES


@given(st.sampled_from(Door), st.sampled_from(Do))
def test_every_move_is_in_the_table_or_refused(state, action):
    if action in DOOR.actions_from(state):
        assert DOOR.after(state, action) == EDGES[state, action]
    else:
        with pytest.raises(IllegalTransition):
            DOOR.after(state, action)


def test_an_illegal_move_is_refused_in_plain_words():
    with pytest.raises(IllegalTransition) as refusal:
        DOOR.after(Door.BRICKED_UP, Do.OPEN)

    assert str(refusal.value) == (
        "“open” is not possible now, because the door is at the stage “bricked up”"
    )


def test_labels_are_the_words_where_there_are_any():
    class Labelled(StrEnum):
        WAITING = "waiting"

        @property
        def label(self):
            return "Waiting for you"

    with pytest.raises(IllegalTransition) as refusal:
        Lifecycle(Labelled.WAITING, {}).after(Labelled.WAITING, Do.BRICK_UP)

    assert str(refusal.value) == (
        "“brick up” is not possible now, because it is at the stage “Waiting for you”"
    )


def test_actions_states_and_ends_come_in_the_order_of_the_table():
    assert DOOR.actions_from(Door.SHUT) == (Do.OPEN, Do.BRICK_UP)
    assert DOOR.states == (Door.SHUT, Door.OPEN, Door.BRICKED_UP)
    assert DOOR.final == (Door.BRICKED_UP,)


def test_mermaid_draws_the_whole_table():
    assert DOOR.mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> shut\n"
        "    shut --> open: open\n"
        "    shut --> bricked_up: brick up\n"
        "    open --> shut: shut\n"
        "    bricked_up --> [*]\n"
    )


def test_a_state_that_nothing_leads_to_is_a_mistake_in_the_table():
    with pytest.raises(ValueError, match=r"^no way leads to bricked_up$"):
        Lifecycle(Door.SHUT, {(Door.BRICKED_UP, Do.OPEN): Door.OPEN})
