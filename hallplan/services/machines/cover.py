"""Which kinds of machine, and how many, serve every self-service item at its peak: fewest machines by a cover MILP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from hallplan.errors import InfeasibleError
from hallplan.lp import Limits, LinearProgramme, Solution
from hallplan.model.demand import Item
from hallplan.model.services import Choice
from hallplan.services.machines.kinds import Kind, single_kind
from hallplan.terms import listed, read_data, text
from hallplan.units import MINUTES_PER_HOUR

MOST = 60
"""Machines of one kind that a cover may have."""
EXACT = Limits(gap=0.0, nodes=200_000)


@dataclass(frozen=True, slots=True)
class Target:
    """Share of users who begin within wait_min at the peak, faults counted."""

    share: float
    wait_min: float

    @classmethod
    def usual(cls) -> Target:
        """Returns the target of data/equipment.toml."""
        data = read_data("equipment.toml")["target"]
        return cls(float(data["share"]), float(data["wait_min"]))

    @classmethod
    def modest(cls) -> Target:
        """Returns the target of halls in which one more machine would hardly be used."""
        data = read_data("equipment.toml")["earns"]
        return cls(float(data["share"]), float(data["wait_min"]))


@dataclass(frozen=True, slots=True)
class Covered:
    """A cover: machines by kind, uses an hour that each kind takes, the kind of each item (by code), proven gap.

    target: what it keeps.  spared: machines that the usual target would have asked for besides.
    """

    counts: Mapping[str, int]
    rates: Mapping[str, float]
    kinds: Mapping[str, str]
    gap: float
    target: Target = field(default_factory=Target.usual)
    spared: int = 0

    def choice(self, name: str, kinds: Sequence[Kind]) -> Choice:
        """Returns it as a choice with money and floor."""
        known = {kind.id: kind for kind in kinds}
        counts = tuple((known[id].name, n) for id, n in self.counts.items() if n)
        price = sum(known[id].price * n for id, n in self.counts.items())
        area = sum(known[id].m2 * n for id, n in self.counts.items())
        return Choice(name, counts, price, round(area, 2), self.gap)


def earning_cover(
    items: Sequence[tuple[Item, float]], kinds: Sequence[Kind], have: Mapping[str, int] | None = None
) -> Covered:
    """Returns the cover in which each machine earns its place.

    Where one of the usual cover would be used less than earns.busy of the busiest half-hour, fewer machines at the modest
    target of data/equipment.toml stand in its place, if there are such.
    """
    usual = cover_items(items, kinds, have=have)
    by_id = {kind.id: kind for kind in kinds}
    busy = [usual.rates[id] * by_id[id].minutes / MINUTES_PER_HOUR / n for id, n in usual.counts.items()]
    if not busy or min(busy) >= read_data("equipment.toml")["earns"]["busy"]:
        return usual
    modest = cover_items(items, kinds, target=Target.modest(), have=have)
    spared = sum(usual.counts.values()) - sum(modest.counts.values())
    return replace(modest, spared=spared) if spared > 0 else usual


def cover_items(
    items: Sequence[tuple[Item, float]], kinds: Sequence[Kind], *, target: Target | None = None,
    have: Mapping[str, int] | None = None,
) -> Covered:  # fmt: skip
    """Returns the fewest machines that serve every item at its peak, the cheapest to buy among those, both proven (gap 0).

    items: with uses an hour at the peak.  have: machines by kind that stand there and cost nothing.  A kind's n machines take as many uses an hour as keep the waiting target with
    faults, so pooling counts: binary z[kind, n] opens that capacity, items are shared out among kinds that can do them.
    Raises InfeasibleError naming items that no kind can do.
    """
    able = {item.code: [kind for kind in kinds if kind.can(item)] for item, _ in items}
    orphans = [item.name for item, _ in items if not able[item.code]]
    if orphans:
        raise InfeasibleError.at(text("services.no_machine_for"), listed(orphans[:8]))
    wanted = target or Target.usual()
    if not items:
        return Covered({}, {}, {}, 0.0, wanted)
    least = _solve(items, kinds, able, wanted, None, {})
    cheapest = _solve(items, kinds, able, wanted, round(least.objective), have or {})
    return replace(_read(cheapest, items, kinds, able, _exact(max(least.gap, cheapest.gap))), target=wanted)


def _exact(gap: float) -> float:
    """A gap of nothing but rounding is none."""
    return 0.0 if gap < 1e-9 else gap


def single_cover(items: Sequence[tuple[Item, float]], kinds: Sequence[Kind]) -> tuple[Covered, tuple[Kind, ...]]:
    """Returns the cover by single-purpose machines, and the kinds it may use: a department's own where none is listed."""
    purposes = [kind for kind in kinds if not kind.is_integrated]
    bare = [item for item, _ in items if not any(kind.can(item) for kind in purposes)]
    own = [single_kind(department) for department in dict.fromkeys(item.department for item in bare)]
    everything = (*purposes, *own)
    return cover_items(items, everything), everything


def _solve(
    items: Sequence[tuple[Item, float]], kinds: Sequence[Kind], able: Mapping[str, Sequence[Kind]], target: Target,
    total: int | None, have: Mapping[str, int],
) -> Solution:  # fmt: skip
    """Fewest machines, or with `total` of them the cheapest: those to buy, and a hundredth of those that are there."""
    model = LinearProgramme("cover")
    whole = sum(rate for _, rate in items)
    counted: dict[str, float] = {}
    for k, kind in enumerate(kinds):
        steps = _capacities(kind.minutes, kind.faults_per_hour, kind.repair_min, whole, target)
        for n, _ in enumerate(steps, 1):
            there = min(n, have.get(kind.id, 0))
            cost = n if total is None else kind.price * (n - 0.99 * there) / 1000
            model.add_variable(f"z_{k}_{n}", high=1, is_whole=True, cost=float(cost))
            counted[f"z_{k}_{n}"] = float(n)
        model.add_row(f"one_{k}", {f"z_{k}_{n}": 1.0 for n in range(1, len(steps) + 1)}, high=1)
    for i, (item, _) in enumerate(items):
        for kind in able[item.code]:
            model.add_variable(f"y_{i}_{kinds.index(kind)}", high=1)
        model.add_row(f"serve_{i}", {f"y_{i}_{kinds.index(kind)}": 1.0 for kind in able[item.code]}, low=1, high=1)
    for k, kind in enumerate(kinds):
        terms = {f"y_{i}_{k}": rate for i, (item, rate) in enumerate(items) if kind in able[item.code]}
        steps = _capacities(kind.minutes, kind.faults_per_hour, kind.repair_min, whole, target)
        terms |= {f"z_{k}_{n}": -capacity for n, capacity in enumerate(steps, 1)}
        model.add_row(f"carry_{k}", terms, high=0)
    if total is not None:
        model.add_row("total", counted, high=float(total))
    return model.solve(EXACT)


def _read(
    found: Solution, items: Sequence[tuple[Item, float]], kinds: Sequence[Kind], able: Mapping[str, Sequence[Kind]],
    gap: float,
) -> Covered:  # fmt: skip
    counts = {
        kind.id: sum(
            int(name.split("_")[2]) for name, v in found.values.items() if name.startswith(f"z_{k}_") and v > 0.5
        )
        for k, kind in enumerate(kinds)
    }
    rates = dict.fromkeys(counts, 0.0)
    chosen = {}
    for i, (item, rate) in enumerate(items):
        shares = {kind.id: found.values[f"y_{i}_{kinds.index(kind)}"] for kind in able[item.code]}
        for id, share in shares.items():
            rates[id] += rate * share
        chosen[item.code] = max(shares, key=lambda id: (shares[id], id))
    used = {id: n for id, n in counts.items() if n}
    return Covered(used, {id: rates[id] for id in used}, chosen, gap)


@lru_cache(maxsize=256)
def _capacities(
    minutes: float, faults_per_hour: float, repair_min: float, whole: float, target: Target
) -> tuple[float, ...]:
    """Uses an hour that 1, 2, 3… machines take within the target, up to what takes everything. Source: bisection on the queue."""
    probe = Kind("", "", (), (), (), False, minutes, faults_per_hour, repair_min, 0.0, 1.0, 0.0)
    found: list[float] = []
    while (not found or found[-1] < whole) and len(found) < MOST:
        found.append(_capacity(probe, len(found) + 1, found[-1] if found else 0.0, target))
    return tuple(found)


def _capacity(kind: Kind, count: int, low: float, target: Target) -> float:
    """Uses an hour that `count` machines take; one less takes `low`, so it lies at most one machine's work above."""
    high = min(low + 1.5 * MINUTES_PER_HOUR / kind.minutes, count * MINUTES_PER_HOUR / kind.minutes)
    for _ in range(10):
        rate = (low + high) / 2
        queue = kind.queue(rate, count)
        is_kept = queue.utilisation < 0.98 and queue.share_within(target.wait_min) >= target.share
        low, high = (rate, high) if is_kept else (low, rate)
    return low
