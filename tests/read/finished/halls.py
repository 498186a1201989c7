"""Finished halls as other offices draw them: their own layers, blocks and labels, none of ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ezdxf

from hallplan.units import Unit
from tests.read.drawing.practice import Office, Point, Sheet

DECORATOR = {
    "wall": "建-墙体", "window": "建-门窗", "door": "建-门窗", "column": "建-柱", "axis": "建-轴网", "bubble": "建-轴网", "axis_text": "建-轴网",
    "dim": "建-标注", "text": "装-文字", "room": "装-文字", "stair": "建-楼梯", "fixture": "建-洁具", "sheet": "图框", "outside": "建-室外", "mark": "建-门窗",
    "hatch": "装-铺装", "other": "0", "zone": "装-功能分区", "counter": "装-柜台", "seat": "装-座椅", "machine": "装-自助设备", "sign": "装-导视",
}  # fmt: skip
ENGINEER = {
    "wall": "A-WALL", "window": "A-GLAZ", "door": "A-DOOR", "column": "S-COLS", "axis": "A-GRID", "bubble": "A-GRID", "axis_text": "A-GRID",
    "dim": "A-DIMS", "text": "A-ANNO-TEXT", "room": "A-ANNO-ROOM", "stair": "A-STRS", "fixture": "P-FIXT", "sheet": "A-TTLB", "outside": "L-SITE",
    "mark": "A-ANNO", "hatch": "A-PATT", "other": "0", "zone": "A-AREA-IDEN", "counter": "I-CNTR", "seat": "I-SEAT", "machine": "I-EQPM", "sign": "I-SIGN",
}  # fmt: skip
GENERAL_WINDOWS = tuple(f"A{n:02d}" for n in range(1, 11))
PICKUP_WINDOWS = ("B01", "B02")


class Fitted(Sheet):
    """Adds furniture as blocks of boxes, closed lines and labels."""

    def thing(self, name: str, kind: str, at: Point, size: Point, turn_deg: float = 0.0, **tags: str) -> None:
        """A block of its own size around its middle; its front looks to -y before it is turned."""

        def fill(block: Any) -> None:
            w, d = size[0] / 2 * self.k, size[1] / 2 * self.k
            block.add_lwpolyline([(-w, -d), (w, -d), (w, d), (-w, d)], close=True)
            block.add_line((-w, -0.6 * d), (w, -0.6 * d))

        insert = self.space.add_blockref(
            self._block(name, fill), self.at(*at), {**self.attribs(kind), "rotation": turn_deg}
        )
        for n, (tag, words) in enumerate(tags.items()):
            x, y = self.at(*at)
            insert.add_attrib(
                tag, words, (x, y + 0.3 * n * self.k), {"height": 0.15 * self.k, "layer": self.office.layers["text"]}
            )

    def zone(self, name: str, x0: float, y0: float, x1: float, y1: float, *, is_ringed: bool = True) -> None:
        if is_ringed:
            self.box("zone", x0, y0, x1, y1)
        area = (x1 - x0) * (y1 - y0)
        words = f"{name}\\P{area:.0f}㎡"
        place = self.at((x0 + x1) / 2, (y0 + y1) / 2)
        self.space.add_mtext(
            words,
            dxfattribs={
                **self.attribs("text"),
                "insert": place,
                "char_height": 0.35 * self.k,
                "attachment_point": 5,
                "width": 6.0 * self.k,
            },
        )


def _shell(sheet: Fitted) -> None:
    """30 × 20 m; a double main door in the south, a second way out in the east, a staff door in the north-west."""
    sheet.wall((-0.12, 0.0), (30.12, 0.0), 0.24, ((2.12, 5.12), (13.92, 16.32), (22.12, 27.12)))
    sheet.wall((30.0, 0.0), (30.0, 20.0), 0.24, ((2.0, 3.8),))
    sheet.wall((30.12, 20.0), (-0.12, 20.0), 0.24, ((4.0, 9.0), (27.0, 28.2)))
    sheet.wall((0.0, 20.0), (0.0, 0.0), 0.24, ((12.0, 17.0),))
    for a, b in (
        ((2.0, 0.0), (5.0, 0.0)),
        ((22.0, 0.0), (27.0, 0.0)),
        ((26.12, 20.0), (21.12, 20.0)),
        ((0.0, 8.0), (0.0, 3.0)),
    ):
        sheet.window(a, b, 0.24)
    sheet.door((13.8, 0.0), (15.0, 0.0), 1.0)
    sheet.door((16.2, 0.0), (15.0, 0.0), -1.0)
    sheet.door((30.0, 2.0), (30.0, 2.9), 1.0)
    sheet.door((30.0, 3.8), (30.0, 2.9), -1.0)
    sheet.door((1.92, 20.0), (3.12, 20.0), -1.0)
    for x in (7.5, 15.0, 22.5):
        for y in (9.9, 16.2):
            sheet.column(x, y, 0.5)
    sheet.wall((0.12, 16.2), (29.88, 16.2), 0.12, ((1.0, 2.0), (20.0, 21.0)))
    sheet.door((1.12, 16.2), (2.12, 16.2), 1.0)
    sheet.door((20.12, 16.2), (21.12, 16.2), 1.0)
    sheet.wall((24.0, 16.26), (24.0, 19.88), 0.12)
    sheet.wall((29.88, 13.5), (26.0, 13.5), 0.12)
    sheet.wall((26.0, 13.44), (26.0, 16.14), 0.12, ((0.8, 1.8),))
    sheet.door((26.0, 14.34), (26.0, 15.34), 1.0)


def draw_ringed(sheet: Fitted) -> None:
    """A closed line with a label around each zone, everything that stands there a block with a Chinese name."""
    _shell(sheet)
    for name, *box in (
        ("综合受理区", 4.0, 10.4, 20.4, 15.8), ("等候区", 4.0, 4.6, 20.4, 9.4), ("自助服务区", 23.0, 5.0, 29.6, 10.0),
        ("咨询导办区", 12.6, 2.4, 17.4, 4.2), ("填单区", 5.4, 0.6, 10.4, 2.6), ("取号区", 18.2, 2.0, 20.4, 4.2),
        ("出件窗口", 21.0, 10.4, 25.6, 15.8), ("便民服务区", 26.6, 10.4, 29.6, 13.2),
    ):  # fmt: skip
        sheet.zone(name, *box)  # type: ignore[arg-type]
    sheet.text("room", "后台办公区", (10.0, 18.2))
    sheet.text("room", "档案室", (27.0, 18.2))
    sheet.text("room", "无障碍卫生间", (28.0, 14.8))
    for n, number in enumerate(GENERAL_WINDOWS):
        x, is_low = 5.0 + 1.6 * n, n == 0
        name = "低位柜台-无障碍" if is_low else "综合窗口柜台"
        sheet.thing(name, "counter", (x, 12.85), (1.5, 0.7), 窗口号=number)
        sheet.thing("办公椅", "seat", (x, 13.7), (0.55, 0.55))
        if not is_low:
            sheet.thing("办事椅", "seat", (x, 12.1), (0.5, 0.5))
    for n, number in enumerate(PICKUP_WINDOWS):
        sheet.thing("出件柜台", "counter", (22.2 + 1.6 * n, 12.85), (1.2, 0.6), 窗口号=number)
        sheet.thing("办公椅", "seat", (22.2 + 1.6 * n, 13.7), (0.55, 0.55))
    for row in range(3):
        for n in range(7):
            sheet.thing("三人位等候椅", "seat", (5.6 + 2.0 * n, 5.4 + 1.5 * row), (1.8, 0.6), 180.0)
    sheet.thing("轮椅席位", "seat", (19.6, 5.4), (0.8, 1.1))
    for n in range(6):
        sheet.thing("自助终端", "machine", (23.8 + 1.2 * (n % 5), 9.5 if n < 5 else 5.6), (0.8, 0.7))
    sheet.thing("低位自助终端", "machine", (26.4, 5.6), (0.8, 0.7), 180.0)
    sheet.thing("取号机", "machine", (18.8, 3.4), (0.6, 0.5), 90.0)
    sheet.thing("咨询台", "counter", (15.0, 3.6), (3.0, 0.8))
    for n in range(3):
        sheet.thing("填单台", "counter", (6.2 + 1.6 * n, 1.0), (1.2, 0.6), 180.0)
    for n in range(2):
        sheet.thing("叫号屏", "machine", (8.0 + 8.0 * n, 10.6), (1.6, 0.12))
    sheet.thing(
        "导视吊牌", "sign", (15.0, 4.4), (1.6, 0.1), 180.0, 内容="↑ 综合受理区  → 自助服务区", 英文="Services  Self-service",
        字高="120", 安装方式="吊装", 安装高度="2.5",
    )  # fmt: skip
    sheet.text("text", "主入口", (15.0, -1.0))
    sheet.text("text", "员工入口", (2.5, 21.0))
    sheet.text("text", "一层平面布置图", (15.0, -4.0), 0.8)


def draw_bare(sheet: Fitted) -> None:
    """No line around a zone: rooms, words in the open hall, counters as one long closed line with numbers along it,
    chairs as plain boxes on a layer for seats.
    """
    _shell(sheet)
    sheet.ring("counter", [(4.0, 12.5), (20.0, 12.5), (20.0, 15.9), (19.3, 15.9), (19.3, 13.2), (4.0, 13.2)])
    for n in range(8):
        sheet.text("text", f"{n + 1}号窗口", (5.2 + 1.7 * n, 12.2), 0.2)
    sheet.text("text", "无障碍窗口", (5.2, 11.8), 0.2)
    for row in range(4):
        for n in range(10):
            x, y = 7.0 + 0.62 * n, 5.2 + 1.4 * row
            sheet.box("seat", x - 0.28, y - 0.28, x + 0.28, y + 0.28)
    for n in range(4):
        y = 5.6 + 1.3 * n
        sheet.box("machine", 29.0, y - 0.4, 29.7, y + 0.4)
        sheet.text("text", "自助终端", (28.4, y), 0.2)
    sheet.box("counter", 13.6, 3.2, 16.4, 4.0)
    sheet.text("text", "综合服务窗口", (11.0, 11.0), 0.4)
    sheet.text("text", "等候休息区", (9.8, 4.4), 0.4)
    sheet.text("text", "自助服务区", (27.0, 8.0), 0.4)
    sheet.text("text", "咨询台", (15.0, 3.6), 0.3)
    sheet.text("room", "后台审批办公室", (10.0, 18.2))
    sheet.text("room", "机房", (27.0, 18.2))
    sheet.text("room", "卫生间", (28.0, 14.8))
    sheet.text("text", "主入口", (15.0, -1.0))
    sheet.text("text", "服务大厅平面布置图 1:100", (15.0, -4.0), 0.8)


def draw_english(sheet: Fitted) -> None:
    """Zones are coloured hatches, room tags blocks with attributes, counters boxes with a text each, seats copies of one block
    inside a group block, all furniture on one layer.
    """
    _shell(sheet)
    for name, x0, y0, x1, y1 in (
        ("SERVICE COUNTERS", 4.0, 10.4, 20.4, 15.8), ("WAITING AREA", 4.0, 4.6, 20.4, 9.4), ("SELF-SERVICE", 23.0, 5.0, 29.6, 10.0),
        ("INFORMATION DESK", 12.6, 2.4, 17.4, 4.2), ("COLLECTION", 21.0, 10.4, 25.6, 15.8),
    ):  # fmt: skip
        hatch = sheet.space.add_hatch(color=3, dxfattribs=sheet.attribs("zone"))
        hatch.paths.add_polyline_path([sheet.at(*p) for p in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))], is_closed=True)
        tag = sheet.space.add_blockref(
            sheet._block("ROOM_TAG", lambda _: None), sheet.at((x0 + x1) / 2, (y0 + y1) / 2), sheet.attribs("room")
        )
        place = sheet.at((x0 + x1) / 2 - 1.0, (y0 + y1) / 2)
        tag.add_attrib("NAME", name, place, {"height": 0.3 * sheet.k, "layer": sheet.office.layers["text"]})
    for n in range(6):
        x = 5.5 + 2.2 * n
        sheet.box("counter", x, 12.5, x + 2.0, 13.1)
        sheet.text("text", f"WINDOW {n + 1}", (x + 1.0, 12.8), 0.15)
        sheet.thing("swivel chair", "seat", (x + 1.0, 13.7), (0.6, 0.6))

    def seat(block: object) -> None:
        w = 0.25 * sheet.k
        block.add_lwpolyline([(-w, -w), (w, -w), (w, w), (-w, w)], close=True)  # type: ignore[attr-defined]

    sheet._block("seat", seat)

    def row(block: object) -> None:
        for n in range(8):
            block.add_blockref("seat", (0.6 * n * sheet.k, 0.0))  # type: ignore[attr-defined]

    for n in range(4):
        sheet.space.add_blockref(sheet._block("A$C4F21", row), sheet.at(6.0, 5.4 + 1.2 * n), sheet.attribs("seat"))
    for n in range(5):
        sheet.thing("KIOSK-02", "machine", (24.0 + 1.1 * n, 9.4), (0.7, 0.6))
    sheet.thing("Reception desk curved", "counter", (15.0, 3.3), (3.2, 0.9))
    sheet.text("room", "BACK OFFICE", (10.0, 18.2))
    sheet.text("room", "ARCHIVE", (27.0, 18.2))
    sheet.text("room", "WC", (28.0, 14.8))
    sheet.text("text", "MAIN ENTRANCE", (15.0, -1.0))
    sheet.text("text", "GROUND FLOOR PLAN", (15.0, -4.0), 0.8)


OFFICES = {
    "ringed": (Office(DECORATOR, unit=Unit.MM, header=4, version="R2000", encoding="gbk"), draw_ringed),
    "bare": (
        Office(ENGINEER, unit=Unit.M, header=6, version="R2010", encoding="utf-8", turn_deg=12.0, origin_m=(4210.0, -870.0)),
        draw_bare,
    ),
    "english": (
        Office(
            {**ENGINEER, "counter": "I-FURN", "seat": "I-FURN", "machine": "I-FURN"}, unit=Unit.CM, header=0, version="R2018", encoding="utf-8"
        ),
        draw_english,
    ),
}  # fmt: skip


def save_finished(path: Path, name: str, layers: Sequence[str] = ()) -> Path:
    """Writes a finished hall by its name; layers: kinds whose layer is called by a number instead."""
    office, draw = OFFICES[name]
    document = ezdxf.new(office.version, units=office.header)
    document.encoding = office.encoding
    named = {kind: f"L{n:03d}" if kind in layers else layer for n, (kind, layer) in enumerate(office.layers.items())}
    for layer in sorted(set(named.values())):
        document.layers.add(layer) if layer not in document.layers else None
    from dataclasses import replace

    sheet = Fitted(document, replace(office, layers=named))
    draw(sheet)
    if office.turn_deg or office.origin_m != (0.0, 0.0):
        from ezdxf import transform
        from ezdxf.math import Matrix44

        turn = Matrix44.z_rotate(math.radians(office.turn_deg))
        shift = Matrix44.translate(office.origin_m[0] * sheet.k, office.origin_m[1] * sheet.k, 0)
        transform.inplace(document.modelspace(), turn @ shift)
    document.saveas(path)
    return path
