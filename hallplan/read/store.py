"""Reads the tickets that a project has gathered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import InputError
from hallplan.model.log import FIRST_REASON, QueueLog, Words
from hallplan.terms import read_data, text


def read_history(folder: Path) -> QueueLog:
    """Returns every ticket in the database of a project, in the order of halls, days and times.

    Raises InputError when there is no database, it is in use, of a newer hallplan or damaged.
    """
    path = folder / read_data("store.toml")["file"]
    if not path.is_file():
        raise InputError.at(str(path), text("store.none"), remedy=text("store.import_first"))
    try:
        import duckdb
    except ImportError as error:
        raise InputError.at("--project", text("store.no_library"), remedy="pip install 'hallplan[logs]'") from error
    try:
        with duckdb.connect(str(path), read_only=True, config={"threads": 1}) as base:
            base.execute(read_data("store.toml")["setup"])
            version = base.execute("SELECT max(version) FROM meta").fetchone()
            _require_version(path, version[0] if version else None)
            words = base.execute("SELECT role, code, name FROM words ORDER BY role, name").fetchall()
            columns = base.execute(_query()).fetchnumpy()
            sources = base.execute("SELECT DISTINCT source FROM imports ORDER BY source").fetchall()
    except duckdb.IOException as error:
        if "not a valid" in str(error).lower():
            raise InputError.at(
                str(path), text("store.damaged"), text("store.expected"), text("store.move_away")
            ) from error
        raise InputError.at(str(path), text("store.locked"), remedy=text("store.wait")) from error
    except duckdb.Error as error:
        found = str(error).splitlines()[0]
        raise InputError.at(str(path), found, text("store.expected"), text("store.move_away")) from error
    return _log(columns, words, tuple(source for (source,) in sources))


def _query() -> str:
    known = read_data("store.toml")
    wanted = [name for name in (*known["numbers"], *known["word_columns"]) if not name.startswith("print_")]
    names = ", ".join(f'"{name}"' for name in wanted)
    return f"SELECT {names} FROM tickets ORDER BY hall, day, taken_s, print_a"


def _require_version(path: Path, found: int | None) -> None:
    ours = int(read_data("store.toml")["version"])
    if found is None or found > ours:
        raise InputError.at(
            str(path), text("store.newer", found=found), text("store.up_to", ours=ours), text("store.upgrade")
        )


def _log(columns: dict[str, Any], words: list[tuple[str, int, str]], sources: tuple[str, ...]) -> QueueLog:
    n = columns["day"].size
    said = {role: _words(columns[role], role, words) for role in read_data("store.toml")["word_columns"]}
    reasons = tuple(name for name in said["reason"].names if name)
    first = 1 if "" in said["reason"].names else 0
    state = np.asarray(columns["state"], np.int8)
    state = np.where(state >= FIRST_REASON, FIRST_REASON + said["reason"].codes - first, state).astype(np.int8)
    return QueueLog(
        sources, np.asarray(columns["day"], np.int32), _floats(columns["taken_s"]), _floats(columns["started_s"]),
        _floats(columns["wait_s"]), _floats(columns["service_s"]), state, reasons, said["window"], said["item"],
        said["staff"], said["hall"], said["rating"], np.asarray(columns["ticket"], np.uint64),
        np.broadcast_to(np.zeros(2, np.uint64), (n, 2)), n,
    )  # fmt: skip


def _floats(column: Any) -> NDArray[np.float64]:
    """A column that may have no value in some rows."""
    if isinstance(column, np.ma.MaskedArray):
        return np.asarray(column.filled(np.nan), np.float64)
    return np.asarray(column, np.float64)


def _words(column: Any, role: str, words: list[tuple[str, int, str]]) -> Words:
    own = [(code, name) for known, code, name in words if known == role]
    lookup = np.zeros(max((code for code, _ in own), default=0) + 1, np.int32)
    for number, (code, _) in enumerate(own):
        lookup[code] = number
    return Words(lookup[np.asarray(column, np.int32)], tuple(name for _, name in own))
