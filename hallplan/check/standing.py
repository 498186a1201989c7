"""What a finished hall's drawing leaves open: checks, or rules by id, with the reason why they are not decided."""

from __future__ import annotations

from collections.abc import Iterator

from hallplan.check.furniture import DESKS, LOW_OF, MACHINES
from hallplan.model.demand import Demand
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.model.standing import Missing
from hallplan.terms import read_data, text

ITEM_CHECKS = ("item_share", "guide_admission")
SEATS = ("chair", "sofa")


def missing_in(site: Site, demand: Demand, programme: Programme, layout: Layout) -> Missing:
    """Returns why checks cannot be decided in a hall that was read from a drawing; those with what they need are not in it."""
    data = read_data("finished.toml")
    found: dict[str, str] = {}
    for what in _lacking(site, programme, layout):
        found |= dict.fromkeys(data["missing_without"][what], text(f"check.without_{what}"))
    for what, checks in data["missing"].items():
        found |= dict.fromkeys(checks, text(f"check.without_{what}"))
    return {key: why for key, why in found.items() if not (demand.items and key in ITEM_CHECKS)}


def _lacking(site: Site, programme: Programme, layout: Layout) -> Iterator[str]:
    """The kinds of things that a drawing shows none of, the more telling reason last."""
    kinds = {piece.kind for piece in layout.furniture}
    shown = {
        "zones": bool(layout.zones), "things": bool(layout.furniture), "speakers": "speaker" in kinds, "screens": "call_screen" in kinds, "chairs": bool(kinds & set(SEATS)),
        "low_desk": any(LOW_OF[kind] in kinds for kind in DESKS), "low_machine": any(LOW_OF[kind] in kinds for kind in MACHINES),
        "sign_sizes": all(sign.char_mm for sign in site.signs), "sign_heights": all(sign.height_m for sign in site.signs),
        "signs": bool(site.signs), "windows": any(zone.windows for zone in programme.zones),
    }  # fmt: skip
    yield from (what for what, is_there in shown.items() if not is_there)
