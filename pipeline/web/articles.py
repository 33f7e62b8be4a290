"""An address becomes documents: the article behind it, or the articles that a feed points to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.errors import InputError
from pipeline.formats import Entry, Extract
from pipeline.ingest.documents import Known, document_id, from_extract
from pipeline.ingest.files import fill, read_bytes
from pipeline.ingest.parser import parse
from pipeline.ingest.refusal import check_length, decode, refuse
from pipeline.records import Document
from pipeline.web.addresses import Target, clean_address, name_article, show
from pipeline.web.fetch import BusyError, Fetched, Network, fetch

MOST_ENTRIES = 20  # articles of a feed whose address somebody gives
_ARTICLES = ("page", "text", "pdf", "word")


def read_address(url: str, known: Known, network: Network | None = None) -> Iterator[Document | InputError]:
    """The article behind an address, or the newest articles of a feed. What cannot be read comes back as the error that
    says why. A document's id is that of its article's name (``name_article``), so an article that changes is a new
    version of the same."""
    try:
        found = fetch(url, network)
        if found.kind != "feed":
            yield from read_fetched(found, known)
            return
        entries = read_entries(found)[:MOST_ENTRIES]
    except BusyError as error:
        yield say_busy(error)
        return
    except InputError as error:
        yield error
        return
    busy: dict[str | None, int] = {}  # what machines that want to be left alone have answered
    for entry in entries:
        host = urlsplit(entry.url).hostname
        if host in busy:
            yield refuse("address_busy", url=show(entry.url), status=busy[host])
            continue
        try:
            yield from read_entry(entry, known, network)
        except BusyError as error:
            busy[error.target.host] = error.status
            yield say_busy(error)


def say_busy(error: BusyError) -> InputError:
    """The sentence for a server that wants to be asked later."""
    return refuse("address_busy", url=show(error.target.url), status=error.status)


def read_entry(
    entry: Entry, known: Known, network: Network | None = None, visit: Callable[[Target], None] | None = None
) -> Iterator[Document | InputError]:
    """The article that an entry of a feed points to. ``visit`` as in ``fetch``. ``BusyError`` where the server wants to
    be asked later."""
    try:
        yield from read_fetched(fetch(entry.url, network, kinds=_ARTICLES, visit=visit), known, entry)
    except InputError as error:
        yield error


def read_entries(found: Fetched) -> list[Entry]:
    """The entries of a feed as they stand. ``InputError`` when it is none."""
    items = list(parse("feed", show(found.url), raw=found.raw, url=found.url, charset=found.charset))
    for item in items:
        if isinstance(item, InputError):
            raise item
    return [item for item in items if isinstance(item, Entry)]


def read_fetched(found: Fetched, known: Known, entry: Entry | None = None) -> Iterator[Document | InputError]:
    """The documents in an answer."""
    name = show(found.url)
    if found.kind == "text":
        check_length(len(found.raw), name)
        documents: Iterator[Document | InputError] = iter(
            [from_extract(fill(Extract(name, decode(found.raw, name), certain=False), entry), known)]
        )
    else:
        documents = read_bytes(
            found.kind or "", name, found.raw, known, url=found.url, charset=found.charset, entry=entry
        )
    address, identity = clean_address(found.url), document_id(name_article(found.url))
    for item in documents:
        yield replace(item, id=identity, url=address) if isinstance(item, Document) else item
