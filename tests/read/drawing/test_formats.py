"""Every kind of file that a drawing comes in: versions, binary, code pages, damage, DWG."""

from __future__ import annotations

import sys
from pathlib import Path

import ezdxf
import pytest
from ezdxf.addons import r12export
from ezdxf.lldxf.encoding import decode_dxf_unicode

from hallplan.errors import PlanFileError
from hallplan.model.site import ObstacleKind, Site
from hallplan.read.drawing import read_site
from hallplan.read.drawing.load import load
from hallplan.settings import Settings
from hallplan.terms import speaking
from tests.read.drawing.drawings import DEPTH_M, EN, WIDTH_M, ZH, save_hall

VERSIONS = ("R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018")
JA = ZH | {
    "wall": "壁",
    "column": "柱",
    "door": "ドア",
    "window": "窓",
    "stair": "階段",
    "text": "文字列",
    "dim": "寸法",
}
RU = ZH | {
    "wall": "Стены",
    "column": "Колонны",
    "door": "Двери",
    "window": "Окна",
    "stair": "Лестница",
    "text": "Тексты",
}
PAGES = {"gbk": "ANSI_936", "cp932": "ANSI_932", "cp1251": "ANSI_1251", "cp1252": "ANSI_1252"}
DE = ZH | {
    "wall": "Wände",
    "column": "Stützen",
    "door": "Türen",
    "window": "Fenster",
    "stair": "Treppe",
    "text": "Möbel",
}


def is_the_hall(site: Site) -> bool:
    (floor,) = site.floors
    return abs(floor.outline.area - WIDTH_M * DEPTH_M) < 1.0 and len(floor.of_kind(ObstacleKind.COLUMN)) == 6


def in_bytes(path: Path, encoding: str, version: str = "R2000", layers: dict[str, str] = ZH, header: str = "ANSI_1252") -> Path:  # fmt: skip
    """Writes the hall with its texts in `encoding`, whatever the header says."""
    save_hall(path, version="R2010", layers=layers)
    document = ezdxf.readfile(path)
    document.dxfversion = version
    document.encoding = "cp1252"
    document.saveas(path)
    data = path.read_bytes()
    words = data.decode("utf-8" if version >= "R2007" else "cp1252")
    words = decode_dxf_unicode(words).replace("ANSI_1252", header)
    path.write_bytes(words.encode(encoding))
    return path


@pytest.mark.parametrize("fmt", ["asc", "bin"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads_the_same(tmp_path: Path, version: str, fmt: str) -> None:
    path = save_hall(tmp_path / "plan.dxf", version="R2010", layers=EN)
    document = ezdxf.readfile(path)
    document.dxfversion = version
    if version == "R12":
        r12export.saveas(document, path)
        document = ezdxf.readfile(path)
    document.encoding = "gbk"
    document.saveas(path, fmt=fmt)
    site = read_site(path, Settings())
    assert is_the_hall(site)
    assert any(room.name == "卫生间" for room in site.floors[0].rooms)
    assert site.repairs == ()


@pytest.mark.parametrize(
    ("encoding", "layers", "header"),
    [
        ("gbk", ZH, "ANSI_936"), ("gbk", ZH, "ANSI_1252"), ("gbk", ZH, "ANSI_932"), ("gbk", ZH, ""),
        ("utf-8", ZH, "ANSI_1252"), ("utf-8", ZH, "ANSI_936"), ("cp932", JA, "ANSI_932"), ("cp932", JA, "ANSI_1252"),
        ("cp932", JA, "ANSI_936"), ("cp1251", RU, "ANSI_1251"), ("cp1251", RU, "ANSI_1252"), ("cp1252", DE, "ANSI_1252"),
    ],
)  # fmt: skip
def test_texts_are_read_as_they_were_meant(tmp_path: Path, encoding: str, layers: dict[str, str], header: str) -> None:
    if layers is not ZH:
        path = in_bytes(tmp_path / "plan.dxf", "utf-8", layers=layers, header=header)
        words = path.read_text("utf-8")
        for chinese, other in (
            ("卫生间", "WC"),
            ("楼梯间", "STAIR"),
            ("办公室", "Office"),
            ("一层平面图", "Plan"),
            ("标注", "DIM"),
        ):
            words = words.replace(chinese, other)
        path.write_bytes(words.encode(encoding))
    else:
        path = in_bytes(tmp_path / "plan.dxf", encoding, header=header)
    loaded = load(path)
    names = {loaded.mend(layer.dxf.name) for layer in loaded.document.layers}
    names |= {loaded.mend(entity.dxf.layer) for entity in loaded.document.modelspace()}
    assert layers["wall"] in names
    assert loaded.encoding == encoding
    is_told = any(encoding in repair for repair in loaded.repairs)
    assert is_told == (header != PAGES.get(encoding))


def test_a_new_file_with_old_bytes_is_read(tmp_path: Path) -> None:
    path = in_bytes(tmp_path / "plan.dxf", "gbk", version="R2013")
    site = read_site(path, Settings())
    assert is_the_hall(site)
    assert "gbk" in "".join(site.repairs)


def test_escapes_of_other_programs_are_read(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf", layers=ZH | {"wall": "WALLX", "column": "COLX"})
    data = path.read_bytes().replace(b"WALLX", b"\\M+5C7BD").replace(b"COLX", b"\\U+67F1")
    path.write_bytes(data)
    assert is_the_hall(read_site(path, Settings()))


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert is_the_hall(read_site(path, Settings()))


def test_repairs_are_listed(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"ENDSEC\n  0\nSECTION\n  2\nENTITIES", b"SECTION\n  2\nENTITIES", 1))
    with speaking("en"):
        site = read_site(path, Settings())
    assert is_the_hall(site)
    assert "recover mode" in site.repairs[0]
    assert any("missing endsec" in repair for repair in site.repairs)


def test_what_a_cut_file_still_holds_is_read_and_told(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf", version="R2000", encoding="gbk")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"OBJECTS") - 60])
    with speaking("en"):
        site = read_site(path, Settings())
    assert is_the_hall(site)
    assert any("cut short" in repair for repair in site.repairs)


@pytest.mark.parametrize("share", [0.93, 0.97, 0.999])
def test_a_cut_inside_the_entities_never_gives_an_empty_drawing(tmp_path: Path, share: float) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    data = path.read_bytes()
    start, stop = data.index(b"ENTITIES"), data.index(b"OBJECTS")
    path.write_bytes(data[: start + int((stop - start) * share)])
    loaded = load(path)
    assert len(loaded.document.modelspace()) > 0.8 * share * len(ezdxf.readfile(save_hall(path)).modelspace())


def _save_dwg(path: Path) -> Path:
    ezdwg = pytest.importorskip("ezdwg", reason="hallplan[dwg] is not installed")
    drawing = ezdwg.new()
    drawing.layers["WALL-墙"] = {"color_index": 1}
    space = drawing.modelspace()
    outer, inner = (0.0, 0.0, 20000.0, 12000.0), (240.0, 240.0, 19760.0, 11760.0)
    for x0, y0, x1, y1 in (outer, inner):
        for a, b in (((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))):
            space.add_line(a, b, layer="WALL-墙")
    space.add_text("办公室", insert=(10000, 6000), height=300)
    drawing.save(str(path))
    return path


def test_a_dwg_is_read(tmp_path: Path) -> None:
    path = _save_dwg(tmp_path / "plan.dwg")
    with speaking("en"):
        site = read_site(path, Settings())
    assert site.dxf_version == "AC1015"
    assert site.floors[0].outline.area == pytest.approx(240.0, rel=0.01)
    assert "Read from DWG by ezdwg" in site.repairs[0]
    assert [item.name for item in tmp_path.iterdir()] == ["plan.dwg"]


@pytest.mark.parametrize("head", [b"AC1.40\0\0", b"AC2.10\0\0", b"AC1003\0\0", b"AC1009\0\0"])
def test_a_dwg_of_an_early_release_is_named_as_one(head: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.dwg").write_bytes(head + bytes(200))
    with pytest.raises(PlanFileError) as caught:
        read_site(tmp_path / "plan.dwg", Settings())
    fault = caught.value.faults[0]
    assert head[:6].decode() in fault.found
    assert "DXF" in fault.remedy


def test_a_damaged_dwg_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1027\x00\x00\x00\x00" + bytes(range(256)) * 20)
    with speaking("en"), pytest.raises(PlanFileError) as caught:
        read_site(path, Settings())
    (fault,) = caught.value.faults
    assert "DWG" in fault.found
    assert "DXF" in fault.remedy


def test_without_a_converter_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1032" + bytes(64))
    monkeypatch.setattr("hallplan.read.drawing.dwg.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with speaking("en"), pytest.raises(PlanFileError) as caught:
        read_site(path, Settings())
    assert "hallplan[dwg]" in caught.value.faults[0].found
    assert "save as DXF" in caught.value.faults[0].remedy


def _fake_converter(folder: Path, body: str) -> None:
    program = folder / "ODAFileConverter"
    program.write_text(f"#!{sys.executable}\nimport pathlib, shutil, sys, time\n{body}\n")
    program.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line stands in for the converter")
def test_the_oda_converter_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = save_hall(tmp_path / "made.dxf")
    _fake_converter(tmp_path, f"shutil.copy({str(made)!r}, pathlib.Path(sys.argv[2]) / 'plan.dxf')")
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "plan; rm -rf x.dwg"
    path.write_bytes(b"AC1032" + bytes(64))
    site = read_site(path, Settings())
    assert is_the_hall(site)
    assert "ODA File Converter" in site.repairs[0]
    assert site.dxf_version == "AC1032"


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line stands in for the converter")
def test_a_converter_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_converter(tmp_path, "time.sleep(60)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hallplan.read.drawing.dwg.find_spec", lambda _: None)
    monkeypatch.setattr("hallplan.read.drawing.dwg.sizes", lambda _: {"convert_s": 1.0})
    path = tmp_path / "plan.dwg"
    path.write_bytes(b"AC1032" + bytes(64))
    with speaking("en"), pytest.raises(PlanFileError, match="did not finish in 1 s"):
        read_site(path, Settings())
