"""What a wrong setting is told: the place that gave it, and what was expected, in the user's language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hallplan.cli.commands import app
from hallplan.errors import SettingsError
from hallplan.settings import make_settings
from hallplan.terms import speaking


def fault(layer: str, **values: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as error:
        make_settings({layer: values})
    return str(error.value)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"place": {"seed": "abc"}}, "应为整数"),
        ({"service": {"wait_min": -3}}, "应大于 0"),
        ({"place": {"alternatives": 12}}, "应不大于 9"),
        ({"project": {"level": "moon"}}, "'county'"),
        ({"service": {"special_themes": "税务"}}, "应为列表"),
        ({"staff": {"weekdays": []}}, "至少要有 1 个值"),
        ({"service": 3}, "应为一节"),
        ({"drawing": {"keep_partitions": "perhaps"}}, "true 或 false"),
    ],
)
def test_what_is_expected_is_said_in_the_users_language(values: dict[str, Any], said: str) -> None:
    found = fault("file", **values)
    assert said in found
    assert "Input should" not in found
    with speaking("en"):
        assert "expected" in fault("file", **values)


def test_a_wrong_environment_variable_is_named_and_not_the_file() -> None:
    found = fault("environment", place={"seed": "abc"})
    assert "HALLPLAN_PLACE__SEED" in found
    assert "hallplan.toml" not in found


def test_a_wrong_value_of_the_sheet_is_told_from_one_of_the_file() -> None:
    assert "参数" in fault("workbook", service={"wait_min": -3})
    assert "hallplan.toml, service.wait_min" in fault("file", service={"wait_min": -3})


def test_config_shows_the_settings_of_a_new_project_before_any_item_is_filled_in(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(app, ["init", str(tmp_path / "new")]).exit_code == 0
    shown = runner.invoke(app, ["config", str(tmp_path / "new"), "--show-source"])
    assert shown.exit_code == 0, shown.output
