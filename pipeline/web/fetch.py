"""Fetches a page from the network, and from nowhere else (see docs/security.md).

A name is resolved once, every address it has must be public, and the connection goes to the address that was checked,
so that no second answer of a name server counts. Each redirect is checked the same way. Size, time and type are
bounded. No cookie, no password and no proxy is used.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from pipeline.errors import InputError
from pipeline.formats import find_kind
from pipeline.ingest.refusal import refuse
from pipeline.web.addresses import Target, find_machines, follow, parse_address, show

LARGEST = 10_000_000  # bytes, unpacked
SECONDS = 30.0  # for all of it, redirects too
_SILENCE = 10.0  # seconds without a byte
_REDIRECTS = 5
_PIECE = 1 << 16
_MOVED = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_LONGEST_TAG = 1_000  # characters of an ETag that is said back
_LONGEST_REST = 604_800.0  # seconds: a week
USER_AGENT = "conflict-event-timeline/0.1"
# What is read, by the type a server names; what it calls none or bytes is told by its name.
TYPES = {
    "text/html": "page", "application/xhtml+xml": "page", "text/plain": "text", "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
    "application/rss+xml": "feed", "application/atom+xml": "feed", "application/xml": "feed", "text/xml": "feed",
    "application/rdf+xml": "feed",
}  # fmt: skip
_FEEDS = (".rss", ".xml", ".atom", ".rdf")


class Network(Protocol):
    """What fetching asks of the world; tests put a world of their own in its place."""

    def resolve(self, host: str, port: int) -> list[str]:
        """The numeric addresses of a name."""

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """A connection to a numeric address."""

    def secure(self, connection: socket.socket, host: str) -> socket.socket:
        """The connection after the machine at its other end has proved to be ``host``."""


class Internet:
    """The real network."""

    def resolve(self, host: str, port: int) -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        return socket.create_connection((address, port), timeout=seconds)

    def secure(self, connection: socket.socket, host: str) -> socket.socket:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=host)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. ``url``: where it came from in the end. ``kind`` as in TYPES, ``None`` for 304 (not changed).
    ``charset``, ``etag`` and ``modified``: what the server said. ``moved``: where it has gone for good."""

    url: str
    status: int
    kind: str | None
    charset: str | None
    raw: bytes
    etag: str | None
    modified: str | None
    moved: str | None = None


class BusyError(Exception):
    """The server wants to be asked later. ``seconds``: when, if it says so. ``target``: which of the servers."""

    def __init__(self, status: int, seconds: float | None, target: Target) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.seconds = seconds
        self.target = target


def fetch(
    url: str,
    network: Network | None = None,
    *,
    etag: str | None = None,
    modified: str | None = None,
    seconds: float = SECONDS,
    kinds: tuple[str, ...] = tuple(TYPES.values()),
    head: int | None = None,
    visit: Callable[[Target], None] | None = None,
) -> Fetched:
    """The answer to one address. ``head``: only so many bytes of it, of whatever kind. ``visit`` is called before a
    redirect is followed; the time that it takes does not count. ``InputError`` for an address that is not asked and an
    answer that is not taken, ``BusyError`` where the server asks to wait (429, 503)."""
    network = network or Internet()
    target = parse_address(url)
    end = time.monotonic() + seconds
    asked = {name: said for name, said in (("If-None-Match", etag), ("If-Modified-Since", modified)) if said}
    moved, for_good = None, True
    for redirects in range(_REDIRECTS + 1):
        if redirects and visit is not None:
            begun = time.monotonic()
            visit(target)
            end += time.monotonic() - begun
        with _answer(target, network, end, asked) as answer:
            location = answer.getheader("Location")
            if answer.status not in _MOVED or not location:
                if answer.status == 304 and not asked:  # unchanged since when?
                    raise refuse("address_status", url=show(target.url), status=304)
                return replace(_take(answer, target, end, kinds, head), moved=moved)
            target = follow(target, location)
            for_good = for_good and answer.status in _FOR_GOOD
            moved = target.url if for_good else moved
    raise refuse("address_redirects", url=show(url))


@contextlib.contextmanager
def _answer(target: Target, network: Network, end: float, asked: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
    """Ask a machine; whatever it does, the connection is closed at the end of the time."""
    machines = find_machines(target, network.resolve)
    with contextlib.ExitStack() as opened:
        try:
            connection = opened.enter_context(_connect(machines, target, network, end))
            _limit(connection, end, opened)
            if target.scheme == "https":
                connection = opened.enter_context(network.secure(connection, target.host))
            yield opened.enter_context(_ask(connection, target, asked))
        except InputError:  # said already
            raise
        except ssl.SSLError:
            raise refuse("address_tls", host=target.host) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= end or isinstance(error, TimeoutError)
            raise refuse("address_slow" if late else "address_unreachable", url=show(target.url)) from None


def _connect(machines: list[str], target: Target, network: Network, end: float) -> socket.socket:
    """A connection to the first of the checked machines that takes one."""
    problem: OSError = TimeoutError()
    for machine in machines:
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            return network.connect(machine, target.port, min(left, _SILENCE))
        except OSError as error:
            problem = error
    raise problem


def _limit(connection: socket.socket, end: float, opened: contextlib.ExitStack) -> None:
    """Shut the connection at the end of the time, whatever is going on: one byte every nine seconds is no silence.
    A second handle does it, as the first may be wrapped by then."""
    handle = opened.enter_context(connection.dup())
    stop = threading.Timer(max(0.0, end - time.monotonic()), _shut, [handle])
    stop.daemon = True
    stop.start()
    opened.callback(stop.cancel)


def _ask(connection: socket.socket, target: Target, asked: dict[str, str]) -> http.client.HTTPResponse:
    connection.settimeout(_SILENCE)
    client = http.client.HTTPConnection(target.host, target.port)
    client.sock = connection
    headers = {
        "Host": f"[{target.host}]" if ":" in target.host else target.host,
        "User-Agent": os.environ.get("CET_USER_AGENT") or USER_AGENT,
        "Accept": ", ".join([*TYPES, "*/*;q=0.1"]),
        "Accept-Language": "de, *;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **asked,
    }
    client.request("GET", target.path, headers=headers)
    return client.getresponse()


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _take(
    answer: http.client.HTTPResponse, target: Target, end: float, kinds: tuple[str, ...], head: int | None
) -> Fetched:
    name = show(target.url)
    if time.monotonic() > end:  # the connection was shut: these headers are not whole
        raise refuse("address_slow", url=name)
    tags = {"etag": _tag(answer.getheader("ETag")), "modified": _tag(answer.getheader("Last-Modified"))}
    if answer.status == 304:
        return Fetched(target.url, 304, None, None, b"", **tags)
    if answer.status in (429, 503):
        raise BusyError(answer.status, _rest(answer), target)
    if answer.status != 200:
        raise refuse("address_status", url=name, status=answer.status)
    said = answer.getheader("Content-Type") or ""
    kind = TYPES.get(said.partition(";")[0].strip().lower()) or _kind_of(said, target)
    if head is None and kind not in kinds:
        raise refuse("address_kind", url=name, kind=said.partition(";")[0].strip()[:60] or "?")
    charset = answer.headers.get_content_charset()
    return Fetched(target.url, 200, kind, charset, _read(answer, name, end, head), **tags)


def _kind_of(said: str, target: Target) -> str | None:
    if said.partition(";")[0].strip().lower() not in ("", "application/octet-stream", "binary/octet-stream"):
        return None
    name = target.path.partition("?")[0]
    kind = "feed" if name.lower().endswith(_FEEDS) else find_kind(name)
    return kind if kind in TYPES.values() else None


def _read(answer: http.client.HTTPResponse, name: str, end: float, head: int | None) -> bytes:
    """The body, unpacked piece by piece, never more than is allowed; of one that is cut short nothing is taken."""
    coding = (answer.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise refuse("address_kind", url=name, kind=coding[:60])
    unpack = _Unpacker() if coding != "identity" else None
    body = bytearray()
    while piece := answer.read(_PIECE):
        try:
            body += unpack.take(piece, LARGEST + 1 - len(body)) if unpack else piece
        except zlib.error:
            raise refuse("address_unreachable", url=name) from None
        if head is not None and len(body) >= head:
            return bytes(body[:head])
        if len(body) > LARGEST:
            raise refuse("address_large", url=name, most=LARGEST // 1_000_000)
        if time.monotonic() > end:
            raise refuse("address_slow", url=name)
    if time.monotonic() > end:  # the connection was shut
        raise refuse("address_slow", url=name)
    if answer.length or (unpack and not unpack.is_whole):  # less came than was announced
        raise refuse("address_unreachable", url=name)
    return bytes(body)


class _Unpacker:
    """Unpacks gzip, in one piece or several (RFC 1952, 2.2), and deflate."""

    def __init__(self) -> None:
        self._now: zlib._Decompress | None = None

    @property
    def is_whole(self) -> bool:
        return self._now is None or self._now.eof

    def take(self, piece: bytes, most: int) -> bytes:
        """What is in the next bytes, cut where it is more than ``most``. ``zlib.error`` for what is not packed."""
        found = bytearray()
        while piece and len(found) < most:
            if self._now is None or self._now.eof:
                if self._now is not None and not piece.startswith(b"\x1f\x8b"):
                    break  # zeros and the like behind the last piece
                self._now = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            found += self._now.decompress(piece, most - len(found))
            piece = self._now.unused_data
        return bytes(found)


def _tag(header: str | None) -> str | None:
    """What can be said back to the server: one line, not too long."""
    return header if header and len(header) <= _LONGEST_TAG and header.isprintable() else None


def _rest(answer: http.client.HTTPResponse) -> float | None:
    """Retry-After as a number of seconds; a date in it is compared with the server's own clock."""
    said = (answer.getheader("Retry-After") or "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), _LONGEST_REST)
    until, now = (_instant(header) for header in (said, answer.getheader("Date")))
    if until is None:
        return None
    return min(max(0.0, (until - (now or datetime.now(UTC))).total_seconds()), _LONGEST_REST)


def _instant(header: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(header or "")
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
