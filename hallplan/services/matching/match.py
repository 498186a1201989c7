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
from hallplan.services.matching.compare import Weights, cost_between, cost_of_only, says_nothing_else
from hallplan.services.matching.profile import Profile, profile_of, profile_of_parts, spelling
from hallplan.services.matching.slips import Spelling
from hallplan.services.matching.words import decision, levels_of, squeeze
from hallplan.services.matching.wrapping import Unwrapper

_REGION = re.compile(r"^.{0,6}?(?:自治州|省|市|区|县|州|盟|旗)(?![监场县区])(?=.{2,})")
_OFFICE = re.compile(r"(?:局|委员会|委|办公室|办|厅|部|中心|处|大队|分局|支队)+$")

_NOWHERE: frozenset[int] = frozenset()


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
        self._said = _said(self._profiles, self._items)
        self._having = _having(self._said)
        self._families = {profile.order for profile in self._profiles}
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
        only = self._only(profile)
        wanted += [i for i in (own, only) if i is not None and i not in wanted]
        costs = {i: extra + self._cost(profile, office, i) for i in wanted}
        if only is not None:
            cost = cost_of_only(profile, self._profiles[only], self._weights) + self._beside(profile, office, only)
            costs[only] = min(costs[only], extra + cost)
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

    def _only(self, profile: Profile) -> int | None:
        """The one item whose name has every telling character of this one and does the same; None when none has, or several.

        Where the catalogue has items of just this name, of other actions, no other name stands for it.
        """
        if len(profile.content) < decision()["only_telling"]:
            return None
        found = self._with_all(profile)
        if profile.order in self._families:
            found = [i for i in found if self._profiles[i].order == profile.order]
        if len(profile.order) < decision()["only_scattered"]:
            found = [i for i in found if profile.order in self._profiles[i].spelt]
        found = [i for i in found if says_nothing_else(profile, self._profiles[i])]
        return found[0] if len(found) == 1 else None

    def _with_all(self, profile: Profile) -> list[int]:
        """Items that have every character of a name, as often as it has; 证 alone may be said besides."""
        telling = [character for character in profile.content if character != "证"]
        sets = sorted((self._having.get(character, _NOWHERE) for character in telling), key=len)
        found = sets[0] if sets else _NOWHERE
        for had in sets[1:]:
            if not found:
                break
            found &= had
        wanted = profile.content.items()
        return sorted(i for i in found if all(self._said[i][c] >= n for c, n in wanted if c != "证"))

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
        if profile.order in self._families and profile.order != known.order:
            cost += decision()["family"]
        if profile.optional != known.optional:
            is_said = bool(profile.optional) and bool(known.optional)
            cost += decision()["other_explanation" if is_said else "no_explanation"]
        return cost + self._beside(profile, office, i)

    def _beside(self, profile: Profile, office: str, i: int) -> float:
        """What stands beside the name: a level that is not the hall's, another department."""
        levels = self._profiles[i].levels
        is_elsewhere = bool(self._level and not profile.levels and levels and self._level not in levels)
        other = self._offices[i]
        is_other = bool(office and other and not _is_same_office(office, other))
        return decision()["other_level"] * is_elsewhere + decision()["department"] * is_other

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


def _said(profiles: Sequence[Profile], items: Sequence[CatalogueItem]) -> list[Counter[str]]:
    """Characters of each name, as written or as usual, whichever has more of one, with its explanations and main item."""
    return [
        (Counter(profile.spelt) | Counter(squeeze(item.name))) + profile.optional + Counter(squeeze(item.parent))
        for profile, item in zip(profiles, items, strict=True)
    ]


def _having(said: Sequence[Counter[str]]) -> dict[str, frozenset[int]]:
    """The items that have each character."""
    found: dict[str, set[int]] = defaultdict(set)
    for i, characters in enumerate(said):
        for character in characters:
            found[character].add(i)
    return {character: frozenset(had) for character, had in found.items()}


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
