"""Signs for their maker: every face to scale with text, arrows and sizes, and the walls that signs go on, in mm of paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shapely.affinity import affine_transform
from shapely.geometry import Polygon, box

from hallplan.model.catalogue import zone_types
from hallplan.model.plan import Plan
from hallplan.model.signs import Sign, sign_numbers
from hallplan.scene.measure import text_width
from hallplan.scene.page import fitted_words
from hallplan.scene.primitives import Fill, Shape, Stroke, Words
from hallplan.scene.style import drawing_data
from hallplan.terms import read_data, text

MM = 1000.0
ARROW = ((-0.5, -0.12), (0.0, -0.12), (0.0, -0.42), (0.5, 0.0), (0.0, 0.42), (0.0, 0.12), (-0.5, 0.12))
"""An arrow that points right, in its own height."""
TURN = {"right": (1, 0, 0, 1), "ahead": (0, -1, 1, 0), "left": (-1, 0, 0, 1)}
XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Paper:
    """A page: its shapes in mm from its lower left corner; on `scale` a millimetre of paper stands for so many."""

    title: str
    width_mm: float
    height_mm: float
    scale: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A name on a face with its arrow."""

    arrow: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One face of a sign: its items row by row, and its size in mm."""

    sign: Sign
    is_back: bool
    rows: tuple[tuple[Item, ...], ...]
    width_mm: float
    height_mm: float


def face_panels(plan: Plan, number: int) -> list[Panel]:
    """Returns the faces of all new signs of an alternative, those alike but for their place too, in the order of signs."""
    names = _listed(plan, number)
    return [
        panel for sign in plan.alternative(number).signs.signs if not sign.is_existing for panel in _panels(sign, names)
    ]


def _listed(plan: Plan, number: int) -> dict[str, dict[str, Item]]:
    """What floor guides call each zone, by the floor that they stand on: zones of other floors with these."""
    names = {zone.id: zone.name for zone in plan.programme.zones}
    levels = {floor.id: floor.level for floor in plan.site.floors}
    zones = plan.alternative(number).layout.zones
    found: dict[str, dict[str, Item]] = {}
    for floor in plan.site.floors:
        found[floor.id] = {}
        for zone in zones:
            name, level = names.get(zone.zone, zone.zone), levels[zone.floor]
            mark = "" if zone.floor == floor.id or name.startswith((f"{level}层", f"{level}楼")) else f"{level}F "
            kind = zone_types()[zone.type].en
            found[floor.id][zone.zone] = Item("", mark + name, mark + kind)
    return found


def _panels(sign: Sign, names: dict[str, dict[str, Item]]) -> Iterator[Panel]:
    front = _items(sign.text_zh, sign.text_en, sign.arrows)
    if sign.kind == "board":
        front += [names[sign.floor].get(name, Item("", name, "")) for name in sign.names]
    yield _panel(sign, front, is_back=False)
    if sign.is_double and sign.back_names:
        yield _panel(sign, _items(sign.back_zh, sign.back_en, sign.back_arrows), is_back=True)


def _items(zh: str, en: str, arrows: Sequence[str]) -> list[Item]:
    """The names of a text, which has two spaces between them and an arrow before each where there are arrows."""
    if not any(arrows):
        return [Item("", zh, en if en != zh else "")]
    chinese, english = ([part[1:].strip() for part in words.split("  ")] for words in (zh, en))
    english += [""] * (len(chinese) - len(english))
    return [Item(arrow, *words) for arrow, *words in zip(arrows, chinese, english, strict=False)]


def _panel(sign: Sign, items: Sequence[Item], *, is_back: bool) -> Panel:
    """Items on as many rows as the width of the panel asks for; the panel is widened for a name that is longer."""
    if sign.kind == "board":
        return _board(sign, items, is_back=is_back)
    data = drawing_data()["face"]
    room = sign.width_m * MM - 2 * data["edge"] * sign.char_mm
    rows: list[list[Item]] = []
    used = 0.0
    for item in items:
        wide = item_width(item, sign.char_mm)
        if rows and used + data["gap"] * sign.char_mm + wide <= room:
            rows[-1].append(item)
            used += data["gap"] * sign.char_mm + wide
        else:
            rows.append([item])
            used = wide
    widest = max(row_width(row, sign.char_mm) for row in rows)
    width = max(sign.width_m * MM, widest + 2 * data["edge"] * sign.char_mm)
    height = (sum(row_height(row) for row in rows) + 2 * data["margin"]) * sign.char_mm
    return Panel(sign, is_back, tuple(tuple(row) for row in rows), round(width), round(height))


def _board(sign: Sign, items: Sequence[Item], *, is_back: bool) -> Panel:
    """A floor guide: its title over two columns of names, read down the first and then the second."""
    data, (title, *names) = drawing_data()["face"], items
    half = (len(names) + 1) // 2
    rows = [(title,), *(tuple(names[n::half]) for n in range(half))]
    widest = max((item_width(item, sign.char_mm) for item in names), default=0.0)
    width = max(sign.width_m * MM, 2 * widest + (data["gap"] + 2 * data["edge"]) * sign.char_mm)
    height = (
        sum(row_height(row) for row in rows[1:]) + data["title"] * row_height(rows[0]) + 2 * data["margin"]
    ) * sign.char_mm
    return Panel(sign, is_back, tuple(rows), round(width), round(height))


def item_width(item: Item, char_mm: float) -> float:
    """Returns the width of a name with its arrow, mm."""
    data = drawing_data()["face"]
    arrow = data["arrow"] * char_mm if item.arrow else 0.0
    return float(arrow + max(text_width(item.zh, char_mm), text_width(item.en, data["english"] * char_mm)))


def row_width(row: Sequence[Item], char_mm: float) -> float:
    """Returns the width of a row of names, mm."""
    gap = drawing_data()["face"]["gap"] * char_mm
    return float(sum(item_width(item, char_mm) for item in row) + gap * (len(row) - 1))


def row_height(row: Sequence[Item]) -> float:
    """Returns the height of a row in heights of its characters."""
    return float(drawing_data()["face"]["row" if any(item.en for item in row) else "plain_row"])


def draw_panel(panel: Panel, corner: XY, scale: float) -> Iterator[Shape]:
    """Yields a face with its lower left corner at a place of the paper, at 1:scale."""
    data, k, char = drawing_data()["face"], 1.0 / scale, panel.sign.char_mm
    x0, y0 = corner
    kind = "panel_exit" if panel.sign.kind == "exit" else "panel"
    yield Fill(kind, box(x0, y0, x0 + panel.width_mm * k, y0 + panel.height_mm * k))
    y = y0 + (panel.height_mm - data["margin"] * char) * k
    is_board = panel.sign.kind == "board"
    for n, row in enumerate(panel.rows):
        size = char * (data["title"] if is_board and n == 0 else 1.0)
        middle = y - row_height(row) * size * k / 2
        for item, left in zip(row, _lefts(panel, row), strict=True):
            yield from _draw_item(item, (x0 + left * k, middle), size * k)
        y -= row_height(row) * size * k


def _lefts(panel: Panel, row: Sequence[Item]) -> Iterator[float]:
    """Where the items of a row begin, mm from the left: what points right stands to the right, columns of a guide and what else
    has an arrow to the left, names alone in the middle."""
    data, char = drawing_data()["face"], panel.sign.char_mm
    edge, gap = data["edge"] * char, data["gap"] * char
    if panel.sign.kind == "board":
        column = (panel.width_mm - 2 * edge - gap) / 2 + gap
        yield from (edge + n * column for n in range(len(row)))
        return
    x = edge if row[0].arrow else (panel.width_mm - row_width(row, char)) / 2
    right = row_width([item for item in row if item.arrow == "right"] or row, char)
    for n, item in enumerate(row):
        if item.arrow == "right" and not (n and row[n - 1].arrow == "right"):
            x = panel.width_mm - edge - right
        yield x
        x += item_width(item, char) + gap


def _draw_item(item: Item, at: XY, char: float) -> Iterator[Shape]:
    """A name with its arrow before it, or behind it where it points right."""
    data, (x, y) = drawing_data()["face"], at
    if item.arrow:
        a, b, c, d = TURN[item.arrow]
        place = x + (item_width(item, char) - char / 2 if item.arrow == "right" else char / 2)
        yield Fill("panel_arrow", affine_transform(Polygon(ARROW), [a * char, b * char, c * char, d * char, place, y]))
        x += 0.0 if item.arrow == "right" else data["arrow"] * char
    rise = data["rise"] * char if item.en else 0.0
    yield Words("text_light", (x, y + rise), item.zh, char, "start")
    if item.en:
        yield Words("text_light", (x, y - data["fall"] * char), item.en, data["english"] * char, "start")


def face_pages(plan: Plan, number: int) -> list[Paper]:
    """Returns pages with every face, its outer sizes and what its maker must know, largest kinds first."""
    data = drawing_data()["face"]
    numbers = sign_numbers(plan.alternative(number).signs)
    panels = face_panels(plan, number)
    scale = int(data["scale"])
    cells = [_cell(plan, panel, numbers[panel.sign.id], scale) for panel in panels]
    return list(flowed(cells, text("scene.faces_title", project=plan.title), scale))


@dataclass(frozen=True, slots=True)
class Cell:
    """Shapes in a frame of their own with its lower left corner at 0, 0."""

    width_mm: float
    height_mm: float
    shapes: tuple[Shape, ...]


def _cell(plan: Plan, panel: Panel, number: str, scale: int) -> Cell:
    data, k = drawing_data()["face"], 1.0 / scale
    sign = panel.sign
    wide, high = panel.width_mm * k, panel.height_mm * k
    width = max(wide + data["side_mm"], data["least_cell_mm"])
    base = data["caption_mm"]
    side = f" {text('scene.face_back')}" if panel.is_back else ""
    words = read_data("messages/workbook.toml")
    kind = text(f"workbook.kind_{sign.kind}") if f"kind_{sign.kind}" in words else sign.kind
    mount = text(f"workbook.mount_{sign.mount}")
    x, y = plan.site.floor(sign.floor).frame.point_to_drawing_m(sign.at)
    size = f"{panel.width_mm:g}×{panel.height_mm:g}"
    lines = [
        f"{number}{side}  {kind} · {mount}",
        text("scene.face_size", size=size, char=f"{sign.char_mm:g}"),
        text("scene.face_place", height=f"{sign.height_m:.2f}", floor=sign.floor, x=f"{x:.2f}", y=f"{y:.2f}"),
    ]
    shapes: list[Shape] = list(draw_panel(panel, (0.0, base), scale))
    for n, line in enumerate(lines):
        style = "text" if n == 0 else "text_quiet"
        shapes.append(fitted_words(style, (0.0, base - 4.0 - 4.2 * n), line, 3.2 if n == 0 else 2.6, width - 2.0))
    shapes += size_line((0.0, base + high + 2.5), (wide, base + high + 2.5), f"{panel.width_mm:g}")
    shapes += size_line((wide + 2.5, base), (wide + 2.5, base + high), f"{panel.height_mm:g}")
    return Cell(width, base + high + 8.0, tuple(shapes))


def size_line(start: XY, end: XY, words: str) -> list[Shape]:
    """A dimension line with ticks; its figure above a level line and beside an upright one."""
    (ax, ay), (bx, by) = start, end
    is_level = ay == by
    ticks = [Stroke("frame_thin", ((x - 0.7, y - 0.7), (x + 0.7, y + 0.7))) for x, y in (start, end)]
    at = ((ax + bx) / 2, ay + 2.0) if is_level else (ax + 1.0, (ay + by) / 2)
    return [
        Stroke("frame_thin", (start, end)),
        *ticks,
        Words("text_quiet", at, words, 2.4, "middle" if is_level else "start"),
    ]


def flowed(cells: Iterable[Cell], title: str, scale: int) -> Iterator[Paper]:
    """Cells in rows on as many A3 pages as they take."""
    data = drawing_data()["face"]
    width, height, edge = data["page_mm"][0], data["page_mm"][1], data["page_edge_mm"]
    top, head = height - edge - 12.0, Words("text", (edge, height - edge - 4.0), f"{title}  1:{scale}", 5.0, "start")
    shapes: list[Shape] = [head]
    x, y, row = edge, top, 0.0
    for cell in cells:
        if x > edge and x + cell.width_mm > width - edge:
            x, y, row = edge, y - row - data["gap_mm"], 0.0
        if y - cell.height_mm < edge and len(shapes) > 1:
            yield Paper(title, width, height, scale, tuple(shapes))
            shapes, x, y, row = [head], edge, top, 0.0
        shapes += [moved_shape(shape, x, y - cell.height_mm) for shape in cell.shapes]
        x, row = x + cell.width_mm + data["gap_mm"], max(row, cell.height_mm)
    if len(shapes) > 1:
        yield Paper(title, width, height, scale, tuple(shapes))


def moved_shape(shape: Shape, dx: float, dy: float, k: float = 1.0) -> Shape:
    """Returns a fill, line or text moved, then made `k` times as large about the origin."""
    if isinstance(shape, Fill):
        return Fill(shape.style, affine_transform(shape.area, [k, 0, 0, k, k * dx, k * dy]))
    if isinstance(shape, Stroke):
        return Stroke(shape.style, tuple((k * (x + dx), k * (y + dy)) for x, y in shape.points), shape.closed)
    if isinstance(shape, Words):
        at = k * (shape.at[0] + dx), k * (shape.at[1] + dy)
        return Words(shape.style, at, shape.text, k * shape.height_m, shape.anchor, shape.angle_deg, shape.owner)
    raise TypeError(type(shape).__name__)
