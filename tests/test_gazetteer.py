"""The place index: what it holds, how it is built and what it does when it is broken; names and their spellings."""

from __future__ import annotations

import json
import math
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from geopy.exc import GeocoderQueryError
from geopy.extra.rate_limiter import RateLimiter
from geopy.location import Location
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import gazetteer
from pipeline.errors import GazetteerError
from pipeline.gazetteer import is_whole, resolve_name
from pipeline.gazetteer.build import build_index, country_radius, find_middle, fingerprint, load_cities, read_table
from pipeline.gazetteer.folding import fold, germanise, skeleton, transliterate
from pipeline.gazetteer.membership import collect_keys, may_hold
from pipeline.records import Place, PlacePrecision

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ("703448", "698740", "706483", "281133", "687700")  # Kiew, Odessa, Charkiw, Gaza, Saporischschja


cities = cache(load_cities)  # reading them takes two seconds


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat, other = math.radians(a[0]), math.radians(b[0])
    h = math.sin((other - lat) / 2) ** 2
    h += math.cos(lat) * math.cos(other) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def found(name: str, country: str | None = None) -> Place:
    place, score, reason, _ = resolve_name(name, country)
    assert place is not None, name
    assert 0 < score <= 1
    assert reason.key.startswith("places.")
    return place


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        ("Kiew Kyjiw Kyiw Kyiv Kiev KIEW Київ", "Kiew"),
        ("Lwiw Lemberg Lviv Lwow", "Lwiw"),
        ("Odessa Odesa", "Odessa"),
        ("Charkiw Charkow Kharkiv", "Charkiw"),
        ("Bachmut Artjomowsk Bakhmut", "Bachmut"),
        ("Kaliningrad Königsberg", "Kaliningrad"),
        ("Wowtschansk Vovchansk Вовчанськ", "Wowtschansk"),
        ("Horliwka Gorlowka Horlivka", "Horliwka"),
        ("Chan-Junis Khan-Yunis", "Chan Junis"),
        ("Dschenin Jenin", "Dschenin"),
        ("Rakka Raqqa Ar-Raqqah", "Rakka"),
        ("El-Fasher Al-Faschir al-Fashir", "El Fascher"),
        ("Bengasi Benghazi", "Bengasi"),
        ("Stepanakert Chankendi", "Stepanakert"),
        ("Astana Nur-Sultan", "Astana"),
        ("Breslau Wrocław Wroclaw", "Breslau"),
    ],
)
def test_spellings_of_one_place_have_one_id_and_its_usual_german_name(spellings: str, name: str) -> None:
    places = [found(spelling) for spelling in spellings.split()]
    assert {place.id for place in places} == {places[0].id}
    assert places[0].id.startswith("geonames:")
    assert {place.name for place in places} == {name}


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("Oblast Odessa", "UKR", "adm1"), ("Odessa-Region", "UKR", "adm1"), ("Odessa", "UKR", "city"),
        ("Gebiet Cherson", "UKR", "adm1"), ("Charkiwer Gebiet", "UKR", "adm1"), ("Provinz Helmand", "AFG", "adm1"),
        ("Bundesstaat Borno", "NGA", "adm1"), ("Oblast Tambow", "RUS", "adm1"), ("Texas", "USA", "adm1"),
        ("Bayern", "DEU", "adm1"), ("Nord-Kivu", "COD", "adm1"), ("Krim", "UKR", "adm1"),
        ("Sewastopol", "UKR", "city"), ("Simferopol", "UKR", "city"), ("Donbass", "UKR", "region"),
        ("Gazastreifen", "PSE", "adm1"), ("Gaza-Stadt", "PSE", "city"), ("Rotes Meer", None, "sea"),
        ("Straße von Hormus", None, "sea"), ("Schlangeninsel", "UKR", "site"), ("DR Kongo", "COD", "country"),
        ("VAE", "ARE", "country"), ("USA", "USA", "country"), ("Kosovo", "XKX", "country"),
        ("Weißrussland", "BLR", "country"), ("Birma", "MMR", "country"), ("Dnipro", "UKR", "city"),
        ("Niger", "NER", "country"), ("Bethlehem", "PSE", "city"), ("Lugansk", "UKR", "city"),
    ],
)  # fmt: skip
def test_what_a_name_means(name: str, country: str | None, precision: str) -> None:
    place = found(name)
    if name == "Rotes Meer":  # the sea, though a state of Sudan is called after it
        assert place.precision in ("sea", "adm1")
        return
    assert (place.country, place.precision) == (country, precision)


def test_the_country_decides_between_places_of_one_name() -> None:
    assert found("Palma", "ESP").country == "ESP"
    assert found("Palma", "MOZ").country == "MOZ"
    assert found("Birmingham", "usa").country == "USA"


def test_places_not_taken_are_told() -> None:
    _, _, reason, others = resolve_name("Donezk")
    assert "RUS" in {place.country for place in others}
    assert dict(reason.values)["others"] == str(len(others))


@pytest.mark.parametrize(
    "name",
    ["", " ", "x", "x" * 10_000, "\x00", "Kiew\x00", "%", "_", "*", "' OR 1=1 --", "🙂", "\u202e", "Qwrtzpf", "\ud800",
     "12", "ы" * 10_000],
)  # fmt: skip
def test_what_is_no_name_is_unknown(name: str) -> None:
    place, score, reason, others = resolve_name(name)
    assert (place, score, reason.key, others) == (None, 0.0, "places.unknown-name", ())


def test_letters_of_any_case() -> None:
    assert found("kiew") == found("KIEW") == found("Kiew") == found(" Kiew ")


@pytest.mark.parametrize(
    ("cyrillic", "ukrainian", "german"),
    [
        ("Запоріжжя", True, "Saporischschja"), ("Горлівка", True, "Horliwka"), ("Черкаси", True, "Tscherkassy"),
        ("Слов'янськ", True, "Slowjansk"), ("Белгород", False, "Belgorod"), ("Ейск", False, "Jeisk"),
        ("Алексин", False, "Alexin"), ("Нижний", False, "Nischni"), ("Борисоглебск", False, "Borissoglebsk"),
    ],
)  # fmt: skip
def test_cyrillic_in_german_letters(cyrillic: str, ukrainian: bool, german: str) -> None:
    assert transliterate(cyrillic, ukrainian=ukrainian) == german


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Jarābulus", ["Dscharabulus"]), ("Khān Shaykhūn", ["Chan Schaichun", "Chan Scheichun"]),
        ("Al Qāmishlī", ["Al-Kamischli", "Kamischli"]), ("Ḩadīthah", ["Haditha"]), ("", [""]),
        ("Ash Shaykh Zuwayd", ["Al-Schaich Suwaid", "Al-Scheich Suweid"]),
    ],
)  # fmt: skip
def test_arabic_names_in_german_letters(english: str, german: list[str]) -> None:
    assert germanise(english) == german


@pytest.mark.parametrize(
    ("one", "other"), [("Chmelnyzkyj", "Khmelnytskyi"), ("Saporischschja", "Zaporizhzhia"), ("al-Hasaka", "Hassaka")]
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_names_that_do_not_sound_alike() -> None:
    assert len({skeleton(name) for name in ("Kursk", "Kiew", "Gori", "Goma", "Donezk", "Luhansk")}) == 6


@pytest.mark.parametrize(("name", "key"), [("Chan-Junis", "chan junis"), ("Be'eri", "beeri"), ("Łódź", "lodz")])
def test_folding(name: str, key: str) -> None:
    assert fold(name) == key


# --- geopy's interface --------------------------------------------------------------------------------


def test_it_is_a_geocoder_of_geopy() -> None:
    geocoder = gazetteer.load()
    location = geocoder.geocode("Odessa")
    assert isinstance(location, Location)
    assert location.raw["id"] == "geonames:698740"
    assert round(location.latitude) == 46
    every = geocoder.geocode("Odessa", exactly_one=False)
    assert isinstance(every, list)
    assert every[0] == location
    assert len(every) > 2
    assert geocoder.geocode("Qwrtzpf") is None
    assert RateLimiter(geocoder.geocode, min_delay_seconds=0, swallow_exceptions=False)("Odessa") == location


@pytest.mark.parametrize("query", ["", " ", "x" * 121, "\x00", None, 3])
def test_bad_queries_are_errors_of_geopy(query: object) -> None:
    with pytest.raises(GeocoderQueryError):
        gazetteer.load().geocode(query)  # type: ignore[arg-type]


# --- the tables ---------------------------------------------------------------------------------------


def test_towns_of_the_table_lie_where_geonames_has_them() -> None:
    towns = {f"geonames:{c['geonameid']}": (float(c["latitude"]), float(c["longitude"])) for c in cities()}
    rows = [row for row in read_table("places") if row["source"] != "hand"]
    assert len(rows) > 100
    assert all(kilometres(towns[row["source"]], (float(row["lat"]), float(row["lon"]))) < 15 for row in rows)


def test_points_set_by_hand_lie_in_their_country() -> None:
    """Near a town of that country; seas and deserts lie farther from one, at most as far as their radius."""
    towns: dict[str, list[tuple[float, float]]] = {}
    codes = {row["iso2"]: row["iso3"] for row in read_table("countries")}
    for city in cities():
        towns.setdefault(codes.get(city["countrycode"], ""), []).append(
            (float(city["latitude"]), float(city["longitude"]))
        )
    stray = []
    for table in ("places", "regions"):
        for row in read_table(table):
            if not row["country"]:
                continue
            point = float(row["lat"]), float(row["lon"])
            near = min(towns[row["country"]], key=lambda town: (town[0] - point[0]) ** 2 + (town[1] - point[1]) ** 2)
            distance = kilometres(point, near)
            if distance > max(240, float(row["radius_km"])):
                stray.append((row["name"], round(distance)))
    assert not stray


def test_regions_by_hand_agree_with_the_middle_of_their_towns() -> None:
    points: dict[str, list[tuple[float, float]]] = {}
    for city in cities():
        code = f"{city['countrycode']}.{city['admin1code']}"
        points.setdefault(code, []).append((float(city["latitude"]), float(city["longitude"])))
    distances = []
    for row in read_table("regions"):
        if row["code"]:
            lat, lon, radius = find_middle(points[row["code"]])
            assert 60 <= radius <= 350
            distances.append(kilometres((lat, lon), (float(row["lat"]), float(row["lon"]))))
    assert sorted(distances)[len(distances) // 2] < 30
    assert max(distances) < 450


@pytest.mark.parametrize(
    ("name", "country", "admin1", "near"),
    [
        ("Rajon Pokrowsk", "UKR", "Donezk", (48.28, 37.18)),
        ("Bachmuter Rajon", "UKR", "Donezk", (48.59, 38.0)),
        ("Rajon Sudscha", "RUS", "Kursk", (51.19, 35.27)),
        ("Bezirk Afrin", "SYR", "Aleppo", (36.51, 36.87)),
        ("Distrikt Haidan", "YEM", "Saada", (16.77, 43.44)),
        ("Landkreis Cizre", "TUR", "Sirnak", (37.33, 42.19)),
        ("Territorium Masisi", "COD", "Nord-Kivu", (-1.57, 29.04)),
        ("Gouvernement Chan Junis", "PSE", None, (31.34, 34.3)),
    ],
)
def test_second_level_regions_go_by_the_name_of_their_seat(
    name: str, country: str, admin1: str | None, near: tuple[float, float]
) -> None:
    place = found(name)
    assert (place.country, place.admin1, place.precision) == (country, admin1, "district")
    assert kilometres((place.lat, place.lon), near) < 60
    bare = name.split(" ")[-1] if not name.endswith("Rajon") else "Bachmut"
    assert found(bare).precision != "district"


def test_second_level_regions_lie_beside_their_seat() -> None:
    towns = {str(c["geonameid"]): (float(c["latitude"]), float(c["longitude"])) for c in cities()}
    rows = [row for row in read_table("admin2") if row["seat"] in towns]
    far = [kilometres(towns[row["seat"]], (float(row["lat"]), float(row["lon"]))) for row in rows]
    assert len(rows) > 4000
    assert sorted(far)[len(far) * 95 // 100] < 60


def test_columns_hold_what_they_are_called() -> None:
    countries = {row["iso3"] for row in read_table("countries")}
    for row in read_table("places"):
        assert row["precision"] in get_args(PlacePrecision)
        assert row["country"] in countries | {""}
        assert row["source"] == "hand" or row["source"].startswith("geonames:")
    for row in read_table("country_names"):
        assert row["iso3"] in countries
    for table in ("places", "regions"):
        names = [(row["name"], row["country"], row.get("precision")) for row in read_table(table)]
        assert len(names) == len(set(names))


def test_names_of_countries_are_those_of_cldr() -> None:
    """All but a few islands that are no states and have no point of their own in the source."""
    babel = pytest.importorskip("babel")
    names = babel.Locale("de").territories
    codes = {row["iso2"] for row in read_table("countries")}
    assert len(codes) > 235
    unknown = [names[code] for code in sorted(codes & set(names)) if not resolve_name(names[code])[0]]
    assert not unknown
    assert all(found(names[code]).precision == "country" for code in codes & set(names))


@pytest.mark.parametrize(("area", "radius"), [(360, 60), (603_550, 548), (17_100_000, 600)])
def test_radius_of_a_country(area: float, radius: float) -> None:
    assert country_radius(area) == radius


def test_crimea_is_ukraine() -> None:
    for name in ("Krim", "Jalta", "Kertsch", "Feodossija", "Dschankoj", "Jewpatorija", "Halbinsel Krim"):
        assert found(name).country == "UKR", name


# --- building and opening -----------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from pipeline import gazetteer
from pipeline.gazetteer import build as builder
towns = {towns!r}
every = builder.load_cities
builder.load_cities = lambda: [city for city in every() if str(city["geonameid"]) in towns]
builder.build_index(Path(sys.argv[1]))
print(gazetteer.is_whole(Path(sys.argv[1])))
"""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A cache folder of its own and an index of five towns."""
    towns = [city for city in cities() if str(city["geonameid"]) in TOWNS]
    monkeypatch.setattr("pipeline.gazetteer.build.load_cities", lambda: towns)
    monkeypatch.setenv("CET_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache"
    for place in [place for place in gazetteer._opened if place[1] and place[1].startswith(str(tmp_path))]:
        gazetteer._opened.pop(place)._connection.close()


def test_the_index_is_built_once_and_opened_again(small: Path) -> None:
    shares: list[float] = []
    first = gazetteer.load(lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    (path,) = small.iterdir()
    assert path.name == f"places-{fingerprint()}.sqlite"
    written = path.stat().st_mtime_ns
    assert first.find("Odessa")[0].place.id == "geonames:698740"
    assert gazetteer.load() is first
    assert path.stat().st_mtime_ns == written


def damage_cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def damage_garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 5000)


def damage_empty(path: Path) -> None:
    path.write_bytes(b"")


def damage_other(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = 'older'")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("damage", [damage_cut, damage_garbage, damage_empty, damage_other])
def test_a_broken_index_is_built_anew(small: Path, damage) -> None:
    gazetteer.load()._connection.close()
    (path,) = small.iterdir()
    gazetteer._opened.pop((os.getpid(), str(small), os.environ.get("XDG_CACHE_HOME")))
    damage(path)
    assert not is_whole(path)
    again = gazetteer.load()
    assert is_whole(path)
    assert again.find("Odessa")


def test_damage_inside_is_noticed_when_it_is_met(small: Path) -> None:
    gazetteer.load()._connection.close()
    (path,) = small.iterdir()
    gazetteer._opened.pop((os.getpid(), str(small), os.environ.get("XDG_CACHE_HOME")))
    content = bytearray(path.read_bytes())
    content[8192 : len(content) - 4096] = b"\xff" * (len(content) - 4096 - 8192)
    path.write_bytes(content)
    if is_whole(path):  # the header and the last row survived
        assert gazetteer.load().find("Odessa")
    else:
        assert gazetteer.load().find("Odessa")
    assert is_whole(path)


def test_half_an_index_never_takes_the_place_of_a_whole_one(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = small / "index.sqlite"
    build_index(target)
    before = target.read_bytes()

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr("pipeline.gazetteer.build._write", fail)
    with pytest.raises(GazetteerError, match=r"cannot be built in .*: disk is full\."):
        build_index(target)
    assert target.read_bytes() == before
    assert [path.name for path in small.iterdir()] == ["index.sqlite"]


def test_two_processes_build_at_once(tmp_path: Path) -> None:
    target = tmp_path / "index.sqlite"
    command = [sys.executable, "-c", SCRIPT.format(towns=TOWNS), str(target)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate(timeout=120)[0] for process in running]
    assert answers == ["True\n", "True\n"]
    assert [path.name for path in tmp_path.iterdir()] == ["index.sqlite"]
    connection = sqlite3.connect(target)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.usefixtures("small")
def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("CET_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(GazetteerError) as caught:
        gazetteer.load()
    message = str(caught.value)
    assert str(tmp_path / "file") in message
    assert "\n" not in message
    assert message.endswith(".")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_serves_an_index_that_is_there(small: Path) -> None:
    gazetteer.load()
    gazetteer._opened.pop((os.getpid(), str(small), os.environ.get("XDG_CACHE_HOME")))
    small.chmod(0o555)
    try:
        assert gazetteer.load().find("Odessa")
        shutil.copy(next(small.iterdir()), small.parent / "kept")
    finally:
        small.chmod(0o755)


def test_indexes_of_other_versions_go_after_a_month(small: Path) -> None:
    small.mkdir()
    old, recent = small / "places-0123.sqlite", small / "places-4567.sqlite"
    for path, days in ((old, 40), (recent, 3)):
        path.write_bytes(b"x")
        os.utime(path, (time.time() - days * 86400,) * 2)
    gazetteer.load()
    assert not old.exists()
    assert recent.exists()


def test_the_version_changes_with_the_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "gazetteer", tmp_path / "tables")
    monkeypatch.setattr("pipeline.gazetteer.build.TABLES", tmp_path / "tables")
    before = fingerprint()
    with (tmp_path / "tables" / "places.tsv").open("a", encoding="utf-8") as table:
        table.write("# one more line\n")
    assert fingerprint() != before


def test_a_broken_table_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pipeline.gazetteer.build.TABLES", tmp_path)
    (tmp_path / "places.tsv").write_text("# comment\nname\tlat\nOrt\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match=r"Row 2 of data/gazetteer/places.tsv has 1 columns, not 2"):
        list(read_table("places"))


def test_the_command_answers_line_by_line() -> None:
    lines = ['{"name": "Odessa"}', "[1]", '{"name": "Palma", "country": "ESP"}', '{"name": "' + "x" * 10_000 + '"}']
    run = subprocess.run(
        [sys.executable, "-m", "pipeline", "geocode", "--jsonl"],
        cwd=ROOT, input="\n".join(lines) + "\n", text=True, capture_output=True, check=False,
    )  # fmt: skip
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["place"] and answer["place"]["country"] for answer in answers] == ["UKR", None, "ESP", None]
    assert run.returncode == 1
    assert "Traceback" not in run.stderr


@settings(max_examples=200, deadline=None)
@given(st.sets(st.text(min_size=1, max_size=30), max_size=50), st.text(max_size=30))
def test_the_membership_filter_never_denies_a_name_that_is_held(held: set[str], other: str) -> None:
    bits = collect_keys(held)
    assert all(may_hold(bits, key) for key in held)
    assert len(bits) == 2 * 2**20
    if not held:
        assert not may_hold(bits, other)


def test_the_membership_filter_spares_most_look_ups() -> None:
    bits = gazetteer.load()._bits
    words = [f"{front}{back}" for front in ("Qux", "Wortx", "Ypsi") for back in range(1000)]
    assert sum(may_hold(bits, word.lower()) for word in words) < 0.1 * len(words)
