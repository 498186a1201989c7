"""Checks on service, signs and equipment that several packs share: what is there, how many, how near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapely.geometry import Point

from hallplan.check.case import Case, Task
from hallplan.check.furniture import kind_name
from hallplan.model.catalogue import zone_types
from hallplan.model.findings import Finding, Place
from hallplan.model.layout import PlacedZone
from hallplan.model.site import OpeningRole
from hallplan.terms import text

HUNG = "hung"
TOUCH_M = 1e-6


def kinds_present(case: Case, task: Task) -> Iterator[Finding]:
    """As many pieces of furniture of each wanted kind (low ones included) stand as the limit says."""
    if not case.layout.furniture:
        yield task.undecided("no_such_furniture")
        return
    counts = {kind: len(case.pieces(kind, f"{kind}_low")) for kind in task.options["kinds"]}
    few = [kind for kind, count in counts.items() if count < task.limit]
    if few:
        names = text("check.comma").join(kind_name(kind) for kind in few)
        yield task.failed("kinds_few", min(counts.values()), names=names)
    else:
        yield task.passed("kinds_there", min(counts.values()))


def ratio(case: Case, task: Task) -> Iterator[Finding]:
    """A ratio of two counts lies in its band: `lowest` (where given) to the limit."""
    over, under = (_count(case, task.options[key]) for key in ("over", "under"))
    if not over or not under:
        yield task.undecided("no_such_furniture")
        return
    value = round(over / under, 3)
    lowest = float(task.options.get("lowest", 0.0))
    words = {"over": round(over), "under": round(under), "lowest": f"{lowest:g}"}
    yield (task.passed if lowest <= value <= task.limit else task.failed)("ratio", value, None, **words)


def _count(case: Case, name: str) -> float:
    """A count by name: windows, items, area, or pieces of a kind."""
    if name == "windows":
        return float(case.windows.windows_total)
    if name == "items":
        return float(len(case.demand.admitted))
    if name == "area_m2":
        return sum(zone.area_m2 for zone in case.layout.zones)
    return float(len(case.pieces(name, f"{name}_low")))


def zones_near(case: Case, task: Task) -> Iterator[Finding]:
    """Each zone of one type has one of the other types within the limit on its floor."""
    one, others = task.options["zone"], tuple(task.options["near"])
    mine = [zone for zone in case.layout.zones if zone.type == one]
    if not mine or not (any(zone.type in others for zone in case.layout.zones) or "entrance" in others):
        absent = others if mine else (one,)
        yield task.undecided("no_zone", name=text("check.comma").join(zone_types()[kind].name for kind in absent))
        return
    gaps = {zone.zone: _nearest(case, zone, others) for zone in mine}
    far = {id: found for id, found in gaps.items() if found[0] > task.limit + TOUCH_M}
    for id, (gap, names) in far.items():
        is_here = gap != float("inf")
        value, key = (round(gap, 2), "zone_far") if is_here else (text("check.other_floor"), "zone_elsewhere")
        yield task.failed(key, value, case.zone_place(id), zone=case.name(id), other=names)
    if not far:
        most, names = max(gaps.values())
        yield task.passed("zones_near", round(most, 2), other=names)


def _nearest(case: Case, zone: PlacedZone, others: Sequence[str]) -> tuple[float, str]:
    """How far the nearest zone of some types is on a zone's floor, infinity for none, and what they are called.

    What is to be near the entrance is near the main door or, on a floor that has none, near the stairs and lifts that one comes by.
    """
    names = text("check.comma").join(zone_types()[other].name for other in others)
    near = [z.area.distance(zone.area) for z in case.layout.zones if z.type in others and z.floor == zone.floor]
    if not near and "entrance" in others:
        floor = case.site.floor(zone.floor)
        near = [door.line.distance(zone.area) for door in floor.with_role(OpeningRole.MAIN)]
        if not near and floor.links:
            return min(zone.area.distance(Point(link.at)) for link in floor.links), text("check.links")
    return min(near, default=float("inf")), names


def sides_apart(case: Case, task: Task) -> Iterator[Finding]:
    """Staff zones share no ground with zones that visitors enter."""
    staff = [z for z in case.layout.zones if z.zone in case.wanted and case.wanted[z.zone].side == "staff"]
    public = [z for z in case.layout.zones if z.zone in case.wanted and case.wanted[z.zone].side == "public"]
    if not staff or not public:
        yield task.undecided("one_side")
        return
    found = 0
    for zone in staff:
        shared = sum(zone.area.intersection(other.area).area for other in public if other.floor == zone.floor)
        if shared > task.limit:
            found += 1
            yield task.failed("sides_mixed", round(shared, 2), case.zone_place(zone.zone), zone=case.name(zone.zone))
    if not found:
        yield task.passed("sides_apart", 0.0)


def signs_high(case: Case, task: Task) -> Iterator[Finding]:
    """Hung signs leave the limit's height free below them."""
    hung = [sign for sign in case.signs.signs if sign.mount == HUNG]
    low = [sign for sign in hung if sign.height_m < task.limit - TOUCH_M]
    for sign in low:
        yield task.failed("sign_low", sign.height_m, Place(sign.floor, "", sign.at), id=sign.id)
    if hung and not low:
        yield task.passed("signs_high", min(sign.height_m for sign in hung), count=len(hung))
    if not hung:
        yield task.undecided("no_signs")


def signs_bilingual(case: Case, task: Task) -> Iterator[Finding]:
    """Signs that name zones do so in Chinese and English."""
    named = [sign for sign in case.signs.signs if sign.text_zh]
    bare = [sign for sign in named if not sign.text_en]
    for sign in bare:
        yield task.failed("sign_one_language", False, Place(sign.floor, "", sign.at), id=sign.id)
    if named and not bare:
        yield task.passed("signs_two_languages", True, count=len(named))
    if not named:
        yield task.undecided("no_signs")


def item_share(case: Case, task: Task) -> Iterator[Finding]:
    """A share of admitted items has what the rule asks: an online or kiosk way, or a department."""
    items, field = case.demand.admitted, task.options["field"]
    if not items:
        yield task.undecided("no_items")
        return
    value = round(sum(bool(getattr(item, field)) for item in items) / len(items), 4)
    if not isinstance(task.rule.limit, int | float):
        yield task.undecided("unpublished", value, id=task.rule.id)
    else:
        yield (task.passed if value >= task.limit else task.failed)("share", value)


def desk_in_sight(case: Case, task: Task) -> Iterator[Finding]:
    """Those who come in by each main entrance have an information desk in sight."""
    doors = {door.id: (floor.id, door) for floor in case.site.floors for door in floor.openings}
    views = [view for view in case.signs.desks if view.entrance in doors]
    if not views:
        yield task.undecided("no_such_furniture")
        return
    for view in (view for view in views if not view.is_seen):
        floor, door = doors[view.entrance]
        yield task.failed("desk_hidden", view.distance_m, Place(floor, "", door.at))
    if all(view.is_seen for view in views):
        yield task.passed("desk_seen", max(view.distance_m for view in views))


CHECKS = {
    "desk_in_sight": desk_in_sight, "kinds_present": kinds_present, "ratio": ratio, "zones_near": zones_near, "sides_apart": sides_apart,
    "signs_high": signs_high, "signs_bilingual": signs_bilingual, "item_share": item_share,
}  # fmt: skip
