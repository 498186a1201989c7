"""Widths, weights and budgets of placement, from data/place.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hallplan.settings import Effort, Settings
from hallplan.terms import read_data


@dataclass(frozen=True, slots=True)
class Weights:
    """The figures of data/place.toml that do not depend on settings."""

    main_way_m: float
    second_way_m: float
    approach_m: float
    neck_m: float
    apart_m: float
    contact: float
    alignment: float
    column_band: float
    pull: float
    noise: float
    unplaced: float
    least_share: float
    staff_factor: float
    staff_gap: float
    staff_aisle_m: float
    eject_noise: float
    orphan_m2: float
    pack_contact: float
    unmix: float
    window: float


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """What one unit of each part of the score costs. escape_m: the longest walk to a way out that costs nothing."""

    walking: float
    adjacency: float
    area: float
    daylight: float
    sight: float
    staff: float
    compact: float
    staff_crossing: float
    leftover: float
    walls: float
    escape: float
    escape_m: float


@dataclass(frozen=True, slots=True)
class Drafts:
    """How zones float over the plan before they are put in; see data/place.toml."""

    moves: int
    most: int
    stages: int
    open_from: float
    taken: float
    shared: float
    gap_m: float
    detour: float
    heat: tuple[float, float]
    lost: tuple[float, float]
    nearest: float
    reach_m: tuple[float, float]
    staff: float
    wanted: float
    pull: float
    near_m: float
    off_m: float
    again: int
    again_heat: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """What moving a zone of a given layout costs: each, and each m² of it."""

    zone: float
    m2: float


@dataclass(frozen=True, slots=True)
class BayBudget:
    """Starts of the bay search; in each, aisles drawn or gone on with and the moves each of them gets, stage by stage.

    stages: fewer aisles each, the best of the stage before, with more moves each.
    """

    starts: int
    stages: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a start that takes zones out and puts them back: its rounds, and zones placed by force before these.

    cooled: the share of the cooling that lies behind when rounds begin; with 0 they begin hot.
    """

    rounds: int
    steps: int = 0
    cooled: float = 0.0


class Stage(NamedTuple):
    """Starts that go on, rounds of each, and the share of the cooling that lies behind when these begin."""

    many: int
    rounds: int
    cooled: float = 0.0


@dataclass(frozen=True, slots=True)
class Probe:
    """The work of finding out whether the easiest task may be placed: starts, steps of force of each, of those that go on."""

    starts: int
    steps: int
    goes_on: int
    more: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The work of the search that takes zones out and puts them back, of the bay search, and of starts when both fall short.

    stages: starts and rounds of each stage: the best starts of the one before go on.
    focus: stages that follow, in which only the best go on, whatever number of layouts is asked for.
    others: the work of each further kind of layout that is asked for, so that these are no leftovers of the search.
    unmixing: rounds that each layout chosen gets for keeping staff off visitors' ways.
    closing: rounds of each in which they come there all the same, once visitors are led round.
    runners_up: so many of the next best layouts get exact coordinates too on a floor of usual size.
    """

    stages: tuple[tuple[int, int], ...]
    focus: tuple[Stage, ...]
    others: Work
    bays: BayBudget
    starts: int
    rounds: int
    steps: int
    unmixing: int
    closing: int
    runners_up: int
    probe: Probe

    @property
    def work(self) -> Work:
        """The work of one start."""
        return Work(self.rounds, self.steps)


def _weights() -> Weights:
    data = read_data("place.toml")
    ways, search = data["ways"], data["search"]
    return Weights(
        ways["main_m"], ways["second_m"], ways["approach_m"], ways["neck_m"], data["score"]["apart_m"], **search
    )


WEIGHTS = _weights()
DRAFTS = Drafts(**read_data("place.toml")["drafts"])
CHANGE = Change(**read_data("place.toml")["change"])
USER_WISH = float(read_data("adjacency.toml")["user"]["together"])
"""Weight of a wish that the user has spoken; one to be apart has it with a minus."""
SPOKEN = 3.5
"""Wishes that weigh more were spoken by the user: those of the data go up to three."""
SCALED = ("walking", "adjacency", "area", "daylight", "sight", "staff", "compact", "walls")
"""Weights of the score that [place] of hallplan.toml multiplies."""
TRAVEL = "egress_travel"
"""The rule that says how far the nearest exit may be."""


def score_weights(all_settings: Settings) -> ScoreWeights:
    """Returns the weights of the score under these settings."""
    base, settings, travel = (
        read_data("place.toml")["score"],
        all_settings.place,
        read_data("rules/egress.toml")[TRAVEL],
    )
    limit = float(all_settings.rules.parameters.get(TRAVEL, travel["limit"]))
    # what must hold outweighs what is wished, however much that is
    most = max(1.0, *(getattr(settings, key) for key in SCALED))
    return ScoreWeights(
        base["walking"] * settings.walking,
        base["adjacency"] * settings.adjacency,
        base["area"] * settings.area,
        base["daylight"] * settings.daylight,
        base["sight"] * settings.sight,
        base["staff"] * settings.staff,
        base["compact"] * settings.compact,
        base["staff_crossing"] * most,
        base["leftover"],
        base["walls"] * settings.walls,
        base["escape"] * most,
        limit * (travel["sprinkler_factor"] if all_settings.rules.sprinklers else 1.0),
    )


def budget(effort: Effort) -> Budget:
    """Returns the work that an effort buys."""
    data = read_data("place.toml")["effort"][effort]
    bays = BayBudget(data["bays"]["starts"], _stages(data["bays"]["stages"]))
    keys = ("starts", "rounds", "steps", "unmixing", "closing", "runners_up")
    starts, rounds, steps, unmixing, closing, runners_up = (int(data[key]) for key in keys)
    focus = tuple(Stage(int(many), int(work), *map(float, cooled)) for many, work, *cooled in data["focus"])
    stages, probe = _stages(data["stages"]), Probe(**data["probe"])
    others = Work(int(data["others"][0]), cooled=float(data["others"][1]))
    return Budget(stages, focus, others, bays, starts, rounds, steps, unmixing, closing, runners_up, probe)


def _stages(rows: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(many), int(work)) for many, work in rows)
