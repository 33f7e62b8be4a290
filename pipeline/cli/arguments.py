"""What commands take: the parser, kinds of values, and the options that several commands share."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path
from typing import NamedTuple, NoReturn

from pipeline import ingest
from pipeline.errors import InputError


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message[0].upper()}{message[1:]}.\n")


class Shared(NamedTuple):
    """Options that several commands share, as parents of their parsers: of a report, of the store, of sentences."""

    report: argparse.ArgumentParser
    stored: argparse.ArgumentParser
    wording: argparse.ArgumentParser


def make_shared() -> Shared:
    report = argparse.ArgumentParser(add_help=False)
    report.add_argument(
        "--published", type=parse_day, metavar="YYYY-MM-DD", help="day on which the report was published"
    )
    report.add_argument("--language", metavar="CODE", help="language of the report (default: de)")
    stored = argparse.ArgumentParser(add_help=False)
    stored.add_argument(
        "--store", type=Path, metavar="DIR", help="folder of the store (default: $CET_STORE or ./store)"
    )
    wording_options = argparse.ArgumentParser(add_help=False)
    wording_options.add_argument(
        "--reasons", choices=("de", "en"), default="en", help="language of the sentences that explain (default: en)"
    )
    return Shared(report, stored, wording_options)


def parse_day(text: str) -> date:
    try:
        return ingest.parse_day(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from None


def parse_minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 1 <= minutes <= 10_080:  # a week
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes from 1 to 10080")
    return minutes


def parse_count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1024")
    return int(text)


def store_folder(given: Path | None) -> Path:
    """The store's folder: what the user gave, else $CET_STORE, else ./store."""
    return given or Path(os.environ.get("CET_STORE") or "store")
