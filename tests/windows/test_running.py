"""How busy windows are, rules for the day, today's advice, what the plan saves."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hallplan.errors import DemandError, InfeasibleError
from hallplan.model.demand import ArrivalProfile, ExistingWindow
from hallplan.model.log import ABANDONED, SERVED, QueueLog, Words
from hallplan.model.windows import Limit, WindowPlan, WindowType
from hallplan.queueing import simulate_pool, transient
from hallplan.queueing.adjusting import NEVER, Rules, draw_days, run_adjusted
from hallplan.settings import Settings
from hallplan.windows import advise_today, complete_plan, plan_windows, see_today, today_report, windows_report
from hallplan.windows.adjust.rules import days_to_draw, derive_levels
from hallplan.windows.adjust.seen import DaySoFar, Seen
from hallplan.windows.adjust.today import day_factor
from hallplan.windows.balance import balance_windows
from hallplan.windows.savings import compare_today
from hallplan.windows.service import serve
from hallplan.windows.space import require_room
from tests.builders import make_demand, make_item

MORNING, AFTERNOON = (540, 720), (780, 1020)


def existing() -> tuple[ExistingWindow, ...]:
    hours = (MORNING, AFTERNOON)
    rows = [("公安分局", "公安", ("B01",), 6), ("自然资源局", "不动产", ("B02",), 9), ("税务局", "税务", ("E01",), 3)]
    windows = [
        ExistingWindow(f"{dep}{n}", kind, dep, items, hours, 10.0) for dep, kind, items, k in rows for n in range(k)
    ]
    return (*windows, *(ExistingWindow(f"G{n}", "综合", "行政审批局", (), hours, 10.0) for n in range(40)))


@cache
def plan() -> WindowPlan:
    demand = replace(make_demand(), existing=existing())
    return complete_plan(plan_windows(demand, Settings()), demand, Settings(), month="2026-03")


def kind(id: str) -> WindowType:
    return next(kind for kind in plan().types if kind.id == id)


def test_days_without_rules_are_those_of_the_simulator() -> None:
    rates, windows = [60.0, 130, 190, 180, 120, 90], [8, 14, 20, 21, 15, 11]
    days = draw_days(rates, 6.0, cv=0.7, day_factors=np.ones(2000), seed=3)
    ours = run_adjusted(days, windows, 5.0)
    theirs = simulate_pool(rates, 6.0, windows, cv=0.7, wait_min=5.0, days=2000)
    assert ours.waits_min.sum() / ours.visitors.sum() == pytest.approx(theirs.mean_wait_min, rel=0.08)
    assert ours.within.sum() / ours.visitors.sum() == pytest.approx(theirs.share_within, abs=0.006)
    assert ours.window_hours == pytest.approx(sum(windows) / 2)


def test_rules_open_when_many_wait_and_close_when_nobody_comes() -> None:
    shape = (2, 6)
    rules = Rules(np.full(shape, 3), np.full(shape, 1), 1, 5.0, 0.0)
    crowd = draw_days([120.0, 120.0], 6.0, cv=0.5, day_factors=np.ones(50), seed=1)
    nobody = draw_days([0.0, 0.0], 6.0, cv=0.5, day_factors=np.ones(3), seed=1)
    assert run_adjusted(crowd, [2, 2], 5.0, rules).window_hours.mean() > 3.5
    assert run_adjusted(nobody, [2, 2], 5.0, rules).window_hours == pytest.approx(1 + 5 / 60)  # one closes at 5 min
    never = Rules(np.full(shape, NEVER), np.full(shape, NEVER), 1, 5.0, 0.0)
    assert run_adjusted(crowd, [2, 2], 5.0, never).window_hours == pytest.approx(2.0)


def test_an_opening_takes_its_delay() -> None:
    shape = (1, 4)
    days = draw_days([240.0], 10.0, cv=0.1, day_factors=np.ones(20), seed=2)
    fast, slow = (
        run_adjusted(days, [1], 5.0, Rules(np.full(shape, 1), np.full(shape, NEVER), 1, 5.0, delay)).window_hours
        for delay in (0.0, 4.0)
    )
    assert (fast > slow).all()


def test_rules_serve_as_asked_on_days_they_were_not_made_on() -> None:
    for row in plan().adjusting.tried:
        if row.days in ("days_varied", "days_forecast"):
            floor = min(0.8, row.fixed_share.value) - 0.02
            assert row.rules_share.value >= floor, row
    busy = [row for row in plan().adjusting.tried if row.days == "days_busy"]
    assert sum(row.rules_share.value > row.fixed_share.value for row in busy) > len(busy) / 2


def test_levels_grow_with_the_windows_open_and_helpers_are_idle() -> None:
    rules = plan().adjusting
    for trigger in rules.triggers:
        levels = [level for _, _, level in trigger.levels if level]
        assert levels == sorted(levels)
        k = plan().half_hours.index(trigger.start)
        for id in trigger.helpers:
            helper = kind(id)
            assert helper.arrivals[k] * helper.minutes / 60 < 0.7 * helper.open[k]


def test_utilisation_of_windows_adds_up_to_the_work() -> None:
    hours = {w.id: sum(b - a for a, b in w.hours) / 60 for w in plan().windows}
    busy = sum(load.utilisation * hours[load.window] for load in plan().balance.windows)
    work = sum(sum(k.arrivals) / 2 * k.minutes / 60 for k in plan().types)
    assert busy == pytest.approx(work)


def test_todays_work_is_the_plans_work() -> None:
    today = plan().balance.today
    assert len(today) == len(existing())
    people = sum(load.visitors for load in today)
    assert people == pytest.approx(sum(sum(k.arrivals) / 2 for k in plan().types if k.id != "complaint"))


def test_the_spread_is_the_standard_deviation_over_open_hours() -> None:
    hours = {w.id: sum(b - a for a, b in w.hours) for w in plan().windows}
    busy = [load.utilisation for load in plan().balance.windows for _ in range(hours[load.window] // 30)]
    assert plan().balance.spread == pytest.approx(np.std(busy))


def test_savings_compare_like_with_like() -> None:
    rows = {row.what: row for row in plan().savings}
    assert (rows["saving_windows"].before, rows["saving_windows"].after) == (58, plan().windows_total)
    assert rows["saving_area"].after == 10.0 * plan().windows_total
    assert rows["saving_hours"].before == 58 * 7
    assert rows["saving_waiting"].before > 0


def test_an_empty_hall_of_today_saves_nothing() -> None:
    demand = make_demand()
    staff = plan().staffing
    assert compare_today(plan(), demand, staff, ()) == ()
    assert balance_windows(plan(), (), Settings()).today == ()


def test_service_by_half_hour_is_the_exact_model() -> None:
    general = kind("general")
    even = replace(general, cv=1.0)
    served = serve(even, even.open, plan().half_hours, 15.0)
    day = transient(even.arrivals[:6], even.minutes, even.open[:6], wait_min=15.0)
    assert served.shares[:6] == pytest.approx(day.share_within)


def so_far(now: int, **seen: Seen) -> DaySoFar:
    types = {k.id: seen.get(k.id, Seen(0, 0, 0)) for k in plan().types}
    return DaySoFar("2026-03-02", now, 100, 0, types)


def test_a_long_queue_asks_for_more_windows_than_an_empty_one() -> None:
    now = plan().half_hours[4]
    expected = round(sum(kind("general").arrivals[:4]) / 2)
    calm, crowded = (
        next(t for t in advise_today(plan(), so_far(now, general=Seen(came, waiting, 5))).types if t.type == "general")
        for came, waiting in ((expected, 0), (2 * expected, 60))
    )
    assert crowded.factor.value > calm.factor.value
    assert sum(s.advised for s in crowded.slots) > sum(s.advised for s in calm.slots)
    assert len(calm.slots) == 2  # an hour before noon
    assert all(s.share_advised >= 0.8 - 1e-6 for s in calm.slots)


@cache
def strict_plan(**limits: float) -> WindowPlan:
    """The plan with further targets, which its windows are enough for with some to spare."""
    rows = tuple(Limit(what, limit, 1.0, "", True) for what, limit in limits.items())
    return replace(plan(), limits=rows, types=tuple(replace(k, windows=2 * k.windows) for k in plan().types))


@pytest.mark.parametrize(
    "limits", [{"mean_wait_min": 1.0}, {"p99_wait_min": 6.0}, {"longest_queue": 2.0}, {"seats": 4.0}]
)
def test_advice_keeps_the_further_targets_of_the_plan(limits: dict[str, float]) -> None:
    now, seen = plan().half_hours[2], Seen(60, 0, 5)
    plain, strict = (
        next(t for t in advise_today(p, so_far(now, general=seen)).types if t.type == "general")
        for p in (strict_plan(), strict_plan(**limits))
    )
    assert sum(s.advised for s in strict.slots) > sum(s.advised for s in plain.slots)
    general, first = kind("general"), plan().half_hours.index(now)
    rates = [strict.factor.value * rate for rate in general.arrivals[first : first + len(strict.slots)]]
    factor = max((1 + general.cv**2) / 2, 1.0)
    met = transient(rates, general.minutes, [s.advised for s in strict.slots], wait_min=6.0 / factor, present=5)
    assert factor * max(met.mean_wait_min) <= limits.get("mean_wait_min", 99.0) + 1e-6
    assert min(met.share_within) >= (0.99 if "p99_wait_min" in limits else 0.0) - 1e-6
    assert factor * max(met.waiting_p95) <= limits.get("longest_queue", limits.get("seats", 999.0))


def test_levels_follow_the_further_targets_of_the_plan() -> None:
    general, strict = kind("general"), strict_plan(longest_queue=3.0)
    opened = derive_levels(general, plan(), 0.9, 1).open_at[0, 1 : general.windows]
    assert derive_levels(general, strict, 0.9, 1).open_at[0, 1 : general.windows].max() <= 2 < opened.max()
    waits = derive_levels(general, strict_plan(mean_wait_min=2.0), 0.9, 1).open_at[0, 1 : general.windows]
    # Behind n at c windows of m minutes one waits (n + 1) m / c minutes: from here on more than 1.8.
    assert waits[-1] == max(
        math.floor((general.windows - 1) * 1.8 / (general.minutes * max(1, (1 + general.cv**2) / 2))), 1
    )
    assert all(row <= other for row, other in zip(waits, opened, strict=True))


def test_levels_of_a_bureau_of_nine_hundred_windows_are_found() -> None:
    """The chance that nobody of more than 745 leaves is 0 to a machine; the search for a level did not end."""
    general = replace(kind("general"), windows=900, minutes=6.0, cv=1.0)
    opened = derive_levels(general, plan(), 0.9, 1).open_at[0, 1:900]
    expected = 899 / 6.0 * 0.9 * plan().target_wait_min
    assert opened[-1] == pytest.approx(expected - 0.8416 * math.sqrt(expected), abs=3)
    assert all(np.diff(opened) >= 0)


def test_many_visitors_are_followed_through_fewer_days() -> None:
    crowd = replace(kind("general"), arrivals=tuple(100 * rate for rate in kind("general").arrivals))
    assert days_to_draw(kind("general"), 400) == 400
    assert 60 <= days_to_draw(crowd, 400) < 400


def test_after_the_last_half_hour_there_is_nothing_to_do() -> None:
    today = advise_today(plan(), so_far(1030))
    assert all(not t.slots for t in today.types)


def test_the_day_factor_starts_at_the_forecast_and_follows_the_day() -> None:
    assert day_factor(0, 0.0).value == 1.0
    assert 1.0 < day_factor(120, 100.0).value < 1.2
    assert day_factor(12000, 10000.0).value == pytest.approx(1.2, abs=0.01)


def make_log(rows: list[tuple[float, float, float, str, str]]) -> QueueLog:
    """Rows of taken, started (nan: not), service minutes, window, item."""
    n = len(rows)
    taken, started, service = (np.array([row[i] * 60.0 for row in rows]) for i in range(3))
    state = np.where(np.isnan(started), ABANDONED, SERVED).astype(np.int8)
    words = [sorted({row[i] for row in rows}) for i in (3, 4)]
    columns = [
        Words(np.array([names.index(row[i]) for row in rows], dtype=np.int32), tuple(names))
        for i, names in zip((3, 4), words, strict=True)
    ]
    blank = Words(np.zeros(n, dtype=np.int32), ("",))
    return QueueLog(
        ("today.csv",), np.full(n, 20_514, dtype=np.int32), taken, started, started - taken, service, state, (), columns[0], columns[1],
        blank, blank, blank, np.zeros(n, dtype=np.uint64), np.zeros((n, 2), dtype=np.uint64), n,
    )  # fmt: skip


def test_the_log_so_far_tells_who_waits_and_who_is_served() -> None:
    nan = float("nan")
    log = make_log(
        [
            (541, 545, 8, "A01", ""),
            (550, nan, nan, "", "内资有限公司设立登记"),  # left: a later one was called
            (552, 560, nan, "A02", ""),
            (558, nan, nan, "", "综合窗口"),
            (559, nan, nan, "", "食品经营许可"),
            (560, nan, nan, "", "不认识的业务"),
        ]
    )
    seen = see_today(log, plan(), make_demand(), 561)
    assert seen.types["general"] == Seen(came=5, waiting=2, in_service=1)
    assert (seen.tickets, seen.unknown, seen.date) == (6, 1, "2026-03-02")
    assert see_today(log, plan(), make_demand(), 548).types["general"] == Seen(1, 0, 1)


def test_a_log_of_other_business_is_refused() -> None:
    log = make_log([(541, 545, 8, "", "理发")])
    with pytest.raises(DemandError, match="理发"):
        see_today(log, plan(), make_demand())


def test_reports_are_plain_json() -> None:
    report = windows_report(plan())
    assert report["balance"]["spread"] >= 0
    assert report["adjusting"]["triggers"]
    assert {row["what"] for row in report["savings"]} >= {"saving_windows", "saving_people", "saving_machines"}
    today = today_report(advise_today(plan(), so_far(600)))
    assert today["now"] == "10:00"


def test_more_windows_than_fit_say_the_best_possible_and_what_it_takes() -> None:
    shape = (0.1, 0.3, 0.3, 0.2, 0.1)
    items = (make_item("1", "受理", 30000), make_item("2", "身份证", 8000, 8, special="公安"))
    demand = replace(make_demand(), items=items, arrivals=ArrivalProfile(tuple(range(540, 690, 30)), shape))
    sized = plan_windows(demand, Settings())
    room = sized.windows_total - 4
    tight = Settings.model_validate({"service": {"max_windows": room}})
    with pytest.raises(InfeasibleError) as caught:
        complete_plan(sized, demand, tight, month="2026-03")
    said = str(caught.value)
    assert f"只容 {room} 个" in said
    assert "再腾出 4 个" in said
    fewer = int(re.search(r"到厅量的 (\d+)%", said).group(1)) / 100
    calm = tuple(replace(i, cases=i.cases * (1 - fewer), consults=i.consults * (1 - fewer)) for i in items)
    assert plan_windows(replace(demand, items=calm), Settings()).windows_total <= room + 1
    roomy = Settings.model_validate({"service": {"max_windows": sized.windows_total}})
    require_room(sized, roomy)


def test_short_cases_beside_long_ones_may_have_windows_of_their_own() -> None:
    shape = (0.1, 0.3, 0.3, 0.2, 0.1)
    items = (make_item("1", "打印证明", 24000, 2.0, consults=0), make_item("2", "疑难登记", 3600, 45.0, consults=0))
    demand = replace(make_demand(), items=items, arrivals=ArrivalProfile(tuple(range(540, 690, 30)), shape))
    whole = complete_plan(plan_windows(demand, Settings()), demand, Settings(), month="2026-03")
    (advice,) = (row for row in whole.balance.advice if row.kind == "split")
    assert advice.types == ("general",)
    before, after = (float(value) for value in re.search(r"由 ([\d.]+) 降到 ([\d.]+) 分钟", advice.words).groups())
    assert after <= 0.7 * before
    alike = replace(demand, items=(replace(items[0], minutes=items[1].minutes, cases=3600.0), items[1]))
    same = complete_plan(plan_windows(alike, Settings()), alike, Settings(), month="2026-03")
    assert not [row for row in same.balance.advice if row.kind == "split"]
