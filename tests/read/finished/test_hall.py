"""What stands in halls that other offices drew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import ezdxf
import pytest

from hallplan.errors import PlanFileError
from hallplan.model.standing import StandingHall
from hallplan.read.finished import read_hall
from hallplan.read.finished.words import is_thing, number_in, seats_in, thing_in, zone_in
from hallplan.settings import Settings
from tests.read.finished.halls import GENERAL_WINDOWS, PICKUP_WINDOWS, save_finished


@pytest.fixture(scope="module")
def ringed(tmp_path_factory: pytest.TempPathFactory) -> StandingHall:
    return read_hall(save_finished(tmp_path_factory.mktemp("hall") / "hall.dxf", "ringed"), Settings())


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> StandingHall:
    return read_hall(save_finished(tmp_path_factory.mktemp("hall") / "hall.dxf", "bare"), Settings())


def areas(hall: StandingHall) -> dict[str, float]:
    return {zone.placed.type: round(zone.placed.area.area, 1) for zone in hall.zones}


def test_zones_are_the_closed_lines_around_their_names(ringed: StandingHall) -> None:
    found = areas(ringed)
    drawn = {
        "window_general": 16.4 * 5.4,
        "wait": 16.4 * 4.8,
        "self_service": 33.0,
        "guide": 4.8 * 1.8,
        "form": 10.0,
        "pickup": 4.6 * 5.4,
    }
    assert {kind: found[kind] for kind in drawn} == pytest.approx(drawn, abs=0.1)  # fmt: skip


def test_rooms_with_one_name_are_zones(ringed: StandingHall) -> None:
    rooms = {zone.placed.type for zone in ringed.zones if zone.placed.is_fixed}
    assert rooms == {"back_office", "records"}


def test_blocks_are_counted_by_their_names(ringed: StandingHall) -> None:
    counts = Counter(piece.kind for piece in ringed.furniture)
    assert counts["chair"] == 3 * 7 * 3  # 21 blocks of three seats
    assert (counts["kiosk"], counts["kiosk_low"], counts["queue_machine"], counts["call_screen"]) == (6, 1, 1, 2)
    assert (counts["counter"], counts["counter_low"], counts["counter_standing"], counts["info_desk"]) == (9, 1, 2, 1)


def test_windows_have_the_numbers_of_their_blocks(ringed: StandingHall) -> None:
    assert {piece.window for piece in ringed.windows} == {*GENERAL_WINDOWS, *PICKUP_WINDOWS}
    assert {piece.window for piece in ringed.windows if piece.kind == "counter_low"} == {GENERAL_WINDOWS[0]}


def test_counters_look_at_visitors_whatever_their_blocks_do(ringed: StandingHall) -> None:
    assert {round(piece.facing_deg) for piece in ringed.windows} == {270}


def test_a_long_counter_is_cut_between_the_numbers_along_it(bare: StandingHall) -> None:
    assert {piece.window for piece in bare.windows} == {str(n) for n in range(1, 9)}
    assert bare.uncounted == 0
    middle = sorted(piece.size_m[0] for piece in bare.windows)[3]
    assert middle == pytest.approx(1.7, abs=0.01)  # the numbers stand 1.7 m apart


def test_the_window_that_says_accessible_is_the_low_one(bare: StandingHall) -> None:
    assert [piece.window for piece in bare.windows if piece.kind == "counter_low"] == ["1"]


def test_words_in_the_open_hall_lie_where_their_furniture_stands_and_are_called_guesses(bare: StandingHall) -> None:
    found = areas(bare)
    assert 20.0 < found["wait"] < 40.0  # forty chairs in 6.1 × 4.8 m
    assert {"window_general", "self_service", "guide"} <= set(found)
    assert any("等候休息区" in guess.what and guess.confidence <= 0.5 for guess in bare.guesses)


def test_a_hall_in_english_with_hatches_and_tags_is_read(tmp_path: Path) -> None:
    hall = read_hall(save_finished(tmp_path / "hall.dxf", "english"), Settings())
    drawn = {"window_general": 88.6, "wait": 78.7, "self_service": 33.0, "guide": 8.6, "pickup": 24.8}
    assert {kind: areas(hall)[kind] for kind in drawn} == pytest.approx(drawn, abs=0.1)
    counts = Counter(piece.kind for piece in hall.furniture)
    assert (counts["chair"], counts["kiosk"], counts["info_desk"], counts["staff_chair"]) == (32, 5, 1, 6)
    assert {piece.window for piece in hall.windows} == {str(n) for n in range(1, 7)}


def test_furniture_is_no_wall_and_no_window(ringed: StandingHall) -> None:
    (floor,) = ringed.site.floors
    counters = [piece for piece in ringed.furniture if piece.kind in ("counter", "call_screen", "info_desk")]
    walls = [obstacle.area for obstacle in floor.obstacles if obstacle.kind == "wall"]
    from shapely.geometry import Point

    assert all(wall.distance(Point(piece.at)) > 0.3 for wall in walls for piece in counters)


def test_a_counter_without_numbers_is_not_counted(tmp_path: Path) -> None:
    document = ezdxf.readfile(save_finished(tmp_path / "hall.dxf", "bare"))
    for word in document.modelspace().query("TEXT"):
        if "号窗口" in word.dxf.text:
            document.modelspace().delete_entity(word)
    document.saveas(tmp_path / "hall.dxf")
    hall = read_hall(tmp_path / "hall.dxf", Settings())
    assert hall.uncounted >= 1
    assert not [piece for piece in hall.windows if piece.size_m[0] > 4.0]
    assert any("窗口号" in warning for warning in hall.warnings)


def test_an_empty_hall_is_no_finished_one(tmp_path: Path) -> None:
    document = ezdxf.readfile(save_finished(tmp_path / "hall.dxf", "bare"))
    space = document.modelspace()
    for entity in list(space):
        if entity.dxf.layer in ("I-CNTR", "I-SEAT", "I-EQPM", "A-ANNO-TEXT", "A-ANNO-ROOM"):
            space.delete_entity(entity)
    document.saveas(tmp_path / "hall.dxf")
    with pytest.raises(PlanFileError, match="功能区"):
        read_hall(tmp_path / "hall.dxf", Settings())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("综合受理区\n120㎡", "window_general"), ("24小时自助服务厅", "self_24h"), ("自助服务区", "self_service"), ("等候休息区", "wait"),
        ("WAITING AREA", "wait"), ("不动产登记窗口", "window_special"), ("办不成事反映窗口", "complaint"), ("企业开办专区", "one_matter"),
        ("↑ 综合受理区", ""), ("一层平面布置图", ""), ("3号窗口", ""), ("FM乙1021", ""),
    ],
)  # fmt: skip
def test_labels_name_zones(words: str, kind: str) -> None:
    assert zone_in(words) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("三人位等候椅", "chair"), ("低位柜台-无障碍", "counter_low"), ("自助终端机", "kiosk"), ("取号机", "queue_machine"), ("咨询台", "info_desk"),
        ("轮椅席位", "wheelchair_place"), ("办公椅", "staff_chair"), ("LED大屏", "info_screen"), ("M1021", ""), ("柱600", ""),
    ],
)  # fmt: skip
def test_names_of_blocks_tell_things(name: str, kind: str) -> None:
    assert thing_in(name) == kind


def test_numbers_and_seats_are_read() -> None:
    assert [number_in(words) for words in ("A01", "3号窗口", "窗口12", "综合窗口5", "等候区")] == [
        "A01",
        "3",
        "12",
        "5",
        "",
    ]
    assert (seats_in("四人排椅", 2.4), seats_in("chair", 0.6), seats_in("排椅", 1.86)) == (4, 1, 3)
    assert is_thing("自助终端")
    assert not is_thing("自助服务区")
