"""Next week's openings: better than the log's own on a week held out; and what is advised."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hallplan.operate import advise, with_replay_note
from hallplan.operate.advice import _week
from hallplan.operate.bench import DayOfPeople, as_logged, of_plan, outcome, people_of, tide_of
from hallplan.operate.forecast import expect_week
from hallplan.operate.retype import queues_of
from hallplan.operate.week import firm_week, hold_out, next_week, plan_week
from hallplan.read.log import read_log
from hallplan.settings import Settings
from hallplan.terms import read_data
from hallplan.units import weekday
from tests.cli.test_calls import run
from tests.queue_logs import BANK, read_text

needs_bank = pytest.mark.skipif(not BANK.exists(), reason="the shared data is not here")
MONDAY = 20521


def made_log(days: int, seed: int = 1) -> str:
    """A hall with a morning peak that its three windows, open all day, do not follow."""
    random = np.random.default_rng(seed)
    rows = ["日期,取号时间,等候时长,服务时长,窗口,业务类型,结果"]
    for day in range(days):
        free = [9 * 3600.0] * 3
        times = np.sort(np.concatenate([random.uniform(32400, 39600, 60), random.uniform(39600, 61200, 60)]))
        for taken in times.tolist():
            service = float(random.exponential(300))
            window = int(np.argmin(free))
            start = max(taken, free[window])
            free[window] = start + service
            date = np.datetime64("2026-03-09") + day
            clock = f"{int(taken) // 3600}:{int(taken) // 60 % 60:02d}:{int(taken) % 60:02d}"
            rows.append(
                f"{date},{clock},{start - int(taken):.0f},{service:.0f},W{window},{'甲' if window else '乙'},办结"
            )
    return "\n".join(rows) + "\n"


def test_days_of_the_week_are_those_of_the_calendar() -> None:
    assert weekday(MONDAY) == 0


def test_the_plan_costs_no_more_and_waits_are_shorter_on_days_it_was_made_from(tmp_path: Path) -> None:
    log = read_text(tmp_path, made_log(7))
    people = people_of(log, log.days.tolist())
    plan = plan_week(people)
    before = outcome("actual", people, as_logged)
    after = outcome("plan", people, of_plan(plan), tide_of(plan))
    assert after.hours <= before.hours
    assert after.p90_wait_s < before.p90_wait_s


def test_a_plan_uses_no_data_of_the_week_it_is_for(tmp_path: Path) -> None:
    rows = made_log(14)
    log = read_text(tmp_path, rows)
    first = log.days[7]
    early = log.pick(log.day < first)
    found = hold_out(log)
    assert found is not None
    assert found.plan == next_week(early)[0]
    assert found.first_day == first


def split_hall(days: int, *, shares: bool = False) -> str:
    """A hall where W0 and W1 take 甲 all day and W2 and W3 take 乙, mostly in the morning; or where all take both."""
    random = np.random.default_rng(3)
    rows = ["日期,取号时间,等候时长,服务时长,窗口,业务类型,结果"]
    for day in range(days):
        free = [9 * 3600.0] * 4
        times = [(t, "甲") for t in random.uniform(32400, 61200, 90)] + [
            (t, "乙") for t in random.uniform(32400, 43200, 60)
        ]
        for taken, item in sorted(times):
            able = range(4) if shares else (0, 1) if item == "甲" else (2, 3)
            window = min(able, key=lambda w: free[w])
            service = float(random.exponential(360))
            start = max(float(int(taken)), free[window])
            free[window] = start + service
            clock = f"{int(taken) // 3600}:{int(taken) // 60 % 60:02d}:{int(taken) % 60:02d}"
            date = np.datetime64("2026-03-09") + day
            rows.append(f"{date},{clock},{start - int(taken):.0f},{service:.0f},W{window},{item},办结")
    return "\n".join(rows) + "\n"


def test_a_hall_whose_windows_serve_different_items_is_planned_queue_by_queue(tmp_path: Path) -> None:
    log = read_text(tmp_path, split_hall(14))
    plan, firm = next_week(log)
    assert plan is not None
    assert firm is not None
    assert [(kind.items, kind.windows) for kind in plan.types] == [(("甲",), ("W0", "W1")), (("乙",), ("W2", "W3"))]
    total = np.sum([np.array(kind.plan.open) for kind in plan.types], axis=0)
    assert np.array_equal(total, np.array(plan.open))
    afternoon = np.array(plan.types[1].plan.open)[:, 28:]
    assert afternoon.max() <= 1
    assert len(firm.types) == 2


def test_each_queue_of_the_held_out_week_is_replayed_by_itself(tmp_path: Path) -> None:
    """Replayed as one queue, the windows of one item would help out with the other, and waits would look too short."""
    log = read_text(tmp_path, split_hall(14))
    found = hold_out(log)
    assert found is not None
    by_name = {outcome.name: outcome for outcome in found.outcomes}
    assert by_name["actual"].p90_wait_s == pytest.approx(by_name["logged"].p90_wait_s, rel=0.1)
    week = people_of(log, log.days.tolist()[-7:])
    assert outcome("", week, as_logged).p90_wait_s < 0.8 * by_name["logged"].p90_wait_s


def test_a_hall_whose_windows_share_their_items_is_one_queue(tmp_path: Path) -> None:
    plan, _ = next_week(read_text(tmp_path, split_hall(14, shares=True)))
    assert plan is not None
    assert plan.types == ()


def test_the_page_and_the_figures_show_each_queue(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(split_hall(14), "utf-8")
    code, out, _ = run("monitor", path, "-o", tmp_path / "out", "--json")
    assert code == 0
    assert [kind["items"] for kind in json.loads(out)["next_week"]["types"]] == [["甲"], ["乙"]]
    assert "甲：2 个窗口" in (tmp_path / "out/monitor.html").read_text("utf-8")


def test_the_order_of_rows_does_not_matter_to_the_plan_and_its_proof(tmp_path: Path) -> None:
    head, *rows = made_log(14).splitlines()
    logs = [read_text(tmp_path, "\n".join([head, *some]) + "\n") for some in (rows, rows[::-1])]
    assert hold_out(logs[0]) == hold_out(logs[1])
    assert next_week(logs[0]) == next_week(logs[1])


def test_a_log_of_three_days_gives_no_plan_but_its_figures(tmp_path: Path) -> None:
    log = read_text(tmp_path, made_log(3))
    (hall,) = advise(log)
    assert (hall.held_out, hall.plan, hall.firm, hall.tomorrow) == (None, None, None, None)
    assert all(item.effect for item in hall.items)


def test_a_window_that_is_hardly_used_is_advised_to_be_merged(tmp_path: Path) -> None:
    rows = [
        f"2026-03-{9 + d:02d} {h}:{m:02d},0,{300 if w == 'A' else 60},{w},办结"
        for d in range(5) for h in range(9, 16) for w, minutes in (("A", range(0, 60, 10)), ("B", (3, 28, 53))) for m in minutes
    ]  # fmt: skip
    log = read_text(tmp_path, "取号时间,等候时长,服务时长,窗口,结果\n" + "\n".join(rows) + "\n")
    merged = [item for item in advise(log)[0].items if "窗口 B 并入" in item.what]
    assert len(merged) == 1
    assert "窗口小时 -" in merged[0].effect


def two_queues(*, is_mixed: bool = False) -> str:
    """社保 at windows A and B with hardly anyone, 税务 at window C with a long queue; mixed: C serves 社保 as often."""
    rows = ["日期,取号时间,等候时长,服务时长,窗口,业务类型,结果"]
    for day in range(9, 14):
        free = 9 * 3600
        for number, minute in enumerate(range(9 * 60, 16 * 60, 5)):
            start = max(free, minute * 60)
            free = start + 330
            item = "社保" if is_mixed and number % 2 else "税务"
            rows.append(
                f"2026-03-{day:02d},{minute // 60}:{minute % 60:02d}:00,{start - minute * 60},330,C,{item},办结"
            )
        rows += [
            f"2026-03-{day:02d},{minute // 60}:{minute % 60:02d}:00,0,60,{'AB'[minute // 12 % 2]},社保,办结"
            for minute in range(9 * 60, 16 * 60, 12)
        ]
    return "\n".join(rows) + "\n"


def retyped(folder: Path, rows: str) -> list[str]:
    log = read_text(folder, rows)
    return [f"{item.what} {item.effect}" for item in advise(log)[0].items if "改为办理" in item.what]


def test_an_idle_window_is_retyped_to_the_queue_that_waits_with_its_replayed_effect(tmp_path: Path) -> None:
    (found,) = retyped(tmp_path, two_queues())
    assert "由办理“社保”改为办理“税务”" in found
    before, after = map(float, re.findall(r"90 % 等候 ([\d.]+) → ([\d.]+)", found)[0])
    assert before == pytest.approx(36, abs=4)
    assert after < 1


def test_windows_that_share_items_are_one_queue_and_none_is_retyped(tmp_path: Path) -> None:
    assert not retyped(tmp_path, two_queues(is_mixed=True))


def test_the_queues_of_a_hall_are_its_windows_tied_by_items(tmp_path: Path) -> None:
    log = read_text(tmp_path, two_queues())
    queues = queues_of(log, people_of(log, log.days.tolist()))
    assert [{log.window.names[code] for code in queue.windows} for queue in queues] == [{"A", "B"}, {"C"}]
    assert sum(day.arrive_s.size for queue in queues for day in queue.days) == log.n


def test_a_log_too_large_to_replay_says_so_and_a_small_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = read_text(tmp_path, made_log(7))
    assert with_replay_note(log) is log
    monkeypatch.setitem(read_data("operate.toml")["week"], "most_people", 800)
    (note,) = with_replay_note(log).notes[len(log.notes) :]
    assert (note.kind, note.count) == ("no_replay", 840)
    assert "840" in note.text
    assert "800" in note.text
    assert advise(log) == ()
    code, out, _ = run("monitor", tmp_path / "log.csv", "--json")
    assert (code, json.loads(out)["notes"][-1]["kind"]) == (0, "no_replay")
    code, _, said = run("monitor", tmp_path / "log.csv")
    assert "800" in said


@needs_bank
def test_on_the_real_log_the_plan_beats_the_actual_openings_of_the_week_held_out() -> None:
    found = hold_out(read_log([BANK], Settings()))
    assert found is not None
    by_name = {outcome.name: outcome for outcome in found.outcomes}
    assert by_name["plan"].hours <= by_name["actual"].hours
    assert by_name["plan"].hours <= by_name["logged"].hours
    assert by_name["plan"].p90_wait_s < by_name["actual"].p90_wait_s
    assert by_name["plan"].served >= by_name["actual"].served
    assert by_name["naive"].p90_wait_s > by_name["plan"].p90_wait_s
    assert by_name["fixed"].hours <= by_name["logged"].hours
    assert by_name["fixed"].p90_wait_s < by_name["actual"].p90_wait_s
    assert by_name["fixed"].p90_wait_s < by_name["naive"].p90_wait_s
    assert found.plan.hours > 0.85 * by_name["plan"].hours


@needs_bank
def test_on_mixtures_of_the_real_weeks_the_plan_beats_the_actual_openings() -> None:
    """Each weekday from either week, the plan made from the one mixture and tried on the other."""
    log = read_log([BANK], Settings())
    days = people_of(log, log.days.tolist()[-14:])
    pairs = [[day for day in days if weekday(day.day) == n] for n in range(7)]
    for choice in np.random.default_rng(0).integers(0, 2, (10, 7)).tolist():
        plan = plan_week([pair[n] for pair, n in zip(pairs, choice, strict=True)])
        unknown = [pair[1 - n] for pair, n in zip(pairs, choice, strict=True)]
        after, before = outcome("", unknown, of_plan(plan), tide_of(plan)), outcome("", unknown, as_logged)
        assert (after.hours <= before.hours, after.p90_wait_s < before.p90_wait_s) == (True, True)
        assert 0 < after.tide_hours < 0.2 * after.hours
        assert after.tide_calls > 0


def day_of_people(day: int, people: int, *, at: float = 0.5, windows: int = 3) -> DayOfPeople:
    """A day on which people come evenly from 9:00 to 17:00 for five minutes each, windows open throughout."""
    arrive = 32400 + 28800 * (np.arange(people) + at) / people
    openings = [(w, 32400.0, 61200.0) for w in range(windows)]
    return DayOfPeople(day, arrive, np.full(people, 300.0), np.full(people, np.inf), openings)


def test_one_odd_hour_is_not_planned_for_again() -> None:
    days = [day_of_people(MONDAY + n, 96) for n in range(5)]
    crowd = np.sort(np.concatenate([days[2].arrive_s, np.full(60, 46800.0)]))
    odd = replace(days[2], arrive_s=crowd, service_s=np.full(crowd.size, 300.0), patience_s=np.full(crowd.size, np.inf))
    plain, with_crowd = expect_week(days), expect_week([*days[:2], odd, *days[3:]])
    assert with_crowd.load[2, 26] == pytest.approx(plain.load[2, 26], abs=0.1)


def test_a_morning_and_an_evening_of_equal_work_are_no_kind() -> None:
    """Friday morning and Saturday evening were averaged when they had the same work: each lost half of its windows."""
    morning, evening = day_of_people(MONDAY + 4, 60), day_of_people(MONDAY + 5, 60)
    evening = replace(
        evening, arrive_s=evening.arrive_s + 32400, openings=[(w, a + 32400, b + 32400) for w, a, b in evening.openings]
    )
    days = [*(day_of_people(MONDAY + n, 200) for n in range(4)), morning, evening]
    assert expect_week(days).load[4].sum() == pytest.approx(morning.load.sum(), rel=0.02)
    assert expect_week(days).load[5].sum() == pytest.approx(evening.load.sum(), rel=0.02)


def test_people_outside_the_opening_hours_do_not_make_a_day_look_small() -> None:
    """A few calls through the night drew the day's middle half-hour down, and the day into a kind of less work."""
    night = np.arange(0, 86400, 2400.0)
    busy = day_of_people(MONDAY + 4, 96, windows=4)
    arrive = np.sort(np.concatenate([busy.arrive_s, night]))
    tailed = replace(
        busy, arrive_s=arrive, service_s=np.full(arrive.size, 300.0), patience_s=np.full(arrive.size, 60.0)
    )
    small = replace(day_of_people(MONDAY + 5, 40), service_s=np.full(40, 300.0))
    days = [*(day_of_people(MONDAY + n, 200) for n in range(4)), tailed, small]
    assert expect_week(days).load[4, 20:32].mean() == pytest.approx(busy.load[20:32].mean(), rel=0.25)


def test_a_weekday_that_is_busier_every_week_is_expected_to_be_and_one_busy_day_is_not() -> None:
    volumes = [120, 100, 98, 102, 100]
    lasting = [day_of_people(MONDAY + 7 * week + n, v + week % 2) for week in range(4) for n, v in enumerate(volumes)]
    ratio = expect_week(lasting).load.sum(axis=1)
    assert ratio[0] / ratio[1] == pytest.approx(1.2, abs=0.03)
    once = expect_week(lasting[:5]).load.sum(axis=1)
    assert once[0] / once[1] == pytest.approx(1.0)


def test_a_plan_opens_within_the_hours_of_the_hall_alone() -> None:
    plan = firm_week([day_of_people(MONDAY + n, 96) for n in range(5)])
    assert all(count > 0 for day in plan.open[:5] for count in day[18:34])
    assert not any(count for day in plan.open for count in (*day[:17], *day[35:]))
    assert not any(plan.open[5])


def test_the_openings_of_tomorrow_are_told_by_the_clock(tmp_path: Path) -> None:
    log = read_text(tmp_path, made_log(14))
    (hall,) = advise(log)
    assert hall.plan is not None
    assert hall.tomorrow == log.days[-1] + 1
    runs = hall.plan.runs(weekday(hall.tomorrow))
    counts = hall.plan.open[weekday(hall.tomorrow)]
    assert sum((end - start) / 30 * count for start, end, count in runs) == sum(counts)
    assert runs[0][0] == 30 * next(k for k, count in enumerate(counts) if count)


def test_every_hall_of_a_log_is_advised_by_itself(tmp_path: Path) -> None:
    """Issue 9: a log of several halls was advised on for the busiest alone."""
    head, *rows = made_log(14).splitlines()
    other = made_log(14, seed=2).splitlines()[1::2]
    both = [f"大厅,{head}", *(f"甲厅,{row}" for row in rows), *(f"乙厅,{row}" for row in other)]
    log = read_text(tmp_path, "\n".join(both) + "\n")
    alone = advise(read_text(tmp_path, "\n".join([head, *other]) + "\n", "alone.csv"))[0]
    halls = advise(log)
    assert [hall.hall for hall in halls] == ["甲厅", "乙厅"]
    assert (halls[1].plan, halls[1].held_out) == (alone.plan, alone.held_out)
    assert {item.hall for hall in halls for item in hall.items} == {"甲厅", "乙厅"}
    _, out, _ = run("monitor", tmp_path / "log.csv", "--json")
    assert [hall["hall"] for hall in json.loads(out)["halls"]] == ["甲厅", "乙厅"]


def test_of_very_many_halls_the_largest_are_advised_and_the_rest_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, *rows = made_log(5).splitlines()
    both = [f"大厅,{head}", *(f"甲厅,{row}" for row in rows), *(f"乙厅,{row}" for row in rows[::2])]
    log = read_text(tmp_path, "\n".join(both) + "\n")
    monkeypatch.setitem(read_data("operate.toml")["advice"], "most_halls", 1)
    assert [hall.hall for hall in advise(log)] == ["甲厅"]
    assert with_replay_note(log).notes[-1].count == 1


def test_a_plan_that_proves_worse_than_the_openings_there_were_is_not_advised() -> None:
    week = [day_of_people(MONDAY + n, 300) for n in range(5)]
    poor = firm_week([day_of_people(MONDAY + n, 20, windows=1) for n in range(5)])
    assert not list(_week(poor, None, lambda: [week]))
    few = [replace(day, openings=day.openings[:1]) for day in week]
    assert list(_week(firm_week(week), None, lambda: [few]))


def test_a_hall_whose_tickets_tell_no_day_is_not_advised(tmp_path: Path) -> None:
    head, *rows = made_log(5).splitlines()
    log = read_text(
        tmp_path, "\n".join([f"大厅,{head}", *(f"甲厅,{row}" for row in rows), "乙厅,,,,,W1,甲,办结"]) + "\n"
    )
    assert log.hall.names == ("乙厅", "甲厅")
    assert [hall.hall for hall in advise(with_replay_note(log))] == ["甲厅"]
