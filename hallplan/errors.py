"""Everything hallplan raises on purpose.

HallplanError
├── UsageError            the call is wrong                                   exit 2
├── InputError            a file or a setting is wrong                        exit 3
│   ├── PlanFileError     a drawing
│   ├── SheetError        a workbook or a log
│   ├── SettingsError     hallplan.toml, a flag or an environment variable
│   └── DemandError       figures that no queue or programme can work with
├── InfeasibleError       no plan satisfies what must hold                    exit 4
├── OutputError           a result cannot be written                          exit 5
└── Interrupted           stopped by the user outside a search                exit 130
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it is, what was found, what was expected and what to do."""

    where: str
    found: str
    expected: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.where}:", self.found, self.expected, self.remedy) if part)


class HallplanError(Exception):
    """Base of all errors that carry a place and a remedy.

    `faults` holds every fault of one file together, so that a user mends them in one go.
    """

    exit_code = 1

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))

    @classmethod
    def at(cls, where: str, found: str, expected: str = "", remedy: str = "") -> HallplanError:
        """Returns the error for a single fault."""
        return cls(Fault(where, found, expected, remedy))

    @classmethod
    def of(cls, faults: Sequence[Fault], most: int = 20) -> HallplanError:
        """Returns one error for the first `most` faults of a file."""
        return cls(*faults[:most])


class UsageError(HallplanError):
    """The call is wrong."""

    exit_code = 2


class InputError(HallplanError, ValueError):
    """An input file or a setting is wrong."""

    exit_code = 3


class PlanFileError(InputError):
    """A drawing cannot be read or understood."""


class SheetError(InputError):
    """A workbook or a log cannot be read or understood."""


class SettingsError(InputError):
    """A setting is unknown or out of range."""


class DemandError(InputError):
    """Demand figures that no queue or programme can work with."""


class InfeasibleError(HallplanError):
    """No plan satisfies what must hold; names what conflicts and the least change that would do."""

    exit_code = 4


class OutputError(HallplanError, OSError):
    """A result cannot be written."""

    exit_code = 5


class Interrupted(HallplanError):
    """The user stopped the run outside a search."""

    exit_code = 130
