"""Slips of a Chinese keyboard are characters that sound alike: 注消 for 注销, 登计 for 登记."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache


class Spelling:
    """Corrects pairs of characters that no name of the catalogue has and that sound like one that some name has."""

    def __init__(self, names: Iterable[str]) -> None:
        self._pairs = {name[i : i + 2] for name in names for i in range(len(name) - 1)}
        self._alike: dict[tuple[str, str], set[str]] = {}

    def corrected(self, name: str, most: int) -> tuple[str, int]:
        """Returns the name with at most `most` slips mended, and how many were."""
        count = 0
        for i in range(len(name) - 1):
            if count < most and name[i : i + 2] not in self._pairs:
                better = self._alike_pair(name[i : i + 2])
                if better:
                    name, count = name[:i] + better + name[i + 2 :], count + 1
        return name, count

    def _alike_pair(self, pair: str) -> str:
        """The one known pair that sounds the same and shares a character, or ""."""
        if not self._alike:
            grouped: dict[tuple[str, str], set[str]] = defaultdict(set)
            for known in self._pairs:
                grouped[_sounds(known)].add(known)
            self._alike = dict(grouped)
        found = [
            known for known in self._alike.get(_sounds(pair), ()) if (known[0] == pair[0]) != (known[1] == pair[1])
        ]
        return found[0] if len(found) == 1 else ""


def _sounds(pair: str) -> tuple[str, str]:
    return _sound(pair[0]), _sound(pair[1])


@cache
def _sound(character: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])
