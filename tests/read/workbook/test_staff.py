"""The sheet 人员."""

from __future__ import annotations

from pathlib import Path

import pytest

from hallplan.errors import SheetError
from hallplan.read.workbook import read_demand
from hallplan.settings import Settings
from tests.read.workbook.make import workbook

HEAD = ["工号", "岗位", "性质", "部门", "可办窗口类型", "AB岗", "进入日期", "退出日期", "请假日期", "工时占比"]
ITEMS = [["事项名称", "年办件量"], ["甲", 100]]


def test_people_have_skills_dates_and_leave(tmp_path: Path) -> None:
    row = [
        "0012", "综合受理", "综窗", "审批局", "综合窗口、出件窗口", "A岗", "2024年3月5日", "", "2026-03-02至2026-03-04、2026.3.9", "50%",
    ]  # fmt: skip
    (person,) = read_demand(
        workbook(tmp_path / "demand.xlsx", {"事项清单": ITEMS, "人员": [HEAD, row]}), Settings()
    ).staff
    assert (person.id, person.role, person.share, person.since) == ("0012", "A", 0.5, "2024-03-05")
    assert person.types == ("综合窗口", "出件窗口")
    assert person.leave == ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-09")


def test_faults_of_people_come_together(tmp_path: Path) -> None:
    rows = [
        ["1", "", "", "", "", "", "2026-05-01", "2026-04-01", "", ""],
        ["1", "", "", "", "", "", "去年", "", "", 0],
    ]
    with pytest.raises(SheetError) as caught:
        read_demand(workbook(tmp_path / "demand.xlsx", {"事项清单": ITEMS, "人员": [HEAD, *rows]}), Settings())
    for words in ("早于进入日期", "重复", "去年", "大于 0"):
        assert words in str(caught.value)
