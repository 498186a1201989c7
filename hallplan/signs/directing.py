"""Direction signs: as few as tell every walker at every decision point the way, and leave no stretch blind too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from hallplan.model.layout import Layout
from hallplan.model.programme import Programme
from hallplan.model.signs import Sign, SignPlacement
from hallplan.model.site import Floor, OpeningRole, Site
from hallplan.settings import Settings
from hallplan.signs.blind import Window, blind_windows
from hallplan.signs.candidates import Place, sign_places
from hallplan.signs.cover import cover
from hallplan.signs.faces import Face, faces_of
from hallplan.signs.filling import Filler
from hallplan.signs.greedy import greedy
from hallplan.signs.purse import Purse
from hallplan.signs.question import Answer, Question, joined
from hallplan.signs.sights import Sights
from hallplan.signs.task import Drafted, Task, eyes_of
from hallplan.signs.up import Up
from hallplan.signs.view import View
from hallplan.signs.walkers import Masks, Walkers
from hallplan.signs.words import ARROWS, goal_words, with_floor
from hallplan.terms import language

SIDES = {"left": 0, "ahead": 1, "right": 2}
"""Order on a face: what lies to the left stands to the left."""


def direction_signs(
    programme: Programme,
    view: View,
    walkers: Walkers,
    named: Sequence[Sign],
    settings: Settings,
    *,
    is_exact: bool = True,
) -> tuple[list[Sign], SignPlacement]:
    """Returns the direction signs to put up and what is proven about their number.

    Needs that the naming (and existing) signs meet as often as wanted are left out, and so are those no place can meet.
    """
    planner = _Planner(programme, view, walkers, named, settings)
    if planner.purse.left is not None:
        return planner.for_budget(is_exact=is_exact)
    signs: list[Sign] = []
    total = SignPlacement(0, 0.0, True)
    for floor in view.site.floors:
        found, placement = planner.on(floor, is_exact=is_exact)
        signs += found
        total = total.plus(placement)
    return signs, total


class _Planner:
    def __init__(
        self, programme: Programme, view: View, walkers: Walkers, named: Sequence[Sign], settings: Settings
    ) -> None:
        self.view, self.walkers, self.named, self.settings = view, walkers, named, settings
        self.names = {zone.id: zone.name for zone in programme.zones} if language() == "zh" else {}
        self.levels = levels_of(view.site, view.layout)
        self.had = Sights(walkers, faces_of(named), view.fields)
        self.met_before: list[int] = _by_sign(self.had.met(), self.had.faces, len(named)).sum(axis=0).tolist()
        self.told_before = [self.had.is_told(s) for s in range(len(walkers.stretches))]
        self.purse = Purse(settings.signs)

    def on(self, floor: Floor, *, is_exact: bool) -> tuple[list[Sign], SignPlacement]:
        """Returns the direction signs of one floor."""
        task = self._task(floor)
        if task is None:
            return [], SignPlacement(0, 0.0, True)
        windows: list[Window] = []
        while True:
            drafted = task.drafted(self.purse, self.settings.signs.redundancy, self.met_before, windows)
            answer = cover(drafted.question, is_exact=is_exact)
            if answer.is_cut:
                signs = self._one_by_one(task, drafted, answer, floor.id)
                break
            signs = self._written(task, drafted, answer)
            # windows of way that this optimum leaves blind become needs like the others, so the last one is that of all
            known = {window.key for window in windows}
            further = [window for window in self._still_blind(signs, floor.id) if window.key not in known]
            if not further:
                break
            windows += further
        return signs, self._placement([(task, drafted)], drafted.question, answer, signs)

    def for_budget(self, *, is_exact: bool) -> tuple[list[Sign], SignPlacement]:
        """Returns the direction signs of all floors that serve most visitors for what they may cost together."""
        tasks = [task for floor in self.view.site.floors if (task := self._task(floor)) is not None]
        if not tasks:
            return [], SignPlacement(0, 0.0, True)
        wanted = self.settings.signs.redundancy
        drafts = [(task, task.drafted(self.purse, wanted, self.met_before, [])) for task in tasks]
        question = joined([drafted.question for _, drafted in drafts])
        answer = cover(question, is_exact=is_exact)
        signs, first = [], 0
        for task, drafted in drafts:
            after = first + len(drafted.drafts)
            own = replace(answer, options=tuple(o - first for o in answer.options if first <= o < after))
            signs += self._written(task, drafted, own)
            first = after
        return signs, self._placement(drafts, question, answer, signs)

    def _task(self, floor: Floor) -> Task | None:
        """The places tried on a floor, None where nobody walks."""
        walkers = self.walkers
        ways = shapely.union_all([s.leg.line for s in walkers.stretches if s.leg.floor == floor.id])
        if ways.is_empty:
            return None
        here = [n for n, need in enumerate(walkers.needs) if need.decision.floor == floor.id]
        wanting = [n for n in here if self.met_before[n] < self.settings.signs.redundancy]
        hung = [sign for sign in self.named if sign.floor == floor.id and sign.mount == "hung"]
        eyes = eyes_of(walkers, wanting)
        task = Task(self.view, walkers, sign_places(floor, self.view.layout, ways, hung, eyes), wanting)
        untold = sorted(task.untold)
        if not untold:
            return task
        places = sign_places(floor, self.view.layout, ways, hung, eyes, eyes_of(walkers, untold))
        return Task(self.view, walkers, places, wanting)

    def _placement(
        self, drafts: Sequence[tuple[Task, Drafted]], question: Question, answer: Answer, signs: Sequence[Sign]
    ) -> SignPlacement:
        purse = self.purse
        is_priced = purse.is_money and purse.left is None
        return SignPlacement(
            len(signs), purse.least_signs(answer.bound), answer.is_optimal, len(greedy(question).signs),
            sum(task.one_each(drafted) for task, drafted in drafts), sum(task.n_kept for task, _ in drafts),
            sum(len(task.wanting - drafted.coverable) for task, drafted in drafts), purse.cost_yuan(signs),
            round(answer.bound * purse.unit_yuan) if is_priced else 0,
        )  # fmt: skip

    def _still_blind(self, signs: Sequence[Sign], floor: str) -> list[Window]:
        """The windows of way that are blind too long with some signs."""
        new = Sights(self.walkers, faces_of(signs), self.view.fields)
        return self._blind([np.asarray(had | new.is_told(s)) for s, had in enumerate(self.told_before)], floor)

    def _blind(self, told: Sequence[Masks], floor: str) -> list[Window]:
        return blind_windows(self.walkers, told, self.settings.signs.max_blind_m, floor)

    def _one_by_one(self, task: Task, drafted: Drafted, answer: Answer, floor: str) -> list[Sign]:
        """Returns the signs of an answer, which all stay, with further ones beside them for those whom they leave untold."""
        up, filler, redundancy = _up(drafted, answer), Filler(task, self.told_before), self.settings.signs.redundancy
        while True:
            filler.fill(up.faces, up.rooms)
            filler.end(up.faces, self._blind(filler.told, floor))
            windows = self._blind(filler.told, floor)
            met = [before + len(up.met.get(n, ())) for n, before in enumerate(self.met_before)]
            further = task.drafted_beside(up.said, self.purse, redundancy, met, windows)
            more = greedy(further.question, is_hung=True)
            if not more.options:
                return self._signs(task, up)
            up.put(further.drafts[o] for o in more.options)

    def _written(self, task: Task, drafted: Drafted, answer: Answer) -> list[Sign]:
        """Returns the signs of an answer with their texts and arrows, fronts and backs."""
        up = _up(drafted, answer)
        Filler(task, self.told_before).fill(up.faces, up.rooms)
        return self._signs(task, up)

    def _signs(self, task: Task, up: Up) -> list[Sign]:
        return [
            self._sign(task.places[n], [(task.faces[f], says) for f, says in sorted(faces.items())])
            for n, faces in sorted(up.said.items())
        ]

    def _sign(self, place: Place, faces: Sequence[tuple[Face, dict[str, str]]]) -> Sign:
        (front, says), *rest = faces
        names, arrows, chinese, english = self._lines(says, place.floor)
        sign = replace(
            place.sign(),
            facing_deg=front.facing_deg,
            is_double=bool(rest),
            text_zh=chinese,
            text_en=english,
            names=names,
            arrows=arrows,
        )
        if rest:
            names, arrows, chinese, english = self._lines(rest[0][1], place.floor)
            sign = replace(sign, back_names=names, back_arrows=arrows, back_zh=chinese, back_en=english)
        return sign

    def _words(self, goal: str, floor: str) -> tuple[str, str]:
        """What a goal is called on a sign of a floor."""
        words = goal_words(goal, self.names)
        there = self.levels.get(goal)
        return words if there in (None, self.view.site.floor(floor).level) else with_floor(words, int(there or 0))

    def _lines(self, says: dict[str, str], floor: str) -> tuple[tuple[str, ...], tuple[str, ...], str, str]:
        """Names with arrows as their reader sees them: left first, then straight on, then right."""
        order = sorted(says, key=lambda goal: (SIDES[says[goal]], goal))
        words = [self._words(goal, floor) for goal in order]
        arrows = tuple(says[goal] for goal in order)
        chinese, english = (
            "  ".join(f"{ARROWS[arrow]} {word[n]}" for arrow, word in zip(arrows, words, strict=True)) for n in (0, 1)
        )
        return tuple(order), arrows, chinese, english


def levels_of(site: Site, layout: Layout) -> dict[str, int]:
    """Returns the storey of each zone, and of the doors of each role where all of these lie on one."""
    levels = {floor.id: floor.level for floor in site.floors}
    found = {zone.zone: levels[zone.floor] for zone in layout.zones}
    for role in OpeningRole:
        there = {floor.level for floor in site.floors for door in floor.openings if door.role == role}
        if len(there) == 1:
            found[f"door:{role.value}"] = there.pop()
    return found


def _up(drafted: Drafted, answer: Answer) -> Up:
    """What an answer puts up."""
    up = Up()
    up.put(drafted.drafts[o] for o in answer.options)
    return up


def _by_sign(met: Masks, faces: Sequence[Face], count: int) -> Masks:
    found = np.zeros((count, met.shape[1]), dtype=np.bool_)
    np.logical_or.at(found, np.array([face.sign for face in faces], dtype=np.int64), met)
    return found
