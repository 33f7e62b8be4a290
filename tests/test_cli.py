"""The commands as a user types them: answers, errors in one sentence, exit statuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import made_files as made
import pytest

from pipeline import cli

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seeds" / "000_65bc38f4d776f2b5.txt"

TEXT = "Kiew, 4. März 2024. Am Samstag griff Russland Odessa an. Dabei starben mindestens acht Menschen.\n"


def run(*arguments: str | Path, stdin: bytes = b"", store: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **({"CET_STORE": str(store)} if store else {})}
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(
        command, input=stdin, capture_output=True, cwd=ROOT, env=environment, timeout=120, check=False
    )


def one_sentence(answer: subprocess.CompletedProcess[bytes]) -> str:
    said = answer.stderr.decode().strip()
    assert "Traceback" not in said
    assert said.count("\n") == 0, said
    assert said.endswith(".")
    return said


def test_the_seed_annotated():
    answer = run("annotate", SEED, "--reasons", "de")
    assert answer.returncode == 0
    found = json.loads(answer.stdout)
    assert (found["published"], found["published_source"]) == ("2025-12-20", "inferred")
    assert len(found["events"]) > 10


def test_the_seed_run_twice_and_exported(tmp_path):
    assert run("run", "seeds", store=tmp_path / "s").returncode == 0
    again = run("run", "seeds", store=tmp_path / "s")
    assert b"0 reports added" in again.stderr
    for kind in ("csv", "geojson", "xlsx", "parquet"):
        assert run("export", "--format", kind, tmp_path / f"out.{kind}", store=tmp_path / "s").returncode == 0
        assert (tmp_path / f"out.{kind}").stat().st_size > 1000


def test_lines_are_answered_one_by_one_and_a_bad_line_does_not_stop_the_rest():
    lines = [
        {"id": "a", "text": TEXT, "language": "de", "published": "2024-03-04"},
        "no json", {"id": "b"}, {"id": "c", "text": TEXT, "published": "yesterday"}, {"id": "d", "text": TEXT},
    ]  # fmt: skip
    sent = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode() + b"\n\xff\xfe\n"
    answer = run("annotate", "--jsonl", stdin=sent)
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.returncode == 1
    assert [row["id"] for row in found] == ["a", None, "b", "c", "d", None]
    assert [bool(row.get("events")) for row in found] == [True, False, False, False, True, False]
    assert all(row["problems"] for row in found[1:])


def test_answers_stream():
    """Each line is answered before the next is read."""
    command = [sys.executable, "-m", "pipeline", "annotate", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("a", "b"):
            process.stdin.write(json.dumps({"id": name, "text": TEXT}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_reader_that_has_seen_enough_ends_the_command_in_silence():
    command = [sys.executable, "-m", "pipeline", "annotate", "--jsonl"]
    lines = b"".join(json.dumps({"id": str(number), "text": TEXT}).encode() + b"\n" for number in range(40))
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"id": "first", "text": TEXT}).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        _, said = process.communicate(lines, timeout=60)
        assert process.returncode == 141
    assert said == b""


def test_commands_leave_the_signals_of_the_process_alone():
    """A peer that hangs up must not end the process (SIGPIPE would, at its default)."""
    before = signal.getsignal(signal.SIGPIPE)
    assert cli.main(["date", "am Samstag", "--published", "2025-12-24"]) == 0
    assert signal.getsignal(signal.SIGPIPE) is before


def test_a_date():
    answer = json.loads(run("date", "am Samstag", "--published", "2025-12-24").stdout)
    assert (answer["date_start"], answer["date_end"]) == ("2025-12-20", "2025-12-20")
    undated = run("date", "am Samstag")
    assert json.loads(undated.stdout)["date_start"] is None
    assert run("date", "Haus", "--published", "2025-12-24").returncode == 1


def test_a_place():
    answer = json.loads(run("geocode", "Kiew").stdout)
    assert answer["place"]["country"] == "UKR"
    lines = b'{"name": "Odessa", "country": "UKR"}\n{"name": "Xyzzy"}\n[]\n'
    found = run("geocode", "--jsonl", stdin=lines)
    assert found.returncode == 1
    places = [json.loads(line)["place"] for line in found.stdout.splitlines()]
    assert [place and place["country"] for place in places] == ["UKR", None, None]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n \n", b"%PDF-1.7 x", bytes(range(256)) * 9, b"\x93" * 900],
    ids=["empty", "blank", "pdf", "bytes", "encoding"],
)
def test_a_file_that_is_no_text(tmp_path, raw):
    path = tmp_path / "report.txt"
    path.write_bytes(raw)
    answer = run("annotate", path)
    assert answer.returncode == 2
    assert "report.txt" in one_sentence(answer)
    assert not answer.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("annotate", "missing.txt"), "missing.txt"), (("run", "missing"), "missing"), (("annotate",), "FILE"),
        (("annotate", "--jsonl", "x"), "not both"), (("annotate", SEED, "--published", "2025-02-30"), "2025-02-30"),
        (("annotate", SEED, "--language", "xx"), "xx"), (("date", "am Samstag", "--published", "gestern"), "gestern"),
        (("export", "--format", "csv", "x.csv", "--store", "/nowhere/store"), "/nowhere/store"), (("geocode",), "NAME"),
        (("export", "--format", "doc", "x"), "doc"), (("dance",), "dance"), ((), "COMMAND"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_sentence_and_status_2(arguments, word):
    answer = run(*arguments)
    assert answer.returncode == 2
    assert word in one_sentence(answer)


def test_one_bad_file_does_not_keep_the_others_out(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.txt").write_bytes(b"")
    answer = run("run", folder, store=tmp_path / "s")
    assert answer.returncode == 1
    assert b"b.txt is empty." in answer.stderr
    assert b"1 reports added" in answer.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = run("run", empty, store=tmp_path / "s")
    assert nothing.returncode == 2
    assert "holds no report" in one_sentence(nothing)


def test_no_date_is_said_and_nothing_relative_is_dated(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Am Samstag griff Russland Odessa an. Am 3. Mai 2023 griff Russland Charkiw an.", encoding="utf-8")
    answer = run("annotate", path)
    assert answer.returncode == 2
    assert "--published" in one_sentence(answer)
    found = json.loads(answer.stdout)
    assert found["published"] is None
    assert found["problems"][0]["stage"] == "input"
    dates = {(time["text"], time["date_start"]) for time in found["times"]}
    assert any(text.endswith("Samstag") and day is None for text, day in dates)
    assert any(day == "2023-05-03" for _, day in dates)


def test_a_text_of_20_mb_is_refused(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text(TEXT * (20_000_000 // len(TEXT)), encoding="utf-8")
    answer = run("annotate", path, "--published", "2024-03-04")
    assert answer.returncode == 2
    assert "longer than 5 MB" in one_sentence(answer)
    stored = run("run", path, SEED, store=tmp_path / "s")
    assert stored.returncode == 1
    assert b"1 reports added" in stored.stderr


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.docx", "a.eml", "a.zip", "a.warc.gz", "a.jsonl", "a.txt"])
def test_every_kind_of_file_is_annotated_and_stored(name, tmp_path):
    (tmp_path / name).write_bytes(made.every_kind()[name])
    answer = run("annotate", "--published", "2025-12-20", tmp_path / name)
    assert answer.returncode == 0, answer.stderr
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(found) == (2 if name in ("a.eml", "a.zip") else 1)
    for document in found:
        assert ("text" in document) is (name not in ("a.txt", "a.jsonl"))  # offsets are into the text, not the file
        assert any(event["type"] == "ASSAULT" for event in document["events"])
    assert run("run", tmp_path / name, store=tmp_path / "s").returncode == 0


def test_a_page_says_what_is_no_running_text(tmp_path):
    (tmp_path / "a.html").write_bytes(made.page())
    found = json.loads(run("annotate", tmp_path / "a.html").stdout)
    assert (found["title"], found["author"], found["source"]) == (made.TITLE, made.AUTHOR, made.OUTLET)
    assert (found["published"], found["published_source"]) == ("2025-12-20", "metadata")
    parts = {found["text"][part["start"] : part["end"]]: part["kind"] for part in found["parts"]}
    assert parts["Empfohlene Geschichten"] == "related"


@pytest.mark.parametrize("command", ["annotate", "run"])
def test_an_address_inside_is_refused_in_one_sentence(command, tmp_path):
    answer = run(command, "http://user:secret@127.0.0.1/", store=tmp_path / "s")
    assert answer.returncode == 2
    assert b"secret" not in answer.stderr + answer.stdout
    assert b"name or password" in answer.stderr


def test_a_watch_without_feeds(tmp_path):
    path = tmp_path / "feeds.opml"
    path.write_text("<opml/>", encoding="utf-8")
    answer = run("watch", path, "--once", store=tmp_path / "s")
    assert answer.returncode == 2
    assert "no list of feeds" in one_sentence(answer)
    assert "minutes" in one_sentence(run("watch", path, "--every", "0"))
    path.write_text('<opml><body><outline xmlUrl="http://127.0.0.1/feed"/></body></opml>', encoding="utf-8")
    answer = run("watch", path, "--once", store=tmp_path / "s")
    assert answer.returncode == 1
    assert b"not asked" in answer.stderr or b"robots.txt" in answer.stderr


def test_annotate_starts_without_what_only_other_kinds_need():
    """Heavy libraries are loaded by those who use them."""
    code = "import sys, pipeline.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True, text=True
    ).stdout.split()
    heavy = {
        "trafilatura",
        "lxml",
        "pypdf",
        "docx",
        "feedparser",
        "htmldate",
        "dask",
        "distributed",
        "pandas",
        "deltalake",
    }
    assert not heavy & set(loaded)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_said_in_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "date", "am Samstag", "--published", "2025-12-20"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "pipeline: The answer cannot be written: No space left on device.\n"
