"""Slips of the keyboard: a name that becomes another by a character that sounds or looks alike, a swap, one doubled or lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import Indel

from hallplan.services.matching.shape import ink_shared
from hallplan.services.matching.sound import sounds_alike
from hallplan.services.matching.words import decision, negators, number_characters

EDGE = "\0"


class Spelling:
    """The pairs of characters that some name of a catalogue has; a slip makes one that none has."""

    def __init__(self, names: Iterable[str]) -> None:
        self._after: dict[str, set[str]] = defaultdict(set)
        self._before: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for a, b in zip(EDGE + name, name + EDGE, strict=True):
                self._after[a].add(b)
                self._before[b].add(a)

    def corrected(self, name: str, most: int) -> tuple[str, int]:
        """Returns the name with at most `most` characters mended that make pairs no name has, and how many were."""
        count = 0
        for i in range(len(name)):
            if count < most and not self._is_known(name, i):
                better = self._meant(name, i)
                if better:
                    name, count = name[:i] + better + name[i + 1 :], count + 1
        return name, count

    def slips(self, name: str, meant: str, most: int) -> int | None:
        """Returns how many slips turn `meant` into `name`, None when it takes more than `most` or is no slip.

        A name must have decision.per_slip characters for each.
        """
        most = min(most, int(len(meant) // decision()["per_slip"]))
        if Indel.distance(name, meant, score_cutoff=2 * most) > 2 * most:
            return None
        return self._between(name, meant, 0, 0, most)

    def _between(self, name: str, meant: str, i: int, j: int, most: int) -> int | None:
        while i < len(name) and j < len(meant) and name[i] == meant[j]:
            i, j = i + 1, j + 1
        if i == len(name) and j == len(meant):
            return 0
        if most == 0:
            return None
        for step_i, step_j in self._ways(name, meant, i, j):
            rest = self._between(name, meant, i + step_i, j + step_j, most - 1)
            if rest is not None:
                return rest + 1
        return None

    def _ways(self, name: str, meant: str, i: int, j: int) -> list[tuple[int, int]]:
        """Steps over what may be one slip at these places."""
        found = []
        a, b = name[i : i + 1], meant[j : j + 1]
        if name[i : i + 2] == meant[j : j + 2][::-1] and len(name[i : i + 2]) == 2 and self._is_odd(name, i, i + 2):
            found.append((2, 2))
        if a and b and self._is_odd(name, i, i + 1) and _is_alike(a, b):
            found.append((1, 1))
        if a and (a == name[i - 1 : i] or a == name[i + 1 : i + 2]) and self._is_odd(name, i, i + 1):
            found.append((1, 0))
        if b and self._is_odd(name, i, i) and b not in negators() and b not in number_characters():
            found.append((0, 1))
        return found

    def _is_odd(self, name: str, start: int, end: int) -> bool:
        """Whether a pair in name[start:end], or at its edges, is one that no name has."""
        whole = EDGE + name + EDGE
        return any(whole[k + 1] not in self._after[whole[k]] for k in range(start, end + 1))

    def _is_known(self, name: str, i: int) -> bool:
        """Whether the character makes a known pair with a neighbour."""
        left, right = (EDGE + name)[i], (name + EDGE)[i + 1]
        return name[i] in self._after[left] or right in self._after[name[i]]

    def _meant(self, name: str, i: int) -> str:
        """The one character that sounds or looks alike and that makes known pairs with both neighbours, or ""."""
        left, right = (EDGE + name)[i], (name + EDGE)[i + 1]
        fitting = self._after[left] & self._before[right] - {EDGE}
        fitting -= number_characters()
        found = [b for b in sorted(fitting) if sounds_alike(name[i], b)]
        if not found and len(fitting) <= decision()["looked_at"]:
            found = [b for b in sorted(fitting) if ink_shared(name[i], b) >= decision()["alike"]]
        return found[0] if len(found) == 1 and name[i] not in number_characters() else ""


def _is_alike(a: str, b: str) -> bool:
    """Whether one may be typed or read for the other; numbers are what they are."""
    if a in number_characters() or b in number_characters():
        return False
    return sounds_alike(a, b) or ink_shared(a, b) >= decision()["alike"]
