"""What sites ask programs to leave alone: robots.txt, as RFC 9309 says it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.web.addresses import Target
from pipeline.web.fetch import USER_AGENT, BusyError, Network, fetch

KEPT = 86_400.0  # seconds after which a site is asked again
_LONGEST_PAUSE = 60.0  # seconds between two requests that a site may ask for
_NOBODY = ("input.address_private", "input.address_unknown")
_NAME = USER_AGENT.partition("/")[0]


class Rules(NamedTuple):
    """What a site has said: its robots.txt; ``""`` where it has none, ``None`` where it could not be asked."""

    text: str | None

    def allow(self, target: Target) -> bool:
        if self.text is None:  # a site that fails to answer may have said no (RFC 9309, 2.3.1.4)
            return False
        from protego import Protego

        return bool(Protego.parse(self.text).can_fetch(target.url, _NAME))

    @property
    def pause(self) -> float:
        """Seconds that the site wants between two requests; 0 where it does not say."""
        if not self.text:
            return 0.0
        from protego import Protego

        return min(float(Protego.parse(self.text).crawl_delay(_NAME) or 0), _LONGEST_PAUSE)


def ask_rules(target: Target, network: Network | None) -> Rules:
    """What the site of an address says. A site without the file forbids nothing; one that cannot be asked, all.
    ``InputError`` for one that is never asked, or whose name nobody knows."""
    try:
        found = fetch(target._replace(path="/robots.txt").url, network, kinds=("text", "page", "feed"))
    except BusyError:
        return Rules(None)
    except InputError as error:
        if error.reason is not None and error.reason.key in _NOBODY:
            raise
        said = dict(error.reason.values).get("status", "") if error.reason else ""
        return Rules("" if said.startswith("4") or _is_other(error) else None)
    return Rules(found.raw[:500_000].decode("utf-8", "replace") if found.kind == "text" else "")


def _is_other(error: InputError) -> bool:
    """An answer that is no text is no robots.txt."""
    return error.reason is not None and error.reason.key == "input.address_kind"
