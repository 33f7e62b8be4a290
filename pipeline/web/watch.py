"""Watches feeds: asks each politely for news, takes every article once, and again when it has changed.

An article is marked as taken only after it is in the store, and the store does not mind getting it again; so wherever
a watch is stopped or killed, the next one leaves nothing out and nothing in twice. There is one request at a time.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.errors import InputError
from pipeline.formats import Entry
from pipeline.ingest.documents import Known
from pipeline.ingest.refusal import refuse
from pipeline.records import Document
from pipeline.web.addresses import Target, clean_address, parse_address, show
from pipeline.web.articles import read_entries, read_entry, say_busy
from pipeline.web.feed_lists import Feed
from pipeline.web.fetch import BusyError, Network, fetch
from pipeline.web.ledger import LONGEST, FeedState, Ledger, Site, Waiting
from pipeline.web.robots import KEPT, Rules, ask_rules

EVERY = 900.0  # seconds between two looks at a feed
_PAUSE = 2.0  # seconds between two requests to one site
_LONGEST = 86_400.0  # seconds that a feed or an article that fails is left alone at most
_TRIES = 5  # at an article
_PATIENT_TRIES = 10  # where not the article is at fault but its site: five days
_BATCH = 20  # articles put into the store at once
# Why an article cannot be had now that may be had tomorrow.
_OF_THE_SITE = frozenset({"address_unknown", "address_unreachable", "address_slow", "address_tls", "robots_unknown"})


class ClosedError(Exception):
    """A site has asked for a rest that is not over. ``seconds``: what is left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__("The site has asked for a rest.")
        self.seconds = seconds


class Round(NamedTuple):
    """What a look at all feeds has brought: articles in the store, and what could not be read, in a sentence each."""

    taken: int
    problems: tuple[str, ...]


@dataclass
class Watch:
    """A watch over feeds. ``store`` puts documents where they stay; it may get the same ones again."""

    feeds: list[Feed]
    ledger: Ledger
    store: Callable[[list[Document]], None]
    known: Known = field(default_factory=Known)
    network: Network | None = None
    every: float = EVERY
    pause: float = _PAUSE
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _asked: dict[str, float] = field(default_factory=dict)  # when each machine was asked last

    def once(self) -> Round:
        """Look at every feed that is due, then take the articles that are waiting."""
        return self._go_round(lambda: True)

    def forever(self, report: Callable[[Round], None]) -> None:
        """Look again and again, until the process is stopped. A feed does not wait until the articles of all others
        are taken."""
        while True:
            report(self._go_round(lambda: not self._due()))
            soon = self.ledger.next_time(feed.url for feed in self.feeds)
            left = self.every if soon is None else soon - self.clock()
            self.sleep(min(max(left, 1.0), self.every))

    def _go_round(self, go_on: Callable[[], bool]) -> Round:
        problems: list[str] = []
        for feed, state in self._due():
            self._look(feed, state, problems)
        taken = 0
        while waiting := self.ledger.waiting(self.clock(), _BATCH):
            taken += self._take(waiting, problems)
            if not go_on():
                break
        return Round(taken, tuple(problems))

    def _due(self) -> list[tuple[Feed, FeedState]]:
        states = ((feed, self.ledger.feed(feed.url)) for feed in self.feeds)
        return [(feed, state) for feed, state in states if not state.gone and self._is_due(state)]

    def _is_due(self, state: FeedState) -> bool:
        """A feed that is to be asked further ahead than ever was written before the clock was set back."""
        return not 0 < state.next - self.clock() <= (LONGEST if state.failures else self.every)

    # --- feeds -------------------------------------------------------------------------------------------

    def _look(self, feed: Feed, state: FeedState, problems: list[str]) -> None:
        try:
            address = parse_address(state.moved or feed.url)
            self._approach(address)
            now = self.clock()
            # Once a day the whole feed: some servers say for ever that nothing has changed.
            recent = 0 <= now - state.told < _LONGEST
            found = fetch(
                address.url,
                self.network,
                etag=state.etag if recent else None,
                modified=state.modified if recent else None,
                kinds=("feed", "page", "text"),
                visit=self._approach,
            )
            if found.status != 304:
                self._announce(read_entries(found))
            # Only now: a watch that is killed before this asks for the same feed again.
            said = state if found.status == 304 else FeedState(found.etag, found.modified, told=now)
            due, moved = self.clock() + self.every, found.moved or state.moved
            self.ledger.set_feed(feed.url, said._replace(next=due, failures=0, moved=moved))
        except ClosedError as error:
            self.ledger.set_feed(feed.url, state._replace(next=self.clock() + error.seconds))
        except BusyError as error:
            self._close(error)
            problems.append(self._leave(feed, state, str(say_busy(error)), error.seconds or 0.0))
        except InputError as error:
            # Where it had moved to is forgotten: the address that it is known by may lead elsewhere by then.
            gone = _status(error) == "410" and state.moved is None
            problems.append(self._leave(feed, state._replace(gone=gone, moved=None), str(error)))

    def _announce(self, entries: list[Entry]) -> None:
        """Remember what a feed points to, but for addresses that are never asked."""
        named = []
        for entry in entries:
            with contextlib.suppress(InputError):
                named.append((clean_address(entry.url), entry))
        self.ledger.announce(named, self.clock())

    def _leave(self, feed: Feed, state: FeedState, message: str, least: float = 0.0) -> str:
        """Ask a feed that fails ever more seldom; returns the message."""
        failures = state.failures + 1
        until = self.clock() + max(least, self._back_off(failures))
        self.ledger.set_feed(feed.url, state._replace(failures=failures, next=until), message)
        return message

    def _back_off(self, failures: int) -> float:
        return float(min(self.every * 2 ** min(failures, 20), _LONGEST))

    # --- articles ----------------------------------------------------------------------------------------

    def _take(self, waiting: list[Waiting], problems: list[str]) -> int:
        """Read some articles, store them, and only then mark them as taken."""
        documents: list[Document] = []
        done: list[tuple[str, float]] = []
        for article in waiting:
            try:
                self._approach(parse_address(article.entry.url))
                found = list(read_entry(article.entry, self.known, self.network, self._approach))
            except ClosedError as error:  # the site asked for a rest: that is no failure of this article
                self.ledger.postpone(article.url, article.failures, self.clock() + error.seconds, str(error))
                continue
            except BusyError as error:
                self._close(error)
                problems.append(self._fail(article, str(say_busy(error)), _PATIENT_TRIES, error.seconds or 0.0))
                continue
            except InputError as error:
                found = [error]
            read = [item for item in found if isinstance(item, Document)]
            documents += read
            if read:
                # Some feeds say at every look that everything has changed just now.
                done.append((article.url, self.clock() + (self._back_off(article.takes) if article.takes else 0.0)))
            else:
                nothing = refuse("no_article", name=show(article.url))
                refused = next((item for item in found if isinstance(item, InputError)), nothing)
                problems.append(self._fail(article, str(refused), _tries(refused)))
        if documents:
            self.store(documents)
        self.ledger.take(done)
        return len(done)

    def _fail(self, article: Waiting, message: str, tries: int, least: float = 0.0) -> str:
        """Try an article again later, or give it up; returns the message."""
        failures = article.failures + 1
        if failures >= tries:
            self.ledger.give_up(article.url, self.clock() + _LONGEST, message)
        else:
            until = self.clock() + max(least, self._back_off(failures))
            self.ledger.postpone(article.url, failures, until, message)
        return message

    # --- manners -----------------------------------------------------------------------------------------

    def _approach(self, target: Target) -> None:
        """Wait as long as the site wants between two requests. ``InputError`` when it wants no request at all,
        ``ClosedError`` when it wants none now."""
        site = target._replace(path="").url
        known = self.ledger.site(site)
        left = known.rest - self.clock() if known else 0.0
        if 0 < left <= LONGEST:
            raise ClosedError(left)
        rules = self._rules(target, site, known)
        if not rules.allow(target):
            key = "robots" if rules.text is not None else "robots_unknown"
            raise refuse(key, host=target.host, url=show(target.url))
        self._wait(target, max(self.pause, rules.pause))

    def _rules(self, target: Target, site: str, known: Site | None) -> Rules:
        if known and 0 <= self.clock() - known.asked < (KEPT if known.robots is not None else self.every):
            return Rules(known.robots)
        self._wait(target, self.pause)
        try:
            rules = ask_rules(target, self.network, lambda other: self._wait(other, self.pause))
        except BusyError as error:
            self.ledger.set_rules(site, None, self.clock())
            raise BusyError(error.status, error.seconds, target) from None
        self.ledger.set_rules(site, rules.text, self.clock())
        return rules

    def _close(self, error: BusyError) -> None:
        """Ask a site nothing more for as long as it wants."""
        self.ledger.set_rest(error.target._replace(path="").url, self.clock() + max(error.seconds or 0.0, self.every))

    def _wait(self, target: Target, pause: float) -> None:
        left = self._asked.get(target.host, float("-inf")) + pause - self.clock()
        if left > 0:
            self.sleep(min(left, pause))
        self._asked[target.host] = self.clock()


def _status(error: InputError) -> str:
    """What a server has answered with, where that is why."""
    return dict(error.reason.values).get("status", "") if error.reason else ""


def _tries(error: InputError) -> int:
    """How often an article is asked for that cannot be had."""
    key = error.reason.key.removeprefix("input.") if error.reason else ""
    if _status(error) == "410":
        return 1
    of_the_site = key in _OF_THE_SITE or _status(error).startswith("5")
    return _PATIENT_TRIES if of_the_site else _TRIES
