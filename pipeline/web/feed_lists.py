"""Lists of feeds (OPML), as feed readers export them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from pipeline.errors import InputError
from pipeline.ingest.refusal import refuse
from pipeline.web.addresses import parse_address

_LARGEST = 5_000_000  # bytes


class Feed(NamedTuple):
    url: str
    title: str | None


def read_feed_list(path: Path) -> list[Feed]:
    """The feeds of a list in order, each once. ``InputError`` when it cannot be read or holds none."""
    try:
        size = path.stat().st_size
        tree = parse(path, forbid_dtd=True) if size <= _LARGEST else None
    except FileNotFoundError:
        raise refuse("no_file", name=path) from None
    except OSError as error:
        raise refuse("unreadable", name=path, why=error.strerror or error) from None
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise refuse("opml", name=path) from None
    if tree is None:
        raise refuse("too_long", name=path, most=_LARGEST // 1_000_000)
    found: dict[str, Feed] = {}
    for outline in tree.iter("outline"):
        url = next((value.strip() for key, value in outline.items() if key.lower() == "xmlurl"), "")
        if url:
            found.setdefault(_normalise(url), Feed(url, outline.get("title") or outline.get("text")))
    if not found:
        raise refuse("opml", name=path)
    return list(found.values())


def _normalise(url: str) -> str:
    """The same for addresses that only look different. One that is never asked stays, so that a watch can say so."""
    try:
        return parse_address(url).url
    except InputError:
        return url
