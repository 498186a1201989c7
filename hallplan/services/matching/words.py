"""The words of data/matching.toml, ready for scanning names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from hallplan.terms import read_data

_DROPPED = re.compile(
    r"以及|或者|及其|[\u200b-\u200f\u2060\ufeff\u00ad]|[和与及或的\s\"'“”‘’《》<>〈〉`·.。,，、;；:：/\\|_—–\-~!?？！]+"
)
_NUMERALS = "〇一二三四五六七八九"
_OPEN = str.maketrans("[{【〔〖「『", "(((((((")
_CLOSE = str.maketrans("]}】〕〗」』", ")))))))")


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of words of which two different ones mean two different items.

    default: the value of a name that has none.  differ, overlap, one_side: cost of sets that are disjoint, share
    some values, or are empty on one side.  needed: values that a shorter writing does not leave out.
    """

    name: str
    differ: float
    overlap: float
    one_side: float
    default: str = ""
    needed: frozenset[str] = frozenset()


@cache
def decision() -> dict[str, float]:
    """Returns the costs and thresholds by name."""
    return {name: float(value) for name, value in read_data("matching.toml")["decision"].items()}


@cache
def facets() -> dict[str, Facet]:
    """Returns the facets by name."""
    made = {}
    for name, entry in _entries().items():
        one_side = entry.get("one_side", decision()["action_one_side"])
        needed = frozenset(entry.get("needed", ()))
        made[name] = Facet(name, entry["differ"], entry["overlap"], one_side, entry.get("default", ""), needed)
    return made


@cache
def facet_words() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Returns facet and values of each word; 补换领 is two of them."""
    return {
        word: (facet, tuple(value.split("+")))
        for facet, entry in _entries().items()
        for value, words in entry["values"].items()
        for word in words
    }


@cache
def facet_pattern() -> re.Pattern[str]:
    """Returns what finds the words of all facets, the longest first."""
    return _any_of(facet_words())


@cache
def generic_pattern() -> re.Pattern[str]:
    """Returns what finds words that say nothing."""
    words = read_data("matching.toml")["words"]
    return _any_of([*words["generic"], *words["regions"]])


@cache
def modifier_pattern() -> re.Pattern[str]:
    """Returns what finds words that make another item."""
    return _any_of(read_data("matching.toml")["words"]["modifier"])


@cache
def number_pattern() -> re.Pattern[str]:
    """Returns what finds ranks: 第二类, 三级, 80周岁."""
    units = read_data("matching.toml")["words"]["numbers"]
    return re.compile(rf"第?([一二三四五六七八九十百零\d]+|[甲乙丙丁])周?([{units}种])")


@cache
def light_characters() -> frozenset[str]:
    """Returns characters that tell little."""
    return frozenset(read_data("matching.toml")["words"]["light"])


@cache
def negators() -> frozenset[str]:
    """Returns characters that turn a name into its opposite."""
    return frozenset(read_data("matching.toml")["words"]["negators"])


@cache
def turning() -> frozenset[str]:
    """Returns those of them that no shorter writing leaves out; 不 and 无 also stand within long descriptions."""
    return frozenset(read_data("matching.toml")["words"]["turning"])


@cache
def optional_heads() -> tuple[str, ...]:
    """Returns how a text in brackets begins that explains only."""
    return tuple(read_data("matching.toml")["words"]["optional"])


@cache
def level_names() -> dict[str, str]:
    """Returns the id of each name of a level of government."""
    return {name: level for level, names in read_data("matching.toml")["levels"].items() for name in names}


@cache
def _level_name() -> re.Pattern[str]:
    return _any_of(level_names())


@cache
def _level_text() -> re.Pattern[str]:
    names = _level_name().pattern
    return re.compile(rf"(?:仅|限)?((?:{names})(?:(?:{names}|和))*)(?:政府)?(?:行使|权限|办理|审批|事权|使用|部门)*")


@cache
def level_start() -> re.Pattern[str]:
    """A level before a name: 县级文物保护单位修缮许可."""
    names = [name for name in level_names() if name.endswith("级")]
    return re.compile(rf"(?:{_any_of(names).pattern})(?=.{{3}})")


def levels_of(said: str) -> tuple[str, ...] | None:
    """Returns the levels that a text such as 县级行使 or 市级/县级 names, or None when it says something else."""
    match = _level_text().fullmatch(squeeze(said).replace("(", "").replace(")", ""))
    if match is None:
        return None
    return tuple(dict.fromkeys(level_names()[name] for name in _level_name().findall(match[1])))


@cache
def number_characters() -> frozenset[str]:
    """Returns characters that count or rank."""
    return frozenset("一二三四五六七八九十百零甲乙丙丁0123456789")


def squeeze(said: str) -> str:
    """Returns a text in simplified half-width lower case, its brackets round, without blanks, quotes, marks and joining words.

    A single figure that ranks is written as a numeral.
    """
    folded = unicodedata.normalize("NFKC", said).lower().translate(_OPEN).translate(_CLOSE)
    return _digit_before_unit().sub(lambda match: _NUMERALS[int(match[0])], _DROPPED.sub("", simplified(folded)))


@cache
def _digit_before_unit() -> re.Pattern[str]:
    """A single figure that ranks: 第2类, 3级, 1次性."""
    units = read_data("matching.toml")["words"]["numbers"]
    return re.compile(rf"(?<![\d.a-z])[1-9](?=[{units}])")


def simplified(said: str) -> str:
    """Returns a text in simplified characters; one that the common set holds already is not touched."""
    try:
        said.encode("gb2312")
    except UnicodeEncodeError:
        return str(_converter().convert(said))
    return said


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def unify(said: str) -> str:
    """Returns a squeezed text with each spelling replaced by the usual one."""
    pattern, usual = _synonyms()
    return pattern.sub(lambda match: usual[match[0]], said)


@cache
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    usual = {}
    for canonical, variants in read_data("matching.toml")["synonyms"].items():
        usual.update({squeeze(word): squeeze(canonical) for word in (canonical, *variants)})
    return _any_of(usual), usual


@cache
def _entries() -> dict[str, Any]:
    entries: dict[str, Any] = read_data("matching.toml")["facet"]
    return entries


def _any_of(words: Any) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))))
