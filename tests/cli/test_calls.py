"""The command line: help, wrong calls, exit codes, and that the README tells of all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hallplan import __version__
from hallplan.cli.commands import COMMANDS, app
from hallplan.cli.common import Call, common_options
from hallplan.cli.talk import system_language
from hallplan.errors import SettingsError
from hallplan.settings import make_settings

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
PROJECT_COMMANDS = ("layout", "windows", "check", "signs", "config")


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"hallplan {command}" in out
    assert re.search("示例|Example", out)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_tells_of_every_command_and_its_options(command: str) -> None:
    assert f"hallplan {command}" in README
    _, out, _ = run(command, "--help")
    missing = [option for option in re.findall(r"^\s+(?:-\w, )?(--[a-z0-9-]+)", out, re.M) if option not in README]
    assert [option for option in missing if option not in ("--help",)] == []


def test_the_common_options_mean_the_same_everywhere() -> None:
    names = [parameter.name for parameter in common_options()]
    assert len(names) == len(set(names)) == 13


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 130, 70])
def test_the_readme_tells_of_every_exit_code(code: int) -> None:
    paragraph = README.split("Exit codes:")[1].split("\n\n")[0]
    assert re.search(rf"\b{code}\b", paragraph)


def test_the_version_comes_without_loading_a_library() -> None:
    code = "import sys; sys.argv = ['hallplan', '--version']; from hallplan.cli.app import main; main(); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    first, modules = out.splitlines()
    assert first == f"hallplan {__version__}"
    assert not {"typer", "numpy", "shapely", "numba", "pydantic", "ezdxf"} & set(modules.split())


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['hallplan', '--help']\nfrom hallplan.cli.app import main\n"
        "try: main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"numpy", "shapely", "numba", "pydantic", "ezdxf"} & set(out.splitlines()[-1].split())


@pytest.mark.parametrize("call", [("bogus",), ("layout", "--effort", "huge"), ("layout", "--seed", "-1"), ("init",)])
def test_a_wrong_call_exits_with_2(call: tuple[str, ...]) -> None:
    assert run(*call)[0] == 2


def test_quiet_and_verbose_exclude_each_other(tmp_path: Path) -> None:
    assert run("layout", tmp_path, "-q", "-v")[0] == 2


@pytest.mark.parametrize("command", PROJECT_COMMANDS)
def test_an_absent_project_exits_with_3_and_says_what_a_project_is(command: str, tmp_path: Path) -> None:
    code, out, err = run(command, tmp_path / "nowhere")
    assert (code, out) == (3, "")
    assert "nowhere" in err
    assert "hallplan init" in err


def test_an_empty_folder_is_no_project(tmp_path: Path) -> None:
    assert run("layout", tmp_path)[0] == 3


def test_two_drawings_compete_until_one_is_named(tmp_path: Path) -> None:
    for name in ("a.dxf", "b.dxf", "demand.xlsx"):
        (tmp_path / name).write_bytes(b"")
    code, _, err = run("layout", tmp_path)
    assert code == 3
    assert "a.dxf" in err
    assert "b.dxf" in err
    assert 'drawing = "a.dxf"' in err


def test_an_unknown_setting_names_the_nearest_known_one(tmp_path: Path) -> None:
    (tmp_path / "hallplan.toml").write_text("[service]\nwait_mins = 10\n")
    code, _, err = run("config", tmp_path)
    assert code == 3
    assert "service.wait_min" in err


def test_settings_that_are_not_toml_are_refused(tmp_path: Path) -> None:
    (tmp_path / "hallplan.toml").write_text("[service\n")
    assert run("config", tmp_path)[0] == 3


def test_config_tells_where_each_value_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hallplan.toml").write_text("[service]\nwait_min = 10\n[place]\nseed = 5\n")
    monkeypatch.setenv("HALLPLAN_PLACE__SEED", "7")
    code, out, _ = run("config", tmp_path, "--show-source", "--json")
    assert code == 0
    assert '"service.wait_min": {\n   "value": 10.0,\n   "source": "file"' in out
    assert '"place.seed": {\n   "value": 7,\n   "source": "environment"' in out
    _, out, _ = run("config", tmp_path, "--json", "--seed", "9")
    assert '"value": 9,\n   "source": "flag"' in out


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"}, "zh"),
    ],
)
def test_the_talk_is_chinese_unless_the_system_speaks_another_language(environ: dict[str, str], expected: str) -> None:
    assert system_language(environ) == expected


def test_nothing_is_written_to_a_folder_of_somebody_else(tmp_path: Path) -> None:
    project, foreign = tmp_path / "hall", tmp_path / "letters"
    project.mkdir()
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear")
    for name in ("plan.dxf", "demand.xlsx"):
        (project / name).write_bytes(b"")
    code, _, err = run("layout", project, "-o", foreign)
    assert code == 5
    assert "letters" in err
    assert "--force" in err
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("bogus",), "没有命令 bogus"),
        (("check", "--fail-onn", "x"), "没有选项 --fail-onn。 是否想写 --fail-on"),
        (("layout", "a", "b"), "多出的参数：b"),
        (("inspect",), "缺少 PLAN.dxf"),
        (("inspect", "x.dxf", "--unit", "yard"), "--unit 写了“yard”，应为其中之一：mm, cm, m, in, ft"),
        (("check", "--alternative", "22"), "--alternative 不能大于 9"),
        (("check", "--alternative", "x"), "--alternative 应为整数"),
        (("layout", "--seconds", "x"), "--seconds 应为数字"),
        (("layout", "--seed", "-1"), "--seed 不能小于 0"),
        (("layout", "--effort"), "--effort 后面要写一个值"),
        (("check", "--date", "yesterday"), "--date: 写了“yesterday”，不是日期。 应为 YYYY-MM-DD"),
        (("check", "--date", "2026-02-30"), "不是日期"),
    ],
)
def test_a_wrong_call_is_told_in_the_language_of_the_session(
    call: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue 9: the library's own errors were English in a Chinese session, and a wrong date exited with 3."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    code, out, err = run(*call)
    assert (code, out) == (2, "")
    assert said in err
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    _, _, err = run(*call)
    assert not re.search("[一-鿿]", err)
    assert "Value error" not in err


def test_a_date_in_the_settings_that_is_none_is_told_with_its_form() -> None:
    call = Call(False, None, False, False, False, False, None, None, 1, None, False, False, None)
    with pytest.raises(SettingsError, match="YYYY-MM-DD"):
        call.document_date(make_settings({"file": {"output": {"date": "5.3.2026"}}}, "hallplan.toml")[0])


def test_a_rule_is_explained_without_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("check", "--explain", "guide_zones")
    assert code == 0
    assert "《编制说明》第5章要点" in out
    assert run("check", "--explain", "guide_zone")[0] == 2


def test_quiet_says_nothing_but_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 9: check, monitor and others printed their tables under -q."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text("日期,取号时间,窗口,办理时长\n2026-03-05,9:00:00,1,0\n", "utf-8")
    assert run("monitor", "log.csv", "-q") == (0, "", "")
    assert run("check", "--explain", "guide_zones", "-q") == (0, "", "")
    assert '"tickets": 1' in run("monitor", "log.csv", "-q", "--json")[1]
    code, out, err = run("monitor", "none.csv", "-q")
    assert (code, out) == (3, "")
    assert "none.csv" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_results_that_cannot_be_printed_end_with_5_and_the_remedy() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hallplan", "doctor"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 5
    assert "No space left" in done.stderr
