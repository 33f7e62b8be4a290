"""The dashboard on a store of its own, in a real Chromium. A page that asks beyond 127.0.0.1 fails its test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
READY = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const done = app && app.getAttribute('data-test-script-state') === 'notRunning';
    return done && !document.querySelector('[data-testid="stSkeleton"]');
}"""


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="No Chromium is installed (Debian: apt-get install chromium)."))


def serve(store: Path, log: Path):
    """Start the dashboard on a free port; returns the process and its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "dashboard.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "CET_STORE": str(store)}
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return process, address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"The dashboard did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory):
    """The address of a dashboard whose store is filled from seeds/ by the dashboard itself."""
    yield from _serve_one(tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="module")
def own_dashboard(tmp_path_factory):
    """Another one, for tests that change what is stored."""
    yield from _serve_one(tmp_path_factory.mktemp("own"))


def _serve_one(folder: Path):
    process, address = serve(folder / "store", folder / "log")
    yield address
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Page:
    """A page of the dashboard with the few moves its tests make. It reads along what browser and server tell each
    other, so it knows when the server has answered; nothing waits for a time that somebody guessed."""

    def __init__(self, page, address: str) -> None:
        self.page, self.address = page, address
        self.page.set_default_timeout(120_000)  # a busy machine takes long
        self.outside: list[str] = []
        self.allowed: tuple[str, ...] = ()  # what a test asks of others on purpose
        self.asked = 0  # runs of the script that were asked for
        self.received = 0  # bytes that came over the websocket
        self._running = False
        page.on("request", self._note)
        page.on("websocket", self._listen)

    def _note(self, request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(request.url)

    def _listen(self, socket) -> None:
        socket.on("framesent", self._take_sent)
        socket.on("framereceived", self._take_received)

    def _take_sent(self, payload) -> None:
        if isinstance(payload, bytes) and BackMsg.FromString(payload).WhichOneof("type") == "rerun_script":
            self.asked += 1
            self._running = True

    def _take_received(self, payload) -> None:
        self.received += len(payload)
        if not isinstance(payload, bytes):
            return
        message = ForwardMsg.FromString(payload)
        if message.WhichOneof("type") == "script_finished":
            self._running = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        elif message.WhichOneof("type") == "new_session":
            self._running = True

    def until(self, condition, seconds: float = 120.0) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "the page did not get there"
            self.page.wait_for_timeout(50)

    def open(self, path: str = "/") -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("[class*='st-key-counts'] b", timeout=120_000)
        return self.settle()

    def settle(self) -> Page:
        """Wait until the server has answered and the answer is shown."""
        self.until(lambda: not self._running and self.page.evaluate(READY))
        return self

    @contextmanager
    def answered(self):
        """What is done inside makes the script run; wait for its answer."""
        before = self.asked
        yield
        self.until(lambda: self.asked > before)
        self.settle()

    def counts(self) -> tuple[int, int]:
        """N and M of "N von M Ereignissen"."""
        words = self.page.locator(".st-key-counts b").first.inner_text().split()
        shown, total = (int(word.replace(",", "").replace(".", "")) for word in (words[0], words[2]))
        return shown, total

    @contextmanager
    def unfolded(self, label: str):
        """The menu of a field is open inside. A click while another menu is still closing only gives the field the
        focus, as it would for a reader; who sees no menu clicks again."""
        box, options = self.page.get_by_role("combobox", name=label, exact=True), self.page.get_by_role("option")
        self.until(lambda: options.count() == 0)

        def opened() -> bool:
            if box.get_attribute("aria-expanded") != "true":
                box.click()
                self.page.wait_for_timeout(500)
            return options.count() > 0

        self.until(opened)
        yield
        self.page.keyboard.press("Escape")

    def choose(self, label: str, option: str) -> Page:
        box = self.page.get_by_role("combobox", name=label, exact=True)
        box.click()
        box.fill(option)
        with self.answered():
            self.page.get_by_role("option").filter(has_text=option).first.click()
        self.page.keyboard.press("Escape")
        return self

    def press(self, name: str) -> Page:
        """Press the button of a name, or of a key that begins with "key:"."""
        found = f".st-key-{name[4:]} button" if name.startswith("key:") else None
        button = self.page.locator(found).first if found else self.page.get_by_role("button", name=name).first
        with self.answered():
            button.click()
        return self

    def graph(self, name: str):
        """The plot of "timeline" or "map", drawn."""
        graph = self.page.locator(f"[class*='st-key-{name}-'] .js-plotly-plot")
        graph.wait_for(timeout=120_000)
        if name == "map":
            self.page.wait_for_function(
                "graph => graph._fullLayout.map?._subplot?.map?.loaded()", arg=graph.element_handle(), timeout=120_000
            )
        return graph

    def bright(self, name: str) -> list[int]:
        """Which points of a chart are not dimmed (the indexes of their groups)."""
        script = """graph => graph.data.filter(trace => trace.customdata).flatMap(trace =>
            [...trace.customdata].filter((_, i) => {
                const opacity = trace.marker.opacity[i]; return opacity > 0.5; }))"""
        return sorted(set(self.graph(name).evaluate(script)))

    def download(self, key: str) -> bytes:
        """The file behind a button of the export menu, which is opened if it is closed."""
        button = self.page.locator(f".st-key-{key} :is(button, a)")
        if not button.count():
            self.press("Export")
        with self.page.expect_download(timeout=120_000) as waiting:
            button.click()
        return waiting.value.path().read_bytes()


@pytest.fixture
def page(chromium, dashboard):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE", accept_downloads=True)
    opened = Page(context.new_page(), dashboard)
    yield opened
    context.close()
    left = [url for url in opened.outside if not url.startswith(opened.allowed or ("\0",))]
    assert not left, f"requests left this machine: {left}"
