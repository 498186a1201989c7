"""The slider of the page walks a visitor along a route, in a real browser spoken to over its debugging pipe."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hallplan.settings import Settings
from hallplan.write.page import write_page
from tests.scene.furnished import furnished_plan

pytestmark = pytest.mark.real

STATE = """(() => { const over = [...document.querySelectorAll('.walk-floor')].find(f => f.style.display !== 'none');
return JSON.stringify({said: document.getElementById('walk-said').textContent,
  max: +document.getElementById('walk-at').max, drawn: over ? over.querySelector('.walk-over').innerHTML : ''}) })()"""
MOVE = """(() => { const at = document.getElementById('walk-at'); at.value = %d;
at.dispatchEvent(new Event('input', {bubbles: true})) })()"""
PICK = """(() => { const pick = document.getElementById('walk-route'); pick.value = '%d';
pick.dispatchEvent(new Event('change', {bubbles: true})) })()"""


class Browser:
    """A headless browser with one page open."""

    def __init__(self, page: Path) -> None:
        (there, self._out), (self._in, here) = os.pipe(), os.pipe()
        # the browser reads commands from descriptor 3 and answers on 4
        call = [
            "bash", "-c", f'exec chromium "$@" 3<&{there} 4>&{here}', "chromium", "--headless", "--no-sandbox", "--disable-gpu",
            "--remote-debugging-pipe", f"--user-data-dir={page.parent / 'profile'}", "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(call, pass_fds=(there, here), stderr=subprocess.DEVNULL)
        os.close(there)
        os.close(here)
        self._count, self._rest, self._session = 0, b"", ""
        target = self._ask("Target.createTarget", url=page.as_uri())["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        more = {"sessionId": self._session} if self._session else {}
        os.write(
            self._out, json.dumps({"id": self._count, "method": method, "params": parameters, **more}).encode() + b"\0"
        )
        for answer in self._answers():
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                return dict(answer["result"])
        raise AssertionError("the browser has gone")

    def _answers(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" in self._rest:
                one, self._rest = self._rest.split(b"\0", 1)
                yield json.loads(one)
            read = os.read(self._in, 1 << 16)
            if not read:
                return
            self._rest += read

    def run(self, script: str) -> Any:
        """Returns what a script gives."""
        return self._ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Waits until a script gives true, a minute at most."""
        for _ in range(600):
            if self.run(script):
                return
            time.sleep(0.1)
        raise AssertionError(f"never true: {script}")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        os.close(self._out)
        os.close(self._in)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    if not (shutil.which("chromium") and shutil.which("bash")):
        pytest.skip("chromium or bash is not installed")
    write_page(furnished_plan(), tmp_path / "report.html", Settings())
    opened = Browser(tmp_path / "report.html")
    opened.wait_for("document.readyState === 'complete' && !!document.getElementById('walk-at')")
    yield opened
    opened.close()


def test_the_slider_moves_the_walker_and_says_what_is_read(browser: Browser) -> None:
    first = json.loads(browser.run(STATE))
    assert first["max"] > 5
    assert first["said"]
    assert "polyline" in first["drawn"]
    browser.run(MOVE % (first["max"] // 2))
    middle = json.loads(browser.run(STATE))
    browser.run(MOVE % first["max"])
    last = json.loads(browser.run(STATE))
    assert len({first["said"], middle["said"], last["said"]}) == 3
    assert len({first["drawn"], middle["drawn"], last["drawn"]}) == 3


def test_another_kind_of_visitor_walks_another_way(browser: Browser) -> None:
    first = json.loads(browser.run(STATE))
    browser.run(PICK % 1)
    other = json.loads(browser.run(STATE))
    assert first["drawn"] != other["drawn"]
