"""A labelled set of item names: what halls write, and which item of the catalogue it is, or none.

Two parts.  `by_hand`: some 260 names written as halls, window plates and callers write them, against the 1,130 real items
(benchmarks/data/item-names.tsv).  `made`: a catalogue of real items and of the families they belong to (one word exchanged:
设立/变更/注销, 新办/延续, 城乡居民/职工, 换领/补领, levels, ranks), of which every sixth item is left out of the catalogue; all are
written with one to three of the variants below, so that those left out are near neighbours which must not match.
The variants have their own tables and share nothing with hallplan/data/matching.toml.
"""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
REAL = ROOT / "hallplan" / "data" / "items" / "district-items.tsv"
BY_HAND = Path(__file__).parent / "data" / "item-names.tsv"
BLIND = tuple(Path(__file__).parent / "data" / f"item-names-blind{part}.tsv" for part in ("", "-2"))
FIRST = ("设立", "新办", "首次申请")
STEPS = ("变更", "注销", "延续", "补办", "换发", "恢复", "终止")
LONGER = ("遗失补办", "挂失补办", "到期延续", "信息变更", "遗失补领")
CONTRASTS = (
    ("城乡居民", "企业职工", "机关事业单位"),
    ("供水", "供气", "供电", "供热"),
    ("换领", "补领"),
    ("挂失", "解挂"),
    ("转入", "转出"),
    ("第二类", "第一类", "第三类"),
    ("甲级", "乙级", "丙级"),
    ("内资", "外资"),
    ("货物运输", "旅客运输"),
    ("个人", "单位"),
    ("查询", "咨询"),
    ("零售", "批发"),
    ("封存", "解封"),
    ("首次", "二次"),
    ("咨询", "预约"),
    ("备案", "年度报告"),
    ("公司", "合伙企业", "个人独资企业"),
    ("认定", "复核"),
)
SHORT = (
    ("社会保障卡", "社保卡"), ("社会保险", "社保"), ("居民身份证", "身份证"), ("个体工商户", "个体户"), ("道路货物运输", "道路货运"),
    ("道路旅客运输", "道路客运"), ("网络预约出租汽车", "网约车"), ("基本养老保险", "养老保险"), ("基本医疗保险", "医保"),
    ("互联网上网服务营业场所", "网吧"), ("许可证", "许可"), ("机关事业单位", "机关事业"), ("农民专业合作社", "合作社"), ("残疾人证", "残疾证"),
    ("危险化学品", "危化品"), ("环境影响报告表", "环评报告表"), ("遗失补办", "补办"), ("补办", "补领"), ("延续", "延期"), ("延续", "续期"),
    ("新办", "首次申请"), ("变更", "信息变更"), ("换发", "换证"), ("证书", "证"), ("执业许可", "执业许可证"), ("以及", "和"), ("、", "和"),
    ("公共租赁住房", "公租房"), ("住宅专项维修资金", "维修资金"), ("增值税专用发票", "专票"), ("城乡居民", "居民"), ("拖拉机/联合收割机", "拖拉机和联合收割机"),
    ("申领", "领取"), ("核发", "发放"), ("审批", "许可"), ("认定", "确认"),
)  # fmt: skip
SLIPS = (
    ("登记", "登计"), ("注销", "注消"), ("变更", "便更"), ("设立", "设力"), ("备案", "备按"), ("许可", "许刻"), ("经营", "经盈"),
    ("补办", "补半"), ("企业", "企叶"), ("运输", "运书"), ("查询", "查寻"), ("保险", "保显"), ("机构", "机够"), ("申请", "申清"),
    ("证明", "正明"), ("工程", "公程"), ("单位", "单为"), ("资格", "资各"), ("缴费", "交费"),
)  # fmt: skip
TAILS = ("审批", "核准", "办理", "申请", "申报", "核发", "登记", "许可")


@dataclass(frozen=True, slots=True)
class Real:
    """An item of the catalogue."""

    code: str
    name: str
    department: str
    parent: str
    item_type: str


@dataclass(frozen=True, slots=True)
class Label:
    """A written name and the code of the item it means, "" for none.  The hall is a county's, which settles names without a level."""

    name: str
    department: str
    code: str
    how: str


def real_items() -> list[Real]:
    """Returns the real items."""
    with REAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Real(row["事项编码"] or f"R{i:04d}", row["事项名称"], row["部门"], row["主项"] or "", row["事项类型"])
        for i, row in enumerate(rows)
    ]


def by_hand(file: Path = BY_HAND) -> list[Label]:
    """Returns the names written by hand in a file, against the real items."""
    codes: dict[str, str] = {_bare(item.name): item.code for item in real_items()}
    labels = []
    for line in file.read_text("utf-8").splitlines()[2:]:
        name, _, meant = line.partition("\t")
        labels.append(Label(name, "", codes[_bare(meant)] if meant else "", "hand"))
    return labels


def families(count: int = 3600) -> list[Real]:
    """Returns the real items and their families, `count` in all: each differs from another by one telling word."""
    items = real_items()
    known = {(_meaning(item.name), item.department) for item in items}
    made: list[Real] = []
    for item in items:
        for name in _relatives(item.name):
            if (_meaning(name), item.department) not in known:
                known.add((_meaning(name), item.department))
                made.append(Real(f"F{len(made):05d}", name, item.department, item.parent, item.item_type))
    random.Random(11).shuffle(made)
    return items + made[: count - len(items)]


def made(seed: int, catalogue: int = 3000, asked: int = 2000) -> tuple[list[Real], list[Label]]:
    """Returns a catalogue and the labelled names asked of it: three in four in the catalogue, the others left out."""
    rng = random.Random(seed)
    everything = families(round(catalogue * 1.2))
    rng.shuffle(everything)
    kept, out = everything[:catalogue], everything[catalogue:]
    # a name left out that some kept item means as well (补办 and 遗失补办) would be no near neighbour
    meant = {_meaning(item.name) for item in kept}
    out = [item for item in out if _meaning(item.name) not in meant]
    positive = [_written(item, item.code, rng) for item in kept[: asked * 3 // 4]]
    negative = [_written(item, "", rng) for item in out[: asked - len(positive)]]
    return kept, positive + negative


def _relatives(name: str) -> list[str]:
    found = []
    for longer in LONGER:
        name = name.replace(longer, longer[2:])
    steps = [step for step in (*FIRST, *STEPS) if step in name]
    if len(steps) == 1:
        others = STEPS if steps[0] in FIRST else (FIRST[0], *STEPS)
        found += [name.replace(steps[0], step, 1) for step in others if step != steps[0]]
    for group in CONTRASTS:
        present = [word for word in group if word in name]
        if len(present) == 1:
            found += [name.replace(present[0], word, 1) for word in group if word != present[0]]
    return found


def _meaning(name: str) -> str:
    """The name with the words that mean the same made one, to keep truth true."""
    bare = re.sub(r"\((省|市|县)级(行使|权限)?\)", "", _bare(name))
    bare = re.sub(
        r"遗失|挂失补|到期|信息变|省级|市级|县级", lambda found: found[0][-1] if found[0][-1] in "补变" else "", bare
    )
    for words, one in (
        (("补领", "补证", "补发"), "补办"),
        (("换领", "换证"), "换发"),
        (("成立", "新办", "首次申请"), "设立"),
        (("续期", "延期"), "延续"),
    ):
        for word in words:
            bare = bare.replace(word, one)
    bare = re.sub(r"审批|核准|办理|申请|申报|核发|许可证?|登记|证书?|发放|申领|确认|认定|设立|[()]", "", bare)
    return "".join(sorted(bare))


def _written(item: Real, code: str, rng: random.Random) -> Label:
    name, how = item.name, []
    ways = list(_WAYS)
    rng.shuffle(ways)
    for way in ways[: rng.randint(1, 3)]:
        changed = way(name, item, rng)
        if changed != name and len(changed) > 2:
            name = changed
            how.append(way.__name__.strip("_"))
    department = item.department if rng.random() < 0.7 else ""
    return Label(name, department, code, "+".join(how) or "same")


def _brackets(name: str, item: Real, rng: random.Random) -> str:
    del item
    left, right = rng.choice((("(", ")"), ("（", "）"), ("【", "】"), ("[", "]")))
    return re.sub(r"[（(]", left, re.sub(r"[）)]", right, name))


def _no_level(name: str, item: Real, rng: random.Random) -> str:
    del item, rng
    return re.sub(r"[（(]县级(行使|权限)?[)）]", "", name)


def _tail(name: str, item: Real, rng: random.Random) -> str:
    """A tail that says nothing comes, or the one there goes."""
    del item
    tail = next((tail for tail in TAILS if name.endswith(tail) and len(name) > 6), "")
    if tail and rng.random() < 0.5:
        return name.removesuffix(tail)
    return name + rng.choice(("申请", "办理", "服务", "业务办理")) if not name.endswith(("）", ")")) else name


def _step_first(name: str, item: Real, rng: random.Random) -> str:
    del item, rng
    for step in (*FIRST, *STEPS):
        head, found, rest = name.partition(step)
        if found and head and rest in ("", "登记", "审批", "备案", "许可", "许可证"):
            return f"{step}{head}{rest}"
    return name


def _short(name: str, item: Real, rng: random.Random) -> str:
    del item
    there = [pair for pair in SHORT if pair[0] in name]
    return name.replace(*rng.choice(there)) if there else name


def _slip(name: str, item: Real, rng: random.Random) -> str:
    del item
    there = [pair for pair in SLIPS if pair[0] in name]
    return name.replace(*rng.choice(there), 1) if there and rng.random() < 0.5 else name


def _spaces(name: str, item: Real, rng: random.Random) -> str:
    del item
    at = rng.randrange(1, len(name))
    return name[:at] + rng.choice((" ", "\u3000", "  ")) + name[at:]


def _headed(name: str, item: Real, rng: random.Random) -> str:
    office = re.sub(r"^.*?区", "", item.department)
    if item.parent and rng.random() < 0.5:
        return f"{item.parent}—{name}"
    return f"{office}{rng.choice(('-', '：', ' '))}{name}" if office else name


def _small_words(name: str, item: Real, rng: random.Random) -> str:
    del item, rng
    return name.replace("的", "").replace("对", "", 1) if name.startswith("对") or "的" in name else "关于" + name


_WAYS = (_brackets, _no_level, _tail, _step_first, _short, _slip, _spaces, _headed, _small_words)


def _bare(name: str) -> str:
    return re.sub(r"[\s《》“”\"/\\、，,]", "", unicodedata.normalize("NFKC", name))
