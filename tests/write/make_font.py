"""Makes hallplan/data/fonts/HallplanSansSC.ttf; docs/fonts.md says from what. Not run by the tests.

python -m tests.write.make_font NotoSansSC_400Regular.ttf 通用规范汉字表.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Hallplan Sans SC"
TARGET = Path(__file__).parents[2] / "hallplan" / "data" / "fonts" / "HallplanSansSC.ttf"
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3C9), (0x2010, 0x2027), (0x2030, 0x203E), (0x2070, 0x209C), (0x20A0, 0x20BF),
    (0x2103, 0x2122), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x25A0, 0x25FF),
    (0x2600, 0x26FF), (0x2700, 0x27BF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip


def gb2312() -> set[int]:
    """Every character of GB/T 2312, whose symbols drawings use."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))}


def general_standard(table: Path) -> set[int]:
    """The 8,105 characters of 通用规范汉字表, one `U+4E00<TAB>一` a line."""
    lines = table.read_text("utf-8").splitlines()
    return {int(line.split("\t")[0][2:], 16) for line in lines if line.startswith("U+")}


def main(source: Path, table: Path) -> None:
    """Subsets, renames and saves the font."""
    characters = general_standard(table)
    if len(characters) != 8105:
        raise SystemExit(f"{table}: {len(characters)} characters instead of 8105")
    wanted = characters | gb2312() | {code for low, high in RANGES for code in range(low, high + 1)}
    font = TTFont(source, recalcTimestamp=False)
    lacking = characters - set(font.getBestCmap())
    if lacking:
        raise SystemExit(f"{source} lacks {''.join(map(chr, sorted(lacking)))}")
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=["*"])
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    _rename(font)
    font.save(TARGET)
    print(f"{TARGET.name}: {len(font.getBestCmap())} characters, {TARGET.stat().st_size:,} bytes")


def _rename(font: TTFont) -> None:
    copyright = str(font["name"].getDebugName(0))
    font["name"].names = []
    names = {
        0: copyright, 1: FAMILY, 2: "Regular", 3: f"{FAMILY} 1.0", 4: FAMILY, 5: "Version 1.0", 6: "HallplanSansSC-Regular",
        10: "A subset of Noto Sans SC under another name",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }  # fmt: skip
    for key, value in names.items():
        font["name"].setName(value, key, 3, 1, 0x409)
        font["name"].setName(value, key, 1, 0, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
