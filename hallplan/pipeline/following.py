"""The stages after placing: furniture, ways, signs and rules of each layout."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from hallplan.model.demand import Demand
from hallplan.model.layout import Layout
from hallplan.model.plan import Alternative
from hallplan.model.programme import Programme
from hallplan.model.site import Site
from hallplan.model.windows import WindowPlan
from hallplan.parallel import side_by_side
from hallplan.pipeline.run import Run
from hallplan.settings import Settings

FOLLOWING = ("flow", "signs", "check")
MISSING_COST = 2.0
"""What a chair, desk or machine that did not fit counts as in the score."""
RulePacks = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""A user's own packs of rules by name."""


def furnished(
    known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings, run: Run
) -> Layout:
    """Returns a layout with its furniture; known: site, demand, windows and programme."""
    with run.stage("furnish"):
        return furnish_layout(known, layout, settings)


def furnish_layout(known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings) -> Layout:
    from hallplan.furnish import furnish

    site, _, windows, programme = known
    return furnish(site, programme, windows, layout, settings)


def windows_missing(layout: Layout) -> int:
    """Returns how many windows found no place."""
    return sum(short.asked - short.placed for short in layout.shortfalls if short.kind == "counter")


def worth(layout: Layout) -> tuple[int, bool, float]:
    """Returns what furnished layouts are ordered by: windows that found no place and rooms without a door, whether staff come
    onto visitors' ways or a way out is too long, then the score with what else did not fit.

    A place that holds no windows is worth little, however short its ways.
    """
    from hallplan.place import is_broken

    doors = sum(short.asked - short.placed for short in layout.shortfalls if short.kind == "door")
    lacks = sum(short.asked - short.placed for short in layout.shortfalls if short.kind != "counter")
    return windows_missing(layout) + doors, is_broken(layout.parts), layout.score + MISSING_COST * lacks


def followed(
    known: tuple[Site, Demand, WindowPlan, Programme],
    layouts: list[Layout],
    settings: Settings,
    run: Run,
    extra: RulePacks | None,
) -> list[Alternative]:
    """Walks, signs and checks the layouts side by side.

    Each stage counts for its share of the time that all took together.
    """
    begin = time.perf_counter()
    for stage in FOLLOWING:
        run.progress(stage)
    done = side_by_side([partial(_follow_apart, known, one, settings, extra) for one in layouts], run.jobs)
    spent: dict[str, float] = {}
    for _, seconds in done:
        spent = {stage: spent.get(stage, 0.0) + seconds.get(stage, 0.0) for stage in {**spent, **seconds}}
    share = (time.perf_counter() - begin) / max(sum(spent.values()), 1e-9)
    for stage, total in spent.items():
        run.seconds[stage] = run.seconds.get(stage, 0.0) + share * total
    return [alternative for alternative, _ in done]


def _follow_apart(
    known: tuple[Site, Demand, WindowPlan, Programme], layout: Layout, settings: Settings, extra: RulePacks | None
) -> tuple[Alternative, dict[str, float]]:
    run = Run()
    with run.compiling_apart():
        return follow(known, layout, settings, run, extra), run.seconds


def follow(
    known: tuple[Site, Demand, WindowPlan, Programme],
    layout: Layout,
    settings: Settings,
    run: Run,
    extra: RulePacks | None,
) -> Alternative:
    """Walks one furnished layout, signs it and checks it."""
    from hallplan.check import check_plan
    from hallplan.flow import route_visitors
    from hallplan.signs import plan_signs

    site, _, _, programme = known
    with run.stage("flow"):
        routes = route_visitors(site, programme, layout, settings)
    with run.stage("signs"):
        # `signs --place` proves the number for the one alternative that is built; a cap in seconds leaves no time for it here
        is_exact = settings.place.effort == "best" and settings.place.seconds is None
        signs = plan_signs(site, programme, layout, routes, settings, is_exact=is_exact)
    with run.stage("check"):
        findings = check_plan(*known, layout, routes, signs, settings, extra)
    return Alternative(layout, routes, signs, findings)
