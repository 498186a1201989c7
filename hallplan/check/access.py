"""Checks on parking bays and on what is heard: counts by the code, a way beside each bay, a loudspeaker where numbers are called."""

from __future__ import annotations

from collections.abc import Iterator

from hallplan.check.case import Case, Task
from hallplan.model.access import accessible_bays
from hallplan.model.findings import Finding, Place
from hallplan.model.space import footprint

TOUCH_M = 0.05


def parking(case: Case, task: Task) -> Iterator[Finding]:
    """As many accessible bays as the code asks for of the bays that are drawn; what is not drawn is undecided, with the number."""
    drawn, said = case.site.parking, case.settings.services.parking_spaces
    if not drawn:
        yield (
            task.undecided("bays_unknown")
            if not said
            else task.undecided("bays_undrawn", None, None, spaces=said, need=accessible_bays(said))
        )
        return
    spaces = said or len(drawn)
    need = accessible_bays(spaces)
    marked = case.pieces("accessible_bay")
    there = sum(bay.is_accessible for bay in drawn) + len(marked)
    where = Place(drawn[0].floor, "", marked[0].at if marked else None)
    if there < need:
        yield task.failed("bays_few", there, where, spaces=spaces, need=need)
        return
    ways = [footprint(piece) for piece in case.pieces("bay_aisle") if min(piece.size_m) >= task.limit - 1e-6]
    narrow = [bay for bay in marked if not any(footprint(bay).distance(way) < TOUCH_M for way in ways)]
    for bay in narrow:
        yield task.failed("bay_narrow", 0.0, Place(bay.floor, "", bay.at), one=bay.id)
    if not narrow:
        yield task.passed("bays_enough", there, where, spaces=spaces, need=need)


def spoken_calls(case: Case, task: Task) -> Iterator[Finding]:
    """Every zone with a call screen has a loudspeaker, and so has the way in."""
    screens, speakers = case.pieces("call_screen"), case.pieces("speaker")
    if not screens:
        yield task.undecided("no_such_furniture")
        return
    heard = {piece.zone for piece in speakers}
    silent = sorted({screen.zone for screen in screens} - heard)
    for zone in silent:
        yield task.failed("silent", 0, case.zone_place(zone), zone=case.name(zone))
    if not silent:
        yield task.passed("spoken", len(speakers))


CHECKS = {"parking": parking, "spoken_calls": spoken_calls}
