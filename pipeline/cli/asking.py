"""``date`` and ``geocode``: what an expression or a name means."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from pipeline import annotation, gazetteer, language, wording
from pipeline.cli.arguments import Shared
from pipeline.cli.streams import lines, load_gazetteer, write
from pipeline.errors import GazetteerError, InputError
from pipeline.times import resolve_expression


def add_commands(commands: Any, shared: Shared) -> None:
    resolve = commands.add_parser(
        "date", parents=[shared.report, shared.wording], help="print the interval an expression means"
    )
    resolve.add_argument("expression", help='for example "am Samstag"')
    resolve.set_defaults(command=resolve_date)

    geocode = commands.add_parser("geocode", parents=[shared.wording], help="print the place a name means")
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
        write(answer | {"date_start": None, "date_end": None}, sys.stdout)
        return 1
    write(answer | annotation.time_dict(mention, options.reasons), sys.stdout)
    return 0


def geocode_names(options: argparse.Namespace) -> int:
    if options.jsonl == (options.name is not None):
        raise InputError("geocode takes a NAME, or --jsonl with names on standard input.")
    resolve = _find_resolver(options)
    if not options.jsonl:
        write(_geocoded(options.name, options.country, options.reasons, resolve), sys.stdout)
        return 0
    failed = False
    for line in lines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            failed = True
            write(
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
        write(answer, sys.stdout)
    return int(failed)


def _find_resolver(options: argparse.Namespace) -> gazetteer.Resolver:
    """The index, or the online service that the user asks for."""
    if options.geocoder is None:
        load_gazetteer(options)
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
