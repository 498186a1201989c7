"""Keeps queue logs in the project's database: each day adds, the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hallplan.errors import Fault, InputError, OutputError
from hallplan.model.log import FIRST_REASON, QueueLog
from hallplan.terms import read_data, text

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Stored:
    """What an import did: tickets of the log, those that were new, and tickets in the database now."""

    tickets: int
    added: int
    total: int


def store_log(log: QueueLog, folder: Path) -> Stored:
    """Adds the tickets of a log that are new to the database in `folder`, all of them or none.

    Raises OutputError when the database is in use, cannot be written or the disk is full; InputError when it is of a
    newer hallplan or no database of ours.
    """
    with _opened(folder) as base:
        base.execute("BEGIN")
        codes = _codes(log, base)
        before = _count(base)
        rows = _rows(log, codes)
        if log.n:
            names = ", ".join(f'"{name}"' for name in rows)
            base.execute(
                f"INSERT INTO tickets ({names}) SELECT {names} FROM rows WHERE NOT EXISTS (SELECT 1 FROM tickets t WHERE "
                "t.day BETWEEN ? AND ? AND t.print_a = rows.print_a AND t.print_b = rows.print_b)",
                [int(log.day.min()), int(log.day.max())],
            )
        added = _count(base) - before
        if added:
            base.execute("INSERT INTO imports VALUES (?, ?, ?)", [", ".join(log.sources), log.n, added])
        base.execute("COMMIT")
        return Stored(log.n, added, before + added)


@contextmanager
def _opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    known = read_data("store.toml")
    path = folder / known["file"]
    duckdb = _library()
    try:
        with duckdb.connect(str(path), config={"threads": 1}) as base:
            base.execute(known["setup"])
            base.execute(known["tables"])
            _require_version(base, path, known["version"])
            yield base
    except duckdb.Error as error:
        raise _told(error, path, is_io=isinstance(error, duckdb.IOException)) from error
    except OSError as error:
        raise OutputError.at(str(path), error.strerror or str(error), remedy=text("store.make_room")) from error


def _told(error: Exception, path: Path, *, is_io: bool) -> InputError | OutputError:
    """What went wrong: the database is in use, it cannot be written (a full disk, found when committing), or it is none."""
    said = str(error).lower()
    if is_io and "lock" in said:
        return OutputError(Fault(str(path), text("store.locked"), remedy=text("store.wait")))
    if "not a valid" in said:
        return InputError(Fault(str(path), text("store.damaged"), text("store.expected"), text("store.move_away")))
    if is_io or "write file" in said or "no space" in said:
        return OutputError(
            Fault(str(path), text("store.cannot_write", reason=_first_line(error)), remedy=text("store.make_room"))
        )
    return InputError(Fault(str(path), _first_line(error), text("store.expected"), text("store.move_away")))


def _library() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise InputError.at("--project", text("store.no_library"), remedy="pip install 'hallplan[logs]'") from error
    return duckdb


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _require_version(base: duckdb.DuckDBPyConnection, path: Path, ours: int) -> None:
    row = base.execute("SELECT max(version) FROM meta").fetchone()
    if row is None or row[0] is None:
        base.execute("INSERT INTO meta VALUES (?)", [ours])
    elif row[0] > ours:
        raise InputError.at(
            str(path), text("store.newer", found=row[0]), text("store.up_to", ours=ours), text("store.upgrade")
        )


def _count(base: duckdb.DuckDBPyConnection) -> int:
    row = base.execute("SELECT count(*) FROM tickets").fetchone()
    return int(row[0]) if row else 0


def _texts(log: QueueLog) -> dict[str, tuple[NDArray[np.int32], tuple[str, ...]]]:
    """Every column of texts of a log; the reason for leaving a row out is one of them."""
    reason = np.maximum(log.state.astype(np.int32) - FIRST_REASON + 1, 0)
    columns = {role: getattr(log, role) for role in ("hall", "window", "item", "staff", "rating")}
    return {role: (words.codes, words.names) for role, words in columns.items()} | {
        "reason": (reason, ("", *log.reasons))
    }


def _codes(log: QueueLog, base: duckdb.DuckDBPyConnection) -> dict[str, NDArray[np.int32]]:
    """The codes of each column of texts in the database, entering texts that it does not know."""
    known: dict[tuple[str, str], int] = {}
    for role, code, name in base.execute("SELECT role, code, name FROM words").fetchall():
        known[role, name] = code
    fresh: list[tuple[str, int, str]] = []
    codes = {}
    for role, (column, names) in _texts(log).items():
        for name in names:
            if (role, name) not in known:
                known[role, name] = len(known)
                fresh.append((role, known[role, name], name))
        codes[role] = np.array([known[role, name] for name in names] or [0], np.int32)[column]
    if fresh:
        new = {"role": np.array([f[0] for f in fresh], object), "code": np.array([f[1] for f in fresh], np.int32)}
        new["name"] = np.array([f[2] for f in fresh], object)
        base.execute("INSERT INTO words SELECT role, code, name FROM new")
    return codes


def _rows(log: QueueLog, codes: dict[str, NDArray[np.int32]]) -> dict[str, NDArray[Any]]:
    numbers: dict[str, NDArray[Any]] = {
        "print_a": np.ascontiguousarray(log.prints[:, 0]), "print_b": np.ascontiguousarray(log.prints[:, 1]),
        "ticket": log.ticket, "day": log.day, "taken_s": log.taken_s, "started_s": log.started_s, "wait_s": log.wait_s,
        "service_s": log.service_s, "state": np.minimum(log.state, FIRST_REASON).astype(np.int8),
    }  # fmt: skip
    return {**numbers, **codes}
