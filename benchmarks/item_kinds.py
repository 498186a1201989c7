"""A third labelled set of item names, one kind of variant at a time: `python -m benchmarks.item_kinds [SEED…]`.

Each of 3,000 catalogue names (real items and relatives of them) is written with exactly one kind of change, so that the figures
say which kind fails; another third of the names are near neighbours that are not in the catalogue, half of them changed as well.
Tables and ways are its own: nothing is shared with item_names.py (but the real items), item_clerks.py (but the relatives that
fill the catalogue) or hallplan/data/matching.toml.  Prints recall and precision by kind as JSON.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from opencc import OpenCC

from benchmarks.item_clerks import _letters, _relatives, _sense
from benchmarks.item_names import Real
from hallplan.model.service_inputs import CatalogueItem
from hallplan.services.matching import Asked, Matcher

SHORT = (
    ("城乡居民基本养老保险", "城乡居民养老保险"), ("城乡居民基本养老保险", "居民养老保险"), ("企业职工基本养老保险", "职工养老保险"), ("基本医疗保险", "医保"),
    ("社会保险", "社保"), ("社会保障卡", "社保卡"), ("居民身份证", "身份证"), ("失业保险金", "失业金"), ("个体工商户", "个体"), ("民办非企业单位", "民非单位"),
    ("建筑工程施工许可证", "施工许可证"), ("医疗机构执业许可证", "医疗机构执业证"), ("房屋建筑和市政基础设施工程", "房建市政工程"), ("国有建设用地使用权", "国有土地使用权"),
    ("道路旅客运输", "客运"), ("道路货物运输", "货运"), ("特种设备", "特种设备"), ("农民专业合作社", "农民合作社"), ("最低生活保障", "低保"), ("特困人员", "特困"),
    ("残疾人证", "残疾人证件"), ("公共租赁住房", "公租房"), ("住房公积金", "公积金"), ("互联网上网服务营业场所", "网吧"), ("危险化学品", "危化品"), ("建设工程规划许可证", "工程规划许可证"),
    ("取水许可证", "取水证"), ("食品经营许可证", "食品许可证"), ("药品经营许可证", "药品许可证"), ("医疗器械", "器械"), ("劳动能力鉴定", "劳动鉴定"), ("人力资源服务许可证", "人力资源许可证"),
    ("水土保持方案", "水保方案"), ("环境影响评价", "环评"), ("林木采伐", "采伐"), ("机动车驾驶证", "驾驶证"), ("机动车驾驶员培训", "驾校"), ("城镇污水排入排水管网", "排水"), ("不动产登记资料", "不动产资料"),
    ("灵活就业人员", "灵活就业"), ("增值税", "增值税"), ("高龄津贴", "高龄补贴"), ("计划生育", "计生"), ("卫生许可证", "卫生证"), ("消毒产品", "消毒产品"), ("营业执照", "执照"), ("普通护照", "护照"),
)  # fmt: skip
PLACES = ("双流区", "江津区", "滨海县", "南陵县", "吴江市", "天河区", "长沙县", "武侯区", "浦口区", "兴文县")
DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
SOUNDS = (
    ("登记", "等级"), ("失业", "实业"), ("工伤", "公伤"), ("生育", "生于"), ("住院", "助院"), ("公司", "公私"), ("设立", "设利"), ("经营", "经赢"), ("延续", "延叙"), ("核发", "和发"),
    ("医保", "依保"), ("缴费", "缴肥"), ("补贴", "补帖"), ("变更", "便更"), ("注销", "注削"), ("许可", "许课"), ("审批", "审皮"), ("申请", "申情"), ("申领", "申令"), ("证明", "证名"),
    ("备案", "备暗"), ("查询", "查巡"), ("转移", "转疑"), ("认定", "任定"), ("鉴定", "见定"), ("待遇", "代遇"), ("参保", "餐保"), ("机构", "机购"), ("资格", "资革"), ("单位", "丹位"),
    ("养老", "养劳"), ("保险", "保现"), ("身份", "深份"), ("户口", "护口"), ("建设", "建社"), ("工程", "工成"), ("运输", "运叔"), ("食品", "时品"), ("药品", "要品"), ("医疗", "一疗"),
)  # fmt: skip
WORDS = (
    ("", "办理"), ("", "业务办理"), ("办理", ""), ("", "事项"), ("", "业务"), ("", "服务"), ("", "（办理）"), ("", "相关手续"), ("", "窗口业务"), ("", "即时办理"), ("", "受理"), ("", "事项办理"),
    ("线下", ""), ("现场", "办理"), ("", "（线下办理）"), ("", "申请办理"), ("代办", ""), ("", "经办"), ("", "流程"),
)  # fmt: skip
SWAPS = (
    ("设立", "变更"), ("设立", "注销"), ("变更", "注销"), ("新办", "延续"), ("首次", "延续"), ("换领", "补领"), ("换发", "补发"), ("补办", "换发"), ("城乡居民", "企业职工"),
    ("个人", "单位"), ("转入", "转出"), ("迁入", "迁出"), ("养老", "失业"), ("工伤", "生育"), ("门诊", "住院"), ("药品", "医疗器械"), ("零售", "批发"), ("生产", "经营"), ("结婚", "离婚"),
    ("增加", "减少"), ("挂失", "解挂"), ("查询", "变更"), ("申领", "停发"), ("登记", "注销"), ("认定", "撤销"), ("核发", "吊销"), ("竣工", "交工"), ("设计", "施工"), ("旅客运输", "货物运输"), ("供水", "供气"), ("幼儿园", "小学"),
    ("二级", "三级"), ("第一类", "第三类"), ("甲级", "丙级"), ("男", "女"), ("本科", "专科"), ("临时", "长期"), ("境内", "境外"), ("进口", "出口"),
)  # fmt: skip
STEPS = ("设立", "变更", "注销", "延续", "补办", "换发")


@dataclass(frozen=True, slots=True)
class Written:
    """A name as somebody wrote it, the code of the item meant ("" for none), and the kind of change."""

    name: str
    department: str
    code: str
    kind: str


def _short(name: str, _item: Real, rng: random.Random) -> str:
    found = [(a, b) for a, b in SHORT if a in name and a != b]
    return name.replace(*rng.choice(found), 1) if found else name


def _prefixed(name: str, item: Real, rng: random.Random) -> str:
    place, office = rng.choice(PLACES), re.sub("^(区|广安市?)", "", item.department) or "政务局"
    forms = (f"{place}{office}{name}", f"{place}{name}", f"{office}-{name}", f"【{office}】{name}", f"{place}（{office}）：{name}", f"{name}（{place}）", f"{place}·{name}", f"{name}-{office}")  # fmt: skip
    return rng.choice(forms)


def _brackets(name: str, _item: Real, rng: random.Random) -> str:
    if "（" in name or "(" in name:
        pairs = rng.choice(("()", "[]", "【】", "〔〕", "〈〉", "  "))
        return re.sub("[（(]", pairs[0], re.sub("[）)]", pairs[1], name)).strip()
    return f"“{name}”" if rng.random() < 0.5 else f"《{name}》"


def _width(name: str, _item: Real, rng: random.Random) -> str:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in name)
    gap = rng.choice((" ", "\u3000", "\u00a0", "\n", ""))
    at = rng.randrange(1, max(2, len(wide)))
    return wide[:at] + gap + wide[at:] if rng.random() < 0.5 else gap.join(wide)


def _traditional(name: str, _item: Real, rng: random.Random) -> str:
    return str(_converter("s2t" if rng.random() < 0.5 else "s2hk").convert(name))


def _converter(name: str) -> Any:
    return _CONVERTERS.setdefault(name, OpenCC(name))


_CONVERTERS: dict[str, Any] = {}


def _by_ear(name: str, _item: Real, rng: random.Random) -> str:
    found = [(a, b) for a, b in SOUNDS if a in name]
    return name.replace(*rng.choice(found), 1) if found else name


def _digits(name: str, _item: Real, _rng: random.Random) -> str:
    made = re.sub(r"(第?)([一二三四五六七八九])([类级次期])", lambda m: m[1] + DIGITS[m[2]] + m[3], name)
    if made == name:
        made = re.sub(r"(\d)(?=[类级次期])", lambda m: "〇一二三四五六七八九"[int(m[1])], name)
    return made


def _particles(name: str, _item: Real, _rng: random.Random) -> str:
    made = re.sub(
        "的|之|以及|及其|[和与及]", lambda m: "" if len(m[0]) == 1 and m[0] in "的之" else "、", name, count=1
    )
    if made == name and len(name) > 6:
        action = next(
            (a for a in ("登记", "备案", "许可", "认定", "变更", "注销", "申领", "审批", "查询") if name.endswith(a)),
            "",
        )
        made = f"{name.removesuffix(action)}的{action}" if action else name
    return made


def _levelled(name: str, _item: Real, rng: random.Random) -> str:
    if re.search("[县市省]级", name):
        return re.sub(r"[（(]([县市省])级(权限|行使)?[）)]", r"-\1级", name)
    return rng.choice((f"{name}（县级）", f"县级{name}", f"（县级权限）{name}", f"{name}[区县级]", f"{name}—区级"))


def _reordered(name: str, _item: Real, rng: random.Random) -> str:
    for action in (
        "变更登记",
        "注销登记",
        "设立登记",
        "变更",
        "注销",
        "延续",
        "补办",
        "换发",
        "备案",
        "查询",
        "申领",
        "认定",
    ):
        if name.endswith(action) and len(name) > len(action) + 3:
            rest = name.removesuffix(action)
            return rng.choice(
                (
                    f"{action}{rest}",
                    f"{action}（{rest}）",
                    f"{rest}（{action}）",
                    f"{action}-{rest}",
                    f"{rest}：{action}",
                )
            )
    match = re.fullmatch(r"(.+)[（(](.+)[）)]", name)
    return f"{match[2]}（{match[1]}）" if match and not re.search("[县市省]级", match[2]) else name


def _worded(name: str, _item: Real, rng: random.Random) -> str:
    before, after = rng.choice(WORDS)
    return f"{before}{name}{after}"


def _grouped(name: str, item: Real, rng: random.Random) -> str:
    """The main item before it, as catalogues with two levels are flattened."""
    if not item.parent or item.parent == name:
        return name
    return rng.choice(
        (f"{item.parent}/{name}", f"{item.parent}——{name}", f"{item.parent}：{name}", f"{item.parent}（{name}）")
    )


def _tagged(name: str, _item: Real, rng: random.Random) -> str:
    number = rng.choice(("(1)", "12.", "三、", "No.7 ", "⑤", "2-03 ", "序号9 ", "*"))
    tag = rng.choice(
        ("（热点）", "（新增）", "", "[综窗]", "（承诺件）", "（免费）", "（网上可办）", " ★", "（必须现场）")
    )
    return f"{number}{name}{tag}"


Way = Callable[[str, Real, random.Random], str]
WAYS: dict[str, Way] = {
    "short": _short, "prefixed": _prefixed, "brackets": _brackets, "width": _width, "traditional": _traditional, "by_ear": _by_ear,
    "digits": _digits, "particles": _particles, "levelled": _levelled, "reordered": _reordered, "worded": _worded,
    "grouped": _grouped, "tagged": _tagged,
}  # fmt: skip


def written(seed: int, per_kind: int = 150, catalogue: int = 3000) -> tuple[list[Real], list[Written]]:
    """Returns a catalogue and names: `per_kind` of each kind that mean an item, half as many of near neighbours."""
    rng = random.Random(f"kinds {seed}")
    plain: dict[str, Real] = {}
    for item in _relatives(round(1.3 * catalogue), rng):
        plain.setdefault(_plain(item.name), item)  # of two names for one thing one is kept
    kept = list(plain.values())[:catalogue]
    texts, senses = {_letters(item.name) for item in kept}, {_plain(item.name) for item in kept}
    labels = []
    for kind, way in WAYS.items():
        items, made = rng.sample(kept, len(kept)), 0
        for item in items:
            name = way(item.name, item, rng)
            if (
                name != item.name
                and made < per_kind
                and (_letters(name) not in texts or _letters(name) == _letters(item.name))
            ):
                made += 1
                labels.append(Written(name, item.department if rng.random() < 0.5 else "", item.code, kind))
    labels += _neighbours(kept, texts, senses, rng, len(labels) // 2)
    return kept, labels


def _plain(name: str) -> str:
    """The name without words that say little and with one word for what has two, so that no two names mean one thing."""
    for a, b in (
        ("货物运输", "货运"),
        ("旅客运输", "客运"),
        ("新增", ""),
        ("许可证明", "许可"),
        ("补发", "补办"),
        ("(", "（"),
        ("居民身份证", "身份证"),
    ):
        name = name.replace(a, b)
    return _sense(re.sub("（含.*?）|（[县市省]级.*?）", "", name))


def _neighbours(
    kept: Sequence[Real], texts: set[str], senses: set[str], rng: random.Random, count: int
) -> list[Written]:
    """Names that mean none of the catalogue: one word exchanged, or several actions at once; half written in some way."""
    found: list[Written] = []
    ways = list(WAYS.values())
    while len(found) < count:
        item = rng.choice(kept)
        action = next((a for a in STEPS if a in item.name), "")
        if action and rng.random() < 0.2:
            others = rng.sample([a for a in STEPS if a != action], rng.choice((1, 2)))
            joint = rng.choice(("、", "和", "/", "及", ""))
            name, kind = item.name.replace(action, joint.join([action, *others]), 1), "merged"
        else:
            pairs = [(a, b) for x, y in SWAPS for a, b in ((x, y), (y, x)) if a in item.name and b not in item.name]
            if not pairs:
                continue
            name, kind = item.name.replace(*rng.choice(pairs), 1), "swapped"
        if _letters(name) in texts or _plain(name) in senses:
            continue
        if rng.random() < 0.5:
            name = rng.choice(ways)(name, item, rng)
        if _letters(name) not in texts:
            found.append(Written(name, item.department if rng.random() < 0.5 else "", "", kind))
    return found


def figures(seed: int) -> dict[str, Any]:
    """Precision and recall over all names, and by kind: recall, and names given a wrong item."""
    catalogue, labels = written(seed)
    items = [CatalogueItem(r.code, r.name, r.department, (), r.item_type, r.parent) for r in catalogue]
    matcher = Matcher(items, "county")
    answers = [matcher.match(Asked(label.name, department=label.department)) for label in labels]
    found = [answer.guesses[0].item.code if answer.is_sure else "" for answer in answers]
    right = Counter(x.kind for x, code in zip(labels, found, strict=True) if code and code == x.code)
    wrong = Counter(x.kind for x, code in zip(labels, found, strict=True) if code and code != x.code)
    sizes = Counter(label.kind for label in labels)
    given, meant = sum(right.values()) + sum(wrong.values()), sum(bool(label.code) for label in labels)
    kinds = {kind: {"names": n, "recall": round(right[kind] / n, 3), "wrong": wrong[kind]} for kind, n in sizes.items()}
    return {
        "precision": round(sum(right.values()) / given, 4),
        "recall": round(sum(right.values()) / meant, 4),
        "kinds": kinds,
    }


def main() -> None:
    """Prints the figures of the seeds."""
    seeds = [int(seed) for seed in sys.argv[1:]] or [71, 72]
    json.dump({str(seed): figures(seed) for seed in seeds}, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
