"""The commands of chapters 7 to 9 on workbooks alone."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app

SAMPLES = Path(__file__).parents[2] / "samples"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def schema(command: str) -> object:
    return json.loads(files("hallplan").joinpath("data", "schemas", f"{command}.schema.json").read_text("utf-8"))


def small_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "事项清单"
    sheet.append(["事项编码", "事项名称", "部门", "年办件量", "窗口平均办理时长", "是否进驻", "未进驻原因"])
    sheet.append(["A1", "社保卡挂失", "区人社局", 4000, 6, "是", ""])
    sheet.append(["A2", "网约车运输证补办", "区交通运输局", 900, 9, "是", ""])
    sheet.append(["A3", "取水许可证延续", "区水务局", 60, 20, "否", "场地受限"])
    book.save(path)
    return path


def catalogue_file(path: Path, encoding: str) -> Path:
    names = ["社会保障卡挂失", "网络预约出租汽车运输证发放（补办）", "取水许可延续审批", "动物诊疗许可"]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["事项编码", "事项名称", "部门", "层级"])
        writer.writerows([[f"K{n}", name, "某局", "县级"] for n, name in enumerate(names)])
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_items_compares_a_workbook_with_a_catalogue_of_its_own(tmp_path: Path, encoding: str) -> None:
    book = small_workbook(tmp_path / "demand.xlsx")
    catalogue = catalogue_file(tmp_path / "list.csv", encoding)
    code, out, _ = run("items", book, "--catalogue", catalogue, "--json", "-o", tmp_path / "out")
    report = json.loads(out)
    jsonschema.validate(report, schema("items"))
    assert code == 0
    assert report["admission"]["overall"] == 0.5
    assert {m["item"]: m["catalogue_item"] for m in report["matched"]}["社保卡挂失"] == "社会保障卡挂失"
    reasons = {m["catalogue_item"]: m["reason"] for m in report["missing"]}
    assert reasons == {"取水许可延续审批": "场地受限", "动物诊疗许可": None}


def test_items_writes_its_sheets_with_live_ratios_and_its_page(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "demand.xlsx")
    code, out, _ = run("items", book, "-o", tmp_path / "out")
    assert code == 0
    assert "进驻率" in out
    plan = openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx")
    assert {"事项进驻", "未进驻事项", "服务措施与一件事", "办事指南缺项", "事项对照待确认"} <= set(plan.sheetnames)
    formulas = [cell.value for row in plan["事项进驻"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert any("/" in formula for formula in formulas)
    page = (tmp_path / "out" / "items.html").read_text("utf-8")
    assert "事项与服务" in page
    assert "http" not in page.split("<footer>")[0].replace("http-equiv", "")


def test_a_dry_run_of_items_writes_nothing(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "demand.xlsx")
    code, _, _ = run("items", book, "-n", "-o", tmp_path / "out")
    assert code == 0
    assert not (tmp_path / "out").exists()


def test_a_catalogue_without_names_is_refused_with_what_to_do(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "demand.xlsx")
    (tmp_path / "list.csv").write_text("甲,乙\n1,2\n", "utf-8")
    code, _, err = run("items", book, "--catalogue", tmp_path / "list.csv", "-o", tmp_path / "out")
    assert code == 3
    assert "事项名称" in err
    assert not (tmp_path / "out").exists()


def test_a_catalogue_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    book = small_workbook(tmp_path / "demand.xlsx")
    code, _, err = run("items", book, "--catalogue", tmp_path / "none.xlsx", "-o", tmp_path / "out")
    assert code == 3
    assert "none.xlsx" in err
