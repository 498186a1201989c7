"""hallplan.toml -> Settings. Flags win over the environment, it over hallplan.toml, it over the workbook's 参数, it over defaults."""

from __future__ import annotations

import difflib
import math
import os
import tomllib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hallplan.errors import Fault, SettingsError
from hallplan.terms import text
from hallplan.units import Unit

Effort = Literal["quick", "normal", "best"]
FILE_NAME = "hallplan.toml"
ENVIRONMENT_PREFIX = "HALLPLAN_"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Corners = Annotated[list[float], Field(min_length=4, max_length=4)]
Pair = Annotated[list[str], Field(min_length=2)]


class Project(_Section):
    """What the hall is."""

    title: str = Field("", description="项目名称，图签与报告标题；空则用文件夹名")
    level: Literal["township", "county", "city", "province"] = Field(
        "county", description="层级 township|county|city|province"
    )
    drawing: str = Field("", description="平面图文件名（.dxf），空则用文件夹中唯一的一个")
    workbook: str = Field("", description="需求工作簿文件名（.xlsx/.xls/.csv），空则用文件夹中唯一的一个")
    security: Literal["none", "manual", "xray"] = Field("manual", description="入口安检 none|manual|xray")


class Service(_Section):
    """Service hours, targets and how items are handled."""

    target_share: float = Field(0.8, gt=0, lt=1, description="等候目标：在 wait_min 内叫到号的人数占比")
    wait_min: float = Field(15.0, gt=0, le=240, description="等候目标时长（分钟），取号到叫号")
    mean_wait_min: float = Field(0.0, ge=0, le=240, description="各时段平均等候上限（分钟）；0 不限")
    p99_wait_min: float = Field(0.0, ge=0, le=480, description="各时段 99% 的人等候不超过（分钟）；0 不限")
    longest_queue: int = Field(0, ge=0, le=999, description="每类窗口等候人数上限（95 分位）；0 不限")
    seats: int = Field(0, ge=0, le=9999, description="等候座位数上限：全厅等候人数（95 分位，含陪同）不超过；0 不限")
    service_mode: Literal["综窗", "部门专窗", "混合", "优化"] = Field(
        "综窗", description="综窗|部门专窗|混合|优化（按归窗优化结果设窗）"
    )
    open: str = Field("09:00-12:00,13:00-17:00", description="对外服务时段；分时到厅人流给出时以其为准")
    slot_min: int = Field(30, ge=15, le=60, description="时段长度（分钟）")
    working_days: float = Field(250.0, ge=1, le=366, description="年工作日")
    peak_day: float = Field(1.0, ge=0.5, le=5, description="规划日人流 / 平均日人流")
    reserve_windows: int = Field(0, ge=0, le=50, description="每类窗口备用数")
    max_windows: int = Field(0, ge=0, le=500, description="场地最多能设的窗口数；0 不限（有图纸时由面积核定）")
    max_utilisation: float = Field(0.85, gt=0, le=1, description="窗口忙时占比上限")
    windows_per_line: int = Field(12, ge=2, le=40, description="直线柜台连续窗口数上限")
    overflow: list[list[str]] = Field(
        [], description='溢出 [["甲类型id", "乙类型id"]]：甲排队时可到乙的空闲窗口办理（须有相应授权和系统）'
    )
    special_themes: list[str] = Field([], description="必须设专业窗口的主题或部门，补充工作簿的“是否须设专业窗口”")


class Staff(_Section):
    """Working time of those who staff the windows."""

    month: str = Field(
        "", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="排班月份 YYYY-MM；空则为文档日期的下一个月"
    )
    weekdays: list[int] = Field([1, 2, 3, 4, 5], min_length=1, description="对外服务的星期（1=周一…7=周日）")
    holidays: list[str] = Field([], description="不开放的日期 YYYY-MM-DD")
    extra_days: list[str] = Field([], description="调休开放的日期 YYYY-MM-DD")
    contracts: list[Literal["full", "half", "tide"]] = Field(
        ["full", "half", "tide"], min_length=1, description="可用班制：full 全日、half 半日、tide 潮汐（后台支援高峰）"
    )
    weekly_hours: float = Field(40.0, gt=0, le=48, description="每人每周在窗工时上限")
    rest_days: int = Field(2, ge=1, le=5, description="每人每周休息日不少于（天）")
    absence_share: float = Field(0.08, ge=0, le=0.4, description="请假、培训占比，用于推算岗位数")


class Drawing(_Section):
    """How the drawing is to be read; every entry wins over a guess."""

    unit: Unit | None = Field(None, description="图形单位 mm|cm|m|in|ft；空则按证据判断")
    floors: list[str] = Field([], description="只用这些楼层（名称或 F1、F2…）")
    region: list[float] = Field([], description="只读此范围 [x0, y0, x1, y1]，图形单位")
    layers: dict[str, list[str]] = Field(
        {}, description="图层映射：wall|column|door|window|stair|outline|void|ignore = [图层名或通配符]"
    )
    sign_blocks: list[str] = Field([], description="现有标识的块名或图层名（可用通配符），自动识别不到时填")
    sign_text: list[str] = Field([], description="现有标识文字所在的块属性名，如 CONTENT")
    max_gap_m: float = Field(3.0, gt=0, le=20, description="外轮廓可自动闭合的最大缺口（米）")
    fixed_wall_m: float = Field(0.2, gt=0, le=2, description="不小于此厚度的墙按固定墙处理（米）")
    keep_partitions: bool = Field(False, description="true 则保留全部现有隔墙")
    keep_walls: list[Point] = Field([], description="要保留的隔墙：每道墙上一点 [[x, y]]，图形坐标；其余照旧可拆")
    remove_infill: bool = Field(
        False, description="true 则允许拆除不小于 fixed_wall_m 的室内填充墙（结构图层与外墙除外），列入拆改"
    )
    rotation_deg: float | None = Field(None, description="建筑主轴角度；空则自动")


class Entrances(_Section):
    """Roles of doors that the drawing does not tell; places in drawing units."""

    main: list[Point] = Field([], description="主入口位置 [[x, y]]，图形坐标")
    second: list[Point] = Field([], description="次入口")
    staff: list[Point] = Field([], description="员工出入口")
    self_24h: list[Point] = Field([], description="24小时区入口")
    fire_exit: list[Point] = Field([], description="疏散口")
    goods: list[Point] = Field([], description="货运/档案入口")


class Zones(_Section):
    """Zones of the programme."""

    skip: list[str] = Field([], description="不设的功能区类型，如 media")
    add: list[str] = Field([], description="默认不设、本项目要设的功能区类型")
    area_m2: dict[str, float] = Field({}, description="指定面积：功能区类型 = 平方米")
    scale: float = Field(1.0, gt=0, le=3, description="等候与公共区面积系数")
    wait_area_per_person_m2: float = Field(1.6, ge=0.8, le=4, description="等候区人均面积（含内部过道）")
    seats_share: float = Field(1.0, gt=0, le=1.5, description="等候人数中提供座位的比例")
    circulation_share: float = Field(0.25, ge=0.05, le=0.5, description="主通道占可用面积的比例")


class Placement(_Section):
    """Search and wishes."""

    effort: Effort = Field("normal", description="quick|normal|best 搜索工作量")
    alternatives: int = Field(3, ge=1, le=9, description="方案数")
    seed: int = Field(1, ge=0, description="随机种子")
    seconds: float | None = Field(None, gt=0, description="搜索时间上限（秒）；空则不限")
    walking: float = Field(1.0, ge=0, description="权重：人·米/日（每 1000）")
    adjacency: float = Field(1.0, ge=0, description="权重：相邻愿望")
    area: float = Field(1.0, ge=0, description="权重：面积偏差")
    daylight: float = Field(0.5, ge=0, description="权重：采光")
    sight: float = Field(1.0, ge=0, description="权重：入口可见咨询台等视线愿望")
    staff: float = Field(1.0, ge=0, description="权重：员工步行（人·米/日，每 1000）")
    compact: float = Field(1.0, ge=0, description="权重：功能区紧凑（周长超出同面积正方形的米数）")
    walls: float = Field(1.0, ge=0, description="权重：拆除与新建隔墙")
    together: list[Pair] = Field([], description="要相邻的功能区 [[a, b]]：id、类型或名称")
    apart: list[Pair] = Field([], description="不得相邻的功能区 [[a, b]]")
    locked: dict[str, Corners] = Field(
        {}, description="锁定功能区的位置与大小：id = [x0, y0, x1, y1]，图形坐标；或在图中 HP-锁定 层画闭合线并写名称"
    )
    within: dict[str, Corners] = Field({}, description="功能区只能落在此范围内：id = [x0, y0, x1, y1]，图形坐标")
    avoid: dict[str, Corners] = Field({}, description="功能区不得落入此范围：id = [x0, y0, x1, y1]，图形坐标")
    keep_out: list[Corners] = Field(
        [], description="不布置任何功能区、可通行的范围 [[x0, y0, x1, y1]]，图形坐标；或在图中 HP-禁止 层画闭合线"
    )
    keep_as_is: list[Corners] = Field(
        [],
        description="保持现状的范围（不布置、其中隔墙不拆）[[x0, y0, x1, y1]]，图形坐标；或在图中 HP-锁定 层画闭合线、不写名称",
    )


class Signs(_Section):
    """Reading signs."""

    max_blind_m: float = Field(15.0, gt=0, description="动线上看不到下一标识的最大长度（米）")
    eye_standing_m: float = Field(1.55, gt=0.5, lt=2.2, description="站立视高")
    eye_seated_m: float = Field(1.2, gt=0.5, lt=2, description="坐姿/轮椅视高")
    redundancy: int = Field(1, ge=1, le=3, description="每个决策点至少可读的标识数")
    budget: int = Field(0, ge=0, le=999, description="新增导向标识上限；0 不限，够用为止")
    goal: Literal["fewest", "cost"] = Field(
        "fewest", description="布置目标：数量最少（fewest）或造价最低（cost，单价见 data/signs.toml）"
    )
    budget_yuan: int = Field(0, ge=0, le=100_000_000, description="新增导向标识造价上限（元），服务尽量多的人；0 不限")


class Services(_Section):
    """Items, machines and systems (chapters 7 to 9); what is set here feeds windows, programme and furniture."""

    catalogue: str = Field("", description="事项目录文件（.xlsx/.xls/.csv），相对项目文件夹；空则用随附的真实事项目录")
    bring_in: list[str] = Field([], description="本方案要引入的未进驻目录事项（名称或编码，或 all）")
    appointment_share: float = Field(0.0, ge=0, le=1, description="本方案按多大预约比例削峰")
    bundles: list[str] = Field(
        [], description="本方案按“一件事”合办的事项组（名称、编号或 all）：归一件事窗口，重复到厅合并"
    )
    appointment_slot_min: int = Field(30, ge=5, le=240, description="预约号源的时间间隔（分钟）")
    appointment_fill: bool = Field(False, description="true 则号源优先放到无预约到厅最少的时段，false 则各时段相同")
    appointment_no_show: float = Field(0.1, ge=0, lt=1, description="预约后未到的占比")
    integrate: list[str] = Field([], description="本方案按哪些系统已打通测算（系统名），其节省的分钟计入窗口")
    parking_spaces: int = Field(
        0, ge=0, le=100_000, description="配建停车位数，用于核定无障碍停车位；0 未知（图中画出车位时按图计数）"
    )
    equipment: bool = Field(True, description="自助终端与便民设施数量按设备测算（true）或按窗口测算的终端数（false）")


class Rules(_Section):
    """Rule packs, parameters and overrides."""

    packs: list[str] = Field(
        ["guide", "accessibility", "egress", "hall", "smart", "signage", "service"],
        description="规则包；另有 local_js（地方标准示例）",
    )
    sprinklers: bool = Field(False, description="是否设自动喷水灭火系统")
    parameters: dict[str, float | str | bool] = Field({}, description="规则参数：规则 id = 数值")
    reasons: dict[str, str] = Field({}, description="改动规则参数的理由，随报告打印")
    extra: list[str] = Field([], description="自备规则包（.toml 文件，相对本文件夹），追加在 packs 之后")
    off: dict[str, str] = Field({}, description="不采用的规则：规则 id = 理由，随报告打印")
    fail_on: Literal["mandatory", "recommended", "own", "never"] = Field(
        "mandatory", description="此级别及以上不符合时退出码为 1"
    )


class Log(_Section):
    """How a queue log is to be read; every entry wins over a guess."""

    columns: dict[str, str] = Field(
        {},
        description="排队日志列映射：ticket|date|taken|called|started|finished|wait|service|window|staff|item|hall|outcome|rating = 列名",
    )
    served: list[str] = Field([], description="表示已办理的结果用语，补充默认用语")
    abandoned: list[str] = Field([], description="表示弃号的结果用语，补充默认用语")
    excluded: list[str] = Field([], description="不计入统计的结果用语（测试、作废等），补充默认用语")
    no_window: list[str] = Field([], description="表示没有窗口的用语，补充默认用语")
    date_order: Literal["ymd", "mdy", "dmy"] = Field("ymd", description="年份不在前时日期的次序 ymd|mdy|dmy")
    timezone: str = Field("", description="大厅所在时区（如 Asia/Shanghai）；空则按日志所写时刻，不换算")
    shift_hours: float = Field(0.0, ge=-24, le=24, description="日志时钟的校正（小时），加到每个时刻上")


class Output(_Section):
    """Documents."""

    lang: Literal["zh", "en"] = Field("zh", description="文档语言 zh|en")
    layers: Literal["zh", "en"] = Field("zh", description="DXF 图层名 zh|en")
    font: Literal["shx", "ttf"] = Field("shx", description="DXF 字体 shx（gbenor+gbcbig）|ttf（宋体）")
    scale: int = Field(0, ge=0, description="出图比例分母；0 自动选 100 或 150")
    date: str = Field("", description="文档日期 YYYY-MM-DD；空则用 SOURCE_DATE_EPOCH 或当天")


class Settings(_Section):
    """All settings of a run."""

    project: Project = Project()
    service: Service = Service()
    staff: Staff = Staff()
    drawing: Drawing = Drawing()
    entrances: Entrances = Entrances()
    zones: Zones = Zones()
    furniture: dict[str, list[float]] = Field({}, description="家具尺寸：类型 = [宽, 深]（米）")
    place: Placement = Placement()
    signs: Signs = Signs()
    services: Services = Services()
    rules: Rules = Rules()
    log: Log = Log()
    output: Output = Output()


def known_keys() -> tuple[str, ...]:
    """Returns every dotted key of hallplan.toml."""
    return tuple(key for key, _ in _leaves(Settings().model_dump()))


def read_settings_text(toml_text: str, where: str = FILE_NAME) -> Mapping[str, Any]:
    """Returns the nested values of a hallplan.toml text; raises SettingsError when it is not TOML."""
    try:
        return tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError.at(where, str(error), remedy=text("settings.not_toml")) from error


def make_settings(layers: Mapping[str, Mapping[str, Any]], where: str = FILE_NAME) -> tuple[Settings, dict[str, str]]:
    """Returns the settings and, for each dotted key, the layer it came from.

    layers: name of a source (default < workbook < file < environment < flag order is the caller's) to nested values, weakest first.
    Raises SettingsError naming every unknown or impossible key, with the nearest known one.
    """
    merged: dict[str, Any] = {}
    origin = dict.fromkeys(known_keys(), "default")
    for name, values in layers.items():
        for key, value in _leaves(values):
            _put(merged, key, value)
            origin[key] = name
    try:
        return Settings.model_validate(merged), origin
    except ValidationError as error:
        raise SettingsError.of([_fault(entry, where, origin) for entry in error.errors()]) from error


def environment_values(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Returns nested values from HALLPLAN_SECTION__KEY variables, their values read as TOML where they are."""
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for name, raw in environ.items():
        if name.startswith(ENVIRONMENT_PREFIX) and "__" in name:
            key = name.removeprefix(ENVIRONMENT_PREFIX).lower().replace("__", ".")
            _put(values, key, _toml_value(raw))
    return values


def _toml_value(raw: str) -> Any:
    try:
        return tomllib.loads(f"v = {raw}")["v"]
    except tomllib.TOMLDecodeError:
        return raw


_FREE_TABLES = (
    "drawing.layers",
    "zones.area_m2",
    "place.locked",
    "place.within",
    "place.avoid",
    "rules.parameters",
    "rules.reasons",
    "rules.off",
    "furniture",
    "log.columns",
)


def _leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping) and key not in _FREE_TABLES:
            yield from _leaves(value, key + ".")
        else:
            yield key, value


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *path, last = key.split(".")
    for name in path:
        values = values.setdefault(name, {})
    values[last] = value


def _fault(entry: Mapping[str, Any], where: str, origin: Mapping[str, str]) -> Fault:
    """A fault said in words, at the place that gave the value: an environment variable, the sheet 参数, or the file."""
    key = ".".join(str(part) for part in entry["loc"])
    given = next((origin[known] for known in sorted(origin, key=len, reverse=True) if key.startswith(known)), "file")
    named = f"{where}, {key}"
    if given == "environment":
        named = ENVIRONMENT_PREFIX + key.upper().replace(".", "__")
    elif given in ("workbook", "flag"):
        named = text(f"settings.from_{given}", key=key)
    if entry["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, known_keys(), n=1, cutoff=0.5)
        remedy = text("settings.did_you_mean", key=near[0]) if near else text("settings.see_init")
        return Fault(named, text("settings.unknown_key"), remedy=remedy)
    found = entry.get("input")
    shown = repr(found) if not (isinstance(found, float) and not math.isfinite(found)) else str(found)
    return Fault(named, text("settings.bad_value", value=shown), _expected(entry))


def _expected(entry: Mapping[str, Any]) -> str:
    """What was expected, in the user's language; what there are no words for comes as the checker says it."""
    given = {name: str(value).replace(" or ", ", ") for name, value in entry.get("ctx", {}).items()}
    if entry["type"] in _LENGTHS and given[_LENGTHS[entry["type"]]] != "1":
        return text("settings.expect_length", length=given[_LENGTHS[entry["type"]]])
    for kind, key in _KINDS.items():
        if entry["type"].startswith(kind):
            return text(f"settings.{key}", **given)
    return str(entry["msg"])


_LENGTHS = {"too_short": "min_length", "too_long": "max_length"}
_KINDS = {
    "int": "expect_whole", "float": "expect_number", "bool": "expect_bool", "string_type": "expect_text", "list": "expect_list",
    "dict": "expect_table", "literal": "expect_one_of", "enum": "expect_one_of", "greater_than_equal": "expect_ge", "greater_than": "expect_gt",
    "less_than_equal": "expect_le", "less_than": "expect_lt", "finite_number": "expect_number", "model_type": "expect_table",
    "too_short": "expect_some", "string_pattern": "expect_pattern",
}  # fmt: skip
