"""The commands. Exit status: 0 done, 1 some input could not be used (and is named), 2 wrong usage.

Answers go to standard output, everything else to standard error.

    filling       run, watch              annotating    annotate
    asking        date, geocode           exporting     export
    upkeep        import, store           arguments, streams: what they share
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from pipeline.cli import annotating, asking, exporting, filling, upkeep
from pipeline.cli.arguments import Parser, make_shared, store_folder
from pipeline.errors import InputError, PipelineError

__all__ = ["main", "store_folder"]

_EXAMPLES = """examples:
  python -m pipeline run seeds
  python -m pipeline run https://example.org/article.html
  python -m pipeline watch feeds.opml
  python -m pipeline annotate --published 2025-12-20 report.txt
  python -m pipeline date "am Samstag" --published 2025-12-20
  python -m pipeline geocode Odessa --country UKR
  python -m pipeline export --format csv events.csv
"""


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


def _make_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="pipeline",
        description="Turns German news reports into dated, geocoded events with actors.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands: Any = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=Parser)
    shared = make_shared()
    for module in (filling, annotating, asking, exporting, upkeep):
        module.add_commands(commands, shared)
    return parser
