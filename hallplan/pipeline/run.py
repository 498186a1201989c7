"""How a run talks, stops and is timed, and what it starts from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hallplan.settings import Settings, environment_values, make_settings

if TYPE_CHECKING:
    from hallplan.model.demand import Demand
    from hallplan.model.layout import Layout, StoppedBy
    from hallplan.model.windows import WindowPlan
    from hallplan.read.project import ProjectFiles

COMPILE = "compile"


@dataclass(slots=True)
class Run:
    """How a run talks and stops, and how long each stage took (s).

    progress(stage): called when a stage begins; finish() after the last.  stop(): asked between pieces of a search.
    searching(): wraps a search, so that an interrupt in it ends the search and not the run.
    """

    progress: Callable[[str], None] = lambda _: None
    finish: Callable[[], None] = lambda: None
    stop: Callable[[], StoppedBy | None] = lambda: None
    searching: Callable[[], AbstractContextManager[object]] = nullcontext
    jobs: int = 2
    windows: WindowPlan | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def rounded_seconds(self) -> dict[str, float]:
        """Seconds of each stage to the millisecond."""
        return {stage: round(value, 3) for stage, value in self.seconds.items()}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Announces a stage and adds up its time, that of compiling apart."""
        self.progress(name)
        begin, compiled = time.perf_counter(), self.seconds.get(COMPILE, 0.0)
        try:
            yield
        finally:
            spent = time.perf_counter() - begin - (self.seconds.get(COMPILE, 0.0) - compiled)
            self.seconds[name] = self.seconds.get(name, 0.0) + max(0.0, spent)

    @contextmanager
    def compiling_apart(self) -> Iterator[None]:
        """Counts the time that inner loops take to compile, on the first run of a machine, as a stage of its own."""
        from numba.core import event

        with event.install_timer("numba:compile", self._add_compiling):
            yield

    def _add_compiling(self, seconds: float) -> None:
        self.seconds[COMPILE] = self.seconds.get(COMPILE, 0.0) + seconds


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run starts from: files, effective settings with the origin of each key, and the demand if there is a workbook.

    start: a layout to adapt, areas in the drawing's units, axes and origin; None to place anew.
    """

    files: ProjectFiles
    settings: Settings
    origin: Mapping[str, str]
    demand: Demand
    start: Layout | None = None


def effective_settings(
    files: ProjectFiles, flags: Mapping[str, Any], parameters: Mapping[str, Any] | None = None
) -> tuple[Settings, dict[str, str]]:
    """Returns the settings of a project and where each key came from: flag > environment > hallplan.toml > 参数 > default."""
    where = str(files.settings_file or files.folder)
    layers = {"workbook": parameters or {}, "file": files.values, "environment": environment_values(), "flag": flags}
    return make_settings(layers, where)


def read_inputs(files: ProjectFiles, flags: Mapping[str, Any], run: Run) -> Inputs:
    """Returns the demand and the settings; raises InputError with every fault of the workbook."""
    from hallplan.read.workbook import parameter_values, read_demand

    with run.stage("demand"):
        settings, _ = effective_settings(files, flags)
        demand = read_demand(files.require_workbook(), settings)
        settings, origin = effective_settings(files, flags, parameter_values(demand))
    return Inputs(files, settings, origin, demand)
