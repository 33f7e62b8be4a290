"""Feeds are asked politely, every article is taken once, and nothing that happens in between loses one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_world import Reply, World, open_world

from pipeline.errors import InputError
from pipeline.records import Document
from pipeline.store import Store
from pipeline.web import watch as watching
from pipeline.web.feed_lists import Feed, read_feed_list
from pipeline.web.ledger import Ledger
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


@pytest.fixture(scope="module")
def server() -> Iterator[World]:
    with open_world() as world:
        yield world


@pytest.fixture
def world(server: World) -> World:
    server.names, server.pages, server.asked = {}, {}, []
    publish(server, 1, 2, 3)
    server.add("http://blatt.example/feed", feed(1, 2, 3))
    return server


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
    return [path for path in world.paths() if path != "/feed" and "robots" not in path]


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
