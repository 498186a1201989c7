"""Chapter 8: the cover against brute force, use and advice from logs, the transport, the 24-hour area, flaws."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from hallplan.errors import InfeasibleError
from hallplan.model.service_inputs import Machine, ServiceInputs, Session
from hallplan.model.services import EquipmentPlan
from hallplan.services import plan_equipment
from hallplan.services.machines.cover import cover_items, single_cover
from hallplan.services.machines.kinds import Kind, kind_of, machine_kinds
from hallplan.services.machines.use import transport, use_of_machines
from tests.builders import make_item
from tests.services.builders import sized

DAY = 1440.0


def kind(id: str, *does: str, price: float = 10.0, hardware: tuple[str, ...] = ()) -> Kind:
    return Kind(id, id, (), does, hardware, "*" in does, 5.0, 0.01, 120.0, price, 6.0, 4.0)


def rated(*pairs: tuple[str, float]) -> list:  # type: ignore[type-arg]
    return [(make_item(f"I{n}", name, 100, department=name), rate) for n, (name, rate) in enumerate(pairs)]


def fewest_by_hand(items: list, kinds: list[Kind]) -> int:  # type: ignore[type-arg]
    """Each item wholly to one kind, every way tried: sum of the fewest machines of each kind."""
    best = 999
    for choice in itertools.product(*[[k for k in kinds if k.can(item)] for item, _ in items]):
        loads: dict[str, float] = {}
        for (_, rate), k in zip(items, choice, strict=True):
            loads[k.id] = loads.get(k.id, 0.0) + rate
        counts = [next(k for k in kinds if k.id == id).fewest(load) for id, load in loads.items()]
        best = min(best, sum(queue.machines for queue in counts if queue))
    return best


@pytest.mark.parametrize(
    "rates", [(("甲", 6.0), ("乙", 3.0), ("丙", 9.0)), (("甲", 1.0), ("乙", 1.0), ("丙", 1.0)), (("甲", 25.0), ("乙", 2.0), ("丙", 14.0))]
)  # fmt: skip
def test_the_cover_needs_no_more_machines_than_any_assignment_and_is_proven(
    rates: tuple[tuple[str, float], ...],
) -> None:
    items, kinds = rated(*rates), [kind("a", "甲"), kind("b", "乙", "丙"), kind("all", "*", price=30)]
    found = cover_items(items, kinds)
    assert sum(found.counts.values()) <= fewest_by_hand(items, kinds)
    assert found.gap == 0.0
    for id, count in found.counts.items():
        used = next(k for k in kinds if k.id == id)
        assert used.queue(found.rates[id], count).share_within(5) >= 0.9 - 1e-6


def test_of_equal_numbers_the_cheapest_machines_are_taken() -> None:
    items = rated(("甲", 2.0))
    found = cover_items(
        items, [kind("dear", "甲", price=90), kind("cheap", "甲", price=10), kind("all", "*", price=50)]
    )
    assert dict(found.counts) == {"cheap": 1}


def test_every_item_is_carried_once_and_by_a_machine_that_can() -> None:
    items, kinds = (
        rated(("甲", 6.0), ("乙", 3.0), ("丙", 9.0)),
        [kind("a", "甲"), kind("b", "乙", "丙"), kind("all", "*")],
    )
    found = cover_items(items, kinds)
    assert sum(found.rates.values()) == pytest.approx(18.0)
    for item, _ in items:
        assert next(k for k in kinds if k.id == found.kinds[item.code]).can(item)


def test_an_item_that_no_machine_can_do_is_named() -> None:
    with pytest.raises(InfeasibleError, match="身份证"):
        cover_items(rated(("居民身份证办理", 3.0)), [kind("all", "*")])


def test_integrated_machines_save_against_single_purpose_ones() -> None:
    items = rated(("甲", 2.0), ("乙", 2.0), ("丙", 2.0))
    kinds = [kind("all", "*")]
    single, purposes = single_cover(items, kinds)
    assert len(single.counts) == 3
    assert sum(cover_items(items, kinds).counts.values()) < sum(single.counts.values())
    assert all(not k.is_integrated for k in purposes)


def test_a_kind_is_recognised_by_its_longest_word() -> None:
    assert kind_of("社保自助终端") == "integrated"  # 自助终端 is the longer word
    assert kind_of("社保一体机") == "social"
    assert kind_of("饮水机") == ""


def sessions(machine: str, per_day: int, days: int = 10, minutes: float = 5.0, start: float = 560.0) -> list[Session]:
    gap = 400.0 / max(per_day, 1)
    return [
        Session(machine, day * DAY + start + n * gap, day * DAY + start + n * gap + minutes, "社会保障卡补领")
        for day in range(days)
        for n in range(per_day)
    ]


def used(machines: list[Machine], log: list[Session], days: float = 10.0) -> EquipmentPlan:
    demand, windows, settings = sized()
    inputs = ServiceInputs(machines=tuple(machines), sessions=tuple(log), has_log=bool(log), log_days=days)
    return plan_equipment(demand, inputs, windows, settings)


CAN = ("社会保障卡补领",)


def test_figures_of_a_log_are_those_counted_by_hand() -> None:
    log = sessions("T1", 14)
    log += [Session("T1", 3 * DAY + 600, 3 * DAY + 642, outcome="故障", fault="卡纸")]
    use = used([Machine("T1", "综合自助终端", "一厅/自助区", items=CAN)], log).use[0]
    # 140 uses of 5 minutes over 10 days of 7 hours; 42 minutes down
    assert use.sessions == 140
    assert use.sessions_per_hour == pytest.approx(140 / 70)
    assert use.availability == pytest.approx(1 - 42 / 4200, abs=1e-4)
    assert use.idle_share == pytest.approx(1 - 700 / (4200 - 42), abs=1e-4)
    assert use.faults_per_1000 == pytest.approx(1000 / 140, abs=1e-3)


def test_a_spare_machine_moves_to_where_the_same_kind_is_short() -> None:
    machines = [Machine(f"A{n}", "综合自助终端", "一厅/自助区", items=CAN) for n in range(4)]
    machines += [Machine("B0", "综合自助终端", "一厅/东侧", items=CAN)]
    log = [s for n in range(4) for s in sessions(f"A{n}", 6)] + sessions("B0", 70, minutes=4)
    advice = {use.id: (use.advice, use.to) for use in used(machines, log).use}
    assert ("move", "一厅/东侧") in advice.values()
    assert advice["B0"][0] == "keep"
    assert all(use.why for use in used(machines, log).use)


def test_a_machine_that_serves_nothing_is_named_and_withdrawn() -> None:
    machines = [Machine("T1", "综合自助终端", "一厅", items=CAN), Machine("T2", "综合自助终端", "一厅")]
    plan = used(machines, sessions("T1", 20))
    assert {use.id: use.advice for use in plan.use}["T2"] == "withdraw"
    assert ("serves_nothing", "T2") in {(flaw.kind, flaw.subject) for flaw in plan.flaws}


def test_a_machine_of_an_unknown_kind_that_serves_nothing_is_named_for_both_and_kept() -> None:
    plan = used(
        [Machine("T1", "综合自助终端", "一厅", items=CAN), Machine("X9", "量子占卜机", "一厅")], sessions("T1", 20)
    )
    assert {(flaw.kind, flaw.subject) for flaw in plan.flaws} >= {("serves_nothing", "X9"), ("unknown_kind", "X9")}
    assert "X9" in {use.id for use in plan.use}
    thing = used([Machine("Q1", "取号机", "一厅")], sessions("T1", 20))
    assert ("serves_nothing", "Q1") not in {(flaw.kind, flaw.subject) for flaw in thing.flaws}


def test_a_log_of_a_machine_that_nobody_listed_is_kept_apart() -> None:
    plan = used([Machine("T1", "综合自助终端", "一厅", items=CAN)], sessions("T1", 20) + sessions("T9", 5))
    stranger = next(use for use in plan.use if use.id == "T9")
    assert (stranger.is_listed, stranger.advice, stranger.sessions) == (False, "list", 50)
    assert ("unlisted_machine", "T9") in {(flaw.kind, flaw.subject) for flaw in plan.flaws}


def test_a_machine_whose_repairs_cost_more_than_it_is_replaced() -> None:
    log = sessions("T1", 20)
    log += [
        Session("T1", day * DAY + 900 + n, day * DAY + 910 + n, fault="死机") for day in range(10) for n in range(2)
    ]
    use = used([Machine("T1", "综合自助终端", "一厅", items=CAN)], log).use[0]
    assert use.advice == "replace"
    assert "%" in use.why


def test_a_spare_single_purpose_machine_merges_into_an_integrated_one() -> None:
    machines = [Machine("S1", "社保一体机", "一厅", items=CAN), Machine("S2", "社保一体机", "一厅", items=CAN)]
    machines += [Machine("T1", "综合自助终端", "一厅", items=CAN)]
    log = sessions("S1", 5) + sessions("S2", 3) + sessions("T1", 30)
    advice = {use.id: (use.advice, use.to) for use in used(machines, log).use}
    assert advice["S2"] == ("merge", "T1")
    assert advice["S1"][0] == "keep"


def test_the_transport_fills_shortages_at_the_least_distance() -> None:
    moves = transport({"一厅/东": 1, "二厅/南": 1}, {"一厅/西": 1, "二厅/北": 1})
    assert moves == {("一厅/东", "一厅/西"): 1, ("二厅/南", "二厅/北"): 1}


def test_use_outside_hours_decides_the_24_hour_area() -> None:
    machines = [Machine("T1", "综合自助终端", "一厅", items=CAN)]
    few = used(machines, sessions("T1", 20) + [Session("T1", day * DAY + 1200, day * DAY + 1204) for day in range(10)])
    many = used(machines, sessions("T1", 20) + sessions("T1", 12, start=1100.0, minutes=3))
    assert few.night.machines == 0
    assert many.night.machines >= 1
    assert many.night.sessions_per_day > few.night.sessions_per_day


def test_the_drawing_decides_whether_the_24_hour_area_has_its_own_door() -> None:
    demand, windows, settings = sized()
    plan = plan_equipment(demand, ServiceInputs(), windows, settings, has_night_door=True)
    assert dict(plan.night.rules)["own_entrance"] is True
    assert dict(plan.night.rules)["closed_off"] is None


def test_more_self_service_never_needs_fewer_terminals() -> None:
    demand, windows, settings = sized()
    counts = []
    for factor in (0.5, 1.0, 2.0):
        items = tuple(replace(item, cases=item.cases * factor) for item in demand.items)
        plan = plan_equipment(replace(demand, items=items), ServiceInputs(), windows, settings)
        counts.append(sum(need.need for need in plan.needs if need.furniture == "kiosk"))
    assert counts == sorted(counts)


def test_machines_there_are_count_against_the_need() -> None:
    there = [Machine("Q1", "取号机", "入口"), Machine("Q2", "取号机", "入口")]
    needs = {need.type: need for need in used(there, []).needs}
    assert needs["queue_machine"].have == 2
    assert needs["queue_machine"].lacking == max(0, needs["queue_machine"].need - 2)


def test_without_a_log_no_advice_is_given() -> None:
    demand, *_ = sized()
    uses, _ = use_of_machines(demand, ServiceInputs(machines=(Machine("T1", "综合自助终端", "一厅", items=CAN),)))
    assert [use.advice for use in uses] == ["no_data"]


def test_facilities_carry_the_clause_that_asks_for_them() -> None:
    facilities = {need.type: need for need in used([], []).facilities}
    assert "GB 55019" in facilities["low_counter"].basis
    assert facilities["aed"].need >= 1


def test_kinds_of_the_catalogue_are_complete() -> None:
    assert {k.id for k in machine_kinds()} >= {"integrated", "integrated_plus", "police", "tax"}
