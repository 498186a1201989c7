"""Formula cells that were never calculated, and the true extent of sheets, from the raw XML of an .xlsx.

Readers of stored values give such a formula as a blank cell: a volume would silently be missing.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CELL = re.compile(rb"<(?:\w+:)?c [^>]*>")
_CELL_END = re.compile(rb"</(?:\w+:)?c>")
_ADDRESS = re.compile(rb"\br=[\"']([A-Z]+\d+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>[^<]|<(?:\w+:)?is>")
_WIDE = re.compile(rb" r=[\"']([A-Z]{2,3})\d")
_ROW = re.compile(rb"<(?:\w+:)?row [^>]*?\br=[\"'](\d+)[\"']")
_TAIL = 200_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetScan:
    """Addresses of formulas without a stored value, and how far the sheet reaches."""

    unvalued: frozenset[str] = frozenset()
    rows: int = 0
    columns: int = 0


def scan_sheets(archive: zipfile.ZipFile) -> dict[str, SheetScan]:
    """Returns a scan for each sheet of an .xlsx by its name; nothing for other kinds of archive."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        return {}
    parts = _sheet_parts(archive)
    return {name: _scan(archive.read(part)) for name, part in parts.items() if part in names and part.endswith(".xml")}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError as error:
        raise zipfile.BadZipFile(str(error)) from error
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    parts = {}
    for node in book.iter():
        if node.tag.endswith("}sheet"):
            target = targets.get(node.get(_RELATION), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            parts[node.get("name", "")] = path
    return parts


def _scan(xml: bytes) -> SheetScan:
    last = 0
    for match in _ROW.finditer(xml, max(0, len(xml) - _TAIL)):
        last = int(match[1])
    wide = {match[1] for match in _WIDE.finditer(xml)} if last > 1000 else set()
    columns = max((_column(name) for name in wide), default=26)
    return SheetScan(frozenset(_unvalued(xml)), last, columns)


def _column(name: bytes) -> int:
    value = 0
    for letter in name:
        value = value * 26 + letter - 64
    return value


def _unvalued(xml: bytes) -> list[str]:
    # Most sheets hold no formula at all, and a plain search is a hundred times faster than the pattern.
    if not any(mark in xml for mark in (b"<f>", b"<f ", b"<f/", b":f>", b":f ")):
        return []
    found = []
    for match in _FORMULA.finditer(xml):
        starts = list(_CELL.finditer(xml, max(0, match.start() - 400), match.start()))
        end = _CELL_END.search(xml, match.end())
        if not starts or end is None:
            continue
        opening = starts[-1][0]
        address = _ADDRESS.search(opening)
        # A stored empty text (t="str") is a value; an empty <v/> of any other type is none.
        if address and b't="str"' not in opening and not _VALUE.search(xml, match.end(), end.start()):
            found.append(address[1].decode("ascii"))
    return found
