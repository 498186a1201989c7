"""Packages whose names are loaded when they are first asked for, so that a command pays only for what it uses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module


def names_of(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Returns the `__getattr__` of a package (PEP 562).  modules: names, by blanks, of each of its modules."""
    home = {name: module for module, names in modules.items() for name in names.split()}

    def find(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return find


@contextmanager
def without(library: str) -> Iterator[None]:
    """Makes a library look absent to what is imported in the block; one that is loaded already stays."""
    is_hidden = library not in sys.modules
    if is_hidden:
        sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_hidden:
            del sys.modules[library]
