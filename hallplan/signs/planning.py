"""Signs along the routes of a layout, and who can read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.signs import SIGN_KINDS, Sign, SignPlan
from hallplan.model.site import Site
from hallplan.settings import Settings
from hallplan.signs.assess import rate_signs
from hallplan.signs.existing import existing_signs, without_those_there
from hallplan.signs.faults import turned_from_walls
from hallplan.signs.naming import naming_signs
from hallplan.signs.view import View
from hallplan.signs.walkers import Walkers

ORDER = SIGN_KINDS


def plan_signs(
    site: Site, programme: Programme, layout: Layout, routes: Routes, settings: Settings, *, is_exact: bool = True
) -> SignPlan:
    """Returns signs that name zones, windows, exits and directions, and how they serve visitors on their routes.

    Direction signs are as few as serve every decision point that the places tried can serve, and as leave no stretch of a
    route blind for longer than settings.signs.max_blind_m. Served is who passes the five tests (rate_signs). Signs of the
    drawing stay, and what they do needs no new ones.  is_exact: False looks for the fewest less long (see `cover`).
    """
    from hallplan.signs.directing import direction_signs

    view, walkers = View(site, layout), Walkers(layout, routes, settings)
    hung = existing_signs(site, programme, layout)
    named = [*hung, *without_those_there(naming_signs(site, programme, layout), hung)]
    named = turned_from_walls(view, named)
    added, placement = direction_signs(programme, view, walkers, named, settings, is_exact=is_exact)
    return rate_signs(site, layout, routes, numbered([*named, *added]), settings, placement)


def numbered(signs: Sequence[Sign]) -> list[Sign]:
    """Returns signs with their numbers: by kind, then floor, then from north to south and west to east; plates by window."""
    ordered = sorted(signs, key=lambda s: (ORDER.index(s.kind), s.floor, -round(s.at[1]), s.at[0], s.text_zh))
    found, count = [], 0
    for sign in ordered:
        if sign.kind == "plate":
            found.append(replace(sign, id=f"N-{sign.text_zh}"))
            continue
        count += 1
        found.append(replace(sign, id=f"S{count}"))
    return found
