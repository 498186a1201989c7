"""inspect --write-layers: the layer map for the user to edit, in hallplan.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import ezdxf

from hallplan.read.drawing.layer_map import read_layers
from hallplan.settings import Settings, make_settings
from tests.cli.test_bad_drawings import run
from tests.read.drawing.drawings import save_hall
from tests.read.drawing.test_read_site import _with_gap


def written(path: Path) -> dict[str, list[str]]:
    return tomllib.loads((path.parent / "hallplan.toml").read_text("utf-8"))["drawing"]["layers"]


def test_the_map_is_written_beside_the_drawing_and_is_read_again(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    code, _, err = run("inspect", path, "--write-layers", "-o", tmp_path / "o")
    assert code == 0, err
    layers = written(path)
    assert layers["wall"] == ["墙"]
    assert layers["column"] == ["柱"]
    assert "hallplan.toml" in err
    values = tomllib.loads((tmp_path / "hallplan.toml").read_text("utf-8"))
    settings, _ = make_settings({"file": values})
    assert settings.drawing.layers["door"] == ["门"]
    assert run("inspect", path, "--json")[0] == 0


def test_other_settings_and_comments_stay(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    (tmp_path / "hallplan.toml").write_text('# mine\n[project]\ntitle = "厅"\n[drawing]\nunit = "mm"\n', "utf-8")
    assert run("inspect", path, "--write-layers", "-o", tmp_path / "o")[0] == 0
    text = (tmp_path / "hallplan.toml").read_text("utf-8")
    assert text.startswith('# mine\n[project]\ntitle = "厅"\n[drawing]\nunit = "mm"\n')
    assert written(path)["window"] == ["窗"]


def test_a_map_that_is_there_is_replaced_by_force_only(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    mine = '[drawing.layers]\nwall = ["墙", "柱"]\n\n[signs]\nmax_blind_m = 12.0\n'
    (tmp_path / "hallplan.toml").write_text(mine, "utf-8")
    code, _, err = run("inspect", path, "--write-layers", "-o", tmp_path / "o")
    assert code == 5
    assert "--force" in err
    assert (tmp_path / "hallplan.toml").read_text("utf-8") == mine
    assert run("inspect", path, "--write-layers", "-o", tmp_path / "o", "--force")[0] == 0
    assert "max_blind_m = 12.0" in (tmp_path / "hallplan.toml").read_text("utf-8")
    assert written(path)["wall"] == ["墙", "柱"]  # as the user had mapped them


def test_names_with_wildcards_mean_themselves(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    document.modelspace().add_line((0, 0), (1, 1), {"layer": "A-WALL[1]"})
    document.saveas(path)
    assert run("inspect", path, "--write-layers", "-o", tmp_path / "o")[0] == 0
    assert "A-WALL[[]1]" in written(path)["wall"]


def test_an_open_outline_gets_its_map_too(tmp_path: Path) -> None:
    path = _with_gap(tmp_path, 5.0)
    assert run("inspect", path, "--write-layers")[0] == 3
    assert written(path)["wall"]


def test_nothing_is_written_in_a_dry_run(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    assert run("inspect", path, "--write-layers", "-n")[0] == 0
    assert not (tmp_path / "hallplan.toml").exists()


def test_hidden_layers_are_told_apart(tmp_path: Path) -> None:
    path = save_hall(tmp_path / "plan.dxf")
    document = ezdxf.readfile(path)
    document.layers.add("旧墙").off()
    document.modelspace().add_line((0, 0), (900, 0), {"layer": "旧墙"})
    document.saveas(path)
    (old,) = [use for use in read_layers(path, Settings()) if use.name == "旧墙"]
    assert (old.kind, old.count, old.is_hidden) == ("wall", 1, True)
