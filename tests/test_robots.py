"""robots.txt is read as RFC 9309 says it, in whatever state a site sends it."""

from __future__ import annotations

import pytest
from fake_world import Reply, World

from pipeline.web.addresses import parse_address
from pipeline.web.fetch import BusyError
from pipeline.web.robots import ask_rules

RULES = b"User-agent: *\nDisallow: /x/\n"
PLAIN = {"Content-Type": "text/plain"}


def is_allowed(world: World, reply: Reply, path: str = "/x/a") -> bool:
    world.add("https://blatt.example/robots.txt", reply)
    target = parse_address(f"https://blatt.example{path}")
    return ask_rules(target, world).allow(target)


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/json", "application/octet-stream", ""])
@pytest.mark.parametrize(
    "raw",
    [
        RULES, b"\xef\xbb\xbf" + RULES, RULES.decode().encode("utf-16"), RULES.replace(b"\n", b"\r"),
        RULES.strip(), RULES + b"# " + b"x" * 11_000_000,
    ],
    ids=["plain", "mark", "utf-16", "cr", "no end", "huge"],
)  # fmt: skip
def test_rules_are_read_in_whatever_type_size_and_encoding(world, raw, kind):
    assert not is_allowed(world, Reply(raw, headers={"Content-Type": kind}))
    assert is_allowed(world, Reply(raw, headers={"Content-Type": kind}), "/y")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 404), Reply(b"", 401), Reply(b"", 403), Reply(b"", 410), Reply(b"", 204), Reply(b"", 200),
        Reply(b"", 301, {"Location": "/robots.txt"}), Reply(b"<!doctype html><p>Disallow: /x/</p>"),
        Reply(b"User-agent: *\nDisallow: /y/\n" + b"#\n" * 5_600_000, headers=PLAIN),
    ],
    ids=["404", "401", "403", "410", "204", "empty", "circle", "page", "huge"],
)  # fmt: skip
def test_a_site_without_rules_forbids_nothing(world, reply):
    assert is_allowed(world, reply)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"", 500), Reply(b"", 502), Reply(b"", 304), Reply(b"", headers={**PLAIN, "Content-Encoding": "br"}),
        Reply(RULES, headers={**PLAIN, "Content-Encoding": "gzip"}),
    ],
    ids=["500", "502", "unasked 304", "brotli", "not packed"],
)  # fmt: skip
def test_a_site_that_cannot_be_asked_is_left_alone(world, reply):
    assert not is_allowed(world, reply, "/y")


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_may_want_to_be_asked_for_its_rules_later(world, status):
    with pytest.raises(BusyError) as caught:
        is_allowed(world, Reply(b"", status, {"Retry-After": "7200"}))
    assert caught.value.seconds == 7200


@pytest.mark.parametrize("path", ["/x/a", "/y/../x/a", "/./x/a", "/%78/a", "/y/%2e%2e/x/a"])
def test_no_way_round_the_rules(world, path):
    assert not is_allowed(world, Reply(RULES, headers=PLAIN), path)


def test_rules_that_take_long_to_match_do_not(world):
    rules = b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"$\n"
    assert is_allowed(world, Reply(rules, headers=PLAIN), "/" + "a" * 3900 + "b")
