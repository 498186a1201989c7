"""What is ours in a drawing: the application of our XDATA, and the layers that we draw on."""

from __future__ import annotations

from functools import cache

from hallplan.terms import read_data

APPID = "HALLPLAN"
"""Under which application our XDATA stands: kind, id, hash of the plan, floor."""

_INPUT_LAYERS = ("lock", "keepout", "entrance")
"""Layers that a designer draws on for us to read."""


@cache
def own_layers() -> dict[str, str]:
    """Returns the key of each layer that we draw on, by its names in Chinese and English, in lower case."""
    words = read_data("terms.toml")["layer"]
    return {str(name).casefold(): key for key, names in words.items() if key not in _INPUT_LAYERS for name in names.values()}  # fmt: skip
