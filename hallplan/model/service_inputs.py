"""What chapters 7 to 9 start from: the catalogue of items, machines with their log, systems, measures, guides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item that a hall of this kind may have to offer; `parent` is the main item (主项) that groups it.

    levels: levels of government that exercise it, as the catalogue says them; () where it does not say.
    """

    code: str
    name: str
    department: str = ""
    levels: tuple[str, ...] = ()
    item_type: str = ""
    parent: str = ""

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


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of today (现有设备). price: yuan.  bought: year.  items: codes or names it can do."""

    id: str
    kind: str
    place: str
    price: float | None = None
    bought: int | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One line of a machine's log (设备日志): minutes since the log's first midnight; `fault` says what broke, "" for use."""

    machine: str
    start: float
    end: float
    item: str = ""
    outcome: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """A system that the hall's staff work in (系统清单)."""

    name: str
    level: str = ""
    login: str = ""
    has_single_sign_on: bool = False


@dataclass(frozen=True, slots=True)
class ItemSystem:
    """An item handled in a system (事项系统): fields typed for one case, how many of them could come from elsewhere."""

    item: str
    system: str
    fields: int
    shareable: int
    licences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interface:
    """A shared interface (共享接口). delay_s: seconds.  success: share in [0, 1].  security: 数据安全级别."""

    provider: str
    user: str
    delay_s: float | None = None
    success: float | None = None
    security: str = ""


@dataclass(frozen=True, slots=True)
class GivenMeasure:
    """What the workbook says of a service measure (服务措施). staff: people who do it; document: the rule in writing."""

    id: str
    is_provided: bool | None
    place: str = ""
    staff: int | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class GivenBundle:
    """A 一件事 that the workbook adds to the national lists."""

    name: str
    year: str
    source: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person decided about an unsure match (事项对照): the same item or not."""

    item: str
    catalogue_item: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class ServiceInputs:
    """The sheets of chapters 7 to 9. guides: fields that each item's service guide fills, by item code or name.

    promised: items whose row of 事项清单 gives a time limit.  written: names as the workbook writes them, where reading
    changes them (full-width brackets).  log_days: days on which any machine was used.
    """

    machines: tuple[Machine, ...] = ()
    sessions: tuple[Session, ...] = ()
    has_log: bool = False
    log_days: float = 0.0
    systems: tuple[System, ...] = ()
    item_systems: tuple[ItemSystem, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    measures: tuple[GivenMeasure, ...] = ()
    bundles: tuple[GivenBundle, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()
    guides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    promised: tuple[str, ...] = ()
    written: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
