"""What would make a hall fit that does not: smaller asks, each tried by a quick search before it is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hallplan.errors import Fault, InfeasibleError
from hallplan.model.demand import Demand
from hallplan.model.windows import WindowPlan
from hallplan.pipeline.run import Inputs, Run
from hallplan.place import NoLayoutError, has_layout
from hallplan.programme import size_zones
from hallplan.read.drawing import read_site
from hallplan.settings import Settings
from hallplan.terms import listed, text

MOST_TRIED, ENOUGH = 8, 2
"""Asks tried at most, and those that do after which no more are."""
LESS, FAR_LESS = (0.9, 0.8, 0.7), (0.9, 0.75, 0.6)
"""Shares of the areas of waiting and public zones that are tried, one after the other; of an area that the user gave."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A change of the settings that asks less. words: what it is.  group: of a group only the first that does is named."""

    words: str
    settings: Settings
    group: str


def with_relaxations(
    error: InfeasibleError, inputs: Inputs, known: tuple[Demand, WindowPlan], settings: Settings, run: Run
) -> InfeasibleError:
    """Returns the error with the smallest changes of the settings that were found to make the hall fit, or that none did.

    known: demand and windows.  Nothing is tried where seconds are given, nor once the run was told to stop.
    """
    if settings.place.seconds is not None or run.stop():
        return error
    tried: list[str] = []
    found: list[Ask] = []
    with run.stage("place"), run.searching():
        for ask in islice(_asks(settings), MOST_TRIED):
            if len(found) >= ENOUGH or run.stop():
                break
            if ask.group in {one.group for one in found if one.group}:
                continue
            tried.append(ask.words)
            if _fits(inputs, known, ask.settings, run):
                found.append(ask)
    said = [Fault(text("place.relaxed_where"), text("place.relaxed", ask=ask.words)) for ask in found]
    if not found and tried:
        said = [Fault(text("place.relaxed_where"), text("place.not_relaxed", asks=listed(tried)))]
    if isinstance(error, NoLayoutError):
        return NoLayoutError(*error.faults, *said).showing(error.partial)
    return type(error)(*error.faults, *said)


def _fits(inputs: Inputs, known: tuple[Demand, WindowPlan], settings: Settings, run: Run) -> bool:
    site = read_site(inputs.files.require_drawing(), settings)
    try:
        programme = size_zones(site, *known, settings)
    except InfeasibleError:
        return False
    return has_layout(site, programme, settings, stop=run.stop, jobs=run.jobs)


def _asks(settings: Settings) -> Iterator[Ask]:
    """Changes to try: the user's own locks, regions and walls dropped one by one, infill taken out, areas made smaller."""
    for name in settings.place.locked:
        yield _without(settings, "locked", name)
    for key in ("within", "avoid"):
        for name in getattr(settings.place, key):
            yield _without(settings, key, name)
    for section, key in (("place", "keep_out"), ("place", "keep_as_is"), ("drawing", "keep_walls")):
        given = getattr(getattr(settings, section), key)
        for n in range(len(given)):
            rest = [*given[:n], *given[n + 1 :]]
            yield Ask(
                text("place.ask_drop", key=f"[{section}] {key}", name=n + 1), _with(settings, section, key, rest), ""
            )
    if settings.drawing.keep_partitions:
        words = "[drawing] keep_partitions = false"
        yield Ask(words, _with(settings, "drawing", "keep_partitions", False), "")
    for name, m2 in settings.zones.area_m2.items():
        for share in FAR_LESS:
            areas = {**settings.zones.area_m2, name: round(m2 * share, 1)}
            words = f"[zones.area_m2] {name} = {areas[name]:g}"
            yield Ask(words, _with(settings, "zones", "area_m2", areas), name)
    for share in LESS:
        scale = round(settings.zones.scale * share, 2)
        yield Ask(f"[zones] scale = {scale:g}", _with(settings, "zones", "scale", scale), "scale")
    if not settings.drawing.remove_infill:
        words = "[drawing] remove_infill = true"
        yield Ask(words, _with(settings, "drawing", "remove_infill", True), "")


def _without(settings: Settings, key: str, name: str) -> Ask:
    rest = {other: corners for other, corners in getattr(settings.place, key).items() if other != name}
    return Ask(text("place.ask_drop", key=f"[place.{key}]", name=name), _with(settings, "place", key, rest), "")


def _with(settings: Settings, section: str, key: str, value: Any) -> Settings:
    part = getattr(settings, section).model_copy(update={key: value})
    return settings.model_copy(update={section: part})
