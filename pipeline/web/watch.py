"""Watches feeds: asks each politely for news, takes every article once, and again when it has changed.

An article is marked as taken only after it is in the store, and the store does not mind getting it again; so wherever
a watch is stopped or killed, the next one leaves nothing out and nothing in twice.
"""

from __future__ import annotations

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
from pipeline.web.articles import read_entries, read_entry
from pipeline.web.feed_lists import Feed
from pipeline.web.fetch import BusyError, Network, fetch
from pipeline.web.ledger import FeedState, Ledger, Waiting
from pipeline.web.robots import KEPT, Rules, ask_rules

EVERY = 900.0  # seconds between two looks at a feed
_PAUSE = 2.0  # seconds between two requests to one site
_LONGEST = 86_400.0  # seconds that a feed or an article that fails is left alone at most
_TRIES = 5  # at an article
_BATCH = 20  # articles put into the store at once


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
    _asked: dict[str, float] = field(default_factory=dict)  # when each site was asked last
    _closed: dict[str, float] = field(default_factory=dict)  # until when a site wants no request

    def once(self) -> Round:
        """Look at every feed that is due, then take the articles that are waiting."""
        problems: list[str] = []
        for feed in self.feeds:
            state = self.ledger.feed(feed.url)
            if not state.gone and state.next <= self.clock():
                self._look(feed, state, problems)
        taken = 0
        waiting = self.ledger.waiting(self.clock())
        for start in range(0, len(waiting), _BATCH):
            taken += self._take(waiting[start : start + _BATCH], problems)
        return Round(taken, tuple(problems))

    def forever(self, report: Callable[[Round], None]) -> None:
        """Look again and again, until the process is stopped."""
        while True:
            report(self.once())
            soon = self.ledger.next_time()
            self.sleep(min(max((soon or 0.0) - self.clock(), 1.0), self.every))

    # --- feeds -------------------------------------------------------------------------------------------

    def _look(self, feed: Feed, state: FeedState, problems: list[str]) -> None:
        try:
            self._approach(parse_address(feed.url))
            found = fetch(
                feed.url, self.network, etag=state.etag, modified=state.modified, kinds=("feed", "page", "text")
            )
            if found.status != 304:
                for entry in read_entries(found):
                    self._announce(entry)
            # Only now: a watch that is killed before this asks for the same feed again.
            etag, modified = (found.etag, found.modified) if found.status != 304 else (state.etag, state.modified)
            self.ledger.set_feed(feed.url, FeedState(etag, modified, self.clock() + self.every))
        except ClosedError as error:
            self.ledger.set_feed(feed.url, state._replace(next=self.clock() + error.seconds))
        except BusyError as error:
            busy = refuse("address_busy", url=show(feed.url), status=error.status)
            self._leave(feed, state, str(busy), error.seconds or 0.0)
            problems.append(str(busy))
        except InputError as error:
            gone = error.reason is not None and ("status", "410") in error.reason.values
            self._leave(feed, state._replace(gone=gone), str(error))
            problems.append(str(error))

    def _announce(self, entry: Entry) -> None:
        try:
            self.ledger.announce(clean_address(entry.url), entry)
        except InputError:  # an address that is never asked
            return

    def _leave(self, feed: Feed, state: FeedState, message: str, least: float = 0.0) -> None:
        """Ask a feed that fails ever more seldom."""
        failures = state.failures + 1
        until = self.clock() + max(least, self._back_off(failures))
        self.ledger.set_feed(feed.url, state._replace(failures=failures, next=until), message)

    def _back_off(self, failures: int) -> float:
        return float(min(self.every * 2 ** min(failures, 20), _LONGEST))

    # --- articles ----------------------------------------------------------------------------------------

    def _take(self, waiting: list[Waiting], problems: list[str]) -> int:
        """Read some articles, store them, and only then mark them as taken."""
        documents: list[Document] = []
        done: list[str] = []
        for article in waiting:
            try:
                self._approach(parse_address(article.entry.url))
            except ClosedError as error:  # the site asked for a rest: that is no failure of this article
                self.ledger.postpone(article.url, article.failures, self.clock() + error.seconds, str(error))
                continue
            except InputError as error:
                self._fail(article, str(error), problems)
                continue
            try:
                found = list(read_entry(article.entry, self.known, self.network))
            except BusyError as error:
                busy = refuse("address_busy", url=show(article.url), status=error.status)
                self._close(article, error.seconds or 0.0)
                self._fail(article, str(busy), problems, error.seconds or 0.0)
                continue
            except InputError as error:
                self._fail(article, str(error), problems)
                continue
            read = [item for item in found if isinstance(item, Document)]
            refused = [str(item) for item in found if isinstance(item, InputError)]
            if not read:
                self._fail(article, refused[0] if refused else "", problems)
                continue
            documents += read
            done.append(article.url)
        if documents:
            self.store(documents)
        self.ledger.take(done)
        return len(done)

    def _fail(self, article: Waiting, message: str, problems: list[str], least: float = 0.0) -> None:
        problems.append(message)
        failures = article.failures + 1
        if failures >= _TRIES:
            self.ledger.give_up(article.url, message)
        else:
            until = self.clock() + max(least, self._back_off(failures))
            self.ledger.postpone(article.url, failures, until, message)

    # --- manners -----------------------------------------------------------------------------------------

    def _approach(self, target: Target) -> None:
        """Wait as long as the site wants between two requests. ``InputError`` when it wants no request at all."""
        site = target._replace(path="").url
        left = self._closed.get(site, 0.0) - self.clock()
        if left > 0:
            raise ClosedError(left)
        rules = self._rules(target, site)
        if not rules.allow(target):
            raise refuse("robots", host=target.host, url=show(target.url))
        self._wait(site, max(self.pause, rules.pause))

    def _rules(self, target: Target, site: str) -> Rules:
        known = self.ledger.site(site)
        if known is not None and self.clock() - known[1] < (KEPT if known[0] is not None else self.every):
            return Rules(known[0])
        self._wait(site, self.pause)
        rules = ask_rules(target, self.network)
        self.ledger.set_site(site, rules.text, self.clock())
        return rules

    def _close(self, article: Waiting, seconds: float) -> None:
        site = parse_address(article.entry.url)._replace(path="").url
        self._closed[site] = self.clock() + max(seconds, self.every)

    def _wait(self, site: str, pause: float) -> None:
        left = self._asked.get(site, float("-inf")) + pause - self.clock()
        if left > 0:
            self.sleep(left)
        self._asked[site] = self.clock()
