"""``annotate``: what is found in reports, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pipeline import annotation, ingest, language, process
from pipeline.cli.arguments import Shared
from pipeline.cli.streams import lines, load_gazetteer, read, write
from pipeline.errors import InputError
from pipeline.records import Document


def add_commands(commands: Any, shared: Shared) -> None:
    annotate = commands.add_parser(
        "annotate", parents=[shared.report, shared.wording], help="print what is found in a report as JSON"
    )
    annotate.add_argument("file", nargs="?", metavar="FILE", help="a file or a web address; not with --jsonl")
    annotate.add_argument("--jsonl", action="store_true", help="read one JSON report a line from standard input")
    annotate.add_argument("--with-text", action="store_true", help="give the text back in the answer")
    annotate.set_defaults(command=annotate_reports)


def annotate_reports(options: argparse.Namespace) -> int:
    out = sys.stdout
    if options.jsonl and options.file is not None:
        raise InputError("annotate takes a FILE or --jsonl, not both.")
    known = ingest.Known(options.published, options.language)
    if not options.jsonl:
        if options.file is None:
            raise InputError("annotate needs a FILE, or --jsonl with reports on standard input.")
        return _annotate_file(options, known)
    load_gazetteer(options)
    failed = False
    for line in lines():
        try:
            document = ingest.parse_line(line, known)
        except InputError as error:
            failed = True
            write(_refused(line, str(error)), out)
            continue
        write(annotation.to_dict(process(document), with_text=options.with_text, reasons=options.reasons), out)
    return int(failed)


def _annotate_file(options: argparse.Namespace, known: ingest.Known) -> int:
    """One JSON object for each report of a file: most hold one. What is no report ends with status 2 where nothing else
    is in the file, else with 1."""
    with_text = options.with_text or not ingest.is_plain(options.file)
    answered = status = 0
    refused: list[InputError] = []
    for found in read(options.file, known):
        if isinstance(found, InputError):
            refused.append(found)
            continue
        if error := _find_language_error(found):
            refused.append(error)
            continue
        load_gazetteer(options)
        document = process(found)
        write(annotation.to_dict(document, with_text=with_text, reasons=options.reasons), sys.stdout)
        answered += 1
        status = max(status, _say_undated(document, options.file))
    if refused and not answered:
        raise refused[0]
    for error in refused:
        print(f"pipeline: {error}", file=sys.stderr)
    return status or int(bool(refused))


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
