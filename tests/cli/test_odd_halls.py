"""Halls of odd sizes and odd asks, from drawing and workbook to an answer: a plan, or a refusal that says where, why and what to do."""

from __future__ import annotations

import itertools
import json
import math
import shutil
from pathlib import Path
from types import SimpleNamespace

import ezdxf
import pytest

from hallplan.pipeline import relaxing
from tests.cli.test_bad_drawings import run

SAMPLE = Path(__file__).parents[2] / "samples/township"
WALL_MM = 240.0


def drawn(path: Path, width_m: float, depth_m: float, gap_m: float) -> Path:
    """A hall of double walls with a plain gap in the middle of its south side as the only entrance."""
    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = 4
    width, depth, t = 1000 * width_m, 1000 * depth_m, WALL_MM
    a, b = 500 * (width_m - gap_m), 500 * (width_m + gap_m)
    rings = [
        [(a, 0), (0, 0), (0, depth), (width, depth), (width, 0), (b, 0)],
        [(a, t), (t, t), (t, depth - t), (width - t, depth - t), (width - t, t), (b, t)],
        [(a, 0), (a, t)],
        [(b, 0), (b, t)],
    ]
    for ring in rings:
        for start, end in itertools.pairwise(ring):
            document.modelspace().add_line(start, end, dxfattribs={"layer": "墙"})
    document.saveas(path)
    return path


def project(folder: Path, width_m: float, depth_m: float, gap_m: float, settings: str = "") -> Path:
    """A project with such a hall and the demand of the township sample."""
    folder.mkdir()
    drawn(folder / "plan.dxf", width_m, depth_m, gap_m)
    shutil.copy(SAMPLE / "demand.xlsx", folder)
    (folder / "hallplan.toml").write_text(f'[project]\ntitle = "厅"\nlevel = "township"\n{settings}', "utf-8")
    return folder


@pytest.mark.parametrize(("width", "depth", "gap"), [(300, 200, 6), (300, 200, 2), (60, 40, 2.4), (6, 5, 1)])
def test_a_plain_gap_in_the_outer_wall_is_its_entrance(width: float, depth: float, gap: float, tmp_path: Path) -> None:
    """An outer wall with its ends closed beside the gap is a closed shape itself, 240 m² of it at 300 × 200 m: not the building."""
    code, out, err = run("inspect", drawn(tmp_path / "plan.dxf", width, depth, gap), "--json")
    assert code == 0, err
    (floor,) = json.loads(out)["floors"]
    assert floor["outline_area_m2"] == pytest.approx(width * depth, rel=1e-3)
    assert [closed["width_m"] for closed in json.loads(out)["gaps_closed"]] == [pytest.approx(gap, abs=0.05)]
    assert next(door["role"] for door in floor["entrances"]) == "main"


def test_a_gap_too_wide_for_its_hall_is_named_with_the_setting_that_closes_it(tmp_path: Path) -> None:
    path = drawn(tmp_path / "plan.dxf", 30, 20, 6)
    code, out, err = run("inspect", path, "--json", "--lang", "en")
    assert (code, out) == (3, "")
    assert "(15000, 0)" in err
    assert "6.00 m" in err
    assert "drawing.max_gap_m = 6.1" in err


def test_a_hall_of_30_m2_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    folder = project(tmp_path / "hall", 6, 5, 1)
    code, out, err = run("layout", folder, "--effort", "quick", "--lang", "en")
    assert (code, out) == (4, "")
    assert "m² are missing" in err
    assert "what would do" in err
    assert "Traceback" not in err


def test_a_zone_wider_than_the_hall_is_refused_with_its_own_setting(tmp_path: Path) -> None:
    folder = project(tmp_path / "hall", 20, 12, 2, "[zones.area_m2]\nwait = 900\n")
    code, out, err = run("layout", folder, "--effort", "quick", "--lang", "en")
    assert (code, out) == (4, "")
    assert "wait" in err.lower()
    assert "zones.area_m2" in err


def test_a_cap_of_seconds_ends_the_refusal_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cut short by the end of the time is not said to have been tried."""
    looks = itertools.chain([0.0], itertools.repeat(math.inf))
    monkeypatch.setattr(relaxing, "time", SimpleNamespace(monotonic=lambda: next(looks)))
    folder = project(tmp_path / "hall", 12.5, 10, 2, "[place]\nkeep_as_is = [[500, 5000, 6000, 9500]]\n")
    code, out, err = run("layout", folder, "--effort", "quick", "--seconds", "0.1", "--lang", "en")
    assert (code, out) == (4, "")
    assert "tried one by one" not in err
    assert "--seconds" in err or "m² are missing" in err


@pytest.mark.slow
def test_weights_of_zero_give_a_plan(tmp_path: Path) -> None:
    weights = "".join(f"{name} = 0\n" for name in ("walking", "adjacency", "area", "daylight", "walls"))
    folder = project(tmp_path / "hall", 20, 12, 2, f"[place]\n{weights}")
    code, _, err = run("layout", folder, "--effort", "quick", "--alternatives", "1", "--fail-on", "never", "-q")
    assert code == 0, err


@pytest.mark.slow
def test_a_hall_of_60_000_m2_is_planned_near_its_entrance(tmp_path: Path) -> None:
    folder = project(tmp_path / "hall", 300, 200, 6)
    call = ("layout", folder, "--effort", "quick", "--alternatives", "1", "--seconds", "15", "--fail-on", "never", "-q")
    code, _, err = run(*call)
    assert code == 0, err
    plan = json.loads((folder / "out/plan.json").read_text("utf-8"))
    assert len(plan["alternatives"]) == 1


def test_a_hall_without_all_that_can_be_skipped_is_counters_waiting_and_an_office(tmp_path: Path) -> None:
    """No hall has fewer zones: people wait, are served, and somebody works behind; one zone alone only `place_zones` is given."""
    skip = ["entrance", "guide", "ticket", "form", "wait", "self_service", "convenience", "nursing", "toilet"]
    skip += ["window_general", "back_office", "staff_support", "records"]
    folder = project(tmp_path / "hall", 20, 12, 2, f"[zones]\nskip = {json.dumps(skip)}\n")
    code, out, err = run("layout", folder, "--effort", "quick", "--alternatives", "1", "--fail-on", "never", "--json")
    assert code == 0, err
    (alternative,) = json.loads(out)["alternatives"]
    assert {zone["id"] for zone in alternative["zones"]} == {"wait-1", "window_general-1", "back_office-1"}


@pytest.mark.slow
def test_two_hundred_zones_too_many_for_a_hall_are_refused_with_what_is_missing(tmp_path: Path) -> None:
    """The city's demand by departments, twenty spare windows of each type, in lines of two: over two hundred zones for 2,400 m².

    That as many are placed where there is room, tests/place/test_bad_input.py shows.
    """
    folder = tmp_path / "hall"
    folder.mkdir()
    drawn(folder / "plan.dxf", 60, 40, 2.4)
    shutil.copy(SAMPLE.parent / "city/demand.xlsx", folder)
    service = 'service_mode = "部门专窗"\nreserve_windows = 20\nwindows_per_line = 2\n'
    (folder / "hallplan.toml").write_text(f'[project]\ntitle = "厅"\nlevel = "city"\n[service]\n{service}', "utf-8")
    code, out, err = run(
        "layout", folder, "--effort", "quick", "--alternatives", "1", "--seconds", "10", "--lang", "en"
    )
    assert (code, out) == (4, "")
    assert "m² are missing" in err
    assert "Traceback" not in err
