"""What is wrong with a workbook is said at once, each fault with its cell and the remedy."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from xlwt import CompoundDoc

from hallplan.errors import SheetError
from hallplan.read.project import find_project
from hallplan.read.workbook import parameter_values, read_demand
from hallplan.settings import Settings
from hallplan.terms import read_data, speaking
from tests.read.workbook.make import HEAD, ROW, items, workbook

SETTINGS = Settings()


def faults(path: Path) -> list[str]:
    with pytest.raises(SheetError) as error:
        read_demand(path, SETTINGS)
    return [str(fault) for fault in error.value.faults]


def test_all_faults_come_together_each_with_its_cell(tmp_path: Path) -> None:
    head = [*HEAD, "受理分钟", "网办率", "自助率"]
    rows = (
        ["A1", "事项一", -5, 10, 0.2, 0],
        ["A2", "事项二", 10, "约8分钟", 0.2, 0],
        ["A1", "事项三", 10, 8, 1.3, 0],
        ["A4", "事项四", 10, 8, 0.7, 0.5],
        ["A5", None, 10, 8, 0, 0],
        ["A6", "事项六", None, 8, 0, 0],
    )
    found = faults(items(tmp_path / "a.xlsx", *rows, head=head))
    for cell in ("C2", "D3", "A4", "E4", "F5", "B6", "C7"):
        assert any(re.search(rf"事项清单”，{cell}\b", fault) for fault in found), cell
    assert len(found) == 7
    assert any("约8分钟" in fault and "改成 8" in fault for fault in found)


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    found = faults(items(tmp_path / "a.xlsx", ["A1", "事项一", 5], head=["事项编码", "事项名称", "年办件总数量"]))
    assert "年办件量" in found[0]
    assert "年办件总数量" in found[0]


def test_a_formula_never_calculated_is_refused_with_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "事项清单"
    for row in (HEAD, ["A1", "事项一", "=5*4"], ["A2", "事项二", 7], ["", "合计", "=SUM(C2:C3)"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = faults(tmp_path / "a.xlsx")
    assert len(found) == 1
    assert "C2" in found[0]
    assert "保存一次" in found[0]


def test_an_error_value_is_a_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "事项清单"
    book.active.append(HEAD)
    book.active.append(["A1", "事项一", "#REF!"])
    book.active["C2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    assert "C2" in faults(tmp_path / "a.xlsx")[0]


def test_more_faults_than_twenty_are_counted(tmp_path: Path) -> None:
    found = faults(items(tmp_path / "a.xlsx", *([f"A{n}", "事项", -1] for n in range(50))))
    assert len(found) == 20
    assert "31" in found[-1]


def test_bad_slots_windows_and_parameters_join_the_list(tmp_path: Path) -> None:
    more = {
        "分时到厅人流": [["时段", "占比"], ["上班时", 0.5], ["10:00-11:00", 0.5]],
        "现有窗口": [["窗口号", "类型", "开放时段"], ["A1", "综合", "全天"], ["A1", "综合", ""]],
        "参数": [["参数", "值"], ["等候达标率", "很高"]],
    }
    found = faults(items(tmp_path / "a.xlsx", ROW, **more))
    assert len(found) == 4
    assert {"分时到厅人流", "现有窗口", "参数"} <= {name for fault in found for name in more if name in fault}


def test_impossible_parameters_stop_the_settings_too(tmp_path: Path) -> None:
    path = items(tmp_path / "a.xlsx", ROW, 参数=[["参数", "值"], ["等候达标率", "很高"]])
    with pytest.raises(SheetError, match="B2"):
        parameter_values(path)


def test_no_sheet_of_items(tmp_path: Path) -> None:
    assert "事项清单" in faults(workbook(tmp_path / "a.xlsx", {"甲": [["x"]], "乙": [["y"]]}))[0]


@pytest.mark.parametrize("rows", [[], [HEAD]])
def test_a_sheet_without_items(tmp_path: Path, rows: list[list[object]]) -> None:
    assert len(faults(workbook(tmp_path / "a.xlsx", {"事项清单": rows}))) == 1


def test_absent_folder_and_empty_files(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").write_bytes(b"")
    for path in (tmp_path / "none.xlsx", tmp_path, tmp_path / "empty.xlsx"):
        assert len(faults(path)) == 1


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"PK\x03\x04" + b"junk" * 50, b"<html><table></table>", b"\0\1\2" * 999],
)
def test_other_kinds_of_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert ".xlsx" in faults(path)[0]


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = items(tmp_path / "a.xlsx", ROW)
    path.write_bytes(path.read_bytes()[:-400])
    assert len(faults(path)) == 1


def test_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000)
    assert "密码" in faults(path)[0]


@pytest.mark.parametrize("info", [struct.pack("<HHH", 1, 1, 1) + b"\x11" * 48, struct.pack("<HHH", 0, 0x1234, 0x5678)])
def test_a_password_of_an_old_workbook_is_named(tmp_path: Path, info: bytes) -> None:
    book = xlwt.Workbook()
    book.add_sheet("事项清单").write(0, 0, "事项名称")
    stream = book.get_biff_data()
    end = 4 + struct.unpack_from("<H", stream, 2)[0]
    locked = stream[:end] + struct.pack("<HH", 0x2F, len(info)) + info + stream[end:]
    path = tmp_path / "a.xls"
    CompoundDoc.XlsDoc().save(str(path), locked)
    assert "密码" in faults(path)[0]


def test_a_workbook_that_wps_saved_under_its_own_ending_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("事项清单")
    for i, row in enumerate((HEAD, ["A1", "事项一", 10, 8])):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    book.save(str(tmp_path / "a.et"))
    found = find_project(tmp_path / "a.et")
    assert [item.name for item in read_demand(found.require_workbook(), SETTINGS).items] == ["事项一"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(read_data("workbook.toml")["limits"], "max_unpacked_mb", 2)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 3_000_000)
    assert path.stat().st_size < 10_000
    assert "3 MB" in faults(path)[0]


def test_a_stray_cell_far_away_is_refused(tmp_path: Path) -> None:
    path = items(tmp_path / "a.xlsx", ROW)
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            new.writestr(name, data)
    path.write_bytes(content.getvalue())
    assert "1048576" in faults(path)[0]


def test_faults_come_in_english_too(tmp_path: Path) -> None:
    path = items(tmp_path / "a.xlsx", ["A1", "事项一", "many"])
    with speaking("en"):
        assert "expected" in faults(path)[0]
