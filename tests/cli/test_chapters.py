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


def full_workbook(path: Path) -> Path:
    small_workbook(path)
    book = openpyxl.load_workbook(path)
    items = book["事项清单"]
    items.append(["A4", "个人参保证明查询打印", "区人社局", 9000, 4, "是", ""])
    items["H1"], items["H2"], items["H5"] = "自助率", 0.3, 0.5
    machines = book.create_sheet("现有设备")
    machines.append(["编号", "类型", "位置", "单价", "购置年", "可办事项"])
    machines.append(["T1", "综合自助终端", "大厅/自助区", 65000, 2022, "社保卡挂失、个人参保证明查询打印"])
    machines.append(["T2", "综合自助终端", "大厅/自助区", 65000, 2022, ""])
    log = book.create_sheet("设备日志")
    log.append(["编号", "开始", "结束", "事项", "结果", "故障"])
    for day in range(1, 11):
        for hour in (9, 10, 14, 15):
            log.append(
                ["T1", f"2025-03-{day:02d} {hour:02d}:10", f"2025-03-{day:02d} {hour:02d}:15", "社保卡挂失", "成功", ""]
            )
    log.append(["T9", "2025-03-01 09:00", "2025-03-01 09:04", "", "成功", ""])
    systems = book.create_sheet("系统清单")
    systems.append(["系统", "主管层级", "登录方式", "统一身份认证"])
    for name, own in (("一体化政务服务平台", "是"), ("社保系统", "否"), ("档案系统", "否")):
        systems.append([name, "省级", "密码", own])
    pairs = book.create_sheet("事项系统")
    pairs.append(["事项编码", "系统", "录入字段数", "可共享字段数", "可用电子证照"])
    pairs.append(["A1", "一体化政务服务平台", 20, 0, ""])
    pairs.append(["A1", "社保系统", 18, 15, "居民身份证、户口簿"])
    links = book.create_sheet("共享接口")
    links.append(["提供方", "使用方", "时延", "成功率", "数据安全级别"])
    links.append(["社保系统", "档案系统", 3, 0.98, "一般"])
    links.append(["档案系统", "社保系统", 3, 0.99, "一般"])
    book.save(path)
    return path


def test_equip_judges_machines_by_their_log(tmp_path: Path) -> None:
    book = full_workbook(tmp_path / "demand.xlsx")
    code, out, _ = run("equip", book, "--json", "-o", tmp_path / "out")
    report = json.loads(out)
    jsonschema.validate(report, schema("equip"))
    assert code == 0
    advice = {use["id"]: use["advice"] for use in report["use"]}
    assert advice == {"T1": "keep", "T2": "withdraw", "T9": "list"}
    assert {flaw["kind"] for flaw in report["flaws"]} >= {"serves_nothing", "unlisted_machine"}
    assert {cover["item"] for cover in report["covers"]} == {"社保卡挂失", "个人参保证明查询打印"}
    assert all(choice["gap"] == 0 for choice in report["choices"])


def test_systems_finds_islands_circles_and_what_joining_saves(tmp_path: Path) -> None:
    book = full_workbook(tmp_path / "demand.xlsx")
    code, out, _ = run("systems", book, "--json", "-o", tmp_path / "out")
    report = json.loads(out)
    jsonschema.validate(report, schema("systems"))
    assert code == 0
    assert [sorted(part) for part in report["islands"]] == [["档案系统", "社保系统"]]
    assert [sorted(loop) for loop in report["cycles"]] == [["档案系统", "社保系统"]]
    assert report["roadmap"][0]["system"] == "社保系统"
    assert report["roadmap"][0]["minutes_saved"] > 0


def test_each_command_replaces_its_own_part_of_the_plan_only(tmp_path: Path) -> None:
    book, out = full_workbook(tmp_path / "demand.xlsx"), tmp_path / "out"
    for command in ("items", "equip", "systems"):
        assert run(command, book, "-o", out, "--date", "2026-01-02")[0] == 0
    services = json.loads((out / "plan.json").read_text("utf-8"))["services"]
    assert all(services[part] for part in ("items", "equipment", "systems"))
    sheets = openpyxl.load_workbook(out / "plan.xlsx").sheetnames
    assert {"事项进驻", "设备配置", "设备使用与去留", "系统与数据共享", "整合路线图"} <= set(sheets)
    assert {path.name for path in out.glob("*.html")} == {"items.html", "equip.html", "systems.html"}


def test_a_log_whose_times_are_swapped_is_refused_with_its_cell(tmp_path: Path) -> None:
    path = full_workbook(tmp_path / "demand.xlsx")
    book = openpyxl.load_workbook(path)
    book["设备日志"]["C3"] = "2025-03-01 08:00"
    book.save(path)
    code, _, err = run("equip", path, "-o", tmp_path / "out")
    assert code == 3
    assert "C3" in err


def test_more_shareable_fields_than_are_typed_are_refused_with_their_cell(tmp_path: Path) -> None:
    path = full_workbook(tmp_path / "demand.xlsx")
    book = openpyxl.load_workbook(path)
    book["事项系统"]["D3"] = 40
    book.save(path)
    code, _, err = run("systems", path, "-o", tmp_path / "out")
    assert code == 3
    assert "D3" in err


@pytest.mark.parametrize("command", ["items", "equip", "systems"])
def test_the_same_workbook_gives_the_same_bytes(tmp_path: Path, command: str) -> None:
    book = full_workbook(tmp_path / "demand.xlsx")
    for n in "12":
        assert run(command, book, "-o", tmp_path / n, "--date", "2026-01-02")[0] == 0
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()
