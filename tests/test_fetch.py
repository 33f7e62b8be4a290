"""Only public addresses are asked, whatever an address looks like, and answers are bounded in size, time and type."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import zlib
from datetime import date

import made_files as made
import pytest
from fake_world import PUBLIC, Reply, World
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.ingest import Known
from pipeline.records import Document
from pipeline.web import fetch as fetching
from pipeline.web.addresses import clean_address, is_public, parse_address, show
from pipeline.web.articles import read_address
from pipeline.web.fetch import BusyError, Internet, fetch
from pipeline.wording import say

PAGE = Reply(made.page())


def refused(url: str, world: World, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        fetch(url, world, **options)
    assert caught.value.reason is not None
    said = str(caught.value)
    assert say(caught.value.reason, "de") != said
    assert "\n" not in said
    return caught.value.reason.key.partition(".")[2]


# --- which addresses are asked -------------------------------------------------------------------------------------

# The real resolver takes numbers in many spellings, so these are refused without any name server.
PROBES = [
    "http://127.0.0.1/", "http://127.0.0.1:80/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://169.254.169.254/latest/",
    "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
    "http://[fec0::1]/", "http://[2001:db8::1]/", "http://[100::1]/", "http://[3fff::1]/", "http://192.0.2.1/",
    "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "http://192.88.99.1/",
    "http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://localhost.localdomain/", "http://ip6-localhost/",
    "http://１２７.０.０.１/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ⓛocalhost/", "http://0x7F.1/",
    "http://user:secret@news.example/", "http://user@127.0.0.1/", "http://news.example@127.0.0.1/",
    "http://127.0.0.1\\@news.example/", "http://news.example\\@127.0.0.1/", "http://127.0.0.1#@news.example/",
    "http://127.0.0.1?@news.example/", "http:///127.0.0.1/", "http:127.0.0.1", "http://", "http:// 127.0.0.1/",
    "http://news.example:22/", "http://news.example:8080/", "http://news.example:443/", "https://news.example:80/",
    "http://news.example:0/", "http://news.example:99999/", "http://news.example:-1/", "http://news.example:80:80/",
    "file:///etc/passwd", "FILE:///etc/passwd", "gopher://news.example/", "ftp://news.example/", "dict://127.0.0.1:11211/",
    "ldap://news.example/", "data:text/html,x", "javascript:alert(1)", "jar:http://news.example/",
    "//news.example/", "news.example",
    "http://news.example/\r\nX: y", "http://news\t.example/", "http://news.example\x00.evil/", "http://metadata/", "http://[v1.x]/",
    "http://metadata.google.internal/", "http://" + "a" * 64 + ".example/", "http://a..example/", "http://[::1/", "http://%31%32%37.1/",
    "http://[2606:4700::1111%25lo]/", "http://[2606:4700::1111%lo]/", "http://[::1%25lo]/", "http://%6c%6fcalhost/", "http://127%2e0.0.1/",
    "http://127.0.0.1%2f.news.example/", "http://news.example%00.127.0.0.1/", "http://127.0.0.1;news.example/",
    "http://news.example:80@127.0.0.1/", "http://[::ffff:0:127.0.0.1]/", "http://[5f00::1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://news.example%0d%0aHost:x/", "http://127.0.0.01/", "http://[2001:20::1]/", "http://[v1.fe80::a+en1]/",
]  # fmt: skip


@pytest.mark.parametrize("url", PROBES)
def test_what_is_not_a_public_page_is_not_asked(url, world):
    world.names |= {"metadata.google.internal": ["169.254.169.254"], "localhost.localdomain": ["127.0.0.1"]}
    world.names |= {"news.example": [PUBLIC]}
    before = len(world.connected)
    refused(url, world)
    assert len(world.connected) == before


@pytest.mark.parametrize("url", [url for url in PROBES if "example" not in url and "internal" not in url])
def test_the_real_resolver_opens_no_door(url, monkeypatch):
    monkeypatch.setattr(Internet, "connect", lambda *_: pytest.fail("connected"))
    asked = socket.getaddrinfo

    def numeric_only(host, port, *, type):  # noqa: A002
        return asked(host, port, type=type, flags=socket.AI_NUMERICHOST)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", numeric_only)
    with pytest.raises(InputError):
        fetch(url)


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["10.0.0.1", PUBLIC], ["::1"], [PUBLIC, "::ffff:10.0.0.1"], ["fe80::1%eth0"],
     ["169.254.169.254"], ["64:ff9b::a9fe:a9fe"], ["not a number"]],
)  # fmt: skip
def test_a_name_with_any_address_that_is_not_public_is_not_asked(addresses, world):
    world.names["inside.example"] = addresses
    assert refused("http://inside.example/", world) == "address_private"
    assert refused("http://unknown.example/", world) == "address_unknown"


def test_a_name_is_resolved_once_and_the_connection_goes_to_the_checked_address(world, monkeypatch):
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    monkeypatch.setattr(world, "resolve", lambda *_: next(answers))
    world.add("http://rebind.example/", PAGE)
    assert fetch("http://rebind.example/", world).status == 200
    assert world.connected[-1] == (PUBLIC, 80)
    assert next(answers) == ["127.0.0.1"]  # the second answer was never asked for


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://inside.example/", "//169.254.169.254/", "file:///etc/passwd", "http://news.example:22/",
     "gopher://x.example/", "http://u:p@news.example/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/"],
)  # fmt: skip
def test_a_redirect_is_checked_like_an_address(location, world):
    world.names["inside.example"] = ["192.168.0.1"]
    world.add("http://news.example/", Reply(status=302, headers={"Location": location}))
    before = len(world.connected)
    refused("http://news.example/", world)
    assert len(world.connected) == before + 1


def test_redirects_are_followed_and_end(world):
    world.add("http://news.example/a", Reply(status=301, headers={"Location": "/b?x=1#top"}))
    world.add("http://news.example/b?x=1", Reply(status=308, headers={"Location": "https://www.example.org/c"}))
    world.add("https://www.example.org/c", PAGE)
    assert fetch("http://news.example/a", world).url == "https://www.example.org/c"
    assert world.connected[-1] == (PUBLIC, 443)
    world.add("http://loop.example/", Reply(status=302, headers={"Location": "/"}))
    assert refused("http://loop.example/", world) == "address_redirects"


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_an_address_that_is_not_global_is_never_public(address):
    if not address.is_global or address.is_multicast:
        assert not is_public(str(address))


@given(st.text(max_size=60) | st.builds("http://{}/{}".format, st.text(max_size=20), st.text(max_size=20)))
def test_any_text_is_an_address_or_refused(text):
    try:
        target = parse_address(text)
    except InputError:
        return
    assert target.port in (80, 443)
    assert target.url.isascii()
    assert parse_address(target.url) == target


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://münchen.example/ä?ö=ü", "xn--mnchen-3ya.example"), ("https://straße.example", "xn--strae-oqa.example"),
     ("HTTP://News.Example./", "news.example"), ("http://93.184.215.14/", PUBLIC)],
)  # fmt: skip
def test_names_are_asked_as_name_servers_know_them(url, host):
    target = parse_address(url)
    assert target.host == host
    assert target.path.isascii()


# --- what is taken -------------------------------------------------------------------------------------------------


def test_an_answer_with_its_kind_and_tags(world):
    headers = {"Content-Type": "text/html; charset=iso-8859-1", "ETag": '"1"', "Last-Modified": "gestern"}
    world.add("http://news.example/a", Reply(made.page(), headers=headers))
    found = fetch("http://news.example/a", world)
    assert (found.kind, found.charset, found.etag, found.modified) == ("page", "iso-8859-1", '"1"', "gestern")
    world.add("http://news.example/b", Reply(status=304, headers={}))
    assert fetch("http://news.example/b", world, etag='"1"', modified="gestern").status == 304
    asked = world.asked[-1][2]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == ('"1"', "gestern")
    assert not {"Cookie", "Authorization", "Referer"} & set(asked)


def test_packed_answers_are_unpacked_within_bounds(world, monkeypatch):
    for coding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress)):
        headers = {"Content-Type": "text/html", "Content-Encoding": coding}
        world.add("http://news.example/a", Reply(pack(made.page()), headers=headers))
        assert fetch("http://news.example/a", world).raw == made.page()
        world.add("http://news.example/b", Reply(pack(bytes(fetching.LARGEST * 3)), headers=headers))
        assert refused("http://news.example/b", world) == "address_large"
    for coding in ("br", "zstd", "gzip, gzip", "compress"):
        world.add(
            "http://news.example/c", Reply(b"x", headers={"Content-Type": "text/html", "Content-Encoding": coding})
        )
        assert refused("http://news.example/c", world) == "address_kind"
    world.add(
        "http://news.example/d", Reply(b"broken", headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})
    )
    assert refused("http://news.example/d", world) == "address_unreachable"
    monkeypatch.setattr(fetching, "LARGEST", 1000)
    world.add("http://news.example/e", Reply(bytes(2000)))
    assert refused("http://news.example/e", world) == "address_large"


def test_a_packed_answer_is_taken_whole_or_not_at_all(world):
    raw = made.page()
    packed = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    several = gzip.compress(raw[:100]) + gzip.compress(raw[100:])
    for body in (gzip.compress(raw), several, gzip.compress(raw) + bytes(100)):
        world.add("http://news.example/a", Reply(body, headers=packed))
        assert fetch("http://news.example/a", world).raw == raw
    for body in (gzip.compress(raw)[:-9], several[:-30], gzip.compress(raw[:100]) + b"\x1f\x8bno more"):
        world.add("http://news.example/b", Reply(body, headers=packed))
        assert refused("http://news.example/b", world) == "address_unreachable"


def test_only_so_much_of_an_answer_of_any_kind_is_taken(world):
    world.add("http://news.example/a", Reply(gzip.compress(bytes(3 * fetching.LARGEST)), headers={
        "Content-Type": "image/png", "Content-Encoding": "gzip",
    }))  # fmt: skip
    assert fetch("http://news.example/a", world, head=1000).raw == bytes(1000)
    world.add("http://news.example/b", Reply(b"short", headers={}))
    assert fetch("http://news.example/b", world, head=1000).raw == b"short"


@pytest.mark.parametrize("said", ["Sat, 20 Dec 99999999999 14:05:00 +0100", "9" * 5000, "morgen", "-5", "1,2,3,4,5"])
def test_an_instant_that_no_calendar_has_is_none(world, said):
    world.add("http://busy.example/", Reply(b"", 503, {"Retry-After": said}))
    with pytest.raises(BusyError) as caught:
        fetch("http://busy.example/", world)
    assert caught.value.seconds in (None, 604_800)


def test_a_busy_site_does_not_hide_the_articles_of_others(world):
    links = ("http://busy.example/1", "http://news.example/1", "http://busy.example/2", "http://news.example/2")
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    body = f"<rss version='2.0'><channel><title>B</title>{items}</channel></rss>".encode()
    world.add("http://news.example/feed", Reply(body, headers={"Content-Type": "application/rss+xml"}))
    world.add("http://busy.example/1", Reply(b"", 429))
    for number in (1, 2):
        world.add(f"http://news.example/{number}", PAGE)
    asked = len(world.asked)
    found = list(read_address("http://news.example/feed", Known(), world))
    assert [isinstance(item, Document) for item in found] == [False, True, False, True]
    assert all("429" in str(item) for item in found[::2])
    assert [path for host, path, _ in world.asked[asked:] if host == "busy.example"] == ["/1"]


@pytest.mark.parametrize(
    ("reply", "key"),
    [
        (Reply(b"", 304), "address_status"), (Reply(b"x", 404), "address_status"), (Reply(b"x", 500), "address_status"),
        (Reply(b"x", 302), "address_status"),
        (Reply(b"x", headers={"Content-Type": "image/png"}), "address_kind"),
        (Reply(b"x", headers={"Content-Type": "application/zip"}), "address_kind"),
        (Reply(b"x", headers={}), "address_kind"),
        (Reply(b"x", headers={"Content-Type": "text/html", "Content-Length": "1000"}), "address_unreachable"),
    ],
)  # fmt: skip
def test_answers_that_are_not_taken(reply, key, world):
    world.add("http://news.example/x", reply)
    assert refused("http://news.example/x", world) == key


def test_a_file_without_a_type_is_told_by_its_name(world):
    world.add("http://news.example/a.pdf", Reply(made.pdf(), headers={"Content-Type": "application/octet-stream"}))
    assert fetch("http://news.example/a.pdf", world).kind == "pdf"


def test_servers_that_never_end_are_left(world):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    def drip_headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X")
            handler.wfile.flush()
            time.sleep(0.1)

    def continues(handler):
        for _ in range(100):
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            handler.wfile.flush()
            time.sleep(0.1)

    for page in (drip, drip_headers, continues, lambda _: time.sleep(10)):
        world.add("http://slow.example/", page)
        start = time.monotonic()
        assert refused("http://slow.example/", world, seconds=0.5) in ("address_slow", "address_unreachable")
        assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "raw",
    [b"", b"no http\r\n\r\n", b"HTTP/1.1 999999\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300,
     b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, b"HTTP/1.1 200 " + b"O" * 100_000],
)  # fmt: skip
def test_servers_that_do_not_speak_http(raw, world):
    world.add("http://odd.example/", lambda handler: handler.wfile.write(raw) and None)
    refused("http://odd.example/", world, seconds=2)


def test_a_busy_server_says_when_to_come_back(world):
    world.add("http://busy.example/", Reply(b"", 429, {"Retry-After": "120"}))
    with pytest.raises(BusyError) as caught:
        fetch("http://busy.example/", world)
    assert caught.value.seconds == 120
    (error,) = read_address("http://busy.example/", Known(), world)
    assert "429" in str(error)


def test_a_machine_that_cannot_be_reached_and_one_that_proves_nothing(world, monkeypatch):
    world.names["news.example"] = [PUBLIC]
    monkeypatch.setattr(world, "secure", Internet().secure)  # the local server speaks no TLS
    assert refused("https://news.example/", world, seconds=5) in ("address_tls", "address_unreachable")

    def fail(*_):
        raise ConnectionRefusedError

    monkeypatch.setattr(world, "connect", fail)
    assert refused("http://news.example/", world) == "address_unreachable"


# --- secrets -------------------------------------------------------------------------------------------------------


def test_no_secret_of_an_address_is_said_or_kept(world, caplog):
    caplog.set_level(logging.DEBUG)
    secret = "s3cr3t"
    urls = [
        f"http://user:{secret}@news.example/", f"http://news.example/x?token={secret}", f"http://inside.example/?key={secret}",
        f"http://news.example:22/?a={secret}", f"ftp://{secret}@x/", f"http://news.example/slow?sig={secret}#{secret}",
    ]  # fmt: skip
    world.names |= {"news.example": [PUBLIC], "inside.example": ["10.0.0.1"]}
    for url in urls:
        for item in read_address(url, Known(), world):
            assert secret not in str(item)
            assert secret not in repr(item.reason)
    assert secret not in caplog.text
    assert show(f"https://a:{secret}@news.example/p?q={secret}#{secret}") == "https://news.example/p"
    world.add(f"http://news.example/a?id=7&access_token={secret}&utm_source=x", PAGE)
    (document,) = read_address(f"http://news.example/a?id=7&access_token={secret}&utm_source=x", Known(), world)
    assert document.url == "http://news.example/a?id=7"


def test_the_same_article_has_one_address():
    urls = [
        "https://News.example/a?id=1&utm_medium=rss", "https://news.example:443/a?id=1#part", "https://news.example/a?fbclid=x&id=1",
    ]  # fmt: skip
    assert {clean_address(url) for url in urls} == {"https://news.example/a?id=1"}


# --- documents -----------------------------------------------------------------------------------------------------


def test_an_article_becomes_a_document_and_keeps_its_id_when_it_changes(world):
    world.add("http://news.example/a", PAGE)
    (first,) = read_address("http://news.example/a", Known(), world)
    assert isinstance(first, Document)
    assert (first.url, first.title, first.source) == ("http://news.example/a", made.TITLE, made.OUTLET)
    assert (first.published, first.published_source) == (date(2025, 12, 20), "metadata")
    world.add("http://news.example/a", Reply(made.page(f"<p>{made.TEXT} Am Sonntag ging es weiter.</p>")))
    (changed,) = read_address("http://news.example/a", Known(), world)
    assert changed.id == first.id
    assert changed.text != first.text


def test_files_and_feeds_behind_addresses(world):
    world.add("http://news.example/a.txt", Reply(made.TEXT.encode(), headers={"Content-Type": "text/plain"}))
    world.add("http://news.example/a.pdf", Reply(made.pdf(), headers={"Content-Type": "application/pdf"}))
    feed = b"""<rss version="2.0"><channel><title>Blatt</title><item><title>T</title><link>/a.txt</link>
    <pubDate>Sat, 20 Dec 2025 23:30:00 GMT</pubDate></item><item><link>http://127.0.0.1/x</link></item></channel></rss>"""
    world.add("http://news.example/feed", Reply(feed, headers={"Content-Type": "application/rss+xml"}))
    for path in ("a.txt", "a.pdf"):
        (document,) = read_address(f"http://news.example/{path}", Known(), world)
        assert "Odessa" in document.text
    found, inside = read_address("http://news.example/feed", Known(), world)
    assert (found.title, found.source, found.published) == ("T", "Blatt", date(2025, 12, 21))
    assert "public internet" in str(inside)
