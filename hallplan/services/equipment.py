"""The stage `equipment`: chapter 8 for one hall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hallplan.model.demand import Demand, Item
from hallplan.model.service_inputs import Machine, ServiceInputs
from hallplan.model.services import Choice, Cover, EquipmentPlan, Flaw, Need, NightArea
from hallplan.model.windows import WindowPlan
from hallplan.queueing.unreliable import fewest_machines
from hallplan.services.machines.cover import Covered, earning_cover, single_cover
from hallplan.services.machines.kinds import Kind, is_thing, kind_of, kiosk_items, machine_kinds
from hallplan.services.machines.things import drivers, size_facilities, size_things
from hallplan.services.machines.use import open_hours, tally_sessions, use_of_machines
from hallplan.settings import Settings
from hallplan.terms import read_data, text
from hallplan.units import MINUTES_PER_HOUR


def plan_equipment(
    demand: Demand, inputs: ServiceInputs, windows: WindowPlan, settings: Settings, *, has_night_door: bool | None = None,
    floors: int = 1, drawn_bays: int = 0,
) -> EquipmentPlan:  # fmt: skip
    """Returns machines and facilities of a hall, what its machines' logs say, and what its 24-hour area needs.

    has_night_door: whether the drawing has a door for it, None without a drawing.  floors: that the hall uses.
    drawn_bays: parking bays that the drawing shows, which settings.services.parking_spaces overrules.
    Raises InfeasibleError when no kind of machine can do an item that 自助率 sends to one.
    """
    items, kinds = kiosk_items(demand), machine_kinds(inputs.machines)
    have = Counter(kind_of(machine.kind) for machine in inputs.machines)
    cover = earning_cover(items, kinds, have)
    least = int(read_data("windows.toml")["kiosk"]["minimum"][settings.project.level])
    terminals = _terminals(cover, kinds, items, inputs.machines, least)
    count = sum(need.need for need in terminals)
    known = drivers(demand, windows, count, len(terminals), max(floors, 1))
    spaces = settings.services.parking_spaces or drawn_bays or None
    use, flaws = use_of_machines(demand, inputs)
    single, purposes = single_cover(items, kinds)
    return EquipmentPlan(
        needs=(*terminals, *size_things(known, inputs.machines, settings)),
        covers=tuple(_cover(item, rate, cover, kinds) for item, rate in items),
        choices=(
            cover.choice(text("services.choice_cover"), kinds),
            single.choice(text("services.choice_single"), purposes),
        ),
        use=use,
        night=_night(demand, inputs, windows, has_night_door),
        facilities=size_facilities(known, inputs.machines, spaces),
        flaws=(*flaws, *_unknown_kinds(inputs.machines)),
    )


def choice_saving(choices: Sequence[Choice]) -> tuple[float, float]:
    """Returns the money and m² that the cover saves against single-purpose machines."""
    if len(choices) < 2:
        return 0.0, 0.0
    return choices[1].price - choices[0].price, choices[1].area_m2 - choices[0].area_m2


def _terminals(
    cover: Covered, kinds: Sequence[Kind], items: Sequence[tuple[Item, float]], machines: Sequence[Machine], least: int
) -> list[Need]:
    """The cover's machines by kind; a policy minimum is made up with the first integrated kind."""
    counts = dict(cover.counts)
    missing = least - sum(counts.values())
    if missing > 0:
        first = next((id for id in counts), next(kind.id for kind in kinds if kind.is_integrated))
        counts[first] = counts.get(first, 0) + missing
    needs = []
    for kind in kinds:
        if kind.id not in counts:
            continue
        rate = cover.rates.get(kind.id, 0.0)
        queue = kind.queue(rate, counts[kind.id])
        wait = cover.target.wait_min
        share = round(queue.share_within(wait), 4) if queue.is_stable else 0.0
        basis = text(
            "services.by_cover", rate=f"{rate:.1f}", minutes=f"{kind.minutes:g}", share=f"{share:.1%}",
            wait=f"{wait:g}", alive=f"{queue.availability:.1%}", least=least,
        )  # fmt: skip
        if cover.spared:
            basis += text(
                "services.spared", count=cover.spared, busy=f"{read_data('equipment.toml')['earns']['busy']:.0%}"
            )
        needs.append(
            Need(
                kind.id, kind.name, counts[kind.id], sum(kind_of(m.kind) == kind.id for m in machines), basis, "self_service",
                "kiosk", 1, round(queue.mean_wait_min, 3), share, kind.price, kind.m2,
                sum(kind_id == kind.id for kind_id in cover.kinds.values()),
            )
        )  # fmt: skip
    del items
    return needs


def _cover(item: Item, rate: float, cover: Covered, kinds: Sequence[Kind]) -> Cover:
    kind = next(kind for kind in kinds if kind.id == cover.kinds[item.code])
    return Cover(item.code, item.name, kind.id, round(rate * kind.minutes / MINUTES_PER_HOUR, 4))


def _night(demand: Demand, inputs: ServiceInputs, windows: WindowPlan, has_door: bool | None) -> NightArea:
    """What the log, or a share from practice, says about use outside hours, and machines for it."""
    data = read_data("equipment.toml")["night"]
    tallies = tally_sessions(inputs.sessions, open_hours(demand))
    if inputs.has_log and tallies:
        per_day = sum(tally.outside for tally in tallies.values()) / max(inputs.log_days, 1.0)
        source = text("services.night_log", days=f"{inputs.log_days:g}")
    else:
        per_day = windows.kiosk_users_per_day * data["share"] / (1.0 - data["share"])
        source = text("services.night_share", share=f"{data['share']:.0%}")
    kind = next(kind for kind in machine_kinds() if kind.is_integrated)
    queue = fewest_machines(
        per_day * data["peak"], kind.minutes, share=data["share_within"], wait_min=data["wait_min"],
        faults_per_hour=kind.faults_per_hour, repair_min=kind.repair_min * 3,
    )  # fmt: skip
    is_worth = per_day >= data["least_per_day"]
    count = queue.machines if queue is not None and is_worth else 0
    basis = text(
        "services.night_basis" if is_worth else "services.night_not", source=source, count=count, per_day=f"{per_day:.1f}",
        least=f"{data['least_per_day']:g}",
    )  # fmt: skip
    rules = tuple((rule, has_door if rule == "own_entrance" else None) for rule in data["rules"])
    return NightArea(round(per_day, 3), count, basis, rules)


def _unknown_kinds(machines: Sequence[Machine]) -> list[Flaw]:
    """Machines of a kind that nothing in data/equipment.toml names: listed, left as they are."""
    return [
        Flaw("unknown_kind", m.id, text("services.unknown_kind", id=m.id, kind=m.kind or "–"))
        for m in machines
        if not kind_of(m.kind) and not is_thing(m.kind)
    ]
