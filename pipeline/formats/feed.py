"""A feed (RSS, Atom): what its entries say of the articles they point to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from pipeline.formats.records import FormatError, tidy

MOST_ENTRIES = 10_000


class Entry(NamedTuple):
    """An article as a feed announces it. ``published`` and ``updated`` are instants as the feed writes them."""

    url: str
    title: str | None
    author: str | None
    outlet: str | None
    language: str | None
    published: str | None
    updated: str | None


def read_feed(raw: bytes, name: str, url: str | None, charset: str | None) -> Iterator[Entry]:
    """The entries of a feed, as they stand. ``charset``: what the server said. ``FormatError`` when it is none."""
    import feedparser

    # Bytes in a stream: a string could be taken for an address or a file. Relative addresses are made whole here.
    said = {"content-type": f"application/xml; charset={charset}"} if charset else None
    found = feedparser.parse(io.BytesIO(raw), sanitize_html=False, resolve_relative_uris=False, response_headers=said)
    if not found.version and not found.entries:
        raise FormatError("no_feed", name=name)
    about: Any = found.feed
    for entry in found.entries[:MOST_ENTRIES]:
        link = tidy(entry.get("link"))
        if not link:
            continue
        address = urljoin(url or "", link).replace(" ", "%20")
        if not address.startswith(("http://", "https://")):
            continue
        yield Entry(
            url=address,
            title=tidy(entry.get("title")),
            author=tidy(entry.get("author")),
            outlet=tidy(about.get("title")),
            language=(tidy(about.get("language")) or "")[:2].lower() or None,
            published=tidy(entry.get("published")),
            updated=tidy(entry.get("updated")),
        )
