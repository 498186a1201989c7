"""The three sample drawings: an invented township station, county hall and two-floor city hall."""

from __future__ import annotations

from pathlib import Path

from tests.plan_draft import XY, Door, FloorPlan, Stair, Wall, draw_floor, draw_sheet, new_drawing, save_drawing

GRID = 8400


def draw_township(path: Path) -> None:
    """A station of 15 × 10.5 m under one span."""
    xs, ys = (120, 5100, 9900, 14880), (120, 10380)
    plan = FloorPlan(
        title="一层平面图",
        outline=((0, 0), (15000, 0), (15000, 10500), (0, 10500)),
        wall=240,
        axes_x=xs,
        axes_y=ys,
        columns=[(_flush(x, 0, 15000, 200), _flush(y, 0, 10500, 200)) for x in xs for y in ys],
        column=400,
        window=2700,
        walls=(
            Wall((11200, 7500), (11200, 10260)),
            Wall((11200, 7500), (14760, 7500)),
            Wall((12600, 7500), (12600, 10260), 120),
            Wall((4400, 7000), (4400, 10260), 100, "隔墙"),
            Wall((240, 7000), (4400, 7000), 100, "隔墙"),
        ),
        doors=(
            Door((7500, 120), 1800, leaves=2, swing=-1),
            Door((10600, 10380), 1000),
            Door((3500, 7000), 900, swing=1),
            Door((11900, 7500), 800, swing=1),
            Door((13700, 7500), 1000, swing=-1),
        ),
        solid=((11100, 10000, 15000, 10500),),
        wcs=((11900, 10260, 0), (13900, 10260, 0)),
        basins=((11300, 8700, 90), (12660, 9000, 90)),
        texts=(
            ("主入口", (7500, -1700), 450),
            ("员工出入口", (10600, 11900), 450),
            ("卫生间", (12080, 9250), 220),
            ("无障碍卫生间", (13800, 8400), 220),
            ("原办公室", (2300, 8700), 350),
        ),
        area_note="建筑面积 157.5 m²",
        origin=(20000, 16000),
    )
    doc = new_drawing()
    draw_floor(doc, plan)
    draw_sheet(doc, (6000, 0), (42000, 29700), _title_rows("某镇便民服务中心", "一层平面图", "建施-01"))
    save_drawing(doc, str(path))


def draw_county(path: Path) -> None:
    """A county hall of 62 × 27 m on one floor of a larger building."""
    xs = (150, 10000, 18400, 26800, 35200, 43600, 52000, 61850)
    ys = (150, 9000, 18000, 26850)
    plan = FloorPlan(
        title="一层平面图",
        outline=((0, 0), (62000, 0), (62000, 27000), (0, 27000)),
        wall=300,
        axes_x=xs,
        axes_y=ys,
        columns=[(_flush(x, 0, 62000, 300), _flush(y, 0, 27000, 300)) for x in xs for y in ys],
        walls=(*_county_core(), *_county_partitions()),
        doors=(*_county_outer_doors(), *_county_inner_doors()),
        solid=(
            (52000, 0, 62000, 500),
            (52900, 26500, 62000, 27000),
            (61500, 18000, 62000, 27000),
            (0, 22000, 500, 27000),
            (0, 26500, 4300, 27000),
        ),
        stairs=(Stair((58600, 18800, 61700, 26700)),),
        lifts=((56200, 24400, 58300, 26600),),
        shafts=(((53000, 25200, 54400, 26700), "强电井"), ((54600, 25200, 55900, 26700), "弱电井")),
        wcs=[(x, 300, 180) for x in (52950, 53950, 54950, 56600, 57600)] + [(60900, 300, 180)],
        basins=[(x, 7100, 0) for x in (54400, 55200, 56500, 57300)] + [(59600, 3500, 90)],
        stalls=_stalls((53450, 54450, 55450), 300, 1700) + _stalls((56100, 57100, 58100), 300, 1700),
        texts=(
            ("主入口", (31000, -2700), 600),
            ("24小时区入口", (5000, -1800), 500),
            ("疏散口", (47800, -1800), 500),
            ("疏散口", (-1700, 13500), 500),
            ("员工出入口", (47800, 28700), 500),
            ("次入口", (64000, 13500), 500),
            ("女卫生间", (53900, 3900), 350),
            ("男卫生间", (57600, 3900), 350),
            ("无障碍卫生间", (60600, 4900), 260),
            ("楼梯间", (60900, 19600), 300),
            ("电梯", (57250, 24800), 300),
            ("配电间", (2100, 24600), 400),
            ("原办公室", (7000, 22500), 400),
            ("原会议室", (22600, 22500), 400),
            ("原值班室", (5000, 3400), 400),
        ),
        area_note="建筑面积 1674 m²",
        origin=(40000, 30000),
    )
    doc = new_drawing()
    draw_floor(doc, plan)
    draw_sheet(doc, (26000, 12500), (84100, 59400), _title_rows("某县政务服务中心", "一层平面图", "建施-02"))
    save_drawing(doc, str(path))


def draw_city(path: Path) -> None:
    """A city hall: two L-shaped floors with one core, side by side in model space."""
    doc = new_drawing()
    for n, (title, origin) in enumerate((("一层平面图", (20000, 25000)), ("二层平面图", (145000, 25000)))):
        draw_floor(doc, _city_floor(title, origin, ground=n == 0))
        low = (origin[0] - 15000, origin[1] - 17000)
        draw_sheet(doc, low, (118900, 84100), _title_rows("某市政务服务中心", title, f"建施-0{n + 3}"))
    save_drawing(doc, str(path))


def _city_floor(title: str, origin: XY, *, ground: bool) -> FloorPlan:
    xs, ys = tuple(range(0, 75601, GRID)), tuple(range(0, 58801, GRID))
    doors = (*_city_core_doors(), *(_city_ground_doors() if ground else ()))
    return FloorPlan(
        title=title,
        outline=((-150, -150), (75750, -150), (75750, 25350), (33750, 25350), (33750, 58950), (-150, 58950)),
        wall=300,
        axes_x=xs,
        axes_y=ys,
        columns=[_city_column(x, y) for x in xs for y in ys if y <= 25200 or x <= 33600],
        walls=(*_city_core_walls(), *(_city_ground_walls() if ground else _city_upper_walls())),
        doors=doors,
        solid=(
            (33400, 25400, 33800, 50500),
            (72000, 25000, 75800, 25400),
            (75400, 16800, 75800, 25400),
            (67200, 25000, 72400, 25400),
        ),
        window=5400,
        stairs=(
            Stair((25300, 25300, 28300, 33500), text="上" if ground else "下"),
            Stair((30300, 42100, 33450, 50300), text="上" if ground else "下"),
            Stair((72450, 16900, 75450, 25050), text="上" if ground else "下"),
        ),
        lifts=((28600, 29600, 30800, 31800), (31150, 29600, 33350, 31800)),
        shafts=(((28500, 32100, 30900, 33500), "强电井"), ((31100, 32100, 33450, 33500), "弱电井")),
        voids=() if ground else ((34100, 500, 49900, 7900),),
        wcs=[(x, 41900, 0) for x in (25800, 26800, 27800, 29500, 30500)] + [(32600, 41900, 0)],
        basins=[(25300, 37000, 90), (25300, 37800, 90), (28900, 37000, 90), (28900, 37800, 90), (33450, 38500, 270)],
        stalls=_stalls((26300, 27300, 28300), 40500, 41900) + _stalls((30000, 31000), 40500, 41900),
        texts=(*_city_core_texts(), *(_city_ground_texts() if ground else (("会议室", (4000, 54600), 400),))),
        area_note="本层建筑面积 3075 m²" if ground else "本层建筑面积 3075 m²（含上空）",
        origin=origin,
    )


def _county_core() -> tuple[Wall, ...]:
    return (
        Wall((52000, 150), (52000, 7200)),
        Wall((52000, 7200), (61850, 7200)),
        Wall((55800, 150), (55800, 7200)),
        Wall((59500, 150), (59500, 7200)),
        Wall((58500, 18700), (58500, 26850)),
        Wall((58500, 18700), (61850, 18700)),
        Wall((56000, 24200), (56000, 26850)),
        Wall((52900, 25100), (56000, 25100)),
        Wall((56000, 24200), (58500, 24200)),
        Wall((52900, 25100), (52900, 26850)),
        Wall((54500, 25100), (54500, 26850)),
        Wall((150, 22400), (4100, 22400)),
        Wall((4100, 22400), (4100, 26850)),
    )


def _county_partitions() -> tuple[Wall, ...]:
    light = (
        ((300, 18000), (10000, 18000)), ((10000, 18000), (10000, 26700)),
        ((18400, 18000), (18400, 26700)), ((26800, 18000), (26800, 26700)), ((18400, 18000), (26800, 18000)),
        ((10000, 300), (10000, 6000)), ((300, 6000), (10000, 6000)),
    )  # fmt: skip
    return tuple(Wall(a, b, 100, "隔墙") for a, b in light)


def _county_outer_doors() -> tuple[Door, ...]:
    return (
        Door((30000, 150), 1800, leaves=2, swing=-1),
        Door((32000, 150), 1800, leaves=2, swing=-1),
        Door((5000, 150), 1500, leaves=2, swing=-1),
        Door((47800, 150), 1500, leaves=2, swing=-1),
        Door((47800, 26850), 1500, leaves=2, swing=1),
        Door((150, 13500), 1500, "y", leaves=2, swing=1),
        Door((61850, 13500), 1800, "y", leaves=2, swing=-1),
    )


def _county_inner_doors() -> tuple[Door, ...]:
    return (
        Door((53000, 7200), 900, swing=-1),
        Door((58500, 7200), 900, swing=-1),
        Door((60700, 7200), 1000, swing=1),
        Door((59500, 18700), 1500, leaves=2, swing=1),
        Door((57250, 24200), 1000, leaves=0),
        Door((53700, 25100), 700, swing=-1),
        Door((55200, 25100), 700, swing=-1),
        Door((3000, 22400), 1200, leaves=2, swing=-1),
        Door((8600, 18000), 1000, swing=1),
        Door((20000, 18000), 1200, leaves=2, swing=1),
        Door((8800, 6000), 900, swing=-1),
    )


def _city_core_walls() -> tuple[Wall, ...]:
    lines = (
        ((25200, 25200), (25200, 42000)), ((25200, 25200), (28400, 25200)), ((28400, 25200), (28400, 33600)),
        ((25200, 33600), (33600, 33600)), ((28400, 29500), (33600, 29500)), ((28400, 32000), (33600, 32000)),
        ((31000, 29500), (31000, 33600)), ((25200, 35500), (33600, 35500)), ((25200, 42000), (33600, 42000)),
        ((28800, 35500), (28800, 42000)), ((31300, 35500), (31300, 42000)), ((30200, 42000), (30200, 50400)),
        ((30200, 50400), (33600, 50400)), ((72350, 16800), (72350, 25200)), ((72350, 16800), (75600, 16800)),
    )  # fmt: skip
    return tuple(Wall(a, b) for a, b in lines)


def _city_ground_walls() -> tuple[Wall, ...]:
    return (
        Wall((67200, 20800), (72350, 20800)),
        Wall((67200, 20800), (67200, 25200)),
        Wall((150, 50400), (8400, 50400), 100, "隔墙"),
        Wall((8400, 50400), (8400, 58650), 100, "隔墙"),
    )


def _city_upper_walls() -> tuple[Wall, ...]:
    return (
        Wall((150, 50400), (8400, 50400), 100, "隔墙"),
        Wall((8400, 50400), (8400, 58650), 100, "隔墙"),
    )


def _city_core_doors() -> tuple[Door, ...]:
    return (
        Door((26800, 25200), 1500, leaves=2, swing=1),
        Door((30200, 43600), 1500, "y", leaves=2, swing=-1),
        Door((73700, 16800), 1500, leaves=2, swing=1),
        Door((29700, 29500), 1100, leaves=0),
        Door((32250, 29500), 1100, leaves=0),
        Door((29700, 33600), 800, swing=1),
        Door((32250, 33600), 800, swing=1),
        Door((25200, 34550), 1400, "y", leaves=2, swing=-1),
        Door((27900, 35500), 900, swing=1, hinge=-1),
        Door((29700, 35500), 900, swing=1),
        Door((32400, 35500), 1000, swing=-1),
        Door((7400, 50400), 1000, swing=1),
    )


def _city_ground_doors() -> tuple[Door, ...]:
    return (
        *(Door((x, 0), 1800, leaves=2, swing=-1) for x in (35800, 37800, 39800)),
        Door((0, 37800), 1800, "y", leaves=2, swing=1),
        Door((63000, 25200), 1500, leaves=2, swing=1),
        Door((71400, 0), 1800, leaves=2, swing=-1),
        Door((75600, 12600), 1500, "y", leaves=2, swing=-1),
        Door((46200, 25200), 1500, leaves=2, swing=1),
        Door((4200, 0), 1500, leaves=2, swing=-1),
        Door((29400, 58800), 1500, leaves=2, swing=1),
        Door((16800 + 4200, 58800), 1800, leaves=2, swing=1),
        Door((12600, 58800), 1500, leaves=2, swing=1),
        Door((68500, 20800), 1200, leaves=2, swing=-1),
    )


def _city_core_texts() -> tuple[tuple[str, XY, float], ...]:
    return (
        ("楼梯间", (27500, 26100), 300), ("楼梯间", (32700, 42900), 300), ("楼梯间", (74700, 17700), 300),
        ("电梯", (29700, 30000), 300), ("电梯", (32250, 30000), 300), ("电梯厅", (31000, 27000), 350),
        ("女卫生间", (27200, 39300), 350), ("男卫生间", (30050, 39300), 350), ("无障碍卫生间", (32450, 37400), 250),
    )  # fmt: skip


def _city_ground_texts() -> tuple[tuple[str, XY, float], ...]:
    return (
        ("主入口", (37800, -2700), 600), ("次入口", (-1900, 37800), 500), ("员工出入口", (63000, 27000), 500),
        ("24小时区入口", (71400, -2000), 500), ("疏散口", (77300, 12600), 500), ("疏散口", (46200, 27000), 500),
        ("疏散口", (4200, -2000), 500), ("疏散口", (29400, 60600), 500), ("货运/档案入口", (21000, 60600), 500),
        ("员工出入口", (12600, 60600), 500),
        ("配电间", (69800, 23000), 400), ("原档案室", (4000, 54600), 400),
    )  # fmt: skip


def _city_column(x: float, y: float) -> XY:
    """Columns on the outer wall stand flush with its outer face; the one in the inner corner stays on its axes."""
    at_x = _flush(x, -150, 75750, 300)
    at_y = _flush(y, -150, 58950, 300)
    if x == 33600 and y > 25200:
        at_x = 33450
    if y == 25200 and x > 33600:
        at_y = 25050
    return at_x, at_y


def _flush(at: float, low: float, high: float, half: float) -> float:
    return min(max(at, low + half), high - half)


def _stalls(xs: tuple[float, ...], y0: float, y1: float) -> list[tuple[XY, XY]]:
    return [((x, y0), (x, y1)) for x in xs]


def _title_rows(hall: str, title: str, number: str) -> tuple[tuple[str, str], ...]:
    return (
        ("工程名称", f"{hall}（示例，虚构）"), ("图名", title), ("图号", number), ("比例", "1:100"), ("单位", "mm"), ("日期", "2025.06")
    )  # fmt: skip
