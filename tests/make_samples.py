"""Makes the files in samples/ afresh: `python -m tests.make_samples`. The same bytes every time."""

from __future__ import annotations

from pathlib import Path

from hallplan.write.settings_file import settings_text
from hallplan.write.template import TemplateContent, write_template
from tests.messy_workbook import write_messy
from tests.sample_demand import SIZES, make_existing, make_items, make_profile, make_relations
from tests.sample_plans import draw_city, draw_county, draw_township
from tests.sample_services import make_sheets, not_admitted

SAMPLES = Path(__file__).parents[1] / "samples"
MORNING_AFTERNOON = ((540, 720), (780, 1020))
TOWN_HOURS = ((510, 720), (840, 1050))
EXISTING = {"township": 9, "county": 46, "city": 152}
TITLES = {
    "township": "某镇便民服务中心（示例）",
    "county": "某县政务服务中心（示例）",
    "city": "某市政务服务中心（示例）",
}
SETTINGS: dict[str, dict[str, dict[str, object]]] = {
    "township": {"project": {"level": "township", "security": "none"}, "service": {"open": "08:30-12:00,14:00-17:30"}},
    "county": {"project": {"level": "county"}},
    "city": {"project": {"level": "city", "security": "xray"}, "rules": {"sprinklers": True}},
}
NOTES = (
    "示例数据说明",
    "事项的部门、名称、编码、类型为真实数据：四川省广安市前锋区政务服务大厅 2025 年事项，取自公开仓库 github.com/v-luobo/zwfw（Apache-2.0 许可）。",
    "年办件量、咨询量、各环节分钟、网办率、自助率、到厅次数、陪同人数、是否须设专业窗口、一件事归属、分时到厅人流、联办次数、现有窗口、未进驻事项、设备及日志、系统与接口、服务措施、办事指南均为虚构，仅作演示。",
    "虚构的数按常见大厅的量级编排：少数高频事项占大部分办件，多数事项一年只有几件到几十件。",
    "平面图亦为虚构，不对应任何实际建筑。",
)


def make_all(folder: Path = SAMPLES) -> None:
    """Writes the three sample projects under `folder`; their README.md are written by hand."""
    for name, draw in (("township", draw_township), ("county", draw_county), ("city", draw_city)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        draw(folder / name / "plan.dxf")
        make_workbook(name, folder / name / "demand.xlsx")
        values = {**SETTINGS[name], "project": {"title": TITLES[name], **SETTINGS[name]["project"]}}
        (folder / name / "hallplan.toml").write_text(settings_text(values), "utf-8", newline="\n")


def make_workbook(name: str, path: Path) -> None:
    """Writes a sample's demand workbook: the template filled in, or for the city one as a bureau keeps it."""
    items = make_items(SIZES[name])
    sheets = make_sheets(name, items, SIZES[name].seed)
    hours = TOWN_HOURS if name == "township" else MORNING_AFTERNOON
    existing = make_existing(items, EXISTING[name], hours)
    if name == "city":
        write_messy(path, items, make_relations(items), existing, NOTES, sheets)
        return
    opening = ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in hours)
    parameters = (
        ("等候达标率", "80%"),
        ("等候目标", "15"),
        ("服务时段", opening),
        ("年工作日", "250"),
        ("服务模式", "综窗"),
    )
    listed = (*items, *not_admitted(items, name))
    content = TemplateContent(listed, make_profile(name), make_relations(items), existing, parameters, NOTES, sheets)
    write_template(path, content=content)


if __name__ == "__main__":
    make_all()
