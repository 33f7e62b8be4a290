"""Online geocoders against a server of our own: pace, memory, attribution, outages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline import cli, wording
from pipeline.errors import GazetteerError, InputError
from pipeline.gazetteer.online import OnlineGeocoder

ROOT = Path(__file__).resolve().parent.parent
VILLAGE = {
    "lat": "48.21", "lon": "37.35", "display_name": "Testdorf, Oblast Donezk, Ukraine", "name": "Testdorf",
    "addresstype": "village", "osm_type": "node", "osm_id": 7, "boundingbox": ["48.2", "48.3", "37.3", "37.4"],
    "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
    "address": {"country_code": "ua", "state": "Oblast Donezk"},
}  # fmt: skip
SEA = VILLAGE | {"name": "Testmeer", "addresstype": "sea", "boundingbox": ["41", "47", "27", "42"], "address": {}}


class Server(ThreadingHTTPServer):
    """Knows two places; ``status`` other than 200 is an outage."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[float, dict[str, list[str]], str | None]] = []

    @property
    def options(self) -> dict[str, str]:
        return {"domain": f"127.0.0.1:{self.server_port}", "scheme": "http"}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append((time.monotonic(), query, self.headers.get("User-Agent")))
        known = {"Testdorf": [VILLAGE], "Testmeer": [SEA]}.get(query.get("q", [""])[0], [])
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(known).encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def online(server: Server, tmp_path: Path) -> Iterator[OnlineGeocoder]:
    geocoder = OnlineGeocoder("nominatim", "test (test@example.org)", tmp_path, server.options)
    yield geocoder
    geocoder.close()


def test_an_answer_is_a_place_with_its_attribution(server: Server, online: OnlineGeocoder) -> None:
    place, score, reason, others = online.resolve("Testdorf", "UKR")
    assert place is not None
    assert (place.id, place.name, place.country, place.admin1) == (
        "nominatim:node/7",
        "Testdorf",
        "UKR",
        "Oblast Donezk",
    )
    assert (place.lat, place.lon, place.precision, place.radius_km) == (48.21, 37.35, "village", 15)
    assert (score, others) == (0.5, ())
    assert "OpenStreetMap contributors" in wording.say(reason, "en")
    assert "OpenStreetMap contributors" in wording.say(reason, "de")
    ((_, query, agent),) = server.asked
    assert agent == "test (test@example.org)"
    assert (query["countrycodes"], query["accept-language"]) == (["ua"], ["de"])


def test_a_sea_is_as_wide_as_its_box(online: OnlineGeocoder) -> None:
    place = online.resolve("Testmeer")[0]
    assert place is not None
    assert (place.precision, place.country) == ("sea", None)
    assert place.radius_km == 600


def test_nothing_is_asked_twice_not_even_what_is_unknown(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        geocoder = OnlineGeocoder("nominatim", "test", tmp_path, server.options)
        assert geocoder.resolve("Testdorf")[0] is not None
        assert geocoder.resolve("  Testdorf ")[0] is not None
        place, _, reason, _ = geocoder.resolve("Nirgendwo")
        assert place is None
        assert reason.key == "places.unknown-online"
        geocoder.close()
    assert len(server.asked) == 2


def test_one_request_a_second_for_all_processes(server: Server, tmp_path: Path) -> None:
    def ask(name: str) -> None:
        geocoder = OnlineGeocoder("nominatim", "test", tmp_path, server.options)
        geocoder.resolve(name)
        geocoder.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ask, ["A1", "B2", "C3"]))
    moments = sorted(moment for moment, _, _ in server.asked)
    assert len(moments) == 3
    assert all(later - earlier > 0.95 for earlier, later in pairwise(moments))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_outage_is_an_error_and_is_not_kept(server: Server, online: OnlineGeocoder, status: int) -> None:
    server.status = status
    with pytest.raises(GazetteerError, match=r"^nominatim did not answer \(.*\); the place stays unknown\.$"):
        online.resolve("Testdorf")
    server.status = 200
    assert online.resolve("Testdorf")[0] is not None


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    geocoder = OnlineGeocoder("nominatim", "test", tmp_path, {"domain": "127.0.0.1:9", "scheme": "http"})
    with pytest.raises(GazetteerError, match="did not answer"):
        geocoder.resolve("Testdorf")
    geocoder.close()


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b"])
def test_what_is_no_name_is_not_asked(server: Server, online: OnlineGeocoder, name: str) -> None:
    assert online.resolve(name)[0] is None
    assert not server.asked


@pytest.mark.parametrize(
    ("name", "agent", "options", "message"),
    [
        ("nominatim", None, {}, "user-agent"),
        ("nominatim", " ", {}, "user-agent"),
        ("nowhere", "test", {}, "geopy has no geocoder 'nowhere'"),
        ("nominatim", "test", {"planet": "Mars"}, "cannot be set up"),
    ],
)
def test_wrong_use_is_said(name: str, agent: str | None, options: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        OnlineGeocoder(name, agent, tmp_path, options)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GazetteerError, match="cannot be kept"):
        OnlineGeocoder("nominatim", "test", tmp_path / "file", {})


def test_another_geocoder_of_geopy(tmp_path: Path) -> None:
    geocoder = OnlineGeocoder("photon", "test", tmp_path, {"domain": "127.0.0.1:9", "scheme": "http"})
    with pytest.raises(GazetteerError, match=r"^photon did not answer"):
        geocoder.resolve("Testdorf")
    geocoder.close()


def run(arguments: list[str], folder: Path, lines: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "geocode", *arguments],
        cwd=ROOT, env={"CET_CACHE": str(folder), "PATH": ""}, input="\n".join(lines), text=True, capture_output=True,
        check=False,
    )  # fmt: skip


def test_the_command(server: Server, tmp_path: Path) -> None:
    options = [f"--geocoder-option={key}={value}" for key, value in server.options.items()]
    command = ["--geocoder", "nominatim", "--user-agent", "test", *options]
    done = run([*command, "--jsonl"], tmp_path, ['{"name": "Testdorf"}', '{"name": "Nirgendwo"}'])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [bool(answer["place"]) for answer in answers] == [True, False]
    assert done.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["online.sqlite"]

    server.status = 503
    done = run([*command, "--jsonl"], tmp_path, ['{"name": "Neu"}', '{"name": "Testdorf"}'])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[p["stage"] for p in answer.get("problems", [])] for answer in answers] == [["places"], []]
    assert done.returncode == 1
    done = run([*command, "Neu"], tmp_path, [])
    assert (done.returncode, done.stdout) == (1, "")
    assert "did not answer" in done.stderr


def test_the_command_needs_a_user_agent(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CET_USER_AGENT", raising=False)
    assert cli.main(["geocode", "--geocoder", "nominatim", "Kiew"]) == 2
    assert "--user-agent" in capsys.readouterr().err
