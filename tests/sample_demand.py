"""Invented demand of the three sample halls, on real items: volumes over four orders of magnitude, minutes by kind."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, replace
from pathlib import Path

from hallplan.model.demand import ArrivalProfile, CaseType, ExistingWindow, Item, ItemMinutes, Relation

ITEMS = Path(__file__).parents[1] / "hallplan" / "data" / "items" / "district-items.tsv"
LEVELS = {"township": "乡级", "county": "县级", "city": "市级"}


@dataclass(frozen=True)
class Popular:
    """An item that many people come for: cases a year in a county, minutes at the window, shares online and self-service."""

    name: str
    cases: int
    minutes: float
    online: float = 0.2
    kiosk: float = 0.0
    special: str = ""
    one_matter: str = ""


@dataclass(frozen=True)
class HallSize:
    """How large a sample hall is."""

    name: str
    items: int
    visitors_per_day: float
    seed: int
    departments: tuple[str, ...] = ()
    has_specials: bool = True


SIZES = {
    "township": HallSize(
        "township",
        40,
        86,
        11,
        ("区人社局", "区医疗保障局", "区民政局", "区残联", "区卫健局", "区退役军人事务局", "区农业农村局"),
        False,
    ),
    "county": HallSize("county", 250, 765, 12),
    "city": HallSize("city", 700, 3010, 13),
}

POPULAR = (
    Popular("居民身份证办理（包括临时）", 14280, 8, 0.05, 0.05, "公安"),
    Popular("户口变更", 2450, 14, 0.1, 0.0, "公安"),
    Popular("户口迁移审批", 2860, 15, 0.15, 0.0, "公安"),
    Popular("户口登记", 2650, 14, 0.1, 0.0, "公安", "新生儿出生一件事"),
    Popular("普通护照签发", 4900, 11, 0.05, 0.1, "公安"),
    Popular("无犯罪记录证明", 4150, 6, 0.5, 0.1, "公安"),
    Popular("居住证办理", 2240, 9, 0.25, 0.05, "公安"),
    Popular("居民身份证省内异地办理", 1770, 8, 0.0, 0.0, "公安"),
    Popular("社会保障卡补领、换领、换发", 16500, 6, 0.2, 0.25, "", "社会保障卡居民服务一件事"),
    Popular("社会保障卡申领", 7800, 7, 0.3, 0.15, "", "社会保障卡居民服务一件事"),
    Popular("社会保障卡启用（激活）", 8200, 4, 0.3, 0.3),
    Popular("个人参保证明查询打印", 14000, 4, 0.45, 0.35),
    Popular("单位参保证明查询打印", 4100, 4, 0.6, 0.2),
    Popular("城乡居民基本养老保险待遇申领", 5200, 11, 0.1),
    Popular("城乡居民基本养老保险参保登记", 4800, 7, 0.3),
    Popular("企业职工基本养老保险正常退休申请", 3100, 21, 0.15, 0.0, "", "企业职工退休一件事"),
    Popular("灵活就业人员企业职工基本养老保险参保登记", 6900, 8, 0.35),
    Popular("失业登记", 4300, 8, 0.4),
    Popular("失业保险金申领", 3500, 9, 0.5),
    Popular("就业登记", 3800, 6, 0.45),
    Popular("企业职工参保登记", 3600, 8, 0.6),
    Popular("养老保险定期待遇领取资格认证", 5400, 4, 0.6, 0.1),
    Popular("档案接收", 1700, 9, 0.3),
    Popular("住院费用报销", 9800, 10, 0.15),
    Popular("门诊费用报销", 5200, 8, 0.15),
    Popular("城乡居民参保登记", 11500, 5, 0.45, 0.1),
    Popular("异地长期居住人员备案", 4700, 5, 0.5),
    Popular("基本医疗保险参保人员享受门诊慢特病病种待遇认定", 6300, 9, 0.2),
    Popular("生育津贴支付", 1900, 8, 0.35, 0.0, "", "新生儿出生一件事"),
    Popular("医保电子凭证申领", 3100, 4, 0.7),
    Popular("公司设立登记", 3400, 19, 0.5, 0.0, "", "企业开办一件事"),
    Popular("公司变更登记", 3900, 17, 0.35),
    Popular("公司注销登记", 1500, 15, 0.4, 0.0, "", "企业注销一件事"),
    Popular("个体工商户设立登记", 9200, 11, 0.45, 0.1, "", "个体工商户开办一件事"),
    Popular("个体工商户变更登记（备案）", 5100, 9, 0.35),
    Popular("个体工商户注销登记", 4100, 7, 0.4),
    Popular("股权出质设立登记", 620, 13, 0.2),
    Popular("企业登记档案资料查询", 2900, 6, 0.3, 0.25),
    Popular("食品(含保健食品)经营许可核发", 3600, 14, 0.35, 0.0, "", "开办餐饮店一件事"),
    Popular("食品(含保健食品)经营许可延续", 1400, 10, 0.4),
    Popular("公共场所卫生许可新办审批（县级）", 900, 15, 0.3),
    Popular("护士延续执业注册", 1100, 7, 0.6),
    Popular("烟草专卖零售许可证新办", 1300, 11, 0.4),
    Popular("烟草专卖零售许可证延续", 1900, 8, 0.5),
    Popular("发票领用(县级行使）", 5520, 7, 0.45, 0.35, "税务", "企业开办一件事"),
    Popular("代开增值税普通发票（县级行使）", 4590, 8, 0.45, 0.3, "税务"),
    Popular("代开增值税专用发票（县级行使）", 2420, 10, 0.4, 0.2, "税务"),
    Popular("一照一码户信息确认（县级行使）", 1980, 9, 0.5, 0.0, "税务", "企业开办一件事"),
    Popular("税务注销即时办理（县级行使）", 1300, 18, 0.35, 0.0, "税务", "企业注销一件事"),
    Popular("开具税收完税证明（县级行使）", 3220, 5, 0.5, 0.3, "税务"),
    Popular("增值税一般纳税人登记（县级行使）", 560, 12, 0.5, 0.0, "税务"),
    Popular("中国内地公民婚姻登记", 1650, 25, 0.0, 0.0, "婚姻登记"),
    Popular("补领结婚证", 450, 15, 0.0, 0.05, "婚姻登记"),
    Popular("最低生活保障", 1600, 15, 0.1),
    Popular("80周岁以上老年人高龄津贴发放", 2900, 7, 0.25),
    Popular("临时救助", 1500, 13, 0.1),
    Popular("残疾人证新办", 1200, 13, 0.1, 0.0, "", "残疾人服务一件事"),
    Popular("困难残疾人生活补贴", 1100, 9, 0.2, 0.0, "", "残疾人服务一件事"),
    Popular("申领《四川省老年人优待证》", 3600, 5, 0.2),
    Popular("《预防接种证》办理", 1200, 5, 0.3, 0.0, "", "新生儿出生一件事"),
    Popular("退役报到", 420, 13, 0.1),
    Popular("住宅专项维修资金交存", 3220, 9, 0.2, 0.0, "不动产"),
    Popular("住宅专项维修资金使用备案", 630, 16, 0.1, 0.0, "不动产"),
    Popular("已购公有和经济适用住房上市交易审核", 910, 20, 0.1, 0.0, "不动产"),
    Popular("公共租赁住房申请资格审核认定", 1050, 16, 0.2, 0.0, "不动产"),
    Popular("商品房预售许可", 60, 40, 0.2, 0.0, "不动产"),
    Popular("供水报装", 1300, 9, 0.35, 0.0, "", "水电气热联合报装一件事"),
    Popular("供气报装", 1500, 9, 0.35, 0.0, "", "水电气热联合报装一件事"),
    Popular("建筑工程施工许可证核发", 260, 45, 0.3, 0.0, "工程建设", "工程建设项目审批"),
    Popular("建设工程竣工验收备案", 210, 35, 0.3, 0.0, "工程建设", "工程建设项目审批"),
    Popular("建设工程（含临时建设）规划许可证核发", 190, 40, 0.2, 0.0, "工程建设", "工程建设项目审批"),
    Popular("建设工程质量监督备案", 230, 25, 0.3, 0.0, "工程建设", "工程建设项目审批"),
    Popular("教师资格认定", 800, 9, 0.4),
    Popular("职工参保登记", 2300, 7, 0.55),
)

PAIRS = (
    ("公司设立登记", "一照一码户信息确认（县级行使）", 0.5),
    ("公司设立登记", "企业职工参保登记", 0.3),
    ("一照一码户信息确认（县级行使）", "发票领用(县级行使）", 0.4),
    ("个体工商户设立登记", "食品(含保健食品)经营许可核发", 0.2),
    ("公司注销登记", "税务注销即时办理（县级行使）", 0.5),
    ("失业登记", "失业保险金申领", 0.5),
    ("户口登记", "城乡居民参保登记", 0.3),
    ("残疾人证新办", "困难残疾人生活补贴", 0.4),
    ("城乡居民基本养老保险参保登记", "社会保障卡申领", 0.2),
    ("供水报装", "供气报装", 0.5),
    ("住院费用报销", "异地长期居住人员备案", 0.1),
    ("就业登记", "企业职工参保登记", 0.2),
)

THEMES = (
    ("公安", ("公安",)),
    ("税务", ("税务",)),
    ("社保医保", ("人社", "医疗保障")),
    ("民政救助", ("民政", "残联", "退役")),
    ("工程建设", ("住建", "自然资源", "政府办", "林业", "水务", "发改", "公管")),
    ("交通运输", ("交通",)),
    ("卫生教育", ("卫健", "教科体", "文广旅")),
    ("农业林业", ("农业",)),
    ("市场准入", ("市监", "烟草", "行政审批", "商务", "经信")),
)
TAIL_MINUTES = {"行政许可": (12, 22), "公共服务": (5, 12), "行政确认": (8, 15), "行政给付": (8, 14)}


def make_items(size: HallSize) -> tuple[Item, ...]:
    """The items of a sample hall, popular ones first chosen, in the order of the source; about `visitors_per_day` come for them."""
    rng = random.Random(size.seed)
    rows = _rows()
    if size.departments:
        rows = [row for row in rows if row["部门"] in size.departments]
    popular = {entry.name: entry for entry in POPULAR}
    known = [row for row in rows if row["事项名称"] in popular][: size.items]
    others = [row for row in rows if row["事项名称"] not in popular]
    chosen = known + rng.sample(others, size.items - len(known))
    ranks = rng.sample(range(1, size.items + 1), size.items)
    order = {row["事项编码"]: n for n, row in enumerate(_rows())}
    items = [_item(row, popular.get(row["事项名称"]), rank, size, rng) for row, rank in zip(chosen, ranks, strict=True)]
    items.sort(key=lambda item: order[item.code])
    return _scaled(items, size.visitors_per_day)


def make_profile(kind: str) -> ArrivalProfile:
    """Arrivals by half-hour: 09:00-12:00, 13:00-17:00 in the county, 08:30-12:00, 14:00-17:30 in the township."""
    shape = (6.2, 9.1, 11.0, 10.8, 9.4, 6.6, 5.3, 7.4, 8.3, 8.0, 6.9, 5.6, 3.4, 2.0)
    starts = (*range(540, 720, 30), *range(780, 1020, 30))
    if kind == "township":
        shape = (7.5, 11.2, 12.1, 11.0, 9.0, 7.1, 4.6, 5.4, 7.8, 7.9, 6.5, 5.0, 3.1, 1.8)
        starts = (*range(510, 720, 30), *range(840, 1050, 30))
    total = sum(shape)
    return ArrivalProfile(starts, tuple(round(value / total, 4) for value in shape))


def make_relations(items: tuple[Item, ...]) -> tuple[Relation, ...]:
    """Pairs that people do in one visit, as a share of the smaller volume."""
    cases = {item.name: item.cases for item in items}
    return tuple(
        Relation(a, b, round(min(cases[a], cases[b]) * share)) for a, b, share in PAIRS if a in cases and b in cases
    )


def make_existing(
    items: tuple[Item, ...], n_windows: int, hours: tuple[tuple[int, int], ...]
) -> tuple[ExistingWindow, ...]:
    """Today's windows: each department its own, in proportion to the square root of its work, more than the hall needs."""
    work: dict[str, float] = {}
    for item in items:
        work[item.department] = work.get(item.department, 0.0) + item.counter_cases * item.minutes.accept
    weights = {name: load**0.5 for name, load in work.items()}
    total = sum(weights.values())
    windows: list[ExistingWindow] = []
    for letter, name in zip(
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkm", sorted(weights, key=lambda d: -weights[d]), strict=False
    ):
        count = max(1, round(n_windows * weights[name] / total))
        kind = (
            "专业" if any(word in name for word in ("公安", "税务", "住建")) else "综合" if "审批" in name else "部门"
        )
        for n in range(1, count + 1):
            area = 6.8 if kind == "专业" else 5.6
            windows.append(
                ExistingWindow(f"{letter.upper()}{'' if letter.isupper() else 'X'}{n:02d}", kind, name, (), hours, area)
            )
    return tuple(windows)


def _rows() -> list[dict[str, str]]:
    with ITEMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    seen: set[str] = set()
    unique = []
    for row in rows:
        if row["事项编码"] and row["事项编码"] not in seen and row["事项类型"]:
            seen.add(row["事项编码"])
            unique.append(row)
    return unique


def _item(row: dict[str, str], popular: Popular | None, rank: int, size: HallSize, rng: random.Random) -> Item:
    kind = row["事项类型"]
    low, high = TAIL_MINUTES.get(kind, (10, 18))
    minutes = popular.minutes if popular else float(rng.randint(low, high))
    cases = popular.cases * rng.uniform(0.85, 1.15) if popular else max(1.0, 900 / rank**0.85 * rng.uniform(0.5, 1.5))
    case_type: CaseType = "promised" if kind == "行政许可" or minutes >= 14 else "instant"
    steps = ItemMinutes(
        consult=float(rng.choice((3, 4, 5))),
        accept=minutes,
        review=0.0 if case_type == "instant" else float(round(minutes * rng.uniform(1.0, 2.2))),
        deliver=0.0 if case_type == "instant" else float(rng.choice((2, 3))),
        std=round(minutes * rng.uniform(0.45, 0.75), 1),
    )
    online = popular.online if popular else rng.choice((0.0, 0.1, 0.2, 0.3, 0.4, 0.6))
    is_legal = any(word in row["事项名称"] for word in ("公司", "企业", "单位", "许可", "备案", "机构", "发票"))
    special = popular.special if popular and size.has_specials else ""
    if size.has_specials and not special:
        special = "税务" if "税务" in row["部门"] else "公安" if "公安" in row["部门"] else ""
    return Item(
        code=row["事项编码"],
        name=row["事项名称"],
        department=row["部门"],
        theme=_theme(row["部门"]),
        item_type=kind,
        level=LEVELS[size.name],
        cases=cases,
        consults=cases * rng.uniform(0.1, 0.35),
        minutes=steps,
        online_share=online,
        kiosk_share=popular.kiosk if popular else 0.0,
        visits_per_case=1.0 if case_type == "instant" else rng.choice((1.1, 1.2, 1.3)),
        subject="法人" if is_legal else "自然人",
        case_type=case_type,
        collect="窗口" if case_type == "promised" else "",
        companions=round(rng.uniform(0.1, 0.5), 1) if not is_legal else 0.1,
        special=special,
        one_matter=popular.one_matter if popular else "",
    )


def _scaled(items: list[Item], visitors_per_day: float) -> tuple[Item, ...]:
    """The items with volumes scaled so that the wanted number of people comes on each of 250 working days."""
    factor = visitors_per_day * 250 / sum(item.visits_per_year for item in items)
    return tuple(
        replace(item, cases=float(max(1, round(item.cases * factor))), consults=float(round(item.consults * factor)))
        for item in items
    )


def _theme(department: str) -> str:
    return next((theme for theme, marks in THEMES if any(mark in department for mark in marks)), "综合其他")
