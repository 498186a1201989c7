"""What the logs of machines say: use, faults, and what to keep, move, merge, replace or withdraw."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hallplan.lp import LinearProgramme
from hallplan.model.demand import Demand
from hallplan.model.service_inputs import Machine, ServiceInputs, Session
from hallplan.model.services import Flaw, MachineUse
from hallplan.services.machines.kinds import Kind, is_thing, kind_of, machine_kinds
from hallplan.terms import listed, read_data, text
from hallplan.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

DAYS_PER_YEAR = 250.0


@dataclass(slots=True)
class Tally:
    """One machine's log summed up: uses, busy minutes, faults, minutes down, uses outside the hall's hours."""

    uses: int = 0
    busy: float = 0.0
    faults: int = 0
    down: float = 0.0
    outside: int = 0
    days: set[int] = field(default_factory=set)

    def add(self, session: Session, hours: Sequence[tuple[int, int]], words: Sequence[str]) -> None:
        """Adds one line; a line that names a fault or ends in one is down time, any other a use."""
        length = max(0.0, session.end - session.start)
        self.days.add(math.floor(session.start / MINUTES_PER_DAY))
        if session.fault or any(word in session.outcome for word in words):
            self.faults += 1
            self.down += length
            return
        self.uses += 1
        self.busy += length
        at = session.start % MINUTES_PER_DAY
        self.outside += bool(hours) and not hours[0][0] <= at < hours[-1][1]  # lunch is no night


def tally_sessions(sessions: Iterable[Session], hours: Sequence[tuple[int, int]]) -> dict[str, Tally]:
    """Returns the tally of each machine of a log; hours: when the hall is open, minutes after midnight."""
    words = read_data("equipment.toml")["use"]["fault_words"]
    tallies: dict[str, Tally] = defaultdict(Tally)
    for session in sessions:
        tallies[session.machine].add(session, hours, words)
    return dict(tallies)


def open_hours(demand: Demand) -> tuple[tuple[int, int], ...]:
    """Returns when the hall is open by its arrivals, spans joined."""
    spans: list[tuple[int, int]] = []
    for start in demand.arrivals.starts:
        end = start + demand.arrivals.slot_min
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def use_of_machines(demand: Demand, inputs: ServiceInputs) -> tuple[tuple[MachineUse, ...], tuple[Flaw, ...]]:
    """Returns what each machine's log says with advice and its figure, unlisted ones too, and flaws of the lists.

    A machine is kept where its place needs it by queueing at the place's own busiest hour; a surplus moves to where
    the same kind is short by a transport LP, else merges into an integrated kind there, else is withdrawn.
    """
    hours = open_hours(demand)
    tallies = tally_sessions(inputs.sessions, hours)
    listed = {machine.id: machine for machine in inputs.machines}
    open_min = sum(end - start for start, end in hours)
    days = max(inputs.log_days, 1.0)
    used = [_figures(machine, tallies.get(machine.id), days, open_min) for machine in inputs.machines]
    strangers = [
        replace(_figures(Machine(id, "", ""), tallies[id], days, open_min), is_listed=False, advice="list")
        for id in sorted(set(tallies) - set(listed))
    ]
    strangers = [replace(use, why=text("services.use_unlisted")) for use in strangers]
    advised = _advise(used, listed, inputs, demand, open_min) if inputs.has_log else used
    flaws = (*_flaws(inputs, tallies, demand), *(_stranger_flaw(use) for use in strangers))
    return (*advised, *strangers), flaws


def _figures(machine: Machine, tally: Tally | None, days: float, open_min: float) -> MachineUse:
    tally = tally or Tally()
    minutes = days * open_min
    rate = tally.uses / minutes * MINUTES_PER_HOUR if minutes else 0.0
    free = max(minutes - tally.down, 1e-9)
    gap = tally.uses / tally.faults if tally.faults else 0.0
    per_day = tally.uses / days
    data = read_data("equipment.toml")["use"]
    kind = next((k for k in machine_kinds() if k.id == kind_of(machine.kind)), None)
    yearly = tally.faults / days * DAYS_PER_YEAR * data["repair_cost_share"]
    return MachineUse(
        id=machine.id,
        kind=machine.kind,
        place=machine.place,
        sessions=tally.uses,
        sessions_per_hour=round(rate, 4),
        idle_share=round(max(0.0, 1.0 - tally.busy / free), 4),
        availability=round(max(0.0, 1.0 - tally.down / minutes), 4) if minutes else 1.0,
        faults_per_1000=round(1000.0 * tally.faults / tally.uses, 3) if tally.uses else 0.0,
        advice="keep" if tally.uses else "no_data",
        to="",
        why=text("services.use_none") if not tally.uses else "",
        repair_share=round(yearly * (kind.life_years if kind else 6.0), 4),
        next_service_days=round(data["service_share"] * gap / per_day, 1) if gap and per_day else 0.0,
    )


def _advise(
    used: Sequence[MachineUse], listed: Mapping[str, Machine], inputs: ServiceInputs, demand: Demand, open_min: float
) -> list[MachineUse]:
    """Advice for each listed machine, the first rule that holds: replace, withdraw, then by what its place needs."""
    peak = max(demand.arrivals.shares, default=0.0) * open_min / demand.arrivals.slot_min
    kinds = {kind.id: kind for kind in machine_kinds(inputs.machines)}
    advised = {use.id: _by_itself(use, listed[use.id], inputs) for use in used}
    open_ids = [id for id, use in advised.items() if use.advice == "keep" and kind_of(use.kind) in kinds]
    groups: dict[str, list[MachineUse]] = defaultdict(list)
    for id in open_ids:
        groups[kind_of(advised[id].kind)].append(advised[id])
    for kind_id, uses in groups.items():
        for use in _by_place(kinds[kind_id], uses, peak, kinds, advised):
            advised[use.id] = use
    return [advised[use.id] for use in used]


def _by_itself(use: MachineUse, machine: Machine, inputs: ServiceInputs) -> MachineUse:
    data = read_data("equipment.toml")["use"]
    if use.repair_share > 1.0:
        return replace(use, advice="replace", why=text("services.use_replace", share=f"{use.repair_share:.0%}"))
    if not use.sessions and not machine.items and kind_of(machine.kind):
        return replace(use, advice="withdraw", why=text("services.use_nothing"))
    if not use.sessions and inputs.log_days >= data["least_days"] and kind_of(machine.kind):
        return replace(use, advice="withdraw", why=text("services.use_never", days=f"{inputs.log_days:g}"))
    if use.sessions and use.availability < data["availability"]:
        words = text("services.use_repair", share=f"{use.availability:.1%}", limit=f"{data['availability']:.0%}")
        return replace(use, why=words)
    return use


def _by_place(
    kind: Kind, uses: Sequence[MachineUse], peak: float, kinds: Mapping[str, Kind], everyone: Mapping[str, MachineUse]
) -> list[MachineUse]:
    """Keeps what each place needs of the kind; the least used of a surplus move to places that are short, else merge or go."""
    places: dict[str, list[MachineUse]] = defaultdict(list)
    for use in uses:
        places[use.place].append(use)
    need, rate = {}, {}
    for place, here in places.items():
        rate[place] = sum(use.sessions_per_hour for use in here) * peak
        queue = kind.fewest(rate[place])
        need[place] = queue.machines if queue else len(here)
    spare = {place: max(0, len(here) - need[place]) for place, here in places.items()}
    short = {place: max(0, need[place] - len(here)) for place, here in places.items()}
    moves = transport(spare, short)
    result = []
    for place, here in sorted(places.items()):
        ranked = sorted(here, key=lambda use: (use.sessions_per_hour, use.id))
        goals = [goal for (start, goal), n in sorted(moves.items()) if start == place for _ in range(n)]
        words = text("services.use_need", rate=f"{rate[place]:.1f}", need=need[place], have=len(here))
        for n, use in enumerate(ranked):
            if n < len(goals):
                result.append(replace(use, advice="move", to=goals[n], why=words))
            elif n < spare[place]:
                result.append(_merged(use, kind, kinds, everyone, words))
            else:
                result.append(replace(use, why=use.why or words))
    return result


def _merged(
    use: MachineUse, kind: Kind, kinds: Mapping[str, Kind], everyone: Mapping[str, MachineUse], words: str
) -> MachineUse:
    """A spare single-purpose machine merges into an integrated one at its place; any other spare is withdrawn."""
    hosts = [
        other.id
        for other in everyone.values()
        if other.place == use.place and kind_of(other.kind) in kinds and kinds[kind_of(other.kind)].is_integrated
    ]
    if hosts and not kind.is_integrated:
        return replace(use, advice="merge", to=hosts[0], why=words)
    return replace(use, advice="withdraw", why=words)


def transport(spare: Mapping[str, int], short: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Returns machines moved from place to place: as many shortages filled as can be, at the least distance.

    A transport LP; its vertices are whole.  Places are of one hall when the words before the first "/" or "-" are the same.
    """
    routes = [(a, b) for a in spare if spare[a] for b in short if short[b] and a != b]
    if not routes:
        return {}
    model = LinearProgramme("transport")
    far = 1000.0
    for n, (a, b) in enumerate(routes):
        model.add_variable(f"move_{n}", cost=distance(a, b) - far)
    for k, place in enumerate(spare):
        terms = {f"move_{n}": 1.0 for n, (a, _) in enumerate(routes) if a == place}
        if terms:
            model.add_row(f"from_{k}", terms, high=float(spare[place]))
    for k, place in enumerate(short):
        terms = {f"move_{n}": 1.0 for n, (_, b) in enumerate(routes) if b == place}
        if terms:
            model.add_row(f"to_{k}", terms, high=float(short[place]))
    found = model.solve()
    moved = {route: round(found.values[f"move_{n}"]) for n, route in enumerate(routes)}
    return {route: n for route, n in moved.items() if n}


def distance(a: str, b: str) -> float:
    """Returns how far two places of 位置 are: another zone of a hall, or another hall."""
    data = read_data("equipment.toml")["use"]
    halls = [place.replace("-", "/").partition("/")[0] for place in (a, b)]
    is_near = halls[0] == halls[1] or not all("/" in place.replace("-", "/") for place in (a, b))
    return float(data["distance_zone"] if is_near else data["distance_hall"])


def _flaws(inputs: ServiceInputs, tallies: Mapping[str, Tally], demand: Demand) -> list[Flaw]:
    """Machines that serve nothing, stand twice in the list, or are said to do items that nobody listed."""
    known = {item.code for item in demand.items} | {item.name for item in demand.items}
    flaws, seen = [], set()
    for machine in inputs.machines:
        if machine.id in seen:
            flaws.append(Flaw("machine_twice", machine.id, text("services.machine_twice", id=machine.id)))
        seen.add(machine.id)
        is_used = machine.id in tallies and tallies[machine.id].uses > 0
        if (kind_of(machine.kind) or not is_thing(machine.kind)) and not machine.items and not is_used:
            words = text("services.serves_nothing", id=machine.id, kind=machine.kind)
            flaws.append(Flaw("serves_nothing", machine.id, words))
        strange = [item for item in machine.items if item not in known]
        if strange:
            words = text("services.strange_items", id=machine.id, items=listed(strange[:5]))
            flaws.append(Flaw("unknown_items", machine.id, words))
    return flaws


def _stranger_flaw(use: MachineUse) -> Flaw:
    return Flaw("unlisted_machine", use.id, text("services.unlisted", id=use.id, count=use.sessions))
