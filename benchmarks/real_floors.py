"""Three programmes on drawings by strangers, scaled to fill 70, 85 and 95 % of the free floor; each layout checked.

Usage: python benchmarks/real_floors.py [--drawing NAME…] [--smaller-half] [--level township county city] [--fill 0.7 0.85 0.95]
       [--seconds 10] [--long 300] [--effort normal] [--pictures FOLDER] [--json]
       [--cpu 10] [--large-cpu 20] [--again 60] [--processes 2] [--rows FILE] [--until HH:MM] [--seed 1 2 3]
The programme is that of the sample of the level; areas, counter lengths and main aisles grow by one factor until zones and
main aisles fill the share asked for; a sample as drawing (--drawing county) has its own programme as it is. A layout counts as placed when tests/place/checker.py, which shares no code with
the engine, finds no fault in the best alternative, as doors when all faults are doors and necks of the building of 0.8 m and more
(see _status); else the engine's reason is printed. `found_s` is the time of the
search, `cpu_s` processor time with that of helper processes; --long searches again with that cap and gives by how many per cent the score of the short search is above it.

--cpu: processor time after which a search stops, --large-cpu on floors above 2,000 m². --again: cases without a whole layout, unless proven
are searched once more, at effort normal, for that processor time; the better answer counts, `cpu_s` is that of both, `again` says so.
--processes: so many cases at a time, smaller floors first. --rows: a file of JSON lines that each finished case is added to; what it holds
is not run again. --seed: each case is searched with each. --until: no case is begun after that time of day (UTC). --table prints the rows of that file as the table of docs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import recognition
from hallplan.errors import InfeasibleError
from hallplan.model.layout import Layout, StoppedBy
from hallplan.model.programme import Need, Programme, VisitorKind, Zone
from hallplan.model.reviews import DESK
from hallplan.model.site import OpeningRole, Site
from hallplan.place import place_zones
from hallplan.programme import size_zones
from hallplan.programme.facts import usable_rooms
from hallplan.read.drawing import read_site
from hallplan.read.workbook import read_demand
from hallplan.settings import Placement, Project, Settings
from hallplan.windows import plan_windows
from tests.place.checker import faults

SAMPLES = Path(__file__).parents[1] / "samples"
SIGNS = {"已证明": "proven", "也放不下": "argued", "去掉以下功能区": "all but"}
"""What a refusal says, by what it counts as, the firmest first."""
ALL_BUT = re.compile("放下了 ([0-9]+) 个中的 ([0-9]+) 个")
LEAST_FACTOR = 0.25
"""A programme scaled to less than this share is no such hall any more: its counters keep their depths. Such cases are skipped."""
LEAST_FRONT_M, MOST_FRONT_M, LEAST_AREA_M2, MOST_AREA_M2 = 2.4, 11.2, 2.0, 80.0
LEVELS = ("township", "county", "city")
LONG_EFFORT, PICTURE_PX = "best", 1200
NECK_M = 0.8
"""Least clear width of a door that stands (GB 55019-2021 2.5.4: 0.90 m new, 0.80 m in an existing building; the 1.2 and 1.8 m of 2.2.2
are of the way itself)."""
LARGE_M2 = 2000.0
NARROW_M = 1.2
"""Width of the ways that are asked of a layout that is short."""
RANKS = ("placed", "doors", "proven", "short", "argued", "faulty", "all but", "none")
"""Answers, the best first."""
AGAIN, AGAIN_EFFORT, ALONE = ("none", "all but", "short", "argued"), "normal", "空楼层上也放不下"
"""Answers after which a longer search may find a whole layout, unless a zone has no place even on the empty floor."""
ROOMY = 1.4
"""Counters scaled to a length keep at least this room about them: the greatest area and the aspect grow where they are less."""


@dataclass(frozen=True)
class Case:
    """A site with a programme that fills it."""

    drawing: str
    level: str
    fill: float
    site: Site
    programme: Programme
    factor: float
    seed: int = 1


@cache
def sample_site(level: str) -> Site:
    """Returns the plan of a sample."""
    return read_site(SAMPLES / level / "plan.dxf", Settings(project=Project(level=level)))


@cache
def sample_programme(level: str) -> Programme:
    """Returns the programme of a sample on its own plan."""
    settings = Settings(project=Project(level=level))
    demand = read_demand(SAMPLES / level / "demand.xlsx", settings)
    return size_zones(sample_site(level), demand, plan_windows(demand, settings), settings)


def scaled(programme: Programme, site: Site, fill: float) -> tuple[Programme, float]:
    """Returns the programme with areas, counter lengths and main aisles times the factor that fills a site to a share."""
    free = sum(room.free_m2 for room in usable_rooms(site))
    factor = fill * free / (sum(zone.target_m2 for zone in programme.zones) + programme.circulation_m2)
    has_h24 = any(floor.with_role(OpeningRole.H24) for floor in site.floors)
    parts = {zone.id: _parts(zone, factor, has_h24) for zone in programme.zones}
    return replace(
        programme,
        zones=tuple(itertools.chain.from_iterable(parts.values())),
        adjacencies=tuple(
            replace(wish, zone_a=a.id, zone_b=b.id)
            for wish in programme.adjacencies for a in parts[wish.zone_a] for b in parts[wish.zone_b]
        ),
        sightlines=tuple(
            replace(line, seen=tuple(part.id for zone in line.seen for part in parts[zone])) for line in programme.sightlines
        ),
        visitors=tuple(itertools.chain.from_iterable(_kinds(kind, parts, factor) for kind in programme.visitors)),
        circulation_m2=programme.circulation_m2 * factor,
        free_m2=free,
    ), factor  # fmt: skip


def _kinds(kind: VisitorKind, parts: Mapping[str, tuple[Zone, ...]], factor: float) -> Iterator[VisitorKind]:
    """Visitors shared out among the parts of the zones they go to."""
    many = max([1, *(len(parts[stop]) for stop in kind.chain if stop in parts)])
    for n in range(many):
        chain = tuple(parts[stop][n % len(parts[stop])].id if stop in parts else stop for stop in kind.chain)
        yield replace(kind, id=f"{kind.id}-{n + 1}", chain=chain, per_day=kind.per_day * factor / many)


def _parts(zone: Zone, factor: float, has_h24: bool) -> tuple[Zone, ...]:
    """The zone scaled, in as many parts as keep counters to a length, and rooms to a size, that people build."""
    longest = max((form.front_m for form in zone.forms), default=0.0) * factor
    many = max(1, math.ceil(longest / MOST_FRONT_M))
    if not zone.forms and not {Need.MAIN_DOOR, Need.H24_DOOR} & set(zone.needs):
        many = max(1, math.ceil(factor * zone.target_m2 / MOST_AREA_M2))
    ids = [zone.id, *(f"{zone.id}.{n}" for n in range(2, many + 1))]
    return tuple(replace(_scaled_zone(zone, factor / many, has_h24), id=id) for id in ids)


def _scaled_zone(zone: Zone, factor: float, has_h24: bool) -> Zone:
    target = max(LEAST_AREA_M2, zone.target_m2 * factor)
    least, most = min(target, zone.min_m2 * factor), max(target, zone.max_m2 * factor)
    forms = tuple(replace(form, front_m=max(LEAST_FRONT_M, form.front_m * factor)) for form in zone.forms)
    needs = tuple(Need.FACADE if need is Need.H24_DOOR and not has_h24 else need for need in zone.needs)
    aspect = max([zone.max_aspect, *(ROOMY * form.front_m / form.depth_m for form in forms)])
    most = max([most, *(ROOMY * form.front_m * form.depth_m for form in forms)])
    holdings = tuple(replace(h, count=math.ceil(h.count * factor)) if h.kind == DESK else h for h in zone.holdings)
    return replace(
        zone, min_m2=least, target_m2=target, max_m2=most, max_aspect=aspect, forms=forms, needs=needs, floors=(), fixed_area=None,
        fixed_floor="", holdings=holdings, reviewers=zone.reviewers * factor, min_side_m=min([zone.min_side_m, 0.9 * math.sqrt(target), *(form.front_m for form in forms)]),
    )  # fmt: skip


@cache
def site_of(drawing: str) -> Site:
    """Returns what is read in a drawing, or the plan of a sample, once a process."""
    if drawing in LEVELS:
        return sample_site(drawing)
    return read_site(recognition.FOLDER / f"{drawing}.dxf", Settings())


Key = tuple[str, str, float, int]
"""Drawing, level, fill, seed."""


def case_of(key: Key) -> Case | None:
    """Returns a case, None where the floor is too small for such a programme."""
    drawing, level, fill, seed = key
    site = site_of(drawing)
    if drawing in LEVELS:
        return Case(drawing, level, fill, site, sample_programme(level), 1.0, seed)
    case = Case(drawing, level, fill, site, *scaled(sample_programme(level), site, fill), seed)
    return case if case.factor >= LEAST_FACTOR else None


def keys(options: argparse.Namespace) -> list[Key]:
    """Returns what was asked for, the smaller floors first."""
    names = options.drawing or [name for name, is_plan in recognition.plannable().items() if is_plan]
    if options.smaller_half:
        names = sorted(names, key=lambda name: (recognition.FOLDER / f"{name}.dxf").stat().st_size)
        names = names[: math.ceil(len(names) / 2)]
    names = sorted(names, key=lambda name: (sum(room.free_m2 for room in usable_rooms(site_of(name))), name))
    cases = [(name, level, fill) for name in names for level in options.level for fill in options.fill]
    # a sample has one programme, which fills its floor as it does
    return [(*case, seed) for case in dict.fromkeys(map(_as_drawn, cases)) for seed in options.seed]


def _as_drawn(case: tuple[str, str, float]) -> tuple[str, str, float]:
    name = case[0]
    return (name, name, round(sample_programme(name).fill, 2)) if name in LEVELS else case


def search(
    case: Case, options: argparse.Namespace, seconds: float, effort: str, limit: float | None = None
) -> tuple[tuple[Layout, ...], str, float, float]:
    """Returns the layouts, or why there are none, and the seconds."""
    most = limit or _cpu(case, options)
    cap = 100 * most if most else seconds
    placing = Placement(seconds=cap, effort=effort, alternatives=options.alternatives, seed=case.seed)
    settings = Settings(project=Project(level=case.level), place=placing)
    begin, cpu = time.perf_counter(), sum(os.times()[:4])

    def stop() -> StoppedBy | None:
        return "time" if most and sum(os.times()[:4]) - cpu > most else None

    try:
        layouts, why = place_zones(case.site, case.programme, settings, stop=stop, jobs=1 if most else 2), ""
    except InfeasibleError as error:
        layouts, why = (), " | ".join(fault.found for fault in error.faults)
    return layouts, why, time.perf_counter() - begin, sum(os.times()[:4]) - cpu


def _cpu(case: Case, options: argparse.Namespace) -> float | None:
    """Processor time that a first search may take, s; None where the clock counts."""
    is_large = case.programme.free_m2 > LARGE_M2
    return (is_large and options.large_cpu) or options.cpu


@dataclass(frozen=True)
class Answer:
    """What a search came to, with what the checker says of it."""

    layouts: tuple[Layout, ...]
    why: str
    seconds: float
    cpu: float
    wrong: list[str]
    status: str


def answer(case: Case, options: argparse.Namespace, seconds: float, effort: str, limit: float | None = None) -> Answer:
    """Returns what one search comes to."""
    layouts, why, wall, cpu = search(case, options, seconds, effort, limit)
    wrong = faults(case.site, case.programme, layouts[0]) if layouts else []
    return Answer(layouts, why, wall, cpu, wrong, _status(case, layouts, wrong, why))


def best_answer(case: Case, options: argparse.Namespace) -> tuple[Answer, bool]:
    """Returns the answer, and whether a second search, at length, was made for it."""
    first = answer(case, options, options.seconds, options.effort)
    if not options.again or first.status not in AGAIN or ALONE in first.why:
        return first, False
    more = answer(case, options, options.again, AGAIN_EFFORT, options.again)
    better = min((first, more), key=lambda one: RANKS.index(one.status))
    return replace(better, seconds=first.seconds + more.seconds, cpu=first.cpu + more.cpu), True


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the figures of one case."""
    found, is_again = best_answer(case, options)
    layouts, why, seconds, cpu, wrong, status = (
        found.layouts,
        found.why,
        found.seconds,
        found.cpu,
        found.wrong,
        found.status,
    )
    row: dict[str, Any] = {
        "drawing": case.drawing, "level": case.level, "fill": case.fill, "seed": case.seed, "free_m2": round(case.programme.free_m2, 1),
        "zones": len(case.programme.zones), "factor": round(case.factor, 3), "status": status, "faults": wrong,
        "reason": why, "found_s": round(seconds, 2), "cpu_s": round(cpu, 2),
        "again": is_again, "alternatives": len(layouts),
        "score": layouts[0].score if layouts else None,
    }  # fmt: skip
    if options.long and layouts:
        better, *_ = search(case, options, options.long, LONG_EFFORT)
        best = min((layout.score for layout in better), default=layouts[0].score)
        row |= {"long_score": best, "above_long_percent": round(100 * (layouts[0].score / best - 1), 2)}
    if options.pictures and layouts:
        draw(case, layouts[0], options.pictures / f"{case.drawing}-{case.level}-{round(100 * case.fill)}.png")
    return row


def _status(case: Case, layouts: tuple[Layout, ...], wrong: list[str], why: str) -> str:
    """placed; doors: placed, but for doors and necks of the building that are narrower than a new way should be; short: all zones lie
    there, but some have less than their least area or counters a narrower way, as the search asked less; faulty: another fault;
    proven: whatever the search, it does not fit; argued: zones that are named do not lie together though all others are left out,
    or a zone lies nowhere even alone; all but: time was over, and the zones without which the others fit are named; none: no such answer.
    """
    if not layouts:
        return next((word for sign, word in SIGNS.items() if sign in why), "none")
    if not wrong:
        return "placed"
    if any(
        zone.area_m2 < case.programme.zone(zone.zone).min_m2 - 0.05 for zone in layouts[0].zones if not zone.is_fixed
    ):
        return "short"
    if not faults(case.site, case.programme, layouts[0], neck_m=NECK_M):
        return "doors"
    # what is narrow behind the doors of the building is no fault, whether the search asked less or not
    return "faulty" if faults(case.site, _with_narrow_ways(case.programme), layouts[0], neck_m=NECK_M) else "short"


def _with_narrow_ways(programme: Programme) -> Programme:
    """The programme with the ways that the search asks for where it asks less."""
    zones = (replace(zone, front_way_m=min(zone.front_way_m, NARROW_M)) for zone in programme.zones)
    return replace(programme, zones=tuple(zones))


def draw(case: Case, layout: Layout, path: Path) -> None:
    """Writes a plain picture of each floor of a layout."""
    from benchmarks.floor_pictures import picture

    path.parent.mkdir(parents=True, exist_ok=True)
    title = f"{case.drawing}, {case.level}, {round(100 * case.fill)} %"
    for n, floor in enumerate(case.site.floors):
        picture(floor, layout, PICTURE_PX, title).save(path if n == 0 else path.with_stem(f"{path.stem}-{n + 1}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drawing", nargs="+")
    parser.add_argument("--smaller-half", action="store_true")
    parser.add_argument("--level", nargs="+", default=list(LEVELS))
    parser.add_argument("--fill", type=float, nargs="+", default=[0.7, 0.85, 0.95])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--long", type=float)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--alternatives", type=int, default=1)
    parser.add_argument("--cpu", type=float, help="stop after this processor time instead, in one thread")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--json", action="store_true", help="one line of JSON a case, nothing else")
    parser.add_argument("--large-cpu", type=float)
    parser.add_argument(
        "--again", type=float, help="processor time of a second search where the first had no whole layout"
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--until", help="HH:MM, UTC")
    parser.add_argument("--table", action="store_true", help="print what --rows holds as a table, search nothing")
    options = parser.parse_args()
    if options.table:
        print(table(_kept(options.rows)))
        return
    for row in rows(options):
        print(json.dumps(row, indent=None if options.json else 1, ensure_ascii=False), flush=True)
    if options.rows:
        print(json.dumps({"total": Counter(row["status"] for row in _kept(options.rows))}), flush=True)


def rows(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yields the figures of the cases asked for that are not in the file of rows, as they are found, and adds them to it."""
    done = {(row["drawing"], row["level"], row["fill"], row.get("seed", 1)) for row in _kept(options.rows)}
    todo = [key for key in keys(options) if key not in done]
    run = partial(_row, options)
    with get_context("fork").Pool(options.processes) if options.processes > 1 else nullcontext() as pool:
        for row in pool.imap_unordered(run, todo) if pool else map(run, todo):
            if row is not None:
                if options.rows:
                    with options.rows.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                yield row


def _row(options: argparse.Namespace, key: Key) -> dict[str, Any] | None:
    if options.until and time.strftime("%H:%M", time.gmtime()) >= options.until:
        return None
    case = case_of(key)
    return measure(case, options) if case else None


def _kept(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def table(found: Sequence[Mapping[str, Any]]) -> str:
    """Returns rows as a table in Markdown: a line a drawing and programme, a column a fill."""
    fills = sorted({row["fill"] for row in found})
    groups: dict[tuple[float, str, str], dict[float, Mapping[str, Any]]] = {}
    for row in found:
        groups.setdefault((row["free_m2"], row["drawing"], row["level"]), {})[row["fill"]] = row
    head = "| drawing | free m² | programme | " + " | ".join(f"{100 * fill:.0f} %" for fill in fills) + " |"
    lines = [head, "|---" * (3 + len(fills)) + "|"]
    for (free, drawing, level), by_fill in sorted(
        groups.items(), key=lambda one: (one[0][:2], LEVELS.index(one[0][2]))
    ):
        factors = [row["factor"] for row in by_fill.values()]
        span = f"{level} × {min(factors):.2g}–{max(factors):.2g}"
        cells = " | ".join(_cell(by_fill.get(fill)) for fill in fills)
        lines.append(f"| {drawing} | {free:,.0f} | {span} | {cells} |")
    return "\n".join(lines)


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    many = f" ({len(row['faults'])})" if row["status"] in ("faulty", "doors") else ""
    if row["status"] == "all but" and (said := ALL_BUT.search(row["reason"])):
        many = f" {int(said[1]) - int(said[2])}"
    return f"{row['status']}{many}, {row['cpu_s']:.0f} s"


if __name__ == "__main__":
    main()
