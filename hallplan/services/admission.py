"""Which items of the catalogue the hall handles, which it does not and why, and what in the lists contradicts itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import Catalogue, CatalogueItem, Confirmed, ServiceInputs
from hallplan.model.services import Flaw, ItemMatch, Ratio, UnsureMatch
from hallplan.services.matching import Answer, Asked, Guess, Matcher
from hallplan.services.matching.words import levels_of, squeeze
from hallplan.terms import listed, read_data, text

_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_REGION_CODE = re.compile(r"^(?:1[12](\d{6})[0-9A-Z]{10}|([1-6]\d{5})[-_])")
"""A code that begins with the office's 18-digit credit code, whose 3rd to 8th digits are the region (GB 32100), or with the region."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The comparison: matches, questions, hall items that the catalogue lacks, and catalogue items nobody named."""

    matched: tuple[ItemMatch, ...]
    unsure: tuple[UnsureMatch, ...]
    beyond: tuple[str, ...]
    flaws: tuple[Flaw, ...]
    open: tuple[tuple[CatalogueItem, Item | None], ...]
    may_be: Mapping[str, str]


def compare_lists(demand: Demand, catalogue: Catalogue, inputs: ServiceInputs, level: str) -> Admission:
    """Returns how the hall's items stand to the catalogue; level: of the hall, an id of settings.project.level."""
    matcher = Matcher(catalogue.items, level)
    written = dict(inputs.written)
    decided: dict[str, list[Confirmed]] = defaultdict(list)
    for entry in inputs.confirmed:
        decided[squeeze(entry.item)].append(entry)
    answers = [(item, _answer(item, decided, matcher)) for item in demand.items]
    matched = tuple(_match(item, answer, written) for item, answer in answers if answer.is_sure)
    unsure = tuple(
        UnsureMatch(
            item.code, written.get(item.name, item.name),
            tuple(g.item.name for g in answer.guesses), tuple(g.confidence for g in answer.guesses),
        )
        for item, answer in answers if not answer.is_sure and answer.guesses
    )  # fmt: skip
    beyond = tuple(written.get(item.name, item.name) for item, answer in answers if not answer.guesses)
    may_be = {g.item.key: item.name for item, answer in answers if not answer.is_sure for g in answer.guesses[:1]}
    flaws = (*_flaws(answers, catalogue, level), *_settled_nowhere(inputs, demand, catalogue))
    return Admission(matched, unsure, beyond, flaws, _open(catalogue, answers), may_be)


def ratios(
    catalogue: Catalogue, matched: Iterable[ItemMatch], level: str
) -> tuple[Ratio, tuple[Ratio, ...], tuple[Ratio, ...], tuple[Ratio, ...]]:
    """Returns the admission ratio overall and by department, level and type; each item counts once, so none is above 1."""
    inside = {match.catalogue_key for match in matched if match.is_admitted}
    overall = Ratio("", sum(item.key in inside for item in catalogue.items), len(catalogue.items))
    return (
        overall,
        _by(catalogue, inside, lambda item: (item.department,)),
        _by(catalogue, inside, lambda item: item_levels(item) or (level,)),
        _by(catalogue, inside, lambda item: (item.item_type,)),
    )


def item_levels(item: CatalogueItem) -> tuple[str, ...]:
    """Returns the levels of government that a catalogue item names, in its own column or in brackets after its name."""
    said = [*item.levels, *_BRACKETS.findall(item.name)]
    found = [level for part in said for level in levels_of(part) or ()]
    return tuple(dict.fromkeys(found))


def _by(
    catalogue: Catalogue, inside: set[str], groups: Callable[[CatalogueItem], tuple[str, ...]]
) -> tuple[Ratio, ...]:
    counts: dict[str, list[int]] = {}
    for item in catalogue.items:
        for group in groups(item):
            entry = counts.setdefault(group or text("services.no_group"), [0, 0])
            entry[0] += item.key in inside
            entry[1] += 1
    return tuple(Ratio(group, admitted, total) for group, (admitted, total) in sorted(counts.items()))


def _asked(item: Item) -> Asked:
    code = "" if "code" in item.assumed else item.code
    return Asked(item.name, code, item.department, item.level)


def _answer(item: Item, decided: Mapping[str, Sequence[Confirmed]], matcher: Matcher) -> Answer:
    """What the catalogue has for an item, after what a person said about it: a yes settles it, a no takes a candidate away."""
    said = decided.get(squeeze(item.name), ())
    answer = matcher.match(_asked(item), with_others=bool(said))
    for entry in said:
        known = matcher.find(entry.catalogue_item)
        if known is None:
            continue
        if entry.is_same:
            return replace(answer, guesses=(Guess(known, 1.0),), is_sure=True, is_confirmed=True)
        guesses = tuple(guess for guess in answer.guesses if guess.item.key != known.key)
        answer = replace(answer, guesses=guesses, is_sure=answer.is_sure and guesses == answer.guesses)
    return answer


def _match(item: Item, answer: Answer, written: Mapping[str, str]) -> ItemMatch:
    guess = answer.guesses[0]
    how = "confirmed" if answer.is_confirmed else "name"
    how = "code" if item.code == guess.item.code and "code" not in item.assumed else how
    return ItemMatch(
        item.code,
        written.get(item.name, item.name),
        guess.item.key,
        guess.item.name,
        guess.confidence,
        how,
        item.is_admitted,
    )


def _open(
    catalogue: Catalogue, answers: Sequence[tuple[Item, Answer]]
) -> tuple[tuple[CatalogueItem, Item | None], ...]:
    """Catalogue items that no admitted hall item is, each with the hall item that is listed as not admitted."""
    listed: dict[str, list[Item]] = defaultdict(list)
    for item, answer in answers:
        if answer.is_sure:
            listed[answer.guesses[0].item.key].append(item)
    found: list[tuple[CatalogueItem, Item | None]] = []
    for known in catalogue.items:
        here = listed.get(known.key, [])
        if not any(item.is_admitted for item in here):
            found.append((known, here[0] if here else None))
    return tuple(found)


def _flaws(answers: Sequence[tuple[Item, Answer]], catalogue: Catalogue, level: str) -> list[Flaw]:
    flaws: list[Flaw] = []
    same: dict[str, list[Item]] = defaultdict(list)
    for item, answer in answers:
        if answer.is_sure:
            same[answer.guesses[0].item.key].append(item)
        if answer.code_of is not None and not (answer.is_sure and answer.guesses[0].item.key == answer.code_of.key):
            words = text("services.code_says_other", item=item.name, code=item.code, other=answer.code_of.name)
            flaws.append(Flaw("code_disagrees", item.code, words))
        flaws += _level_flaws(item, answer, level)
    for key, items in same.items():
        if len(items) > 1:
            codes = listed(f"{item.code} {item.name}" for item in items)
            flaws.append(Flaw("same_item_twice", key, text("services.same_item", items=codes)))
    return flaws + _too_many(answers, catalogue)


def _level_flaws(item: Item, answer: Answer, level: str) -> list[Flaw]:
    """Codes and catalogue items of another level of government than the hall's."""
    code = _REGION_CODE.match(item.code)
    flaws = []
    if (
        code
        and (found := _level_of_region(code[1] or code[2])) != level
        and not (level == "township" and found == "county")
    ):
        words = text(
            "services.code_level", item=item.name, code=item.code, found=_level_name(found), level=_level_name(level)
        )
        flaws.append(Flaw("other_level", item.code, words))
    said = [level for part in _BRACKETS.findall(item.name) for level in levels_of(part) or ()]
    levels = item_levels(answer.guesses[0].item) if answer.is_sure else tuple(dict.fromkeys(said))
    own = levels_of(item.level) if item.level else None
    if levels and level not in levels and not (own and set(own) & set(levels)):
        words = text(
            "services.item_level", item=item.name, found=listed(map(_level_name, levels)), level=_level_name(level)
        )
        flaws.append(Flaw("other_level", item.code, words))
    return flaws


def _level_of_region(region: str) -> str:
    return "province" if region.endswith("0000") else "city" if region.endswith("00") else "county"


def _level_name(level: str) -> str:
    return text(f"services.level_{level}")


def _too_many(answers: Sequence[tuple[Item, Answer]], catalogue: Catalogue) -> list[Flaw]:
    """Departments with more admitted items in the hall than the catalogue has: their plain ratio would be above 1."""
    totals: dict[str, int] = defaultdict(int)
    for known in catalogue.items:
        totals[known.department] += 1
    here: dict[str, int] = defaultdict(int)
    for item, _ in answers:
        here[item.department] += item.is_admitted
    return [
        Flaw("above_one", name, text("services.above_one", name=name, here=count, total=totals[name]))
        for name, count in sorted(here.items())
        if name in totals and count > totals[name]
    ]


def _settled_nowhere(inputs: ServiceInputs, demand: Demand, catalogue: Catalogue) -> list[Flaw]:
    """Confirmed pairs of which one side is in neither list."""
    names = {squeeze(item.name) for item in demand.items}
    known = {squeeze(item.name) for item in catalogue.items}
    return [
        Flaw("unknown_confirmed", e.item, text("services.unknown_confirmed", item=e.item, other=e.catalogue_item))
        for e in inputs.confirmed
        if squeeze(e.item) not in names or squeeze(e.catalogue_item) not in known
    ]


def reason_kind(reason: str) -> str:
    """Returns secret, site, other, or none for no reason given; words of data/services.toml."""
    if not reason:
        return "none"
    data = read_data("services.toml")["admission"]
    for kind in ("secret", "site"):
        if any(word in reason for word in data[kind]):
            return kind
    return "other"
