"""Characters that sound alike: 注消 for 注销, 登计 for 登记, 定 for 订, 民 for 名."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def sounds_alike(a: str, b: str) -> bool:
    """Returns whether two characters have a reading in common; tones, zh/z, ch/c, sh/s, n/l and -n/-ng count as one."""
    return bool(_sounds(a) & _sounds(b))


@cache
def _sounds(character: str) -> frozenset[str]:
    library = _library()
    return frozenset(
        _plain(sound) for sound in library.pinyin(character, style=library.Style.NORMAL, heteronym=True)[0]
    )


@cache
def _library() -> Any:
    """The readings of single characters; those of phrases take three times as long to load and are not asked for."""
    switch = "PYPINYIN_NO_PHRASES"
    before = os.environ.get(switch)
    os.environ[switch] = "true"
    try:
        import pypinyin
    finally:
        if before is None:
            del os.environ[switch]
        else:
            os.environ[switch] = before
    return pypinyin


def _plain(sound: str) -> str:
    for careful, plain in _MERGED:
        if sound.startswith(careful):
            sound = plain + sound[len(careful) :]
    sound = "l" + sound[1:] if sound.startswith("n") and len(sound) > 1 else sound
    return sound.removesuffix("g") if sound.endswith("ng") else sound
