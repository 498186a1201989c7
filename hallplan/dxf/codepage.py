"""Which encoding the texts of a DXF are really in: the bytes tell, not the header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from ezdxf.tools.codepage import toencoding

FIRST_UTF8 = "AC1021"
"""From R2007 on a DXF is UTF-8 by definition."""

_HEAD_BYTES = 65536
_MOST_LINES = 4000
_SURE, _MARGIN = 0.6, 0.2
_FOREIGN = re.compile(rb"[\x80-\xff]")
_LINE_END = re.compile(rb"[\r\n]")
_HEADER = re.compile(rb"\$(ACADVER|DWGCODEPAGE)\s+[13]\s+([A-Za-z0-9_]+)")
_LATIN = re.compile(r"[a-z][\u00c0-\u024f]|[\u00c0-\u024f][a-z]")
_CYRILLIC = re.compile(r"[\u0400-\u045f]{3,}")
_CAMEL = re.compile(r"[\u0430-\u045f][\u0400-\u042f]")
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})|\\M\+([1-5])([0-9A-Fa-f]{4})")
_BIG_FONT = {"1": "cp932", "2": "big5", "3": "cp949", "4": "johab", "5": "gbk"}
_CJK = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "cp936": "gb18030"}


def declared_encoding(data: bytes) -> str:
    """Returns the encoding that the header of a text DXF promises: UTF-8 from R2007 on, else its code page, else cp1252."""
    found = {key: value.decode("ascii") for key, value in _HEADER.findall(data[:_HEAD_BYTES])}
    if found.get(b"ACADVER", "") >= FIRST_UTF8:
        return "utf-8"
    return str(toencoding(found.get(b"DWGCODEPAGE", "")))


def true_encoding(data: bytes, declared: str) -> str:
    """Returns the encoding in which the foreign texts of a text DXF make sense: `declared` unless another is clearly better.

    Source: ours. Bytes that are all valid UTF-8 are UTF-8; otherwise each encoding is scored by the share of texts that
    it turns into common characters of its script, and must beat the declared one by a fifth.
    """
    lines = foreign_lines(data)
    if not lines:
        return declared
    if _decodes(lines, "utf-8"):
        return "utf-8"
    scores = {name: _score(lines, name, natural) for name, natural in _NATURAL.items()}
    own = scores.get(_CJK.get(declared, declared), 0.0 if declared == "utf-8" else _score(lines, declared, _is_latin))
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= _SURE and scores[best] > own + _MARGIN:
        return "gbk" if best == "gb18030" else best
    return "cp1252" if declared == "utf-8" else declared


def foreign_lines(data: bytes) -> list[bytes]:
    """Returns the first distinct lines that hold a byte beyond ASCII."""
    found: dict[bytes, None] = {}
    at, hits = 0, 0
    while hits < _MOST_LINES and (hit := _FOREIGN.search(data, at)):
        start = max(data.rfind(b"\n", 0, hit.start()), data.rfind(b"\r", max(0, hit.start() - 4096), hit.start())) + 1
        stop = _LINE_END.search(data, hit.end())
        at = stop.start() if stop else len(data)
        found[data[start:at].strip()] = None
        hits += 1
    return list(found)


def _decodes(lines: Iterable[bytes], encoding: str) -> bool:
    try:
        for line in lines:
            line.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _score(lines: list[bytes], encoding: str, is_natural: Callable[[str], bool]) -> float:
    good = 0
    for line in lines:
        try:
            good += is_natural(line.decode(encoding))
        except (UnicodeError, LookupError):
            continue
    return good / len(lines)


def _share(words: str, is_common: Callable[[str], bool]) -> float:
    foreign = [char for char in words if not char.isascii()]
    return sum(map(is_common, foreign)) / len(foreign) if foreign else 0.0


def _is_mark(char: str) -> bool:
    return "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uff5e" or char in "·×°±㎡“”‘’—…"


def _is_common_hanzi(char: str) -> bool:
    """First level of GB2312, the 3,755 most used characters, and the signs that stand between them."""
    if _is_mark(char):
        return True
    return "\u4e00" <= char <= "\u9fff" and 0xB0 <= char.encode("gb18030")[0] < 0xD8


def _is_chinese(words: str) -> bool:
    return _share(words, _is_common_hanzi) >= 0.7


def _is_traditional(words: str) -> bool:
    def common(char: str) -> bool:
        return _is_mark(char) or ("\u4e00" <= char <= "\u9fff" and 0xA4 <= char.encode("big5", "replace")[0] < 0xC7)

    return _share(words, common) >= 0.7


def _is_japanese(words: str) -> bool:
    """Kana or first-level kanji of JIS, no half-width kana, which other encodings' bytes turn into."""

    def common(char: str) -> bool:
        raw = char.encode("cp932", "replace")
        return _is_mark(char) or "\u3040" <= char <= "\u30ff" or (len(raw) == 2 and 0x88 <= raw[0] < 0x99)

    return _share(words, common) >= 0.7


def _is_korean(words: str) -> bool:
    return _share(words, lambda char: "\uac00" <= char <= "\ud7a3" or _is_mark(char)) >= 0.7


def _is_latin(words: str) -> bool:
    """Accented letters stand among plain ones; signs of measure stand anywhere."""
    foreign = [char for char in words if not char.isascii()]
    if all(char in "°±²³µ·×ØøßÄÖÜäöüÅåÆæ§–—’‘“”…€" for char in foreign):
        return True
    return bool(_LATIN.search(words)) and len(foreign) <= 0.5 * max(1, sum(char.isalpha() for char in words))


def _is_russian(words: str) -> bool:
    return bool(_CYRILLIC.search(words)) and not _CAMEL.search(words)


_NATURAL: dict[str, Callable[[str], bool]] = {
    "gb18030": _is_chinese, "cp932": _is_japanese, "big5": _is_traditional, "cp949": _is_korean,
    "cp1251": _is_russian, "cp1252": _is_latin, "cp1250": _is_latin,
}  # fmt: skip


def as_chinese(name: str) -> str | None:
    """Returns a name that was read as cp1252 read as GB18030 instead, when that makes common Chinese of it."""
    if name.isascii() or _LATIN.search(name):
        return None
    try:
        read = name.encode("cp1252", "surrogateescape").decode("gb18030")
    except UnicodeError:
        return None
    return read if _is_chinese(read) else None


@lru_cache(maxsize=65536)
def readable(name: str) -> str:
    r"""Returns a text with the escapes \U+5899 and \M+5C7BD read, and no half of a character left in it."""
    if "+" in name and "\\" in name:
        name = _ESCAPE.sub(_unescape, name)
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape" if _is_escaped(name) else "replace").decode("utf-8", "replace")


def _is_escaped(name: str) -> bool:
    return all("\udc80" <= char <= "\udcff" for char in name if "\ud800" <= char <= "\udfff")


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return bytes.fromhex(found[3]).decode(_BIG_FONT[found[2]], "replace")
