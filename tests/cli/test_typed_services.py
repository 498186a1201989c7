"""Chapters 7 to 9 on a workbook typed as offices type them, with the faults that such workbooks have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app

Rows = list[list[object]]

ITEMS: Rows = [
    ["青龙县政务服务中心进驻事项一览表"],
    ["序 号", "事项编号", "办理事项名称", "责任部门", "层级", "年均办件数（件）", "平均办理时间（分钟）", "网上办理占比", "自助办理占比", "进驻情况", "未进驻理由"],
    [1, "A004", "个体户注册", "市场监管局", "县级", "5,100件", 15, "50%", 0.1, "已进驻", ""],
    [2, "A009", "个体工商户设立登记", "市场监管局", "县级", 300, 15, 0.5, 0, "已进驻", ""],
    [3, "B001", "社保卡申领", "人社局", "县级", 6400, 8, 0.1, 0.3, "是", ""],
    [4, "11510000MB1234567X-01", "取水许可证核发", "水务局", "省级", 40, 30, 0.1, 0, "是", ""],
    [5, "D003", "居民身份证异地办理（跨省）[试点]", "公安局", "县级", 700, 15, 0, 0, "否", "采集室场地受限"],
    ["合计", None, None, None, None, 12540],
]  # fmt: skip
MACHINES: Rows = [
    ["设备号", "设备类型", "摆放位置", "采购单价（元）", "购置年份", "能办事项"],
    ["Z01", "综合自助终端", "主楼/自助区", 66000, 2022, "社保卡申领"],
    ["K01", "综合自助终端", "主楼/二层", 66000, 2019, "不存在的事项"],
]
LOG: Rows = [["设备", "开始时间", "结束时间", "业务", "状态", "故障描述"]]
LOG += [
    ["Z01" if n % 3 else "Q77", f"2026-03-{2 + n // 2:02d} {9 + n % 7:02d}:10", f"2026-03-{2 + n // 2:02d} {9 + n % 7:02d}:15", "社保卡申领", "成功", ""]
    for n in range(36)
]  # fmt: skip
SYSTEMS: Rows = [
    ["系统名称", "层级", "登录", "单点登录"], ["省统一受理平台", "省级", "统一身份认证", "是"], ["社保系统", "省级", "数字证书", "否"],
    ["企业登记系统", "省级", "统一身份认证", "是"],
]  # fmt: skip
PAIRS: Rows = [
    ["事项名称", "办理系统", "录入项数", "可预填字段数"], ["社保卡申领", "社保系统", 22, 15], ["社保卡申领", "省统一受理平台", 12, 10],
    ["个体户注册", "企业登记系统", 30, 10], ["个体户注册", "不存在的系统", 5, 1],
]  # fmt: skip
LINKS: Rows = [
    ["提供系统", "使用系统", "时延", "成功率"], ["企业登记系统", "省统一受理平台", 1.5, "99.4%"], ["省统一受理平台", "社保系统", 2, "99%"],
    ["社保系统", "企业登记系统", 2, "99%"],
]  # fmt: skip
SHEETS = {"附件1 进驻事项（2026）": ITEMS, "自助设备台账": MACHINES, "自助机日志": LOG, "业务系统清单": SYSTEMS, "事项系统对照": PAIRS, "数据共享接口": LINKS}  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typed(tmp_path_factory.mktemp("typed") / "青龙县.xlsx", SHEETS)


def typed(path: Path, sheets: dict[str, Rows]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def report(command: str, book: Path, out: Path) -> dict[str, Any]:
    result = CliRunner().invoke(app, [command, str(book), "--json", "-o", str(out)])
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def flaws(found: dict[str, Any]) -> dict[str, str]:
    return {flaw["kind"]: flaw["message"] for flaw in found["flaws"]}


def test_items_under_two_codes_and_of_another_level_are_named_and_kept(book: Path, tmp_path: Path) -> None:
    found = report("items", book, tmp_path)
    said = flaws(found)
    assert "A004" in said["same_item_twice"]
    assert "A009" in said["same_item_twice"]
    assert "11510000MB1234567X-01" in said["other_level"]
    assert len(found["matched"]) + len(found["unsure"]) == 5
    assert all(0 <= share <= 1 for share in found["admission"]["by_department"].values())
    assert {m["catalogue_item"]: m["reason"] for m in found["missing"]}["居民身份证跨省异地办理"] == "采集室场地受限"


def test_machines_that_serve_nothing_or_nobody_listed_are_named_and_kept(book: Path, tmp_path: Path) -> None:
    found = report("equip", book, tmp_path)
    uses = {use["id"]: use for use in found["use"]}
    assert (uses["K01"]["advice"], uses["Q77"]["listed"]) == ("withdraw", False)
    assert sum(use["sessions"] for use in uses.values()) == len(LOG) - 1
    assert all(use["why"] for use in uses.values())
    assert any("K01" in flaw["message"] for flaw in found["flaws"])
    assert any("Q77" in flaw["message"] for flaw in found["flaws"])


def test_circular_and_unknown_systems_are_named_and_kept(book: Path, tmp_path: Path) -> None:
    found = report("systems", book, tmp_path)
    assert [set(loop) for loop in found["cycles"]] == [{"企业登记系统", "省统一受理平台", "社保系统"}]
    assert {system["name"] for system in found["systems"]} == {row[0] for row in SYSTEMS[1:]}
    assert any("不存在的系统" in flaw["message"] for flaw in found["flaws"])


@pytest.mark.parametrize(
    ("sheet", "row", "column", "cell"),
    [("附件1 进驻事项（2026）", 2, 7, "H3"), ("数据共享接口", 1, 3, "D2")],
)
def test_a_ratio_above_one_is_refused_with_its_cell(
    tmp_path: Path, sheet: str, row: int, column: int, cell: str
) -> None:
    sheets = {name: [list(line) for line in rows] for name, rows in SHEETS.items()}
    sheets[sheet][row][column] = "120%"
    result = CliRunner().invoke(app, ["items", str(typed(tmp_path / "a.xlsx", sheets)), "-o", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert f"{cell}: " in result.stderr
    assert "120%" in result.stderr
    assert not (tmp_path / "out").exists()


def test_square_brackets_and_marks_are_printed_as_they_are(book: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["systems", str(book), "-o", str(tmp_path), "--lang", "en"])
    assert "(est.)" in result.stdout
    assert "-0.0" not in result.stdout


def test_no_sheet_that_was_read_is_said_to_be_unused(book: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["equip", str(book), "-o", str(tmp_path), "-v"])
    assert "未用的工作表" not in result.stdout + result.stderr
