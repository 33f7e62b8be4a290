"""Which addresses may be asked: http and https, on their own ports, on machines that are public."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from pipeline.ingest.refusal import refuse

LONGEST = 4_000  # characters
_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\u3000\u00a0]")
_NUMBER = re.compile(r"(0x[0-9a-f]*|\d+)", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")
_SAFE = "/:@!$&'()*+,;=-._~%"
# Parts of a query that follow readers, and such that let somebody in; neither belongs to what an article is called.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|wt_\w+|ref_src|xtor|at_\w+", re.IGNORECASE)
_SECRET = re.compile(
    r".*(token|secret|passw|apikey|api_key|api-key|signature|credential|session|auth|jwt).*|key|sig|sid|pass|pwd|code",
    re.IGNORECASE,
)
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
    path = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE + "?")
    return Target(parts.scheme, host, _PORTS[parts.scheme], path)


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
    """Where a redirect leads."""
    return parse_address(urljoin(target.url, location.strip()))


def show(url: str) -> str:
    """An address as it may be said and logged: without name, password and query."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "?"
    except ValueError:
        return "?"
    return f"{parts.scheme}://{host}{parts.path}"[:200]


def with_tls(url: str) -> str:
    """The address as it is with https: what is served under both is one page."""
    return "https" + url.removeprefix("http") if url.startswith("http://") else url


def clean_address(url: str) -> str:
    """What an article is called: its address without fragment, without what follows readers, without secrets; so the
    same article has the same address in every feed."""
    target = parse_address(url)
    path, _, query = target.path.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not (_TRACKING.fullmatch(key) or _SECRET.fullmatch(key))]
    return target._replace(path=path + ("?" + urlencode(kept) if kept else "")).url
