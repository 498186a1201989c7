"""The page templates: where they lie, and how they are filled in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from hallplan.caches import cache_folder
from hallplan.scene.measure import FAMILY
from hallplan.terms import text


class _Compiled(FileSystemBytecodeCache):
    """Templates as compiled by an earlier call; a folder that cannot be written keeps none."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template_folder() -> Path:
    """Returns the folder of the page templates, in the source tree or in the installed package."""
    package = Path(__file__).parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def environment() -> Environment:
    """Returns what fills in the page templates: values are escaped, a name that is not there is an error, `t` gives texts,
    `font_family` is that of drawings, so that those in a page are set in the font it brings."""
    folder = cache_folder() / "pages"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    found = Environment(
        loader=FileSystemLoader(template_folder()), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        bytecode_cache=_Compiled(str(folder)) if folder.is_dir() else None,
    )  # fmt: skip
    found.globals["t"] = text
    found.globals["font_family"] = FAMILY
    return found
