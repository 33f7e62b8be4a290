"""The dashboard with few and with very many events, side by side in one run of headless Chromium.

    python -m benchmarks.dashboard [--events 300 1000000] [--keep FOLDER] [--naive]

For each store (made by benchmarks.store): the first view of a fresh server, then that of further visits, a filter
change that nobody has asked for before, the bytes on the websocket, the memory of the server for one user and for each
further one, and the page of statistics. ``--naive`` also draws every point of the largest store with one scatter_map.
"""

from __future__ import annotations

import argparse
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.store import make_store
from pipeline.store import Store
from tests.e2e.conftest import ARGUMENTS, CHROMIUM, Page, serve

VISITS = 3
USERS = 4  # further ones
FILTERS = ("Protest", "Vorwurf", "Hilfe")
NAIVE = """
    import numpy as np, plotly.graph_objects as go, streamlit as st
    draw = np.random.default_rng(1)
    spots = go.Scattermap(lat=draw.uniform(-35, 60, {events}), lon=draw.uniform(-20, 120, {events}), mode="markers")
    style = {{"version": 8, "sources": {{}}, "layers": []}}
    st.plotly_chart(go.Figure(spots, layout={{"map": {{"style": style}}}}), key="naive")
"""


def memory(process: int) -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


def visit(browser: Browser, address: str) -> tuple[Page, float]:
    """A new reader opens the dashboard; the seconds until both charts are drawn."""
    page = Page(browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE").new_page(), address)
    begin = time.perf_counter()
    page.open()
    page.graph("timeline")
    page.graph("map")
    return page, time.perf_counter() - begin


def change_filter(page: Page, word: str) -> float:
    """Choose a type of event; the seconds until the counts have followed."""
    before = page.counts()
    box = page.page.get_by_role("combobox", name="Ereignistyp", exact=True)
    box.click()
    box.fill(word)
    option = page.page.get_by_role("option").filter(has_text=word).first
    option.wait_for()
    begin = time.perf_counter()
    with page.answered():
        option.click()
    page.until(lambda: page.counts() != before)
    page.graph("timeline")
    took = time.perf_counter() - begin
    page.page.keyboard.press("Escape")
    return took


def count(page: Page) -> tuple[float, float]:
    """Seconds until the page of statistics is there, and until its events are counted by actor."""
    chart = page.page.locator(".st-key-count-events")
    begin = time.perf_counter()
    page.open("/?page=statistics")
    page.page.locator(".st-key-count-compare .js-plotly-plot").wait_for()
    opened = time.perf_counter()
    with page.answered():
        chart.get_by_text("Akteur", exact=True).click()
    sideways = "graph => graph.data[0]?.orientation === 'h'"
    page.until(lambda: chart.locator(".js-plotly-plot").evaluate(sideways))
    return opened - begin, time.perf_counter() - opened


def measure(browser: Browser, store: Path) -> dict[str, float]:
    log = store.with_suffix(".log")
    process, address = serve(store, log)
    try:
        page, first = visit(browser, address)
        figures = {"first view of a fresh server, s": first, "websocket, first view, KB": page.received / 1024}
        further = []
        for _ in range(VISITS):
            page.page.context.close()
            page, took = visit(browser, address)
            further.append(took)
        figures["first view, s"] = statistics.median(further)
        received = page.received
        figures["filter change, s"] = statistics.median(change_filter(page, word) for word in FILTERS)
        figures["websocket, filter change, KB"] = (page.received - received) / len(FILTERS) / 1024
        one = memory(process.pid)
        pages = [visit(browser, address)[0] for _ in range(USERS)]
        figures["server, one user, MB"] = one
        figures["server, each further user, MB"] = (memory(process.pid) - one) / USERS
        figures["page of statistics, s"], figures["events by actor, s"] = count(page)
        for opened in (page, *pages):
            opened.page.context.close()
        return figures
    finally:
        process.terminate()
        process.wait(20)


def measure_naive(browser: Browser, events: int, folder: Path) -> str:
    """One scatter_map with every point, as one would write it first."""
    script = folder / "naive.py"
    script.write_text(textwrap.dedent(NAIVE.format(events=events)), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen([sys.executable, "-m", "streamlit", "run", str(script), *options])
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).status == 200)
        page = Page(browser.new_context(viewport={"width": 1440, "height": 900}).new_page(), address)
        begin = time.perf_counter()
        page.page.goto(address)
        drawn = "() => document.querySelector('.js-plotly-plot')?._fullLayout?.map?._subplot?.map?.loaded()"
        try:
            page.page.wait_for_function(drawn, timeout=60_000)
            said = f"{time.perf_counter() - begin:.1f} s"
        except Exception:  # a timeout, or a page that has crashed: neither is loaded
            said = "not loaded in 60 s"
        return f"{said}, {page.received / 1e6:.1f} MB"
    finally:
        process.terminate()
        process.wait(20)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def main() -> None:
    parser = argparse.ArgumentParser(description="The dashboard with few and with very many events.")
    parser.add_argument("--events", type=int, nargs="+", default=[300, 1_000_000])
    parser.add_argument("--keep", type=Path, help="folder to keep the stores in (one that is there is used)")
    parser.add_argument("--naive", action="store_true")
    options = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("No Chromium is installed.")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        columns = []
        for events in options.events:
            folder = (options.keep or Path(scratch)) / f"store-{events}"
            if not folder.exists():
                make_store(folder, events)
            Store(folder).prepare()  # as the command `run` does at its end
            columns.append(measure(browser, folder))
        print("| | " + " | ".join(f"{events:,} events" for events in options.events) + " | ratio |")
        print("| --- |" + " ---: |" * (len(columns) + 1))
        for name in columns[0]:
            row = [column[name] for column in columns]
            print(f"| {name} | " + " | ".join(f"{value:.2f}" for value in row) + f" | {row[-1] / row[0]:.2f} |")
        if options.naive:
            print(
                f"| one scatter_map of every point | | {measure_naive(browser, options.events[-1], Path(scratch))} | |"
            )
        browser.close()


if __name__ == "__main__":
    main()
