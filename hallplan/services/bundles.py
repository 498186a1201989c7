"""高效办成一件事, public services and value-added services: what of each the hall has, and which windows serve it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import GivenBundle, ServiceInputs
from hallplan.model.services import BundleCover, BundleList, Offer
from hallplan.model.windows import WindowPlan, plate_runs
from hallplan.services.matching.words import squeeze, unify
from hallplan.settings import Settings
from hallplan.terms import language, read_data
from hallplan.units import MINUTES_PER_HOUR

_DOCUMENTS_PER_ITEM = 2


@dataclass(frozen=True, slots=True)
class _Bundle:
    id: str
    name: str
    year: str
    source: str
    parts: tuple[tuple[str, ...], ...]
    documents: float
    confidence: str


def cover_bundles(demand: Demand, inputs: ServiceInputs, windows: WindowPlan) -> tuple[BundleCover, ...]:
    """Returns each bundle of the national lists and of the workbook: covered when every part has an admitted item.

    A matter done as one costs one visit and one set of papers: visits saved a year are (parts - 1) × the cases of its
    rarest part × visits a case; papers saved are the bundle's own count, else two an item beyond the first.
    """
    names = _Names(demand.admitted)
    return tuple(_cover(bundle, names, windows) for bundle in _listed(inputs))


def bundle_lists() -> tuple[BundleList, ...]:
    """Returns the yearly national lists with how many of their matters are held here and how these are known; then local ones."""
    data = read_data("bundles.toml")
    return tuple(_bundle_list(entry, data["bundle"]) for entry in data["batch"])


def _bundle_list(batch: dict[str, Any], bundles: Sequence[dict[str, Any]]) -> BundleList:
    known = [entry["confidence"] for entry in bundles if entry["year"] == batch["year"]]
    read, placed = (known.count(how) for how in ("S", "P"))
    return BundleList(batch["year"], batch["document"], batch["count"], len(known), read, placed)


def bundled_demand(demand: Demand, inputs: ServiceInputs, names: Sequence[str]) -> tuple[Demand, tuple[str, ...]]:
    """Returns the demand when these bundles (names, ids, or all) are done as one matter, and the names of those that are.

    The items go to the windows for one matter; each but the rarest saves a visit for every case of the rarest, which is
    what cover_bundles counts.  A bundle that the hall does not cover is left as it is; an item is in one bundle only.
    """
    names_of_items = _Names(demand.admitted)
    changed: dict[str, Item] = {}
    done: list[str] = []
    for bundle in _listed(inputs):
        if "all" not in names and not {bundle.id, bundle.name} & set(names):
            continue
        found = [names_of_items.with_words(words) for words in bundle.parts]
        chosen = {item.code: item for item in (max(items, key=_busier) for items in found if items)}
        if len(bundle.parts) < 2 or not all(found) or set(chosen) & set(changed):
            continue
        changed |= {item.code: item for item in _as_one(bundle.name, list(chosen.values()))}
        done.append(bundle.name)
    return replace(demand, items=tuple(changed.get(item.code, item) for item in demand.items)), tuple(done)


def bundle_names(inputs: ServiceInputs) -> frozenset[str]:
    """Returns the names and ids of all bundles that are listed."""
    return frozenset(key for bundle in _listed(inputs) for key in (bundle.id, bundle.name))


def _as_one(name: str, chosen: Sequence[Item]) -> list[Item]:
    """The items of a bundle, done together: one visit for each case of the rarest."""
    rarest = min(chosen, key=lambda item: (item.cases, item.code))
    visits = min(item.visits_per_case for item in chosen)
    made = []
    for item in chosen:
        saved = 0.0 if item is rarest or item.cases <= 0 else rarest.cases / item.cases * visits
        made.append(replace(item, one_matter=name, special="", visits_per_case=max(0.0, item.visits_per_case - saved)))
    return made


def _busier(item: Item) -> tuple[float, str]:
    return item.cases, item.code


def _listed(inputs: ServiceInputs) -> list[_Bundle]:
    """The bundles of the national lists, then those of the workbook; one of the same name there stands for the national one."""
    own = [_own(n, given) for n, given in enumerate(inputs.bundles, 1)]
    given_names = {_plain(bundle.name) for bundle in own}
    national = map(_national, read_data("bundles.toml")["bundle"])
    return [bundle for bundle in national if _plain(bundle.name) not in given_names] + own


def _plain(name: str) -> str:
    return squeeze(name).removesuffix("一件事")


def offers(group: str, demand: Demand, settings: Settings) -> tuple[Offer, ...]:
    """Returns the public or value-added services of data/services.toml (group public or value): items, zone, windows' load."""
    names = _Names(demand.admitted)
    return tuple(_offer(id, entry, names, demand, settings) for id, entry in read_data("services.toml")[group].items())


def _national(entry: dict[str, Any]) -> _Bundle:
    parts = tuple(tuple(words) for words in entry["parts"])
    texts = (entry["id"], entry["name"], entry["year"], entry["source"])
    return _Bundle(*texts, parts, float(entry["documents"]), entry["confidence"])


def _own(number: int, given: GivenBundle) -> _Bundle:
    parts = tuple((item,) for item in given.items)
    documents = float(_DOCUMENTS_PER_ITEM * max(0, len(parts) - 1))
    return _Bundle(f"own-{number:02d}", given.name, given.year, given.source, parts, documents, "")


def _cover(bundle: _Bundle, names: _Names, windows: WindowPlan) -> BundleCover:
    found = [names.with_words(words) for words in bundle.parts]
    missing = tuple(words[0] for words, items in zip(bundle.parts, found, strict=True) if not items)
    chosen = [max(items, key=_busier) for items in found if items]
    is_covered = bool(bundle.parts) and not missing
    once = min((item.cases for item in chosen), default=0.0) if is_covered and len(bundle.parts) > 1 else 0.0
    visits = min((item.visits_per_case for item in chosen), default=1.0)
    return BundleCover(
        id=bundle.id,
        name=bundle.name,
        year=bundle.year,
        source=bundle.source,
        is_covered=is_covered,
        items=tuple(dict.fromkeys(item.name for item in chosen)),
        missing=missing,
        windows=_windows(chosen, bundle, windows) if is_covered else (),
        visits_saved=round(once * visits * (len(bundle.parts) - 1), 2),
        documents_saved=round(once * bundle.documents, 2),
        confidence=bundle.confidence,
    )


class _Names:
    """Items by their names, spelled as usual and joined in one text, in which a word is found at once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        names = [_usual(item.name) for item in items]
        self._text = "\n".join(names)
        self._starts = list(accumulate((len(name) + 1 for name in names), initial=0))

    def with_words(self, words: Iterable[str]) -> list[Item]:
        """Returns the items whose name has one of the words, in their order."""
        found: set[int] = set()
        for word in map(_usual, words):
            at = self._text.find(word)
            while at >= 0:
                number = bisect_right(self._starts, at) - 1
                found.add(number)
                at = self._text.find(word, self._starts[number + 1])
        return [self._items[number] for number in sorted(found)]


@lru_cache(maxsize=20_000)
def _usual(said: str) -> str:
    return unify(squeeze(said))


def _windows(chosen: Sequence[Item], bundle: _Bundle, windows: WindowPlan) -> tuple[str, ...]:
    """Number plates of the windows that serve the bundle: its own 一件事 windows, else those of its items."""
    one = [kind for kind in windows.types if kind.zone == "one_matter"]
    own = any(bundle.name in item.one_matter for item in chosen)
    codes = {item.code for item in chosen}
    kinds = one if own and one else [kind for kind in windows.types if codes & set(kind.items)]
    kinds = kinds if own or kinds else one
    ids = {kind.id for kind in kinds if kind.zone != "pickup"}
    return tuple(plate_runs([window.id for window in windows.windows if window.type in ids]))


def _offer(id: str, entry: dict[str, Any], names: _Names, demand: Demand, settings: Settings) -> Offer:
    items = names.with_words(entry["words"])
    per_day = sum(item.visits_per_year for item in items) / demand.working_days * demand.arrivals.peak_day
    minutes = sum(item.counter_cases * item.minutes.accept + item.consults * item.minutes.consult for item in items)
    hours = minutes / demand.working_days * demand.arrivals.peak_day / MINUTES_PER_HOUR
    peak = max(demand.arrivals.shares, default=0.0) * MINUTES_PER_HOUR / demand.arrivals.slot_min
    need = hours * peak / settings.service.max_utilisation
    return Offer(
        id,
        entry[language()],
        bool(items),
        tuple(item.name for item in items),
        entry["zone"],
        round(need, 3),
        round(per_day, 2),
    )
