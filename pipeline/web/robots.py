"""What sites ask programs to leave alone: robots.txt, as RFC 9309 says it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import InputError
from pipeline.web.addresses import Target
from pipeline.web.fetch import USER_AGENT, Network, fetch

if TYPE_CHECKING:
    from protego import Protego

KEPT = 86_400.0  # seconds after which a site is asked again
_LONGEST_PAUSE = 60.0  # seconds between two requests that a site may ask for
_LONGEST = 500_000  # bytes that are read (RFC 9309, 2.5)
_NOBODY = ("input.address_private", "input.address_unknown")
_NO_FILE = "input.address_redirects"  # (RFC 9309, 2.3.1.2)
_NAME = USER_AGENT.partition("/")[0]


class Rules(NamedTuple):
    """What a site has said: its robots.txt; ``""`` where it has none, ``None`` where it could not be asked."""

    text: str | None

    def allow(self, target: Target) -> bool:
        if self.text is None:  # a site that fails to answer may have said no (RFC 9309, 2.3.1.4)
            return False
        return not self.text or bool(_parse(self.text).can_fetch(target.url, _NAME))

    @property
    def pause(self) -> float:
        """Seconds that the site wants between two requests; 0 where it does not say."""
        return min(float(_parse(self.text).crawl_delay(_NAME) or 0), _LONGEST_PAUSE) if self.text else 0.0


@lru_cache(maxsize=16)
def _parse(text: str) -> Protego:
    from protego import Protego

    return Protego.parse(text)


def ask_rules(target: Target, network: Network | None, visit: Callable[[Target], None] | None = None) -> Rules:
    """What the site of an address says. A site without the file forbids nothing; one that cannot be asked, all. What is
    sent as a page is read too: one that is none has no rules in it. ``visit`` as in ``fetch``. ``InputError`` for one
    that is never asked, or whose name nobody knows; ``BusyError`` for one that wants to be asked later."""
    try:
        found = fetch(target._replace(path="/robots.txt").url, network, head=_LONGEST, visit=visit)
    except InputError as error:
        if error.reason is None or error.reason.key in _NOBODY:
            raise
        said = dict(error.reason.values).get("status", "")
        return Rules("" if said.startswith("4") or said == "204" or error.reason.key == _NO_FILE else None)
    marked = found.raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return Rules(found.raw.decode("utf-16" if marked else "utf-8-sig", "replace"))
