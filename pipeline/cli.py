"""The commands. Exit status: 0 done, 1 some input could not be used (and is named), 2 wrong usage.

Answers go to standard output, everything else to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn, TextIO

from pipeline import annotation, gazetteer, ingest, language, process, scale, upkeep, wording
from pipeline.errors import ExportError, GazetteerError, InputError, PipelineError
from pipeline.records import Document, Filter
from pipeline.times import resolve_expression

_EXAMPLES = """examples:
  python -m pipeline run seeds
  python -m pipeline run https://example.org/article.html
  python -m pipeline watch feeds.opml
  python -m pipeline annotate --published 2025-12-20 report.txt
  python -m pipeline date "am Samstag" --published 2025-12-20
  python -m pipeline geocode Odessa --country UKR
  python -m pipeline export --format csv events.csv
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message[0].upper()}{message[1:]}.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _make_parser()
    options = parser.parse_args(arguments)
    try:
        status = int(options.command(options))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as the shell counts a process that SIGPIPE has ended
    except InputError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except PipelineError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{parser.prog}: Stopped.", file=sys.stderr)
        return 130
    return status


def _day(text: str) -> date:
    try:
        return ingest.parse_day(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from None


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 1 <= minutes <= 10_080:  # a week
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes from 1 to 10080")
    return minutes


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1024")
    return int(text)


def _make_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pipeline",
        description="Turns German news reports into dated, geocoded events with actors.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands: Any = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)
    report = argparse.ArgumentParser(add_help=False)
    report.add_argument("--published", type=_day, metavar="YYYY-MM-DD", help="day on which the report was published")
    report.add_argument("--language", metavar="CODE", help="language of the report (default: de)")
    stored = argparse.ArgumentParser(add_help=False)
    stored.add_argument(
        "--store", type=Path, metavar="DIR", help="folder of the store (default: $CET_STORE or ./store)"
    )
    wording_options = argparse.ArgumentParser(add_help=False)
    wording_options.add_argument(
        "--reasons", choices=("de", "en"), default="en", help="language of the sentences that explain (default: en)"
    )

    run = commands.add_parser("run", parents=[report, stored], help="read reports and put their events into the store")
    run.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or web addresses")
    run.add_argument("--progress", action="store_true", help="show progress also when this is no terminal")
    run.add_argument("--workers", type=_count, metavar="N", help="processes of this machine that share the work")
    run.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler whose workers do it (tcp://host:8786)")
    run.set_defaults(command=run_reports)

    watch = commands.add_parser("watch", parents=[report, stored], help="take the articles of feeds as they appear")
    watch.add_argument("feeds", type=Path, metavar="FEEDS", help="a list of feeds (OPML)")
    watch.add_argument("--once", action="store_true", help="look at each feed that is due once, then end (for cron)")
    watch.add_argument(
        "--every", type=_minutes, default=15.0, metavar="MINUTES", help="between two looks at a feed (default: 15)"
    )
    watch.set_defaults(command=watch_feeds)

    annotate = commands.add_parser(
        "annotate", parents=[report, wording_options], help="print what is found in a report as JSON"
    )
    annotate.add_argument("file", nargs="?", metavar="FILE", help="a file or a web address; not with --jsonl")
    annotate.add_argument("--jsonl", action="store_true", help="read one JSON report a line from standard input")
    annotate.add_argument("--with-text", action="store_true", help="give the text back in the answer")
    annotate.set_defaults(command=annotate_reports)

    resolve = commands.add_parser(
        "date", parents=[report, wording_options], help="print the interval an expression means"
    )
    resolve.add_argument("expression", help='for example "am Samstag"')
    resolve.set_defaults(command=resolve_date)

    geocode = commands.add_parser("geocode", parents=[wording_options], help="print the place a name means")
    geocode.add_argument("name", nargs="?", help="for example Saporischschja; not with --jsonl")
    geocode.add_argument("--country", metavar="CODE", help="prefer places of this country (ISO 3166-1 alpha-3)")
    geocode.add_argument("--jsonl", action="store_true", help='read {"name", "country"?} a line from standard input')
    geocode.add_argument(
        "--geocoder", metavar="NAME", help="ask a service of geopy, for example nominatim, not the index"
    )
    geocode.add_argument("--user-agent", metavar="TEXT", help="who asks that service (default: $CET_USER_AGENT)")
    geocode.add_argument(
        "--geocoder-option", action="append", default=[], metavar="KEY=VALUE", help="an option of geopy's geocoder"
    )
    geocode.set_defaults(command=geocode_names)

    export = commands.add_parser("export", parents=[stored], help="write the stored events to a file")
    export.add_argument("--format", choices=("csv", "geojson", "xlsx", "parquet"), required=True)
    export.add_argument("--extracted", action="store_true", help="as extracted: leave all corrections aside")
    export.add_argument("--hxl", action="store_true", help="a row of HXL hashtags below the header (csv, xlsx)")
    export.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    export.set_defaults(command=export_events)

    upkeep.add_commands(commands, stored, store_folder)
    return parser


def _write(answer: dict[str, Any], out: TextIO) -> None:
    try:
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ExportError(f"The answer cannot be written: {error.strerror or error}.") from None


def _lines() -> Iterator[str]:
    """Lines of standard input, one at a time; bytes that are no UTF-8 are kept visible, so no line is lost."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if line.strip():
            yield line


def _say_progress(message: str, options: argparse.Namespace, end: str = "\n") -> None:
    if getattr(options, "progress", False) or sys.stderr.isatty():
        print(message, file=sys.stderr, end=end, flush=True)


def _load_gazetteer(options: argparse.Namespace) -> None:
    """Open the place index; the first time on a machine it is built, and that takes a while."""
    gazetteer.load(
        lambda share, what: _say_progress(f"\r{what} {share:4.0%} ", options, end="\n" if share >= 1 else "")
    )


def annotate_reports(options: argparse.Namespace) -> int:
    out = sys.stdout
    if options.jsonl and options.file is not None:
        raise InputError("annotate takes a FILE or --jsonl, not both.")
    known = ingest.Known(options.published, options.language)
    if not options.jsonl:
        if options.file is None:
            raise InputError("annotate needs a FILE, or --jsonl with reports on standard input.")
        return _annotate_file(options, known)
    _load_gazetteer(options)
    failed = False
    for line in _lines():
        try:
            document = ingest.parse_line(line, known)
        except InputError as error:
            failed = True
            _write(_refused(line, str(error)), out)
            continue
        _write(annotation.to_dict(process(document), with_text=options.with_text, reasons=options.reasons), out)
    return int(failed)


def _annotate_file(options: argparse.Namespace, known: ingest.Known) -> int:
    """One JSON object for each report of a file: most hold one. What is no report ends with status 2 where nothing else
    is in the file, else with 1."""
    with_text = options.with_text or not ingest.is_plain(options.file)
    answered = status = 0
    refused: list[InputError] = []
    for found in _read(options.file, known):
        if isinstance(found, InputError):
            refused.append(found)
            continue
        if error := _find_language_error(found):
            refused.append(error)
            continue
        _load_gazetteer(options)
        document = process(found)
        _write(annotation.to_dict(document, with_text=with_text, reasons=options.reasons), sys.stdout)
        answered += 1
        status = max(status, _say_undated(document, options.file))
    if refused and not answered:
        raise refused[0]
    for error in refused:
        print(f"pipeline: {error}", file=sys.stderr)
    return status or int(bool(refused))


def _read(name: str, known: ingest.Known) -> Iterator[Document | InputError]:
    """The reports of a file, behind an address, or in a place that fsspec opens."""
    if scale.is_place(name):
        return (item for part in scale.find_parts([name]) for item in scale.read_part(part, known))
    return ingest.read_address(name, known) if ingest.is_address(name) else ingest.read_file(Path(name), known)


def _say_undated(document: Document, file: str) -> int:
    """A missing publication date is an error of usage where expressions stay without a date because of it; what does
    not depend on it has been answered all the same."""
    undated = sum(mention.reason.key == "times.unpublished" for mention in document.times)
    if document.published is not None or not undated:
        return 0
    print(
        f"pipeline: The publication date of {file} is not known, so {undated} time expressions stay without a date; "
        "give it with --published YYYY-MM-DD.",
        file=sys.stderr,
    )
    return 2


def _find_language_error(document: Document) -> InputError | None:
    if language.is_known(document.language):
        return None
    known = ", ".join(language.available())
    return InputError(f"There is no language pack for {document.language!r} (there is: {known}).")


def _refused(line: str, message: str) -> dict[str, Any]:
    identifier = None
    try:
        row = json.loads(line)
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            identifier = row["id"]
    except (ValueError, RecursionError):
        pass
    return {"id": identifier, "problems": [{"stage": "input", "message": message, "start": None, "end": None}]}


def resolve_date(options: argparse.Namespace) -> int:
    code = options.language or "de"
    if not language.is_known(code):
        raise InputError(f"There is no language pack for {code!r} (there is: {', '.join(language.available())}).")
    mention = resolve_expression(options.expression, options.published, code)
    answer: dict[str, Any] = {
        "text": options.expression,
        "published": options.published.isoformat() if options.published else None,
    }
    if mention is None:
        answer["reason"] = "No time expression is known in this text."
        _write(answer | {"date_start": None, "date_end": None}, sys.stdout)
        return 1
    _write(answer | annotation.time_dict(mention, options.reasons), sys.stdout)
    return 0


def geocode_names(options: argparse.Namespace) -> int:
    if options.jsonl == (options.name is not None):
        raise InputError("geocode takes a NAME, or --jsonl with names on standard input.")
    resolve = _find_resolver(options)
    if not options.jsonl:
        _write(_geocoded(options.name, options.country, options.reasons, resolve), sys.stdout)
        return 0
    failed = False
    for line in _lines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            failed = True
            _write(
                {
                    "name": None,
                    "place": None,
                    "reason": 'This line is no JSON object with a "name".',
                    "problems": [
                        {
                            "stage": "input",
                            "message": 'This line is no JSON object with a "name".',
                            "start": None,
                            "end": None,
                        }
                    ],
                },
                sys.stdout,
            )
            continue
        country = row.get("country") if isinstance(row.get("country"), str) else options.country
        try:
            answer = _geocoded(row["name"], country, options.reasons, resolve)
        except GazetteerError as error:
            failed = True
            problem = {"stage": "places", "message": str(error), "start": None, "end": None}
            answer = {"name": row["name"], "place": None, "reason": str(error), "problems": [problem]}
        _write(answer, sys.stdout)
    return int(failed)


def _find_resolver(options: argparse.Namespace) -> gazetteer.Resolver:
    """The index, or the online service that the user asks for."""
    if options.geocoder is None:
        _load_gazetteer(options)
        return gazetteer.resolve_name
    from pipeline.gazetteer.online import OnlineGeocoder

    pairs = [option.partition("=") for option in options.geocoder_option]
    user_agent = options.user_agent or os.environ.get("CET_USER_AGENT")
    settings = {key: value for key, _, value in pairs}
    return OnlineGeocoder(options.geocoder, user_agent, gazetteer.cache_folder(), settings).resolve


def _geocoded(name: str, country: str | None, reasons: str, resolve: gazetteer.Resolver) -> dict[str, Any]:
    place, score, reason, candidates = resolve(name, country)
    return {
        "name": name,
        "place": annotation.place_dict(place) | {"score": round(score, 3)} if place else None,
        "reason": wording.say(reason, reasons),
        "candidates": [annotation.place_dict(candidate) for candidate in candidates],
    }


def store_folder(given: Path | None) -> Path:
    """The store's folder: what the user gave, else $CET_STORE, else ./store."""
    return given or Path(os.environ.get("CET_STORE") or "store")


def run_reports(options: argparse.Namespace) -> int:
    from pipeline.store import Store

    known = ingest.Known(options.published, options.language)
    if options.language and not language.is_known(options.language):
        raise InputError(
            f"There is no language pack for {options.language!r} (there is: {', '.join(language.available())})."
        )
    if options.workers or options.scheduler:
        return _run_on_workers(options, known)
    files = [name for path in options.paths for name in _find_inputs(path)]
    _load_gazetteer(options)
    refused: list[str] = []
    problems = 0

    def documents() -> Iterable[Document]:
        nonlocal problems
        for number, file in enumerate(files, 1):
            for found in _read(file, known):
                if isinstance(found, InputError):
                    refused.append(str(found))
                    print(f"pipeline: {found}", file=sys.stderr)
                    continue
                document = process(found)
                for problem in document.problems:
                    problems += 1
                    print(f"pipeline: {document.url or file}: {problem.message}", file=sys.stderr)
                yield document
            _say_progress(f"\r{number} of {len(files)} files ", options, end="\n" if number == len(files) else "")

    store = Store(store_folder(options.store))
    added = store.add(documents(), now=datetime.now(UTC))
    upkeep.prepare(store)
    return _sum_up(added.documents, added.events, added.unchanged, len(refused), problems)


def _find_inputs(path: str) -> Iterable[str]:
    """The files behind a path; an address or a place that fsspec opens stays what it is."""
    if ingest.is_address(path) or scale.is_place(path):
        return [path]
    return map(str, ingest.find_files([Path(path)]))


def _run_on_workers(options: argparse.Namespace, known: ingest.Known) -> int:
    from pipeline.store import Store

    def report(done: scale.Done) -> None:
        _say_progress(f"\r{done.documents + done.unchanged} reports ", options, end="")

    parts = list(scale.find_parts(options.paths))
    _load_gazetteer(options)  # built once, before the workers open it
    done = scale.run_parts(
        parts,
        known,
        store_folder(options.store),
        workers=options.workers or 1,
        scheduler=options.scheduler,
        report=report,
    )
    _say_progress("", options)
    for sentence in done.refused:
        print(f"pipeline: {sentence}", file=sys.stderr)
    upkeep.prepare(Store(store_folder(options.store)))
    return _sum_up(done.documents, done.events, done.unchanged, len(done.refused), done.problems)


def _sum_up(documents: int, events: int, unchanged: int, refused: int, problems: int) -> int:
    print(
        f"{documents} reports added with {events} events, {unchanged} known already, "
        f"{refused} refused, {problems} problems.",
        file=sys.stderr,
    )
    if refused and documents + unchanged == 0:
        return 2
    return int(bool(refused))


def watch_feeds(options: argparse.Namespace) -> int:
    from pipeline.store import Store
    from pipeline.web.feed_lists import read_feed_list
    from pipeline.web.ledger import Ledger
    from pipeline.web.watch import Round, Watch

    feeds = read_feed_list(options.feeds)
    _load_gazetteer(options)
    folder = store_folder(options.store)
    store = Store(folder)

    def add(documents: list[Document]) -> None:
        store.add(map(process, documents), now=datetime.now(UTC))

    def report(found: Round) -> None:
        for problem in found.problems:
            print(f"pipeline: {problem}", file=sys.stderr)
        print(f"{found.taken} articles taken, {len(found.problems)} problems.", file=sys.stderr, flush=True)

    with contextlib.closing(Ledger(folder / "watch.sqlite")) as ledger:
        known = ingest.Known(options.published, options.language)
        watch = Watch(feeds, ledger, add, known, every=options.every * 60)
        if not options.once:
            watch.forever(report)
        found = watch.once()
        report(found)
    return int(bool(found.problems))


def export_events(options: argparse.Namespace) -> int:
    from pipeline import export
    from pipeline.store import Store

    folder = store_folder(options.store)
    if not folder.is_dir():
        raise InputError(f"There is no store at {folder}; fill one with: python -m pipeline run PATH.")
    about = export.About(datetime.now(UTC).date(), "all events" + (", as extracted" if options.extracted else ""))
    events = Store(folder).event_chunks(Filter(extracted=options.extracted))
    try:
        with options.out.open("wb") as out:
            export.write(events, options.format, out, hxl=options.hxl, about=about)
    except OSError as error:
        raise InputError(f"{options.out} cannot be written: {error.strerror or error}.") from None
    return 0
