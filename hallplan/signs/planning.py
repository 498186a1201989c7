"""Signs along the routes of a layout, and who can read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.signs import Sign, SignPlan
from hallplan.model.site import Site
from hallplan.settings import Settings
from hallplan.signs.coverage import View
from hallplan.signs.directing import direction_signs
from hallplan.signs.legibility import catchment
from hallplan.signs.naming import naming_signs

ORDER = ("board", "direction", "zone", "exit", "access", "plate")
WITHOUT_CATCHMENT = ("plate", "access")


def plan_signs(site: Site, programme: Programme, layout: Layout, routes: Routes, settings: Settings) -> SignPlan:
    """Returns signs that name zones, windows, exits and directions, and how they serve visitors on their routes.

    Direction signs are as few as serve every decision point that the places tried can serve. A goal is served where a
    sign that names it is in reach (character height, angle) and no column, wall or tall furniture stands between, at
    the eye height of those who walk there.
    """
    view = View(site, layout, settings)
    named = list(naming_signs(site, programme, layout))
    added, placement = direction_signs(site, programme, view, routes, named)
    signs = [with_catchment(sign, view) for sign in _numbered([*named, *added])]
    return SignPlan(tuple(signs), view.served(signs, routes), view.readings(signs, routes), placement)


def _numbered(signs: Sequence[Sign]) -> list[Sign]:
    """Numbers in the order of kinds, then floors, then from north to south and west to east; plates by their window."""
    ordered = sorted(signs, key=lambda s: (ORDER.index(s.kind), s.floor, -round(s.at[1]), s.at[0], s.text_zh))
    numbered, count = [], 0
    for sign in ordered:
        if sign.kind == "plate":
            numbered.append(replace(sign, id=f"N-{sign.text_zh}"))
            continue
        count += 1
        numbered.append(replace(sign, id=f"S{count}"))
    return numbered


def with_catchment(sign: Sign, view: View) -> Sign:
    """Returns a sign with where it can be read from; plates and access marks are read close by and have none."""
    if sign.kind in WITHOUT_CATCHMENT:
        return sign
    return replace(sign, catchment=catchment(sign, view.floor(sign.floor), view.blockers(sign.floor, "public")))
