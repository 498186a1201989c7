"""The layer map of a drawing as a table of hallplan.toml, for the user to edit."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hallplan.errors import OutputError
from hallplan.model.site import LayerUse
from hallplan.terms import text

KINDS = (
    "wall", "structure", "column", "door", "window", "stair", "lift", "toilet", "shaft", "void", "outline", "area", "room", "ignore",
)  # fmt: skip
_TABLE = re.compile(r"(?ms)^\[drawing\.layers\][^\n]*\n.*?(?=^\[|\Z)")
_GLOB = re.compile(r"([*?\[])")


def layer_map_text(uses: Sequence[LayerUse]) -> str:
    """Returns the table [drawing.layers] with every layer under its kind; those without one, and hidden ones, as comments."""
    groups: dict[str, list[LayerUse]] = defaultdict(list)
    for use in uses:
        groups["hidden" if use.is_hidden else use.kind if use.kind in KINDS else "other"].append(use)
    lines = ["[drawing.layers]", *_comment("layer_map.head", kinds=" ".join(KINDS))]
    for kind in KINDS:
        if groups[kind]:
            lines += [f"{kind} = [", *(f"    {_name(use)},  # {use.count}" for use in groups[kind]), "]"]
    for kind in ("other", "hidden"):
        if groups[kind]:
            lines += [*_comment(f"layer_map.{kind}"), *(f"#     {_name(use)},  # {use.count}" for use in groups[kind])]
    return "\n".join(lines) + "\n"


def write_layer_map(path: Path, uses: Sequence[LayerUse], values: Mapping[str, Any], *, force: bool) -> None:
    """Puts the layer map at the end of a hallplan.toml, which is made when absent and otherwise kept as it is.

    values: what the file holds.  Raises OutputError when it maps layers already, unless `force`, or cannot be written.
    """
    has_map = bool(values.get("drawing", {}).get("layers"))
    try:
        before = path.read_text("utf-8-sig") if path.is_file() else ""
        rest = _TABLE.sub("", before)
        if has_map and (not force or rest == before):
            key = "layer_map.inline" if force else "layer_map.there"
            raise OutputError.at(f"{path}, [drawing.layers]", text(key), remedy=text("layer_map.remove"))
        joined = f"{rest.rstrip()}\n\n" if rest.strip() else ""
        temporary = path.with_name(f".{path.name}.new")
        temporary.write_text(joined + layer_map_text(uses), "utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError.at(str(path), error.strerror or str(error), remedy=text("folder.elsewhere")) from error


def _name(use: LayerUse) -> str:
    """Returns the name as a pattern that means itself alone."""
    return json.dumps(_GLOB.sub(r"[\1]", use.name), ensure_ascii=False)


def _comment(key: str, **values: object) -> list[str]:
    return [f"# {line}" for line in text(key, **values).splitlines()]
