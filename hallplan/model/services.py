"""What the hall offers: the catalogue of items, how the hall's list compares with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item that a hall of this kind may have to offer; `parent` is the main item (主项) that groups it.

    levels: levels of government that exercise it, as ids of data/matching.toml; () where the catalogue does not say.
    """

    code: str
    name: str
    department: str = ""
    levels: tuple[str, ...] = ()
    item_type: str = ""
    parent: str = ""
    subject: str = ""

    @property
    def key(self) -> str:
        """Its code, or its department and name where the catalogue gives no code."""
        return self.code or f"{self.department}/{self.name}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items a hall is compared with; `notice` names where they come from."""

    source: str
    items: tuple[CatalogueItem, ...]
    notice: str = ""
    warnings: tuple[str, ...] = ()
