"""``export``: the stored events as a file."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import Shared, store_folder
from pipeline.errors import InputError
from pipeline.records import Filter


def add_commands(commands: Any, shared: Shared) -> None:
    export = commands.add_parser("export", parents=[shared.stored], help="write the stored events to a file")
    export.add_argument("--format", choices=("csv", "geojson", "xlsx", "parquet"), required=True)
    export.add_argument("--extracted", action="store_true", help="as extracted: leave all corrections aside")
    export.add_argument("--hxl", action="store_true", help="a row of HXL hashtags below the header (csv, xlsx)")
    export.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    export.set_defaults(command=export_events)


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
