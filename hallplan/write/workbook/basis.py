"""依据: each formula of the window plan with its source."""

from __future__ import annotations

from hallplan.terms import language, read_data
from hallplan.write.workbook.book import Cell, Column, Sheet
from hallplan.write.workbook.words import t


def add_basis(sheet: Sheet) -> None:
    """Writes 依据 from data/basis.toml: what, the formula, where it is from, which sheet shows it."""
    columns = [
        Column(t("c_number"), 7, "int"), Column(t("c_what"), 26, "wrap"), Column(t("c_formula"), 76, "wrap"),
        Column(t("c_source"), 52, "wrap"), Column(t("c_sheet"), 22, "wrap"),
    ]  # fmt: skip
    sheet.open(n_columns=len(columns))
    rows: list[list[Cell]] = [
        [n, entry[f"what_{language()}"], entry[f"formula_{language()}"], entry["source"], t(f"sheet_{entry['sheet']}")]
        for n, entry in enumerate(read_data("basis.toml")["entries"], 1)
    ]
    sheet.table(columns, rows, is_main=True)
