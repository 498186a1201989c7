"""The document we draw into: the architect's own, kept whole, or a new one; and the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ezdxf import units
from ezdxf._options import options
from ezdxf.document import Drawing
from ezdxf.filemanagement import new

from hallplan.dxf import APPID, DXF_FAULTS, open_dxf
from hallplan.errors import OutputError
from hallplan.terms import text
from hallplan.units import Unit

EMPTY_LAYOUT = "Layout1"
_LEAST_LAYOUTS = 2
_OLDEST = "AC1015"
_NEW = "R2010"
_UNITS = {Unit.MM: units.MM, Unit.CM: units.CM, Unit.M: units.M, Unit.IN: units.IN, Unit.FT: units.FT}


@contextmanager
def fixed_bytes() -> Iterator[None]:
    """Within the block ezdxf writes fixed dates and GUIDs."""
    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def new_document(unit: Unit) -> Drawing:
    """Returns an empty R2010 document in the site's unit."""
    document = new(_NEW, setup=False, units=_UNITS[unit])
    document.encoding = "utf-8"
    return document


def open_original(path: Path) -> Drawing:
    """Returns the architect's document, at least R2000, with what we drew into it earlier taken out.

    Raises OutputError when the file cannot be opened again.
    """
    try:
        document = open_dxf(path).document
    except DXF_FAULTS as error:
        raise OutputError.at(str(path), str(error)[:200], remedy=text("drawing_file.save_again")) from error
    if document.dxfversion < _OLDEST:
        document.dxfversion = _OLDEST
    _remove_ours(document)
    return document


def _remove_ours(document: Drawing) -> None:
    """An output of ours that was edited and planned again must not keep the earlier plan beneath the new one.

    A sheet of ours to which someone added something keeps what they added.
    """
    for layout in list(document.layouts):
        ours = [entity for entity in layout if entity.has_xdata(APPID)]
        is_sheet = layout.name != "Model" and any(entity.get_xdata(APPID)[0].value == "sheet" for entity in ours)
        for entity in [*ours, *(layout.query("VIEWPORT") if is_sheet else ())]:
            layout.delete_entity(entity)
        if is_sheet and not len(layout):
            _drop_layout(document, layout.name)


def _drop_layout(document: Drawing, name: str) -> None:
    """Deletes a layout; the last one, which a drawing must have, gets the name of an empty new one."""
    if len(document.layouts) > _LEAST_LAYOUTS:
        document.layouts.delete(name)
    else:
        document.layouts.rename(name, EMPTY_LAYOUT)


def save_document(document: Drawing, target: Path) -> None:
    """Writes the document; raises OutputError when the file cannot be written."""
    classes = document.classes
    classes.add_required_classes(document.dxfversion)
    classes.classes = dict(sorted(classes.classes.items()))  # ezdxf adds them from a set, in any order
    try:
        document.saveas(target)
    except OSError as error:
        raise OutputError.at(str(target), error.strerror or str(error), remedy=text("folder.elsewhere")) from error
