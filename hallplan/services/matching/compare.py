"""What two names cost to be taken for the same item: 0 the same, 1 or more another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hallplan.services.matching.profile import Profile
from hallplan.services.matching.words import Facet, decision, facets, light_characters, negators, turning

LIGHT = 0.3
_NONE: frozenset[str] = frozenset()


class Weights:
    """How much each character tells, from how many names of the catalogue have it; one that none has tells most."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._weights = {c: weight * LIGHT if c in light_characters() else weight for c, weight in shares.items()}

    def of(self, characters: Mapping[str, int]) -> float:
        """Returns the sum over counted characters."""
        known = self._weights
        return sum(known.get(c, LIGHT if c in light_characters() else 1.0) * n for c, n in characters.items())


def _less(a: Mapping[str, int], *others: Mapping[str, int]) -> dict[str, int]:
    """Counted characters of `a` beyond those of the others."""
    left = {}
    for character, count in a.items():
        for other in others:
            count -= other.get(character, 0)
        if count > 0:
            left[character] = count
    return left


def cost_between(
    asked: Profile, known: Profile, weights: Weights, parent: Mapping[str, int], worst: float = 1.0
) -> float:
    """Returns the cost of taking `asked` for `known`; the count stops once it passes `worst`.

    parent: characters of the main item that groups `known`, which the asked name may repeat.
    """
    cost = _facet_costs(asked, known)
    if cost > worst:
        return cost
    cost += _rank_cost(asked, known)
    return cost if cost > worst else cost + _content_cost(asked, known, weights, parent)


def says_nothing_else(asked: Profile, known: Profile) -> bool:
    """Whether the known name says all that the asked one says of actions, kinds, ranks and levels, and leaves out no telling act."""
    known_facets = facets()
    for name in {*asked.facets, *known.facets}:
        facet, a, b = known_facets[name], asked.facets.get(name, _NONE), known.facets.get(name, _NONE)
        is_first_step = not b and a == {facet.default}
        if not (a <= b or is_first_step) or (not a - {facet.default} and b & facet.needed):
            return False
    if turning() & {*_less(known.content, asked.content)}:
        return False
    return asked.numbers <= known.numbers and not _is_other_level(asked, known)


def _is_other_level(asked: Profile, known: Profile) -> bool:
    return bool(asked.levels and known.levels and not {*asked.levels} & {*known.levels})


def cost_of_only(asked: Profile, known: Profile, weights: Weights) -> float:
    """Returns the cost of taking `asked` for the one name that has all it says: by how much of that name is left out."""
    share = weights.of(asked.content) / max(weights.of(known.content), 1e-9)
    return decision()["only_least"] + decision()["only"] * (1.0 - min(1.0, share))


def _facet_costs(asked: Profile, known: Profile) -> float:
    cost = 0.0
    known_facets = facets()
    for name in (*asked.facets, *(name for name in known.facets if name not in asked.facets)):
        a, b = asked.facets.get(name, _NONE), known.facets.get(name, _NONE)
        if a != b:
            cost += _facet_cost(known_facets[name], a, b)
    if _is_other_level(asked, known):
        cost += decision()["number"]
    return cost


def _facet_cost(facet: Facet, a: frozenset[str], b: frozenset[str]) -> float:
    if facet.default:
        is_said = bool(a) and bool(b)
        a, b = a - {facet.default}, b - {facet.default}
        if a == b:
            return facet.overlap if a else decision()["first_step_said"]
        if is_said and not (a and b):
            return facet.differ
    if not a or not b:
        return facet.one_side
    return facet.overlap if a < b or b < a else facet.differ


def _rank_cost(asked: Profile, known: Profile) -> float:
    if asked.numbers == known.numbers:
        return 0.0
    return decision()["number" if asked.numbers and known.numbers else "number_one_side"]


def _content_cost(asked: Profile, known: Profile, weights: Weights, parent: Mapping[str, int]) -> float:
    say = decision()
    if not asked.content:
        return 1.0 if known.content else 0.0
    added = _less(asked.content, known.content, known.optional)
    missing = _less(known.content, asked.content, asked.optional)
    omitted = {c: n for c, n in missing.items() if c not in asked.content}
    if not added and not missing:
        return 0.0
    # what the name says twice tells nothing; nor does what the main item or the department says, unless a word is missing for it
    around: Mapping[str, int] = {} if _tells(omitted) else parent
    explained = {c: n for c, n in added.items() if c in around or c in known.content}
    added = {c: n for c, n in added.items() if c not in explained}
    more, less = weights.of(added), weights.of(omitted)
    whole_asked, whole_known = max(weights.of(asked.content), 1e-9), max(weights.of(known.content), 1e-9)
    swapped = min(more, less) if _tells(added) and _tells(omitted) else 0.0
    if _tells(added) and not omitted and _tells(missing):  # 供气 for 供水 in a name that says 水 elsewhere too
        swapped = less = min(more, weights.of(missing))
        missing = omitted
    cost = say["omitted_share"] * (less - swapped) / whole_known + say["added_share"] * (more - swapped) / whole_asked
    cost += say["explained_share"] * weights.of(explained) / whole_asked
    cost += say["explained_share"] * weights.of(_less(missing, omitted)) / whole_known
    if swapped > 0:
        cost += say["substitution"] + say["substitution_share"] * swapped / min(whole_asked, whole_known)
    if sum(character not in light_characters() for character in added) >= 2:
        cost += say["added_word"]
    if negators() & {*added, *omitted}:
        cost += say["negator"]
    beyond = {**added, **explained}
    foreign = frozenset(w for w in asked.modifiers - known.modifiers if any(c not in around for c in w))
    if _is_within(foreign, beyond):
        cost += say["modifier"]
    elif _is_within(known.modifiers - asked.modifiers, omitted):
        cost += say["modifier_omitted"]
    return cost


def _tells(characters: Mapping[str, int]) -> bool:
    return any(character not in light_characters() for character in characters)


def _is_within(words: frozenset[str], characters: Mapping[str, int]) -> bool:
    """Whether one of the words is made of the characters that differ."""
    return any(not _less(Counter(word), characters) for word in words)
