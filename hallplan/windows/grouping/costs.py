"""What a group of themes costs that shares windows, in window-hours a day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from hallplan.model.demand import Demand, Item
from hallplan.model.grouping import TypeGroup
from hallplan.queueing import halfin_whitt
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import MINUTES_PER_HOUR
from hallplan.windows.slots import SLOT_MIN, Slots

HOURS_PER_SLOT = SLOT_MIN / MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class Theme:
    """Items of one theme that may share windows with others: busy minutes and visits a day at windows."""

    name: str
    items: tuple[Item, ...]
    minutes: float
    visits: float

    @property
    def is_apart(self) -> bool:
        """Whether it may share windows with no other theme."""
        return any(word in self.name for word in read_data("windows.toml")["grouping"]["confidential"])


@dataclass(frozen=True, slots=True)
class Costs:
    """The day that groups are weighed for: share of visitors by half-hour, target, related pairs of themes a day."""

    shares: tuple[float, ...]
    target_share: float
    wait_min: float
    max_busy: float
    working_days: float
    pairs: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, demand: Demand, slots: Slots, settings: Settings) -> Costs:
        """Returns the day of a demand."""
        homes = {key: theme_of(item) for item in demand.admitted for key in (item.code, item.name)}
        pairs: defaultdict[tuple[str, str], float] = defaultdict(float)
        for relation in demand.relations:
            a, b = homes.get(relation.item_a), homes.get(relation.item_b)
            if a and b and a != b:
                pairs[min(a, b), max(a, b)] += relation.times / demand.working_days
        service = settings.service
        return cls(
            slots.shares, service.target_share, service.wait_min, service.max_utilisation, demand.working_days, pairs
        )

    def group(self, themes: Sequence[Theme]) -> TypeGroup:
        """Returns the group of these themes with what it costs.

        Windows of a half-hour: load plus beta roots of it, with beta such that stationary waits keep the target; at
        least one.  The choice only ranks groupings; the numbers of the plan come from the exact model.
        """
        rules = read_data("windows.toml")["grouping"]
        n_items = sum(len(theme.items) for theme in themes)
        visits = math.fsum(theme.visits for theme in themes)
        slower = 1.0 + rules["slower_per_theme"] * (len(themes) - 1)
        minutes = slower * math.fsum(theme.minutes for theme in themes)
        opened = self._open(minutes, minutes / visits if visits else 0.0)
        hours = HOURS_PER_SLOT * float(opened.sum())
        peak = int(opened.max(initial=0))
        training = rules["training_hours"] * n_items * peak / self.working_days
        systems = rules["system_hours"] * (len(themes) - 1) * peak
        return TypeGroup(
            tuple(theme.name for theme in themes), tuple(item.code for theme in themes for item in theme.items), peak,
            hours, training + systems, self._spared(theme.name for theme in themes),
        )  # fmt: skip

    def _open(self, minutes: float, each: float) -> np.ndarray:
        load = minutes * np.array(self.shares) / SLOT_MIN
        windows = np.maximum(np.ceil(load / self.max_busy - 1e-9), 1.0)
        for _ in range(20):
            short = self._late(load, windows, each) > 1.0 - self.target_share
            if not short.any():
                break
            windows = windows + short
        return windows

    def _late(self, load: np.ndarray, windows: np.ndarray, each: float) -> np.ndarray:
        """Share that waits longer than the target. Source: Halfin and Whitt's delay, exponential wait behind it."""
        spare = windows - load
        delay = np.interp(spare / np.sqrt(np.maximum(load, 1e-9)), *_delays())
        return np.asarray(delay * np.exp(-spare * self.wait_min / max(each, 1e-9)))

    def _spared(self, names: Iterable[str]) -> float:
        here = sorted(names)
        minutes = float(read_data("windows.toml")["grouping"]["visit_minutes"])
        pairs = ((a, b) for n, a in enumerate(here) for b in here[n + 1 :])
        return math.fsum(self.pairs.get(pair, 0.0) for pair in pairs) * minutes / MINUTES_PER_HOUR


@cache
def _delays() -> tuple[np.ndarray, np.ndarray]:
    betas = np.linspace(0.0, 8.0, 401)
    return betas, np.array([halfin_whitt(float(beta)) for beta in betas])


def theme_of(item: Item) -> str:
    """Returns the theme that an item belongs to, its department where it has none."""
    return item.theme or item.department or "–"


def themes_of(items: Sequence[Item], demand: Demand) -> list[Theme]:
    """Returns the themes of items, the busiest first; beyond the most that are weighed the smallest are one."""
    by_name: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_name[theme_of(item)].append(item)
    themes = [_theme(name, members, demand) for name, members in by_name.items()]
    themes.sort(key=lambda theme: (-theme.minutes, theme.name))
    most = int(read_data("windows.toml")["grouping"]["most_themes"])
    small = [theme for theme in themes[most - 1 :] if not theme.is_apart]
    if len(themes) <= most or len(small) < 2:
        return themes
    rest = _theme("、".join(theme.name for theme in small), [i for theme in small for i in theme.items], demand)
    return [theme for theme in themes if theme not in small] + [rest]


def _theme(name: str, items: Sequence[Item], demand: Demand) -> Theme:
    per_day = demand.arrivals.peak_day / demand.working_days
    minutes = math.fsum(i.counter_cases * i.minutes.accept + i.consults * i.minutes.consult for i in items) * per_day
    visits = math.fsum(i.visits_per_year for i in items) * per_day
    return Theme(name, tuple(items), minutes, visits)
