"""What lists put around a name and what is no part of it: numbers, codes, regions, offices, labels, tags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from functools import cache

from hallplan.services.matching.words import decision, facet_pattern, facet_words, levels_of, simplified, squeeze
from hallplan.terms import read_data

_JOINT = r"[\s\-—–―:：>＞_/|｜·•,，、.]"
_HAN = r"\u3400-\u9fff"
_NUMBER = re.compile(
    rf"(?:(?:序号[:：]?|no\s*\.?)\s*\d+\s*(?:项|号)?{_JOINT}*|第\s*\d+\s*(?:(?:项|号){_JOINT}*|{_JOINT}+)|\d+(?:[.\-]\d+)+{_JOINT}*|\d{{1,4}}[\s.、:：．)]+|[(]\s*(?:\d+|[一二三四五六七八九十]+)\s*[)]"
    rf"|[一二三四五六七八九十]+[、.．:：]+|[a-z]{{1,3}}[-\s]?\d{{1,4}}[\s:：、.]+)\s*"
)
_CODE = r"(?=[a-z\d\-]*\d{3})[a-z\d][a-z\d\-]{4,}"
_CODE_FIRST = re.compile(rf"[(\[]?({_CODE})[)\]]?{_JOINT}*(?=[{_HAN}(\[《“\"])")
_CODE_LAST = re.compile(rf"{_JOINT}*[(\[]?(?<![a-z\d])({_CODE})[)\]]?")
_LEVEL_FIRST = re.compile(r"[(]?((?:[国省市县区乡镇州]|县[(]市、区[)]|市[(]州[)]|街道)+(?:本)?级)[)]?")
_REGION_FIRST = re.compile(
    rf"(?:(?:(?![和及与或的])[{_HAN}]){{2,10}}?(?:省|自治区|自治州|自治县|市|县|区|州|盟|旗)|[全本我该][省市县区州])(?={_JOINT}*[{_HAN}(《“\"]{{2,}})"
)
_REGION_ALONE = re.compile(rf"[{_HAN}]{{2,8}}(?:省|自治区|自治州|自治县|市|县|区|州|盟|旗)(?:本级)?")
_PLACE_OF_OFFICE = re.compile(r"^(?:[\u3400-\u9fff]{2,6}?[省市县区州])?[省市县区州]?(?=[\u3400-\u9fff]{3,})(?![场政])")
_BRACKETS_LAST = re.compile(r"[(]([^()]*)[)]")
_BRACKETS_FIRST = re.compile(rf"[(]([^()]*)[)]{_JOINT}*")
_OPEN, _CLOSE = "[{【〔〖「『〈<", "]}】〕〗」』〉>"
_ROUND = str.maketrans(_OPEN + _CLOSE, "(" * len(_OPEN) + ")" * len(_CLOSE))
_ENCLOSED = re.compile(r"[\u2460-\u2473\u2474-\u2487\u2488-\u249b]")
_MARKS = "*★☆●○■□▲△◆◇※#√"


@dataclass(frozen=True, slots=True)
class Bare:
    """A name without its wrapping: the name, a code and an office that stood with it, levels, what peeling it costs."""

    name: str
    code: str = ""
    office: str = ""
    levels: tuple[str, ...] = ()
    cost: float = 0.0


class Unwrapper:
    """Takes off what lists put around names; it knows the words, offices and main items of a catalogue."""

    def __init__(self, names: Set[str], heads: Set[str], departments: Set[str], spelling: Callable[[str], str]) -> None:
        """names, departments: of the catalogue, squeezed.  heads: main items as `spelling` spells them."""
        self._names = {spelling(name) for name in names}
        self._text = "\n".join(["", *names, ""])
        self._heads = heads
        self._departments = tuple(sorted(departments, key=len, reverse=True))
        self._bodies = {body for said in departments if (body := _body(said))}
        self._spelling = spelling

    def forms(self, said: str) -> Iterator[Bare]:
        """Returns the names that may be meant, the one as written first: nothing, then the wrapping, then a region taken off."""
        yield Bare(said)
        whole = Bare(_folded(said))
        bare = self._peeled(whole)
        if bare.name != whole.name:
            yield replace(bare, cost=decision()["peeled"])
        for start in (whole, bare):
            local = self._peeled(self._without_region(start))
            if local.name not in (bare.name, self._peeled(start).name):
                yield replace(local, cost=decision()["region"])
                bare = local
                break
        rest = self._without_head(bare)
        if rest.name != bare.name:
            yield replace(self._peeled(rest), cost=decision()["peeled"])

    def _peeled(self, bare: Bare) -> Bare:
        """The name with nothing left to take off either end."""
        before = None
        while bare != before and bare.name:
            before = bare
            for step in (_first, _last, _label, _office_first, self._department_first, self._mode):
                if self._spelling(bare.name) in self._names:  # what is left may look like a tag
                    return bare
                bare = step(bare)
        return bare

    def _department_first(self, bare: Bare) -> Bare:
        """Takes off a department of the catalogue, as it is called there or for short, that is written together with the name."""
        for said in self._departments:
            if bare.name.startswith(said) and len(bare.name) > len(said) + 3:
                return replace(bare, name=bare.name[len(said) :], office=bare.office or said)
        match = _office_start().match(bare.name)
        if match and len(bare.name) > match.end() + 3 and _body(match[0]) in self._bodies:
            return replace(bare, name=bare.name[match.end() :], office=bare.office or match[0])
        return bare

    def _mode(self, bare: Bare) -> Bare:
        """Takes off words before or after the name that say how it is done, where no name of the catalogue has them there."""
        words, name = read_data("matching.toml")["wrapping"], bare.name
        for said in words["before"]:
            is_there = name.startswith(said) and len(name) > len(said) + 3
            if is_there and f"\n{name[: len(said) + 1]}" not in self._text:
                return replace(bare, name=name[len(said) :])
        for said in words["after"]:
            if name.endswith(said) and len(name) > len(said) + 3 and f"{said}\n" not in self._text:
                return replace(bare, name=name.removesuffix(said))
        return bare

    def _without_region(self, bare: Bare) -> Bare:
        """Whose item it is goes, where no name of the catalogue has that text."""
        name = bare.name
        tail = re.search(rf"{_BRACKETS_LAST.pattern}$", name)
        if tail and tail.start() > 1 and _is_region(tail[1]) and squeeze(tail[0]) not in self._text:
            name = name[: tail.start()]
        while match := _REGION_FIRST.match(name):
            is_common = match[0].endswith(_common_places()) or (match.end() > 4 and match[0] in self._text)
            if is_common and match[0] not in _provinces():
                break
            name = name[match.end() :]
        return replace(bare, name=name)

    def _without_head(self, bare: Bare) -> Bare:
        """A main item before the name or around it goes: 户口登记—户口恢复, 户口登记(户口恢复)."""
        for cut in re.finditer(rf"{_JOINT}+", bare.name):
            if self._spelling(bare.name[: cut.start()]) in self._heads and len(bare.name) - cut.end() > 1:
                return replace(bare, name=bare.name[cut.end() :])
        for i, character in enumerate(bare.name):
            if character == "(" and bare.name.endswith(")") and self._spelling(bare.name[:i]) in self._heads:
                inner = bare.name[i + 1 : -1]
                if len(inner) > 4 and squeeze(inner) in self._text:
                    return replace(bare, name=inner)
        return bare


def _folded(said: str) -> str:
    numbered = _ENCLOSED.sub(lambda found: unicodedata.normalize("NFKC", found[0]).strip("().") + "、", said)
    folded = unicodedata.normalize("NFKC", numbered).lower().translate(_ROUND)
    return simplified("".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Cc"))).strip()


def _first(bare: Bare) -> Bare:
    """Takes off a number, a code, a level or a tag before the name."""
    name = bare.name.lstrip(_MARKS + " \t\n\u3000-—–:：、.,·•|/")
    if match := _CODE_FIRST.match(name):
        return replace(bare, name=name[match.end() :], code=bare.code or match[1])
    if (match := _NUMBER.match(name)) and len(name) > match.end() + 1:
        return replace(bare, name=name[match.end() :])
    if (match := _LEVEL_FIRST.match(name)) and len(name) > match.end() + 1:
        said = levels_of(match[1].replace("本级", "级")) or ()
        return replace(bare, name=name[match.end() :], levels=bare.levels or said)
    if (match := _BRACKETS_FIRST.match(name)) and len(name) > match.end() + 1:
        if _is_office(match[1]):
            return replace(bare, name=name[match.end() :], office=bare.office or match[1])
        if _is_tag(match[1]):
            return replace(bare, name=name[match.end() :])
    return replace(bare, name=name)


def _last(bare: Bare) -> Bare:
    """Takes off a code, a tag or an office after the name."""
    name = bare.name.rstrip(_MARKS + " \t\n\u3000-—–:：、.,;；")
    for tail in _tails():
        if name.endswith(tail) and len(name) > len(tail) + 2:
            return replace(bare, name=name.removesuffix(tail))
    match = re.search(rf"(?:{_CODE_LAST.pattern})$", name)
    if match and match.start() > 1:
        return replace(bare, name=name[: match.start()], code=bare.code or match[1])
    match = re.search(rf"{_BRACKETS_LAST.pattern}$", name)
    if match and match.start() > 1:
        if _is_office(match[1]):
            return replace(bare, name=name[: match.start()], office=bare.office or match[1])
        if _is_tag(match[1]):
            return replace(bare, name=name[: match.start()])
        if (said := levels_of(match[1])) is not None:
            return replace(bare, name=name[: match.start()], levels=bare.levels or said)
    match = re.search(rf"{_JOINT}+([{_HAN}]+)$", name)
    if match and match.start() > 1:
        if (said := levels_of(match[1])) is not None:
            return replace(bare, name=name[: match.start()], levels=bare.levels or said)
        if _is_office(match[1]):
            return replace(bare, name=name[: match.start()], office=bare.office or match[1])
        if _is_tag(match[1]):
            return replace(bare, name=name[: match.start()])
    return replace(bare, name=name)


def _label(bare: Bare) -> Bare:
    """Takes off 事项名称：, 关于…的事项 and the like before the name."""
    match = _label_first().match(bare.name)
    return replace(bare, name=bare.name[match.end() :]) if match and len(bare.name) > match.end() + 1 else bare


def _office_first(bare: Bare) -> Bare:
    """Takes off an office before the name: 区人社局-…, 人社：…, 县税务局 …."""
    match = re.match(rf"([{_HAN}]{{2,16}}){_JOINT}+(?=.{{2,}})", bare.name)
    if match and _is_office(match[1]):
        action = facet_pattern().match(match[1])  # 注销人社局：… is the action, then the office
        said = action[0] if action and facet_words()[action[0]][0] == "action" else ""
        office = bare.office or match[1].removeprefix(said)
        return replace(bare, name=said + bare.name[match.end() :], office=office)
    return bare


def _is_office(said: str) -> bool:
    return bool(_office_text().fullmatch(squeeze(said)))


def _is_tag(said: str) -> bool:
    return bool(_tag_text().fullmatch(squeeze(said)))


def _is_region(said: str) -> bool:
    """Whether a text is the name of a place: 天河区, 四川省."""
    return bool(_REGION_ALONE.fullmatch(said)) and not said.endswith(_common_places())


def _body(office: str) -> str:
    """An office without its place and its rank: 区人社局 and 天河区人社局 are 人社局."""
    return _PLACE_OF_OFFICE.sub("", squeeze(office))


@cache
def _office_text() -> re.Pattern[str]:
    ends = "|".join(map(re.escape, read_data("matching.toml")["wrapping"]["offices"]))
    return re.compile(rf"[{_HAN}]{{0,16}}(?:{ends})(?:驻.*)?")


@cache
def _tag_text() -> re.Pattern[str]:
    tags = read_data("matching.toml")["wrapping"]["tags"]
    modes = read_data("matching.toml")["wrapping"]["modes"]
    words = "|".join(re.escape(squeeze(word)) for word in sorted({*tags, *modes}, key=len, reverse=True))
    return re.compile(rf"(?:(?:{words}|\d{{4}}年?(?:版|修订|新增)|v\d+)(?:件|项|类|事项)?)+")


@cache
def _office_start() -> re.Pattern[str]:
    """An office at the start of a text: the shortest that ends like one."""
    return re.compile(rf"[{_HAN}]{{1,12}}?(?:局|委员会|办公室|厅|中心|残联|联社|公司)(?=[{_HAN}(])")


@cache
def _tails() -> tuple[str, ...]:
    return tuple(read_data("matching.toml")["wrapping"]["tails"])


@cache
def _label_first() -> re.Pattern[str]:
    labels = "|".join(map(re.escape, sorted(read_data("matching.toml")["wrapping"]["labels"], key=len, reverse=True)))
    return re.compile(rf"(?:{labels}){_JOINT}+|关于(?=.{{3}})")


@cache
def _provinces() -> frozenset[str]:
    return frozenset(read_data("matching.toml")["words"]["regions"])


@cache
def _common_places() -> tuple[str, ...]:
    return tuple(read_data("matching.toml")["wrapping"]["not_regions"])
