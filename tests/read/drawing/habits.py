"""The building of `practice` drawn by further habits: layers in other languages, walls as other things than lines, what misleads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import ezdxf
from ezdxf.render.forms import extrude

from hallplan.units import Unit
from tests.read.drawing.practice import BARE, TIANZHENG, Office, Point, Sheet, draw_floor


def _layers(words: str) -> dict[str, str]:
    """Names for wall, window, door, column, axis, dim, text, room, stair, fixture, sheet, outside, hatch, in this order."""
    kinds = (
        "wall",
        "window",
        "door",
        "column",
        "axis",
        "dim",
        "text",
        "room",
        "stair",
        "fixture",
        "sheet",
        "outside",
        "hatch",
    )
    named = dict(zip(kinds, words.split(), strict=True))
    return {
        **dict.fromkeys(TIANZHENG, "0"),
        **named,
        "bubble": named["axis"],
        "axis_text": named["axis"],
        "mark": named["text"],
    }


JAPANESE = _layers("壁 窓 建具 柱 通り芯 寸法 文字 室名 階段 衛生器具 図枠 外構 ハッチング")
GERMAN = _layers(
    "WAND FENSTER TUEREN STUETZEN ACHSEN BEMASSUNG BESCHRIFTUNG RAUMSTEMPEL TREPPE SANITAER PLANKOPF AUSSEN SCHRAFFUR"
)
AIA = _layers(
    "A-WALL A-GLAZ A-DOOR S-COLS S-GRID A-ANNO-DIMS A-ANNO-TEXT A-AREA-IDEN A-FLOR-STRS P-SANR-FIXT A-ANNO-TTLB L-PLNT A-WALL-PATT"
)
RUSSIAN = _layers(
    "СТЕНЫ ОКНА ДВЕРИ КОЛОННЫ ОСИ РАЗМЕРЫ ТЕКСТ ПОМЕЩЕНИЯ ЛЕСТНИЦЫ САНТЕХНИКА РАМКА БЛАГОУСТРОЙСТВО ШТРИХОВКА"
)
KOREAN = _layers("벽체 창호 문 기둥 중심선 치수 문자 실명 계단 위생기구 도면틀 외부 해치")
FRENCH = _layers(
    "MURS FENETRES PORTES POTEAUX AXES COTES TEXTES LOCAUX ESCALIERS SANITAIRES CARTOUCHE EXTERIEUR HACHURES"
)
PINYIN = _layers("QIANG CHUANG MEN ZHU ZHOUXIAN BIAOZHU WENZI FANGJIAN LOUTI JIEJU TUKUANG SANSHUI TIANCHONG")
NUMBERS = {kind: str(n) for n, kind in enumerate(TIANZHENG, 1)}

TONGUES = {
    "japanese": Office(JAPANESE, encoding="cp932"), "german": Office(GERMAN, encoding="cp1252", unit=Unit.CM, header=5),
    "aia": Office(AIA, version="R2018", encoding="utf-8"), "russian": Office(RUSSIAN, encoding="cp1251"),
    "korean": Office(KOREAN, version="R2013", encoding="utf-8", columns="hatch"),
    "french": Office(FRENCH, encoding="cp1252", unit=Unit.M, header=6, doors="loose"), "pinyin": Office(PINYIN),
    "numbers": Office(NUMBERS, columns="block"),
    "numbered rings": Office(NUMBERS, columns="loose", walls="rings", doors="loose", arcs="bulge"),
}  # fmt: skip
NAMED, NAMELESS = Office(TIANZHENG), Office(BARE, columns="loose", doors="loose")


def _pieces(
    a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]]
) -> Iterator[tuple[Point, Point, list[Point]]]:
    """The pieces of a wall between its openings: ends of the middle line, and corners."""
    length = math.dist(a, b)
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    cuts = [0.0, *(v for o in sorted(openings) for v in o), length]
    nx, ny = -uy * thick / 2, ux * thick / 2
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        p, q = (a[0] + ux * start, a[1] + uy * start), (a[0] + ux * end, a[1] + uy * end)
        yield p, q, [(p[0] - nx, p[1] - ny), (q[0] - nx, q[1] - ny), (q[0] + nx, q[1] + ny), (p[0] + nx, p[1] + ny)]


class Wide(Sheet):
    """Walls are polylines with a width."""

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        for p, q, _ in _pieces(a, b, thick, openings):
            self.space.add_lwpolyline(
                [self.at(*p), self.at(*q)], dxfattribs={**self.attribs("wall"), "const_width": thick * self.k}
            )


class Filled(Sheet):
    """Walls are filled hatches without lines."""

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        for *_, corners in _pieces(a, b, thick, openings):
            hatch = self.space.add_hatch(dxfattribs=self.attribs("wall"))
            hatch.paths.add_polyline_path([self.at(*c) for c in corners], is_closed=True)


class Faces(Sheet):
    """Walls are 3D faces."""

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        for *_, corners in _pieces(a, b, thick, openings):
            self.space.add_3dface([(*self.at(*c), 0) for c in corners], dxfattribs=self.attribs("wall"))


class Bodies(Sheet):
    """Walls stand as bodies of faces, 3 m high."""

    render = "render_polyface"

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        for *_, corners in _pieces(a, b, thick, openings):
            body = extrude([(*self.at(*c), 0) for c in corners], [(0, 0, 0), (0, 0, 3 * self.k)], close=True)
            getattr(body, self.render)(self.space, dxfattribs=self.attribs("wall"))


class Meshes(Bodies):
    """The same as meshes."""

    render = "render_mesh"


class Multilines(Sheet):
    """Walls are multilines."""

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        for p, q, _ in _pieces(a, b, thick, openings):
            attribs = {**self.attribs("wall"), "scale_factor": thick * self.k, "justification": 1}
            self.space.add_mline([self.at(*p), self.at(*q)], close=False, dxfattribs=attribs)


class Centred(Sheet):
    """Axes lie on the layer of walls, dash-dotted."""

    def line(self, kind: str, a: Point, b: Point) -> None:
        if kind == "axis":
            self.space.add_line(self.at(*a), self.at(*b), {**self.attribs("wall"), "linetype": "CENTER"})
        else:
            super().line(kind, a, b)


class Overhung(Sheet):
    """The edge of the roof is drawn around the walls on their layer, dashed."""

    def more(self) -> None:
        d = 2.5
        points = [(-d, -d), (48 + d, -d), (48 + d, 15 + d), (32 + d, 15 + d), (32 + d, 22.5 + d), (-d, 22.5 + d)]
        attribs = {**self.attribs("wall"), "linetype": "DASHED"}
        self.space.add_lwpolyline([self.at(*p) for p in points], close=True, dxfattribs=attribs)


class Furnished(Sheet):
    """Desks and chairs stand on the layer of walls."""

    def more(self) -> None:
        for x, y in ((3.0 + 3.0 * i, 1.5 + 3.0 * j) for i in range(12) for j in range(4)):
            self.box("wall", x, y, x + 1.4, y + 0.7)
            self.box("wall", x + 0.4, y + 0.9, x + 0.9, y + 1.4)


class Careless(Sheet):
    """No wall meets another: 30 mm are missing at each end."""

    def wall(self, a: Point, b: Point, thick: float, openings: Sequence[tuple[float, float]] = ()) -> None:
        gap, length = 0.03, math.dist(a, b)
        u = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        p, q = (a[0] + u[0] * gap, a[1] + u[1] * gap), (b[0] - u[0] * gap, b[1] - u[1] * gap)
        super().wall(p, q, thick, [(start - gap, end - gap) for start, end in openings])


STYLES: tuple[type[Sheet], ...] = (
    Wide, Filled, Faces, Bodies, Meshes, Multilines, Centred, Overhung, Furnished, Careless
)  # fmt: skip


def save_habit(path: Path, office: Office, style: type[Sheet] = Sheet) -> Path:
    """Writes the ground floor by the habits of an office and a style."""
    document = ezdxf.new(office.version, units=office.header, setup=True)
    document.encoding = office.encoding
    for layer in sorted(set(office.layers.values()) - {"0"}):
        document.layers.add(layer)
    sheet = style(document, office)
    draw_floor(sheet, "一层平面图")
    getattr(sheet, "more", lambda: None)()
    document.saveas(path)
    return path
