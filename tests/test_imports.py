"""Rows of ACLED and UCDP GED become events with our precision; a bad row is kept, named, and stops nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
import yaml

from pipeline import export, imports, wording
from pipeline.errors import InputError
from pipeline.imports.codebook import load_codebook
from pipeline.imports.days import read_day
from pipeline.imports.names import country_of, find_actor
from pipeline.language import DATA
from pipeline.records import Count, Filter
from pipeline.store import Store

NOW = datetime(2025, 12, 21, tzinfo=UTC)
# The columns that an ACLED export has (acleddata.com/acled-codebook); the rows are made up.
ACLED = {
    "event_id_cnty": "UKR1", "event_date": "2024-03-08", "year": "2024", "time_precision": "1",
    "disorder_type": "Political violence", "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike", "actor1": "Military Forces of Russia (2000-)", "assoc_actor_1": "",
    "inter1": "External/Other forces", "actor2": "Civilians (Ukraine)", "assoc_actor_2": "Labor Group (Ukraine)",
    "inter2": "Civilians", "interaction": "", "civilian_targeting": "", "iso": "804", "region": "Europe",
    "country": "Ukraine", "admin1": "Odesa", "admin2": "", "admin3": "", "location": "Odesa", "latitude": "46.4775",
    "longitude": "30.7326", "geo_precision": "1", "source": "Made-up Times", "source_scale": "National",
    "notes": "On 8 March, a made-up strike hit Odesa.", "fatalities": "3", "tags": "", "timestamp": "1",
}  # fmt: skip
UCDP = {
    "id": "1.0", "type_of_violence": "1.0", "conflict_name": "Madeland: Government",
    "dyad_name": "Government of Mali - X",
    "side_a": "Government of Mali", "side_b": "Group X", "source_article": '"Made-up, 2020-05-03, Title"',
    "source_office": "Made-up", "source_date": "2020-05-03", "source_headline": "Title", "where_prec": "1.0",
    "where_coordinates": "Bamako city", "where_description": "in Bamako", "adm_1": "Bamako", "latitude": "12.65",
    "longitude": "-8.0", "country": "Mali", "date_prec": "1.0", "date_start": "2020-05-02", "date_end": "2020-05-02",
    "best": "4", "high": "6", "low": "2",
}  # fmt: skip


def table(base: dict[str, str], *rows: dict[str, str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(base), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(base | row for row in rows)
    return out.getvalue()


def read(text: str):
    return list(imports.read_lines(io.StringIO(text, newline=""), "file.csv"))


def only(base, **changes):
    (document,) = read(table(base, changes))
    return document, document.events[0]


def test_a_row_of_acled():
    document, event = only(ACLED)
    assert (document.id, document.origin, document.source) == ("acled:UKR1", "acled", "Made-up Times")
    assert document.problems == ()
    assert document.text == "Air/drone strike: On 8 March, a made-up strike hit Odesa."
    assert document.text[slice(*event.trigger)] == "Air/drone strike"
    assert (event.type, event.mode, event.acled) == (
        "ASSAULT", "aerial", "Explosions/Remote violence:Air/drone strike",
    )  # fmt: skip
    assert (event.when.start, event.when.end, event.when.precision) == (date(2024, 3, 8), date(2024, 3, 9), "day")
    assert (event.places[0].country, event.places[0].precision, event.places[0].lat) == ("UKR", "city", 46.4775)
    assert event.places[0].id.startswith("geonames:")
    assert [(p.actor.id, p.role) for p in event.actors] == [
        ("rus-mil", "actor"), ("ukr-civ", "target"),
        ("labor-group-ukraine", "target"),
    ]  # fmt: skip
    assert event.fatalities == Count(None, 3, None)
    for language in wording.languages():
        assert all("ACLED" in wording.say(reason, language) for reason in event.reasons)


def test_a_row_of_ucdp():
    document, event = only(UCDP)
    assert (document.id, document.origin, document.published) == ("ucdp:1", "ucdp", date(2020, 5, 3))
    assert document.problems == ()
    assert event.fatalities == Count(2, 4, 6)
    assert [(p.actor.id, p.role) for p in event.actors] == [("mli", "participant"), ("group-x", "participant")]
    assert (event.places[0].name, event.places[0].country) == ("Bamako", "MLI")
    assert document.text[slice(*event.trigger)] == "State-based conflict"


@pytest.mark.parametrize(
    ("code", "day", "first", "last", "precision", "approximate"),
    [
        ("1", "2024-03-08", "2024-03-08", "2024-03-08", "day", False),
        ("2", "2024-03-08", "2024-03-04", "2024-03-10", "week", True),
        ("3", "2024-02-29", "2024-02-01", "2024-02-29", "month", True),
        ("1", "08 March 2024", "2024-03-08", "2024-03-08", "day", False),
        ("9", "2024-03-08", "2024-03-01", "2024-03-31", "month", True),
    ],
)
def test_time_precision_of_acled(code, day, first, last, precision, approximate):
    document, event = only(ACLED, time_precision=code, event_date=day)
    when = event.when
    assert (when.start.isoformat(), when.precision, when.approximate) == (first, precision, approximate)
    assert (when.end.toordinal() - 1) == date.fromisoformat(last).toordinal()
    assert bool(document.problems) == (code == "9")


@pytest.mark.parametrize(
    ("code", "precision", "radius"), [("1", "city", 25), ("2", "district", 60), ("3", "adm1", 150), ("", "adm1", 150)]
)
def test_geo_precision_of_acled(code, precision, radius):
    _, event = only(ACLED, geo_precision=code)
    assert (event.places[0].precision, event.places[0].radius_km) == (precision, radius)


@pytest.mark.parametrize("where_prec", range(1, 8))
@pytest.mark.parametrize(
    ("date_prec", "first", "last"),
    [
        (1, "2020-05-02", "2020-05-02"),
        (2, "2020-05-02", "2020-05-02"),
        (2, "2020-05-02", "2020-05-04"),
        (3, "2020-05-04", "2020-05-10"),
        (4, "2020-05-01", "2020-05-31"),
        (5, "2020-01-01", "2020-12-31"),
    ],
)
def test_codes_of_ucdp_come_back_in_an_export(tmp_path, where_prec, date_prec, first, last):
    document, _ = only(UCDP, where_prec=f"{where_prec}.0", date_prec=f"{date_prec}.0", date_start=first, date_end=last)
    store = Store(tmp_path / "store")
    store.add([document], now=NOW)
    (row,) = csv.DictReader(io.StringIO(export.table(store.events(), "csv").decode()))
    assert (row["where_prec"], row["date_prec"], row["origin"]) == (str(where_prec), str(date_prec), "ucdp")
    assert (row["date_start"], row["date_end"]) == (first, last)
    assert (row["fatalities_low"], row["fatalities_best"], row["fatalities_high"]) == ("2", "4", "6")


@pytest.mark.parametrize(
    ("base", "changes", "said", "lost"),
    [
        (ACLED, {"event_date": "yesterday"}, "event_date is yesterday", "when"),
        (ACLED, {"event_date": "2024-02-30"}, "event_date", "when"),
        (ACLED, {"event_date": ""}, "does not say when", "when"),
        (ACLED, {"latitude": "95"}, "latitude is 95", "places"),
        (ACLED, {"latitude": "north"}, "latitude is north", "places"),
        (ACLED, {"longitude": "inf"}, "longitude is inf", "places"),
        (ACLED, {"longitude": ""}, "does not say where", "places"),
        (ACLED, {"fatalities": "many"}, "fatalities is many", "fatalities"),
        (ACLED, {"fatalities": "-1"}, "fatalities is -1", "fatalities"),
        (ACLED, {"fatalities": "1.5"}, "fatalities is 1.5", "fatalities"),
        (ACLED, {"event_type": "Magic", "sub_event_type": "Spell"}, "Spell", None),
        (ACLED, {"event_id_cnty": ""}, "no id", None),
        (UCDP, {"type_of_violence": "7"}, "“7”", None),
        (UCDP, {"date_start": "2021-01-01"}, "does not say when", "when"),
        (UCDP, {"date_prec": "x"}, "date_prec", None),
        (UCDP, {"where_prec": "9"}, "where_prec", "places"),
        (UCDP, {"id": ""}, "no id", None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_bad_cell_costs_only_itself_and_is_named_with_its_row(base, changes, said, lost):
    documents = read(
        table(base, {}, {"event_id_cnty": "UKR2", "id": "2"} | changes, {"event_id_cnty": "UKR3", "id": "3"})
    )
    assert [len(document.events) for document in documents] == [1, 1, 1]
    assert [bool(document.problems) for document in documents] == [False, True, False]
    messages = " ".join(problem.message for problem in documents[1].problems)
    assert "Row 3" in messages
    assert said in messages
    if lost:
        assert not getattr(documents[1].events[0], lost)


def test_broken_rows_are_kept_as_they_stand_and_stop_nothing():
    good = table(ACLED, {}, {"event_id_cnty": "UKR2", "notes": 'two\nlines, and a "mark"'}).split("\r\n")
    text = "\r\n".join([*good[:2], "too,few", 'an "open mark,x', *good[2:], ""])
    documents = read(text)
    assert [document.id for document in documents if document.events] == ["acled:UKR1", "acled:UKR2"]
    assert [document.text for document in documents if not document.events] == ["too,few", 'an "open mark,x']
    assert "quotation mark" in documents[2].problems[0].message
    assert documents[3].text.endswith('two lines, and a "mark"')


@pytest.mark.parametrize(("base", "left_out"), [(ACLED, ("tags", "timestamp")), (UCDP, ("low",))])
def test_a_row_that_ends_early_has_its_event_unless_a_cell_is_missing_in_its_middle(base, left_out):
    header, row, *_ = table(base, {}).split("\r\n")
    cells = next(csv.reader([row]))
    ends = io.StringIO(newline="")
    middle = 1 + list(base).index("country")
    csv.writer(ends).writerows([cells[: -len(left_out)], [*cells[: middle - 1], *cells[middle:]]])
    early, broken = read(f"{header}\r\n{ends.getvalue()}")
    assert early.events
    assert "Row 2" in early.problems[0].message
    assert not broken.events
    assert [problem.message.partition(" ")[0] for problem in broken.problems] == ["Row", "Row"]


def test_the_same_id_twice_loses_nothing():
    documents = read(table(ACLED, {}, {"notes": "another"}))
    assert [document.id for document in documents] == ["acled:UKR1", "acled:UKR1:2"]
    assert documents[1].events[0].id == "acled:UKR1:2"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\n", "id\n", "=cmd|'x'!A1,b\n", "\x00\n"])
def test_another_file_is_refused_in_a_sentence(text):
    with pytest.raises(InputError, match="not imported") as refused:
        read(text)
    assert "ACLED" in wording.say(refused.value.reason, "de")


def test_other_delimiters_marks_and_encodings(tmp_path):
    text = table(ACLED, {"notes": "Überfall"})
    file = tmp_path / "acled.csv"
    for content in (b"\xef\xbb\xbf" + text.encode(), text.replace("\r\n", "\r").encode()):
        file.write_bytes(content)
        (document,) = imports.read_file(file)
        assert document.text.endswith("Überfall")
    for encoding in ("latin-1", "cp1252", "utf-16"):
        file.write_bytes(text.encode(encoding))
        (document,) = imports.read_file(file)
        assert document.text.endswith("Überfall")
        assert not document.problems
    file.write_bytes(text.encode().replace("Überfall".encode(), b"\x81\xff"))  # in no encoding that is known
    (document,) = imports.read_file(file)
    assert "cannot be read" in document.problems[0].message
    assert document.events
    rows = list(csv.reader(io.StringIO(text)))
    for delimiter in ";\t":
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter).writerows(rows)
        for before in ("", f"sep={delimiter}\r\n"):
            assert read(before + out.getvalue())[0].events[0].when
    with pytest.raises(InputError, match="cannot be read"):
        list(imports.read_file(tmp_path / "nothing.csv"))


def test_imported_events_stand_beside_extracted_ones_marked_and_apart(tmp_path):
    store = Store(tmp_path / "store")
    documents = read(table(ACLED, {}, {"event_id_cnty": "UKR2"})) + read(table(UCDP, {}))
    assert store.add(documents, now=NOW).events == 3
    assert store.add(documents, now=NOW).unchanged == 3
    assert store.count() == 3
    assert store.count(Filter(origins=("acled",))) == 2
    assert dict(zip(store.facets().origins["id"], store.facets().origins["events"], strict=True)) == {
        "acled": 2,
        "ucdp": 1,
    }
    for language in wording.languages():
        assert wording.label("origins", "acled", language) == "ACLED"


def test_every_type_of_the_codebooks_is_one_of_ours():
    for origin in ("acled", "ucdp"):
        codebook = load_codebook(origin)
        assert codebook.types
        assert {kind.type for kind in codebook.types.values()} >= {"ASSAULT"}
    names = {value.split(":")[1] for key, value in yaml.safe_load(
        (DATA / "taxonomy" / "acled.yaml").read_text(encoding="utf-8")).items() if key != "weapons"}  # fmt: skip
    assert names <= set(load_codebook("acled").types)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Yemen (North Yemen)", "YEM"), ("DR Congo (Zaire)", "COD"), ("Kingdom of eSwatini (Swaziland)", "SWZ"),
        ("Macedonia, FYR", "MKD"), ("Ivory Coast", "CIV"), ("Russia (Soviet Union)", "RUS"), ("Turkey", "TUR"),
        ("Democratic Republic of Congo", "COD"), ("Atlantis", None), (None, None),
    ],
)  # fmt: skip
def test_countries_by_the_names_of_the_codebooks(name, code):
    assert country_of(name) == code


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("Government of Syria", "syr"), ("Military Forces of Russia (2000-)", "rus-mil"),
        ("Police Forces of Kenya (2022-)", "ken-cop"), ("Civilians", "civ"), ("Taleban", "afg-taliban"),
        ("Government of Atlantis", "government-of-atlantis"), ("Group X", "group-x"),
    ],
)  # fmt: skip
def test_actors_by_the_names_of_the_codebooks(name, actor):
    assert find_actor(name).id == actor


def test_a_file_that_a_german_spreadsheet_has_saved():
    """Semicolons, a comma in numbers, days and months in its own way, an empty column more."""
    mangled = {"event_date": "08. Mrz 24", "latitude": "46,4775", "longitude": "30,7326"}
    lines = table(ACLED, mangled, mangled | {"event_id_cnty": "UKR2", "event_date": "08.03.2024"})
    rows = [[*row, ""] for row in csv.reader(io.StringIO(lines))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    for document in imports.read_lines(imports.decode_lines(io.BytesIO(out.getvalue().encode("cp1252"))), "file.csv"):
        (event,) = document.events
        assert document.problems == ()
        assert event.when.start == date(2024, 3, 8)
        assert (event.places[0].lat, event.places[0].lon) == (46.4775, 30.7326)


@pytest.mark.parametrize(
    ("days", "read_as"),
    [
        (["03/08/2024", "03/18/2024"], ["2024-03-08", "2024-03-18"]),
        (["03/08/2024", "18/03/2024"], ["2024-08-03", "2024-03-18"]),
        (["3/8/24", "3-18-2024"], ["2024-03-08", "2024-03-18"]),
        (["03/08/2024", "04/08/2024"], [None, None]),  # nothing tells what comes first
        (["03/08/2024", "18/03/2024", "03/18/2024"], [None, "2024-03-18", "2024-03-18"]),
        (["03.08.2024", "45359", "08-Mar-98", "2024/03/08"], ["2024-08-03", "2024-03-08", "1998-03-08", "2024-03-08"]),
        (["03/03/2024"], ["2024-03-03"]),
    ],
    ids=str,
)
def test_days_that_a_spreadsheet_has_rewritten(days, read_as):
    documents = read(table(ACLED, *({"event_id_cnty": str(n), "event_date": day} for n, day in enumerate(days))))
    found = [document.events[0].when for document in documents]
    assert [when and when.start.isoformat() for when in found] == read_as
    for document, when in zip(documents, found, strict=True):
        assert when or "can be two days" in document.problems[0].message


def test_an_old_export_of_acled():
    old = {
        "DATA_ID": "1", "ISO": "12", "EVENT_ID_CNTY": "ALG1", "EVENT_ID_NO_CNTY": "1", "EVENT_DATE": "13 January 1997",
        "YEAR": "1997", "TIME_PRECISION": "1", "EVENT_TYPE": "Battle-No change of territory",
        "ACTOR1": "Military Forces of Algeria (1994-1999)", "ALLY_ACTOR_1": "", "INTER1": "1", "ACTOR2": "Group X",
        "ALLY_ACTOR_2": "Group Y; Group Z", "INTER2": "2", "INTERACTION": "12", "COUNTRY": "Algeria",
        "ADMIN1": "Blida", "LOCATION": "Blida", "LATITUDE": "36.4686", "LONGITUDE": "2.8289", "GEO_PRECISION": "1",
        "SOURCE": "Made-up", "NOTES": "A made-up clash.", "FATALITIES": "2",
    }  # fmt: skip
    document, event = only(old)
    assert document.problems == ()
    assert (event.type, event.acled, event.when.start) == ("ASSAULT", None, date(1997, 1, 13))
    assert [(p.actor.id, p.role) for p in event.actors] == [
        ("dza-mil", "participant"), ("group-x", "participant"), ("group-y", "participant"), ("group-z", "participant"),
    ]  # fmt: skip
    for family in ("Battle-Government regains territory", "Remote violence", "Riots/Protests", "Strategic development"):
        assert only(old, EVENT_TYPE=family)[0].problems == ()


def test_other_versions_of_ucdp_ged():
    """Their columns and how they write days and figures differ; those that are needed are the same."""
    for left_out in (("source_office", "source_date", "source_headline"), ("where_description", "dyad_name"), ()):
        renamed = {f"{name}_est" if name in ("low", "best", "high") else name: cell for name, cell in UCDP.items()}
        for base in (UCDP, renamed):
            kept = {name: cell for name, cell in base.items() if name not in left_out}
            document, event = only(
                kept, date_start="2020-05-02 00:00:00.000", date_end="2020-05-02 00:00:00.000", id="500123"
            )
            assert (document.id, document.problems, event.fatalities) == ("ucdp:500123", (), Count(2, 4, 6))
            assert (event.when.start, event.when.end) == (date(2020, 5, 2), date(2020, 5, 3))


def test_what_is_wrong_with_a_row_is_said_in_each_language():
    (document,) = read(table(ACLED, {"event_date": "yesterday"}))
    (problem, *_) = document.problems
    assert problem.message == "Row 2: event_date is yesterday, which is no day."
    assert wording.tell(problem.reason, "de") == "Zeile 2: event_date ist yesterday; das ist kein Tag."


@pytest.mark.parametrize("words", ["2024-13-01", "31 April 2024", "08 Brumaire 2024", "2024", "tomorrow", "0000-01-01"])
def test_what_is_no_day_is_none(words):
    assert read_day(words) is None


def test_the_real_sample_of_ucdp_is_read_whole(shared, tmp_path):
    path = shared / "data" / "ucdpged_sample1000.csv"
    documents = list(imports.read_file(path))
    assert len(documents) == 1000
    assert [document.problems for document in documents if document.problems] == []
    store = Store(tmp_path / "store")
    store.add(documents, now=NOW)
    exported = {row["id"]: row for row in csv.DictReader(io.StringIO(export.table(store.events(), "csv").decode()))}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ours = exported["ucdp:" + row["id"].removesuffix(".0")]
            for column in ("date_prec", "where_prec"):
                assert ours[column] == row[column].removesuffix(".0"), row["id"]
            assert (ours["date_start"], ours["date_end"]) == (row["date_start"], row["date_end"])
            assert float(ours["fatalities_best"]) == float(row["best"])
            assert abs(float(ours["lat"]) - float(row["latitude"])) < 1e-9
            assert ours["country"]
