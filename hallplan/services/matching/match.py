"""The hall's list against the catalogue: what is the same, what a person should look at, what is neither."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from hallplan.model.service_inputs import CatalogueItem
from hallplan.services.matching.compare import Weights, cost_between
from hallplan.services.matching.profile import Profile, profile_of, profile_of_parts, spelling
from hallplan.services.matching.slips import Spelling
from hallplan.services.matching.words import decision, levels_of, squeeze
from hallplan.services.matching.wrapping import Unwrapper

_REGION = re.compile(r"^.{0,6}?(?:自治州|省|市|区|县|州|盟|旗)(?![监场县区])(?=.{2,})")
_OFFICE = re.compile(r"(?:局|委员会|委|办公室|办|厅|部|中心|处|大队|分局|支队)+$")


@dataclass(frozen=True, slots=True)
class Asked:
    """An item of the hall's list as far as matching needs it."""

    name: str
    code: str = ""
    department: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """A catalogue item with how sure it is to be the one asked for, in [0, 1]."""

    item: CatalogueItem
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one asked item.

    is_sure: the first guess is the item.  guesses: best first; none when nothing is like it.  is_confirmed: a person said so.
    code_of: the catalogue item that has the asked code, whether or not its name is the one asked for.
    """

    asked: Asked
    guesses: tuple[Guess, ...]
    is_sure: bool
    code_of: CatalogueItem | None = None
    is_confirmed: bool = False


class Matcher:
    """A catalogue made ready; matching a list of n names costs n times a look-up and some comparisons."""

    def __init__(self, items: Sequence[CatalogueItem], level: str = "") -> None:
        """level: level of government of the hall, which settles names that name none."""
        self._items = tuple(items)
        self._level = level
        self._profiles = [profile_of(item.name) for item in self._items]
        self._around = [_around(item) for item in self._items]
        self._offices = [_office(item.department) for item in self._items]
        self._codes = {_code(item.code): i for i, item in enumerate(self._items) if item.code}
        self._spelt: dict[str, list[int]] = defaultdict(list)
        for i, profile in enumerate(self._profiles):
            self._spelt[profile.spelt].append(i)
        heads = {*map(spelling, {item.parent for item in self._items})} - {""}
        departments = {squeeze(item.department) for item in self._items} - {""}
        self._unwrapper = Unwrapper({squeeze(item.name) for item in self._items}, heads, departments, spelling)
        self._weights = Weights(_shares(self._profiles))
        self._postings, self._rarity, self._norms = _postings(self._profiles)
        self._spelling = Spelling(profile.spelt for profile in self._profiles)

    def match(self, asked: Asked, *, with_others: bool = False) -> Answer:
        """Returns what the catalogue has for one item.

        with_others: what else it may be is wanted even where a name written to the letter leaves no doubt.
        """
        own = self._codes.get(_code(asked.code)) if asked.code else None
        if not with_others and (very := self._to_the_letter(asked, own)) is not None:
            return self._answer(asked, [very], {very: 1.0}, True, own)
        costs: dict[int, float] = {}
        for bare in self._unwrapper.forms(asked.name):
            own = self._codes.get(_code(bare.code)) if own is None and bare.code else own
            office = _office(asked.department or bare.office)
            profile = self._at_level(profile_of(bare.name), bare.levels or levels_of(asked.level) or ())
            for i, cost in self._costs(profile, office, own, bare.cost).items():
                costs[i] = min(cost, costs.get(i, cost))
            if min(costs.values(), default=1.0) <= decision()["spelt"] + bare.cost:
                break
        return self._decide(asked, costs, own)

    def _to_the_letter(self, asked: Asked, own: int | None) -> int | None:
        """The only item spelt like this, where nothing that stands beside the name speaks against it."""
        profile = self._at_level(profile_of(asked.name), levels_of(asked.level) or ())
        here = self._spelt.get(profile.spelt, ())
        if len(here) != 1 or own not in (None, here[0]):
            return None
        return here[0] if self._cost(profile, _office(asked.department), here[0]) == 0.0 else None

    def find(self, name: str) -> CatalogueItem | None:
        """Returns the catalogue item of this very name or code, or None."""
        here = self._spelt.get(profile_of(name).spelt, [])
        exact = [i for i in here if squeeze(self._items[i].name) == squeeze(name)]
        found = exact or here or ([self._codes[name]] if name in self._codes else [])
        return self._items[found[0]] if found else None

    def _at_level(self, profile: Profile, levels: tuple[str, ...]) -> Profile:
        """The profile with the levels that stand beside the name, where the name has none."""
        return profile if profile.levels or not levels else replace(profile, levels=levels)

    def _costs(self, profile: Profile, office: str, own: int | None, extra: float) -> dict[int, float]:
        """Cost by item of taking one form of a name for it, slips mended where nothing else fits."""
        wanted = self._candidates(profile)
        if own is not None and own not in wanted:
            wanted.append(own)
        costs = {i: extra + self._cost(profile, office, i) for i in wanted}
        if min(costs.values(), default=1.0) <= extra + decision()["spelt"]:
            return costs
        mended, slips = self._spelling.corrected(profile.spelt, int(decision()["typos"]))
        if slips:
            better = replace(profile_of_parts(mended, "", profile.levels), optional=profile.optional)
            wanted = list(dict.fromkeys([*wanted, *self._candidates(better)]))
            for i in wanted:
                cost = extra + slips * decision()["typo"] + self._cost(better, office, i)
                costs[i] = min(cost, costs.get(i, cost))
        for i in wanted:
            count = self._spelling.slips(profile.spelt, self._profiles[i].spelt, int(decision()["typos"]))
            if count:
                meant = replace(self._profiles[i], levels=profile.levels)
                costs[i] = min(costs[i], extra + count * decision()["typo"] + self._cost(meant, office, i))
        return costs

    def _candidates(self, profile: Profile) -> list[int]:
        found = list(self._spelt.get(profile.spelt, ()))
        most = int(decision()["candidates"])
        scores = np.zeros(len(self._items))
        for gram in sorted(set(profile.grams)):
            if gram in self._postings:
                scores[self._postings[gram]] += self._rarity[gram]
        scores /= self._norms
        best = np.argpartition(-scores, most)[:most] if len(scores) > most else np.arange(len(scores))
        found += [int(i) for i in best[np.lexsort((best, -scores[best]))] if scores[i] > 0]
        return list(dict.fromkeys(found))

    def _cost(self, profile: Profile, office: str, i: int) -> float:
        known = self._profiles[i]
        cost = cost_between(profile, known, self._weights, self._around[i], 1.0 - decision()["unsure"])
        if profile.spelt != known.spelt:
            cost += decision()["spelt"]
            cost += decision()["surface"] * (1.0 - Indel.normalized_similarity(profile.core, known.core))
        if profile.optional != known.optional:
            is_said = bool(profile.optional) and bool(known.optional)
            cost += decision()["other_explanation" if is_said else "no_explanation"]
        if self._level and not profile.levels and known.levels and self._level not in known.levels:
            cost += decision()["other_level"]
        other = self._offices[i]
        return cost + (decision()["department"] if office and other and not _is_same_office(office, other) else 0.0)

    def _decide(self, asked: Asked, costs: Mapping[int, float], own: int | None) -> Answer:
        say = decision()
        ranked = sorted(costs, key=lambda i: (costs[i], i))
        sure = {i: max(0.0, 1.0 - costs[i]) for i in ranked}
        listed = [i for i in ranked if sure[i] >= say["unsure"]]
        by_name = bool(listed) and self._stands_out(listed, sure)
        if (
            own is not None
            and sure[own] >= say["unsure"]
            and not (by_name and sure[own] < sure[listed[0]] - say["code"])
        ):
            others = [i for i in ranked if i != own]
            return self._answer(asked, [own, *others], {**sure, own: max(0.99, sure[own])}, True, own)
        order = listed if by_name or own is None else [own, *listed]
        return self._answer(asked, order, sure, by_name, own)

    def _stands_out(self, listed: Sequence[int], sure: Mapping[int, float]) -> bool:
        """Whether the first is sure enough for its distance to the second; a name written to the letter needs none."""
        say = decision()
        first, second = sure[listed[0]], sure[listed[1]] if len(listed) > 1 else 0.0
        if first >= 1.0 - say["spelt"] and first - second >= say["spelt"] / 2:
            return True
        is_clear = first >= say["match"] and first - second >= say["margin"]
        return is_clear or (first >= say["match_alone"] and first - second >= say["margin_alone"])

    def _answer(
        self, asked: Asked, order: Sequence[int], sure: Mapping[int, float], is_sure: bool, own: int | None = None
    ) -> Answer:
        listed = list(dict.fromkeys(order))[: int(decision()["listed"])]
        guesses = tuple(Guess(self._items[i], round(sure[i], 4)) for i in listed)
        return Answer(asked, guesses, is_sure, None if own is None else self._items[own])


def _shares(profiles: Sequence[Profile]) -> dict[str, float]:
    """Weight of each character in (0, 1]: log of its rarity over that of a character that one name has."""
    counts: Counter[str] = Counter()
    for profile in profiles:
        counts.update(profile.content.keys())
    top = math.log(1 + len(profiles)) or 1.0
    return {character: math.log((1 + len(profiles)) / count) / top for character, count in counts.items()}


def _around(item: CatalogueItem) -> Counter[str]:
    """Characters of the main item and of the department, which people put before a name."""
    return profile_of(item.parent).content + profile_of(_office(item.department)).content


def _postings(
    profiles: Sequence[Profile],
) -> tuple[dict[str, NDArray[np.int64]], dict[str, float], NDArray[np.float64]]:
    """Names by gram, the rarity of each gram, and the length of each name in rarity."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, profile in enumerate(profiles):
        for gram in set(profile.grams):
            found[gram].append(i)
    rarity = {gram: math.log(1 + len(profiles) / len(where)) for gram, where in found.items()}
    norms = np.array([math.sqrt(1.0 + sum(rarity[gram] for gram in set(profile.grams))) for profile in profiles])
    return {gram: np.array(where, dtype=np.int64) for gram, where in found.items()}, rarity, norms


def _code(said: str) -> str:
    """A code with the same letters and figures, however it is written."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", said)).lower()


def _office(department: str) -> str:
    return _OFFICE.sub("", _REGION.sub("", squeeze(department)))


def _is_same_office(a: str, b: str) -> bool:
    """人社 and 人力资源和社会保障 are one: the shorter is a subsequence of the longer."""
    short, long = sorted((a, b), key=len)
    rest = iter(long)
    return all(character in rest for character in short)
