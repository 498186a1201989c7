"""Kinds of self-service machines, and which items each can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import Machine
from hallplan.queueing.unreliable import UnreliableQueue, fewest_machines, unreliable
from hallplan.terms import language, read_data

ALL = "*"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of machine. does: words of items it can do, or "*"; hardware: what it has for items that need some.

    minutes of one use.  price: yuan.  m2: floor with its clear way.
    """

    id: str
    name: str
    words: tuple[str, ...]
    does: tuple[str, ...]
    hardware: tuple[str, ...]
    is_integrated: bool
    minutes: float
    faults_per_hour: float
    repair_min: float
    price: float
    life_years: float
    m2: float
    items: tuple[str, ...] = ()

    def can(self, item: Item) -> bool:
        """Returns whether it can do an item: one that 现有设备 names, or by its words, with the hardware that it needs."""
        if item.code in self.items or item.name in self.items:
            return True
        is_meant = ALL in self.does or any(word in f"{item.name} {item.department} {item.theme}" for word in self.does)
        return is_meant and needed_hardware(item.name) <= set(self.hardware)

    def fewest(self, arrivals_per_hour: float) -> UnreliableQueue | None:
        """Returns the fewest of them that keep the target of data/equipment.toml, faults counted."""
        target = read_data("equipment.toml")["target"]
        return fewest_machines(
            arrivals_per_hour, self.minutes, share=target["share"], wait_min=target["wait_min"],
            faults_per_hour=self.faults_per_hour, repair_min=self.repair_min, most=int(target["most"]),
        )  # fmt: skip

    def queue(self, arrivals_per_hour: float, count: int) -> UnreliableQueue:
        """Returns the queue at `count` of them."""
        return unreliable(
            arrivals_per_hour, self.minutes, count, faults_per_hour=self.faults_per_hour, repair_min=self.repair_min
        )


def machine_kinds(machines: Sequence[Machine] = ()) -> tuple[Kind, ...]:
    """Returns the kinds of data/equipment.toml, each with the items that today's machines of it are said to do."""
    said: dict[str, set[str]] = {}
    for machine in machines:
        kind = kind_of(machine.kind)
        if kind:
            said.setdefault(kind, set()).update(machine.items)
    return tuple(replace(kind, items=tuple(sorted(said.get(kind.id, ())))) for kind in _kinds())


def single_kind(department: str) -> Kind:
    """Returns the single-purpose machine of a department that no listed kind serves."""
    entry = read_data("equipment.toml")["single"]
    name = entry[language()].format(name=department)
    return Kind(
        f"single:{department}", name, (), (department,), tuple(read_data("equipment.toml")["hardware"]), False,
        float(entry["minutes"]), float(entry["faults_per_hour"]), float(entry["repair_min"]), float(entry["price"]),
        float(entry["life_years"]), float(entry["m2"]),
    )  # fmt: skip


def kind_of(said: str) -> str:
    """Returns the id of the kind that a 类型 of 现有设备 means, "" for none: the longest word that it has."""
    found = [(len(word), kind.id) for kind in _kinds() for word in kind.words if word in said]
    return max(found)[1] if found else ""


@cache
def is_thing(said: str) -> bool:
    """Returns whether a 类型 of 现有设备 names a machine or facility that serves people without doing an item."""
    data = read_data("equipment.toml")
    words = [word for group in ("things", "facilities") for entry in data[group].values() for word in entry["words"]]
    return any(word in said for word in words)


@cache
def needed_hardware(name: str) -> frozenset[str]:
    """Returns the hardware that an item of this name needs."""
    data = read_data("equipment.toml")["hardware"]
    return frozenset(hardware for hardware, words in data.items() if any(word in name for word in words))


def kiosk_items(demand: Demand) -> tuple[tuple[Item, float], ...]:
    """Returns the self-service items with their uses an hour in the busiest half-hour."""
    hours = demand.arrivals.slot_min / 60
    peak = max(demand.arrivals.shares, default=0.0) / hours
    per_day = demand.arrivals.peak_day / demand.working_days
    return tuple((item, item.kiosk_cases * per_day * peak) for item in demand.admitted if item.kiosk_cases > 0)


def _kinds() -> Iterable[Kind]:
    for id, entry in read_data("equipment.toml")["kinds"].items():
        yield Kind(
            id, entry[language()], tuple(entry["words"]), tuple(entry["does"]), tuple(entry.get("hardware", ())),
            entry.get("is_integrated", False), float(entry["minutes"]), float(entry["faults_per_hour"]),
            float(entry["repair_min"]), float(entry["price"]), float(entry["life_years"]), float(entry["m2"]),
        )  # fmt: skip
