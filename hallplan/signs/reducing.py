"""What of a covering question can be left out without changing its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A name with its arrow that a face could carry, and the needs that it would meet.

    room: how many names the face may carry in all for that, because who reads it has no time for more; None: any number.
    """

    sign: int
    face: int
    goal: str
    needs: frozenset[int]
    room: int | None = None


def leading_needs(options: Sequence[Option], wanted: Mapping[int, int]) -> set[int]:
    """Returns needs that bring all others with them: another is left out when all that meets some need meets it too."""
    holders: dict[int, int] = dict.fromkeys(wanted, 0)
    for o, option in enumerate(options):
        for need in option.needs & wanted.keys():
            holders[need] |= 1 << o
    kept: set[int] = set()
    by_first: dict[int, list[int]] = {}
    for need in sorted(holders, key=lambda need: (holders[need].bit_count(), need)):
        leads = (lead for option in _bits(holders[need]) for lead in by_first.get(option, ()))
        if not any(holders[lead] & ~holders[need] == 0 and wanted[need] <= wanted[lead] for lead in leads):
            kept.add(need)
            by_first.setdefault(next(_bits(holders[need]), -1), []).append(need)
    return kept


def _bits(mask: int) -> Iterator[int]:
    """Numbers of the bits that are set, from the lowest."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def leading_options(options: Sequence[Option], needs: set[int], most_names: int, *, by_sign: bool) -> list[int]:
    """Returns numbers of options that may be in an answer for some needs: none that another of its face outdoes.

    by_sign: also none of a sign for which another, which can say all it could at once, says face by face as much to as
    many. That holds where one sign a need is enough and signs may hang near to each other.
    """
    faces: dict[int, dict[int, dict[int, Option]]] = {}
    for o, option in enumerate(options):
        mine = option.needs & needs
        if mine:
            held = faces.setdefault(option.sign, {}).setdefault(option.face, {})
            held[o] = Option(option.sign, option.face, option.goal, mine, option.room)
    for sides in faces.values():
        for held in sides.values():
            _drop_outdone(held)
    signs = _leading_signs(faces, most_names) if by_sign else list(faces)
    return sorted(o for sign in signs for held in faces[sign].values() for o in held)


def _drop_outdone(held: dict[int, Option]) -> None:
    for o in sorted(held, key=lambda o: (len(held[o].needs), -o)):
        if any(other != o and _holds(held[other], held[o]) for other in held):
            del held[o]


def _leading_signs(faces: Mapping[int, Mapping[int, Mapping[int, Option]]], most_names: int) -> list[int]:
    masks = {
        sign: sum({1 << need for held in sides.values() for option in held.values() for need in option.needs})
        for sign, sides in faces.items()
    }
    whole = {sign for sign, sides in faces.items() if all(_says_at_once(held, most_names) for held in sides.values())}
    kept: list[int] = []
    by_need: dict[int, list[int]] = {}
    for sign in sorted(masks, key=lambda sign: (-masks[sign].bit_count(), sign)):
        rivals = by_need.get(next(_bits(masks[sign]), -1), ())
        if not any(masks[sign] & ~masks[k] == 0 and _says_all(faces[k], faces[sign]) for k in rivals):
            kept.append(sign)
            for need in _bits(masks[sign]) if sign in whole else ():
                by_need.setdefault(need, []).append(sign)
    return kept


def _says_at_once(held: Mapping[int, Option], most_names: int) -> bool:
    """Whether a face can carry all its options together."""
    goals = {option.goal for option in held.values()}
    return len(goals) == len(held) <= most_names and all((option.room or 99) >= len(held) for option in held.values())


def _says_all(one: Mapping[int, Mapping[int, Option]], other: Mapping[int, Mapping[int, Option]]) -> bool:
    """Whether each face of `other` has one of its own on `one` that can say as much."""
    free = list(one)
    for held in other.values():
        fit = next((f for f in free if all(any(_holds(m, o) for m in one[f].values()) for o in held.values())), None)
        if fit is None:
            return False
        free.remove(fit)
    return True


def _holds(one: Option, other: Option) -> bool:
    """Whether an option is as good as another for all whom the other serves."""
    return one.goal == other.goal and other.needs <= one.needs and (one.room or 99) >= (other.room or 99)
