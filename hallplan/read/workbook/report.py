"""What is wrong with a workbook, and what is worth saying about it, collected while reading goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from hallplan.errors import Fault, SheetError
from hallplan.model.demand import Assumption
from hallplan.terms import text


@dataclass(slots=True)
class Report:
    """Faults, warnings and assumptions of one file."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def place(self, sheet: str, cell: str = "") -> str:
        """Returns how a message names a sheet or a cell of the file."""
        key = "read_workbook.at_cell" if cell else "read_workbook.in_sheet"
        return text(key, file=self.file, sheet=sheet, cell=cell)

    def fault(self, where: str, found: str, expected: str = "", remedy: str = "") -> None:
        """Notes something that keeps the file from being used."""
        self.faults.append(Fault(where, found, expected, remedy))

    def warn(self, where: str, message: str) -> None:
        """Notes something the user should know."""
        self.warnings.append(text("read_workbook.warning", where=where, message=message))

    def raise_faults(self) -> None:
        """Raises SheetError with all faults; twenty are shown and the rest counted."""
        if not self.faults:
            return
        shown = self.faults[:20]
        rest = len(self.faults) - len(shown)
        if rest:
            shown[-1] = Fault(self.file, text("read_workbook.more_faults", count=rest + 1))
        raise SheetError(*shown)
