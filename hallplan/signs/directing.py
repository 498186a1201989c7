"""Direction signs: as few as tell every walker at every decision point the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point

from hallplan.geometry.polygons import heading_deg, moved, turn_deg
from hallplan.lp import Limits, LinearProgramme
from hallplan.model.flow import DecisionPoint, Leg, Route, Routes
from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.shapes import Point as Place
from hallplan.model.signs import Sign, SignPlacement
from hallplan.model.site import Floor, Site
from hallplan.model.space import standing_walls
from hallplan.signs.coverage import View, tells
from hallplan.signs.legibility import reads
from hallplan.signs.naming import make_sign
from hallplan.signs.words import ARROWS, goal_words
from hallplan.terms import language, read_data

IN_VIEW_DEG = 70.0
"""A sign counts for those who face it: it stands within this angle of the way they come or go on."""


@dataclass(frozen=True, slots=True)
class _Need:
    """Someone at a decision point who needs to be told the way to a goal."""

    id: str
    decision: DecisionPoint
    route: Route
    goal: str
    coming_deg: float
    going_deg: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sign that could be hung, with the needs it would meet and its arrow to each goal."""

    sign: Sign
    arrows: dict[str, str]
    needs: tuple[str, ...]
    distances: tuple[float, ...]


def direction_signs(
    site: Site, programme: Programme, view: View, routes: Routes, named: Sequence[Sign]
) -> tuple[list[Sign], SignPlacement]:
    """Returns the direction signs to hang, fewest first, and the bound on their number.

    Needs that the naming signs meet are left out, and so are those that no place tried can meet.
    """
    needs = _unmet(_needs(routes), view, routes, named)
    candidates = [c for floor in site.floors for c in _candidates(floor, view, needs)]
    met = sorted({id for candidate in candidates for id in candidate.needs})
    if not met:
        return [], SignPlacement(0, 0.0, True)
    chosen, bound, is_optimal = _cover(candidates, met)
    names = {zone.id: zone.name for zone in programme.zones} if language() == "zh" else {}
    signs = [_written(candidate, kept, names) for candidate, kept in _shared_out(chosen, met, needs)]
    return signs, SignPlacement(len(signs), bound, is_optimal)


def _needs(routes: Routes) -> list[_Need]:
    by_id = {route.id: route for route in routes.routes}
    found = []
    for decision in routes.decisions:
        for route_id, goal in decision.goals:
            leg = _leg_at(by_id[route_id], goal, decision)
            coming, going = _headings(leg, decision)
            id = f"{decision.id}_{route_id}_{goal}"
            found.append(_Need(id, decision, by_id[route_id], goal, coming, going))
    return found


def _leg_at(route: Route, goal: str, decision: DecisionPoint) -> Leg:
    """The leg towards a goal that passes nearest to a decision point."""
    here = [n for n, leg in enumerate(route.legs) if leg.floor == decision.floor]
    after = [n for n in here if _goal_of(route, n) == goal] or here
    return route.legs[min(after, key=lambda n: (route.legs[n].line.distance(Point(decision.at)), n))]


def _goal_of(route: Route, number: int) -> str:
    return next((leg.end for leg in route.legs[number:] if not leg.end.startswith("link:")), "")


def _headings(leg: Leg, decision: DecisionPoint) -> tuple[float, float]:
    """How one comes to a decision point and the direction in which one must go on."""
    along = leg.line.project(Point(decision.at))
    ahead = leg.line.interpolate(min(leg.line.length, along + read_data("signs.toml")["place"]["arrow_m"]))
    going = heading_deg(decision.at, (ahead.x, ahead.y))
    if along < 1.0:
        return decision.heading_deg, going
    back, here = leg.line.interpolate(max(0.0, along - 2.0)), leg.line.interpolate(along)
    return heading_deg((back.x, back.y), (here.x, here.y)), going


def _unmet(needs: Sequence[_Need], view: View, routes: Routes, named: Sequence[Sign]) -> list[_Need]:
    """The needs that no naming sign meets."""
    seen = view.seen(named, routes.decisions)
    number = {decision.id: n for n, decision in enumerate(routes.decisions)}
    found = []
    for need in needs:
        read = np.flatnonzero(seen[need.route.network][:, number[need.decision.id]]).tolist()
        if not any(tells(named[s], need.goal, need.decision.floor) for s in read):
            found.append(need)
    return found


def _candidates(floor: Floor, view: View, needs: Sequence[_Need]) -> list[_Candidate]:
    here = [need for need in needs if need.decision.floor == floor.id]
    clear = read_data("signs.toml")["place"]["clear_m"]
    room = _hanging_room(floor, view.layout).buffer(-clear)
    tried: dict[tuple[Place, float], None] = {}
    for need in here:
        for heading in (need.coming_deg, need.going_deg):
            looking = round(heading / 90) * 90.0 % 360
            for place in _places(need.decision.at, looking):
                if shapely.contains_xy(room, *place):
                    tried[(place, looking)] = None
    crowd = _Crowd(here, view)
    found = [c for place, looking in tried for c in _panels(floor, crowd, place, looking)]
    return [candidate for candidate in found if candidate.needs]


def _hanging_room(floor: Floor, layout: Layout) -> shapely.Geometry:
    solid = [obstacle.area for obstacle in floor.obstacles if obstacle.is_fixed]
    return floor.usable.difference(shapely.union_all([*solid, standing_walls(floor, layout)]))


def _places(at: Place, coming: float) -> list[Place]:
    sizes = read_data("signs.toml")["place"]
    return [
        _short(moved(moved(at, coming, ahead), coming + 90, aside))
        for ahead in sizes["ahead_m"]
        for aside in sizes["aside_m"]
    ]


def _short(place: Place) -> Place:
    return round(place[0], 2), round(place[1], 2)


class _Crowd:
    """The needs of one floor as arrays, and who of them looks which way."""

    def __init__(self, needs: Sequence[_Need], view: View) -> None:
        self._groups = []
        for network in dict.fromkeys(need.route.network for need in needs):
            mine = [need for need in needs if need.route.network == network]
            eyes, spots = np.unique([need.decision.at for need in mine], axis=0, return_inverse=True)
            ways = np.array([(need.coming_deg, need.going_deg) for need in mine])
            sight = view.sight(mine[0].decision.floor, network)
            self._groups.append((mine, eyes, spots.reshape(-1), ways, sight))

    def readers(self, sign: Sign, looking: float) -> list[_Need]:
        """Returns the needs whose people face a sign and can read it."""
        found: list[_Need] = []
        for mine, eyes, spots, ways, sight in self._groups:
            turn = np.abs((ways - looking + 180.0) % 360.0 - 180.0).min(axis=1)
            is_read = reads(sign, eyes, sight)[spots] & (turn <= IN_VIEW_DEG)
            found += [mine[n] for n in np.flatnonzero(is_read)]
        return found


def _panels(floor: Floor, crowd: _Crowd, place: Place, looking: float) -> list[_Candidate]:
    """What signs at a place would tell: to each goal the arrow that most who read it there need.

    Goals that do not fit on one sign go on another, the goals of most people first.
    """
    sign = make_sign("direction", floor.id, place, looking + 180, ("", ""), ())
    reading = crowd.readers(sign, looking)
    weight: dict[tuple[str, str], float] = {}
    for need in reading:
        key = need.goal, _arrow(looking, need.going_deg)
        weight[key] = weight.get(key, 0.0) + need.route.per_day + 1.0
    arrows: dict[str, str] = {}
    for goal, arrow in sorted(weight, key=lambda key: (-weight[key], key)):
        arrows.setdefault(goal, arrow)
    most, found = read_data("signs.toml")["place"]["most_names"], []
    for first in range(0, len(arrows), most):
        shown = dict(list(arrows.items())[first : first + most])
        met = [need for need in reading if shown.get(need.goal) == _arrow(looking, need.going_deg)]
        distances = tuple(math.dist(place, need.decision.at) for need in met)
        found.append(_Candidate(sign, shown, tuple(need.id for need in met), distances))
    return found


def _arrow(looking_deg: float, going_deg: float) -> str:
    turn = turn_deg(looking_deg, going_deg)
    straight = read_data("signs.toml")["place"]["straight_deg"]
    if abs(turn) <= straight:
        return "ahead"
    if abs(turn) >= 180 - straight:
        return "back"
    return "left" if turn > 0 else "right"


def _cover(candidates: Sequence[_Candidate], needs: Sequence[str]) -> tuple[list[_Candidate], float, bool]:
    """Fewest candidates that meet every need; among equal numbers those that are nearest to their readers."""
    programme = LinearProgramme("direction_signs")
    holders: dict[str, dict[str, float]] = {need: {} for need in needs}
    for n, candidate in enumerate(candidates):
        nearness = sum(candidate.distances) / (1000.0 * max(1, len(needs)) * 30.0)
        programme.add_variable(f"c{n}", high=1.0, cost=1.0 + nearness, is_whole=True)
        for need in candidate.needs:
            holders[need][f"c{n}"] = 1.0
    for need, terms in holders.items():
        programme.add_row(need, terms, low=1.0)
    solution = programme.solve(Limits())
    if not solution.values:
        chosen = _greedy(candidates, needs)
        return chosen, 1.0, False
    chosen = [candidate for n, candidate in enumerate(candidates) if solution.values[f"c{n}"] > 0.5]
    return chosen, float(math.ceil(solution.bound - 0.05)), solution.status == "optimal"


def _greedy(candidates: Sequence[_Candidate], needs: Sequence[str]) -> list[_Candidate]:
    left, chosen = set(needs), []
    while left:
        best = max(candidates, key=lambda c: len(left.intersection(c.needs)))
        chosen.append(best)
        left -= set(best.needs)
    return chosen


def _shared_out(
    chosen: Sequence[_Candidate], met: Sequence[str], needs: Sequence[_Need]
) -> list[tuple[_Candidate, list[str]]]:
    """Each need goes to the nearest chosen sign that meets it; a sign names only the goals it is needed for."""
    goals = {need.id: need.goal for need in needs}
    kept: list[set[str]] = [set() for _ in chosen]
    for need in met:
        holders = [n for n, candidate in enumerate(chosen) if need in candidate.needs]
        nearest = min(holders, key=lambda n: (chosen[n].distances[chosen[n].needs.index(need)], n))
        kept[nearest].add(goals[need])
    return [(candidate, sorted(names)) for candidate, names in zip(chosen, kept, strict=True) if names]


def _written(candidate: _Candidate, goals: Sequence[str], names: dict[str, str]) -> Sign:
    """The sign with its text, arrows as its reader sees them: left first, then straight on, then right."""
    order = list(ARROWS)
    sides = {"left": 0, "ahead": 1, "right": 2, "back": 3}
    lines = sorted(goals, key=lambda goal: (sides[candidate.arrows[goal]], order.index(candidate.arrows[goal]), goal))
    words = [goal_words(goal, names) for goal in lines]
    arrows = [ARROWS[candidate.arrows[goal]] for goal in lines]
    chinese = "  ".join(f"{arrow} {word[0]}" for arrow, word in zip(arrows, words, strict=True))
    english = "  ".join(f"{arrow} {word[1]}" for arrow, word in zip(arrows, words, strict=True))
    sign = candidate.sign
    return make_sign("direction", sign.floor, sign.at, sign.facing_deg, (chinese, english), tuple(lines))
