"""The demand workbook and settings that `hallplan init` writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import openpyxl
import pytest

from hallplan.errors import OutputError, SheetError, UsageError
from hallplan.model.demand import ArrivalProfile, Assumption, Item
from hallplan.read.workbook import read_demand
from hallplan.settings import Settings, known_keys, make_settings
from hallplan.write.project import SAMPLES, write_project
from hallplan.write.settings_file import settings_text
from hallplan.write.template import TemplateContent, write_template
from tests.builders import make_item


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("template") / "demand.xlsx"
    write_template(path)
    return openpyxl.load_workbook(path)


def test_every_sheet_of_the_contract_is_there(blank: openpyxl.Workbook) -> None:
    wanted = {"事项清单", "分时到厅人流", "联办关系", "现有窗口", "现有设备", "设备日志", "人员", "系统清单", "事项系统", "共享接口", "应急预案", "故障台账", "参数"}  # fmt: skip
    assert wanted <= set(blank.sheetnames)


def test_the_item_sheet_helps_to_fill_it_in(blank: openpyxl.Workbook) -> None:
    sheet = blank["事项清单"]
    headers = {cell.value: cell for cell in sheet[1]}
    assert headers["事项名称"].font.color.rgb == "FFC00000"
    assert headers["年办件量"].font.bold
    assert headers["年办件量"].comment.text
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet["A2"].value.startswith("【示例】")
    assert sheet.print_title_rows == "$1:$1"


def test_numbers_are_checked_and_words_offered(blank: openpyxl.Workbook) -> None:
    rules = blank["事项清单"].data_validations.dataValidation
    by_column = {str(rule.sqref).partition("2")[0]: rule for rule in rules}
    assert by_column["G"].operator == "greaterThanOrEqual"
    assert (by_column["R"].formula1, by_column["R"].formula2) == ("0", "1")
    assert by_column["E"].type == "list"
    assert by_column["X"].formula1 == '"是,否"'


def test_a_blank_template_has_no_items_to_plan_for(tmp_path: Path) -> None:
    write_template(tmp_path / "demand.xlsx")
    with pytest.raises(SheetError, match="事项"):
        read_demand(tmp_path / "demand.xlsx", Settings())


def test_items_written_are_read_back(tmp_path: Path) -> None:
    items: tuple[Item, ...] = (
        make_item("A1", "身份证换领", 3800, 8, special="公安", online_share=0.25, theme="公安"),
        make_item("A2", "施工许可", 90, 45, case_type="promised", is_admitted=False, reason_out="场地受限"),
    )
    profile = ArrivalProfile((540, 570, 840), (0.5, 0.3, 0.2))
    write_template(tmp_path / "demand.xlsx", content=TemplateContent(items, profile, parameters=(("等候目标", "20"),)))
    demand = read_demand(tmp_path / "demand.xlsx", Settings())
    assert [(i.code, i.cases, i.minutes, i.special, i.online_share, i.is_admitted) for i in demand.items] == [
        (i.code, i.cases, i.minutes, i.special, i.online_share, i.is_admitted) for i in items
    ]
    assert demand.arrivals == profile
    assert demand.parameters == (("service.wait_min", "20"),)
    assert demand.assumptions == ()
    assert demand.warnings == ()


def test_assumed_values_are_left_blank(tmp_path: Path) -> None:
    write_template(tmp_path / "demand.xlsx", (make_item("A1", "事项", 10, assumed=("minutes.review",)),))
    demand = read_demand(tmp_path / "demand.xlsx", Settings())
    assert demand.items[0].assumed == ("minutes.review",)
    assert all(isinstance(entry, Assumption) for entry in demand.assumptions)


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_settings_text_holds_every_key_and_sets_none() -> None:
    text = settings_text()
    assert make_settings({"file": tomllib.loads(text)})[0] == Settings()
    for key in known_keys():
        assert key.rpartition(".")[2] in text


def test_every_commented_key_is_valid_once_uncommented() -> None:
    lines = [line[2:] if line.startswith("# ") and " = " in line and line[2].isascii() and line[2].islower() and " " not in line[2:].partition(" = ")[0] else line for line in settings_text().splitlines()]  # fmt: skip
    settings, _ = make_settings({"file": tomllib.loads("\n".join(lines))})
    assert settings.service == Settings().service


def test_values_given_are_set() -> None:
    values = tomllib.loads(settings_text({"project": {"title": "某“县”", "level": "city"}}))
    assert values["project"] == {"title": "某“县”", "level": "city"}


@pytest.mark.parametrize("sample", [None, *SAMPLES])
def test_a_project_is_written_and_not_over_another(tmp_path: Path, sample: str | None) -> None:
    files = write_project(tmp_path / "hall", sample)
    assert {"demand.xlsx", "hallplan.toml"} <= {path.name for path in files}
    with pytest.raises(OutputError):
        write_project(tmp_path / "hall", sample)
    assert write_project(tmp_path / "hall", sample, force=True)


def test_an_unknown_sample_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="county"):
        write_project(tmp_path / "hall", "village")


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hall").write_text("x")
    with pytest.raises(OutputError):
        write_project(tmp_path / "hall")
