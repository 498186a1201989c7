"""LibreOffice recalculates plan.xlsx to the values stored in it."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from hallplan.write.workbook import write_plan_workbook
from tests.write.test_workbook import full_plan

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def recalculated(path: Path, tmp_path: Path) -> openpyxl.Workbook:
    """Returns the book after LibreOffice has loaded it without stored values, calculated and saved it."""
    bare = tmp_path / "bare.xlsx"
    book = openpyxl.load_workbook(path)  # openpyxl drops stored values when it saves
    book.save(bare)
    out = tmp_path / "out"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(out / "bare.xlsx", data_only=True)


def test_recalculated_values_equal_those_stored(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan_workbook(full_plan(), path)
    formulas, stored, fresh = (
        openpyxl.load_workbook(path),
        openpyxl.load_workbook(path, data_only=True),
        recalculated(path, tmp_path),
    )
    wrong, seen = [], 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                seen += 1
                ours, theirs = stored[sheet.title][cell.coordinate].value, fresh[sheet.title][cell.coordinate].value
                same = (
                    math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
                    if isinstance(ours, int | float) and isinstance(theirs, int | float)
                    else ours == theirs
                )
                if not same:
                    wrong.append(f"{sheet.title}!{cell.coordinate} {cell.value}: {ours} / {theirs}")
    assert wrong == []
    assert seen > 300


def test_a_changed_volume_asks_for_a_new_run_and_a_changed_duty_counts(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan_workbook(full_plan(), path)
    book = openpyxl.load_workbook(path)
    items, roster = book["事项归窗表"], book["排班"]
    row = next(row for row in items.iter_rows(min_row=5) if row[13].value == "综合窗口")
    row[5].value = 2 * row[5].value  # 年办件量
    person = next(r for r in roster.iter_rows(min_row=5) if str(r[4].value).startswith("D"))
    person[4].value = "休"  # Monday 2 March
    book.save(path)
    fresh = recalculated(path, tmp_path)
    checks = {r[0].value: r[19].value for r in fresh["窗口设置方案"].iter_rows(min_row=7) if r[0].value}
    assert checks["综合窗口"] == "需重新运行"
    assert [name for name, word in checks.items() if word == "一致"]
    missing = next(r for r in fresh["排班"].iter_rows() if r[0].value == "缺员")
    assert (missing[4].value, missing[5].value) == (1, 0)
