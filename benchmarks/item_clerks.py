"""A second labelled set of item names, made by other hands than the one that matching was tuned on.

Each name is written by one of eight clerks, who each have their own habits: the exporter (region, office, level and code
around the name), the plate maker (as short as goes), the receptionist (as people say it), the typist (slips by sound and by
shape, swapped, doubled and lost characters), the tidy one (numbers, tags, other brackets), the reorderer (action first, the
bracket last or first), the one with a traditional keyboard, and the one who pastes main item and item together.
Tables and ways are its own: nothing is shared with item_names.py or hallplan/data/matching.toml.
Left out of the catalogue, so that they must not match: relatives in one telling word, other objects with the same action,
the other half of a pair, and merged names that mean several items at once.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from benchmarks.item_names import Real, real_items

PAIRS = (
    ("设立", "变更"), ("设立", "注销"), ("变更", "注销"), ("新办", "延续"), ("延续", "变更"), ("换领", "补领"), ("换证", "补证"), ("转入", "转出"),
    ("城乡居民", "职工"), ("补办", "换发"), ("申请", "退出"), ("个人", "企业"), ("第一类", "第二类"), ("一级", "二级"), ("甲级", "乙级"),
    ("新增", "核减"), ("配发", "补办"), ("挂失", "解挂"), ("查询", "打印"), ("男", "女"), ("省级", "市级"), ("生产", "经营"), ("批发", "零售"),
    ("住院", "门诊"), ("增加", "减少"), ("首次", "再次"), ("迁入", "迁出"), ("筹设", "设立"), ("临时", "长期"), ("进口", "出口"), ("养老", "医疗"),
    ("工伤", "失业"), ("生育", "工伤"), ("失业", "养老"), ("小学", "中学"), ("法人", "负责人"), ("货运", "客运"), ("水", "电"), ("登记", "年检"),
    ("备案", "许可"), ("恢复", "暂停"), ("合并", "分立"), ("结婚", "离婚"), ("老年人", "残疾人"), ("草原", "林地"), ("采矿权", "探矿权"),
    ("二级", "三级"), ("初审", "终审"), ("普通", "专用"), ("企业", "机关事业单位"), ("公司", "个体工商户"), ("户口", "身份证"), ("供水", "供气"),
)  # fmt: skip
PLATE = (
    ("社会保障卡", "社保卡"), ("居民身份证", "身份证"), ("城乡居民基本养老保险", "城乡居保"), ("基本医疗保险", "医保"), ("基本养老保险", "养老保险"),
    ("个体工商户", "个体户"), ("网络预约出租汽车", "网约车"), ("建设工程规划许可", "工规许可"), ("互联网上网服务营业场所", "网吧"),
    ("农民专业合作社", "合作社"), ("民办非企业单位", "民非"), ("社会团体", "社团"), ("食品(含保健食品)", "食品"), ("食品（含保健食品）", "食品"),
    ("拖拉机/联合收割机", "农机"), ("危险化学品", "危化品"), ("住宅专项维修资金", "维修资金"), ("最低生活保障", "低保"), ("残疾人证", "残疾证"),
    ("道路货物运输", "道路货运"), ("巡游出租汽车", "出租车"), ("机动车驾驶员培训", "驾培"), ("企业职工基本养老保险", "企业养老保险"),
    ("机关事业单位基本养老保险", "机关养老保险"), ("灵活就业人员", "灵活就业"), ("增值税专用发票", "专票"), ("公共租赁住房", "公租房"),
    ("特种设备", "特设"), ("环境影响", "环评"), ("烟草专卖零售许可证", "烟草证"), ("采矿许可证", "采矿证"), ("医疗机构", "医疗机构"), ("生产建设项目", "建设项目"),
    ("退役军人", "退役军人"), ("出口退（免）税", "出口退免税"), ("增值税普通发票", "普票"), ("个人所得税", "个税"), ("企业所得税", "企税"),
)  # fmt: skip
SPOKEN = (
    ("设立登记", "开办"), ("设立登记", "新设"), ("补办", "丢了补办"), ("遗失补办", "补证"), ("补领", "补办"), ("换领", "换证"), ("延续", "到期续办"), ("延续", "续证"),
    ("申领", "申请"), ("申请", "申领"), ("核发", "办理"), ("核发", "发证"), ("变更登记", "变更"), ("注销登记", "注销"), ("设立登记", "设立"), ("开具", "出具"),
    ("审批", "办理"), ("审批", "报批"), ("许可", "许可证办理"), ("认定", "认定申请"), ("补贴", "补贴申领"), ("备案", "备案登记"), ("备案", "办理备案"),
    ("转移接续", "转移"), ("查询", "查一下"), ("参保登记", "参保"), ("新办", "首次办理"), ("新办", "办理"), ("配发", "新领"), ("证明", "证明开具"),
)  # fmt: skip
SHAPES = (
    "己已", "末未", "土士", "籍藉", "账帐", "拆折", "券卷", "贷货", "驾架", "建健", "准淮", "治冶", "竞竟", "侯候", "历厉", "销消", "记纪", "登凳",
    "设没", "许汻", "备各", "变弯", "补扑", "领颂", "核该", "换唤", "延廷", "保堡", "险检", "征证", "经轻", "营菅", "业亚", "单草", "位住", "定淀",
    "审宙", "批枇", "项顶", "办为", "理埋", "申由", "请清", "注往", "更吏", "材村", "场扬", "育盲", "格恪", "质贸", "验检", "测侧", "疗疔", "续绩",
)  # fmt: skip
SOUNDS = (
    "登灯", "记计", "注住", "销消", "变便", "更耕", "设社", "立力", "备倍", "案按", "许须", "可科", "补捕", "办半", "领岭", "换幻", "延言", "续序", "核合",
    "发法", "审神", "批劈", "认任", "定订", "申伸", "请情", "证正", "明名", "保宝", "险显", "养样", "老佬", "医衣", "疗辽", "社设", "会汇", "企起", "业页",
    "单丹", "位为", "工公", "程成", "建见", "资姿", "质制", "格隔", "经精", "营迎", "运云", "输书", "道到", "路录", "食时", "品频", "药要", "卫为", "生声",
    "教交", "师失", "户护", "口扣", "税睡", "缴交", "费废", "购够", "房防", "屋无", "林临", "水税", "土吐", "地帝", "规归", "划画", "环还", "境静", "影引",
    "查茶", "询寻", "转专", "移宜", "接街", "信新", "息西", "个各", "人仁", "体替", "商伤", "公工", "司思", "贴帖", "补部", "助住", "待带", "遇玉",
)  # fmt: skip
REGIONS = ("广安市前锋区", "前锋区", "广安市", "四川省广安市", "某某县", "全区", "本区", "青龙县", "临江市", "东城区")
NUMBERS = (
    "1.",
    "1、",
    "（3）",
    "(12)",
    "二、",
    "（五）",
    "7．",
    "018 ",
    "①",
    "第3项 ",
    "A-07 ",
    "No.9 ",
    "1-2-3 ",
    "序号5：",
)
TAGS = (
    "（新）", "*", "★", "（即办件）", "（承诺件）", "（网上办）", "（全程网办）", "（已进驻）", "（一窗受理）", "【综窗】", "（最多跑一次）", "（跨省通办）",
    "（就近办）", "（容缺受理）", "（含网办）", "（行政许可）", "（公共服务）", "-行政许可", "（2025版）", "（高频）",
)  # fmt: skip
AROUND = (
    ("", "事项"), ("", "业务"), ("", "办理"), ("办理", ""), ("申请办理", ""), ("", "业务办理"), ("", "申请"), ("", "办理事项"), ("", "的办理"), ("关于", "的事项"),
    ("", "服务"), ("", "服务事项"), ("受理", ""), ("", "业务受理"), ("我要办", ""), ("", "相关业务"), ("申请", ""), ("", "手续办理"), ("", "（事项）"), ("政务服务事项：", ""),
)  # fmt: skip
LEVELS = ("县级", "区级", "（县级）", "区本级", "区县级", "县（市、区）级")
OBJECTS = (
    "宠物医院",
    "航空器",
    "电影放映机",
    "跨境直播",
    "冰雪场馆",
    "无人机飞手",
    "房车营地",
    "民宿",
    "陪诊服务",
    "低空物流",
    "密室逃脱",
    "共享单车",
)


@dataclass(frozen=True, slots=True)
class Written:
    """A name and code as a clerk wrote them, and the code of the item meant, "" for none."""

    name: str
    code: str
    department: str
    meant: str
    clerk: str


Way = Callable[[str, Real, random.Random], str]


def written(seed: int, catalogue: int = 3000, asked: int = 3000) -> tuple[list[Real], list[Written]]:
    """Returns a catalogue (the real items and relatives of them) and names asked of it, three in four meant by it."""
    rng = random.Random(f"clerks {seed}")
    everything = _relatives(round(catalogue * 1.25), rng)
    kept, out = everything[:catalogue], everything[catalogue:]
    texts = {_letters(item.name) for item in kept}
    codes = [item.code for item in kept]
    labels = []
    while len(labels) < asked * 3 // 4:
        item = rng.choice(kept)
        label = _by_clerk(item, item.code, codes, rng)
        if _letters(label.name) not in texts or _letters(label.name) == _letters(item.name):
            labels.append(label)
    others = [item for item in out if _letters(item.name) not in texts]
    for item in others[: asked // 4 - asked // 12]:
        labels.append(_by_clerk(item, "", codes, rng))
    while len(labels) < asked:
        labels.append(_stranger(rng.choice(kept), rng))
    return kept, labels


def _relatives(count: int, rng: random.Random) -> list[Real]:
    """The real items and, one word exchanged by its counterpart, their relatives, shuffled."""
    items = real_items()
    known = {_letters(item.name) for item in items}
    meanings = {_sense(item.name) for item in items}
    made = []
    for item in items:
        for pair in PAIRS:
            for a, b in (pair, pair[::-1]):
                name = item.name.replace(a, b, 1)
                if (
                    a in item.name
                    and b not in item.name
                    and _letters(name) not in known
                    and _sense(name) not in meanings
                ):
                    known.add(_letters(name))
                    meanings.add(_sense(name))
                    made.append(
                        Real(f"N{len(made):05d}", name, item.department, item.parent.replace(a, b, 1), item.item_type)
                    )
    rng.shuffle(made)
    chosen = items + made[: max(0, count - len(items))]
    rng.shuffle(chosen)
    return chosen


def _by_clerk(item: Real, meant: str, codes: Sequence[str], rng: random.Random) -> Written:
    clerk = rng.choice(sorted(_CLERKS))
    ways = [way for way in _CLERKS[clerk] if rng.random() < 0.6] or [rng.choice(_CLERKS[clerk])]
    name = item.name
    for way in ways:
        name = way(name, item, rng)
    code = ""
    if meant and rng.random() < 0.25:
        code = item.code if rng.random() < 0.7 else rng.choice(codes) if rng.random() < 0.5 else item.code[:-1] + "Z"
    return Written(name, code, item.department if rng.random() < 0.5 else "", meant, clerk)


def _stranger(item: Real, rng: random.Random) -> Written:
    """A name that means no one item: another object, or several actions at once."""
    action = next((a for a in ("设立", "变更", "注销", "延续", "补办", "换发") if a in item.name), "")
    if action and rng.random() < 0.5:
        others = [a for a in ("设立", "变更", "注销", "延续", "补办") if a != action]
        return Written(item.name.replace(action, "、".join([action, *rng.sample(others, 2)]), 1), "", "", "", "merged")
    tail = rng.choice(
        ("经营许可", "设立登记", "备案", "变更登记", "从业资格认定", "补贴申领", "注销登记", "营业许可延续")
    )
    return Written(rng.choice(OBJECTS) + tail, "", "", "", "stranger")


def _letters(name: str) -> str:
    return re.sub(r"\W", "", name)


def _sense(name: str) -> str:
    """The name without words that say little, so that no relative means what a real item means."""
    bare = re.sub(r"[（(](县|市|省)级(行使|权限)?[）)]", "", name)
    bare = re.sub(r"补领|补证|遗失补办|补发", "补办", re.sub(r"换领|换证|到期换发", "换发", bare))
    bare = re.sub(
        r"申请|申领|办理|核发|发放|审批|登记|许可证?|证书?|信息|到期|新办|首次|设立|成立|配发|企业|\W", "", bare
    )
    return "".join(sorted(bare))


def _pick(table: Sequence[tuple[str, str]]) -> Way:
    def way(name: str, item: Real, rng: random.Random) -> str:
        del item
        there = [pair for pair in table if pair[0] in name]
        return name.replace(*rng.choice(there), 1) if there else name

    return way


def _wide(name: str, item: Real, rng: random.Random) -> str:
    del item
    if rng.random() < 0.5:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in name)


def _gaps(name: str, item: Real, rng: random.Random) -> str:
    del item
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(name) + 1)
        name = name[:at] + rng.choice((" ", "\u3000", "\u00a0", "\n", "\t", "\u200b")) + name[at:]
    return name


def _around(name: str, item: Real, rng: random.Random) -> str:
    del item
    head, tail = rng.choice(AROUND)
    return head + name + tail


def _region(name: str, item: Real, rng: random.Random) -> str:
    del item
    return rng.choice(REGIONS) + name


def _level(name: str, item: Real, rng: random.Random) -> str:
    del item
    if re.search(r"[省市县区]级", name):
        return name
    level = rng.choice(LEVELS)
    return level + name if rng.random() < 0.5 else f"{name}（{level.strip('（）')}）"


def _office(name: str, item: Real, rng: random.Random) -> str:
    if not item.department:
        return name
    short = item.department.removeprefix("区")
    way = rng.choice(
        ("{d}-{n}", "{d}：{n}", "[{d}]{n}", "{n}（{d}）", "{s}—{n}", "{s} {n}", "【{s}】{n}", "{d}/{n}", "{n}-{d}")
    )
    return way.format(d=item.department, s=short, n=name)


def _number(name: str, item: Real, rng: random.Random) -> str:
    del item
    return rng.choice(NUMBERS) + name


def _tag(name: str, item: Real, rng: random.Random) -> str:
    del item
    return name + rng.choice(TAGS)


def _coded(name: str, item: Real, rng: random.Random) -> str:
    return rng.choice(("{c} {n}", "{n}({c})", "{n} {c}", "{c}-{n}")).format(c=item.code, n=name)


def _no_brackets(name: str, item: Real, rng: random.Random) -> str:
    """The level in brackets goes, other brackets go round what they hold."""
    del item
    bare = re.sub(r"[（(][省市县]级(行使|权限)?[)）]", "", name)
    match = re.fullmatch(r"(.+?)[（(]([^（）()]{2,6})[）)]", bare)
    if match:
        return rng.choice(("{b}{a}", "{a}-{b}", "{a}{b}", "{a}【{b}】", "{a}（{b}）", "{b}：{a}")).format(
            a=match[1], b=match[2]
        )
    return bare


def _action_first(name: str, item: Real, rng: random.Random) -> str:
    del item
    match = re.fullmatch(
        r"(.{2,14}?)(设立|变更|注销|延续|补办|换发|新办|补领|换领|查询|打印|挂失|备案|转移)(登记|审批|许可|申请|核准|)",
        name,
    )
    if not match:
        return name
    return rng.choice(("{b}{a}{c}", "{b}{a}", "{a}的{b}{c}", "{a}（{b}）{c}", "{a}{c}（{b}）", "{a}{c}-{b}")).format(
        a=match[1], b=match[2], c=match[3]
    )


def _joints(name: str, item: Real, rng: random.Random) -> str:
    del item
    return re.sub(
        r"[、和与及或/]|以及|或者", lambda _: rng.choice(("、", "和", "及", "与", "/", "，", ",")), name
    ).replace("的", "", 1)


def _slip(name: str, item: Real, rng: random.Random) -> str:
    del item
    table = SHAPES if rng.random() < 0.4 else SOUNDS
    spots = [(i, pair) for i, c in enumerate(name) for pair in table if c == pair[0]]
    if not spots or len(name) < 5:
        return name
    i, pair = rng.choice(spots)
    return name[:i] + pair[1] + name[i + 1 :]


def _fumble(name: str, item: Real, rng: random.Random) -> str:
    """Two neighbours swapped, one doubled, or one lost, in names long enough to bear it."""
    del item
    if len(name) < 7:
        return name
    i = rng.randrange(1, len(name) - 2)
    kind = rng.random()
    if kind < 0.4:
        return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name[:i] + name[i] + name[i:] if kind < 0.7 else name[:i] + name[i + 1 :]


def _pasted(name: str, item: Real, rng: random.Random) -> str:
    if not item.parent or item.parent == name:
        return name
    return rng.choice(
        ("{p}-{n}", "{p}（{n}）", "{p}/{n}", "{p}_{n}", "{p}——{n}", "{p} {n}", "{p}：{n}", "{p}>{n}")
    ).format(p=item.parent, n=name)


def _traditional(name: str, item: Real, rng: random.Random) -> str:
    del item, rng
    return str(_converter().convert(name))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


_CLERKS: dict[str, tuple[Way, ...]] = {
    "exporter": (_region, _office, _level, _coded),
    "plate": (_no_brackets, _pick(PLATE)),
    "spoken": (_no_brackets, _pick(SPOKEN), _pick(PLATE), _around),
    "typist": (_slip, _fumble, _gaps),
    "tidy": (_wide, _number, _tag, _gaps, _joints),
    "reorder": (_action_first, _no_brackets, _joints, _around),
    "traditional": (_traditional, _wide, _around),
    "pasted": (_pasted, _office, _no_brackets),
}
