"""Every text that the code asks for by name exists, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hallplan
from hallplan.terms import read_data

_PACKAGE = Path(hallplan.__file__).parent
_CALL = re.compile(r"\btext\(\s*\"([a-z_]+)\.([a-zA-Z0-9_]+)\"")
_ROOMS = sorted(path.stem for path in (_PACKAGE / "data" / "messages").glob("*.toml"))


def test_texts_used_in_code_exist() -> None:
    used = {
        (room, name, path.name)
        for path in _PACKAGE.rglob("*.py")
        for room, name in _CALL.findall(path.read_text("utf-8"))
    }
    assert len(used) > 100
    missing = [
        key for key in sorted(used) if key[0] not in _ROOMS or key[1] not in read_data(f"messages/{key[0]}.toml")
    ]
    assert missing == []


@pytest.mark.parametrize("room", _ROOMS)
def test_texts_have_both_languages(room: str) -> None:
    messages = read_data(f"messages/{room}.toml")
    lame = [name for name, entry in messages.items() if not (entry.get("zh") and entry.get("en"))]
    assert lame == []
