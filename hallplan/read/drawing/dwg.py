"""A DWG -> a DXF beside nothing of the user's: by ODA File Converter where installed, else by ezdwg, each in a process of its own."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from hallplan.errors import HallplanError, PlanFileError
from hallplan.read.drawing.vocabulary import sizes
from hallplan.terms import text

_VERSIONS = ("AC1012", "AC1014", "AC1015", "AC1018", "AC1021", "AC1024", "AC1027", "AC1032")
_CHILD = "import sys, ezdwg; print(dict(ezdwg.to_dxf(sys.argv[1], sys.argv[2]).skipped_by_type))"
_ODA_PLACES = ("C:/Program Files/ODA/ODAFileConverter*/ODAFileConverter.exe", "/opt/ODAFileConverter*/ODAFileConverter")


@contextmanager
def as_dxf(path: Path) -> Iterator[tuple[Path, str]]:
    """Yields a DXF made from a DWG, gone after the block, and one line that says how it was made.

    Raises PlanFileError when the version is unknown, no converter is there, or none can read the file in time.
    """
    version = dwg_version(path)
    if version not in _VERSIONS:
        raise _fault(path, text("read_drawing.dwg_version", version=version))
    with tempfile.TemporaryDirectory(prefix="hallplan-") as folder:
        yield _convert(path, Path(folder))


def dwg_version(path: Path) -> str:
    """Returns the version that a DWG begins with, such as AC1032."""
    with path.open("rb") as stream:
        return stream.read(6).decode("ascii", "replace")


def _convert(path: Path, folder: Path) -> tuple[Path, str]:
    reasons = []
    for name, convert in (("ODA File Converter", _by_oda), ("ezdwg", _by_ezdwg)):
        try:
            made, lost = convert(path, folder)
        except _Unavailable:
            continue
        except subprocess.TimeoutExpired:
            reasons.append(text("read_drawing.dwg_slow", name=name, limit=round(sizes("limits")["convert_s"])))
        except (OSError, subprocess.CalledProcessError) as error:
            reasons.append(text("read_drawing.dwg_failed", name=name, reason=_last_line(error)))
        else:
            return made, text("read_drawing.dwg_read", name=name) + lost
    raise _fault(path, text("read_drawing.is_dwg") + "".join(reasons or [text("read_drawing.dwg_no_converter")]))


class _Unavailable(Exception):
    """This converter is not installed."""


def _by_oda(path: Path, folder: Path) -> tuple[Path, str]:
    places = [shutil.which("ODAFileConverter"), *sorted(g for place in _ODA_PLACES for g in glob.glob(place))]
    program = next((place for place in places if place), None)
    if program is None:
        raise _Unavailable
    source, target = folder / "in", folder / "out"
    source.mkdir()
    target.mkdir()
    shutil.copyfile(path, source / "plan.dwg")
    _run([program, str(source), str(target), "ACAD2018", "DXF", "0", "1", "*.DWG"])
    made = next((item for item in target.iterdir() if item.suffix.lower() == ".dxf"), None)
    if made is None:
        raise OSError(text("read_drawing.dwg_nothing"))
    return made, ""


def _by_ezdwg(path: Path, folder: Path) -> tuple[Path, str]:
    if find_spec("ezdwg") is None:
        raise _Unavailable
    made = folder / "plan.dxf"
    said = _run([sys.executable, "-c", _CHILD, str(path.resolve()), str(made)]).strip()
    if not made.is_file():
        raise OSError(text("read_drawing.dwg_nothing"))
    return made, "" if said in ("", "{}") else text("read_drawing.dwg_skipped", skipped=said.strip("{}"))


def _run(command: list[str]) -> str:
    """Runs a converter without a shell, a window or the user's input; returns what it printed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    limit = sizes("limits")["convert_s"]
    done = subprocess.run(
        command, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=limit, env=environment
    )
    return done.stdout.decode("utf-8", "replace")


def _last_line(error: OSError | subprocess.CalledProcessError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:160] if lines else f"exit {error.returncode}"


def _fault(path: Path, found: str) -> HallplanError:
    return PlanFileError.at(str(path), found, text("read_drawing.expect_dxf"), text("read_drawing.export_dwg"))
