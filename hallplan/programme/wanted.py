"""What the user says of zones by name: each name must be one of the hall, regions must lie on a floor, nothing may contradict."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from shapely.geometry import box

from hallplan.errors import Fault, SettingsError
from hallplan.model.catalogue import zone_types
from hallplan.model.programme import Region
from hallplan.model.site import Site
from hallplan.programme.draft import Draft
from hallplan.programme.fixed import SHARED_M2, on_floor
from hallplan.settings import Settings
from hallplan.terms import text


def with_wanted(drafts: Sequence[Draft], site: Site, settings: Settings) -> tuple[list[Draft], tuple[str, ...]]:
    """Returns the drafts with the regions that the user set for them, and what is said of names without a zone here.

    Raises SettingsError for names that no zone has, regions on no floor, pairs of one zone, pairs both together and apart,
    and locks outside their own region.
    """
    faults = [*_unknown(drafts, settings), *_contradicting(drafts, settings)]
    regions, lost = _regions(site, settings)
    faults += lost
    if faults:
        raise SettingsError.of(faults)
    found = [_with_regions(draft, regions) for draft in drafts]
    faults = [fault for draft in found for fault in _lock_outside(draft)]
    if faults:
        raise SettingsError.of(faults)
    return found, tuple(_absent(drafts, settings))


def _names(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every key with a name of a zone in it."""
    place = settings.place
    for key, pairs in (("together", place.together), ("apart", place.apart)):
        yield from ((f"[place] {key}", name) for pair in pairs for name in pair)
    for key, given in (("within", place.within), ("avoid", place.avoid)):
        yield from ((f"[place] {key}", name) for name in given)


def _is_type(name: str) -> bool:
    return any(name in (kind.id, kind.zh, kind.en) for kind in zone_types().values())


def _unknown(drafts: Sequence[Draft], settings: Settings) -> Iterator[Fault]:
    known = sorted({name for draft in drafts for name in (draft.id, draft.type, draft.name) if name})
    for key, name in _names(settings):
        if not _is_type(name) and not any(draft.is_called(name) for draft in drafts):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            remedy = text("settings.did_you_mean", key=near[0]) if near else ""
            yield Fault(f"{key} {name}", text("programme.lock_unknown"), ", ".join(d.id for d in drafts), remedy)


def _absent(drafts: Sequence[Draft], settings: Settings) -> Iterator[str]:
    for key, name in _names(settings):
        if not any(draft.is_called(name) for draft in drafts):
            yield text("programme.wish_absent", key=key, name=name)


def _contradicting(drafts: Sequence[Draft], settings: Settings) -> Iterator[Fault]:
    """Pairs that are one zone, and pairs that should lie together and apart."""
    asked: dict[str, dict[frozenset[str], list[str]]] = {"together": {}, "apart": {}}
    for key, pairs in (("together", settings.place.together), ("apart", settings.place.apart)):
        for pair in pairs:
            ids = [[draft.id for draft in drafts if draft.is_called(name)] for name in pair]
            both = {frozenset(two) for other in ids[1:] for two in product(ids[0], other)}
            if all(ids) and all(len(two) == 1 for two in both):
                yield Fault(f"[place] {key} {pair}", text("programme.one_zone"), text("programme.two_zones"))
            asked[key].update(dict.fromkeys(both, pair))
    for two in sorted(asked["together"].keys() & asked["apart"].keys(), key=sorted):
        if len(two) == 2:
            found = text("programme.both_ways", a=asked["together"][two], b=asked["apart"][two])
            yield Fault("[place] together, apart", found, "", text("programme.one_way"))


def _regions(site: Site, settings: Settings) -> tuple[dict[str, list[Region]], list[Fault]]:
    """Regions by the name of the zone they are for."""
    found: dict[str, list[Region]] = {}
    faults = []
    for key, given, is_forbidden in (("within", settings.place.within, False), ("avoid", settings.place.avoid, True)):
        for name, corners in sorted(given.items()):
            placed = on_floor(site, box(*corners))
            if placed is None:
                faults.append(
                    Fault(f"[place] {key} {name}", str(corners), text("programme.lock_inside", spans=site.spans))
                )
            else:
                found.setdefault(name, []).append(Region(*placed, is_forbidden))
    return found, faults


def _with_regions(draft: Draft, regions: dict[str, list[Region]]) -> Draft:
    own = tuple(region for name, some in regions.items() if draft.is_called(name) for region in some)
    floor = next((region.floor for region in own if not region.is_forbidden), draft.floor)
    return replace(draft, regions=own, floor=floor) if own and draft.is_charged else draft


def _lock_outside(draft: Draft) -> Iterator[Fault]:
    area = draft.fixed_area
    if area is None:
        return
    for region in draft.regions:
        outside = area.intersection(region.area) if region.is_forbidden else area.difference(region.area)
        if outside.area > SHARED_M2:
            key = "avoid" if region.is_forbidden else "within"
            found = text("programme.lock_and_region", key=key, area=f"{outside.area:.1f}")
            yield Fault(f"[place.locked] {draft.id}", found, "", text("programme.lock_move"))
