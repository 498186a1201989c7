"""Characters that sound alike: 注消 for 注销, 登计 for 登记, 定 for 订, 民 for 名."""

from __future__ import annotations

from functools import cache

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def sounds_alike(a: str, b: str) -> bool:
    """Returns whether two characters have a reading in common; tones, zh/z, ch/c, sh/s, n/l and -n/-ng count as one."""
    return bool(_sounds(a) & _sounds(b))


@cache
def _sounds(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    return frozenset(_plain(sound) for sound in pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _plain(sound: str) -> str:
    for careful, plain in _MERGED:
        if sound.startswith(careful):
            sound = plain + sound[len(careful) :]
    sound = "l" + sound[1:] if sound.startswith("n") and len(sound) > 1 else sound
    return sound.removesuffix("g") if sound.endswith("ng") else sound
