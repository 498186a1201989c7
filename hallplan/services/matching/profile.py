"""A name taken apart: what is done, which kind of act, for whom, at which level, and what is left to tell it by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from hallplan.services.matching.words import (
    facet_pattern,
    facet_words,
    generic_pattern,
    level_start,
    levels_of,
    modifier_pattern,
    number_pattern,
    optional_heads,
    squeeze,
    unify,
)

_BRACKET = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Profile:
    """One name, taken apart.

    spelt: the name squeezed and unified, the level left out; `core` without words that say nothing.  facets: values by facet.  content: characters that are
    left, counted; `optional` those in brackets that only explain.  order: the content as text.
    """

    spelt: str
    core: str
    facets: Mapping[str, frozenset[str]]
    numbers: frozenset[str]
    modifiers: frozenset[str]
    levels: tuple[str, ...]
    content: Counter[str]
    optional: Counter[str]
    order: str

    @property
    def grams(self) -> tuple[str, ...]:
        """Characters and pairs of the content and values of the facets, by which candidates are found."""
        pairs = (self.order[i : i + 2] for i in range(len(self.order) - 1))
        told = (f"{facet}={value}" for facet, values in self.facets.items() for value in values)
        return (*self.order, *pairs, *told)


@lru_cache(maxsize=4_000)
def profile_of(name: str) -> Profile:
    """Returns the profile of an item's name."""
    return profile_of_parts(*_parts(name))


@lru_cache(maxsize=50_000)
def spelling(name: str) -> str:
    """Returns a name squeezed and unified, its levels and explanations left out."""
    return _parts(name)[0]


def profile_of_parts(body: str, optional: str, levels: tuple[str, ...]) -> Profile:
    """Returns the profile of a name whose spelling, explanations and levels are known."""
    found: dict[str, set[str]] = {}
    for match in facet_pattern().finditer(body):
        facet, values = facet_words()[match[0]]
        found.setdefault(facet, set()).update(values)
    rest = facet_pattern().sub("", body)
    numbers = frozenset(f"{number}{unit}" for number, unit in number_pattern().findall(body))
    order = generic_pattern().sub("", rest)
    return Profile(
        spelt=body,
        core=generic_pattern().sub("", body),
        facets={facet: frozenset(values) for facet, values in found.items()},
        numbers=numbers,
        modifiers=frozenset(modifier_pattern().findall(order)),
        levels=levels,
        content=Counter(order),
        optional=Counter(generic_pattern().sub("", optional)),
        order=order,
    )


def _parts(name: str) -> tuple[str, str, tuple[str, ...]]:
    """Body with telling brackets, explaining brackets, levels."""
    said = squeeze(name)
    levels: list[str] = []
    optional: list[str] = []

    def sort(match: re.Match[str]) -> str:
        named = levels_of(match[1])
        if named is not None:
            levels.extend(named)
            return ""
        if match[1].startswith(optional_heads()) or match[1].endswith("行使") or len(match[1]) == 1:
            optional.append(match[1])
            return ""
        return match[1]

    while _BRACKET.search(said):
        said = _BRACKET.sub(sort, said)
    if start := level_start().match(said):
        levels.extend(levels_of(start[0]) or ())
        said = said[start.end() :]
    body = unify(re.sub(r"[()]", "", said))
    return body, unify("".join(optional)), tuple(dict.fromkeys(levels))
