"""The entry point; `--version` answers without importing anything heavy."""

from __future__ import annotations

import atexit
import os
import sys

from hallplan import __version__


def main() -> None:
    """Runs the command line and exits with the code of design section 4."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        print(f"hallplan {__version__}")
        return
    from hallplan.caches import compiled_folder

    os.environ.setdefault("NUMBA_CACHE_DIR", str(compiled_folder()))
    # measured: a quarter less compiling at first use than the default of 3, and the loops as fast
    os.environ.setdefault("NUMBA_OPT", "1")
    _make_streams_speak_utf8()
    from hallplan.cli.commands import COMMANDS, make_app

    asked = sys.argv[1:2]
    make_app(asked if set(asked) & set(COMMANDS) else COMMANDS)(prog_name="hallplan")


def program() -> None:
    """What `hallplan` in a shell runs: `main`, then out at once; taking loaded libraries apart would cost up to a second."""
    code: int = 0
    try:
        main()
    except SystemExit as left:
        if isinstance(left.code, str):
            raise
        code = left.code or 0
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        os._exit(code)  # nobody reads on
    except (OSError, ValueError):
        sys.exit(code)  # the interpreter says what could not be written
    os._exit(code)


def _make_streams_speak_utf8() -> None:
    """A pipe on Windows or under LANG=C would refuse Chinese."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    program()
