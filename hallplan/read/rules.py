"""Reads a user's own packs of rules, and findings accepted before."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hallplan.errors import Fault, InputError, SettingsError
from hallplan.settings import FILE_NAME, Settings
from hallplan.terms import text


def read_rule_packs(folder: Path, settings: Settings) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Returns the packs of [rules] extra by file name; raises SettingsError with every file that is absent or no TOML."""
    packs: dict[str, Mapping[str, Mapping[str, Any]]] = {}
    faults = []
    for name in settings.rules.extra:
        path = folder / name
        try:
            packs[path.stem] = tomllib.loads(path.read_text("utf-8-sig"))
        except FileNotFoundError:
            faults.append(
                Fault(f"{FILE_NAME}, rules.extra: {path}", text("check.pack_absent"), remedy=text("check.pack_remedy"))
            )
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(Fault(str(path), text("check.not_toml", reason=error), remedy=text("check.pack_remedy")))
    if faults:
        raise SettingsError.of(faults)
    return packs


def read_baseline(path: Path) -> frozenset[str]:
    """Returns the fingerprints of findings accepted before; raises InputError when the file is absent or no baseline."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return frozenset(str(entry["fingerprint"]) for entry in content["accepted"])
    except FileNotFoundError as error:
        raise InputError.at(str(path), text("check.no_baseline"), remedy=text("check.write_baseline")) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError.at(str(path), text("check.bad_baseline"), remedy=text("check.write_baseline")) from error
