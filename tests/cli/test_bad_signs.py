"""What `hallplan signs` says of a plan.json that someone edited by hand: one clear error or line for each mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Polygon
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.flow import route_visitors
from hallplan.model.plan import Alternative, Plan, plan_to_json
from hallplan.pipeline import settled
from hallplan.settings import Settings
from hallplan.signs import plan_signs
from tests.builders import make_demand, make_layout, make_programme, make_site, make_windows

Edit = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Said:
    """What a call ended with."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def flat(self) -> str:
        """Both streams without line breaks."""
        return " ".join((self.stdout + self.stderr).split())


Run = Callable[..., Said]


@pytest.fixture(scope="module")
def written() -> str:
    site, programme, layout = make_site(), make_programme(), make_layout()
    routes = route_visitors(site, programme, layout, Settings())
    signs = plan_signs(site, programme, layout, routes, Settings())
    known = (site, make_demand(), make_windows(), programme)
    plan = Plan("某县", "2026-01-02", "hallplan", (), (), *known, (Alternative(layout, routes, signs, ()),))
    return plan_to_json(settled(plan))


@pytest.fixture
def signs(written: str, tmp_path: Path) -> Run:
    """Runs `signs` on the plan with an edit made to its file."""

    def run(edit: Edit, *more: str) -> Said:
        plan = json.loads(written)
        edit(plan)
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "hallplan.toml").write_text('[output]\nlang = "en"\n', "utf-8")
        (tmp_path / "out" / "plan.json").write_text(json.dumps(plan, ensure_ascii=False), "utf-8")
        result = CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(app, ["signs", str(tmp_path), *more])
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


def layout_of(plan: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = plan["alternatives"][0]["layout"]
    return found


def zone_of(plan: dict[str, Any], id: str) -> dict[str, Any]:
    return next(zone for zone in layout_of(plan)["zones"] if zone["zone"] == id)


def first_sign(plan: dict[str, Any]) -> dict[str, Any]:
    return next(sign for sign in plan["alternatives"][0]["signs"]["signs"] if sign["kind"] == "zone")


def test_a_plan_as_it_was_written_keeps_its_ways_and_finds_nothing_blocked(signs: Run) -> None:
    result = signs(dict.copy)
    assert result.exit_code == 0
    assert "changed since" not in result.flat
    assert "blocked" not in result.flat


def test_a_hall_that_nobody_can_enter_is_refused_with_the_doors_there_are(signs: Run) -> None:
    def close(plan: dict[str, Any]) -> None:
        for door in plan["site"]["floors"][0]["openings"]:
            door["role"] = "staff"

    result = signs(close)
    assert result.exit_code == 3
    assert "plan.json: nobody can come in" in result.stderr
    assert "D1 staff" in result.stderr
    assert result.stdout == ""


def test_a_chain_to_a_zone_that_is_not_there_is_refused_with_the_kind_and_the_zones(
    signs: Run,
) -> None:
    result = signs(lambda plan: plan["programme"]["visitors"][0]["chain"].insert(1, "sauna-1"))
    assert result.exit_code == 3
    assert "chain of the kind general" in result.stderr
    assert "sauna-1 is no zone" in result.stderr
    assert "guide-1" in result.stderr


@pytest.mark.parametrize("chain", [[], ["door:main"]])
def test_a_chain_needs_two_stops(signs: Run, chain: list[str]) -> None:
    result = signs(lambda plan: plan["programme"]["visitors"][0].update(chain=chain))
    assert result.exit_code == 3
    assert "two stops" in result.stderr


def walled(open_m: float) -> Edit:
    """A wall round wait-2 that leaves a gap in the middle of its south side, with what bounds it there."""

    def edit(plan: dict[str, Any]) -> None:
        x0, y0, x1, y1 = Polygon(zone_of(plan, "wait-2")["area"][0]).bounds
        middle = (x0 + x1) / 2
        line = [[middle - open_m / 2, y0], [x0, y0], [x0, y1], [x1, y1], [x1, y0], [middle + open_m / 2, y0]]
        wall = {"id": "P99", "floor": "F1", "line": line, "kind": "wall", "thickness_m": 0.1, "zone": "wait-2"}
        layout_of(plan)["partitions"].append(wall)

    return edit


def test_what_blocks_a_zone_is_told_with_the_width_of_the_gap(signs: Run) -> None:
    result = signs(walled(0.6), "--json")
    assert result.exit_code == 0
    blocked = [entry for entry in json.loads(result.stdout)["blocked"] if entry["end"] == "wait-2"]
    assert blocked
    # the wall is 0.1 m thick and ends bluntly: 0.6 m stay open
    assert all(entry["gap_m"] == pytest.approx(0.6, abs=0.03) for entry in blocked)
    assert all("P99" in entry["beside"] for entry in blocked)
    told = signs(walled(0.6)).flat
    assert "changed since it was written" in told
    assert "blocked: special from ticket-1 to wait-2; the widest way has 0.6" in told
    assert "of 0.70 m" in told
    assert "beside P99" in told


def test_a_zone_that_is_closed_off_says_by_what(signs: Run) -> None:
    told = signs(walled(0.0)).flat
    assert "wholly closed off (0.00 m of 0.70 m)" in told
    assert "by P99" in told


def test_a_zone_moved_out_of_the_hall_is_told_with_its_place(signs: Run) -> None:
    def move(plan: dict[str, Any]) -> None:
        zone = zone_of(plan, "wait-2")
        zone["area"] = [[[x + 200.0, y] for x, y in ring] for ring in zone["area"]]

    told = signs(move).flat
    assert "blocked: special from ticket-1 to wait-2" in told
    assert "outside the hall" in told


def test_a_zone_taken_out_is_told_by_its_ways_and_by_the_signs_that_name_it(signs: Run) -> None:
    result = signs(lambda plan: layout_of(plan)["zones"].remove(zone_of(plan, "wait-2")))
    told = result.flat
    assert result.exit_code == 0
    assert "from ticket-1 to wait-2; the layout has no such zone" in told
    assert "names a zone that the layout does not have" in told


def test_a_sign_in_a_column_and_one_that_looks_into_a_wall_are_told(signs: Run) -> None:
    def into_column(plan: dict[str, Any]) -> None:
        column = next(o for o in plan["site"]["floors"][0]["obstacles"] if o["kind"] == "column")
        x, y = Polygon(column["area"][0]).centroid.coords[0]
        first_sign(plan).update(at=[x, y])

    def to_wall(plan: dict[str, Any]) -> None:
        first_sign(plan).update(at=[20.0, 0.4], facing_deg=270.0, is_double=False)

    for edit, words in ((into_column, "inside a wall or column"), (to_wall, "looks into a wall")):
        told = signs(edit).flat
        assert words in told


@pytest.mark.parametrize(
    ("words", "told"),
    [("\ue123区", "U+E123"), ("\U0002f9f0区", "U+2F9F0"), ("\u200b ", "shows no text"), ("", "shows no text")],
)
def test_a_text_without_glyphs_is_told_with_its_sign(signs: Run, words: str, told: str) -> None:
    number: list[str] = []

    def edit(plan: dict[str, Any]) -> None:
        first_sign(plan).update(text_zh=words, text_en="")
        number.append(first_sign(plan)["id"])

    output = signs(edit).flat
    assert told in output
    assert f"sign {number[0]} " in output


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda plan: zone_of(plan, "wait-2").update(floor="F9"), "(wait-2).floor: F9"),
        (lambda plan: zone_of(plan, "wait-2").update(type="sauna"), "(wait-2).type: sauna"),
        (lambda plan: zone_of(plan, "wait-2").update(area=[[[0, 0], [4, 4], [4, 0], [0, 4]]]), "crosses itself"),
        (lambda plan: zone_of(plan, "wait-2").update(area=[]), "(wait-2).area"),
        (lambda plan: first_sign(plan).update(floor="F9"), "F9 is not there; one of F1"),
        (lambda plan: first_sign(plan).update(char_mm=0), "more than 0"),
        (lambda plan: first_sign(plan).update(arrows=["left"] * 7), "one for each of names"),
    ],
)
def test_what_nothing_can_be_made_of_is_refused_with_its_place(signs: Run, edit: Edit, told: str) -> None:
    result = signs(edit)
    assert result.exit_code == 3
    assert "plan.json, alternatives.0." in result.stderr
    assert told in result.stderr
