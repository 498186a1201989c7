"""Signs that stand already: who can read them."""

from __future__ import annotations

from collections.abc import Sequence

from hallplan.model.flow import Routes
from hallplan.model.layout import Layout
from hallplan.model.signs import Sign, SignPlan
from hallplan.model.site import Site
from hallplan.settings import Settings
from hallplan.signs.coverage import View
from hallplan.signs.planning import with_catchment


def rate_signs(site: Site, layout: Layout, routes: Routes, signs: Sequence[Sign], settings: Settings) -> SignPlan:
    """Returns the given signs, none added or moved, with where each can be read and how they serve the routes."""
    view = View(site, layout, settings)
    seen = tuple(with_catchment(sign, view) for sign in signs)
    return SignPlan(seen, view.served(seen, routes), view.readings(seen, routes))
