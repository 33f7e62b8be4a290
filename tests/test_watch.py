"""Feeds are asked politely, every article is taken once, and nothing that happens in between loses one."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_world import Reply, World

from pipeline.errors import InputError
from pipeline.formats import Entry
from pipeline.records import Document
from pipeline.store import Store
from pipeline.web import watch as watching
from pipeline.web.feed_lists import Feed, read_feed_list
from pipeline.web.ledger import FeedState, Ledger
from pipeline.web.robots import Rules
from pipeline.web.watch import Watch

TESTS = Path(__file__).resolve().parent
XML = {"Content-Type": "application/rss+xml; charset=utf-8"}
PLAIN = {"Content-Type": "text/plain"}
STORY = (
    "<html lang='de'><head><title>Bericht {0}</title></head><body><article><p>Am Samstag griff Russland zum {0}. Mal "
    "die Stadt Odessa an. Dabei starben mindestens {0} Menschen, sagten die Behörden.</p></article></body></html>"
)


def feed(*numbers: int, updated: str = "") -> Reply:
    entry = (
        "<entry><id>{0}</id><title>Bericht {0}</title><link href='http://blatt.example/{0}?utm_source=feed'/>"
        "<published>2025-12-20T10:00:00Z</published><updated>{1}</updated></entry>"
    )
    entries = "".join(entry.format(number, updated or "2025-12-20T10:00:00Z") for number in numbers)
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Blatt</title>{entries}</feed>"
    return Reply(body.encode(), headers={**XML, "ETag": f'"{numbers}{updated}"'})


def publish(world: World, *numbers: int) -> None:
    for number in numbers:
        world.add(f"http://blatt.example/{number}?utm_source=feed", Reply(STORY.format(number).encode()))


@pytest.fixture
def world(world: World) -> World:
    publish(world, 1, 2, 3)
    world.add("http://blatt.example/feed", feed(1, 2, 3))
    return world


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Kept:
    """A store that only remembers what it was given."""

    def __init__(self) -> None:
        self.documents: list[Document] = []

    def __call__(self, documents: list[Document]) -> None:
        self.documents += documents

    @property
    def titles(self) -> list[str | None]:
        return [document.title for document in self.documents]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    found = Ledger(tmp_path / "watch.sqlite")
    yield found
    found.close()


@pytest.fixture
def watch(world, clock, kept, ledger) -> Watch:
    feeds = [Feed("http://blatt.example/feed", None)]
    return Watch(feeds, ledger, kept, network=world, clock=clock, sleep=clock.sleep)


def articles(world: World) -> list[str]:
    return [path for path in world.paths() if not path.startswith("/feed") and "robots" not in path]


def test_articles_are_taken_once(watch, world, kept, clock):
    assert watch.once().taken == 3
    assert kept.titles == ["Bericht 1", "Bericht 2", "Bericht 3"]
    assert {str(document.published) for document in kept.documents} == {"2025-12-20"}
    assert kept.documents[0].url == "http://blatt.example/1"
    for _ in range(3):
        clock.now += 1000
        assert watch.once().taken == 0
    assert len(articles(world)) == 3
    assert world.paths().count("/feed") == 4
    assert world.paths().count("/robots.txt") == 1


def test_a_feed_is_asked_only_for_news(watch, world, clock):
    watch.once()
    watch.once()  # too early: nobody is asked
    assert world.paths().count("/feed") == 1
    clock.now += 1000
    world.add("http://blatt.example/feed", Reply(status=304, headers={}))
    watch.once()
    assert world.asked[-1][2]["If-None-Match"] == '"(1, 2, 3)"'
    clock.now += 1000
    publish(world, 4)
    world.add("http://blatt.example/feed", feed(1, 2, 3, 4))
    assert watch.once().taken == 1


def test_an_article_in_two_feeds_is_one(world, clock, kept, ledger):
    world.add("http://zweitblatt.example/feed", feed(3, 2))
    feeds = [Feed("http://blatt.example/feed", None), Feed("http://zweitblatt.example/feed", None)]
    watch = Watch(feeds, ledger, kept, network=world, clock=clock, sleep=clock.sleep)
    assert watch.once().taken == 3


def test_a_changed_article_is_taken_again_under_its_id(watch, world, kept, clock):
    watch.once()
    clock.now += 1000
    world.add("http://blatt.example/feed", feed(1, 2, 3, updated="2025-12-21T10:00:00Z"))
    world.add("http://blatt.example/2?utm_source=feed", Reply(STORY.format(22).encode()))
    assert watch.once().taken == 3
    assert len(kept.documents) == 6
    assert len({document.id for document in kept.documents}) == 3
    assert kept.documents[1].text != kept.documents[4].text


def test_a_restart_goes_on_where_it_was(watch, world, kept, clock, ledger, tmp_path):
    def fail(_: list[Document]) -> None:
        raise RuntimeError("the disk is full")

    watch.store = fail
    with pytest.raises(RuntimeError):
        watch.once()
    ledger.close()
    again = Ledger(tmp_path / "watch.sqlite")
    try:
        assert Watch(watch.feeds, again, kept, network=world, clock=clock, sleep=clock.sleep).once().taken == 3
    finally:
        again.close()
    assert kept.titles == ["Bericht 1", "Bericht 2", "Bericht 3"]


def test_of_what_is_taken_only_the_address_is_remembered(watch, ledger, tmp_path):
    watch.once()
    ledger.close()
    remembered = b"".join(path.read_bytes() for path in tmp_path.glob("watch.sqlite*"))
    assert b"http://blatt.example/2" in remembered
    assert b"Bericht 2" not in remembered


def test_a_site_is_given_rest_between_requests(watch, world, clock):
    world.add("http://blatt.example/robots.txt", Reply(b"User-agent: *\nCrawl-delay: 7\n", headers=PLAIN))
    watch.once()
    assert clock.slept == [7.0] * 4  # between robots.txt, the feed and three articles


def test_robots_txt_is_obeyed(watch, world, kept):
    rules = b"User-agent: *\nDisallow: /2\nDisallow: /*?utm_\nAllow: /1?utm_source=feed\n"
    world.add("http://blatt.example/robots.txt", Reply(rules, headers=PLAIN))
    found = watch.once()
    assert found.taken == 1
    assert len(found.problems) == 2
    assert "robots.txt" in found.problems[0]
    assert kept.titles == ["Bericht 1"]
    assert len(articles(world)) == 1


@pytest.mark.parametrize("inside", ["http://127.0.0.1/robots.txt", "http://inside.example/", "http://[::1]/"])
def test_rules_and_articles_that_lead_inside_are_not_followed(watch, world, inside):
    world.names["inside.example"] = ["10.0.0.1"]
    world.add("http://blatt.example/robots.txt", Reply(status=302, headers={"Location": inside}))
    assert watch.once().taken == 0  # a site whose rules are not known is left alone
    assert not articles(world)
    assert {address for address, _ in world.connected} <= {"93.184.215.14"}


def test_an_article_that_leads_inside_after_the_rules_were_asked(watch, world):
    inside = Reply(status=302, headers={"Location": "http://169.254.169.254/latest/"})
    world.add("http://blatt.example/2?utm_source=feed", inside)
    found = watch.once()
    assert found.taken == 2
    assert len(found.problems) == 1
    assert {address for address, _ in world.connected} <= {"93.184.215.14"}


@pytest.mark.parametrize(("status", "taken"), [(404, 3), (403, 3), (500, 0), (503, 0), (200, 3)])
def test_a_site_that_does_not_say_its_rules(watch, world, status, taken):
    world.add("http://blatt.example/robots.txt", Reply(b"<html>no robots</html>", status))
    assert watch.once().taken == taken
    assert bool(articles(world)) is bool(taken)


def test_rules_of_rfc_9309():
    from pipeline.web.addresses import parse_address

    rules = Rules("User-agent: other\nDisallow: /\n\nUser-agent: conflict-event-timeline\nDisallow: /a\nAllow: /a/b$\n")
    assert [rules.allow(parse_address(f"http://x.example{path}")) for path in ("/", "/a", "/a/b", "/a/bc")] == [
        True, False, True, False,
    ]  # fmt: skip


def test_a_feed_that_fails_is_asked_ever_more_seldom_and_then_normally(watch, world, clock):
    good = world.pages["blatt.example", "/feed"]
    world.add("http://blatt.example/feed", Reply(b"", 500))
    gaps, last = [], clock.now
    for _ in range(4):
        assert watch.once().problems
        clock.now = watch.ledger.feed("http://blatt.example/feed").next
        gaps.append(clock.now - last)
        last = clock.now
    assert gaps == sorted(gaps)
    assert gaps[-1] > 4 * gaps[0]
    world.pages["blatt.example", "/feed"] = good
    assert watch.once().taken == 3
    assert watch.ledger.feed("http://blatt.example/feed").failures == 0


def test_a_busy_site_is_left_alone_as_long_as_it_wants(watch, world, clock):
    world.add("http://blatt.example/1?utm_source=feed", Reply(b"", 429, {"Retry-After": "5000"}))
    found = watch.once()
    assert found.taken == 0  # the other articles of this site wait, too
    assert len(articles(world)) == 1
    publish(world, 1)
    clock.now += 1000
    assert watch.once().taken == 0
    assert len(articles(world)) == 1
    clock.now += 5000
    assert watch.once().taken == 3


def test_a_feed_that_is_gone_is_asked_no_more(watch, world, clock):
    world.add("http://blatt.example/feed", Reply(b"", 410))
    watch.once()
    clock.now += 10_000_000
    watch.once()
    assert world.paths().count("/feed") == 1


def test_an_article_that_fails_is_tried_again_and_then_given_up(watch, world, clock, kept):
    world.add("http://blatt.example/2?utm_source=feed", Reply(b"", 404))
    assert watch.once().taken == 2
    for _ in range(20):
        clock.now += 100_000
        watch.once()
    assert articles(world).count("/2?utm_source=feed") == watching._TRIES
    assert len(kept.documents) == 2
    ((url, message),) = watch.ledger.problems()
    assert url == "http://blatt.example/2"
    assert "404" in message


def test_entries_that_lead_inside_are_not_asked(watch, world):
    body = b"""<rss version="2.0"><channel><item><link>http://127.0.0.1/x</link></item><item><link>file:///etc/passwd
    </link></item><item><link>http://u:secret@x.example/</link></item><item></item></channel></rss>"""
    world.add("http://blatt.example/feed", Reply(body, headers=XML))
    found = watch.once()
    assert found.taken == 0
    assert not articles(world)
    assert "secret" not in " ".join(found.problems)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no feed",
        b"<html><body>x</body></html>",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>",
    ],
)
def test_what_is_no_feed_is_said(watch, world, body):
    world.add("http://blatt.example/feed", Reply(body, headers=XML))
    found = watch.once()
    assert found.taken == 0
    assert len(found.problems) == 1


def test_two_watches_do_not_share_a_memory(ledger, tmp_path):
    with pytest.raises(InputError, match="in use"):
        Ledger(tmp_path / "watch.sqlite")
    ledger.close()
    Ledger(tmp_path / "watch.sqlite").close()


def test_lists_of_feeds(tmp_path):
    path = tmp_path / "feeds.opml"
    path.write_text(
        '<opml version="2.0"><body><outline text="Ordner"><outline type="rss" title="A" xmlUrl="http://a.example/f"/>'
        '<outline xmlURL="http://b.example/f"/></outline><outline xmlUrl="http://a.example/f"/></body></opml>'
    )
    assert [feed.url for feed in read_feed_list(path)] == ["http://a.example/f", "http://b.example/f"]
    bomb = '<!DOCTYPE a [<!ENTITY b "x">]><opml><outline xmlUrl="&b;"/></opml>'
    for content in ("", "<opml/>", "no", bomb, "<opml><outline xmlUrl=''/></opml>"):
        path.write_text(content)
        with pytest.raises(InputError, match="no list of feeds"):
            read_feed_list(path)
    with pytest.raises(InputError, match="no file"):
        read_feed_list(tmp_path / "missing.opml")


# --- what feeds and sites do in earnest ------------------------------------------------------------------------------


def rss(*links: str, head: str = "", charset: str = "utf-8", headers: dict[str, str] | None = None) -> Reply:
    items = "".join(f"<item><title>Köln {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    body = f"{head}<rss version='2.0'><channel><title>Blätter</title>{items}</channel></rss>"
    return Reply(body.encode(charset), headers=headers or {"Content-Type": "application/rss+xml"})


def entries_of(watch: Watch) -> list[tuple[str, str | None]]:
    return [(found.url, found.entry.outlet) for found in watch.ledger.waiting(float("inf"), 10**6)]


def announce_only(watch: Watch) -> None:
    """Look at the feeds; every article stays where it is."""
    watch.ledger.waiting, kept = (lambda *_: []), watch.ledger.waiting
    watch.once()
    watch.ledger.waiting = kept


@pytest.mark.parametrize(
    ("charset", "head", "said"),
    [
        ("utf-8", "", ""),
        ("iso-8859-1", "<?xml version='1.0' encoding='iso-8859-1'?>", ""),
        ("windows-1252", "", "; charset=windows-1252"),
        ("utf-16", "<?xml version='1.0' encoding='utf-16'?>", ""),
        ("iso-8859-15", "<?xml version='1.0'?>", "; charset=ISO-8859-15"),
    ],
)
def test_a_feed_in_any_encoding(watch, world, charset, head, said):
    headers = {"Content-Type": "application/rss+xml" + said}
    world.add("http://blatt.example/feed", rss("/1", head=head, charset=charset, headers=headers))
    announce_only(watch)
    assert entries_of(watch) == [("http://blatt.example/1", "Blätter")]


def test_relative_addresses_are_those_of_the_feed(watch, world):
    world.add("http://blatt.example/feed", rss("/a", "b", "//blatt.example/c", "?d=1", "../e"))
    announce_only(watch)
    assert [url.removeprefix("http://blatt.example") for url, _ in entries_of(watch)] == [
        "/a", "/b", "/c", "/feed?d=1", "/e",
    ]  # fmt: skip
    based = b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://anderswo.example/x/'><title>T</title><entry>"
    based += b"<link href='f'/></entry></feed>"
    world.add("http://blatt.example/feed", Reply(based, headers=XML))
    watch.clock.now += 1000
    announce_only(watch)
    assert "http://anderswo.example/x/f" in dict(entries_of(watch))


def test_an_article_is_one_with_and_without_tls_and_whatever_follows_readers(watch, world, kept, clock):
    same = ["http://blatt.example/1", "https://blatt.example/1", "http://blatt.example/1?utm_medium=rss#teil"]
    world.add("http://blatt.example/1", Reply(STORY.format(1).encode()))
    world.add("http://blatt.example/feed", rss(*same))
    world.add("http://bote.example/feed", rss(same[1]))
    watch.feeds.append(Feed("http://bote.example/feed", None))
    assert watch.once().taken == 1
    clock.now += 1000
    assert watch.once().taken == 0
    assert len(kept.documents) == 1


def test_what_is_served_with_and_without_tls_has_one_id(world):
    from pipeline.ingest import Known
    from pipeline.web.articles import read_address

    world.add("http://blatt.example/7", Reply(STORY.format(7).encode()))  # the fake world answers on both ports
    found = [next(read_address(f"{scheme}://blatt.example/7", Known(), world)) for scheme in ("http", "https")]
    assert len({document.id for document in found}) == 1


def test_a_feed_of_ten_thousand_articles(watch, world):
    world.add("http://blatt.example/feed", rss(*(f"http://blatt.example/{number}" for number in range(10_000))))
    announce_only(watch)
    assert len(entries_of(watch)) == 10_000


def test_a_packed_feed_and_a_bomb(watch, world, clock):
    import gzip

    good = feed(1)
    packed = {**good.headers, "Content-Encoding": "gzip"}
    world.add("http://blatt.example/feed", Reply(gzip.compress(bytes(30_000_000)), headers=packed))
    (problem,) = watch.once().problems
    assert "larger than" in problem
    lol = "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
    bomb = f"<!DOCTYPE x [<!ENTITY a 'lol'>{lol}]><rss version='2.0'><channel><title>&j;</title></channel></rss>"
    clock.now += 10_000
    world.add("http://blatt.example/feed", Reply(bomb.encode(), headers=XML))
    begun = time.monotonic()
    watch.once()
    assert time.monotonic() - begun < 30
    clock.now += 100_000
    world.add("http://blatt.example/feed", Reply(gzip.compress(good.body), headers=packed))
    assert watch.once().taken == 1


def test_a_feed_that_has_moved_for_good_is_asked_where_it_is_now(watch, world, clock):
    world.add("http://neu.example/feed", feed(1))
    world.add("http://blatt.example/feed", Reply(status=301, headers={"Location": "http://neu.example/feed"}))
    assert watch.once().taken == 1
    clock.now += 1000
    watch.once()
    assert world.paths("blatt.example").count("/feed") == 1
    assert world.paths("neu.example").count("/feed") == 2
    assert world.paths("neu.example")[0] == "/robots.txt"
    world.add("http://neu.example/feed", Reply(status=410))  # then the address that it is known by is asked again
    world.add("http://blatt.example/feed", feed(1, 2))
    clock.now += 1000
    assert watch.once().problems
    clock.now += 100_000
    assert watch.once().taken == 1


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(watch, world, clock, status):
    world.add("http://neu.example/feed", feed(1))
    world.add("http://blatt.example/feed", Reply(status=status, headers={"Location": "http://neu.example/feed"}))
    watch.once()
    clock.now += 1000
    watch.once()
    assert world.paths("blatt.example").count("/feed") == 2


def test_the_site_that_a_redirect_leads_to_is_asked_for_its_rules(watch, world, kept, clock):
    for number in (1, 2, 3):
        moved = Reply(status=302, headers={"Location": f"http://ziel.example/{number}"})
        world.add(f"http://blatt.example/{number}?utm_source=feed", moved)
        world.add(f"http://ziel.example/{number}", Reply(STORY.format(number).encode()))
    rules = b"User-agent: *\nDisallow: /2\nCrawl-delay: 9\n"
    world.add("http://ziel.example/robots.txt", Reply(rules, headers=PLAIN))
    found = watch.once()
    assert kept.titles == ["Bericht 1", "Bericht 3"]
    assert world.paths("ziel.example") == ["/robots.txt", "/1", "/3"]
    assert "ziel.example asks programs not to fetch" in found.problems[0]
    assert clock.slept.count(9.0) >= 1


def test_a_feed_that_is_busy_closes_its_site_also_for_articles_and_after_a_restart(watch, world, clock, tmp_path, kept):
    watch.once()
    clock.now += 1000
    publish(world, 4)
    world.add("http://blatt.example/feed", Reply(status=503, headers={"Retry-After": "7200"}))
    world.add("http://bote.example/feed", rss("http://blatt.example/4?utm_source=feed"))
    watch.feeds.append(Feed("http://bote.example/feed", None))
    watch.once()
    watch.ledger.close()
    again = Ledger(tmp_path / "watch.sqlite")
    restarted = Watch(watch.feeds, again, kept, network=world, clock=clock, sleep=clock.sleep)
    clock.now += 7000
    restarted.once()
    assert "/4?utm_source=feed" not in world.paths()
    clock.now += 2000
    world.add("http://blatt.example/feed", feed(1, 2, 3, 4))
    assert restarted.once().taken == 1
    again.close()


def test_a_time_to_come_back_may_be_an_instant(world):
    from pipeline.web.fetch import BusyError, fetch

    at = "Wed, 21 Oct 2015 07:30:00 GMT"
    for headers, least, most in (
        ({"Retry-After": at, "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 120, 120),
        ({"Retry-After": at}, 0, 0),
        ({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, 604_800, 604_800),
        ({"Retry-After": "9" * 400}, 604_800, 604_800),
    ):
        # The server of the tests adds a Date of its own before ours; the last one said counts for nobody.
        reply = b"HTTP/1.1 503 x\r\n" + b"".join(f"{k}: {v}\r\n".encode() for k, v in headers.items()) + b"\r\n"
        world.add("http://voll.example/", lambda handler, reply=reply: handler.wfile.write(reply) and None)
        with pytest.raises(BusyError) as caught:
            fetch("http://voll.example/", world)
        assert least <= caught.value.seconds <= most
    for said in ("bald", "", "-5", "１２"):
        raw = f"HTTP/1.1 503 x\r\nRetry-After: {said}\r\n\r\n".encode()
        world.add("http://voll.example/", lambda handler, raw=raw: handler.wfile.write(raw) and None)
        with pytest.raises(BusyError) as caught:
            fetch("http://voll.example/", world)
        assert caught.value.seconds is None


def test_a_site_that_is_down_for_two_days_loses_no_article(watch, world, kept, clock):
    pages = dict(world.pages)
    for number in (1, 2, 3):
        world.add(f"http://blatt.example/{number}?utm_source=feed", Reply(b"", 500))
    down = clock.now + 2 * 86_400
    while clock.now < down:
        watch.once()
        clock.now = max(clock.now + 60, watch.ledger.next_time([]))
    assert len(articles(world)) <= 3 * 8  # seldom all the same
    world.pages.update(pages)
    for _ in range(3):
        clock.now += 86_400
        watch.once()
    assert sorted(kept.titles) == ["Bericht 1", "Bericht 2", "Bericht 3"]


def test_a_site_that_says_nothing_of_its_rules_is_said_to(watch, world):
    world.add("http://blatt.example/robots.txt", Reply(b"", 500))
    (problem,) = watch.once().problems
    assert "could not be asked" in problem


def test_a_feed_inside_says_that_it_is(watch, world):
    watch.feeds[:] = [Feed("http://127.0.0.1/feed", None), Feed("http://nirgends.example/feed", None)]
    inside, nowhere = watch.once().problems
    assert "no machine of the public internet" in inside
    assert "is not known" in nowhere
    assert not world.asked


def test_sites_take_turns(watch, world, clock):
    for number in (4, 5, 6):
        world.add(f"http://bote.example/{number}", Reply(STORY.format(number).encode()))
    world.add("http://bote.example/feed", rss(*(f"http://bote.example/{number}" for number in (4, 5, 6))))
    watch.feeds.append(Feed("http://bote.example/feed", None))
    watch.once()
    hosts = [host for host, path, _ in world.asked if path not in ("/feed", "/robots.txt")]
    assert hosts == ["blatt.example", "bote.example"] * 3
    assert sum(clock.slept) < 2.0 * 8


class EndError(Exception):
    """A watch goes on for ever; a test ends it."""


def times_of_rounds(watch, clock, number):
    """When the first rounds of a watch ended."""
    ends = []

    def report(_):
        ends.append(clock.now)
        if len(ends) == number:
            raise EndError

    with pytest.raises(EndError):
        watch.forever(report)
    return ends


def test_a_feed_that_was_taken_off_the_list_keeps_nobody_awake(watch, world, clock, ledger):
    watch.once()
    world.add("http://bote.example/feed", rss())
    other = Watch(
        [Feed("http://bote.example/feed", None)], ledger, watch.store, network=world, clock=clock, sleep=clock.sleep
    )
    clock.now += 100_000
    rounds = times_of_rounds(other, clock, 3)
    assert rounds[2] - rounds[1] == other.every


def test_a_feed_does_not_wait_for_all_articles_of_the_others(watch, world, clock):
    numbers = range(100, 700)
    world.add("http://blatt.example/feed", rss(*(f"http://blatt.example/{number}" for number in numbers)))
    world.add("http://bote.example/feed", rss())
    watch.feeds.append(Feed("http://bote.example/feed", None))
    seen = times_of_rounds(watch, clock, 2)
    assert seen[0] < 1_000_000 + 2 * watch.every
    assert world.paths("bote.example").count("/feed") == 2


def test_a_memory_of_an_older_program_is_brought_up_to_date(tmp_path):
    import sqlite3

    from pipeline.web import ledger as memory

    base = sqlite3.connect(tmp_path / "watch.sqlite")
    base.executescript(memory._TABLES)
    base.execute("INSERT INTO feeds VALUES ('http://a.example/f', '\"1\"', NULL, 5.0, 2, 1, 'x')")
    base.execute("INSERT INTO sites VALUES ('http://a.example', '', 7.0)")
    entry = json.dumps(Entry("http://a.example/1/", None, None, None, None, "2025-12-20", None))
    base.execute("INSERT INTO articles VALUES ('http://a.example/1/', '2025-12-20', 'taken', ?, 0, 0, NULL)", [entry])
    base.commit()
    base.close()
    for _ in range(2):
        found = Ledger(tmp_path / "watch.sqlite")
        assert found.feed("http://a.example/f") == memory.FeedState('"1"', None, 5.0, 2, True, None)
        assert found.site("http://a.example") == memory.Site("", 7.0, 0.0)
        found.announce([("https://a.example/1", Entry(*json.loads(entry)))], now=0.0)
        assert not found.waiting(0.0, 10)
        found.close()


def test_a_memory_that_cannot_be_used_is_said_in_one_sentence(tmp_path, ledger):
    from pipeline.errors import StoreError

    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(b"no database" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Ledger(bad)
    ledger._base.execute("PRAGMA query_only = 1")  # as on a disk that has become read-only
    with pytest.raises(StoreError, match="cannot be used"):
        ledger.set_feed("http://a.example/", ledger.feed("http://a.example/"))
    with pytest.raises(StoreError, match="cannot be used"):
        ledger.take([("http://a.example/", 0.0)])


def test_a_tag_that_cannot_be_said_back_is_not_kept(watch, world, clock):
    for tag in ("x" * 5000, "a\r\n b"):
        world.add("http://blatt.example/feed", Reply(feed(1).body, headers={**XML, "ETag": tag}))
        watch.once()
        clock.now += 1000
        assert watch.ledger.feed("http://blatt.example/feed").etag is None
        assert not watch.once().problems
        clock.now += 1000


# --- feeds and clocks that are wrong ---


def test_the_same_instant_in_two_feeds_is_no_change(world, watch, clock, kept):
    rss = (
        "<rss version='2.0'><channel><title>B</title><item><title>1</title><link>http://blatt.example/1?utm_source=feed"
    )
    rss += "</link><pubDate>Sat, 20 Dec 2025 11:00:00 +0100</pubDate></item></channel></rss>"
    world.add("http://blatt.example/feed?rss", Reply(rss.encode(), headers=XML))
    watch.feeds.append(Feed("http://blatt.example/feed?rss", None))
    for _ in range(5):
        watch.once()
        clock.now += 1000
    assert len(articles(world)) == len(kept.documents) == 3


def test_a_feed_that_calls_everything_new_is_believed_ever_more_seldom(world, watch, clock, kept):
    for _ in range(3 * 96):
        instant = datetime.fromtimestamp(clock.now, UTC).isoformat()
        world.add("http://blatt.example/feed", feed(1, updated=instant))
        watch.once()
        clock.now += 900
    asked = articles(world)
    assert 5 < len(asked) < 12
    assert len({document.id for document in kept.documents}) == 1


def test_a_stamp_of_the_future_hides_no_change(world, watch, clock):
    for updated in ("2099-01-01T00:00:00Z", "2025-12-20T12:00:00Z", "irgendwann", "2025-12-21T12:00:00Z"):
        world.add("http://blatt.example/feed", feed(1, updated=updated))
        watch.once()
        clock.now += 100_000
    assert len(articles(world)) == 4


@pytest.mark.parametrize("days", [0.5, 5, 400])
def test_a_clock_that_is_set_back_makes_nobody_wait(world, watch, clock, days, kept):
    clock.now += 50_000_000
    watch.once()
    clock.now -= days * 86_400
    clock.slept.clear()
    publish(world, 4)
    world.add("http://blatt.example/feed", feed(1, 2, 3, 4))
    watch.once()
    assert len(kept.documents) == 4
    assert max(clock.slept) <= 2


def test_rules_that_are_to_be_asked_for_later_are(world, watch, clock):
    world.add("http://blatt.example/robots.txt", Reply(b"", 429, {"Retry-After": "20000"}))
    for _ in range(20):
        assert watch.once().taken == 0
        clock.now += 900
    assert world.paths() == ["/robots.txt"]
    world.add("http://blatt.example/robots.txt", Reply(b"", 404))
    clock.now += 5000
    assert watch.once().taken == 3


def test_a_machine_is_given_rest_whatever_the_scheme(world, watch, clock):
    def to_tls(handler):
        secure = handler.headers["Host"] == "blatt.example" and world.connected[-1][1] == 443
        page = Reply(STORY.format(1).encode()) if secure else Reply(b"", 301, {"Location": "https://blatt.example/1"})
        seen.append(clock.now)
        return page

    seen: list[float] = []
    world.add("http://blatt.example/feed", feed(1))
    for path in ("/1", "/1?utm_source=feed"):
        world.add(f"http://blatt.example{path}", to_tls)
    assert watch.once().taken == 1
    assert len(seen) == 2
    assert seen[1] - seen[0] >= 2


def test_an_unasked_unchanged_is_no_answer(world, watch, clock, kept):
    world.add("http://blatt.example/feed", Reply(b"", 304))
    world.add("http://blatt.example/2?utm_source=feed", Reply(b"", 304))
    assert "answers with 304" in watch.once().problems[0]
    world.add("http://blatt.example/feed", feed(1, 2))
    clock.now += 10_000
    found = watch.once()
    assert found.taken == len(kept.documents) == 1
    assert "answers with 304" in found.problems[0]


def test_a_feed_that_never_changes_is_asked_as_a_whole_once_a_day(watch, world, clock, kept):
    def stuck(handler):
        conditional = "If-None-Match" in handler.headers
        whole.append(not conditional)
        return Reply(b"", 304) if conditional else feed(*range(1, 2 + len(whole) // 50))

    whole: list[bool] = []
    world.add("http://blatt.example/feed", stuck)
    for _ in range(3 * 96):
        watch.once()
        clock.now += 900
    assert 3 <= sum(whole) <= 4
    assert len(kept.documents) > 1


def test_an_article_that_is_gone_is_asked_for_once(world, watch, clock):
    world.add("http://blatt.example/1?utm_source=feed", Reply(b"", 410))
    for _ in range(10):
        watch.once()
        clock.now += 100_000
    assert articles(world).count("/1?utm_source=feed") == 1


def test_only_its_owner_reads_the_memory(ledger, tmp_path):
    ledger.set_feed("http://blatt.example/feed?token=x", FeedState())
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("watch.sqlite*") if path.suffix != ".lock"} == {0}


# --- killed ---


def rows(folder: Path) -> list[dict[str, object]]:
    """What a reader sees in a store, without the time at which it was put there."""
    store = Store(folder)
    events = store.events().sort_values("id").drop(columns=["added_at"], errors="ignore")
    found = [{key: str(value) for key, value in row.items()} for row in events.to_dict("records")]
    documents = {document for row in events["sources"] for document in row}
    return found + [{"document": name, **(store.document(name) or {})} for name in sorted(documents)]


def kill_at_random(world: World, tmp_path: Path, kills: int) -> None:
    numbers = tuple(range(1, 13))
    publish(world, *numbers)
    world.add("http://blatt.example/feed", feed(*numbers))
    feeds = tmp_path / "feeds.opml"
    feeds.write_text('<opml><body><outline xmlUrl="http://blatt.example/feed"/></body></opml>')

    def start(folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, TESTS / "watch_once.py", str(world.port), feeds, folder]
        environment = {"PYTHONPATH": f"{TESTS.parent}:{TESTS}", "PATH": "/usr/bin:/bin", "HOME": str(Path.home())}
        return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=TESTS.parent)

    def finish(folder: Path) -> float:
        with start(folder) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"started\n"
            begun = time.monotonic()
            process.communicate(timeout=120)
            assert process.returncode == 0
            return time.monotonic() - begun

    whole = finish(tmp_path / "undisturbed")
    moments = random.Random(7)
    for _ in range(kills):
        with start(tmp_path / "killed") as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, whole / 2))
            process.kill()
        # What was taken is known; asking again for everything is the hardest case.
    finish(tmp_path / "killed")
    expected = rows(tmp_path / "undisturbed")
    assert len(expected) > len(numbers)
    assert rows(tmp_path / "killed") == expected


def test_killed_at_random_moments_the_store_is_that_of_an_undisturbed_watch(world, tmp_path):
    kill_at_random(world, tmp_path, 4)


@pytest.mark.long
def test_killed_at_fifty_random_moments(world, tmp_path):
    kill_at_random(world, tmp_path, 50)
