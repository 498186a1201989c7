"""How signs serve the routes: decision points, blind stretches, how often and how well each sign is used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from hallplan.model.flow import Route, Routes
from hallplan.model.layout import Layout
from hallplan.model.signs import Proof, Reading, Served, Sign, SignFault, SignPlacement, SignPlan, SignUse, Test
from hallplan.model.site import Site
from hallplan.settings import Settings
from hallplan.signs.blind import blind_stretches, joined
from hallplan.signs.crowd import hidden_share
from hallplan.signs.faces import faces_of
from hallplan.signs.faults import sign_faults
from hallplan.signs.legibility import catchment
from hallplan.signs.seats import desk_views, seat_views
from hallplan.signs.sights import Sights, needed_seconds, off_view_deg
from hallplan.signs.view import View
from hallplan.signs.walkers import Masks, Need, Walkers
from hallplan.terms import read_data
from hallplan.units import round_m

WITHOUT_CATCHMENT = ("plate", "access")


def rate_signs(
    site: Site, layout: Layout, routes: Routes, signs: Sequence[Sign], settings: Settings,
    placement: SignPlacement | None = None,
) -> SignPlan:  # fmt: skip
    """Returns the plan of signs as they stand: who is served where with which figures, blind stretches, use of each sign,
    seats and call screens, information desks, and from where each sign is read.
    """
    view, walkers = View(site, layout), Walkers(layout, routes, settings)
    judge = Judge(view, walkers, signs)
    return SignPlan(
        tuple(_with_catchments(sign, view, settings.signs.eye_standing_m) for sign in signs),
        judge.served(),
        judge.readings(),
        placement,
        judge.uses(),
        seat_views(view, settings),
        desk_views(view, settings),
        (*sign_faults(view, signs), *judge.outdated()),
    )


class Judge:
    """Signs before walkers."""

    def __init__(self, view: View, walkers: Walkers, signs: Sequence[Sign]) -> None:
        self.view, self.walkers, self.signs = view, walkers, signs
        self.data = read_data("signs.toml")
        self.sights = Sights(walkers, faces_of(signs), view.fields)
        self.met = self.sights.met()
        self._told = [self.sights.told(s) for s in range(len(walkers.stretches))]
        self._served = [self._serve(n, need) for n, need in enumerate(walkers.needs)]

    def served(self) -> tuple[Served, ...]:
        """Returns for each decision point and goal the nearest sign that passes all tests, or what fails."""
        return tuple(self._served)

    def _serve(self, n: int, need: Need) -> Served:
        faces = self.sights.faces
        eye = self.walkers.xy[need.row]
        far = [(round_m(math.dist(faces[f].at, eye)), f) for f in np.flatnonzero(self.met[:, n]).tolist()]
        entry = Served(need.decision.id, need.route.id, need.goal, "")
        nearest: tuple[Proof, tuple[Test, ...]] | None = None
        for distance, f in sorted(far):
            proof, failed = self._proof(need, f)
            if not failed:
                return replace(entry, sign=self.signs[faces[f].sign].id, distance_m=distance, proof=proof)
            nearest = nearest or (proof, failed)
        if nearest is None:
            own = self.sights.before[need.stretch]
            naming = own.faces[own.tells].tolist()
            tried = [
                (len(failed), proof.distance_m, f, proof, failed)
                for f in naming
                for proof, failed in [self._proof(need, f)]
            ]
            if not tried:
                return entry
            nearest = min(tried, key=lambda entry: entry[:3])[3:]
        return replace(entry, proof=nearest[0], failed=nearest[1])

    def _proof(self, need: Need, f: int) -> tuple[Proof, tuple[Test, ...]]:
        face, row, walkers = self.sights.faces[f], need.row, self.walkers
        eye, height = walkers.xy[row : row + 1], float(walkers.eye_m[row])
        distance = math.dist(face.at, eye[0])
        before = math.cos(math.radians(_off(face.at, eye[0], face.facing_deg)))
        off = float(off_view_deg(face, eye, walkers.heading[row : row + 1])[0])
        seconds = float(self.sights.seconds(need, np.array([f]))[0])
        hidden = float(hidden_share(np.array([distance]), height, face.height_m, self.data["crowd"]["per_m2"])[0])
        proof = Proof(
            round(distance, 2), round(max(0.0, face.reach_m * before), 2), round(off, 1), float(walkers.half_view[row]),
            self.view.is_clear(face, eye, height), None if math.isinf(seconds) else round(seconds, 2),
            round(needed_seconds(len(face.says)), 2), self.sights.others(need, f), int(self.data["clutter"]["most"]),
            round(hidden, 3), round(float(self.sights.read_m(need, np.array([f]))[0]), 2),
        )  # fmt: skip
        legible = self.view.is_legible(face, eye, height)
        passed: dict[Test, bool] = {
            "legible": legible,
            "view": off <= proof.view_deg,
            "clear": proof.is_clear and hidden <= self.data["crowd"]["most_hidden"],
            "time": proof.seconds is None or seconds >= proof.needed_s - 5e-3,
            "clutter": proof.others <= proof.most_others,
        }
        return proof, tuple(test for test, is_passed in passed.items() if not is_passed)

    def readings(self) -> tuple[Reading, ...]:
        """Returns for each visitors' route how much of it has its next goal's sign in reach, and where it has not."""
        return tuple(self._reading(route) for route in self.walkers.routes)

    def _reading(self, route: Route) -> Reading:
        faces = self.sights.faces
        told: list[Masks] = [np.asarray(by_face.any(axis=0)) for by_face in self._told]
        along, is_read, _, _ = joined(self.walkers, route, told)
        signs: set[int] = set()
        steps = []
        for s in self.walkers.of_route[route.id]:
            telling = self.sights.before[s].faces[self._told[s].any(axis=1)]
            signs |= {faces[f].sign for f in telling.tolist()}
            share = np.full(self.walkers.stretches[s].count, self.walkers.stretches[s].step_m)
            share[[0, -1]] /= 2
            steps.append(share)
        weight = np.concatenate(steps)
        share_read = float(weight[is_read].sum() / max(weight.sum(), 1e-9))
        mine = [entry for entry in self._served if entry.route == route.id]
        first = [entry.proof.first_seen_m for entry in mine if entry.sign and entry.proof]
        return Reading(
            route.id, round(share_read, 4), blind_stretches(along, is_read), len(mine),
            sum(bool(entry.sign) for entry in mine), round(sum(first) / len(first), 2) if first else None,
            round(100.0 * len(signs) / max(route.length_m, 1e-9), 2), self._breaks(route),
        )  # fmt: skip

    def _breaks(self, route: Route) -> int:
        """Decision points at which a goal that was named before on the way to it is not named."""
        order = {s: n for n, s in enumerate(self.walkers.of_route[route.id])}
        pairs = [p for p in zip(self.walkers.needs, self._served, strict=True) if p[0].route.id == route.id]
        pairs.sort(key=lambda pair: (order[pair[0].stretch], pair[0].at))
        named: set[tuple[int, str]] = set()
        breaks = 0
        for need, entry in pairs:
            key = need.stretch, need.goal
            breaks += key in named and not entry.sign
            if entry.sign:
                named.add(key)
        return breaks

    def uses(self) -> tuple[SignUse, ...]:
        """Returns visitors a day at decision points for each sign, and whether other signs serve all of them too."""
        faces, needs = self.sights.faces, self.walkers.needs
        owner = np.array([face.sign for face in faces], dtype=np.int64)
        meets = np.zeros((len(self.signs), len(needs)), dtype=np.bool_)
        np.logical_or.at(meets, owner, self.met)
        people = {need.route.id: need.route.per_day for need in needs}
        found = []
        for n, sign in enumerate(self.signs):
            if n not in owner:
                continue
            mine = dict.fromkeys(e.route for e in self._served if e.sign == sign.id)  # in one order: sums depend on it
            alone = meets[n] & (meets.sum(axis=0) == 1)
            spare = sign.kind in ("direction", "board") and not alone.any()
            found.append(SignUse(sign.id, round(sum(people[route] for route in mine), 1), bool(spare)))
        return tuple(found)

    def outdated(self) -> tuple[SignFault, ...]:
        """Returns the signs of the drawing that name no place of this plan, and those that point someone the wrong way."""
        faces, found = (
            self.sights.faces,
            [SignFault(s.id, "no_place") for s in self.signs if s.is_existing and not s.names],
        )
        astray = [self.signs[faces[f].sign] for f in self.sights.astray()]
        wrong = {sign.id for sign in astray if sign.is_existing}
        return (*found, *self._gone(), *(SignFault(id, "misleads") for id in sorted(wrong)))

    def _gone(self) -> Iterator[SignFault]:
        zones = {zone.zone for zone in self.view.layout.zones}
        for sign in self.signs:
            goals = {goal for goal in (*sign.names, *sign.back_names) if not goal.startswith("door:")}
            if goals - zones:
                yield SignFault(sign.id, "gone")


def _off(at: tuple[float, float], eye: np.ndarray, facing_deg: float) -> float:
    turn = math.degrees(math.atan2(eye[1] - at[1], eye[0] - at[0])) - facing_deg
    return abs((turn + 180.0) % 360.0 - 180.0)


def _with_catchments(sign: Sign, view: View, eye_m: float) -> Sign:
    if sign.kind in WITHOUT_CATCHMENT:
        return sign
    faces = faces_of([sign])
    outline = view.site.floor(sign.floor).outline
    areas = [catchment(face, outline, view.near(sign.floor, face.at, face.reach_m + 1.0), eye_m) for face in faces]
    front = areas[0] if areas else None
    return replace(sign, catchment=front, back_catchment=areas[1] if len(areas) > 1 else None)
