"""Which addresses may be asked: http and https, on their own ports, on machines that are public."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from pipeline.ingest.refusal import refuse

LONGEST = 4_000  # characters
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\u3000\u00a0]")
_NUMBER = re.compile(r"(0x[0-9a-f]*|\d+)", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")
_SAFE = "/:@!$&'()*+,;=-._~%"
# Parts of a query that follow readers, and such that let somebody in; neither belongs to what an article is called.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|wt_\w+|ref_src|xtor|at_(medium|campaign|custom|link|ptr)\w*",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r".*(token|secret|passw|api[_-]?key|signature|credential|session(?!s)|sess_?id|auth(?!or(?!i[sz]))|jwt).*"
    r"|sig|pass|pwd",
    re.IGNORECASE,
)
# Either lets somebody in or says which article it is; a plain number is too short for the one.
_PERHAPS_SECRET, _COUNTED = re.compile(r"key|sid|code", re.IGNORECASE), re.compile(r"\d{1,9}")
_VISIT = re.compile(r";(\w*sess(ion)?_?id|sid)=[^/;?]*", re.IGNORECASE)  # in a path
_ESCAPED = re.compile(r"%([0-9a-fA-F]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]")  # what needs no escape (RFC 3986, 2.3)
# The same article for phones, or in the frame of a search engine.
_EDITION = re.compile(r"(www|m|mobil|mobile|amp)\.(?=.+\.)")
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp/?$|\.amp(?=(\.html?)?$)", re.IGNORECASE)
_AMP_QUERY = re.compile(r"amp(=.*)?|[a-z]+=amp", re.IGNORECASE)
# What ``is_global`` of the standard library lets through in some versions, and what carries an IPv4 address inside:
# a gateway on the way could take it out (RFC 4291, 6052, 8215, 3056, 4380, 6890, 7343, 9637, 9780).
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_UNICAST = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out for public use


class Target(NamedTuple):
    """An address taken apart: what is connected to and what is asked for. ``host`` is in ASCII, in lower case."""

    scheme: str
    host: str
    port: int
    path: str  # with its query

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{self.path}"


def parse_address(url: str) -> Target:
    """An address of a page. ``InputError`` for any other scheme or port, for one with a name and password in it, and
    for hosts written in a way that readers and programs understand differently. No secret of it is repeated."""
    url = url.strip()
    if len(url) > LONGEST or _FORBIDDEN.search(url):
        raise refuse("address_form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refuse("address_form") from None
    if parts.scheme not in _PORTS:
        raise refuse("address_scheme")
    if "@" in parts.netloc:
        raise refuse("address_secret")
    host = _normalise(parts.hostname or "")
    if port not in (None, _PORTS[parts.scheme]):
        raise refuse("address_port", host=host)
    path = _walk(_unescape(quote(parts.path or "/", safe=_SAFE)))
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE + "?")
    return Target(parts.scheme, host, _PORTS[parts.scheme], path)


def _unescape(path: str) -> str:
    """A path in which only that is escaped which has to be: ``/%61`` is ``/a``, for a robots.txt too."""

    def plain(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if _PLAIN.fullmatch(letter) else match[0].upper()

    return _ESCAPED.sub(plain, path)


def _walk(path: str) -> str:
    """A path without steps to the same place or back (RFC 3986, 5.2.4), as servers understand it."""
    kept: list[str] = []
    steps = path.split("/")[1:]
    for step in steps:
        if step == "..":
            kept = kept[:-1]
        elif step != ".":
            kept.append(step)
    return "/" + "/".join(kept) + ("/" if kept and steps[-1] in (".", "..") else "")


def _normalise(host: str) -> str:
    """The host in ASCII. Numbers are only taken as four plain decimal ones: 2130706433, 0x7f.1 and 0177.0.0.1 are also
    addresses for the system, but never for a reader."""
    if ":" in host:  # IPv6, from between brackets
        if "%" in host:  # which of this machine's own networks it is
            raise refuse("address_form")
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise refuse("address_form") from None
    try:
        name = _in_ascii(host).lower().removesuffix(".")
    except UnicodeError:
        raise refuse("address_form") from None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise refuse("address_form") from None
    if not _HOST.fullmatch(name):
        raise refuse("address_host", host=name[:100] or "?")
    return name


def _in_ascii(host: str) -> str:
    """A name with any letters as name servers know it (IDNA 2008, UTS 46). ``UnicodeError`` for what is none."""
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True).decode("ascii")


def is_public(address: str) -> bool:
    """Is a numeric address one of the public internet?"""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # also what carries a zone: fe80::1%eth0
        return False
    if isinstance(found, ipaddress.IPv6Address) and found not in _UNICAST:
        return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _NOT_PUBLIC)


def find_machines(target: Target, resolve: Callable[[str, int], list[str]]) -> list[str]:
    """The numeric addresses to connect to. The name is resolved once; where one of its addresses is not public, none of
    them is asked."""
    try:
        ipaddress.ip_address(target.host)
        found = [target.host]
    except ValueError:
        try:
            found = resolve(target.host, target.port)
        except (OSError, UnicodeError):
            found = []
    if not found:
        raise refuse("address_unknown", host=target.host)
    if not all(is_public(address) for address in found):
        raise refuse("address_private", host=target.host)
    return found


def follow(target: Target, location: str) -> Target:
    """Where a redirect leads, as http.client reads the header: byte by byte, which may have been UTF-8."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    return parse_address(urljoin(target.url, location.strip().replace(" ", "%20")))


def show(url: str) -> str:
    """An address as it may be said and logged: without name, password, query and what a visit is called."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "?"
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}{_VISIT.sub('', parts.path)}"[:200]


def clean_address(url: str) -> str:
    """Where an article is: its address without fragment, without what follows readers, without secrets."""
    target = parse_address(url)
    path, _, query = target.path.partition("?")
    kept = "&".join(piece for piece in query.split("&") if piece and not _is_private(piece))
    return target._replace(path=_VISIT.sub("", path) + ("?" + kept if kept else "")).url


def _is_private(piece: str) -> bool:
    name, _, value = piece.partition("=")
    name = unquote(name)
    if _PERHAPS_SECRET.fullmatch(name):
        return not _COUNTED.fullmatch(value)
    return bool(_TRACKING.fullmatch(name) or _SECRET.fullmatch(name))


def name_article(url: str) -> str:
    """What an article is called, whoever points to it: its clean address, the same with http and https, with and
    without ``www.`` and a slash at the end, and for its edition for phones (AMP)."""
    target = parse_address(clean_address(url))
    path, _, query = target.path.partition("?")
    path = _AMP_PATH.sub("", path).rstrip("/")
    kept = "&".join(piece for piece in query.split("&") if piece and not _AMP_QUERY.fullmatch(piece))
    host = _EDITION.sub("", target.host, count=1)
    return Target("https", host, 443, (path or "/") + ("?" + kept if kept else "")).url
