"""A day of visitors: our event loop against Ciw on the same model, one core, results compared.

Eight types go through four kiosks to twenty windows.  plain: four groups of windows, everybody alike and patient.
priorities_and_patience: a tenth has priority, and whoever waits too long leaves.  skill_matrix_recorded: besides, every
window has its own set of types and every type its own order of windows, and every visitor is recorded (Ciw always
records).  city: 6,000 visitors, 100 days, ours alone.  Ciw has no skill matrix: its node is taught one here, by the same
rule.  Ciw's time is that of making and running the simulation, not of building the network nor of collecting the
records; ours is everything but compiling, which is printed apart.  Seconds of processor time, the mean over days: each day
of Ciw is run three times and ours seven times, the least counts.  Waits are compared with 99 % intervals over days.
Prints JSON; takes about three minutes.

    pip install ciw
"""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp()

import ciw
import numpy as np

from hallplan.queueing import (
    Access,
    Group,
    HallModel,
    Line,
    Service,
    Step,
    VisitorClass,
    record_hall,
    simulate_hall,
)  # fmt: skip
from hallplan.queueing.loop import SERVED

SHAPE = np.array([6, 9, 11, 11, 10, 7, 5, 7, 8, 8, 7, 6, 3, 2], float) / 100
SLOT, N_TYPES, N_WINDOWS, CV = 30.0, 8, 20, 0.6
MINUTES = [5.0 + 0.5 * n for n in range(N_TYPES)]
KIOSKS, KIOSK_MIN = 4, 0.6
PRIORITY_SHARE, PATIENCE_MIN, TARGET_MIN, DRAIN = 0.1, 60.0, 15.0, 600.0
CIW_DAYS, CIW_RUNS, OUR_DAYS, OUR_RUNS, VISITORS = 24, 3, 400, 7, 1200.0
SKILLS = [
    sorted(range(N_WINDOWS), key=lambda w, t=t: ((w * 7 + t * 5) % N_WINDOWS, w))[: 6 + t] for t in range(N_TYPES)
]


@dataclass(frozen=True)
class Case:
    """What a comparison holds: priority visitors and patience or neither; one window pool a type pair or a skill matrix."""

    name: str
    has_people: bool
    is_skilled: bool

    @property
    def classes(self) -> list[tuple[str, int, int, float]]:
        """Id, type, priority (0 first) and share of all visitors."""
        rows = [(f"t{t}", t, 1, 1.0 / N_TYPES) for t in range(N_TYPES)]
        if not self.has_people:
            return rows
        both = [(id, t, 1, share * (1 - PRIORITY_SHARE)) for id, t, _, share in rows]
        return both + [(f"p{t}", t, 0, PRIORITY_SHARE / N_TYPES) for t in range(N_TYPES)]


def our_model(case: Case) -> HallModel:
    slots, patience = SHAPE.size, PATIENCE_MIN if case.has_people else math.inf

    def line(t: int, rank: int) -> str:
        return f"{rank}-{t if case.is_skilled else t // 2}"

    def access(t: int, rank: int) -> tuple[Access, ...]:
        names = [f"w{w}" for w in SKILLS[t]] if case.is_skilled else [f"g{t // 2}"]
        return tuple(Access(name, rank=rank) for name in names)

    classes = tuple(
        VisitorClass(
            id, tuple(VISITORS * share * SHAPE * 60 / SLOT),
            (Step(f"kiosk-{rank}", Service(KIOSK_MIN)), Step(line(t, rank), Service(MINUTES[t], CV))), patience,
        )
        for id, t, rank, share in case.classes
    )  # fmt: skip
    ranks = sorted({rank for _, _, rank, _ in case.classes})
    kiosk = tuple(Line(f"kiosk-{rank}", (Access("kiosk", rank=rank),)) for rank in ranks)
    lines = {line(t, rank): Line(line(t, rank), access(t, rank)) for _, t, rank, _ in case.classes}
    windows = [f"w{w}" for w in range(N_WINDOWS)] if case.is_skilled else [f"g{g}" for g in range(4)]
    each = 1 if case.is_skilled else N_WINDOWS // 4
    groups = (Group("kiosk", (KIOSKS,) * slots), *(Group(name, (each,) * slots) for name in windows))
    return HallModel(classes, (*kiosk, *lines.values()), groups)


class SkillNode(ciw.Node):
    """A node whose servers serve some classes only; a free one takes the first of those it may serve, priority first."""

    def find_free_server(self, ind):
        if self.id_number == 1:
            return super().find_free_server(ind)
        for w in SKILLS[int(ind.customer_class[1:])]:
            if not self.servers[w].busy:
                return self.servers[w]
        return None

    def begin_service_if_possible_accept(self, next_individual):
        if self.id_number == 1:
            super().begin_service_if_possible_accept(next_individual)
            return
        next_individual.arrival_date = self.now
        if self.reneging is True:
            next_individual.reneging_date = self.get_reneging_date(next_individual)
        server = self.find_free_server(next_individual)
        if server is not None:
            self.start(next_individual, server)

    def begin_service_if_possible_release(self, next_individual, newly_free_server):
        if self.id_number == 1:
            super().begin_service_if_possible_release(next_individual, newly_free_server)
            return
        place = newly_free_server.id_number - 1
        for queue in self.individuals:
            for ind in queue:
                if not ind.server and place in SKILLS[int(ind.customer_class[1:])]:
                    self.start(ind, newly_free_server)
                    return

    def start(self, ind, server):
        self.attach_server(server, ind)
        ind.service_start_date = self.now
        ind.service_time = self.get_service_time(ind)
        ind.service_end_date = self.now + ind.service_time
        self.number_in_service += 1
        self.reset_class_change(ind)
        server.next_end_service_date = ind.service_end_date


def ciw_network(case: Case) -> ciw.network.Network:
    ends = [SLOT * (k + 1) for k in range(SHAPE.size)]
    variance, nodes = math.log1p(CV * CV), 2 if case.is_skilled else 5

    def services(t: int) -> list[object]:
        time = ciw.dists.Lognormal(math.log(MINUTES[t]) - variance / 2, math.sqrt(variance))
        return [ciw.dists.Exponential(1 / KIOSK_MIN), *([time] * (nodes - 1))]

    def routing(t: int) -> list[list[float]]:
        row = [0.0] * nodes
        row[1 if case.is_skilled else 1 + t // 2] = 1.0
        return [row, *([[0.0] * nodes] * (nodes - 1))]

    def arrivals(share: float) -> list[object]:
        rates = [VISITORS * share * part / SLOT for part in SHAPE]
        coming = ciw.dists.PoissonIntervals([*rates, 0.0], [*ends, ends[-1] + DRAIN], ends[-1] + DRAIN)
        return [coming, *([None] * (nodes - 1))]

    rows, more = case.classes, {}
    if case.has_people:
        more["priority_classes"] = {id: rank for id, _, rank, _ in rows}
        patience = ciw.dists.Exponential(1 / PATIENCE_MIN)
        more["reneging_time_distributions"] = {id: [patience] * nodes for id, *_ in rows}
    return ciw.create_network(
        arrival_distributions={id: arrivals(share) for id, _, _, share in rows},
        service_distributions={id: services(t) for id, t, _, _ in rows},
        routing={id: routing(t) for id, t, _, _ in rows},
        number_of_servers=[KIOSKS, N_WINDOWS] if case.is_skilled else [KIOSKS, 5, 5, 5, 5],
        **more,
    )


def ciw_day(case: Case, seed: int) -> tuple[float, list[float]]:
    """Returns seconds of a day, visitors served at windows and their sum of waits."""
    ciw.seed(seed)
    network = ciw_network(case)
    start = time.process_time()
    run = ciw.Simulation(network, node_class=SkillNode) if case.is_skilled else ciw.Simulation(network)
    run.simulate_until_max_time(SLOT * SHAPE.size + DRAIN)
    seconds = time.process_time() - start
    waits = [r.waiting_time for r in run.get_all_records() if r.node != 1 and r.record_type == "service"]
    return seconds, [len(waits), sum(waits)]


def ciw_days(case: Case) -> tuple[float, np.ndarray]:
    """Returns mean seconds a day, and (days, 2): visitors served at windows and their sum of waits."""
    seconds, sums = [], []
    for seed in range(CIW_DAYS):
        runs = [ciw_day(case, seed) for _ in range(CIW_RUNS)]
        seconds.append(min(spent for spent, _ in runs))
        sums.append(runs[0][1])
    return float(np.mean(seconds)), np.array(sums)


def our_seconds(run: Callable[[int], object], days: int) -> float:
    times = []
    for _ in range(OUR_RUNS):
        start = time.process_time()
        run(days)
        times.append((time.process_time() - start) / days)
    return min(times)


def our_days(model: HallModel) -> np.ndarray:
    """Returns (days, 2): visitors served at windows and their sum of waits, from every recorded visitor."""
    records = record_hall(model, days=OUR_DAYS, seed=5)
    last = records.visitors.steps[:, -1]
    is_served = records.visitors.who["left"] == SERVED
    day = np.repeat(np.arange(OUR_DAYS), np.diff(records.starts))[is_served]
    waits = (last["started"] - last["joined"])[is_served]
    return np.stack([np.bincount(day, minlength=OUR_DAYS), np.bincount(day, waits, OUR_DAYS)], axis=1)


def mean_wait(table: np.ndarray) -> tuple[float, float]:
    """Mean wait over all visitors and half its 99 % interval over days."""
    mean = float(table[:, 1].sum() / table[:, 0].sum())
    spread = float(np.std(table[:, 1] - mean * table[:, 0], ddof=1))
    return mean, 2.8 * spread / math.sqrt(len(table)) / float(table[:, 0].mean())


def compare(case: Case) -> dict[str, object]:
    model = our_model(case)

    def run(days: int) -> object:
        return record_hall(model, days=days) if case.is_skilled else simulate_hall(model, days=days)

    start = time.process_time()
    run(1)
    compiling = time.process_time() - start
    (seconds, peer_sums), ours = ciw_days(case), our_seconds(run, 200)
    (mine, half), (peer, peer_half) = mean_wait(our_days(model)), mean_wait(peer_sums)
    return {
        "name": case.name,
        "ms_a_day": round(1000 * ours, 3),
        "ciw_ms_a_day": round(1000 * seconds, 1),
        "times_as_fast": round(seconds / ours),
        "compile_seconds": round(compiling, 1),
        "mean_wait_min": [round(mine, 3), round(half, 3)],
        "ciw_mean_wait_min": [round(peer, 3), round(peer_half, 3)],
        "equal_within_noise": abs(mine - peer) <= math.hypot(half, peer_half),
    }


def city() -> dict[str, object]:
    model = our_model(Case("city", True, False))
    classes = tuple(replace(c, per_hour=tuple(5 * rate for rate in c.per_hour)) for c in model.classes)
    groups = tuple(Group(g.id, tuple(5 * n for n in g.open)) for g in model.groups)
    city_model = replace(model, classes=classes, groups=groups)
    start = time.process_time()
    found = simulate_hall(city_model, days=100)
    return {
        "visitors_a_day": round(city_model.visitors_per_day),
        "days": found.days,
        "seconds": round(time.process_time() - start, 2),
    }


def main() -> None:
    cases = [
        Case("plain", False, False),
        Case("priorities_and_patience", True, False),
        Case("skill_matrix_recorded", True, True),
    ]
    print(
        json.dumps({"visitors_a_day": VISITORS, "halls": [compare(case) for case in cases], "city": city()}, indent=1)
    )


if __name__ == "__main__":
    main()
