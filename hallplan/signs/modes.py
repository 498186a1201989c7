"""How a face can be filled: few names for those in a hurry, or more for those with time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hallplan.signs.reducing import Option

Needs = frozenset[int]


@dataclass(frozen=True, slots=True)
class Mode:
    """At most `room` names on a face, for each goal one of its options (numbers), which serve who reads so many names."""

    sign: int
    room: int
    goals: Mapping[str, tuple[int, ...]]


def face_modes(options: Sequence[Option], needs: set[int], most_names: int) -> list[list[Mode]]:
    """Returns for each face the modes that may be in an answer for some needs: none that another of the face outdoes.

    With one mode chosen and at most one option a goal, what a face can say is the convex hull of its choices, so the
    relaxation of a programme with these columns is as tight as one with a column for every filling of every face.
    """
    numbers = sorted(range(len(options)), key=lambda o: (options[o].sign, options[o].face, o))
    faces = groupby(numbers, key=lambda o: (options[o].sign, options[o].face))
    return [_modes(options, list(held), needs, most_names) for _, held in faces]


def _modes(options: Sequence[Option], held: Sequence[int], needs: set[int], most: int) -> list[Mode]:
    serves = {o: options[o].needs & needs for o in held}
    rooms = {o: min(options[o].room or most, most) for o in held}
    every = [
        Mode(options[held[0]].sign, room, _best([o for o in held if rooms[o] >= room], options, serves))
        for room in sorted(set(rooms.values()))
    ]
    further = [mode for n, mode in enumerate(every) if all(other.goals != mode.goals for other in every[n + 1 :])]
    return [mode for n, mode in enumerate(further) if all(other.room < len(mode.goals) for other in further[:n])]


def _best(
    held: Sequence[int], options: Sequence[Option], serves: Mapping[int, Needs]
) -> dict[str, tuple[int, ...]]:  # fmt: skip
    """By goal the options that no other for the goal outdoes; of equal ones the first."""
    goals: dict[str, tuple[int, ...]] = {}
    for o in held:
        rivals = [p for p in held if p != o and options[p].goal == options[o].goal]
        if serves[o] and not any(serves[o] < serves[p] or (serves[o] == serves[p] and p < o) for p in rivals):
            goals[options[o].goal] = (*goals.get(options[o].goal, ()), o)
    return goals
