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
