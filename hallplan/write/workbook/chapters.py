"""Which sheets chapters 7 to 9 have, and what fills them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from hallplan.model.services import Services
from hallplan.write.workbook.book import Sheet
from hallplan.write.workbook.machines import EQUIPMENT_SHEETS
from hallplan.write.workbook.offered import ITEM_SHEETS
from hallplan.write.workbook.sharing import SYSTEM_SHEETS

Part = TypeVar("Part")
CHAPTER_SHEETS = (*ITEM_SHEETS, *EQUIPMENT_SHEETS, *SYSTEM_SHEETS)


def chapter_sheets(services: Services) -> dict[str, Callable[[Sheet], None]]:
    """Returns the sheets of the chapters that were planned, each with what fills it."""
    found: dict[str, Callable[[Sheet], None]] = {}
    if services.items:
        found |= {key: partial(_filled, fill, services.items) for key, fill in ITEM_SHEETS.items()}
    if services.equipment:
        found |= {key: partial(_filled, fill, services.equipment) for key, fill in EQUIPMENT_SHEETS.items()}
    if services.systems:
        found |= {key: partial(_filled, fill, services.systems) for key, fill in SYSTEM_SHEETS.items()}
    return found


def _filled(fill: Callable[[Sheet, Part], None], part: Part, sheet: Sheet) -> None:
    fill(sheet, part)
