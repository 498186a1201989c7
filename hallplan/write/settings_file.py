"""hallplan.toml as `hallplan init` writes it: every key at its default, commented out and explained."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import BaseModel

from hallplan.settings import Settings
from hallplan.terms import text

_NULL_EXAMPLE = {"unit": '"mm"', "rotation_deg": "0.0", "seconds": "60.0"}
"""TOML has no null: what stands behind a key whose default is none."""


def settings_text(values: Mapping[str, Mapping[str, object]] | None = None) -> str:
    """Returns the text of hallplan.toml; keys in `values` (section, key, value) are set, all others commented out."""
    values = values or {}
    lines = [text("template.settings_head"), ""]
    defaults = Settings()
    tables: list[str] = []
    for section, field in Settings.model_fields.items():
        group = getattr(defaults, section)
        if isinstance(group, BaseModel):
            lines += [f"[{section}]", *_section(group, values.get(section, {})), ""]
        else:
            tables += [f"# {field.description}", f"# [{section}]", ""]
    return "\n".join([*lines, *tables]).rstrip() + "\n"


def _section(group: BaseModel, given: Mapping[str, object]) -> list[str]:
    lines = []
    for name, field in type(group).model_fields.items():
        lines.append(f"# {field.description}")
        if name in given:
            lines.append(f"{name} = {_toml(given[name])}")
        else:
            lines.append(f"# {name} = {_default(name, group)}")
    return lines


def _default(name: str, group: BaseModel) -> str:
    value = getattr(group, name)
    return f"{_NULL_EXAMPLE[name]}  # {text('template.unset')}" if value is None else _toml(value)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)} = {_toml(v)}" for k, v in value.items()) + " }"
            if value
            else "{}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    return repr(value)
