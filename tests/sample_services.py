"""Invented machines, logs, systems, measures and service guides of the three sample halls, on their items."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hallplan.model.demand import Item

Row = list[str | float | None]
Sheets = dict[str, list[Row]]

MACHINES: dict[str, tuple[tuple[str, str, str, int, int, float], ...]] = {
    "township": (("Z01", "综合自助终端", "便民中心/自助区", 62000, 2022, 1.0), ("Z02", "社保自助机", "便民中心/自助区", 36000, 2016, 0.1), ("Q01", "取号机", "便民中心/入口", 11000, 2021, 0)),
    "county": (
        ("Z01", "综合自助终端", "主楼/自助区", 66000, 2022, 1.0), ("Z02", "综合自助终端", "主楼/自助区", 66000, 2022, 0.7), ("Z03", "综合自助终端", "主楼/自助区", 66000, 2022, 0.35),
        ("Z04", "综合自助终端", "主楼/西侧", 66000, 2023, 2.6), ("S01", "社保自助机", "主楼/自助区", 38000, 2019, 0.5), ("S02", "社保自助机", "主楼/自助区", 38000, 2017, 0.15),
        ("Y01", "医保自助机", "主楼/自助区", 38000, 2020, 0.4), ("T01", "税务自助机", "主楼/24小时区", 56000, 2021, 0.9), ("G01", "公安自助机", "主楼/24小时区", 92000, 2021, 0.8),
        ("M01", "营业执照自助机", "主楼/自助区", 45000, 2018, 0.2), ("Z05", "综合自助终端", "主楼/二层", 66000, 2020, 0), ("Q01", "取号机", "主楼/入口", 12000, 2021, 0),
        ("Q02", "取号机", "主楼/入口", 12000, 2021, 0), ("F01", "自助照相机", "主楼/便民区", 28000, 2020, 0), ("P01", "打印复印机", "主楼/便民区", 15000, 2022, 0),
        ("W01", "轮椅", "主楼/咨询台", 900, 2021, 0), ("C01", "充电站", "主楼/便民区", 1500, 2022, 0),
    ),
    "city": (
        *((f"Z{n:02d}", "综合自助终端", f"{('东楼', '西楼')[n % 2]}/自助区", 66000, 2021, 1.4 - 0.15 * n) for n in range(1, 8)),
        *((f"S{n:02d}", "社保自助机", "东楼/社保区", 38000, 2018, 0.5) for n in range(1, 5)), *((f"T{n:02d}", "税务自助机", "西楼/税务区", 56000, 2020, 0.8) for n in range(1, 4)),
        *((f"G{n:02d}", "公安自助机", "西楼/24小时区", 92000, 2021, 0.9) for n in range(1, 4)), ("Y01", "医保自助机", "东楼/社保区", 38000, 2019, 0.6), ("M01", "营业执照自助机", "东楼/自助区", 45000, 2017, 0.3),
        *((f"Q{n:02d}", "取号机", "东楼/入口", 12000, 2020, 0) for n in range(1, 6)), ("R01", "导办机器人", "东楼/入口", 80000, 2022, 0), ("P01", "打印复印机", "东楼/便民区", 15000, 2022, 0),
    ),
}  # fmt: skip
"""Id, kind, place, price, year, uses for each use of a common one."""
DOES = {"综合": ("",), "社保": ("社会保障卡", "参保证明", "养老"), "医保": ("参保登记", "医保"), "税务": ("发票", "税"), "公安": ("身份证", "护照", "犯罪", "居住证"), "营业执照": ("个体工商户", "企业登记")}  # fmt: skip
SYSTEMS: tuple[tuple[str, str, str, str], ...] = (
    ("省一体化政务服务平台（统一受理）", "省级", "统一身份认证", "是"), ("金保工程社保系统", "省级", "数字证书", "否"), ("国家医保信息平台", "国家级", "账号密码", "否"),
    ("公安人口信息系统", "国家级", "数字证书", "否"), ("电子税务局", "省级", "账号密码", "否"), ("企业登记全程电子化系统", "省级", "统一身份认证", "是"),
    ("工程建设项目审批管理系统", "省级", "统一身份认证", "是"), ("民政救助系统", "省级", "账号密码", "否"), ("排队叫号与大厅监测系统", "县级", "账号密码", "否"),
    ("电子证照库", "省级", "接口", "是"),
)  # fmt: skip
OWN = {"人社": 1, "医疗保障": 2, "公安": 3, "税务": 4, "行政审批": 5, "市监": 5, "住建": 6, "民政": 7, "残联": 7}
INTERFACES: tuple[tuple[int, int, float, float | None, str], ...] = (
    (0, 5, 1.5, 0.996, "重要"), (5, 0, 1.5, 0.994, "重要"), (0, 6, 2.0, 0.99, "一般"), (9, 0, 0.8, 0.999, "重要"), (2, 0, 6.5, 0.972, ""), (8, 0, 3.0, 0.99, "一般"),
)  # fmt: skip
LICENCES = {
    "人社": "居民身份证、社会保障卡",
    "公安": "居民户口簿",
    "税务": "营业执照",
    "行政审批": "居民身份证、营业执照",
    "民政": "居民户口簿、残疾人证",
    "医疗": "社会保障卡",
}
MEASURES: tuple[Row, ...] = (
    ["首问负责", "是", "咨询台", None, "首问负责制度（示例）"], ["一次告知", "是", "各窗口", None, "一次性告知制度（示例）"], ["帮办代办", "是", "帮办代办区", 3, ""],
    ["预约", "是", "咨询台", None, "预约服务办法（示例）"], ["咨询导办", "是", "咨询引导区", 3, "导办服务规范（示例）"], ["延时错时", "否", "", None, ""],
    ["政务公开", "是", "政务公开专区", 1, "政务公开专区管理办法（示例）"],
)  # fmt: skip
OUT = (
    ("暂予监外执行审批", "涉及国家秘密"),
    ("进口药品通关单核发", "须在口岸现场办理，场地受限"),
    ("动物和动物产品检疫合格证核发", "现场检疫，场地受限"),
    ("居民身份证补办", ""),
    ("居民身份证跨省异地办理", "采集室场地受限"),
)
"""Items that stand in the list and not in the hall, some under names that the catalogue writes otherwise."""


def not_admitted(items: Sequence[Item], name: str) -> tuple[Item, ...]:
    """A few listed items that are not handled in the hall, with and without a reason; none in the city's messy list."""
    if name == "city":
        return ()
    like = items[0]
    return tuple(
        replace(
            like, code=f"W{n:03d}", name=title, cases=0.0, consults=0.0, one_matter="", special="", is_admitted=False, reason_out=reason,
            department="", theme="", item_type="", kiosk_share=0.0,
        )
        for n, (title, reason) in enumerate(OUT, 1)
    )  # fmt: skip


def make_sheets(name: str, items: Sequence[Item], seed: int) -> Sheets:
    """Rows of the sheets of chapters 7 to 9, in the order of the template's columns."""
    rng = random.Random(seed)
    return {
        "现有设备": _machines(name, items),
        "设备日志": _log(name, items, rng),
        "系统清单": [list(row) for row in SYSTEMS],
        "事项系统": _pairs(items, rng, {"township": 12, "county": 45, "city": 90}[name]),
        "共享接口": [
            [SYSTEMS[a][0], SYSTEMS[b][0], delay, success, level] for a, b, delay, success, level in INTERFACES
        ],
        "服务措施": [list(row) for row in MEASURES[: 4 if name == "township" else None]],
        "一件事清单": [["企业员工录用（本地）", "2025", "本地重点事项清单（示例）", "就业登记、企业职工参保登记"]],
        "办事指南": _guides(items, rng, {"township": 10, "county": 40, "city": 60}[name]),
    }


def _able(kind: str, items: Sequence[Item]) -> list[Item]:
    words = next((words for mark, words in DOES.items() if mark in kind), ())
    return [item for item in items if item.kiosk_share > 0 and any(word in item.name for word in words)]


def _machines(name: str, items: Sequence[Item]) -> list[Row]:
    rows: list[Row] = []
    for id, kind, place, price, year, use in MACHINES[name]:
        can = [] if kind == "综合自助终端" and not use else _able(kind, items)
        rows.append([id, kind, place, price, year, "、".join(item.code for item in can[:12])])
    return rows


def _log(name: str, items: Sequence[Item], rng: random.Random) -> list[Row]:
    """Two weeks of uses, the older machines with faults, some uses in the evening, and a machine nobody listed."""
    rows: list[Row] = []
    days = [f"2025-03-{day:02d}" for day in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14)]
    busy = {"township": 9, "county": 17, "city": 24}[name]
    users = [entry for entry in MACHINES[name] if entry[5]] + [("Z99", "综合自助终端", "", 0, 2023, 0.3)]
    for id, kind, place, _, year, share in users:
        names = [item.name for item in _able(kind, items)] or ["社会保障卡申领"]
        for day in days:
            for _ in range(round(busy * share * rng.uniform(0.7, 1.3))):
                is_late = "24小时" in place and rng.random() < 0.3
                start = (
                    rng.randint(1060, 1290) if is_late else rng.choice((rng.randint(542, 715), rng.randint(785, 1010)))
                )
                rows.append(
                    _use(
                        id,
                        day,
                        start,
                        rng.choice((3, 4, 5, 6, 8)),
                        rng.choice(names),
                        "成功" if rng.random() < 0.94 else "放弃",
                    )
                )
            if rng.random() < (2025 - year) * 0.02:
                rows.append(
                    _use(
                        id,
                        day,
                        rng.randint(560, 900),
                        rng.randint(30, 150),
                        "",
                        "故障",
                        rng.choice(("卡纸", "读卡器离线", "死机")),
                    )
                )
    return sorted(rows, key=lambda row: (str(row[1]), str(row[0])))


def _use(id: str, day: str, start: int, minutes: int, item: str, outcome: str, fault: str = "") -> Row:
    end = start + minutes
    return [
        id,
        f"{day} {start // 60:02d}:{start % 60:02d}",
        f"{day} {end // 60:02d}:{end % 60:02d}",
        item,
        outcome,
        fault,
    ]


def _pairs(items: Sequence[Item], rng: random.Random, count: int) -> list[Row]:
    """The busiest items: accepted in the platform, typed again in the department's own system."""
    rows: list[Row] = []
    for item in sorted(items, key=lambda item: (-item.counter_cases, item.code))[:count]:
        fields = rng.randint(16, 34)
        rows.append([item.code, SYSTEMS[0][0], fields, 0, ""])
        own = next((n for mark, n in OWN.items() if mark in item.department), 0)
        if own:
            again = rng.randint(12, 30)
            licences = next((words for mark, words in LICENCES.items() if mark in item.department), "")
            rows.append([item.code, SYSTEMS[own][0], again, round(again * rng.uniform(0.5, 0.85)), licences])
    return rows


def _guides(items: Sequence[Item], rng: random.Random, count: int) -> list[Row]:
    """Guides of the busiest items with some fields blank, the rarer ones more often."""
    usual = (
        "自然人、法人", "", "有关法律法规（示例）", "", "", "无", "见法定条件（示例）", "无", "申请表、身份证明（示例）", "窗口、网上", "受理—审查—决定—送达",
        "5个工作日", "不收费", "证照或批文", "窗口领取、邮寄", "依法享有知情权等（示例）", "大厅咨询台", "12345", "政务服务中心，工作日", "平台查询",
    )  # fmt: skip
    rows: list[Row] = []
    for n, item in enumerate(sorted(items, key=lambda item: (-item.cases, item.code))[:count]):
        cells = [
            item.item_type if i == 1 else item.department if i in (3, 4) else words for i, words in enumerate(usual)
        ]
        kept: list[str | float | None] = [words if rng.random() > 0.02 + 0.004 * n else "" for words in cells]
        rows.append([item.code, item.name, *kept])
    return rows
