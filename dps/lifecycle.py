"""Which step leads from which state to which: one pure table per thing, drawn into docs/states/."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from dps.refusals import IllegalTransition

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


class Lifecycle(Generic[State, Action]):
    """
    The legal moves of one kind of thing; ``name`` is what a person calls it ("referral").

    :raises ValueError: a state in the table can never be reached from the start.
    """

    def __init__(
        self, start: State, edges: Mapping[tuple[State, Action], State], *, name: str = ""
    ) -> None:
        self.start = start
        self.edges = dict(edges)
        self.name = name
        unreachable = [state for state, _ in self.edges if state not in self.states]
        if unreachable:
            raise ValueError(f"no way leads to {', '.join(unreachable)}")

    @property
    def states(self) -> tuple[State, ...]:
        """Every state that can be reached, in the order in which the table first reaches it."""
        reached = [self.start]
        for state in reached:
            onward = (after for (before, _), after in self.edges.items() if before == state)
            reached.extend(dict.fromkeys(after for after in onward if after not in reached))
        return tuple(reached)

    @property
    def final(self) -> tuple[State, ...]:
        """The states from which nothing leads on."""
        return tuple(state for state in self.states if not self.actions_from(state))

    def after(self, state: State, action: Action) -> State:
        """
        The state that the action leads to.

        :raises IllegalTransition: the action is not possible in this state.
        """
        try:
            return self.edges[state, action]
        except KeyError:
            thing = f"the {self.name}" if self.name else "it"
            raise IllegalTransition(
                f"“{_words(action)}” is not possible now, because {thing}"
                f" is at the stage “{_words(state)}”"
            ) from None

    def actions_from(self, state: State) -> tuple[Action, ...]:
        """What can be done in this state, in the order of the table."""
        return tuple(action for before, action in self.edges if before == state)

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, ending in a newline."""
        arrows = [f"[*] --> {self.start.value}"]
        for (before, action), after in self.edges.items():
            arrows.append(f"{before.value} --> {after.value}: {_words(action)}")
        arrows.extend(f"{state.value} --> [*]" for state in self.final)
        return "\n    ".join(["stateDiagram-v2", *arrows]) + "\n"


def _words(member: StrEnum) -> str:
    label = getattr(member, "label", None)
    return str(label) if label else member.value.replace("_", " ")
