"""What would make a hall fit that does not: smaller asks, each tried by a quick search before it is named."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hallplan.errors import Fault, InfeasibleError
from hallplan.model.demand import Demand
from hallplan.model.layout import StoppedBy
from hallplan.model.programme import Zone
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.pipeline.run import Inputs, Run
from hallplan.place import NoLayoutError, has_layout
from hallplan.programme import size_zones
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.terms import listed, read_data, text

MOST_TRIED, ENOUGH = 8, 2
"""Asks tried at most, and kinds of asks that do after which no more are."""
LESS, FAR_LESS = (0.9, 0.8, 0.7), (0.9, 0.75, 0.6)
"""Shares of the areas of waiting and public zones that are tried; of an area that the user gave."""
MOST_SKIPPED = 2
"""Kinds of zones without a place that are tried to be left out."""
Known = tuple[Site, Demand, WindowPlan]


@dataclass(frozen=True, slots=True)
class Ask:
    """A change of the settings that asks less. words: what it is.  is_drawn: whether the drawing is read otherwise with it."""

    words: str
    settings: Settings
    is_drawn: bool = False


Kind = tuple[Ask, ...]
"""Asks of one kind, each of which asks less than the one before."""


@dataclass(eq=False)
class Trial:
    """Tries asks. stop: asked between pieces of a search.  tried: those that were, to their end."""

    inputs: Inputs
    known: Known
    jobs: int
    stop: Callable[[], StoppedBy | None]
    tried: list[str]

    @property
    def is_over(self) -> bool:
        """Whether no more is tried."""
        return len(self.tried) >= MOST_TRIED or self.stop() is not None

    def least(self, kind: Kind) -> Ask | None:
        """Returns the smallest of some asks that does, None when none does: nothing smaller will where the greatest does not."""
        *smaller, greatest = kind
        if self.is_over or not self._fits(greatest):
            return None
        return next((ask for ask in smaller if not self.is_over and self._fits(ask)), greatest)

    def _fits(self, ask: Ask) -> bool:
        """Whether a layout is found with an ask; one whose trial was cut short does not count as tried."""
        site, demand, windows = self.known
        if ask.is_drawn:
            site = read_site(self.inputs.files.require_drawing(), ask.settings)
        try:
            programme = size_zones(site, demand, windows, ask.settings)
            fits = has_layout(site, programme, ask.settings, stop=self.stop, jobs=self.jobs)
        except InfeasibleError:
            fits = False
        if fits or self.stop() is None:
            self.tried.append(ask.words)
        return fits


def with_relaxations(
    error: InfeasibleError, inputs: Inputs, known: Known, settings: Settings, run: Run, end: float = math.inf
) -> InfeasibleError:
    """Returns the error with the smallest changes of the settings that were found to make the hall fit, or that none did.

    end: on the clock of time.monotonic(), s; nothing is tried after it, nor once the run was told to stop.
    """

    def stop() -> StoppedBy | None:
        return run.stop() or ("time" if time.monotonic() > end else None)

    trial, found = Trial(inputs, known, run.jobs, stop, []), list[Ask]()
    with run.stage("place"), run.searching():
        for kind in _kinds(settings, left_out(error)):
            if len(found) >= ENOUGH or trial.is_over:
                break
            if (ask := trial.least(kind)) is not None:
                found.append(ask)
    said = [Fault(text("place.relaxed_where"), text("place.relaxed", ask=ask.words)) for ask in found]
    if not found and trial.tried:
        said = [Fault(text("place.relaxed_where"), text("place.not_relaxed", asks=listed(trial.tried)))]
    if isinstance(error, NoLayoutError):
        return NoLayoutError(*error.faults, *said).showing(error.partial, error.left_out)
    return type(error)(*error.faults, *said)


def left_out(error: InfeasibleError) -> tuple[Zone, ...]:
    """Returns the zones that the fullest layout found had no place for."""
    return error.left_out if isinstance(error, NoLayoutError) else ()


def _kinds(settings: Settings, left: Sequence[Zone]) -> Iterator[Kind]:
    """Changes to try: the user's own locks, regions and walls dropped one by one, zones without a place left out, counters
    without one split, areas made smaller, infill taken out."""
    yield from ((ask,) for ask in _dropped(settings))
    yield from ((ask,) for ask in _skipped(settings, left))
    yield from ((ask,) for ask in _split(settings, left))
    for name, m2 in settings.zones.area_m2.items():
        smaller = [{**settings.zones.area_m2, name: round(m2 * share, 1)} for share in FAR_LESS]
        yield tuple(
            Ask(f"[zones.area_m2] {name} = {areas[name]:g}", _with(settings, "zones", "area_m2", areas))
            for areas in smaller
        )
    scales = [round(settings.zones.scale * share, 2) for share in LESS]
    yield tuple(Ask(f"[zones] scale = {scale:g}", _with(settings, "zones", "scale", scale)) for scale in scales)
    if not settings.drawing.remove_infill:
        yield (Ask("[drawing] remove_infill = true", _with(settings, "drawing", "remove_infill", True), True),)


def _dropped(settings: Settings) -> Iterator[Ask]:
    """What the user fixed, without one piece each."""
    for name in settings.place.locked:
        yield _without(settings, "locked", name)
    for key in ("within", "avoid"):
        for name in getattr(settings.place, key):
            yield _without(settings, key, name)
    for section, key in (("place", "keep_out"), ("place", "keep_as_is"), ("drawing", "keep_walls")):
        given = getattr(getattr(settings, section), key)
        for n in range(len(given)):
            words = text("place.ask_drop", key=f"[{section}] {key}", name=n + 1)
            yield Ask(words, _with(settings, section, key, [*given[:n], *given[n + 1 :]]), True)
    if settings.drawing.keep_partitions:
        words = "[drawing] keep_partitions = false"
        yield Ask(words, _with(settings, "drawing", "keep_partitions", False), True)


def _skipped(settings: Settings, left: Sequence[Zone]) -> Iterator[Ask]:
    """Kinds of zones without a place that a hall of this level can do without, the smallest first."""
    dispensable = read_data("programme.toml")["change_skip"]["types"]
    kinds = dict.fromkeys(zone.type for zone in sorted(left, key=lambda zone: (zone.min_m2, zone.id)))
    for kind in [kind for kind in kinds if kind in dispensable][:MOST_SKIPPED]:
        skipped = [*settings.zones.skip, kind]
        yield Ask(f"[zones] skip = {skipped}".replace("'", '"'), _with(settings, "zones", "skip", skipped))


def _split(settings: Settings, left: Sequence[Zone]) -> Iterator[Ask]:
    """Counters without a place in lines of half their windows."""
    half = math.ceil(max((len(zone.windows) for zone in left if zone.forms), default=0) / 2)
    if half >= 2:
        yield Ask(f"[service] windows_per_line = {half}", _with(settings, "service", "windows_per_line", half))


def _without(settings: Settings, key: str, name: str) -> Ask:
    rest = {other: corners for other, corners in getattr(settings.place, key).items() if other != name}
    return Ask(text("place.ask_drop", key=f"[place.{key}]", name=name), _with(settings, "place", key, rest), True)


def _with(settings: Settings, section: str, key: str, value: Any) -> Settings:
    part = getattr(settings, section).model_copy(update={key: value})
    return settings.model_copy(update={section: part})
