"""What is kept per user from one call to the next, and can be deleted at any time: compiled loops, cut fonts, templates."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST_KEPT, MOST_COMPILED = 64, 4


def cache_folder() -> Path:
    """Returns the per-user folder for what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "hallplan"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hallplan"


def compiled_folder() -> Path:
    """Returns the per-user folder for loops compiled of this very code and data, and removes the oldest of too many others.

    A compiled loop has taken in what it calls and the figures it knows from other files, and is kept as long as its own file is the same:
    after an update in place it would go on with what these others said before.
    """
    folder = cache_folder() / "compiled" / code_stamp(Path(__file__).parent)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for old in sorted(folder.parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST_COMPILED]:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def has_compiled() -> bool:
    """Returns whether any compiled loop is kept where they are looked for; yes where nobody said where that is."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return folder is None or next(Path(folder).rglob("*.nbi"), None) is not None


def code_stamp(package: Path) -> str:
    """Returns what tells the code and data of a package from those of another place or time: their paths, sizes and when they were written."""
    found = hashlib.sha256(str(package).encode())
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.toml"))):
        state = path.stat()
        found.update(f"{path}\n{state.st_size}\n{state.st_mtime_ns}\n".encode())
    return found.hexdigest()[:16]


def kept(kind: str, key: str, make: Callable[[], bytes]) -> bytes:
    """Returns what `make` gives for a key, from an earlier call where it was kept; a folder that cannot be used is none."""
    path = cache_folder() / kind / hashlib.sha256(key.encode()).hexdigest()[:32]
    with suppress(OSError):
        digest, content = path.read_bytes().split(b"\n", 1)
        if digest == _digest(content):
            return content
    content = make()
    with suppress(OSError):
        _keep(path, _digest(content) + b"\n" + content)
    return content


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _keep(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, the oldest of too many removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    Path(draft).replace(path)
    for old in sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST_KEPT]:
        old.unlink()
